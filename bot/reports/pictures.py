"""The pictures of a report: marks drawn over its photo, and the map of redness blended over it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from bot.analysis import pixel_tasks
from bot.imaging.workshop import Workshop
from bot.reports.photos import PhotoIntake, Taken
from bot.skin.analysis import Analysis, Box, MarkKind
from bot.storage.records import IncomingPhoto, PersonRecord, ReportRecord
from bot.telegram.errors import FileGone, FileTooBig

_QUIET_STYLE: Final = "quiet"


@dataclass(frozen=True, kw_only=True)
class DrawingStyle:
    """How a person wants their pictures drawn: kinds of marks that are left out, and whether the legend counts.

    `name`: a stored drawing is known by it to be of that style.
    """

    hidden: frozenset[MarkKind] = frozenset()
    counts: bool = True

    @classmethod
    def of(cls, person: PersonRecord, report: ReportRecord) -> Self:
        """What the person called not true of the report is not drawn either."""
        untrue = {kind for kind in MarkKind if kind in report.disputed}
        counts = report.instrument is None or report.instrument.counts_spots
        return cls(hidden=person.hidden_marks | untrue, counts=counts and not person.quiet)

    @property
    def name(self) -> str | None:
        """None for the look that everybody starts with."""
        return " ".join([*sorted(self.hidden), *(() if self.counts else (_QUIET_STYLE,))]) or None

    def shown(self, marks: Mapping[MarkKind, tuple[Box, ...]]) -> dict[MarkKind, tuple[Box, ...]]:
        return {kind: boxes for kind, boxes in marks.items() if kind not in self.hidden}


class ReportPictures:
    """Methods raise PhotoRejected when the photo that Telegram has is none any more, and DeliveryError."""

    def __init__(self, *, photos: PhotoIntake, workshop: Workshop) -> None:
        self._photos = photos
        self._workshop = workshop

    async def photo(self, report: ReportRecord) -> bytes:
        """The JPEG that a report is about, fetched for its first picture. Raises FileGone."""
        return await self._fetched(report, self._take)

    async def photo_again(self, report: ReportRecord) -> bytes:
        """As `photo`, for another picture. Raises FileGone, TooManyPhotos."""
        return await self._fetched(report, self._photos.take_again)

    async def drawn(self, style: DrawingStyle, analysis: Analysis, photo: bytes) -> bytes:
        marks = style.shown(analysis.marks)
        return await self._workshop.run(pixel_tasks.annotate, photo, marks, face=analysis.face, counted=style.counts)

    async def blended(self, report: ReportRecord) -> bytes | None:
        """None without a map of redness, or without the photo. Raises TooManyPhotos."""
        if report.red_map is None:
            return None
        try:
            photo = await self.photo_again(report)
        except FileGone:
            return None
        return await self._workshop.run(pixel_tasks.blend_redness, photo, report.red_map)

    async def _fetched(self, report: ReportRecord, take: Callable[[ReportRecord], Awaitable[Taken]]) -> bytes:
        if not _photo_of(report).file_id:
            raise FileGone  # the person had their pictures deleted
        try:
            return (await take(report)).photo.jpeg
        except FileTooBig:
            raise FileGone from None

    async def _take(self, report: ReportRecord) -> Taken:
        return await self._photos.take(_photo_of(report))


def _photo_of(report: ReportRecord) -> IncomingPhoto:
    return report.photos[report.chosen or 0]
