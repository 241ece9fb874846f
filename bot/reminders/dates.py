"""What becomes of a reminder that falls due, and when it falls due again. Pure."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.calendar.weekly import (
    WeeklyTime,
    end_of_quiet,
    is_quiet,
    nearest_occurrence,
    next_occurrence,
    same_time_tomorrow,
)
from bot.storage.reminders import DueReminder, NextDate, Pause, PutOff, ReminderVerdict, Send, Skip

IGNORED_AT_MOST: Final = 4
ON_TIME: Final = timedelta(minutes=15)
LATEST: Final = timedelta(hours=12)
_SPREAD_SECONDS: Final = (
    300  # many choose the same hour; nobody minds five minutes, and no quarter reaches 22:00 by them
)
_STEP: Final = 2_654_435_761  # spreads neighbouring ids evenly (Knuth)


def decide(due: DueReminder, zone: tzinfo, *, rules: str, now: datetime) -> ReminderVerdict:
    """What to do with a due reminder now, and its next date. `rules`: the version of the time zones of `zone`."""
    moved = redated(due, zone, rules=rules)
    if moved.due_at > now:
        return PutOff(until=moved)
    late = now - moved.occurs_at
    if late > LATEST:
        return _skipped(due, zone, rules=rules, now=now)
    chose_quiet = due.weekly.in_quiet_hours and late <= ON_TIME
    if is_quiet(now, zone) and not chose_quiet:
        morning = _spread(end_of_quiet(now, zone), due.person.id)
        if morning - moved.occurs_at > LATEST:
            return _skipped(due, zone, rules=rules, now=now)
        return PutOff(until=NextDate(occurs_at=moved.occurs_at, due_at=morning, rules=rules, snoozed=moved.snoozed))
    so_far = ignored(due, now=now)
    if so_far >= IGNORED_AT_MOST:
        return Pause()
    after = max(now, due.next_date.occurs_at)
    following = next_week(due.weekly, zone, due.person.id, rules=rules, after=after)
    return Send(late=late > ON_TIME, following=following, ignored=so_far + 1)


def _skipped(due: DueReminder, zone: tzinfo, *, rules: str, now: datetime) -> Skip:
    """The next one is the first that is still worth sending."""
    after = max(now - LATEST, due.next_date.occurs_at)
    return Skip(following=next_week(due.weekly, zone, due.person.id, rules=rules, after=after))


def ignored(due: DueReminder, *, now: datetime) -> int:
    """How many in a row were neither tapped nor followed by a selfie, before this one.

    One that was sent later than now was sent by a clock that was ahead: any selfie counts as later.
    """
    sent_at = None if due.sent_at is None or due.sent_at > now else due.sent_at
    scanned = due.scanned_at is not None and due.sent_at is not None and (sent_at is None or due.scanned_at >= sent_at)
    return 0 if scanned else due.ignored


def redated(due: DueReminder, zone: tzinfo, *, rules: str) -> NextDate:
    """Its date by today's rules of the zone: the same, unless they have changed since it was computed."""
    if due.next_date.rules == rules or due.next_date.snoozed:
        return due.next_date
    occurs_at = nearest_occurrence(due.weekly, zone, to=due.next_date.occurs_at)
    waited = due.next_date.due_at - due.next_date.occurs_at
    return NextDate(occurs_at=occurs_at, due_at=occurs_at + waited, rules=rules)


def next_week(weekly: WeeklyTime, zone: tzinfo, person_id: int, *, rules: str, after: datetime) -> NextDate:
    """The next date strictly later than `after`."""
    occurs_at = next_occurrence(weekly, zone, after=after)
    return NextDate(occurs_at=occurs_at, due_at=_spread(occurs_at, person_id), rules=rules)


def tomorrow(weekly: WeeklyTime, zone: tzinfo, person_id: int, *, rules: str, now: datetime) -> NextDate:
    """The same wall time a day later; when that is the weekly date anyway, just that one."""
    weekly_date = next_week(weekly, zone, person_id, rules=rules, after=now)
    occurs_at = same_time_tomorrow(weekly, zone, now=now)
    if weekly_date.occurs_at <= occurs_at:
        return weekly_date
    return NextDate(occurs_at=occurs_at, due_at=_spread(occurs_at, person_id), rules=rules, snoozed=True)


def _spread(moment: datetime, person_id: int) -> datetime:
    """Some seconds later, always the same for one person: a popular hour is not one instant."""
    return moment + timedelta(seconds=person_id * _STEP % 2**32 % _SPREAD_SECONDS)
