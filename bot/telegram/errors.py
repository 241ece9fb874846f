"""What can go wrong on the way to a person, and with a file of theirs.

NotDelivered
├── DeliveryError
│   └── Unreachable
└── MessageLost
FileUnavailable
├── FileGone
└── FileTooBig
telegram.error.NetworkError
└── TooShort
"""

from datetime import timedelta

from telegram.error import NetworkError


class NotDelivered(Exception):
    """A person did not get to see something."""


class DeliveryError(NotDelivered):
    """Telegram did not take a message. `permanent`: trying again is of no use (blocked, deleted account).

    `unsent`: it certainly did not arrive. `silent_for`: Telegram wants to hear nothing for that chat so long.
    """

    def __init__(
        self, cause: str, *, permanent: bool, unsent: bool = False, silent_for: timedelta | None = None
    ) -> None:
        super().__init__(cause)
        self.permanent = permanent
        self.unsent = permanent or unsent
        self.silent_for = silent_for


class Unreachable(DeliveryError):
    """The person blocked the bot or deleted their account: nothing reaches them until they write again."""

    def __init__(self) -> None:
        super().__init__("the person can't be reached", permanent=True)


class MessageLost(NotDelivered):
    """The message to edit is gone (the person deleted it) or can't be edited any more."""


class FileUnavailable(Exception):
    """Telegram does not hand a file out."""


class FileGone(FileUnavailable):
    """Telegram does not have the file any more."""


class FileTooBig(FileUnavailable):
    """Telegram hands bots files of up to 20 MB only."""


class TooShort(NetworkError):
    """A download that is not what Telegram announced: a proxy's page, or half a file."""

    def __init__(self, content: bytes) -> None:
        super().__init__("shorter than announced")
        self.content = content
