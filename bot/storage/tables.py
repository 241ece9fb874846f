"""The tables. Whoever reads the file learns how many people and reports there are and when, not who and not what.

Columns named in `sealed_columns.SEALED` hold a `RowSeal`'s bytes. Pseudonyms stand where a row has to be found by
something that must not be read. In clear stand numbers, times, states, and what is looked for: docs/decisions.md says
why for each.

WAS_SEALED_BY has the tables with rows from before every person had a key of their own: there `sealed_by` is not OWN,
and a person's choices stand in columns that are empty otherwise.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
)

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """A UTC time as whole milliseconds since 1970: the same, and in the same order, in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - its interface
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its interface
        return None if value is None else EPOCH + value * MILLISECOND


metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_Id: Final = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself there

# The lowest schema whose code can work with this one, side by side (`readable_from` of the migrations).
schema_mark: Final = Table(
    "schema_mark",
    metadata,
    Column("readable_from", String, primary_key=True),
)

encryption_key: Final = Table(
    "encryption_key",
    metadata,
    Column("fingerprint", LargeBinary, primary_key=True),
)

# The keys that seal everything else, sealed by a main key: a change of the main key touches these three tables only.
# No row can come to a main key that is not in `encryption_key` any more: the database itself sees to it.
secret: Final = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("sealed_by", LargeBinary, ForeignKey("encryption_key.fingerprint"), nullable=False),
)

person_key: Final = Table(
    "person_key",
    metadata,
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    Column("sealed_by", LargeBinary, ForeignKey("encryption_key.fingerprint"), nullable=False),
)

inbox_key: Final = Table(
    "inbox_key",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),  # since 1970
    Column("key", LargeBinary, nullable=False),
    Column("sealed_by", LargeBinary, ForeignKey("encryption_key.fingerprint"), nullable=False),
)

person: Final = Table(
    "person",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("telegram_id", LargeBinary, nullable=False),
    Column("choices", LargeBinary),
    Column("language_code", String),
    Column("locale", String),
    Column("consent_version", Integer),
    Column("consented_at", Moment),
    Column("withdrawn_at", Moment),
    Column("shows_age", Boolean, nullable=False),
    Column("time_zone", String),
    Column("quiet", Boolean, nullable=False),
    Column("hidden_marks", String, nullable=False),
    Column("keeps_pictures", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
    Column("notice_at", Moment),
    Column("rest_told_at", Moment),
    Column("sealed_by", LargeBinary, nullable=False),
    Column("unreachable_at", Moment),
    Column("shares_photos", Boolean),  # may photos go to the vendor? NULL: not asked yet
    Column("shared_at", Moment),
    Column("keeps_reports_at", Moment),
    Column("consent_locale", String),
    Column("consent_text", LargeBinary),
    Column("not_theirs", LargeBinary),  # what they said of their reports is none of theirs, and where on the face
    sqlite_autoincrement=True,  # an erased person's id must never come back while a job still knows it
)

report: Final = Table(
    "report",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),  # counted by person from 1, with the answer; below 0 until then
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("attempts", Integer, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("not_before", Moment),
    Column("origin", LargeBinary, nullable=False, unique=True),
    Column("album", LargeBinary),
    Column("content", LargeBinary),
    Column("lookups", LargeBinary, nullable=False),
    Column("photos", LargeBinary, nullable=False),
    Column("chosen", Integer),
    Column("status_message_id", BigInteger),
    Column("check_quality", Boolean, nullable=False),
    Column("provider", String),
    Column("answer", LargeBinary),
    Column("facts", LargeBinary),
    Column("summary", LargeBinary),
    Column("annotated_file_id", LargeBinary),
    Column("redness_file_id", LargeBinary),
    Column("look", String),
    Column("note", LargeBinary),
    Column("disputed", LargeBinary),
    Column("sealed_by", LargeBinary, nullable=False),
    Column("red_map", LargeBinary),  # the one large column: what is read often stands before it
    Column("repeat_of", Integer),
    Column("repeat_until", Moment),
    Column("readings", Integer, nullable=False, server_default="0"),  # no longer counted: earlier versions do
    Column("trimmed", Boolean, nullable=False, server_default=false()),  # holds no more than is kept today
    Column("analyzer_version", String),  # NULL: the first of its provider, or written by an earlier version of the bot
    Column("remarks", LargeBinary),
    UniqueConstraint("person_id", "number"),
    UniqueConstraint("person_id", "album"),
    Index("ix_report_person_id_content", "person_id", "content"),
    Index("ix_report_requested_at", "requested_at"),
    sqlite_autoincrement=True,
)

inbox: Final = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", LargeBinary),
    Column("sealed", LargeBinary),
    Column("hour", Integer, ForeignKey("inbox_key.hour"), index=True),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("failed_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("sealed_by", LargeBinary, nullable=False),
)

paid_call: Final = Table(
    "paid_call",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("report_id", _Id, ForeignKey("report.id", ondelete="SET NULL"), index=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="SET NULL")),
    Column("started_at", Moment, nullable=False, index=True),
    Column("finished_at", Moment),
    Column("outcome", String),
    Column("spent_by", LargeBinary),  # for a day after an erasure: the name that the tombstone has
    Index("ix_paid_call_person_id_started_at", "person_id", "started_at"),
    sqlite_autoincrement=True,
)

