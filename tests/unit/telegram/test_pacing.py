"""How fast the bot speaks, by the event loop's clock (a fake one, so that no test waits)."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.jobs.slots import PATIENCE_SECONDS, patient_for
from bot.telegram.pacing import CHAT, Pace, Rate, ToldToWait
from bot.telegram.status_edits import StatusEdits


class SkippingLoop(asyncio.SelectorEventLoop):
    """Time passes only while everybody sleeps, and then at once."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def time(self) -> float:
        return super().time() + self.skipped

    def _run_once(self) -> None:
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        if not self._ready and scheduled:  # type: ignore[attr-defined]
            due = min((handle.when() for handle in scheduled if not handle.cancelled()), default=self.time())
            self.skipped += max(0.0, due - self.time())
        super()._run_once()  # type: ignore[misc]


@contextmanager
def skipping() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        yield runner


async def _moments(pace: Pace, chats: list[int]) -> list[float]:
    """When each of these turns comes, in seconds from now, all asked for at once."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def one(chat: int) -> float:
        await pace.turn(chat)
        return loop.time() - began

    return await asyncio.gather(*(one(chat) for chat in chats))


def _most_within(moments: list[float], seconds: float) -> int:
    return max(sum(begin <= moment < begin + seconds for moment in moments) for begin in moments)


def test_a_notice_to_all_keeps_no_answer_waiting() -> None:
    """Twenty answers that are asked for while one goes by lulls come as they would without it, but for one slot."""

    async def latest(*, with_notice: bool) -> float:
        pace = Pace()

        async def notice() -> None:
            for chat in range(1000, 1200):
                await pace.patient_lull(chat)

        going = asyncio.create_task(notice())
        await asyncio.sleep(2)
        if not with_notice:
            going.cancel()
        moments = await _moments(pace, list(range(20)))
        going.cancel()
        return max(moments)

    with skipping() as runner:
        alone = runner.run(latest(with_notice=False))
        together = runner.run(latest(with_notice=True))
    assert together <= alone + 0.05


def test_a_lull_that_is_patient_waits_for_no_flood_wait() -> None:
    """It is said at once, nothing is booked for it, and a short silence is waited for."""

    async def trial(seconds: float) -> float:
        pace, loop = Pace(), asyncio.get_running_loop()
        pace.refused(7, seconds, began=loop.time())
        began = loop.time()
        await pace.patient_lull(7)
        return loop.time() - began

    with skipping() as runner:
        with pytest.raises(ToldToWait) as told:
            runner.run(trial(60))
        assert told.value.seconds == pytest.approx(60, abs=0.1)
        assert runner.run(trial(2)) == pytest.approx(2, abs=0.1)


def test_a_chat_hears_about_one_a_second_after_a_small_burst() -> None:
    """Ten at once: five go now, the others one a second, in their order."""
    with skipping() as runner:
        moments = runner.run(_moments(Pace(), [1] * 10))
    assert moments == pytest.approx([0, 0, 0, 0, 0, 1, 2, 3, 4, 5], abs=0.1)


def test_never_more_than_thirty_a_second_over_all() -> None:
    """Two hundred people at once: in no second more than Telegram's figure, and no slower than ours."""
    with skipping() as runner:
        moments = runner.run(_moments(Pace(), list(range(200))))
    assert _most_within(moments, 1.0) <= 30
    assert max(moments) == pytest.approx(200 / 25, rel=0.1)


def test_one_chat_that_must_be_silent_silences_no_other() -> None:
    """A 429 for one chat holds for that chat, also for turns that were waited for when it came."""

    async def story() -> tuple[list[float], list[float]]:
        pace = Pace()
        waiting = asyncio.create_task(_moments(pace, [1] * 7))
        await asyncio.sleep(0.5)
        assert pace.refused(1, 10.0, began=asyncio.get_running_loop().time()) is False
        others = await _moments(pace, [2, 3])
        return await waiting, others

    with skipping() as runner:
        own, others = runner.run(story())
    assert others == pytest.approx([0, 0], abs=0.1)
    assert own[:5] == pytest.approx([0] * 5, abs=0.1)
    assert own[5:] == pytest.approx([10.5, 11.5], abs=0.2)


def test_refusals_of_several_chats_mean_everybody() -> None:
    """Three chats refused within a moment: nobody is written to for a little, and then not all at once."""

    async def story() -> list[float]:
        pace, now = Pace(), asyncio.get_running_loop().time()
        assert [pace.refused(chat, 5.0, began=now) for chat in (1, 2, 3)] == [False, False, True]
        return await _moments(pace, list(range(10, 80)))

    with skipping() as runner:
        moments = runner.run(story())
    assert min(moments) >= 1.9
    assert _most_within(moments, 1.0) <= 30


def test_a_limit_of_everybody_is_found_with_few_tries() -> None:
    """Telegram refuses all for 60 s: others try every few seconds, one at a time, and get through soon."""

    async def story() -> tuple[int, list[float]]:
        loop = asyncio.get_running_loop()
        pace, ends, tries, through = Pace(), loop.time() + 60.0, 0, list[float]()
        for stranger in (1, 2, 3):
            pace.refused(stranger, 60.0, began=loop.time())
        for chat in range(10, 40):
            await pace.turn(chat)
            began = loop.time()
            if began < ends:
                tries += 1
                pace.refused(chat, ends - began, began=began)
            else:
                through.append(began - ends)
                pace.accepted(began=began)
        return tries, through

    with skipping() as runner:
        tries, through = runner.run(story())
    assert tries <= 15
    assert min(through) < 5


