"""Templates and a locale in, Telegram HTML out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import escape

from bot.rendering.renderer import Button, Renderer, TextTooLong, plain, visible_length

RENDERER = Renderer()


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    catalog = tmp_path / "locale" / "es" / "LC_MESSAGES" / "skinbot.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s día"\nmsgstr[1] "%(n)s días"\n\n'
        'msgid "Hello <b>%(who)s</b>"\nmsgstr "Hola <b>%(who)s</b>"\n',
        encoding="utf-8",
    )
    return tmp_path


def made(templates: Path, body: str, *, name: str = "note") -> Renderer:
    (templates / "messages" / f"{name}.html.j2").write_text(body, encoding="utf-8")
    return Renderer(templates)


def test_hostile_text_is_escaped_also_inside_a_translation(templates: Path) -> None:
    """Whatever a name holds, it comes out as text: no tag, no template, in every language."""
    renderer = made(
        templates,
        "{% block text %}{% trans who=view.name %}Hello <b>{{ who }}</b>{% endtrans %}{{ view.name }}{% endblock %}",
    )
    hostile = "<i>{{7*7}}</i> %s &amp; \u202e'\""
    for locale, greeting in (("en", "Hello "), ("es", "Hola ")):
        rendered = renderer.render("note", locale, Named(name=hostile)).text
        assert plain(rendered) == f"{greeting}{hostile}{hostile}"
        assert "<i>" not in rendered


class Named:
    def __init__(self, *, name: str) -> None:
        self.name = name


def test_plurals_follow_the_language(templates: Path) -> None:
    """One day, two days, dos días."""
    renderer = made(
        templates,
        "{% block text %}{% trans n=view %}{{ n }} day{% pluralize %}{{ n }} days{% endtrans %}{% endblock %}",
    )
    said = [renderer.render("note", locale, n).text for locale in ("en", "es") for n in (1, 2)]
    assert said == ["1 day", "2 days", "1 día", "2 días"]


def test_undefined_name_is_an_error(templates: Path) -> None:
    """A template that asks for what the view has not got fails loudly, in the tests."""
    with pytest.raises(UndefinedError):
        made(templates, "{% block text %}{{ view.nothing }}{% endblock %}").render("note", "en", 1)


def test_longer_variant_gives_way_to_one_that_fits(templates: Path) -> None:
    """The fullest variant that fits is taken, whole."""
    renderer = made(
        templates,
        "{% block text %}{{ 'long ' * view }}{% endblock %}{% block text_shorter %}short{% endblock %}",
        name="redness",
    )
    assert renderer.render("redness", "en", 204).text == ("long " * 204).strip()
    assert renderer.render("redness", "en", 206).text == "short"


def test_message_without_a_fitting_variant_is_an_error(templates: Path) -> None:
    """Nothing is cut in the middle of a sentence."""
    with pytest.raises(TextTooLong):
        made(templates, "{% block text %}{{ 'x' * 4097 }}{% endblock %}").render("note", "en")


def test_buttons_stand_in_rows_as_their_lines_do(templates: Path) -> None:
    """One line of the block is one row; labels are plain text."""
    renderer = made(
        templates,
        "{% block text %}x{% endblock %}{% block buttons %}\n"
        "{{ button(view, taps.again(1)) }}{{ button('B & b', taps.keep()) }}\n\n"
        "{{ button(_('Hello <b>%(who)s</b>', who=view), taps.zone()) }}\n{% endblock %}",
    )
    assert renderer.render("note", "es", "<A>").rows == (
        (Button(label="<A>", data="again:1"), Button(label="B & b", data="keep")),
        (Button(label="Hola <b><A></b>", data="zone"),),
    )


def test_button_carries_what_the_table_made(templates: Path) -> None:
    """Data that a template makes up is refused: no route would read it."""
    with pytest.raises(TypeError):
        made(
            templates, "{% block text %}x{% endblock %}{% block buttons %}{{ button('A', 'again:1') }}{% endblock %}"
        ).render("note", "en")


def test_air_in_a_template_is_not_air_in_a_message(templates: Path) -> None:
    """No trailing spaces, at most one blank line, none at a quote's edges."""
    body = "{% block text %}\n\na  \n\n\n\n  b\n<blockquote expandable>\nc\n\n</blockquote>\n\n{% endblock %}"
    assert made(templates, body).render("note", "en").text == "a\n\nb\n<blockquote expandable>c</blockquote>"


@given(st.text(st.characters(exclude_categories=())))
def test_visible_length_is_that_of_the_text_in_utf16(said: str) -> None:
    """What Telegram counts: after parsing, in UTF-16 units; an emoji beyond the first plane is two."""
    units = len(said.encode("utf-16-le", "surrogatepass")) // 2
    assert visible_length(f"<b>{escape(said)}</b>") == units


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es_419", "es"),
        ("ES", "es"),
        ("en-GB", "en"),
        ("tlh", "en"),
        ("", "en"),
        (None, "en"),
        ("e", "en"),
        ("../es", "en"),
    ],
)
def test_language_tag_finds_its_locale(tag: str | None, locale: str) -> None:
    """The region does not matter where the language is known; unknown ones are told in English."""
    assert RENDERER.locale_for(tag) == locale


def test_words_without_a_value_are_those_of_the_language(templates: Path) -> None:
    """In a table of words too; a percent sign that stands for itself is one, and nothing is escaped twice."""
    (templates / "locale" / "es" / "LC_MESSAGES" / "skinbot.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "<b>All</b> of it: 100 %%"\nmsgstr "<b>Todo</b>: 100 %%"\n',
        encoding="utf-8",
    )
    body = '{% block text %}{{ {"all": _("<b>All</b> of it: 100 %%"), "none": _("None")}["all"] }}{% endblock %}'
    renderer = made(templates, body)
    assert renderer.render("note", "en").text == "<b>All</b> of it: 100 %"
    assert renderer.render("note", "es").text == "<b>Todo</b>: 100 %"
