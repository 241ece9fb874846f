"""The one way in which a file is turned down."""

from bot.skin.photo import RejectReason


class PhotoRejected(Exception):
    """The file can't become a photo for the analyzer, whatever the person says."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason)
        self.reason = reason