def test_many_who_are_told_to_wait_silence_nobody_else_for_long() -> None:
    """Twenty chats are refused 55 s at once, again and again; somebody else writes every five seconds and is heard."""

    async def story() -> list[float]:
        loop, pace, waits = asyncio.get_running_loop(), Pace(), list[float]()

        async def stranger(chat: int) -> None:
            for _ in range(5):
                await pace.turn(chat)
                began = loop.time()
                await asyncio.sleep(0.05)
                pace.refused(chat, 55.0, began=began)

        async def honest() -> None:
            for _ in range(40):
                began = loop.time()
                await pace.turn(0)
                sent = loop.time()
                await asyncio.sleep(0.05)
                pace.accepted(began=sent)
                waits.append(sent - began)
                await asyncio.sleep(5.0)

        await asyncio.gather(honest(), *(stranger(chat) for chat in range(1, 21)))
        return waits

    with skipping() as runner:
        waits = sorted(runner.run(story()))
    assert waits[len(waits) // 2] < 1
    assert waits[-1] < 60


def test_a_long_silence_is_not_waited_for() -> None:
    """Minutes are for the rows to wait, not for a worker."""

    async def story() -> None:
        pace = Pace()
        pace.refused(1, 300.0, began=asyncio.get_running_loop().time())
        with pytest.raises(ToldToWait):
            await pace.turn(1)

    with skipping() as runner:
        runner.run(story())


def test_work_that_can_be_done_another_time_waits_for_no_silent_chat() -> None:
    """It hears at once how long the silence is; a moment, and a chat that nobody silenced, it waits for."""

    async def story() -> tuple[float, list[float]]:
        pace, loop, waits = Pace(), asyncio.get_running_loop(), []
        pace.refused(1, 20.0, began=loop.time())
        pace.refused(2, 3.0, began=loop.time())
        with patient_for(PATIENCE_SECONDS):
            with pytest.raises(ToldToWait) as told:
                await pace.turn(1)
            for chat in (3, 2):
                began = loop.time()
                await pace.turn(chat)
                waits.append(loop.time() - began)
        await pace.turn(1)
        return told.value.seconds, [*waits, loop.time()]

    with skipping() as runner:
        seconds, (other, silenced, _) = runner.run(story())
    assert seconds == pytest.approx(20.0, abs=0.1)
    assert other == pytest.approx(0.0, abs=0.1)
    assert silenced == pytest.approx(3.0, abs=0.1)


def test_idle_chats_are_forgotten() -> None:
    """Ten thousand people leave nothing behind once they owe nothing."""

    async def story() -> int:
        pace = Pace(per_second=1e9)
        for chat in range(10_000):
            await pace.turn(chat)
        await asyncio.sleep(10)
        for _ in range(4096):
            await pace.turn(7)
        return pace.remembered

    with skipping() as runner:
        assert runner.run(story()) == 1


def test_a_turn_is_cheap() -> None:
    """It costs microseconds, so that ten thousand people are no load."""

    async def story() -> None:
        pace = Pace(per_second=1e9, chat=Rate(per_second=1e9, burst=10))
        for chat in range(20_000):
            await pace.turn(chat % 10_000)

    began = time.process_time()
    asyncio.run(story())
    assert (time.process_time() - began) / 20_000 < 0.0002  # 3 µs where nothing else runs


class Screen:
    """What was shown when, for one chat; an edit takes `takes` seconds."""

    def __init__(self, *, takes: float = 0.0) -> None:
        self.shown: list[tuple[float, str]] = []
        self.dropped = 0
        self._takes = takes
        self._pace = Pace(chat=CHAT)
        self.edits = StatusEdits[str](lull=self._pace.lull, show=self._show, dropped=self._drop)

    async def _show(self, _chat: int, _message: int, status: str) -> None:
        await asyncio.sleep(self._takes)
        self.shown.append((asyncio.get_running_loop().time(), status))

    def _drop(self) -> None:
        self.dropped += 1


def test_of_many_statuses_the_newest_is_shown_about_once_a_second() -> None:
    """Forty statuses in four seconds make about four edits, and the last one is among them."""

    async def story() -> Screen:
        screen = Screen()
        for number in range(40):
            screen.edits.put(1, 9, str(number))
            await asyncio.sleep(0.1)
        await asyncio.sleep(5)
        return screen

    with skipping() as runner:
        screen = runner.run(story())
    times = [at for at, _ in screen.shown]
    assert 4 <= len(times) <= 6
    assert min(later - at for at, later in itertools.pairwise(times)) >= 0.99
    assert screen.shown[-1][1] == "39"
    assert screen.dropped == 40 - len(times)


def test_the_end_waits_for_nothing_but_an_edit_on_the_wire() -> None:
    """What still waits is dropped at once; what is on its way must not arrive after the end."""

    async def story() -> tuple[float, list[str]]:
        loop = asyncio.get_running_loop()
        screen = Screen(takes=0.4)
        screen.edits.put(1, 9, "on the wire")
        await asyncio.sleep(0.1)
        screen.edits.put(1, 9, "obsolete")
        began = loop.time()
        await screen.edits.end(1, 9)
        ended = loop.time() - began
        await asyncio.sleep(5)
        await screen.edits.end(1, 9)
        return ended, [status for _, status in screen.shown]

    with skipping() as runner:
        ended, shown = runner.run(story())
    assert ended == pytest.approx(0.3, abs=0.05)
    assert shown == ["on the wire"]
