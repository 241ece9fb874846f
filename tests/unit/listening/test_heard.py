"""Texts as people type them, and what is heard in them. The texts stand in en.txt and es.txt: `topic | text`."""

import time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listening import Topic, heard
from bot.listening.languages import languages
from bot.rendering.renderer import Renderer

HERE: Final = Path(__file__).parent


def written(language: str) -> list[tuple[str, str]]:
    lines = (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [(topic, text) for topic, _, text in (line.partition(" | ") for line in lines)]


TEXTS: Final = [each for language in ("en", "es") for each in written(language)]


@pytest.mark.parametrize(("topic", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_a_text_is_heard_for_what_it_says(topic: str, text: str) -> None:
    """Cries for help, pain, medicines, moles, politeness; "-" of an idiom or an ordinary text."""
    found = heard(text)
    assert (found or "-") == topic


@pytest.mark.parametrize("text", [text for topic, text in TEXTS if topic == "crisis"])
@pytest.mark.parametrize(
    "around", ["{}.", "  {} !!! ", "Hello! {}", "look at my photo please, {}, thanks", "{} 😢", "/help {}"]
)
def test_a_crisis_is_heard_in_the_midst_of_other_words(text: str, around: str) -> None:
    """In any case, too: what else is said takes nothing away."""
    assert heard(around.format(text)) is Topic.CRISIS
    assert heard(around.format(text.upper())) is Topic.CRISIS


@pytest.mark.parametrize("apostrophe", ["'", "’", "´", "`", ""])
def test_an_apostrophe_is_typed_in_many_ways(apostrophe: str) -> None:
    """Or not at all."""
    assert heard(f"I don{apostrophe}t want to live") is Topic.CRISIS
    assert heard(f"I can{apostrophe}t breathe") is Topic.EMERGENCY
    assert heard(f"it doesn{apostrophe}t hurt") is None


def test_the_most_urgent_is_heard_first() -> None:
    """Of several topics in one text, and in two languages."""
    assert heard("thanks, this mole hurts and I want to die") is Topic.CRISIS
    assert heard("hola, i take antibiotics and my tongue is swollen") is Topic.EMERGENCY
    assert heard("my mole is bleeding, can I use retinol?") is Topic.PAIN
    assert heard("un lunar, y estoy embarazada") is Topic.MOLE


@pytest.mark.parametrize("locale", Renderer().locales)
def test_our_own_commands_ask_for_no_help(locale: str) -> None:
    """Neither by their names nor with a number behind them."""
    for name, _ in Renderer().commands(locale):
        assert heard(f"/{name}") is None
        assert heard(f"/{name} 3") is None


def test_each_language_has_each_topic() -> None:
    """A topic without words in a language would never be heard there."""
    for language in languages():
        assert set(Topic) <= set(language.sections)
        assert all(language.sections[topic] for topic in Topic)


@given(st.text(max_size=300))
def test_any_text_can_be_heard(text: str) -> None:
    """Whatever signs it holds."""
    assert heard(text) in (*Topic, None)


@pytest.mark.parametrize("text", ["a ", "im so ", "want to ", "muchas mil ", "no quiero ", "x", "my face "])
def test_the_longest_text_is_heard_at_once(text: str) -> None:
    """Telegram's longest text takes no time worth speaking of, whatever it repeats: a tenth of a second at the most."""
    heard("warm")
    began = time.process_time()
    heard((text * 4096)[:4096])
    assert time.process_time() - began < 0.1
