"""A language's templates: Jinja as we use it, the language's words, and what a template may call."""

import gettext
import io
from collections.abc import Callable
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

from bot.rendering.buttons import button, page_button
from bot.rendering.filters import template_filters
from bot.views import taps


def environment_of(
    locale: str, *, templates: Path, catalog: Path | None, compiled: dict[str, bytes], webapp_url: str | None
) -> Environment:
    """`catalog`: None in the language that templates are written in. `compiled`: what other languages' made already."""
    translations = _translations(catalog) if catalog else gettext.NullTranslations()
    environment = _Speaking(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_SharedBytecode(compiled),
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
    parsed = Locale.parse(locale)
    environment.globals.update(
        button=button, page_button=page_button(webapp_url), taps=taps, direction=parsed.text_direction
    )
    environment.filters.update(template_filters(parsed))
    return environment


class _SharedBytecode(BytecodeCache):
    """The locales' environments run the same code: it is compiled for the first of them only."""

    def __init__(self, code: dict[str, bytes]) -> None:
        self._code = code

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
