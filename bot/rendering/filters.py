"""What templates may call: dates, numbers, shares and lists as the language writes them."""

from collections.abc import Iterable
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from bot.rendering.times import time_filters
from bot.rendering.zone import here


def template_filters(locale: Locale) -> dict[str, object]:
    def dated(when: date | datetime) -> str:
        return format_date(here(when) if isinstance(when, datetime) else when, "medium", locale)

    def day(when: date | datetime) -> str:
        """Without the year: for the axis of a chart."""
        return str(format_skeleton("MMMd", here(when) if isinstance(when, datetime) else when, locale=locale))

    def month(when: date | datetime) -> str:
        """Its name alone, within a sentence."""
        return format_date(here(when) if isinstance(when, datetime) else when, "MMMM", locale)

    def month_and_year(when: date | datetime) -> str:
        return str(format_skeleton("yMMM", here(when) if isinstance(when, datetime) else when, locale=locale))

    def number(value: float) -> str:
        return format_decimal(value, locale=locale)

    def percent(share: float) -> str:
        """One decimal at most: the readings hold no more than that."""
        return format_percent(round(share, 3), locale=locale, decimal_quantization=False)

    def listed(parts: Iterable[str]) -> Markup:
        return Markup(format_list([escape(part) for part in parts], locale=locale))  # noqa: S704 - parts are escaped

    def language(code: str) -> str:
        named = Locale.parse(code).get_display_name(code) or code
        return named[:1].upper() + named[1:]

    def capitalized(text: str) -> str:
        """The first letter only, and markup stays markup."""
        return text[:1].upper() + text[1:]

    return {
        "dated": dated,
        "day": day,
        "month": month,
        "month_and_year": month_and_year,
        "number": number,
        "percent": percent,
        "listed": listed,
        "language": language,
        "capitalized": capitalized,
        **time_filters(locale),
    }
