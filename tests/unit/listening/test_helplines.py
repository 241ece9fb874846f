"""Which number is told to whom."""

import pytest

from bot.calendar.zones import country_of
from bot.listening import helplines


@pytest.mark.parametrize(
    ("zone", "language", "numbers"),
    [
        ("America/Chicago", "en", ["988"]), ("America/Toronto", "fr", ["988"]), ("Europe/London", "es", ["116 123"]),
        ("Europe/Dublin", "en", ["116 123"]), ("Europe/Madrid", "en", ["024"]), ("Atlantic/Canary", "es", ["024"]),
        ("America/Mexico_City", "es", ["800 911 2000"]), ("America/Santiago", None, ["*4141"]),
        ("Asia/Tokyo", "en", []),
        (None, "en-GB", ["116 123"]), (None, "ja", []), (None, None, []), ("UTC", "ja", []),
    ],
)  # fmt: skip
def test_the_line_of_ones_country_is_told(zone: str | None, language: str | None, numbers: list[str]) -> None:
    """By the clock that one keeps, else by the region of one's Telegram; none where none is known."""
    lines = helplines(country_of(zone) if zone else None, language)
    assert [line.number for line in lines] == numbers


def test_of_a_language_alone_the_lines_of_large_countries_are_told() -> None:
    """Each with its country, so that nobody calls another's."""
    assert [line.country for line in helplines(None, "es")] == ["ES", "MX", "AR"]
    assert [line.number for line in helplines(None, "en")] == ["988", "988", "116 123"]


def test_who_speaks_spanish_in_the_united_states_is_told_how() -> None:
    """The line asks for a digit."""
    assert [line.name for line in helplines("US", "es")] == ["988 Lifeline, en español: opción 2"]
