"""The keys of an opened database: of each person, of each hour of the inbox, and of what belongs to nobody.

They are random, stand in small tables of their own, and are sealed by the main key. Whoever erases a person drops their
key: what still stands somewhere of theirs, in a backup's log or in a page that was not written over yet, opens no more.
"""

import hmac
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, Table, delete, exists, select

from bot.config.errors import SetupError
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.keys import KeyInvalid, KeyMismatch, Keyring, pseudonym
from bot.storage.engine.seals import KEY_BYTES, RowSeal, SealBroken, SealingKey, place_of
from bot.storage.tables import (
    OWN,
    WAS_SEALED_BY,
    encryption_key,
    inbox,
    inbox_key,
    person,
    person_key,
    report,
    secret,
    tombstone_salt,
)

_log = logging.getLogger(__name__)

_REMEMBERED: Final = 4096  # people's keys; about 1 kB each
_TOLD_EVERY_SECONDS: Final = 60.0

LOOKUP: Final = "lookup"
PROOFS: Final = "proofs"
TOMBSTONES: Final = "tombstones"
_SECRETS: Final = (LOOKUP, PROOFS, TOMBSTONES)
_LIST_SEALED: Final = "tombstones sealed"  # its row says that the list beside the database has been sealed
_ALL_SEALED: Final = "all sealed"  # its row says that nothing is left from before seals knew their place


class SecretLost(SetupError):
    """A secret that the database had is gone. A new one would recognize nobody."""


