"""One row for each report, written at the end: what both peers keep."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Report(Base):
    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(index=True)
    made_at: Mapped[datetime]
    answer: Mapped[str]


class Reports:
    """`writer`: SQLite has one at a time, so they queue for a thread and not for a lock."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        event.listen(self._engine, "connect", _as_servers_do)
        self.writer = ThreadPoolExecutor(1)
        Base.metadata.create_all(self._engine)

    def keep(self, chat_id: int, answer: dict) -> None:
        facts = {**answer, "result": {name: fact for name, fact in answer["result"].items() if name != "face_maps"}}
        with Session(self._engine) as session, session.begin():
            session.add(Report(chat_id=chat_id, made_at=datetime.now(UTC), answer=json.dumps(facts)))


def _as_servers_do(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
