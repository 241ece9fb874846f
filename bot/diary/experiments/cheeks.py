"""Which cheek of a photo is the person's own left one: some phones save a selfie as a mirror shows it."""

from typing import Final

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.reports.allowance import TooManyPhotos
from bot.reports.charts import Screen
from bot.reports.pictures import ReportPictures
from bot.reports.reader import ReportReader
from bot.skin.analysis import SkinZone
from bot.skin.card import OnCard
from bot.storage.records import PersonRecord, ReportRecord
from bot.telegram.errors import FileGone
from bot.views.experiments import SideView

_ON_THE_LEFT: Final = OnCard(lines=frozenset({SkinZone.LEFT_CHEEK}))  # of the picture


class CheekQuestion:
    def __init__(self, *, pictures: ReportPictures, reader: ReportReader, workshop: Workshop) -> None:
        self._pictures = pictures
        self._reader = reader
        self._workshop = workshop

    async def screen(self, person: PersonRecord, report: ReportRecord) -> Screen:  # noqa: ARG002 - as others are asked
        """With the cheek on the picture's left marked; in words where the photo can't be had any more."""
        try:
            photo = await self._pictures.photo_again(report)
            face = self._reader.analysis(report).face
            marked = await self._workshop.run(pixel_tasks.draw_card, photo, _ON_THE_LEFT, face)
        except (FileGone, TooManyPhotos, PhotoRejected):
            marked = None
        view = SideView(pictured=marked is not None, number=report.number)
        return Screen(name=view.template, view=view, picture=marked)
