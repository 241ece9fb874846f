"""Other languages are longer: with each sentence 35 % longer no message is too long to be delivered."""

from dataclasses import replace

import pytest

from bot.rendering.renderer import CAPTION_LIMIT, CAPTIONS, TEXT_LIMIT, Renderer, visible_length
from bot.skin.analysis import Provider
from bot.skin.compare import Change
from bot.skin.measures import Measure, followed_by
from bot.skin.scene import Differs
from tests.progressing import comparison, comparison_view, difference
from tests.pseudo import LOCALE, longer, renderer_of_long_words
from tests.unit.test_rendering_golden import MESSAGES
from tests.unit.test_words import LISTS, OPEN_LISTS

_MENU_LINE = 256
_DESCRIPTION, _SHORT_DESCRIPTION = 512, 120


@pytest.fixture(scope="module")
def long_words(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return renderer_of_long_words(tmp_path_factory.mktemp("long"))


def fits(renderer: Renderer, name: str, view: object | None) -> bool:
    limit = CAPTION_LIMIT if name in CAPTIONS else TEXT_LIMIT
    return visible_length(renderer.render(name, LOCALE, view).text) <= limit


@pytest.mark.parametrize("group", MESSAGES)
def test_every_message_fits(long_words: Renderer, group: str) -> None:
    """Captions into 1,024 signs, texts into 4,096."""
    assert [name for name, view in MESSAGES[group] if not fits(long_words, name, view)] == []


@pytest.mark.parametrize("name", [*LISTS, *OPEN_LISTS])
def test_every_member_of_every_list_fits(long_words: Renderer, name: str) -> None:
    worded = {**LISTS, **OPEN_LISTS}[name]
    assert [member for member in worded.members if not fits(long_words, *worded.show(member))] == []


@pytest.mark.parametrize("provider", list(Provider))
@pytest.mark.parametrize("change", list(Change))
def test_the_longest_comparison_fits(long_words: Renderer, provider: Provider, change: Change) -> None:
    """Every measure of an analyzer has changed, or none."""
    every = tuple(difference(measure, 1000, 2000, change) for measure in Measure if measure in followed_by(provider))
    for differs in (frozenset[Differs](), frozenset(Differs)):
        view = comparison_view(comparison(every, differs), pictured=False)
        assert fits(long_words, "comparison", view)
        assert fits(long_words, "comparison", replace(view, quiet=True))


def test_the_bots_own_texts_fit(long_words: Renderer) -> None:
    """Its description and the lines of its menu."""
    assert visible_length(long_words.line("description", LOCALE)) <= _DESCRIPTION
    assert visible_length(long_words.line("short_description", LOCALE)) <= _SHORT_DESCRIPTION
    assert all(len(described) <= _MENU_LINE for _, described in long_words.commands(LOCALE))


def test_long_words_are_longer() -> None:
    """Placeholders and markup stay as they are, and count for nothing."""
    assert longer("<b>%(name)s</b> 1234567", 0.35) == "<b>%(name)s</b> 1234567xxx"
