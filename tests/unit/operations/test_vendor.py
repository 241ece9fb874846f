"""How the vendor does, by what its calls came to."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.analysis import AnalysisUnavailable, VendorAway
from bot.operations.vendor import VendorHealth
from bot.views.operator import VendorState


class _Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def health(clock: _Clock) -> VendorHealth:
    return VendorHealth(now=clock)


def _fails(health: VendorHealth, error: Exception) -> None:
    with pytest.raises(type(error)), health.asked():
        raise error


@pytest.mark.parametrize("error", [AnalysisUnavailable("silence"), VendorAway("502")])
def test_one_call_that_fails_is_seen_at_once_and_the_next_answer_ends_it(
    health: VendorHealth, clock: _Clock, error: Exception
) -> None:
    clock.time += timedelta(minutes=5)
    _fails(health, error)
    assert health.standing() == (VendorState.AWAY, clock.time)
    assert not health.came_back()
    with health.asked():
        pass
    assert health.standing()[0] is VendorState.GOOD
    assert (health.came_back(), health.came_back()) == (True, False)


def test_a_photo_that_it_refuses_is_no_trouble_of_the_vendors(health: VendorHealth) -> None:
    _fails(health, LookupError())
    assert health.standing()[0] is VendorState.GOOD


def test_a_call_that_takes_long_is_seen_while_it_runs(health: VendorHealth, clock: _Clock) -> None:
    with health.asked():
        assert health.standing()[0] is VendorState.GOOD
        clock.time += timedelta(seconds=21)
        assert health.standing()[0] is VendorState.SLOW
    assert health.standing()[0] is VendorState.SLOW
    with health.asked():
        clock.time += timedelta(seconds=6)
    assert health.standing()[0] is VendorState.GOOD


@pytest.mark.parametrize("is_told", [True, False], ids=["a balance is told", "nothing is"])
def test_what_was_seen_long_ago_says_nothing_of_now(health: VendorHealth, clock: _Clock, *, is_told: bool) -> None:
    """A failed photo is no news after ten minutes in which nobody sent any."""
    _fails(health, VendorAway("502"))
    if is_told:
        health.spoke()
    assert health.standing()[0] is VendorState.AWAY  # the balance is told, photos may fail all the same
    clock.time += timedelta(minutes=10)
    assert health.standing()[0] is VendorState.GOOD


def test_silence_to_the_question_for_the_balance_is_seen_and_so_is_its_end(health: VendorHealth) -> None:
    health.fell_silent()
    _fails(health, VendorAway("refused"))
    assert health.standing()[0] is VendorState.AWAY
    health.spoke()
    assert health.standing()[0] is VendorState.GOOD
    assert health.came_back()


def test_a_refused_account_comes_before_all_else(health: VendorHealth) -> None:
    health.fell_silent()
    health.refused = True
    assert health.standing()[0] is VendorState.REFUSES
