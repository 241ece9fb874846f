"""The camera on the page: the photo to be like, and a photo that was taken, which goes the way of every selfie."""

import io
from dataclasses import dataclass, field
from typing import Final

from bot.operations.miniapp import PageCall
from bot.people.voice import Voice
from bot.reports.comparison import Comparisons
from bot.reports.gallery import Gallery
from bot.reports.requests import ReportRequests
from bot.storage.records import IncomingPhoto, PersonRecord

_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")  # what a page's camera and its file picker give, and HEIC
_FTYP: Final = b"ftyp"
_NAME: Final = "selfie.jpg"


@dataclass(frozen=True, kw_only=True)
class CameraCalls:
    """`arriving`: whose photo is on its way into the chat."""

    comparisons: Comparisons
    gallery: Gallery
    desk: ReportRequests
    voice: Voice
    arriving: set[int] = field(default_factory=set)

    async def ghost(self, person: PersonRecord) -> bytes | None:
        """The newest photo of theirs that compares with most others. Raises TooManyPhotos, DeliveryError."""
        report = await self.comparisons.newest_usual(person)
        return None if report is None else await self.gallery.photo(person, report)

    async def photo(self, person: PersonRecord, call: PageCall) -> int:
        """Into the chat as a file of theirs, then handed in: only what is stored is acknowledged.

        Returns the answer's status. Raises DeliveryError, PersonGone.
        """
        if person.id in self.arriving or call.photo is None:
            return 409
        self.arriving.add(person.id)
        try:
            data = await call.photo()
            if not data.startswith(_PICTURES) and data[4:8] != _FTYP:
                return 415
            shown = await self.voice.put_in_chat(person, io.BytesIO(data), _NAME, "photo_taken")
            photo = IncomingPhoto(
                file_id=shown.file_id,
                unique_id=shown.unique_id,
                message_id=shown.message_id,
                as_file=True,
                size=len(data),
            )
            await self.desk.hand_in(person, photo, album=None)
        finally:
            self.arriving.discard(person.id)
        return 200
