"""skinbot check: one fact a line about what this set-up has and lacks."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.analysis import AccountBlocked, AnalysisUnavailable
from bot.analysis.ailab.client import AILab
from bot.analysis.local import is_installed
from bot.commands.failures import ending_of, ending_of_trouble
from bot.commands.surroundings import surroundings
from bot.config import Config, Fallback, names_set
from bot.imaging.workshop.cores import memory_limit
from bot.outgoing import proxy_for, vendor_client
from bot.storage.engine.glance import Glance, glance_at
from bot.storage.engine.key_file import is_open_to_others, key_file
from bot.storage.engine.keys import KeyInvalid, Keyring
from bot.storage.engine.location import LITTLE_SPACE_BYTES, DatabaseUrlInvalid, folder_of, location_of
from bot.storage.engine.troubles import Trouble
from bot.storage.upkeep.openable import Openable
from bot.telegram.wire import AiohttpRequest
from bot.views.operator import CheckFact, CheckLine


async def checkup(config: Config) -> tuple[CheckLine, ...]:
    """Every line, good or not; nothing is sent to anybody and nothing is paid."""
    return (
        *await _token(config),
        *_responsible(config),
        await _analyzer(config),
        *fallback(config, installed=is_installed()),
        *await _database(config),
        *_webhook(config),
        *await _webapp(config),
        *_disk(config),
        *surroundings(config, names_set(), memory=memory_limit(), settings=Path(".env")),
    )


async def _token(config: Config) -> tuple[CheckLine, ...]:
    if config.telegram_token is None:
        return (CheckLine(fact=CheckFact.TOKEN_MISSING, good=False),)
    try:
        request = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        async with Bot(config.telegram_token, base_url=f"{config.telegram_api_url}/bot", request=request) as bot:
            good = CheckLine(fact=CheckFact.TOKEN_GOOD, good=True, detail=f"@{bot.username}")
            return good, *await _introduced(bot)
    except InvalidToken:
        return (CheckLine(fact=CheckFact.TOKEN_REFUSED, good=False),)
    except TelegramError:
        return (CheckLine(fact=CheckFact.TELEGRAM_SILENT, good=False),)


async def _introduced(bot: Bot) -> tuple[CheckLine, ...]:
    """What people see before they have said a word. The policy's link is told to nobody."""
    policy = CheckLine(fact=CheckFact.POLICY_UNSEEN, good=True, hint=True)
    text, pictures = await bot.get_my_description(), await bot.get_user_profile_photos(bot.id, limit=1)
    if text.description and pictures.total_count:
        return (policy,)
    return CheckLine(fact=CheckFact.UNINTRODUCED, good=True, hint=True), policy


def _responsible(config: Config) -> tuple[CheckLine, ...]:
    """What people have to be told; the local chat asks nobody but who runs it."""
    if config.telegram_token is None:
        return ()
    untold = config.untold
    fact = CheckFact.RESPONSIBLE_UNTOLD if untold else CheckFact.RESPONSIBLE_GOOD
    return (CheckLine(fact=fact, good=not untold, detail=", ".join(untold)),)


async def _analyzer(config: Config) -> CheckLine:
    if not config.pays or config.ailab_api_key is None:
        installed = is_installed()
        return CheckLine(fact=CheckFact.LOCAL_GOOD if installed else CheckFact.LOCAL_MISSING, good=installed)
    async with vendor_client(config) as client:
        ailab = AILab(client=client, api_key=config.ailab_api_key, url=config.ailab_api_url)
        try:
            left = (await ailab.credits()).analyses
        except AccountBlocked:
            return CheckLine(fact=CheckFact.KEY_REFUSED, good=False)
        except AnalysisUnavailable:
            return CheckLine(fact=CheckFact.AILAB_SILENT, good=False)
    if left == 0:
        return CheckLine(fact=CheckFact.CREDITS_GONE, good=False, analyses=0)
    return CheckLine(fact=CheckFact.KEY_GOOD, good=True, analyses=left)


def fallback(config: Config, *, installed: bool) -> tuple[CheckLine, ...]:
    """What is offered while the vendor is away; where photos are read here anyway, `_analyzer` has said it."""
    if config.fallback is Fallback.NONE or not config.pays or installed:
        return ()
    return (CheckLine(fact=CheckFact.FALLBACK_MISSING, good=False),)


