"""Where people listen, by country: only lines whose number, hours and price a source tells (docs/listening.md)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Helpline:
    """`countries` are ISO codes, `name` what it is called there. All of them answer day and night.

    `texts`: they can be written to as well, under the same number.
    """

    number: str
    name: str
    countries: tuple[str, ...]
    texts: bool = False


_LINES: Final = (
    Helpline(number="988", name="988 Lifeline", countries=("US",), texts=True),
    Helpline(number="988", name="9-8-8 Suicide Crisis Helpline", countries=("CA",), texts=True),
    Helpline(number="116 123", name="Samaritans", countries=("GB", "IE")),
    Helpline(number="13 11 14", name="Lifeline", countries=("AU",)),
    Helpline(number="1737", name="Need to talk?", countries=("NZ",), texts=True),
    Helpline(number="14416", name="Tele MANAS", countries=("IN",)),
    Helpline(number="024", name="Línea 024", countries=("ES",)),
    Helpline(number="800 911 2000", name="Línea de la Vida", countries=("MX",)),
    Helpline(number="0800 999 0091", name="Línea de Salud Mental", countries=("AR",)),
    Helpline(number="*4141", name="Línea de Prevención del Suicidio", countries=("CL",)),
    Helpline(number="113", name="Línea 113, opción 5", countries=("PE",)),
    Helpline(number="0800 0767", name="Línea VIDA", countries=("UY",)),
    Helpline(number="3114", name="3114", countries=("FR",)),
    Helpline(number="0800 111 0 111", name="TelefonSeelsorge", countries=("DE",)),
    Helpline(number="142", name="TelefonSeelsorge", countries=("AT",)),
    Helpline(number="143", name="Die Dargebotene Hand", countries=("CH",)),
)
_BY_COUNTRY: Final = {country: line for line in _LINES for country in line.countries}
_IN_SPANISH: Final = Helpline(number="988", name="988 Lifeline, en español: opción 2", countries=("US",))
_BY_LANGUAGE: Final = {"en": ("US", "CA", "GB"), "es": ("ES", "MX", "AR")}


def helplines(country: str | None, language_code: str | None) -> tuple[Helpline, ...]:
    """That of a country, as far as it is known; for somebody of whom only a language is, where most people speak it."""
    language, _, region = (language_code or "").partition("-")
    if country is None and region.upper() in _BY_COUNTRY:
        country = region.upper()
    if country == "US" and language == "es":
        return (_IN_SPANISH,)
    if country is not None:
        return (_BY_COUNTRY[country],) if country in _BY_COUNTRY else ()
    return tuple(_BY_COUNTRY[each] for each in _BY_LANGUAGE.get(language, ()))
