"""Templates and a locale in, Telegram HTML out: plurals, dates, escaping and length limits live here."""

import html
import re
import sys
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.rendering.buttons import Button, button_rows
from bot.rendering.zone import by_clock_of
from bot.views import View, named

if TYPE_CHECKING:
    from jinja2 import Environment, Template

SOURCE_LOCALE: Final = "en"
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
CAPTIONS: Final = frozenset(
    {
        "report",
        "redness",
        "guide",
        "export",
        "sheet",
        "progress",
        "comparison",
        "compare_choice",
        "experiment_side",
        "experiment_answer",
    }
)
PRINTED: Final = frozenset({"check", "restore_drill", "setup", "terminal"})  # in a terminal, which takes any length
CATALOG: Final = "LC_MESSAGES/skinbot.po"

_TEMPLATES: Final = Path(__file__).parents[2] / "templates"
_COMFORTABLE: Final = {"report": 650}  # what is read on a phone without scrolling, where that leaves enough to say
_VARIANTS: Final = ("text", "text_shorter", "text_short", "text_shortest", "text_least", "text_barest")
_ENOUGH: Final = _VARIANTS.index("text_short")  # nothing shorter is taken for comfort alone
_TAG: Final = re.compile(r"<[^<>]*>")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_QUOTE_EDGES: Final = re.compile(r"(?<=<blockquote expandable>)\n+|\n+(?=</blockquote>)")


class TextTooLong(Exception):
    """Not even a message's shortest variant fits into what Telegram takes. A fault of the template."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """`text` is Telegram HTML; `rows` are the buttons below it.

    `place_button`: the label of the key, in the place of the letters, that sends where one is; empty to take it away.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    place_button: str | None = None


def plain(markup: str) -> str:
    """The text as a reader sees it: no tags, entities resolved."""
    return html.unescape(_TAG.sub("", markup))


def visible_length(markup: str) -> int:
    """What Telegram counts against its limits: UTF-16 code units after the entities are parsed."""
    return units(plain(markup))


def units(text: str) -> int:
    """How long Telegram finds it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Renderer:
    """Every template, in every language that has a catalog (and English, the source).

    A language is read, and a template compiled, by the first who needs it. `prepare` goes ahead of them.
    """

    def __init__(self, templates: Path = _TEMPLATES, *, webapp_url: str | None = None) -> None:
        """`webapp_url`: of the Mini App that buttons open; without it there are no such buttons."""
        self._templates = templates
        self.webapp_url = webapp_url
        self._compiled: dict[str, bytes] = {}
        translated = {path.parts[-3]: path for path in sorted((templates / "locale").glob(f"*/{CATALOG}"))}
        self._catalogs: dict[str, Path | None] = {SOURCE_LOCALE: None, **translated}
        self._environments: dict[str, Environment] = {}
        self._same_for_all: dict[tuple[str, str], Rendered] = {}  # what needs no view, by name and locale

    @property
    def locales(self) -> tuple[str, ...]:
        """English first, the others by code."""
        return tuple(self._catalogs)

    def names(self) -> list[str]:
        """Every template, for `prepare`."""
        return self._in(SOURCE_LOCALE).list_templates(extensions=["j2"])

    def prepare(self, name: str) -> None:
        """Compile that template, which takes 1 to 40 ms, for every language. From any thread."""
        for locale in self.locales:
            self._in(locale).get_template(name)

    def locale_for(self, language_code: str | None) -> str:
        """The locale for a language tag as Telegram sends it: es-MX is told in es, an unknown one in English."""
        tag = (language_code or "").replace("-", "_").lower()
        for wanted in (tag, tag.partition("_")[0]):
            for locale in self.locales:
                if locale.lower() == wanted:
                    return locale
        return SOURCE_LOCALE

    def render(
        self, what: str | View, locale: str, view: object | None = None, *, zone: tzinfo | None = None
    ) -> Rendered:
        """The message of that name, or of a view that names it, in its fullest variant that fits.

        The view is all that the template sees. Moments are told by the clock of `zone`; without one, as they come.

        Raises TemplateNotFound, UndefinedError and TextTooLong: faults of the program, not of a person.
        """
        name, shown = named(what, view)
        if shown is not None:
            with by_clock_of(zone):
                return self._rendered(name, locale, shown)
        if (name, locale) not in self._same_for_all:
            self._same_for_all[name, locale] = self._rendered(name, locale, None)
        return self._same_for_all[name, locale]

    def _rendered(self, name: str, locale: str, view: object | None) -> Rendered:
        template = self._in(locale).get_template(f"messages/{name}.html.j2")
        limit = CAPTION_LIMIT if name in CAPTIONS else sys.maxsize if name in PRINTED else TEXT_LIMIT
        return Rendered(
            text=_fitting(template, view, limit, comfortable=_COMFORTABLE.get(name, limit)),
            rows=tuple(button_rows(_block(template, "buttons", view))),
            place_button=plain(_block(template, "place_button", view)) if "place_button" in template.blocks else None,
        )

    def page(self, name: str, locale: str, view: object, *, zone: tzinfo | None = None) -> str:
        """A whole HTML page. Raises what `render` raises."""
        with by_clock_of(zone):
            page = self._in(locale).get_template(f"pages/{name}.html.j2").render(view=view)
        return _BLANK_LINES.sub("\n\n", page).strip()

    def parts(self, name: str, locale: str, view: object, *, zone: tzinfo | None = None) -> dict[str, str]:
        """The blocks of a page that is laid out elsewhere, as plain text by name. Raises what `render` raises."""
        template = self._in(locale).get_template(f"pages/{name}.txt.j2")
        with by_clock_of(zone):
            return {block: _tidy(plain(_block(template, block, view))) for block in template.blocks}

    def direction(self, locale: str) -> str:
        """Which way its lines are written: "ltr" or "rtl"."""
        return str(self._in(locale).globals["direction"])

    def commands(self, locale: str) -> list[tuple[str, str]]:
        """The bot's menu: (name, description), in the menu's order."""
        lines = self.line("commands", locale).splitlines()
        return [(name, described) for name, _, described in (line.partition(" - ") for line in lines)]

    def line(self, name: str, locale: str) -> str:
        """A plain text about the bot itself: `description`, `short_description`, `commands`."""
        return _tidy(plain(self._in(locale).get_template(f"bot/{name}.txt.j2").render()))

    def _in(self, locale: str) -> "Environment":
        if locale not in self._environments:
            from bot.rendering.environment import environment_of  # noqa: PLC0415 - Jinja and Babel, which no start needs

            self._environments[locale] = environment_of(
                locale,
                templates=self._templates,
                catalog=self._catalogs[locale],
                compiled=self._compiled,
                webapp_url=self.webapp_url,
            )
        return self._environments[locale]


def _fitting(template: "Template", view: object | None, limit: int, *, comfortable: int) -> str:
    for place, variant in enumerate(_VARIANTS):
        if variant in template.blocks:
            text = _tidy(_block(template, variant, view))
            if visible_length(text) <= (comfortable if place < _ENOUGH else limit):
                return text
    raise TextTooLong(template.name)


def _block(template: "Template", name: str, view: object | None) -> str:
    block = template.blocks.get(name)
    return "".join(block(template.new_context({"view": view}))) if block else ""


def _tidy(text: str) -> str:
    """Templates may be written with air; a message has no trailing spaces and no two blank lines in a row."""
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", _QUOTE_EDGES.sub("", lines)).strip()


__all__ = ["Button", "Rendered", "Renderer", "TextTooLong", "plain", "units", "visible_length"]
