"""Sealed bytes: they open at their own place only, and their length says nothing.

AES-256-GCM under a key of whoever they belong to; table, column, row and person are authenticated with them. What is
moved to another place, by whoever can write to the database, opens nowhere.
"""

import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_FORMAT: Final = b"\x02"
_OLD_FORMAT: Final = b"\x80"  # Fernet's first byte: sealed before seals knew their place
_NONCE_BYTES: Final = 12
_WORTH_COMPRESSING_BYTES: Final = 200
_PLAIN: Final = b"\x00"
_DEFLATED: Final = b"\x01"
_LENGTH_BYTES: Final = 4
_SMALLEST_BYTES: Final = 64

# Nearly every value of a column is as long as any other: what is longer is padded to the next power of two.
_USUAL_BYTES: Final = {
    ("person", "choices"): 512,
    ("person", "not_theirs"): 512,
    ("report", "lookups"): 256,
    ("report", "photos"): 512,
    ("report", "answer"): 8192,
    ("report", "red_map"): 16384,
    ("report", "facts"): 512,
    ("report", "summary"): 1024,
    ("report", "annotated_file_id"): 256,
    ("report", "redness_file_id"): 256,
    ("report", "note"): 1024,
    ("report", "disputed"): 256,
    ("report", "remarks"): 512,
    ("inbox", "sealed"): 2048,
    ("feeling", "content"): 128,
    ("product", "content"): 512,
    ("experiment", "draft"): 512,
    ("experiment", "agreed"): 1024,
    ("experiment", "course"): 512,
    ("experiment", "answer"): 2048,
    ("experiment_photo", "finding"): 128,
}


class SealBroken(Exception):
    """Sealed bytes can't be opened: damaged, or not where they were sealed."""


def is_old(sealed: bytes) -> bool:
    """Whether they were sealed before seals knew their place."""
    return sealed[:1] == _OLD_FORMAT


class SealingKey:
    """One random secret of 32 bytes. Its nonces are random: a key seals one person's, or one hour's, few thousands."""

    def __init__(self, secret: bytes) -> None:
        self._aead = AESGCM(secret)

    def seal(self, clear: bytes, *, place: bytes, usual_bytes: int = _SMALLEST_BYTES) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._aead.encrypt(nonce, _padded(_packed(clear), usual_bytes), place)

    def open(self, sealed: bytes, *, place: bytes) -> bytes:
        """What was sealed, at that place. Raises SealBroken."""
        nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _FORMAT:
            raise SealBroken
        try:
            return unpacked(_unpadded(self._aead.decrypt(nonce, rest, place)))
        except (InvalidTag, ValueError):
            raise SealBroken from None


@dataclass(frozen=True, kw_only=True)
class RowSeal:
    """What seals and opens the columns of one row. `old` opens what was sealed before seals knew their place."""

    key: SealingKey
    table: str
    row: int | str | bytes = field(repr=False)
    person_id: int | None = None
    old: Callable[[bytes], bytes] | None = None

    def seal(self, column: str, clear: bytes) -> bytes:
        usual = _USUAL_BYTES.get((self.table, column), _SMALLEST_BYTES)
        return self.key.seal(clear, place=self._place(column), usual_bytes=usual)

    def open(self, column: str, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        if self.old is not None and is_old(sealed):
            return self.old(sealed)
        return self.key.open(sealed, place=self._place(column))

    def _place(self, column: str) -> bytes:
        return place_of(self.table, column, self.row, person_id=self.person_id)


def place_of(table: str, column: str, row: int | str | bytes, *, person_id: int | None = None) -> bytes:
    """The row comes last, and nothing before it holds a zero: two places never look alike."""
    told = row if isinstance(row, bytes) else str(row).encode()
    return f"{table}\x00{column}\x00{person_id}\x00".encode() + told


def _packed(clear: bytes) -> bytes:
    if len(clear) > _WORTH_COMPRESSING_BYTES:
        deflated = zlib.compress(clear)
        if len(deflated) < len(clear):
            return _DEFLATED + deflated
    return _PLAIN + clear


def unpacked(packed: bytes) -> bytes:
    return zlib.decompress(packed[1:]) if packed[:1] == _DEFLATED else packed[1:]


def _padded(packed: bytes, usual_bytes: int) -> bytes:
    told = len(packed).to_bytes(_LENGTH_BYTES, "big") + packed
    return told.ljust(max(usual_bytes, 1 << (len(told) - 1).bit_length()), b"\x00")


def _unpadded(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
