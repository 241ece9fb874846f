"""Wall time across changes of the clock: known dates, and every zone over five years.

The exhaustive run, every zone and every week: SKINBOT_ALL_ZONES=1 pytest -s tests/unit/calendar/test_weekly.py
"""

import os
import random
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.weekly import (
    Season,
    WeeklyTime,
    end_of_quiet,
    is_quiet,
    nearest_occurrence,
    next_occurrence,
    same_time_tomorrow,
    season,
)
from bot.calendar.zones import ZoneUnknown, rules, same_clocks, zone_names, zone_of

ALL: Final = bool(os.environ.get("SKINBOT_ALL_ZONES"))
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
YEARS: Final = 5
WEEK: Final = timedelta(days=7)
MINUTE: Final = timedelta(minutes=1)


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone))


def the_next(weekday: int, clock: str, zone: str, *, after: str) -> str:
    """As that zone's clock shows it."""
    wall = time.fromisoformat(clock)
    weekly = WeeklyTime(weekday=weekday, minute=wall.hour * 60 + wall.minute)
    found = next_occurrence(weekly, zone_of(zone), after=at(after, zone))
    return found.astimezone(zone_of(zone)).isoformat(timespec="minutes")


def test_gap_moves_it_by_the_gap() -> None:
    """At 2:30 on the night when 2 becomes 3, it comes at 3:30; in Lord Howe half an hour later."""
    assert the_next(6, "02:30", "Europe/Madrid", after="2026-03-28T12:00") == "2026-03-29T03:30+02:00"
    assert the_next(6, "02:15", "Australia/Lord_Howe", after="2026-10-03T12:00") == "2026-10-04T02:45+11:00"


def test_overlap_comes_once() -> None:
    """At 2:30 on the night when 3 becomes 2, it comes the first time, and then a week later."""
    assert the_next(6, "02:30", "Europe/Madrid", after="2026-10-24T12:00") == "2026-10-25T02:30+02:00"
    assert the_next(6, "02:30", "Europe/Madrid", after="2026-10-25T02:30") == "2026-11-01T02:30+01:00"


def test_missing_day_moves_it_by_a_day() -> None:
    """Samoa left out the 30th of December 2011, a Friday: that week's comes on Saturday, the next on Friday again."""
    assert the_next(4, "10:00", "Pacific/Apia", after="2011-12-29T12:00") == "2011-12-31T10:00+14:00"
    assert the_next(4, "10:00", "Pacific/Apia", after="2011-12-31T10:00") == "2012-01-06T10:00+14:00"


def test_missing_evening_that_reaches_the_next_day() -> None:
    """A minute of Saturday that the clock leaves out until Sunday is not forgotten when it is Sunday already."""
    zone = "America/Sao_Paulo"  # 0:00 became 1:00 on Sunday, 4 November 2018
    assert the_next(6, "00:15", zone, after="2018-11-03T23:59") == "2018-11-04T01:15-02:00"
    assert the_next(6, "00:15", zone, after="2018-11-04T01:05") == "2018-11-04T01:15-02:00"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Kolkata", "2026-05-09T09:00+05:30"),
        ("Asia/Kathmandu", "2026-05-09T09:00+05:45"),
        ("Pacific/Chatham", "2026-05-09T09:00+12:45"),
        ("Australia/Eucla", "2026-05-09T09:00+08:45"),
        ("America/St_Johns", "2026-05-09T09:00-02:30"),
        ("Pacific/Marquesas", "2026-05-09T09:00-09:30"),
    ],
)
def test_zones_with_quarters(zone: str, shown: str) -> None:
    """Clocks that differ from UTC by 30 or 45 minutes."""
    assert the_next(5, "09:00", zone, after="2026-05-05T09:00") == shown


def test_exactly_now_is_a_week_later() -> None:
    """Strictly later: at the very minute, the next one is meant."""
    assert the_next(5, "09:00", "Europe/Madrid", after="2026-05-09T09:00") == "2026-05-16T09:00+02:00"
    assert the_next(5, "09:00", "Europe/Madrid", after="2026-05-09T08:59") == "2026-05-09T09:00+02:00"


def lawful(weekly: WeeklyTime, zone: ZoneInfo, after: datetime) -> datetime:
    """The next one, checked against what a clock on the wall shows; no arithmetic of ours in it."""
    moment = next_occurrence(weekly, zone, after=after)
    assert after < moment <= after + WEEK + timedelta(hours=25), (zone.key, weekly, after)
    local = moment.astimezone(zone)
    shown = (local.weekday(), local.hour * 60 + local.minute)
    if shown != (weekly.weekday, weekly.minute):
        _assert_left_out(weekly, zone, moment)
    else:
        assert local.fold == 0, (zone.key, weekly, after)
    return moment


