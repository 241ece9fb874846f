"""Every sentence has its translation, whole: what is missing or damaged fails here."""

import re
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
CATALOGS: Final = sorted(TEMPLATES.glob("locale/*/LC_MESSAGES/skinbot.po"))
PLACEHOLDER: Final = re.compile(r"%\(\w+\)s")
MARKUP: Final = re.compile(r"</?\w+[^<>]*>|/[a-z]+\b|[\U0001F300-\U0001FAFF\u2190-\u2BFF]|https?://\S+")
EXTRACTION: Final = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}
NEVER_SAID: Final = {
    "bad",
    "ugly",
    "severe",
    "severity",
    "flaw",
    "flaws",
    "imperfection",
    "imperfections",
    "problem",
} | {"problems", "disease", "acne", "melanoma", "rosacea", "whiten", "lighten", "lightening", "beauty", "attractive"}

each_catalog = pytest.mark.parametrize("path", CATALOGS, ids=[path.parts[-3] for path in CATALOGS])

MessageId = tuple[str | None, str | tuple[str, ...]]  # its context and its words


def extracted() -> set[MessageId]:
    """What the templates say, as gettext asks for it."""
    found = extract_from_dir(
        TEMPLATES, method_map=[("**.j2", "jinja2")], options_map={"**.j2": EXTRACTION}, comment_tags=()
    )
    return {(context, message if isinstance(message, str) else tuple(message)) for _, _, message, _, context in found}


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3], abort_invalid=True)


def entries(path: Path) -> list[Entry]:
    return [entry for entry in read(path) if entry.id]


def texts(said: object) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said) if isinstance(said, list | tuple) else ()


def test_spanish_is_there() -> None:
    """An empty list of catalogs would make every other test here pass."""
    assert "es" in {path.parts[-3] for path in CATALOGS}
    assert len(extracted()) > 200


@each_catalog
def test_catalog_has_every_sentence_and_no_other(path: Path) -> None:
    """Nothing missing, nothing left over from an older text."""
    known = {(entry.context, entry.id if isinstance(entry.id, str) else tuple(entry.id)) for entry in entries(path)}
    assert (extracted() - known, known - extracted()) == (set(), set())


@each_catalog
def test_catalog_has_no_dead_or_doubtful_entries(path: Path) -> None:
    """A fuzzy entry is a guess of a tool, an obsolete one is a leftover."""
    catalog = read(path)
    assert not catalog.obsolete
    assert [entry.id for entry in catalog if entry.id and entry.fuzzy] == []


@each_catalog
def test_every_entry_is_filled_in(path: Path) -> None:
    """In every plural form of the language."""
    forms = read(path).num_plurals
    for entry in entries(path):
        said = texts(entry.string)
        assert len(said) == (forms if entry.pluralizable else 1), entry.id
        assert all(part.strip() for part in said), entry.id


@each_catalog
def test_every_entry_keeps_placeholders_and_markup(path: Path) -> None:
    """The same names to fill in, the same tags, commands and emoji; every % is one that formatting takes."""
    for entry in entries(path):
        source = texts(entry.id)[-1]
        for said in texts(entry.string):
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(source)), entry.id
            assert sorted(MARKUP.findall(said)) == sorted(MARKUP.findall(source)), entry.id
            assert PLACEHOLDER.sub("", said).replace("%%", "").count("%") == 0, entry.id


@each_catalog
def test_every_entry_begins_and_ends_like_its_source(path: Path) -> None:
    """No stray spaces, the same case at the start, the same full stop or colon at the end."""
    for entry in entries(path):
        source = texts(entry.id)[-1]
        for said in texts(entry.string):
            assert said == said.strip(), entry.id
            assert said[-1] in ".:…)" if source[-1] in ".:…)" else said[-1] not in ".:", entry.id


def _has_words(text: str) -> bool:
    return " " in text and re.search(r"[^\W\d_]", re.sub(r"%\(\w+\)s", "", text)) is not None


@each_catalog
def test_translation_is_not_the_source(path: Path) -> None:
    """Whole sentences are never the same in two languages: one that is was forgotten. Without a word there is none."""
    same = [entry.id for entry in entries(path) if entry.id == entry.string and _has_words(texts(entry.id)[0])]
    assert same == []


def test_words_that_we_do_not_say() -> None:
    """Neither a diagnosis nor a judgement on looks, in the English words of any template."""
    said = {
        word.strip(".,:;!?“”()").lower()
        for _, message in extracted()
        for part in texts(message)
        for word in part.split()
    }
    assert not NEVER_SAID & said
