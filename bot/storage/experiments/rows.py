"""Experiments' rows: drawn up, agreed to once and for all, paused, ended. Of a person one at a time is under way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, bindparam, delete, insert, select, update

from bot.skin.experiments.answer import ExperimentAnswer
from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.experiments.records import (
    UNDER_WAY,
    AgreedPlan,
    ExperimentCourse,
    ExperimentDraft,
    ExperimentRecord,
    ExperimentState,
)
from bot.storage.experiments.sealing import open_experiment, seal_record
from bot.storage.people.efforts import within
from bot.storage.people.owned import lock_owner
from bot.storage.sealing import readable
from bot.storage.tables import experiment

OVER: Final = (ExperimentState.ENDED, ExperimentState.ENDED_EARLY)
_CURRENT: Final = (ExperimentState.DRAFT, *UNDER_WAY)


def _where(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(experiment).where(*which).order_by(experiment.c.id.desc())


_CURRENT_ONE: Final = _where(experiment.c.person_id == bindparam("whose"), experiment.c.state.in_(_CURRENT))


class ExperimentRows:
    """Every method raises DatabaseUnavailable. The owner stands in every statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def current(self, person_id: int) -> ExperimentRecord | None:
        """The one that is being planned or under way."""
        mine = {"whose": person_id}
        found = await self._database.find(lambda connection: _opened(connection, self._vault, _CURRENT_ONE, mine))
        return found[0] if found else None

    async def past(self, person_id: int) -> Sequence[ExperimentRecord]:
        """Those that have an answer, the newest first."""
        mine = and_(experiment.c.person_id == person_id, experiment.c.state.in_(OVER))
        return await self._database.find(lambda connection: _opened_where(connection, self._vault, mine))

    async def every(self, person_id: int) -> Sequence[ExperimentRecord]:
        """All that is stored, the newest first."""
        return await self._database.read(lambda connection: experiments_of(connection, self._vault, person_id))

    async def of_person(self, person_id: int, experiment_id: int) -> ExperimentRecord | None:
        mine = and_(experiment.c.person_id == person_id, experiment.c.id == experiment_id)
        found = await self._database.find(lambda connection: _opened_where(connection, self._vault, mine))
        return found[0] if found else None

    # planned

    async def draw_up(
        self,
        person_id: int,
        changed: Callable[[ExperimentDraft], ExperimentDraft],
        *,
        asked_at: datetime | None = None,
    ) -> ExperimentDraft | None:
        """Change the draft, a new one where there is none; None while one is under way. Raises PersonGone.

        `asked_at`: the next text tells what is tried; without it, none does any more.
        """

        def work(connection: Connection) -> ExperimentDraft | None:
            lock_owner(connection, person_id)
            row = _current_row(connection, person_id)
            if row is not None and row["state"] != ExperimentState.DRAFT:
                return None
            experiment_id = _added(connection, person_id) if row is None else row["id"]
            seal = self._vault.row(connection, person_id, experiment, experiment_id)
            before = ExperimentDraft() if row is None else open_experiment(row, seal).draft
            draft = changed(before)
            values = {"draft": seal_record(seal, "draft", draft), "asked_at": asked_at}
            connection.execute(update(experiment).where(_is(person_id, experiment_id)).values(values))
            return draft

        return await self._database.write(work)

    async def is_asked(self, person_id: int, *, since: datetime, now: datetime) -> bool:
        """Whether the next text tells what is tried."""
        asked = select(experiment.c.id).where(
            experiment.c.person_id == person_id,
            experiment.c.state == ExperimentState.DRAFT,
            within(experiment.c.asked_at, since, now),
        )
        return await self._database.find(lambda connection: connection.scalar(asked)) is not None

    async def discard(self, person_id: int) -> bool:
        """The draft is gone; False when there was none."""
        drafts = delete(experiment).where(
            experiment.c.person_id == person_id, experiment.c.state == ExperimentState.DRAFT
        )
        return await self._database.write(lambda connection: connection.execute(drafts).rowcount > 0)

    async def begin(
        self, person_id: int, agreed: Callable[[ExperimentDraft], AgreedPlan], *, message_id: int | None, now: datetime
    ) -> ExperimentRecord | None:
        """The draft becomes what was agreed to, once: None when there is none (any more). Raises PersonGone.

        `message_id`: the message that becomes the one to be pinned; without one, one is sent.
        """

        def work(connection: Connection) -> ExperimentRecord | None:
            lock_owner(connection, person_id)
            row = _current_row(connection, person_id)
            if row is None or row["state"] != ExperimentState.DRAFT:
                return None
            seal = self._vault.row(connection, person_id, experiment, row["id"])
            values = {
                "state": ExperimentState.RUNNING.value,
                "agreed": seal_record(seal, "agreed", agreed(open_experiment(row, seal).draft)),
                "draft": None,
                "asked_at": None,
                "began_at": now,
                "next_due_at": now,
                "message_id": message_id,
                "to_send": message_id is None,
            }
            connection.execute(update(experiment).where(_is(person_id, row["id"])).values(values))
            return _opened_where(connection, self._vault, _is(person_id, row["id"]))[0]

        return await self._database.write(work)

    # under way

    async def change(
        self,
        person_id: int,
        changed: Callable[[ExperimentRecord], tuple[ExperimentState, ExperimentCourse]],
        *,
        now: datetime,
    ) -> ExperimentRecord | None:
        """Paused, gone on with, ended, dropped: due at once, and its message says so. None without one under way."""

        def work(connection: Connection) -> ExperimentRecord | None:
            row = _current_row(connection, person_id)
            if row is None or row["state"] == ExperimentState.DRAFT:
                return None
            seal = self._vault.row(connection, person_id, experiment, row["id"])
            state, course = changed(open_experiment(row, seal))
            values = {
                "state": state.value,
                "course": seal_record(seal, "course", course),
                "ended_at": None if state in UNDER_WAY else now,
                "next_due_at": now,
            }
            connection.execute(update(experiment).where(_is(person_id, row["id"])).values(values))
            return _opened_where(connection, self._vault, _is(person_id, row["id"]))[0]

        return await self._database.write(work)

    async def end(
        self, person_id: int, experiment_id: int, answer: ExperimentAnswer, *, early: bool, now: datetime
    ) -> ExperimentRecord | None:
        """Its answer is kept, once; who comes later finds the first one. None when it is gone."""
        this = _is(person_id, experiment_id)

        def work(connection: Connection) -> ExperimentRecord | None:
            row = connection.execute(select(experiment).where(this).with_for_update()).mappings().one_or_none()
            if row is None:
                return None
            seal = self._vault.row(connection, person_id, experiment, experiment_id)
            if row["answer"] is None:
                values = {
                    "state": (ExperimentState.ENDED_EARLY if early else ExperimentState.ENDED).value,
                    "answer": seal_record(seal, "answer", answer),
                    "ended_at": now,
                    "to_send": True,
                }
                connection.execute(update(experiment).where(this).values(values))
            return _opened_where(connection, self._vault, this)[0]

        return await self._database.write(work)

    async def forget(self, person_id: int, experiment_id: int) -> None:
        """Nothing of it is left."""
        gone = delete(experiment).where(_is(person_id, experiment_id))
        await self._database.write(lambda connection: connection.execute(gone))
        await self._database.forget_deleted()


