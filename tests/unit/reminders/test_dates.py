"""What becomes of a reminder that falls due: sent, late, put off, skipped, paused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.weekly import WeeklyTime, is_quiet
from bot.calendar.zones import zone_of
from bot.reminders.dates import decide, next_week, tomorrow
from bot.reminders.tips import Tip, tip_of_the_week
from bot.storage.records import PersonRecord
from bot.storage.reminders import DueReminder, NextDate, PutOff, ReminderVerdict, Send, Skip
from bot.views.reminders import Recalled
from tests.progressing import story_view

MADRID: Final = zone_of("Europe/Madrid")
RULES: Final = "of this test"
ANA: Final = PersonRecord(
    id=7,
    telegram_id=1,
    language_code="es",
    locale=None,
    consent_version=None,
    consented_at=None,
    show_skin_age=False,
    time_zone="Europe/Madrid",
    quiet=False,
    hidden_marks=frozenset(),
    keeps_pictures=True,
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def due(
    wall: str, *, ignored: int = 0, sent: str | None = None, scanned: str | None = None, rules: str = RULES
) -> DueReminder:
    """A reminder whose date is that wall time in Madrid."""
    occurs_at = local(wall).astimezone(UTC)
    weekly = WeeklyTime(weekday=local(wall).weekday(), minute=local(wall).hour * 60 + local(wall).minute)
    return DueReminder(
        person=ANA,
        weekly=weekly,
        next_date=NextDate(occurs_at=occurs_at, due_at=occurs_at + timedelta(minutes=2), rules=rules),
        sent_at=local(sent) if sent else None,
        ignored=ignored,
        scanned_at=local(scanned) if scanned else None,
    )


def verdict(reminder: DueReminder, now: str) -> ReminderVerdict:
    return decide(reminder, MADRID, rules=RULES, now=local(now))


def told(reminder: DueReminder, now: str) -> str:
    match verdict(reminder, now):
        case Send(late=late):
            return "late" if late else "sent"
        case other:
            return type(other).__name__.lower()


@pytest.mark.parametrize(
    ("wall", "now", "expected"),
    [
        ("2026-05-09T09:30", "2026-05-09T09:32", "sent"),
        ("2026-05-09T09:30", "2026-05-09T09:45", "sent"),
        ("2026-05-09T09:30", "2026-05-09T09:46", "late"),
        ("2026-05-09T09:30", "2026-05-09T21:30", "late"),
        ("2026-05-09T09:30", "2026-05-09T21:31", "skip"),
        ("2026-05-09T09:30", "2026-05-20T12:00", "skip"),
        ("2026-05-09T09:30", "2026-05-09T22:30", "skip"),
        ("2026-05-09T18:00", "2026-05-09T22:30", "skip"),
        ("2026-05-09T23:00", "2026-05-09T23:05", "sent"),
    ],
)
def test_time_of_day(wall: str, now: str, expected: str) -> None:
    """On time, late and marked so, or skipped after twelve hours; an hour of the night only when it was chosen."""
    assert told(due(wall), now) == expected


@pytest.mark.parametrize(
    ("wall", "now"),
    [
        ("2026-05-09T21:45", "2026-05-09T22:00"),
        ("2026-05-09T21:00", "2026-05-10T03:00"),
        ("2026-05-09T23:00", "2026-05-10T01:00"),
    ],
)
def test_late_in_the_night_waits_for_the_morning(wall: str, now: str) -> None:
    """Nobody is woken by a reminder that is late; it is still known when it was meant for."""
    found = verdict(due(wall), now)
    assert isinstance(found, PutOff)
    morning = found.until.due_at.astimezone(MADRID)
    assert (morning.day, morning.hour) == (10, 8)
    assert morning.minute < 5
    assert found.until.occurs_at == local(wall)
    waiting = replace(due(wall), next_date=found.until)
    assert told(waiting, morning.replace(tzinfo=None).isoformat()) == "late"


def test_four_ignored_weeks_pause_it() -> None:
    """The fifth is not sent; any tap would have set the count back, and a selfie does so here."""
    ignored = due("2026-05-09T09:30", ignored=4, sent="2026-05-02T09:31")
    assert told(ignored, "2026-05-09T09:32") == "pause"
    assert told(replace(ignored, ignored=3), "2026-05-09T09:32") == "sent"
    scanned = replace(ignored, scanned_at=local("2026-05-03T12:00"))
    assert told(scanned, "2026-05-09T09:32") == "sent"
    long_ago = replace(ignored, scanned_at=local("2026-05-01T12:00"))
    assert told(long_ago, "2026-05-09T09:32") == "pause"


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-05-09T09:32", "2026-05-16T09:30"),  # sent
        ("2026-05-09T21:31", "2026-05-16T09:30"),  # skipped
        ("2026-05-16T09:40", "2026-05-16T09:30"),  # a week late: the one of this very morning is worth sending
        ("2026-05-16T21:31", "2026-05-23T09:30"),
    ],
)
def test_the_next_date_comes_with_the_verdict(now: str, following: str) -> None:
    """The week after, or the first one that is not twelve hours late by now."""
    found = verdict(due("2026-05-09T09:30"), now)
    assert isinstance(found, Send | Skip)
    assert found.following.occurs_at == local(following)
    assert found.following.due_at > found.following.occurs_at


def test_one_more_is_ignored_until_it_is_answered() -> None:
    reminder = due("2026-05-09T09:30", ignored=2, sent="2026-05-02T09:31")
    scanned = replace(reminder, scanned_at=local("2026-05-03T12:00"))
    found = [verdict(each, "2026-05-09T09:32") for each in (reminder, scanned)]
    assert [each.ignored for each in found if isinstance(each, Send)] == [3, 1]


def test_changed_rules_put_it_off_until_its_wall_time() -> None:
    """Computed when Madrid was an hour ahead of what it is now: not sent at 8:30, but at 9:30."""
    stale = due("2026-05-09T09:30", rules="of another year")
    early = replace(
        stale,
        next_date=replace(
            stale.next_date,
            occurs_at=stale.next_date.occurs_at - timedelta(hours=1),
            due_at=stale.next_date.due_at - timedelta(hours=1),
        ),
    )
    found = verdict(early, "2026-05-09T08:32")
    assert found == PutOff(until=replace(stale.next_date, rules=RULES))


@given(
    wall=st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1)),  # noqa: DTZ001 - wall times
    late=st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_nothing_is_sent_at_night_unless_chosen(wall: datetime, late: timedelta) -> None:
    """Whenever it is worked: sent within twelve hours, by day, or at the chosen hour of the night on time."""
    reminder = due(wall.replace(second=0, microsecond=0).isoformat())
    now = reminder.next_date.due_at + late
    found = decide(reminder, MADRID, rules=RULES, now=now)
    if isinstance(found, Send):
        assert late <= timedelta(hours=12)
        assert not is_quiet(now, MADRID) or (reminder.weekly.in_quiet_hours and not found.late)
    if isinstance(found, PutOff):
        assert now < found.until.due_at <= reminder.next_date.occurs_at + timedelta(hours=12, minutes=5)
        assert not is_quiet(found.until.due_at, MADRID)


@given(person_id=st.integers(1, 10**9), minute=st.integers(0, 95).map(lambda quarter: quarter * 15))
def test_spread_is_small_and_stable(person_id: int, minute: int) -> None:
    """Less than five minutes, always the same for a person, and never from the day into the quiet hours."""
    weekly = WeeklyTime(weekday=2, minute=minute)
    dates = [next_week(weekly, MADRID, person_id, rules=RULES, after=local("2026-05-09T09:30"))]
    dates.append(next_week(weekly, MADRID, person_id, rules=RULES, after=dates[0].occurs_at))
    waits = {date.due_at - date.occurs_at for date in dates}
    assert len(waits) == 1
    assert timedelta() <= waits.pop() < timedelta(minutes=5)
    assert is_quiet(dates[0].due_at, MADRID) == weekly.in_quiet_hours


def test_spread_is_even() -> None:
    """Of 6,000 people who chose the same quarter of an hour no second gets more than 1.2 times its share."""
    weekly = WeeklyTime(weekday=2, minute=540)
    after = local("2026-05-09T09:30")
    seconds = [next_week(weekly, MADRID, person, rules=RULES, after=after).due_at for person in range(1, 6_001)]
    assert len(set(seconds)) == 300
    assert max(seconds.count(second) for second in set(seconds)) <= 24


def test_tomorrow() -> None:
    """An extra one, at the same time of day; the day before the weekly date it is just that one."""
    weekly = WeeklyTime(weekday=5, minute=570)
    extra = tomorrow(weekly, MADRID, 7, rules=RULES, now=local("2026-05-09T10:00"))
    assert (extra.occurs_at, extra.snoozed) == (local("2026-05-10T09:30"), True)
    same = tomorrow(weekly, MADRID, 7, rules=RULES, now=local("2026-05-15T10:00"))
    assert (same.occurs_at, same.snoozed) == (local("2026-05-16T09:30"), False)


def test_tips_follow_what_stood_out_and_what_became_of_it() -> None:
    """Every second one is for their own findings, none is the step that was just told, and a change is good news."""
    start = local("2026-01-05T12:00").date()
    weeks = [start + timedelta(weeks=week) for week in range(40)]
    theirs = Recalled(number=3, when=local("2026-01-04T12:00"), watch=("acne",), step="hands_off")
    told = {tip_of_the_week(day, None, person_id=3, theirs=theirs) for day in weeks}
    assert {Tip.HAIR, Tip.LABEL, Tip.PATIENCE, Tip.CLOUDS, Tip.SHADE} <= told
    assert told.isdisjoint({Tip.HANDS_OFF, Tip.SLEEP, Tip.OILY_TOO, Tip.KEEP_ON})
    better = replace(theirs, story=story_view())
    assert Tip.KEEP_ON in {tip_of_the_week(day, None, person_id=3, theirs=better) for day in weeks}
    worse = replace(theirs, story=story_view(before=2, lately=14))
    assert Tip.KEEP_ON not in {tip_of_the_week(day, None, person_id=3, theirs=worse) for day in weeks}


def test_tip_changes_every_week() -> None:
    """The same for all seven days, another one the week after, all of a season's and the others within half a year."""
    start = local("2026-01-05T12:00").date()
    weeks = [start + timedelta(weeks=week) for week in range(26)]
    told = [tip_of_the_week(day, None, person_id=3) for day in weeks]
    assert all(
        tip_of_the_week(day + timedelta(days=6), None, person_id=3) == tip for day, tip in zip(weeks, told, strict=True)
    )
    assert all(before != after for before, after in pairwise(told))
    assert len(set(told)) == 14
    assert set(told) <= set(Tip)
