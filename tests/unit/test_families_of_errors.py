"""The trees of errors on top of their modules name every member, and no other."""

import importlib
import re
from pathlib import Path
from typing import Final

import pytest

import bot.config.errors
import bot.skin.photo
import bot.telegram.errors
from bot.config.errors import SetupError
from bot.skin.photo import PhotoError
from bot.telegram.errors import FileUnavailable, NotDelivered

ROOT: Final = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("tree", "families"),
    [
        (bot.config.errors.__doc__, [SetupError]),
        (bot.telegram.errors.__doc__, [NotDelivered, FileUnavailable]),
        (bot.skin.photo.__doc__, [PhotoError]),
    ],
    ids=["set-up", "delivery", "photos"],
)
def test_the_tree_names_every_error_of_its_family(tree: str, families: list[type[Exception]]) -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        if "(SetupError)" in (text := path.read_text(encoding="utf-8")) or "(PhotoError)" in text:
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    drawn = {name for line in re.findall(r"[├└]── (.*)", tree) for name in re.findall(r"\b[A-Z]\w+", line)}
    assert {error.__name__ for family in families for error in _under(family)} == drawn - {"TooShort"}


def _under(family: type[Exception]) -> set[type[Exception]]:
    return {*family.__subclasses__(), *(error for child in family.__subclasses__() for error in _under(child))}