def experiments_of(connection: Connection, vault: Vault, person_id: int) -> list[ExperimentRecord]:
    """The newest first."""
    return _opened_where(connection, vault, experiment.c.person_id == person_id)


def _opened_where(connection: Connection, vault: Vault, which: ColumnElement[bool]) -> list[ExperimentRecord]:
    return _opened(connection, vault, _where(which))


def _opened(
    connection: Connection, vault: Vault, found: Select[*tuple[Any, ...]], values: Mapping[str, object] | None = None
) -> list[ExperimentRecord]:
    rows = connection.execute(found, values).mappings()
    return readable(
        rows, lambda row: open_experiment(row, vault.row(connection, row["person_id"], experiment, row["id"]))
    )


def _is(person_id: int, experiment_id: int) -> ColumnElement[bool]:
    return and_(experiment.c.person_id == person_id, experiment.c.id == experiment_id)


def _current_row(connection: Connection, person_id: int) -> RowMapping | None:
    current = select(experiment).where(experiment.c.person_id == person_id, experiment.c.state.in_(_CURRENT))
    return connection.execute(current.with_for_update()).mappings().one_or_none()


def _added(connection: Connection, person_id: int) -> int:
    blank = {
        "person_id": person_id,
        "state": ExperimentState.DRAFT.value,
        "pinned": False,
        "to_send": False,
    }
    added: int = connection.execute(insert(experiment).values(blank).returning(experiment.c.id)).scalar_one()
    return added
