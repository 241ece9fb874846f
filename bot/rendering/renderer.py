"""Templates and a locale in, Telegram HTML out: plurals, dates, escaping and length limits live here."""

import gettext
import html
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

from bot.rendering.filters import template_filters
from bot.rendering.times import by_clock_of
from bot.views import View, named, taps
from bot.views.taps import ButtonData

SOURCE_LOCALE: Final = "en"
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
CAPTIONS: Final = frozenset(
    {"report", "redness", "guide", "export", "sheet", "progress", "comparison", "compare_choice"}
)
CATALOG: Final = "LC_MESSAGES/skinbot.po"

_TEMPLATES: Final = Path(__file__).parents[2] / "templates"
_COMFORTABLE: Final = {"report": 650}  # what is read on a phone without scrolling, where that leaves enough to say
_VARIANTS: Final = ("text", "text_shorter", "text_short", "text_shortest", "text_least", "text_barest")
_ENOUGH: Final = _VARIANTS.index("text_short")  # nothing shorter is taken for comfort alone
_BUTTON: Final = "\x02"  # separators that no label and no data can hold
_DATA: Final = "\x03"
_STYLES: Final = ("", "danger", "success", "primary")
_ROOM: Final = {2: 17, 3: 10, 4: 7}  # letters of a button's width on a phone of 360 px, by how many stand beside it
_LEAST_ROOM: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+")
_TAG: Final = re.compile(r"<[^<>]*>")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_QUOTE_EDGES: Final = re.compile(r"(?<=<blockquote expandable>)\n+|\n+(?=</blockquote>)")


class TextTooLong(Exception):
    """Not even a message's shortest variant fits into what Telegram takes. A fault of the template."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """`style`: "danger" (red), "success" (green), "primary" (blue), where the server knows them."""

    label: str
    data: str
    style: str | None = None


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
    return len(plain(markup).encode("utf-16-le", "surrogatepass")) // 2


class Renderer:
    """Every template, in every language that has a catalog (and English, the source).

    A language is read, and a template compiled, by the first who needs it. `prepare` goes ahead of them.
    """

    def __init__(self, templates: Path = _TEMPLATES) -> None:
        self._templates = templates
        self._compiled = _SharedBytecode()
        translated = {path.parts[-3]: path for path in sorted((templates / "locale").glob(f"*/{CATALOG}"))}
        self._catalogs: Mapping[str, Path | None] = {SOURCE_LOCALE: None, **translated}
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
        limit = CAPTION_LIMIT if name in CAPTIONS else TEXT_LIMIT
        return Rendered(
            text=_fitting(template, view, limit, comfortable=_COMFORTABLE.get(name, limit)),
            rows=tuple(_rows(_block(template, "buttons", view))),
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

    def commands(self, locale: str) -> list[tuple[str, str]]:
        """The bot's menu: (name, description), in the menu's order."""
        lines = self.line("commands", locale).splitlines()
        return [(name, described) for name, _, described in (line.partition(" - ") for line in lines)]

    def line(self, name: str, locale: str) -> str:
        """A plain text about the bot itself: `description`, `short_description`, `commands`."""
        return _tidy(plain(self._in(locale).get_template(f"bot/{name}.txt.j2").render()))

    def _in(self, locale: str) -> Environment:
        if locale not in self._environments:
            catalog = self._catalogs[locale]
            translations = _translations(catalog) if catalog else gettext.NullTranslations()
            self._environments[locale] = _environment(self._templates, locale, translations, self._compiled)
        return self._environments[locale]


def _fitting(template: Template, view: object | None, limit: int, *, comfortable: int) -> str:
    for place, variant in enumerate(_VARIANTS):
        if variant in template.blocks:
            text = _tidy(_block(template, variant, view))
            if visible_length(text) <= (comfortable if place < _ENOUGH else limit):
                return text
    raise TextTooLong(template.name)


def _block(template: Template, name: str, view: object | None) -> str:
    block = template.blocks.get(name)
    return "".join(block(template.new_context({"view": view}))) if block else ""


def _tidy(text: str) -> str:
    """Templates may be written with air; a message has no trailing spaces and no two blank lines in a row."""
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", _QUOTE_EDGES.sub("", lines)).strip()


def _rows(block: str) -> Iterator[tuple[Button, ...]]:
    for line in block.split("\n"):
        row = tuple(
            Button(label=html.unescape(label), data=html.unescape(data.strip()), style=style.strip() or None)
            for label, data, style in (part.split(_DATA) for part in line.split(_BUTTON)[1:])
        )
        if row:
            yield from _in_room(row)


def _in_room(row: tuple[Button, ...]) -> Iterator[tuple[Button, ...]]:
    """In shorter rows where a phone would break one of the buttons inside a word."""
    room = _ROOM.get(len(row), _LEAST_ROOM)
    longest = max(len(word) for button in row for word in _WORD.findall(button.label) or [""])
    if len(row) == 1 or longest <= room:
        yield row
        return
    middle = (len(row) + 1) // 2
    yield from _in_room(row[:middle])
    yield from _in_room(row[middle:])


def _button(label: str, data: ButtonData, style: str = "") -> Markup:
    if not isinstance(data, ButtonData):
        raise TypeError("what a button carries is made by bot.views.taps")
    if style not in _STYLES:
        raise ValueError("a button is danger, success, primary, or plain")
    return Markup("{}{}{}{}{}{}").format(_BUTTON, label, _DATA, data, _DATA, style)


class _SharedBytecode(BytecodeCache):
    """The locales' environments run the same code: it is compiled for the first of them only."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


class _Words(dict[str, Markup]):
    """Words that need no value, as they stand in a language's catalog: each is looked up there once."""

    def __init__(self, gettext_of: Callable[[str], str]) -> None:
        super().__init__()
        self._gettext_of = gettext_of

    def __missing__(self, message: str) -> Markup:
        self[message] = Markup(self._gettext_of(message)) % {}  # noqa: S704 - our own words, as the i18n extension has them
        return self[message]


class _Code(CodeGenerator):
    """A table of words is read for one of them, and they are all looked up: that was most of a report's rendering."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - the library's own
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"),
                args=[nodes.Const(value=str(message))],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ):
                self.write(f"environment.words[{message!r}]")
            case _:
                super().visit_Call(node, frame, forward_caller=forward_caller)


class _Speaking(Environment):
    """`words`: by what templates call them."""

    code_generator_class = _Code
    words: _Words


def _translations(catalog: Path) -> gettext.NullTranslations:
    with catalog.open("rb") as source:
        parsed = read_po(source, locale=catalog.parts[-3])
    compiled = io.BytesIO()
    write_mo(compiled, parsed)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _environment(
    templates: Path, locale: str, translations: gettext.NullTranslations, compiled: BytecodeCache
) -> Environment:
    environment = _Speaking(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled,
    )
    environment.words = _Words(translations.gettext)
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        translations.gettext,
        translations.ngettext,
        newstyle=True,
        pgettext=translations.pgettext,
        npgettext=translations.npgettext,
    )
    environment.globals.update(button=_button, taps=taps)
    environment.filters.update(template_filters(Locale.parse(locale)))
    return environment


__all__ = ["Button", "Rendered", "Renderer", "TemplateNotFound", "TextTooLong", "plain", "visible_length"]
