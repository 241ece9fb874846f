"""Texts as people type them, and what is heard in them. The texts stand in en.txt and es.txt: `what | text`."""

import time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listening import Topic, heard, is_question, listen
from bot.listening.languages import languages
from bot.rendering.renderer import Renderer

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "es")
WANTED: Final = {"crisis": 25, "pain": 15, "medicine": 8, "mole": 7, "question": 20, "thanks": 5, "greeting": 5}


def written(language: str) -> list[tuple[str, str]]:
    lines = (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [(what, text) for what, _, text in (line.partition(" | ") for line in lines)]


TEXTS: Final = [each for language in LANGUAGES for each in written(language)]
HARMLESS: Final = [text for what, text in TEXTS if what == "harmless"]
OTHERS: Final = [(what, text) for what, text in TEXTS if what != "harmless"]
CRIES: Final = [text for what, text in TEXTS if what == "crisis"]


@pytest.mark.parametrize(("what", "text"), OTHERS, ids=[text for _, text in OTHERS])
def test_a_text_is_heard_for_what_it_says(what: str, text: str) -> None:
    """Its topic, of a question what it is about; "-" of an ordinary text."""
    found = listen(text)
    said = "-" if found is None else " ".join(filter(None, (found.topic, found.about)))
    assert said == what


@pytest.mark.parametrize("text", HARMLESS)
def test_a_figure_of_speech_is_no_cry_for_help(text: str) -> None:
    """Nobody dies of laughter."""
    assert heard(text) not in (Topic.CRISIS, Topic.EMERGENCY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_texts_enough_of_each_kind(language: str) -> None:
    """A hundred in each language, at the least, as people write them."""
    kinds = [what.split()[0] for what, _ in written(language)]
    assert {kind: kinds.count(kind) >= number for kind, number in WANTED.items()} == dict.fromkeys(WANTED, True)
    assert kinds.count("harmless") >= 15


@pytest.mark.parametrize("text", CRIES)
@pytest.mark.parametrize(
    "around", ["{}.", "  {} !!! ", "Hello! {}", "look at my photo please. {}. thanks", "{} 😢", "/help {}", "{}\n\nbye"]
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


@pytest.mark.parametrize(
    "text",
    [
        "k1ll mys3lf", "su!c1de", "s*icide", "k m s", "d i e... i want to d i e", "want_to_die",
        "quieroooo morirrrr", "qu1ero m0rir", "#suicidal", "i wanna dieeee",
        "ｋｉｌｌ ｍｙｓｅｌｆ", "i w\u200bant to die",
    ],
)  # fmt: skip
def test_what_is_disguised_is_heard(text: str) -> None:
    """Digits and signs for letters, letters apart, letters that are written long or wide."""
    assert heard(text) is Topic.CRISIS


@pytest.mark.parametrize(
    "text",
    [
        "je veux mourir", "je n'ai plus envie de vivre", "ich will sterben", "ich bringe mich um", "quero morrer",
        "não quero mais viver", "voglio morire", "ik wil dood", "chcę umrzeć", "ölmek istiyorum", "хочу умереть",
        "не хочу жить", "أريد أن أموت", "死にたい", "我想死", "자살하고 싶다",
    ],
)  # fmt: skip
def test_the_plainest_cries_in_other_languages(text: str) -> None:
    """Heard as well; they are answered in the person's own language of this bot."""
    assert heard(text) is Topic.CRISIS


@pytest.mark.parametrize(
    "text", ["Die, France", "Killeen", "Mori", "Muerto", "Matamoros", "Kill Devil Hills", "Vivero"]
)
def test_a_place_is_no_cry_for_help(text: str) -> None:
    """Whatever it is called."""
    assert heard(text) is not Topic.CRISIS


def test_the_most_urgent_is_heard_first() -> None:
    """Of several topics in one text, and in two languages."""
    assert heard("thanks, this mole hurts and I want to die") is Topic.CRISIS
    assert heard("hola, i take antibiotics and my tongue is swollen") is Topic.EMERGENCY
    assert heard("my mole is bleeding, can I use retinol?") is Topic.MOLE
    assert heard("my cheek is bleeding, can I use retinol?") is Topic.PAIN
    assert heard("thanks! what are pores?") is Topic.QUESTION


def test_a_medicine_is_a_note_unless_it_is_asked_about() -> None:
    """Notes are for what one takes; whoever asks is answered."""
    taken, asked, hurting = (listen(text) for text in ("adapalene since monday", "can I use adapalene", "it hurts"))
    assert taken is not None
    assert not taken.is_no_note
    assert asked is not None
    assert asked.is_no_note
    assert hurting is not None
    assert hurting.is_no_note


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("help", Topic.HELP), ("Ayuda!", Topic.HELP), ("help me", Topic.HELP), ("how does this work?", Topic.HELP),
        ("👍", Topic.THANKS), ("❤️🙏🏽", Topic.THANKS), ("👋🏿", Topic.GREETING), ("😭😭", Topic.SADNESS),
        ("🦄", Topic.SMILE),
    ],
)  # fmt: skip
def test_few_signs_are_enough(text: str, topic: Topic) -> None:
    """A word for help, and emoji."""
    assert heard(text) is topic


@pytest.mark.parametrize(
    "text", ["¿por qué necesitas mi ciudad?", "why do you ask", "no sé qué tengo que escribir aquí la verdad"]
)
def test_what_is_asked_is_no_name(text: str) -> None:
    """Of a city; a name is no question, with a question mark neither."""
    assert is_question(text)
    assert not is_question("San Miguel de Tucumán, Argentina")
    assert not is_question("Madrid?")


@pytest.mark.parametrize("locale", Renderer().locales)
def test_our_own_commands_ask_for_no_help(locale: str) -> None:
    """Neither by their names nor with a number behind them."""
    for name, _ in Renderer().commands(locale):
        for command in (f"/{name}", f"/{name} 3"):
            found = heard(command)
            assert found is None or not found.is_cry


def test_each_language_has_each_topic() -> None:
    """A topic without words in a language would never be heard there; other languages have cries only."""
    topics = set(Topic) - {Topic.QUESTION, Topic.SMILE}
    for language in languages():
        assert topics <= set(language.phrases) or (language.name, set(language.phrases)) == (
            "other",
            {"crisis", "figures of speech"},
        )


@given(st.text(max_size=300))
def test_any_text_can_be_heard(text: str) -> None:
    """Whatever signs it holds."""
    assert heard(text) in (*Topic, None)


@pytest.mark.parametrize(
    "text",
    ["a ", "im so ", "want to ", "muchas mil ", "no quiero ", "x", "my face ", "killing me ", "😭", "k1ll ", "s*icide ",
     "12 ", "死にた", "a!", "\n"],
)  # fmt: skip
def test_the_longest_text_is_heard_at_once(text: str) -> None:
    """Telegram's longest text takes no time worth speaking of, whatever it repeats: a tenth of a second at the most."""
    heard("warm")
    began = time.process_time()
    heard((text * 4096)[:4096])
    assert time.process_time() - began < 0.1


def test_a_cry_at_the_end_of_a_long_text_is_heard() -> None:
    """Nobody has to be brief."""
    story = "we went to the sea last summer and the weather was nice, then my skin changed a little. "
    assert heard(story * 45 + "i dont want to live") is Topic.CRISIS
