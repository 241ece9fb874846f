"""The pictures of a report: the face with what is told of it, and with what of it counts as red."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final, Self

from bot.analysis import pixel_tasks
from bot.imaging.intake.clean_photo import CleanPhoto
from bot.imaging.workshop import Workshop
from bot.reports.photos import PhotoIntake, Taken
from bot.reports.reader import ReadAnswer
from bot.skin.analysis import Analysis
from bot.skin.card import TOLD, shown_on
from bot.storage.records import IncomingPhoto, PersonRecord, ReportRecord
from bot.telegram.errors import FileGone, FileTooBig

_VERSION: Final = 1  # of how a card looks: earlier drawings are made anew


@dataclass(frozen=True, kw_only=True)
class DrawingStyle:
    """What a person does not want on their pictures: kinds of marks, and what they called not true of a report."""

    left_out: frozenset[str] = frozenset()

    @classmethod
    def of(cls, person: PersonRecord, report: ReportRecord) -> Self:
        return cls(left_out=person.hidden_marks | report.disputed)

    @property
    def name(self) -> str:
        """A stored drawing is known by it to be of that style; nobody reads from it what is left out."""
        listed = " ".join(sorted(self.left_out))
        return f"card{_VERSION}-{blake2s(listed.encode(), digest_size=4).hexdigest()}"


class ReportPictures:
    """Methods raise PhotoRejected when the photo that Telegram has is none any more, and DeliveryError."""

    def __init__(self, *, photos: PhotoIntake, workshop: Workshop) -> None:
        self._photos = photos
        self._workshop = workshop

    async def photo(self, report: ReportRecord) -> CleanPhoto:
        """The photo that a report is about, fetched for its first picture. Raises FileGone."""
        return await self._fetched(report, self._take)

    async def photo_again(self, report: ReportRecord) -> CleanPhoto:
        """As `photo`, for another picture. Raises FileGone, TooManyPhotos."""
        return await self._fetched(report, self._photos.take_again)

    async def drawn(
        self, report: ReportRecord, answer: ReadAnswer, style: DrawingStyle, photo: CleanPhoto, card: str = TOLD
    ) -> bytes:
        shown = shown_on(card, answer.analysis, answer.report, left_out=style.left_out)
        return await self._workshop.run(pixel_tasks.draw_card, photo, shown, answer.analysis.face, report.red_map)

    async def redness(self, report: ReportRecord, analysis: Analysis, ends: tuple[str, str]) -> bytes | None:
        """None without a map of redness, or without the photo. Raises TooManyPhotos."""
        if report.red_map is None:
            return None
        try:
            photo = await self.photo_again(report)
        except FileGone:
            return None
        share = analysis.redness.area if analysis.redness else None
        return await self._workshop.run(pixel_tasks.draw_redness, photo, analysis.face, share, report.red_map, ends)

    async def _fetched(self, report: ReportRecord, take: Callable[[ReportRecord], Awaitable[Taken]]) -> CleanPhoto:
        if not _photo_of(report).file_id:
            raise FileGone  # the person had their pictures deleted
        try:
            return (await take(report)).photo
        except FileTooBig:
            raise FileGone from None

    async def _take(self, report: ReportRecord) -> Taken:
        return await self._photos.take(_photo_of(report))


def _photo_of(report: ReportRecord) -> IncomingPhoto:
    return report.photos[report.chosen or 0]
