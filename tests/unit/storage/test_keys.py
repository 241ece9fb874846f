"""Seals, pseudonyms, and where the key comes from."""

import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.keys import (
    KeyInvalid,
    KeyMissing,
    Keyring,
    SealBroken,
    add_file_key,
    keep_newest_file_key,
    key_file,
    key_setting,
)

OLD, NEW, FOREIGN = "the-old-secret-key", "the-new-secret-key", "somebody-elses-key"


@given(st.binary(max_size=2000))
def test_what_was_sealed_is_opened(clear: bytes) -> None:
    """Any bytes come back, and the same bytes sealed twice don't look the same."""
    keyring = Keyring.from_setting(NEW)
    sealed = keyring.seal(clear)
    assert keyring.open(sealed) == clear
    assert keyring.seal(clear) != sealed


def test_large_answers_are_compressed() -> None:
    """A typical answer takes less than half its size, sealed."""
    answer = json.dumps({f"field_{number}": {"value": number % 3, "confidence": 0.9} for number in range(100)})
    assert len(Keyring.from_setting(NEW).seal(answer.encode())) < len(answer) / 2


def test_older_keys_still_open() -> None:
    """With a new key in front, what the old one sealed is readable, and the new one seals."""
    sealed = Keyring.from_setting(OLD).seal(b"finding")
    both = Keyring.from_setting(f"{NEW}, {OLD}")
    assert both.open(sealed) == b"finding"
    assert Keyring.from_setting(NEW).open(both.seal(b"finding")) == b"finding"


def test_foreign_key_opens_nothing() -> None:
    """Without the key there is an error, never garbage."""
    sealed = Keyring.from_setting(NEW).seal(b"finding")
    with pytest.raises(SealBroken):
        Keyring.from_setting(FOREIGN).open(sealed)


@pytest.mark.parametrize("place", [0, 10, 30, -1])
def test_damaged_seal_is_noticed(place: int) -> None:
    """One changed bit anywhere, and nothing is opened."""
    keyring = Keyring.from_setting(NEW)
    damaged = bytearray(keyring.seal(b"finding"))
    damaged[place] ^= 1
    with pytest.raises(SealBroken):
        keyring.open(bytes(damaged))


@pytest.mark.parametrize("setting", ["", " , ", "short", f"{NEW},too-short"])
def test_weak_keys_are_refused(setting: str) -> None:
    """No key, or one under sixteen characters, is refused without repeating it."""
    with pytest.raises(KeyInvalid) as invalid:
        Keyring.from_setting(setting)
    assert "short" not in str(invalid.value)


def test_pseudonyms() -> None:
    """The same value has the same pseudonym under one kind and one key, and another one under any other."""
    both = Keyring.from_setting(f"{NEW},{OLD}")
    new, old = Keyring.from_setting(NEW), Keyring.from_setting(OLD)
    assert both.pseudonyms("person", 42) == (new.pseudonym("person", 42), old.pseudonym("person", 42))
    assert both.pseudonym("person", 42) == both.pseudonym("person", "42") == both.pseudonym("person", b"42")
    assert len({both.pseudonym("person", 42), both.pseudonym("chat", 42), both.pseudonym("person", 43)}) == 3


def test_keyring_is_not_printed() -> None:
    """A keyring in a log line or a traceback shows no secret."""
    keyring = Keyring.from_setting(NEW)
    assert NEW not in f"{keyring!r} {vars(keyring)!r}"


def test_given_key_wins(tmp_path: Path) -> None:
    """With DATA_KEY set no key file is made."""
    url = f"sqlite:///{tmp_path}/x.db"
    assert key_setting(url, NEW) == NEW
    assert list(tmp_path.iterdir()) == []


def test_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """The first start makes a key that only this user can read; the next start finds it."""
    url = f"sqlite:///{tmp_path}/data/x.db"
    first = key_setting(url, None)
    path = tmp_path / "data" / "x.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert key_setting(url, None) == first == path.read_text()
    Keyring.from_setting(first)
    assert [file.name for file in path.parent.iterdir()] == ["x.key"]


def test_first_starts_at_once_get_one_key(tmp_path: Path) -> None:
    """Of many that start together, all use the same key, whole."""
    url, found = f"sqlite:///{tmp_path}/x.db", []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        found.append(key_setting(url, None))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    Keyring.from_setting(found[0])


def test_postgres_has_no_key_file() -> None:
    """Without DATA_KEY the set-up is wrong, and nothing is invented."""
    with pytest.raises(KeyMissing):
        key_setting("postgresql://postgres@127.0.0.1/skinbot", None)
    assert key_file("postgresql://postgres@127.0.0.1/skinbot") is None


def test_key_file_is_renewed(tmp_path: Path) -> None:
    """A new key comes in front of the old one; after the rotation it stands alone."""
    url = f"sqlite:///{tmp_path}/x.db"
    old = key_setting(url, None)
    both = add_file_key(url)
    new, _, rest = both.partition(",")
    assert (rest, key_setting(url, None)) == (old, both)
    assert new != old
    keep_newest_file_key(url)
    assert key_setting(url, None) == new
    assert stat.S_IMODE((tmp_path / "x.key").stat().st_mode) == 0o600
