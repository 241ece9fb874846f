"""Keys: what is stored is sealed with them, and looked up by pseudonyms that only their holder can make."""

import base64
import hmac
import logging
import os
import secrets
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.observability import hide
from bot.storage.place import place_of

_log = logging.getLogger(__name__)

_SHORTEST_SECRET: Final = 16
_WORTH_COMPRESSING_BYTES: Final = 200
_PLAIN: Final = b"\x00"
_DEFLATED: Final = b"\x01"


class KeyInvalid(Exception):
    """A key is shorter than 16 characters, or there is none. The message does not hold it."""


class KeyMissing(Exception):
    """PostgreSQL needs DATA_KEY: a key beside the database would be no secret, and there is no place for it."""


class KeyMismatch(Exception):
    """The database holds rows sealed with a key that is not among ours."""


class SealBroken(Exception):
    """Sealed bytes can't be opened: damaged, or sealed with a key that is not here."""


@dataclass(frozen=True, kw_only=True)
class _Key:
    """What is derived from one secret: knowing one of the three says nothing about the others."""

    fernet: Fernet = field(repr=False)
    lookup: bytes = field(repr=False)
    fingerprint: bytes


class Keyring:
    """One or more keys, newest first. The newest seals; every one of them opens and is looked up by."""

    def __init__(self, keys: tuple[_Key, ...]) -> None:
        self._keys = keys
        self._fernets = MultiFernet([key.fernet for key in keys])

    @classmethod
    def from_setting(cls, text: str) -> "Keyring":
        """Comma-separated secrets, newest first. Raises KeyInvalid."""
        found = [secret.strip() for secret in text.split(",") if secret.strip()]
        if not found:
            raise KeyInvalid("there is no key")
        if any(len(secret) < _SHORTEST_SECRET for secret in found):
            raise KeyInvalid(f"a key needs at least {_SHORTEST_SECRET} characters")
        return cls(tuple(_key(secret.encode()) for secret in found))

    @property
    def newest(self) -> bytes:
        """The fingerprint of the key that seals: 8 bytes that don't give it away."""
        return self._keys[0].fingerprint

    @property
    def fingerprints(self) -> frozenset[bytes]:
        return frozenset(key.fingerprint for key in self._keys)

    def seal(self, clear: bytes) -> bytes:
        """Encrypted and signed; compressed before when that pays."""
        token = self._fernets.encrypt(_packed(clear))
        return base64.urlsafe_b64decode(token)  # a quarter smaller than the token's text

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises SealBroken."""
        try:
            packed = self._fernets.decrypt(base64.urlsafe_b64encode(sealed))
        except InvalidToken:
            raise SealBroken from None
        return zlib.decompress(packed[1:]) if packed[:1] == _DEFLATED else packed[1:]

    def pseudonym(self, kind: str, value: str | int | bytes) -> bytes:
        """32 bytes that stand for `value` among others of its kind, by the newest key."""
        return _pseudonym(self._keys[0], kind, value)

    def pseudonyms(self, kind: str, value: str | int | bytes) -> tuple[bytes, ...]:
        """What `value` may be stored under, by every key: for look-ups while a rotation is not over."""
        return tuple(_pseudonym(key, kind, value) for key in self._keys)


def _packed(clear: bytes) -> bytes:
    if len(clear) > _WORTH_COMPRESSING_BYTES:
        deflated = zlib.compress(clear)
        if len(deflated) < len(clear):
            return _DEFLATED + deflated
    return _PLAIN + clear


def _key(secret: bytes) -> _Key:
    return _Key(
        fernet=Fernet(base64.urlsafe_b64encode(_derive(secret, b"skinbot seal 1", 32))),
        lookup=_derive(secret, b"skinbot lookup 1", 32),
        fingerprint=_derive(secret, b"skinbot fingerprint 1", 8),
    )


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)


def _pseudonym(key: _Key, kind: str, value: str | int | bytes) -> bytes:
    told = value if isinstance(value, bytes) else str(value).encode()
    return hmac.digest(key.lookup, kind.encode() + b"\x00" + told, sha256)


def key_setting(database_url: str, data_key: str | None) -> str:
    """The key(s) to use: DATA_KEY, or those in the key file beside an SQLite database, made when it is not there.

    Raises KeyMissing for PostgreSQL without DATA_KEY, DatabaseUrlInvalid.
    """
    if data_key:
        return data_key
    path = key_file(database_url)
    if path is None:
        raise KeyMissing("DATA_KEY is not set")
    if not path.exists():
        _write_first(path)
    keys = path.read_text(encoding="ascii")
    hide(key.strip() for key in keys.split(","))
    return keys


def key_file(database_url: str) -> Path | None:
    """`data/skinbot.key` beside `data/skinbot.db`; None for PostgreSQL. Raises DatabaseUrlInvalid."""
    file = place_of(database_url).file
    return file.with_suffix(".key") if file else None


def add_file_key(database_url: str) -> str:
    """Put a new key in front of those in the key file, before a rotation; returns them all. Raises KeyMissing."""
    setting = f"{_new_secret()},{key_setting(database_url, None)}"
    _replace(database_url, setting)
    return setting


def keep_newest_file_key(database_url: str) -> None:
    """Drop the older keys from the key file, after a rotation that reached every row. Raises KeyMissing."""
    _replace(database_url, key_setting(database_url, None).partition(",")[0])


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _write_first(path: Path) -> None:
    """The whole file appears at once: two processes that start together get the same key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, _new_secret())
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was quicker: its key counts
    finally:
        draft.unlink()
    _log.warning("an encryption key was made: %s. Copy it to a safe place, apart from the database", path)


def _replace(database_url: str, setting: str) -> None:
    path = key_file(database_url)
    if path is None:
        raise KeyMissing("there is no key file for PostgreSQL")
    _draft(path, setting).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