def _assert_left_out(weekly: WeeklyTime, zone: ZoneInfo, moment: datetime) -> None:
    """The clock jumped over it within the day before, and it came by as much later."""
    before = (moment - timedelta(hours=25)).astimezone(zone)
    gap = (moment.astimezone(zone).utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
    assert gap > timedelta(), (zone.key, weekly, moment)
    unmoved = moment.astimezone(zone).replace(tzinfo=None) - gap
    assert (unmoved.weekday(), unmoved.hour * 60 + unmoved.minute) == (weekly.weekday, weekly.minute)
    minutes = [(moment - MINUTE * step).astimezone(zone).replace(tzinfo=None) for step in range(25 * 60)]
    assert unmoved not in minutes, (zone.key, weekly, moment)


def once_a_week(weekly: WeeklyTime, zone: ZoneInfo, *, weeks: int, start: datetime = FIRST) -> int:
    """Walk from one to the next: exactly seven wall days apart, but for what a gap moved."""
    moment = lawful(weekly, zone, start)
    for _ in range(weeks):
        following = lawful(weekly, zone, moment)
        apart = following.astimezone(zone).replace(tzinfo=None) - moment.astimezone(zone).replace(tzinfo=None)
        assert abs(apart - WEEK) <= timedelta(hours=24), (zone.key, weekly, moment)
        halfway = next_occurrence(weekly, zone, after=moment + (following - moment) / 2)
        assert halfway == following, (zone.key, weekly, moment)
        moment = following
    return weeks


@settings(deadline=None, max_examples=300)
@given(
    zone=st.sampled_from(sorted(zone_names())),
    weekday=st.integers(0, 6),
    minute=st.integers(0, 1439),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
)
def test_any_zone_any_minute(zone: str, weekday: int, minute: int, after: datetime) -> None:
    """The right weekday and wall minute, strictly later than now, at most a week away."""
    lawful(WeeklyTime(weekday=weekday, minute=minute), zone_of(zone), after)


def test_every_zone_over_five_years(capsys: pytest.CaptureFixture[str]) -> None:
    """Once a week at the wall minute, in every zone; minutes are drawn near the night's changes and by day.

    By default every zone walks one year of the five with two wall times; SKINBOT_ALL_ZONES=1 walks all five with ten.
    """
    draw = random.Random(20261125)
    walked, times = 0, 10 if ALL else 2
    for name in sorted(zone_names()):
        for _ in range(times):
            minute = draw.choice((draw.randrange(1440), draw.randrange(240)))
            weekly = WeeklyTime(weekday=draw.choice((draw.randrange(7), 6)), minute=minute)
            start = FIRST if ALL else FIRST.replace(year=2026 + draw.randrange(YEARS))
            walked += once_a_week(weekly, zone_of(name), weeks=53 * YEARS if ALL else 53, start=start)
    with capsys.disabled():
        sys.stdout.write(f"\n{walked:,} weekly dates in {len(zone_names())} zones (rules {rules()}): all right\n")
    assert walked >= len(zone_names()) * 53 * times


@pytest.mark.parametrize(
    ("zone", "year"), [("Pacific/Apia", 2011), ("America/Caracas", 2016), ("Asia/Pyongyang", 2018)]
)
def test_years_in_which_rules_changed(zone: str, year: int) -> None:
    """A country that moved its clocks for good: still once a week, every quarter of an hour of every weekday."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    for weekday in range(7):
        for minute in range(0, 1440, 45 if not ALL else 15):
            once_a_week(WeeklyTime(weekday=weekday, minute=minute), zone_of(zone), weeks=53, start=start)


@given(hours=st.integers(-3, 3))
def test_date_by_older_rules_finds_what_it_meant(hours: int) -> None:
    """A rule that changes moves clocks by a few hours: the nearest date of the new rules is that week's."""
    weekly = WeeklyTime(weekday=5, minute=570)
    right = at("2026-05-09T09:30", "Europe/Madrid")
    assert nearest_occurrence(weekly, zone_of("Europe/Madrid"), to=right + timedelta(hours=hours)) == right


def test_tomorrow_keeps_the_wall_time() -> None:
    """Also over the night of a change, when a day has 23 hours."""
    zone = zone_of("Europe/Madrid")
    found = same_time_tomorrow(WeeklyTime(weekday=5, minute=570), zone, now=at("2026-03-28T10:00", "Europe/Madrid"))
    assert found == at("2026-03-29T09:30", "Europe/Madrid")


@pytest.mark.parametrize(
    ("clock", "quiet", "ends"),
    [
        ("21:59", False, None),
        ("22:00", True, "2026-05-10T08:00"),
        ("23:30", True, "2026-05-10T08:00"),
        ("00:00", True, "2026-05-09T08:00"),
        ("07:59", True, "2026-05-09T08:00"),
        ("08:00", False, None),
    ],
)
def test_quiet_hours(clock: str, quiet: bool, ends: str | None) -> None:  # noqa: FBT001 - a parameter of the test
    """From 22 to 8 in the person's zone."""
    now = at(f"2026-05-09T{clock}", "Asia/Kathmandu")
    assert is_quiet(now, zone_of("Asia/Kathmandu")) is quiet
    if ends:
        assert end_of_quiet(now, zone_of("Asia/Kathmandu")) == at(ends, "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("month", "latitude", "expected"),
    [
        (1, 40.4, Season.WINTER),
        (4, 40.4, Season.SPRING),
        (7, 40.4, Season.SUMMER),
        (12, -34.6, Season.SUMMER),
        (7, -34.6, Season.WINTER),
        (7, 19.4, None),
        (7, None, None),
    ],
)
def test_season(month: int, latitude: float | None, expected: Season | None) -> None:
    """By hemisphere; none between the tropics, none where nobody knows."""
    assert season(date(2026, month, 15), latitude) == expected


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../../etc/passwd", "Europe", "europe/madrid", "Factory"])
def test_unknown_zone(name: str) -> None:
    """Only the names of the time zone database open anything."""
    with pytest.raises(ZoneUnknown):
        zone_of(name)


def test_zones_of_the_same_clock() -> None:
    """Berlin and Madrid agree for good, Lagos only in winter."""
    winter = datetime(2026, 11, 25, 12, tzinfo=UTC)
    groups = same_clocks(["Africa/Lagos", "Europe/Berlin", "Europe/Madrid"], winter)
    assert groups == [["Africa/Lagos"], ["Europe/Berlin", "Europe/Madrid"]]
