"""The one way in which a file is turned down."""

from bot.skin.photo import PhotoError, RejectReason


class PhotoRejected(PhotoError):
    """The file can't become a photo for the analyzer, whatever the person says."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason)
        self.reason = reason