class Vault:
    """Made by `admitted`. Its keys are asked for within a transaction, from any thread."""

    def __init__(self, keyring: Keyring, *, reread: Callable[[], Keyring] | None = None) -> None:
        self._keyring = keyring
        self._reread = reread
        self._people = _Remembered()
        self._secrets: dict[str, bytes] = {}
        self._told_at = 0.0
        self.old_rows_left = False

    @property
    def keyring(self) -> Keyring:
        return self._keyring

    def admit(self, connection: Connection) -> None:
        """Note the newest key as one that may seal, and load what is needed all the time.

        Raises KeyMismatch when a key is not ours, KeyInvalid when a new one is weak, SecretLost.
        """
        if self._keyring.newest in self.recognise(connection) and self._keyring.is_weak:
            _log.warning("the encryption key is weak: change it for 32 random bytes (docs/operating.md)")
        self._make_sure_of_newest(connection)
        self._miss_no_secret(connection)
        self._adopt_old_salt(connection)
        for name in _SECRETS:
            self._secrets[name] = self._secret(connection, name)
        self._look_for_old_rows(connection)

    def load(self, connection: Connection) -> None:
        """For who only looks: the secrets that our keys open, and none is made. Raises SealBroken."""
        ours = select(secret).where(secret.c.sealed_by.in_(self._keyring.fingerprints))
        for row in connection.execute(ours):
            self._secrets[row.name] = self.opened_key(secret, row.name, row.key, row.sealed_by)

    def recognise(self, connection: Connection) -> frozenset[bytes]:
        """The fingerprints of all keys that the database needs.

        Raises KeyMismatch when one is not ours: the main key is being changed, and this process was not told.
        """
        known = frozenset(connection.scalars(select(encryption_key.c.fingerprint)))
        if known - self._keyring.fingerprints and not known <= self._renewed().fingerprints:
            if self._secrets:  # at a start the error itself is told
                self._tell_mismatch()
            raise KeyMismatch("the database is sealed with a key that is not set")
        return known

    def _make_sure_of_newest(self, connection: Connection) -> None:
        """Before anything is sealed by a main key: that it is still one of the database's."""
        if self._keyring.newest in self.recognise(connection):
            return
        if self._keyring.is_weak:
            raise KeyInvalid("a new key has to be 32 random bytes in base64 or hex: openssl rand -base64 32")
        row = {"fingerprint": self._keyring.newest}
        connection.execute(insert_unless_there(connection, encryption_key), row)

    # people

    def person(self, connection: Connection, person_id: int) -> RowSeal:
        """For the person's own row. Raises SealBroken, KeyMismatch."""
        return self._of(connection, person_id, person, person_id)

    def report(self, connection: Connection, person_id: int, report_id: int) -> RowSeal:
        """For a report of theirs. Raises SealBroken, KeyMismatch."""
        return self._of(connection, person_id, report, report_id)

    def row(self, connection: Connection, person_id: int, table: Table, row_id: int) -> RowSeal:
        """For a row of theirs in any other table. Raises SealBroken, KeyMismatch."""
        return self._of(connection, person_id, table, row_id)

    def welcome(self, connection: Connection, people: Sequence[int]) -> None:
        """Make the keys of new people. Raises KeyMismatch."""
        self._make_sure_of_newest(connection)
        rows = [
            {"person_id": new} | self._sealed_key(person_key, new, secrets.token_bytes(KEY_BYTES)) for new in people
        ]
        connection.execute(insert_unless_there(connection, person_key), rows)
        for new in people:
            self._people.forget(new)  # a number that was given in a transaction that was undone

    def forget(self, person_id: int) -> None:
        """They were erased: their key is not even remembered here."""
        self._people.forget(person_id)

    # updates, proofs, pseudonyms

    def hour(self, connection: Connection, hour: int) -> SealingKey:
        """The key that seals what comes in within this hour since 1970, made by whoever asks first."""
        row = self._hour_row(connection, hour)
        if row is not None:
            return self._opened_hour(hour, row)
        self._make_sure_of_newest(connection)
        sealed = self._sealed_key(inbox_key, hour, secrets.token_bytes(KEY_BYTES))
        connection.execute(insert_unless_there(connection, inbox_key), {"hour": hour} | sealed)
        return self.known_hour(connection, hour)

    def known_hour(self, connection: Connection, hour: int) -> SealingKey:
        """Raises SealBroken when there is none, KeyMismatch."""
        row = self._hour_row(connection, hour)
        if row is None:
            raise SealBroken
        return self._opened_hour(hour, row)

    def update(self, update_id: int, key: SealingKey) -> RowSeal:
        return RowSeal(key=key, table=inbox.name, row=update_id, old=self._old)

    def proof(self, who: bytes) -> RowSeal:
        return RowSeal(key=SealingKey(self._secrets[PROOFS]), table="consent_proof", row=who, old=self._old)

    @property
    def tombstone_salt(self) -> bytes:
        return self._secrets[TOMBSTONES]

    def seal_of_list(self, told: bytes) -> bytes:
        """What only the holder of our key can make for the list of the erased, whatever the main key is."""
        return hmac.digest(self._secrets[TOMBSTONES], b"list\x00" + told, sha256)

    def note_list_sealed(self, connection: Connection) -> None:
        """A list without a seal, or none, is from now on not ours."""
        self._secret(connection, _LIST_SEALED)

    def is_list_sealed(self, connection: Connection) -> bool:
        return connection.scalar(select(exists().where(secret.c.name == _LIST_SEALED))) or False

    def pseudonym(self, kind: str, value: str | int | bytes) -> bytes:
        """32 bytes that stand for `value` among others of its kind, whatever the main key is."""
        return pseudonym(self._secrets[LOOKUP], kind, value)

    def pseudonyms(self, kind: str, value: str | int | bytes) -> tuple[bytes, ...]:
        """What `value` may be stored under: also by a main key, as long as such rows are left."""
        old = self._keyring.old_pseudonyms(kind, value) if self.old_rows_left else ()
        return (self.pseudonym(kind, value), *old)

    # keys, sealed by the main key

    def opened_key(self, table: Table, row: int | str, sealed: bytes, by: bytes) -> bytes:
        """Raises SealBroken, KeyMismatch."""
        ring = self._keyring if by in self._keyring.fingerprints else self._renewed()
        if by not in ring.fingerprints:
            self._tell_mismatch()
        return ring.open(sealed, place=place_of(table.name, "key", row), by=by)

    def sealed_anew(self, table: Table, row: int | str, sealed: bytes, by: bytes) -> dict[str, object]:
        """The columns of a key's row, by the newest main key. Raises SealBroken, KeyMismatch."""
        return self._sealed_key(table, row, self.opened_key(table, row, sealed, by))

    def note_all_sealed(self, connection: Connection) -> None:
        """Nothing is left from before seals knew their place: what looks like it from now on is a forgery."""
        self._secret(connection, _ALL_SEALED)
        self.old_rows_left = False

    @property
    def _old(self) -> Callable[[bytes], bytes] | None:
        return self._keyring.open_old if self.old_rows_left else None

    def _of(self, connection: Connection, person_id: int, table: Table, row: int) -> RowSeal:
        key = self._people.get(person_id)
        if key is None:
            statement = select(person_key.c.key, person_key.c.sealed_by).where(person_key.c.person_id == person_id)
            found = connection.execute(statement).one_or_none()
            if found is None:
                raise SealBroken
            key = SealingKey(self.opened_key(person_key, person_id, found.key, found.sealed_by))
            self._people.keep(person_id, key)
        return RowSeal(key=key, table=table.name, row=row, person_id=person_id, old=self._old)

    def _sealed_key(self, table: Table, row: int | str, clear: bytes) -> dict[str, object]:
        ring = self._keyring
        return {"key": ring.seal(clear, place=place_of(table.name, "key", row)), "sealed_by": ring.newest}

    def _miss_no_secret(self, connection: Connection) -> None:
        """They are made together, once: before there is any of them, or anybody's key. Raises SecretLost."""
        there = frozenset(connection.scalars(select(secret.c.name)))
        was_used = bool(there) or connection.scalar(select(exists().select_from(person_key)))
        lost = [name for name in _SECRETS if name not in there]
        if was_used and lost:
            raise SecretLost(f"the table of secrets lacks {', '.join(lost)}: restore the database from a backup")

    def _secret(self, connection: Connection, name: str) -> bytes:
        """Made by whoever asks first."""
        statement = select(secret.c.key, secret.c.sealed_by).where(secret.c.name == name)
        row = connection.execute(statement).one_or_none()
        if row is None:
            self._store_secret(connection, name, secrets.token_bytes(KEY_BYTES))
            row = connection.execute(statement).one()
        return self.opened_key(secret, name, row.key, row.sealed_by)

    def _store_secret(self, connection: Connection, name: str, clear: bytes) -> None:
        row = {"name": name} | self._sealed_key(secret, name, clear)
        connection.execute(insert_unless_there(connection, secret), row)

    def _hour_row(self, connection: Connection, hour: int) -> "_KeyRow | None":
        statement = select(inbox_key.c.key, inbox_key.c.sealed_by).where(inbox_key.c.hour == hour)
        row = connection.execute(statement).one_or_none()
        return None if row is None else _KeyRow(key=row.key, sealed_by=row.sealed_by)

    def _opened_hour(self, hour: int, row: "_KeyRow") -> SealingKey:
        return SealingKey(self.opened_key(inbox_key, hour, row.key, row.sealed_by))

    def _adopt_old_salt(self, connection: Connection) -> None:
        """Tombstones of before go on being recognised: their salt moves among the other secrets."""
        old = connection.scalar(select(tombstone_salt.c.salt))
        if old is not None:
            self._store_secret(connection, TOMBSTONES, self._keyring.open_old(old))
            connection.execute(delete(tombstone_salt))

    def _look_for_old_rows(self, connection: Connection) -> None:
        sealed_once = select(secret.c.name).where(secret.c.name == _ALL_SEALED)
        if connection.scalar(sealed_once) is not None:
            self._secret(connection, _ALL_SEALED)  # opened: a row that somebody forged says nothing
            self.old_rows_left = False
        elif any(connection.scalar(select(exists().where(t.c.sealed_by != OWN))) for t in WAS_SEALED_BY):
            self.old_rows_left = True
        else:
            self.note_all_sealed(connection)

    def _renewed(self) -> Keyring:
        """The main keys as they stand now: a key file may have got a new one."""
        if self._reread is not None:
            renewed = self._reread()
            if renewed.fingerprints != self._keyring.fingerprints:
                _log.info("the key file was changed, and is read anew")
            self._keyring = renewed
        return self._keyring

    def _tell_mismatch(self) -> None:
        if time.monotonic() - self._told_at > _TOLD_EVERY_SECONDS:
            self._told_at = time.monotonic()
            _log.error("the main key was changed and this process has only the old one: start it anew with both")


@dataclass(frozen=True, kw_only=True)
class _KeyRow:
    key: bytes
    sealed_by: bytes


class _Remembered:
    """People's keys that were needed lately: the least lately needed goes first."""

    def __init__(self) -> None:
        self._keys: OrderedDict[int, SealingKey] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def get(self, person_id: int) -> SealingKey | None:
        with self._one_at_a_time:
            key = self._keys.get(person_id)
            if key is not None:
                self._keys.move_to_end(person_id)
            return key

    def keep(self, person_id: int, key: SealingKey) -> None:
        with self._one_at_a_time:
            self._keys[person_id] = key
            if len(self._keys) > _REMEMBERED:
                self._keys.popitem(last=False)

    def forget(self, person_id: int) -> None:
        with self._one_at_a_time:
            self._keys.pop(person_id, None)
