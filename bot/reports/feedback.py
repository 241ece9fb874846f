"""What a person says about a report of theirs: a note in reply to it, and "not me" to a finding."""

from collections.abc import Callable
from dataclasses import replace

from bot.clock import Clock
from bot.people.written import tidied
from bot.reports.history import ReportHistory
from bot.reports.reader import ReportReader
from bot.skin.assess import seen_findings
from bot.skin.not_theirs import named_in
from bot.skin.question import QuestionAnswer
from bot.skin.report import Finding
from bot.storage.records import PersonRecord, Remarks, ReportRecord, Tried
from bot.storage.reports.feedback import FeedbackRows
from bot.views.reports import DisputeView, NoteView


class Feedback:
    def __init__(self, *, rows: FeedbackRows, past: ReportHistory, reader: ReportReader, now: Clock) -> None:
        self._rows = rows
        self._past = past
        self._reader = reader
        self._now = now

    async def shown_in(self, person: PersonRecord, message_id: int) -> int | None:
        """The number of the person's report that became that message."""
        return await self._rows.number_shown_in(person.id, message_id)

    async def note(self, person: PersonRecord, number: int, text: str) -> NoteView | None:
        """Keep a note with a report. None when there is no such report, or nothing readable was written."""
        note, cut = tidied(text)
        if not note or not await self._rows.set_note(person.id, number, note):
            return None
        return NoteView(number=number, note=note, cut=cut)

    async def of_message(self, person: PersonRecord, message_id: int) -> ReportRecord | None:
        """What became of the selfie that came with that message."""
        return await self._rows.of_message(person.id, message_id)

    async def correct(self, person: PersonRecord, report: ReportRecord, caption: str) -> NoteView | None:
        """Other words under a selfie take the place of its note. None when they say the same.

        What stands under one photo of an album is the note of all; under the others there is nothing.
        """
        note, cut = tidied(caption)
        if note == (report.note or "") or (not note and len(report.photos) > 1):
            return None
        if not await self._rows.set_note_of(person.id, report.id, note):
            return None
        return NoteView(number=report.number, note=note or None, cut=cut)

    async def remove_note(self, person: PersonRecord, number: int) -> NoteView | None:
        removed = await self._rows.set_note(person.id, number, None)
        return NoteView(number=number, note=None) if removed else None

    async def disputable(self, person: PersonRecord, number: int) -> DisputeView | None:
        """What was seen in a report, to call it not true or true again. None when there is no such report."""
        report = await self._past.find(person, number)
        return None if report is None else self._view(report)

    async def toggle(self, person: PersonRecord, number: int, key: str) -> DisputeView | None:
        """As `disputable`, after one finding was called none of theirs (or theirs again); an unknown key does nothing.

        It leads to nothing in the report from then on, nor in the next ones, and the report's message says so at once.
        """
        view = await self.disputable(person, number)
        finding = next((finding for finding, _ in view.seen if finding.key == key), None) if view else None
        if view is None or finding is None:
            return view
        report = await self._past.find(person, number)
        if report is None:
            return None
        whose = report.remarks.somebody_else
        things = () if whose else named_in(self._reader.analysis(report), _keys(finding))
        await self._rows.toggle_dispute(person.id, number, _keys(finding), things)
        return await self._told_anew(person, number)

    async def tell_again(self, person: PersonRecord, number: int, key: str) -> DisputeView | None:
        """As `disputable`, after spots of that kind, which were none of theirs in an earlier report, are told again."""
        report = await self._past.find(person, number)
        if report is None:
            return None
        again = [thing for thing in report.remarks.left_out if thing.key == key]
        left = tuple(thing for thing in report.remarks.left_out if thing.key != key)
        await self._rows.forget_not_theirs(person.id, again)
        await self._rows.remark(person.id, number, lambda remarks: replace(remarks, left_out=left))
        return await self._told_anew(person, number)

    async def somebody_else(self, person: PersonRecord, number: int) -> DisputeView | None:
        """As `disputable`, after the report was called somebody else's, or theirs after all.

        The one never counts for their experiment, the other may.
        """

        def turned(remarks: Remarks) -> Remarks:
            return replace(remarks, somebody_else=not remarks.somebody_else)

        done = await self._rows.remark(person.id, number, turned, due_at=self._now())
        return await self._told_anew(person, number) if done else None

    async def answer(self, person: PersonRecord, number: int, answer: QuestionAnswer | None, *, at: int | None) -> bool:
        """To the question under a report, None to take it back; told in that message too. False without a report."""
        return await self._remarked(person, number, lambda remarks: replace(remarks, answer=answer), at=at)

    async def ask_again(self, person: PersonRecord, number: int, *, at: int | None) -> bool:
        """The question stands in that message once more. False without a report."""
        report = await self._past.find(person, number)
        if report is None:
            return False
        await self._past.tell_anew(person, report, at=at, asks=True)
        return True

    async def plan(self, person: PersonRecord, number: int, *, at: int | None) -> bool:
        """They want to try the step of a report, or not after all. False without a report."""

        def planned(remarks: Remarks) -> Remarks:
            wanted = remarks.tried in {None, Tried.NO}
            return replace(remarks, tried=Tried.PLANNED if wanted else None)

        return await self._remarked(person, number, planned, at=at)

    async def tried(self, person: PersonRecord, number: int, outcome: Tried) -> bool:
        """What became of the step. False without a report."""
        return await self._remarked(person, number, lambda remarks: replace(remarks, tried=outcome), at=None)

    async def _remarked(
        self, person: PersonRecord, number: int, changed: Callable[[Remarks], Remarks], *, at: int | None
    ) -> bool:
        if not await self._rows.remark(person.id, number, changed):
            return False
        report = await self._past.find(person, number)
        if report is None:
            return False
        await self._past.tell_anew(person, report, at=at)
        return True

    async def redraw(self, person: PersonRecord, number: int) -> bool:
        """False where the report's picture keeps its old marks."""
        report = await self._past.find(person, number)
        return report is None or await self._past.redraw(person, report)

    async def _told_anew(self, person: PersonRecord, number: int) -> DisputeView | None:
        report = await self._past.find(person, number)
        if report is None:
            return None
        await self._past.tell_anew(person, report)
        return self._view(report)

    def _view(self, report: ReportRecord) -> DisputeView:
        return DisputeView(
            number=report.number,
            when=report.requested_at,
            seen=tuple(
                (finding, _keys(finding) <= report.disputed) for finding in seen_findings(self._reader.analysis(report))
            ),
            somebody_else=report.remarks.somebody_else,
            left_out=tuple(sorted({thing.key for thing in report.remarks.left_out})),
        )


def _keys(finding: Finding) -> frozenset[str]:
    """The contract's fields that a finding was told from."""
    return frozenset(finding.parts or (finding.key,))
