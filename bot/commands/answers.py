"""What the operator answers to `skinbot setup`: each answer is checked at once, and asked for again if need be."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.analysis import AccountBlocked, AnalysisUnavailable
from bot.analysis.ailab.client import AILab
from bot.config import TOKEN_FORM, Access, Config
from bot.outgoing import proxy_for, vendor_client
from bot.telegram.wire import AiohttpRequest
from bot.views.operator import SetupView, SetupWord

Settings = dict[str, str]
Check = Callable[[str], Awaitable["Settings | SetupView"]]

_TRIES: Final = 3
_IDS: Final = re.compile(r"\d+(?:\s*,\s*\d+)*")


class GivenUp(Exception):
    """No answer that can be used; nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """Where one asks and answers. `ask` raises EOFError when nobody answers."""

    say: Callable[[SetupView], None]
    ask: Callable[[], str]

    async def answered(self, question: SetupWord, check: Check) -> Settings:
        """The settings that the answer makes. Raises GivenUp after three answers that can't be used, and after none."""
        self.say(SetupView(word=question))
        for _ in range(_TRIES):
            try:
                found = await check(self.ask().strip())
            except EOFError:
                break
            if not isinstance(found, SetupView):
                return found
            self.say(found)
            if found.word in {SetupWord.TELEGRAM_SILENT, SetupWord.AILAB_SILENT}:
                break
        raise GivenUp


@dataclass(frozen=True, kw_only=True)
class Checks:
    """`config`: the proxies and addresses that stand already."""

    config: Config
    say: Callable[[SetupView], None]

    async def token(self, answer: str) -> Settings | SetupView:
        if not TOKEN_FORM.fullmatch(answer):
            return SetupView(word=SetupWord.TOKEN_UNFIT)
        try:
            request = AiohttpRequest(proxy_for(self.config.telegram_api_url, self.config))
            async with Bot(answer, base_url=f"{self.config.telegram_api_url}/bot", request=request) as bot:
                self.say(SetupView(word=SetupWord.TOKEN_GOOD, detail=f"@{bot.username}"))
        except InvalidToken:
            return SetupView(word=SetupWord.TOKEN_REFUSED)
        except TelegramError:
            return SetupView(word=SetupWord.TELEGRAM_SILENT)
        return {"TELEGRAM_TOKEN": answer}

    async def key(self, answer: str) -> Settings | SetupView:
        async with vendor_client(self.config) as client:
            try:
                left = await AILab(client=client, api_key=answer, url=self.config.ailab_api_url).credits()
            except AccountBlocked:
                return SetupView(word=SetupWord.KEY_REFUSED)
            except AnalysisUnavailable:
                return SetupView(word=SetupWord.AILAB_SILENT)
        self.say(SetupView(word=SetupWord.KEY_GOOD, analyses=left.analyses))
        return {"AILAB_API_KEY": answer}


async def responsible(answer: str) -> Settings | SetupView:
    return _pair(answer, "OPERATOR_NAME", "OPERATOR_CONTACT")


async def company(answer: str) -> Settings | SetupView:
    return _pair(answer, "AILAB_COMPANY", "AILAB_COUNTRY")


async def transfer(answer: str) -> Settings | SetupView:
    """The country is the first, and the basis may have commas."""
    country, _, basis = answer.partition(",")
    return _both("OPERATOR_COUNTRY", country, "AILAB_TRANSFER", basis)


async def access(answer: str) -> Settings | SetupView:
    """The first id is the admin's."""
    ids, comma, word = answer.rpartition(",")
    is_open = word.strip().lower() == Access.OPEN
    named = ids.strip() if is_open and comma else "" if is_open else answer
    if (named and not _IDS.fullmatch(named)) or (not named and not is_open):
        return SetupView(word=SetupWord.ACCESS_UNFIT)
    numbers = [number.strip() for number in named.split(",") if number]
    admin = {"ADMIN_IDS": numbers[0]} if numbers else {}
    if is_open:
        return {"ACCESS": Access.OPEN.value, **admin}
    return {"ACCESS": Access.NAMED.value, "ALLOWED_IDS": ",".join(numbers), **admin}


def _pair(answer: str, first: str, second: str) -> Settings | SetupView:
    """What stands before the last comma, and after it: a company's name may have some."""
    before, _, after = answer.rpartition(",")
    return _both(first, before, second, after)


def _both(first: str, one: str, second: str, other: str) -> Settings | SetupView:
    if not one.strip() or not other.strip():
        return SetupView(word=SetupWord.PAIR_UNFIT)
    return {first: one.strip(), second: other.strip()}
