"""A person's own data, wired: shown, taken along, given up, and kept no longer than is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.imaging.workshop import Workshop
from bot.own_data.erasing import Erasing
from bot.own_data.export import Export
from bot.own_data.moving import Moving
from bot.own_data.overview import MyData
from bot.own_data.retention import Retention
from bot.own_data.sheet.doctor import DoctorSheet
from bot.own_data.sheet.facts import SheetFactsReader
from bot.own_data.sheet.pair import SheetPhotos
from bot.own_data.trimming import Trimming
from bot.people.wiring import PeopleParts
from bot.reports.wiring import ReportParts, wire_series
from bot.storage import Store


@dataclass(frozen=True, kw_only=True)
class OwnDataParts:
    overview: MyData
    export: Export
    sheet: DoctorSheet
    erasing: Erasing
    retention: Retention
    moving: Moving


def wire_own_data(
    *,
    store: Store,
    workshop: Workshop,
    people: PeopleParts,
    reports: ReportParts,
    experiments: ExperimentsEnd,
    stop: Callable[[int], Awaitable[None]],
    now: Clock,
) -> OwnDataParts:
    """`stop` ends what this process is doing for a person."""
    voice = people.voice
    erasing = Erasing(
        rows=store.people, said=store.sent_messages, voice=voice, experiments=experiments, stop=stop, now=now
    )
    return OwnDataParts(
        overview=MyData(
            rows=store.own_data,
            people=people.people,
            requests=reports.requests,
            reminders=store.reminders,
            experiments=experiments,
            stop=stop,
            now=now,
        ),
        export=Export(
            rows=store.own_data,
            messenger=people.messenger,
            voice=voice,
            renderer=people.renderer,
            reader=reports.reader,
            now=now,
        ),
        sheet=_sheet(store, workshop, people, reports, now=now),
        erasing=erasing,
        retention=Retention(
            rows=store.retention,
            said=store.sent_messages,
            erasing=erasing,
            trimming=Trimming(rows=store.trimming, workshop=workshop),
            voice=voice,
            now=now,
        ),
        moving=Moving(rows=store.moving, voice=voice, experiments=experiments, stop=stop, now=now),
    )


def _sheet(store: Store, workshop: Workshop, people: PeopleParts, reports: ReportParts, *, now: Clock) -> DoctorSheet:
    return DoctorSheet(
        facts=SheetFactsReader(
            series=wire_series(store),
            reports=store.reports,
            feelings=store.feelings,
            products=store.products,
            experiments=store.experiments,
        ),
        photos=SheetPhotos(reports=store.reports, pictures=reports.pictures, reader=reports.reader, workshop=workshop),
        rows=store.own_data,
        voice=people.voice,
        renderer=people.renderer,
        now=now,
    )
