"""What the bot tells Telegram about itself at its start, language by language."""

import shutil
from pathlib import Path
from typing import Final

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground.server.wire import Raw
from bot.playground.server.world import Profile
from bot.rendering.renderer import Renderer
from bot.telegram.application import introduce
from tests.telegram import Refuse, StagedTelegram

TEMPLATES: Final = Path(__file__).parents[3] / "templates"
REFUSED: Final = Refuse(status=400, description="Bad Request: invalid language code specified")


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    """Ours and four languages more, two of them as they are spoken in one country; all in Spanish words."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    for locale in ("ja", "pt_BR", "tr", "zh_Hans"):
        shutil.copytree(templates / "locale" / "es", templates / "locale" / locale)
    return Renderer(templates)


async def introduced(renderer: Renderer, *, menu_button: Raw | None = None, **faults: Refuse) -> Profile:
    """`menu_button`: what an earlier start left."""
    async with StagedTelegram() as telegram:
        telegram.world.profile.menu_button = menu_button or telegram.world.profile.menu_button
        for method, fault in faults.items():
            telegram.fail_next(method, fault)
        base, files = f"{telegram.url}/bot", f"{telegram.url}/file/bot"
        async with Bot(telegram.token, base_url=base, base_file_url=files, request=HTTPXRequest()) as bot:
            await introduce(bot, renderer)
        return telegram.world.profile


async def test_menus_of_languages_with_a_country(renderer: Renderer) -> None:
    """Telegram's menus know two letters only: pt_BR is set for pt, zh_Hans for zh, English for everybody else."""
    profile = await introduced(renderer)
    assert sorted(language for _, language in profile.commands) == ["", "es", "ja", "pt", "tr", "zh"]
    assert {language for kind, language in profile.descriptions if kind == "Description"} == {
        *("", "es", "ja", "pt", "tr", "zh")
    }


async def test_a_refused_language_takes_no_other_with_it(renderer: Renderer) -> None:
    """Whatever Telegram has against one language, all the others have their menus and their texts."""
    profile = await introduced(renderer, setMyDescription=REFUSED, setMyCommands=REFUSED)
    assert sorted(language for _, language in profile.commands) == ["es", "ja", "pt", "tr", "zh"]
    assert len({language for kind, language in profile.descriptions if kind == "ShortDescription"}) == 4


async def test_a_button_for_everybody_goes() -> None:
    """One of an earlier version: each chat has its own now. What Telegram has of its own is left alone."""
    button: Raw = {"type": "web_app", "text": "My skin", "web_app": {"url": "https://bot.example.org/skin/"}}
    renderer = Renderer(webapp_url="https://bot.example.org/skin")
    assert (await introduced(renderer, menu_button=button)).menu_button == {"type": "default"}
    assert (await introduced(renderer)).menu_button == {"type": "commands"}
