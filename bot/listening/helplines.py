"""Where people listen, by country: only lines whose number, hours and price a source tells (docs/listening.md)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Helpline:
    """`country` is its ISO code, `name` what it is called there. All of them answer day and night.

    `texts`: they can be written to as well, under the same number.
    """

    number: str
    name: str
    country: str
    texts: bool = False


_LINES: Final = (
    Helpline(number="988", name="988 Lifeline", country="US", texts=True),
    Helpline(number="988", name="9-8-8 Suicide Crisis Helpline", country="CA", texts=True),
    Helpline(number="116 123", name="Samaritans", country="GB"),
    Helpline(number="116 123", name="Samaritans", country="IE"),
    Helpline(number="13 11 14", name="Lifeline", country="AU"),
    Helpline(number="1737", name="Need to talk?", country="NZ", texts=True),
    Helpline(number="14416", name="Tele MANAS", country="IN"),
    Helpline(number="024", name="Línea 024", country="ES"),
    Helpline(number="800 911 2000", name="Línea de la Vida", country="MX"),
    Helpline(number="0800 999 0091", name="Línea de Salud Mental", country="AR"),
    Helpline(number="*4141", name="Línea de Prevención del Suicidio", country="CL"),
    Helpline(number="113", name="Línea 113, opción 5", country="PE"),
    Helpline(number="0800 0767", name="Línea VIDA", country="UY"),
    Helpline(number="3114", name="3114", country="FR"),
    Helpline(number="0800 111 0 111", name="TelefonSeelsorge", country="DE"),
    Helpline(number="142", name="TelefonSeelsorge", country="AT"),
    Helpline(number="143", name="Die Dargebotene Hand", country="CH"),
)
_BY_COUNTRY: Final = {line.country: line for line in _LINES}
_IN_SPANISH: Final = Helpline(number="988", name="988 Lifeline, en español: opción 2", country="US")
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
