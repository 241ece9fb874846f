import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.server.markup import Text, detected, from_html, units
from bot.playground.server.view import to_html
from bot.playground.server.wire import Refused


def entities(source: str) -> list[tuple[object, ...]]:
    return [(e["type"], e["offset"], e["length"]) for e in from_html(source).entities]


def test_formatting_becomes_entities_in_utf16_units() -> None:
    """Offsets count UTF-16 units, as Telegram's do: an emoji is two."""
    assert entities("😀<b>a<i>b</i></b>") == [("bold", 2, 2), ("italic", 3, 1)]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<strong>x</strong>", "bold"),
        ("<em>x</em>", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</del>", "strikethrough"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<code>x</code>", "code"),
        ('<pre><code class="language-py">x</code></pre>', "pre"),
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>', "text_link"),
        ("<B>x</B>", "bold"),
        ("<b>x</>", "bold"),
    ],
)
def test_every_supported_tag(source: str, kind: str) -> None:
    """Each tag of the Bot API gives its entity over its text."""
    assert entities(source) == [(kind, 0, 1)]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("é<b>a</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<foo>a</foo>", 'Unsupported start tag "foo" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    """The parser is as strict as Telegram's, and complains as it does."""
    with pytest.raises(Refused) as refused:
        from_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_only_four_named_entities_and_numbers_are_decoded() -> None:
    """Other named entities stay as they are written."""
    assert from_html("&lt;&gt;&amp;&quot;&#39;&#x41;&nbsp;&copy; & &ltx").plain == "<>&\"'A&nbsp;&copy; & &ltx"


def test_space_around_a_message_is_cut_and_entities_move() -> None:
    """What is left around the text is trimmed; entities keep their words."""
    text = from_html("\n  <b> hi </b> \n")
    assert (text.plain, text.entities) == ("hi", ({"type": "bold", "offset": 0, "length": 2},))


def test_link_without_an_address_stays_plain() -> None:
    """A link to nowhere loses its link, not its words."""
    assert from_html("<a>word</a>") == Text("word", ())


def test_commands_and_links_are_found() -> None:
    """What apps find by themselves: commands, links, mentions, tags; not inside code."""
    found = detected(from_html("/start see https://a.org/b. @someone #tag <code>/no</code> a/b"))
    assert [e["type"] for e in found.entities] == ["bot_command", "url", "mention", "hashtag", "code"]
    assert found.entities[1]["length"] == units("https://a.org/b")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_through(text: str) -> None:
    """Whatever is escaped by the standard library arrives as it was, but for the space around it."""
    assert from_html(html.escape(text)).plain == text.strip()


_words = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=5).map(html.escape)
_marked = st.recursive(
    _words,
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format, st.sampled_from(["b", "i", "u", "s"]), st.lists(inner, min_size=1).map("".join)
    ),
    max_leaves=12,
)


@given(_marked)
def test_shown_html_says_the_same_again(source: str) -> None:
    """What a person is shown parses to the very text and formatting that the bot sent."""
    text = from_html(source)
    again = from_html(to_html(text.plain, text.entities))
    assert again.plain == text.plain
    assert sorted(map(str, again.entities)) == sorted(map(str, text.entities))