# What costs nothing but work, for a day.
effort: Final = Table(
    "effort",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("spent_by", LargeBinary),
    Column("kind", String, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

# The bot's own pictures, by a keyed hash of the id that Telegram gives them everywhere.
shown_picture: Final = Table(
    "shown_picture",
    metadata,
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", LargeBinary, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

alert: Final = Table(
    "alert",
    metadata,
    Column("kind", String, primary_key=True),
    Column("raised_at", Moment, nullable=False),
)

tombstone: Final = Table(
    "tombstone",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("met_at", Moment, nullable=False),
    Column("erased_at", Moment, nullable=False),
)

tombstone_salt: Final = Table(
    "tombstone_salt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("sealed_by", LargeBinary, nullable=False),
)

said: Final = Table(
    "said",
    metadata,
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# After erasure: that somebody agreed once, without who. `who` is a hash with the sealed salt: whoever names a person
# and has the key can check it, and nobody can list them.
consent_proof: Final = Table(
    "consent_proof",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("who", LargeBinary, nullable=False),
    Column("version", Integer),
    Column("agreed_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("erased_at", Moment, nullable=False, index=True),
    Column("sealed_by", LargeBinary, nullable=False),
    Column("shared_at", Moment),
    Column("locale", String),
    Column("text", LargeBinary),
)

# One row of a person who has to do with reminders at all: found by when it falls due, claimed by a lease.
reminder: Final = Table(
    "reminder",
    metadata,
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("weekday", Integer),
    Column("minute", Integer),
    Column("occurs_at", Moment),
    Column("next_due_at", Moment),
    Column("lease_until", Moment),
    Column("snoozed", Boolean, nullable=False),
    Column("rules", String),
    Column("sent_at", Moment),
    Column("ignored", Integer, nullable=False),
    Column("suggested_at", Moment),
    Column("zone_asked_at", Moment),
)

# One that is due is found by when it is, claimed by a lease. `to_send`: its message is to be a new one.
experiment: Final = Table(
    "experiment",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("asked_at", Moment),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("next_due_at", Moment),
    Column("lease_until", Moment),
    Column("message_id", BigInteger),
    Column("pinned", Boolean, nullable=False),
    Column("to_send", Boolean, nullable=False),
    Column("draft", LargeBinary),
    Column("agreed", LargeBinary),
    Column("course", LargeBinary),
    Column("answer", LargeBinary),
    sqlite_autoincrement=True,
)

# The reports that were looked at for an experiment, and what was found in each.
experiment_photo: Final = Table(
    "experiment_photo",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("experiment_id", _Id, ForeignKey("experiment.id", ondelete="CASCADE"), nullable=False),
    Column("report_id", _Id, ForeignKey("report.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("finding", LargeBinary, nullable=False),
    UniqueConstraint("experiment_id", "report_id"),
    sqlite_autoincrement=True,
)

# Whom the operator does not serve: the same hash as a tombstone's, so that no key rotation loses it.
refused: Final = Table(
    "refused",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Who was told an operator's notice (a hash of its words): a row before it is sent, its outcome after that.
told: Final = Table(
    "told",
    metadata,
    Column("notice", LargeBinary, primary_key=True),
    Column(
        "person_id",
        _Id,
        ForeignKey("person.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("began_at", Moment, nullable=False),
    Column("outcome", String),
)

# How a person's skin felt, as they told it.
feeling: Final = Table(
    "feeling",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# What a person uses or does for their skin: by what name, and from when to when.
product: Final = Table(
    "product",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # an old button must never be about a newer one
)

KEYS: Final = (secret, person_key, inbox_key)
WAS_SEALED_BY: Final = (person, report, inbox, consent_proof)
OWN: Final = b""  # sealed by the key of whoever it belongs to
