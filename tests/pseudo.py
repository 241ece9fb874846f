"""A language that nobody speaks: English, with each sentence as much longer as other languages may be."""

import math
import re
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.rendering.renderer import CATALOG, Renderer

LOCALE: Final = "ru"  # for its dates and plural forms, which are long and many
TEMPLATES: Final = Path(__file__).parents[1] / "templates"
_UNSEEN: Final = re.compile(r"<[^<>]*>|%\(\w+\)s")


def longer(text: str, by: float) -> str:
    """What is a word's place or markup has no length of its own."""
    return text + "x" * math.ceil(len(_UNSEEN.sub("", text)) * by)


def renderer_of_long_words(folder: Path, *, by: float = 0.35) -> Renderer:
    """The bot's own templates with a catalog that `folder` gets, in which each sentence is that much longer."""
    for room in TEMPLATES.iterdir():
        if room.name != "locale":
            (folder / room.name).symlink_to(room)
    with (TEMPLATES / "locale" / "es" / CATALOG).open("rb") as source:
        known = read_po(source, locale="es")
    made = Catalog(locale=LOCALE)
    for entry in known:
        if entry.id:
            many = entry.id if isinstance(entry.id, tuple) else None
            told = (
                longer(str(entry.id), by)
                if many is None
                else tuple(longer(many[form > 0], by) for form in range(made.num_plurals))
            )
            made.add(entry.id, told, context=entry.context)
    path = folder / "locale" / LOCALE / CATALOG
    path.parent.mkdir(parents=True)
    with path.open("wb") as target:
        write_po(target, made)
    return Renderer(folder)
