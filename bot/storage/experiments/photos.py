"""Which reports were looked at for an experiment, and what was found: each once."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, exists, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.vault import Vault
from bot.storage.experiments.records import CheckedPhoto, ExperimentRecord
from bot.storage.experiments.sealing import open_finding, seal_finding
from bot.storage.records import ReportState
from bot.storage.sealing import open_remarks, readable
from bot.storage.tables import experiment, experiment_photo, report

_LOOKED_AT: Final = exists().where(
    experiment_photo.c.report_id == report.c.id, experiment_photo.c.experiment_id == experiment.c.id
)


class ExperimentPhotoRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def unlooked(self, found: ExperimentRecord) -> Sequence[int]:
        """The numbers of the person's reports since it began that were not looked at for it yet, oldest first."""
        statement = (
            select(report.c.number)
            .join(experiment, experiment.c.person_id == report.c.person_id)
            .where(
                experiment.c.person_id == found.person_id,
                experiment.c.id == found.id,
                report.c.state == ReportState.DELIVERED,
                report.c.answer.is_not(None),
                report.c.requested_at > experiment.c.began_at,
                ~_LOOKED_AT,
            )
            .order_by(report.c.number)
        )
        return await self._database.read(lambda connection: connection.scalars(statement).all())

    async def note(self, found: ExperimentRecord, photo: CheckedPhoto) -> bool:
        """Keep what was found; False when it was looked at before, or the experiment or the report is gone."""
        there = (
            select(experiment.c.id, report.c.id)
            .join(report, report.c.person_id == experiment.c.person_id)
            .where(
                experiment.c.person_id == found.person_id,
                experiment.c.id == found.id,
                report.c.id == photo.report_id,
            )
        )

        def work(connection: Connection) -> bool:
            if connection.execute(there.with_for_update(of=experiment)).one_or_none() is None:
                return False
            blank = {
                "experiment_id": found.id,
                "report_id": photo.report_id,
                "person_id": found.person_id,
                "at": photo.at,
                "finding": b"",  # sealed as soon as the row has a number
            }
            adding = insert_unless_there(connection, experiment_photo).values(blank)
            row_id = connection.scalar(adding.returning(experiment_photo.c.id))
            if row_id is None:
                return False
            sealed = seal_finding(self._vault.row(connection, found.person_id, experiment_photo, row_id), photo)
            this = (experiment_photo.c.id == row_id, experiment_photo.c.person_id == found.person_id)
            connection.execute(update(experiment_photo).where(*this).values(finding=sealed))
            return True

        return await self._database.write(work)

    async def of(self, found: ExperimentRecord) -> Sequence[CheckedPhoto]:
        """All that were looked at, oldest first."""
        return await self._database.read(lambda connection: checked_for(connection, self._vault, found))


def checked_for(connection: Connection, vault: Vault, found: ExperimentRecord) -> list[CheckedPhoto]:
    statement = (
        select(experiment_photo, report.c.number, report.c.remarks)
        .join(report)
        .where(experiment_photo.c.person_id == found.person_id, experiment_photo.c.experiment_id == found.id)
        .order_by(experiment_photo.c.at, experiment_photo.c.report_id)
    )
    rows = connection.execute(statement).mappings()
    return readable(rows, lambda row: _opened(connection, vault, row))


def _opened(connection: Connection, vault: Vault, row: RowMapping) -> CheckedPhoto:
    seal = vault.row(connection, row["person_id"], experiment_photo, row["id"])
    remarks = open_remarks(vault.report(connection, row["person_id"], row["report_id"]), row["remarks"])
    return open_finding(seal, row, somebody_else=remarks.somebody_else)
