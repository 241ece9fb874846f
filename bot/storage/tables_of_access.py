"""The tables of who is let in, whether photos are taken at all, and what an admin tells everybody."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table

from bot.storage.tables import Moment, metadata

_Id: Final = BigInteger().with_variant(Integer(), "sqlite")

# A link that lets people in, and how many reports they may have together. `key`: a keyed hash of what it says.
invitation: Final = Table(
    "invitation",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("reports", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    sqlite_autoincrement=True,
)

# Who came by one: the same hash as a tombstone's.
guest: Final = Table(
    "guest",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("invitation_id", _Id, ForeignKey("invitation.id", ondelete="CASCADE"), nullable=False),
)

# A report that was made on an invitation; it counts when the report is erased, too.
invitation_use: Final = Table(
    "invitation_use",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("invitation_id", _Id, ForeignKey("invitation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("report_id", _Id, ForeignKey("report.id", ondelete="SET NULL"), unique=True),
)

# What an admin has switched in the chat: a row while it holds.
switch: Final = Table(
    "switch",
    metadata,
    Column("name", String, primary_key=True),
    Column("since", Moment, nullable=False),
)

# A notice of an admin (`person_id`) to everybody. Its words are gone when it is over; `told` says whom it reached.
broadcast: Final = Table(
    "broadcast",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("person_id", _Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("words", LargeBinary),
    Column("people", Integer),
    Column("last_person", BigInteger),
    Column("message_id", BigInteger),
    sqlite_autoincrement=True,  # an old button must never be about a newer one
)