async def _database(config: Config) -> tuple[CheckLine, ...]:
    """Nothing is made, migrated or written for this: who asks may be about to move a database there."""
    try:
        file = key_file(config.database_url)
        setting = config.data_key or (file.read_text(encoding="latin-1") if file and file.exists() else None)
        keyring = _keyring(setting)
        seen = await asyncio.to_thread(glance_at, config.database_url, keyring, erased_list=config.erased_list)
        beside = [] if config.data_key or file is None else [*_beside(file)]
        if location_of(config.database_url).file is not None and config.erased_list is None:
            beside.append(CheckLine(fact=CheckFact.ERASED_BESIDE, good=True, hint=True))
        return _stands(seen), _fits(seen, setting, keyring, makes_one=file is not None), *_opens(seen, keyring), *beside
    except Exception as error:
        ending = ending_of(error)
        if ending is None:
            raise
        why = "" if ending is ending_of_trouble(Trouble.OTHER) else ending.says  # which only names this command
        return (CheckLine(fact=CheckFact.DATABASE_FAILED, good=False, detail=why),)


def _stands(seen: Glance) -> CheckLine:
    if not seen.is_there:
        return CheckLine(fact=CheckFact.DATABASE_NEW, good=True)
    return CheckLine(fact=CheckFact.DATABASE_GOOD if seen.is_newest else CheckFact.DATABASE_OLD, good=True)


def _keyring(setting: str | None) -> Keyring | None:
    try:
        return None if setting is None else Keyring.from_setting(setting)
    except KeyInvalid:
        return None


def _fits(seen: Glance, setting: str | None, keyring: Keyring | None, *, makes_one: bool) -> CheckLine:
    if setting is None:
        fine = makes_one and not seen.sealed_by
        missing = CheckFact.DATA_KEY_MISSING if not makes_one else CheckFact.DATA_KEY_WRONG
        return CheckLine(fact=CheckFact.DATA_KEY_NEW if fine else missing, good=fine)
    if keyring is None:
        unfit = CheckFact.DATA_KEY_WRONG if seen.sealed_by else CheckFact.DATA_KEY_WEAK
        return CheckLine(fact=unfit, good=False)
    fits = seen.sealed_by <= keyring.fingerprints
    return CheckLine(fact=CheckFact.DATA_KEY_GOOD if fits else CheckFact.DATA_KEY_WRONG, good=fits)


def _opens(seen: Glance, keyring: Keyring | None) -> Iterator[CheckLine]:
    """A weak key goes on where it has sealed already; a new one is refused by the start."""
    if keyring is not None and keyring.is_weak:
        in_use = keyring.newest in seen.sealed_by
        yield CheckLine(fact=CheckFact.DATA_KEY_WEAK, good=in_use, hint=in_use)
    if seen.opens is None:
        return
    if seen.opens.keyless:
        yield CheckLine(fact=CheckFact.SEALED_KEYLESS, good=False, detail=str(seen.opens.keyless))
    if seen.opens.broken:
        yield CheckLine(fact=CheckFact.SEALED_BROKEN, good=False, detail=", ".join(seen.opens.broken))
    if seen.opens == Openable():
        yield CheckLine(fact=CheckFact.SEALED_GOOD, good=True)


def _beside(file: Path) -> Iterator[CheckLine]:
    if not file.exists():
        return
    if is_open_to_others(file):
        yield CheckLine(fact=CheckFact.DATA_KEY_OPEN, good=True, hint=True, detail=str(file))
    yield CheckLine(fact=CheckFact.DATA_KEY_BESIDE, good=True, hint=True, detail=str(file))


def _webhook(config: Config) -> tuple[CheckLine, ...]:
    """What Telegram would not call, or not take, `read_config` has refused already."""
    if config.webhook_url is None:
        return ()
    return (CheckLine(fact=CheckFact.WEBHOOK_GOOD, good=True, detail=urlsplit(config.webhook_url).hostname or ""),)


async def _webapp(config: Config) -> tuple[CheckLine, ...]:
    """The bot may not run yet, and then nobody answers: so it is a hint."""
    if config.webapp_url is None:
        local = config.telegram_token is None
        return () if local else (CheckLine(fact=CheckFact.WEBAPP_NONE, good=True, hint=True),)
    from bot.operations.reaching import answers  # noqa: PLC0415 - for this only

    reached = await answers(config.webapp_url, proxy_for(config.webapp_url, config))
    fact = CheckFact.WEBAPP_GOOD if reached else CheckFact.WEBAPP_SILENT
    return (CheckLine(fact=fact, good=True, hint=not reached, detail=urlsplit(config.webapp_url).hostname or ""),)


def _disk(config: Config) -> tuple[CheckLine, ...]:
    try:
        folder = folder_of(config.database_url)
        if folder is None:
            return ()
        free = shutil.disk_usage(folder).free
    except (DatabaseUrlInvalid, OSError):
        return ()  # the database's own line says it
    low = free < LITTLE_SPACE_BYTES
    fact = CheckFact.DISK_LOW if low else CheckFact.DISK_GOOD
    return (CheckLine(fact=fact, good=not low, detail=f"{free // 1_000_000} MB"),)
