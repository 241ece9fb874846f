"""Two photos of a person that compare, as far apart as there are, eye on eye; or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.reports.allowance import TooManyPhotos
from bot.reports.pictures import ReportPictures
from bot.reports.reader import ReportReader
from bot.skin.compare import Snapshot, spans
from bot.storage.records import PersonRecord
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import FileGone, NotDelivered
from bot.views.sheet import NoPair

_APART: Final = timedelta(days=1)  # two photos of one day tell nothing of the skin
_MOST_FETCHED: Final = 8


@dataclass(frozen=True, kw_only=True)
class FacePair:
    """JPEGs of one size."""

    earlier: Snapshot
    later: Snapshot
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


class SheetPhotos:
    def __init__(
        self, *, reports: ReportRows, pictures: ReportPictures, reader: ReportReader, workshop: Workshop
    ) -> None:
        self._reports = reports
        self._pictures = pictures
        self._reader = reader
        self._workshop = workshop

    def lacking(self, person: PersonRecord, comparable: Sequence[Snapshot]) -> NoPair | None:
        """Why there can be none, as far as that is known before any photo is fetched."""
        if person.consent_version is None:
            return NoPair.NOT_PERMITTED
        if not person.keeps_pictures:
            return NoPair.NOT_KEPT
        if next(spans(comparable, apart=_APART), None) is None:
            return NoPair.NONE_COMPARE
        return None

    async def pair(self, person: PersonRecord, comparable: Sequence[Snapshot]) -> FacePair | NoPair:
        """The newest that compares beside the first; where Telegram has one of them no more, the next of that kind.

        Raises PersonGone.
        """
        lacking = self.lacking(person, comparable)
        if lacking is not None:
            return lacking
        sides: dict[int, pixel_tasks.Side | None] = {}
        for earlier, later in spans(comparable, apart=_APART):
            for number in (later.number, earlier.number):
                if number not in sides:
                    if len(sides) == _MOST_FETCHED:
                        return NoPair.GONE
                    try:
                        sides[number] = await self._side(person, number)
                    except (TooManyPhotos, NotDelivered):
                        return NoPair.LATER
                if sides[number] is None:
                    break
            before, after = sides.get(earlier.number), sides.get(later.number)
            if before is not None and after is not None:
                one, other = await self._workshop.run(pixel_tasks.cut_pair, before, after)
                return FacePair(earlier=earlier, later=later, before=one, after=other)
        return NoPair.GONE

    async def _side(self, person: PersonRecord, number: int) -> pixel_tasks.Side | None:
        """None when the photo can't be had any more."""
        report = await self._reports.of_person(person.id, number)
        if report is None:
            return None
        try:
            photo = await self._pictures.photo_again(report)
        except (FileGone, PhotoRejected):
            return None
        return pixel_tasks.Side(jpeg=photo.jpeg, face=self._reader.analysis(report).face, label="")
