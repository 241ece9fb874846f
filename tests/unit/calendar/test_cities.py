"""Cities as people type them, and the one that is near."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.cities import Cities
from bot.calendar.zones import zone_names

CITIES = Cities()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Barcelona", "Europe/Madrid"),
        ("sevilla", "Europe/Madrid"),
        ("Seville", "Europe/Madrid"),
        ("MÜNCHEN", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("ciudad de méxico", "America/Mexico_City"),
        ("cdmx", "America/Mexico_City"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao-paulo", "America/Sao_Paulo"),
        ("Москва", "Europe/Moscow"),
        ("東京", "Asia/Tokyo"),
        ("القاهرة", "Africa/Cairo"),
        ("NYC", "America/New_York"),
        ("Kathmandu", "Asia/Kathmandu"),
        ("guadalaj", "America/Mexico_City"),
    ],
)
def test_search(typed: str, zone: str) -> None:
    """In any spelling, with or without accents, whole or begun: the largest of that name comes first."""
    assert CITIES.search(typed, most=5)[0].zone == zone


def test_search_for_a_name_of_several_cities() -> None:
    """All of them are offered, up to five."""
    zones = [city.zone for city in CITIES.search("San José", most=5)]
    assert len(zones) == 5
    assert {"America/Los_Angeles", "America/Costa_Rica"} <= set(zones)


@pytest.mark.parametrize("typed", ["", "x", "qwxzyk", "|", "\t\n", "🙂", "\ud800", "'; DROP TABLE person; --"])
def test_search_for_nothing(typed: str) -> None:
    """What names no city finds none, whatever it is."""
    assert CITIES.search(typed, most=5) == []


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=5000))
def test_search_for_anything(typed: str) -> None:
    """Never more than asked for, never an unknown zone, never an error."""
    found = CITIES.search(typed, most=5)
    assert len(found) <= 5
    assert {city.zone for city in found} <= zone_names()


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (48.2082, 16.3738, "Europe/Vienna"),
        (41.39, 2.17, "Europe/Madrid"),
        (-34.6, -58.4, "America/Argentina/Buenos_Aires"),
        (27.7, 85.3, "Asia/Kathmandu"),
        (
            -43.95,
            -176.55,
            "Pacific/Auckland",
        ),  # Chatham has no town of 15,000 people: its clock is missed by 45 minutes
        (90.0, 0.0, None),
        (0.0, 180.0, None),
        (0.0, -180.0, None),
    ],
)
def test_nearest(latitude: float, longitude: float, zone: str | None) -> None:
    """The clock of the nearest city; at the end of the world there is an answer too."""
    found = CITIES.nearest(latitude, longitude)
    assert found.zone == zone or (zone is None and found.zone in zone_names())


def test_every_zone_is_one_that_exists() -> None:
    """The list of cities and the rules of the zones are of different makers."""
    assert set(CITIES.zones()) <= zone_names()
    assert len(CITIES.zones()) > 300


def test_principal_city() -> None:
    """A zone without cities has none; others have their largest."""
    madrid, nowhere = CITIES.principal("Europe/Madrid"), CITIES.principal("UTC")
    assert madrid is not None
    assert (madrid.name, nowhere) == ("Madrid", None)
