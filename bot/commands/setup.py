"""skinbot setup: three questions, a `.env` for this user alone, a bot that introduces itself, a face that is read."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import set_key
from telegram import Bot
from telegram.error import TelegramError

from bot.commands.analyze import PhotoUnusable, ServiceUnavailable, measure
from bot.commands.answers import Checks, Dialogue, GivenUp, Settings, access, company, responsible, transfer
from bot.commands.check import checkup
from bot.config import AnalyzerChoice, Config, names_set, read_config
from bot.outgoing import proxy_for
from bot.playground.page.sample import sample_face
from bot.rendering.renderer import Renderer
from bot.telegram.profile import present
from bot.telegram.wire import AiohttpRequest
from bot.views.operator import CheckView, SetupView, SetupWord

_FILE: Final = Path(".env")
_FOR_ME_ALONE: Final = 0o600


async def set_up(config: Config, dialogue: Dialogue, renderer: Renderer) -> CheckView:
    """What is set already is not asked for again. Raises GivenUp, and OSError where `.env` can't be written."""
    checks, given = Checks(config=config, say=dialogue.say), frozenset(names_set())
    answers: Settings = {}
    for names, question, check in (
        ({"TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE"}, SetupWord.ASK_TOKEN, checks.token),
        ({"OPERATOR_NAME"}, SetupWord.ASK_RESPONSIBLE, responsible),
        ({"ACCESS", "ALLOWED_IDS"}, SetupWord.ASK_ACCESS, access),
    ):
        if known := given & names:
            dialogue.say(SetupView(word=SetupWord.IS_SET, detail=", ".join(sorted(known))))
        else:
            answers |= await dialogue.answered(question, check)
    _keep(dialogue, answers)
    config = read_config()
    await _introduce(config, dialogue, renderer)
    if not config.pays:
        await _try_a_face(config, dialogue, renderer)
        dialogue.say(SetupView(word=SetupWord.AILAB_LATER))
    return await _left_open(config, dialogue)


async def set_up_ailab(config: Config, dialogue: Dialogue) -> CheckView:
    """As `set_up`, for those who let AILabTools read the photos."""
    answers = await dialogue.answered(SetupWord.ASK_KEY, Checks(config=config, say=dialogue.say).key)
    answers |= await dialogue.answered(SetupWord.ASK_COMPANY, company)
    answers |= await dialogue.answered(SetupWord.ASK_TRANSFER, transfer)
    _keep(dialogue, answers)
    return await _left_open(read_config(), dialogue)


def _keep(dialogue: Dialogue, answers: Settings) -> None:
    if not answers:
        return
    try:
        write_settings(_FILE, answers)
    except OSError:
        dialogue.say(SetupView(word=SetupWord.NOT_WRITTEN, detail=str(_FILE.absolute())))
        raise GivenUp from None
    dialogue.say(SetupView(word=SetupWord.WRITTEN, detail=str(_FILE.absolute())))


def write_settings(file: Path, settings: Mapping[str, str]) -> None:
    """All of them or none, beside what stands there; nobody else can read it. Raises OSError."""
    before = file.read_bytes() if file.exists() else b""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=".env.")  # made for this user alone
    draft = Path(name)
    try:
        os.close(handle)
        draft.write_bytes(before)
        for key, value in settings.items():
            set_key(draft, key, value)
        draft.chmod(_FOR_ME_ALONE)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


async def _introduce(config: Config, dialogue: Dialogue, renderer: Renderer) -> None:
    request = AiohttpRequest(proxy_for(config.telegram_api_url, config))
    try:
        token = config.telegram_token or ""
        async with Bot(token, base_url=f"{config.telegram_api_url}/bot", request=request) as bot:
            await present(bot, renderer)
    except TelegramError:
        dialogue.say(SetupView(word=SetupWord.NOT_INTRODUCED))
    else:
        dialogue.say(SetupView(word=SetupWord.INTRODUCED))


async def _try_a_face(config: Config, dialogue: Dialogue, renderer: Renderer) -> None:
    """The whole way that a selfie takes, but for the chat."""
    dialogue.say(SetupView(word=SetupWord.READING))
    if config.analyzer is AnalyzerChoice.AILAB:
        return
    try:
        await measure(config, sample_face(), locale="en", renderer=renderer)
    except (PhotoUnusable, ServiceUnavailable) as error:
        dialogue.say(SetupView(word=SetupWord.NOT_READ, detail=str(error)))
    else:
        dialogue.say(SetupView(word=SetupWord.READ))


async def _left_open(config: Config, dialogue: Dialogue) -> CheckView:
    """The lines of `skinbot check`."""
    lines = await checkup(config)
    if all(line.good for line in lines):
        dialogue.say(SetupView(word=SetupWord.START))
    return CheckView(lines=lines)
