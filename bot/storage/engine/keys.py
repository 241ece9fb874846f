"""The main keys: they seal the keys that seal what is stored, and nothing else."""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.config.errors import SetupError
from bot.storage.engine.seals import SealBroken, SealingKey, unpacked

_SHORTEST_SECRET: Final = 16
_RANDOM_BYTES: Final = 32
_FEWEST_DIFFERENT_BYTES: Final = 16  # of 32 random bytes about 30 differ
_HEX: Final = re.compile(r"[0-9a-f]{64,}|[0-9A-F]{64,}")
_BASE64: Final = re.compile(r"(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/_-]{43,}={0,2}")


class KeyInvalid(SetupError):
    """A key is too short or too weak, or there is none. The message does not hold it."""


class KeyMissing(SetupError):
    """PostgreSQL needs DATA_KEY: a key beside the database would be no secret, and there is no place for it."""


class KeyMismatch(SetupError):
    """The database holds rows sealed with a key that is not among ours."""


@dataclass(frozen=True, kw_only=True)
class _Key:
    """What is derived from one secret: knowing one of them says nothing about the others.

    `fernet` and `lookup` open and find what was stored before every person had a key of their own.
    """

    sealing: SealingKey = field(repr=False)
    fernet: Fernet = field(repr=False)
    lookup: bytes = field(repr=False)
    fingerprint: bytes
    is_weak: bool


class Keyring:
    """One or more main keys, newest first. The newest seals; every one of them opens."""

    def __init__(self, keys: Sequence[_Key]) -> None:
        self._keys = tuple(keys)
        self._by_fingerprint = {key.fingerprint: key for key in keys}
        self._fernets = MultiFernet([key.fernet for key in keys])

    @classmethod
    def from_setting(cls, text: str) -> "Keyring":
        """Comma-separated secrets, newest first. Raises KeyInvalid."""
        found = [secret.strip() for secret in text.split(",") if secret.strip()]
        if not found:
            raise KeyInvalid("there is no key")
        if any(len(secret) < _SHORTEST_SECRET for secret in found):
            raise KeyInvalid(f"a key needs at least {_SHORTEST_SECRET} characters")
        return cls([_key(secret) for secret in found])

    @property
    def newest(self) -> bytes:
        """The fingerprint of the key that seals: 8 bytes that don't give it away."""
        return self._keys[0].fingerprint

    @property
    def fingerprints(self) -> frozenset[bytes]:
        return frozenset(self._by_fingerprint)

    @property
    def is_weak(self) -> bool:
        """The key that seals could be guessed by whoever has the database."""
        return self._keys[0].is_weak

    def seal(self, clear: bytes, *, place: bytes) -> bytes:
        return self._keys[0].sealing.seal(clear, place=place)

    def open(self, sealed: bytes, *, place: bytes, by: bytes) -> bytes:
        """`by`: the fingerprint of the key that sealed it. Raises KeyMismatch, SealBroken."""
        key = self._by_fingerprint.get(by)
        if key is None:
            raise KeyMismatch("the database is sealed with a key that this process does not have")
        return key.sealing.open(sealed, place=place)

    # what was stored before every person had a key of their own

    def open_old(self, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        try:
            return unpacked(self._fernets.decrypt(base64.urlsafe_b64encode(sealed)))
        except InvalidToken:
            raise SealBroken from None

    def old_pseudonyms(self, kind: str, value: str | int | bytes) -> tuple[bytes, ...]:
        return tuple(pseudonym(key.lookup, kind, value) for key in self._keys)


def pseudonym(secret: bytes, kind: str, value: str | int | bytes) -> bytes:
    """32 bytes that stand for `value` among others of its kind."""
    told = value if isinstance(value, bytes) else str(value).encode()
    return hmac.digest(secret, kind.encode() + b"\x00" + told, sha256)


def _key(text: str) -> _Key:
    secret = text.encode()
    return _Key(
        sealing=SealingKey(_derive(secret, b"skinbot wrap 2", 32)),
        fernet=Fernet(base64.urlsafe_b64encode(_derive(secret, b"skinbot seal 1", 32))),
        lookup=_derive(secret, b"skinbot lookup 1", 32),
        fingerprint=_derive(secret, b"skinbot fingerprint 1", 8),
        is_weak=not _looks_random(text),
    )


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)


def _looks_random(text: str) -> bool:
    """32 bytes or more in hex or base64, of which not too many are alike. What a person thought of is neither."""
    if _HEX.fullmatch(text):
        decoded = text.encode()  # of sixteen digits
        return len(set(decoded)) >= _FEWEST_DIFFERENT_BYTES // 2
    if not _BASE64.fullmatch(text):
        return False
    plain = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        decoded = base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return False
    return len(decoded) >= _RANDOM_BYTES and len(set(decoded)) >= _FEWEST_DIFFERENT_BYTES
