"""What can go wrong on the way to a person, and with a file of theirs."""

from telegram.error import NetworkError


class DeliveryError(Exception):
    """Telegram did not take a message. `permanent`: trying again is of no use (blocked, deleted account).

    `unsent`: it certainly did not arrive.
    """

    def __init__(self, cause: str, *, permanent: bool, unsent: bool = False) -> None:
        super().__init__(cause)
        self.permanent = permanent
        self.unsent = permanent or unsent


class Unreachable(DeliveryError):
    """The person blocked the bot or deleted their account: nothing reaches them until they write again."""

    def __init__(self) -> None:
        super().__init__("the person can't be reached", permanent=True)


class MessageLost(Exception):
    """The message to edit is gone (the person deleted it) or can't be edited any more."""


class FileGone(Exception):
    """Telegram does not have the file any more."""


class FileTooBig(Exception):
    """Telegram hands bots files of up to 20 MB only."""


class TooShort(NetworkError):
    """A download that is not what Telegram announced: a proxy's page, or half a file."""

    def __init__(self, content: bytes) -> None:
        super().__init__("shorter than announced")
        self.content = content
