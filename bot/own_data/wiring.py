"""A person's own data, wired: shown, taken along, given up, and kept no longer than is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.imaging.workshop import Workshop
from bot.own_data.erasing import Erasing
from bot.own_data.export import Export
from bot.own_data.moving import Moving
from bot.own_data.overview import MyData
from bot.own_data.retention import Retention
from bot.own_data.sheet import DoctorSheet
from bot.own_data.trimming import Trimming
from bot.people.wiring import PeopleParts
from bot.reports.wiring import ReportParts
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
    stop: Callable[[int], Awaitable[None]],
    now: Clock,
) -> OwnDataParts:
    """`stop` ends what this process is doing for a person."""
    voice = people.voice
    erasing = Erasing(rows=store.people, said=store.sent_messages, voice=voice, stop=stop, now=now)
    return OwnDataParts(
        overview=MyData(
            rows=store.own_data,
            people=people.people,
            requests=reports.requests,
            reminders=store.reminders,
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
        sheet=DoctorSheet(rows=store.own_data, voice=voice, renderer=people.renderer, reader=reports.reader, now=now),
        erasing=erasing,
        retention=Retention(
            rows=store.retention,
            said=store.sent_messages,
            erasing=erasing,
            trimming=Trimming(rows=store.trimming, workshop=workshop),
            voice=voice,
            now=now,
        ),
        moving=Moving(rows=store.moving, voice=voice, stop=stop, now=now),
    )
