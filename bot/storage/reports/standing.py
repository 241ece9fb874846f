"""How a report stands, and what its sender permits: asked again and again while it is worked, so in one statement."""

from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from bot.storage.records import Permitted, ReportStanding, ReportState
from bot.storage.tables import person, report

STANDING: Final = (
    select(report.c.state, report.c.person_id, report.c.remarks, person.c.consent_version, person.c.shares_photos)
    .join_from(report, person)
    .where(report.c.id == bindparam("report_id"))
)


def standing_of(row: Row[*tuple[Any, ...]]) -> ReportStanding:
    """Nothing that is sealed is opened for it."""
    permitted = Permitted(consent_version=row.consent_version, shares_photos=row.shares_photos)
    return ReportStanding(state=ReportState(row.state), permitted=permitted)
