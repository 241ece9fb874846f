"""Main keys, and where they come from."""

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.storage.engine.database import Database
from bot.storage.engine.key_file import (
    KeyLost,
    begin_new_key,
    drop_unneeded_keys,
    is_open_to_others,
    key_file,
    key_setting,
)
from bot.storage.engine.keys import KeyInvalid, KeyMismatch, KeyMissing, Keyring
from bot.storage.engine.seals import SealBroken
from bot.storage.engine.vault import SecretLost
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.tables import secret
from bot.storage.upkeep.migrating import migrate
from tests.keys import FOREIGN_KEY, KEY, NEXT_KEY
from tests.unit.storage.making import NOON

PLACE = b"a place"


def test_older_keys_still_open() -> None:
    """With a new key in front, what the old one sealed is readable, and the new one seals."""
    old, both, new = (Keyring.from_setting(text) for text in (KEY, f"{NEXT_KEY}, {KEY}", NEXT_KEY))
    sealed = old.seal(b"a key", place=PLACE)
    assert both.open(sealed, place=PLACE, by=old.newest) == b"a key"
    assert new.open(both.seal(b"a key", place=PLACE), place=PLACE, by=both.newest) == b"a key"


def test_foreign_key_opens_nothing() -> None:
    """Without the key there is an error, never garbage; that it is another key is said."""
    ours, foreign = Keyring.from_setting(KEY), Keyring.from_setting(FOREIGN_KEY)
    sealed = ours.seal(b"a key", place=PLACE)
    with pytest.raises(KeyMismatch):
        foreign.open(sealed, place=PLACE, by=ours.newest)
    with pytest.raises(SealBroken):
        foreign.open(sealed, place=PLACE, by=foreign.newest)


@pytest.mark.parametrize("setting", ["", " , ", "short", f"{KEY},too-short"])
def test_too_short_keys_are_refused(setting: str) -> None:
    """No key, or one under sixteen characters, is refused without repeating it."""
    with pytest.raises(KeyInvalid) as invalid:
        Keyring.from_setting(setting)
    assert "short" not in str(invalid.value)


@pytest.mark.parametrize(
    ("key", "weak"),
    [
        (KEY, False),
        ("q" * 43, True),
        ("passwordpassword", True),
        ("correct horse battery staple and then some more words", True),
        ("correcthorsebatterystaplecorrecthorsebatterystaple", True),
        ("3f" * 32, True),
        ("8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92", False),
        ("yjdLPcWCHZMWkFJ1RWLhtJrFCQ0oQvpHiypLwNGkMBQ=", False),
        ("yjdLPcWCHZMWkFJ1RWLhtA==", True),
    ],
)
def test_a_weak_key_is_told_from_random_bytes(key: str, weak: bool) -> None:  # noqa: FBT001 - a table
    """32 random bytes in base64 or hex are strong; what a person thought of is weak, however long."""
    assert Keyring.from_setting(key).is_weak is weak


async def test_a_new_weak_key_is_refused(url: str) -> None:
    """By a new database, and when it comes in front of a strong one; nothing is sealed by it."""
    with pytest.raises(KeyInvalid) as invalid:
        async with Database.open(url, Keyring.from_setting("passwordpassword")):
            pass
    assert "password" not in str(invalid.value)
    async with Database.open(url, Keyring.from_setting(KEY)):
        pass
    with pytest.raises(KeyInvalid):
        async with Database.open(url, Keyring.from_setting(f"passwordpassword,{KEY}")):
            pass
    async with Database.open(url, Keyring.from_setting(KEY)):
        pass


def test_keyring_is_not_printed() -> None:
    """A keyring in a log line or a traceback shows no secret."""
    keyring = Keyring.from_setting(NEXT_KEY)
    assert NEXT_KEY not in f"{keyring!r} {vars(keyring)!r}"


def test_given_key_wins(tmp_path: Path) -> None:
    """With DATA_KEY set no key file is made."""
    url = f"sqlite:///{tmp_path}/x.db"
    assert key_setting(url, NEXT_KEY) == NEXT_KEY
    assert list(tmp_path.iterdir()) == []


def test_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """The first start makes a key that only this user can read; the next start finds it."""
    url = f"sqlite:///{tmp_path}/data/x.db"
    first = key_setting(url, None)
    path = tmp_path / "data" / "x.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert key_setting(url, None) == first == path.read_text()
    assert not Keyring.from_setting(first).is_weak
    assert [file.name for file in path.parent.iterdir()] == ["x.key"]
    assert not is_open_to_others(path)
    path.chmod(0o640)
    assert is_open_to_others(path)


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


async def test_a_lost_key_file_is_not_replaced(tmp_path: Path) -> None:
    """Beside a database that was sealed with it there is no new one, and none is left behind; an empty one gets it."""
    url, key = f"sqlite:///{tmp_path}/x.db", tmp_path / "x.key"
    migrate(url)
    keyring = Keyring.from_setting(key_setting(url, None))
    async with Database.open(url, keyring):
        pass
    text = key.read_text()
    key.unlink()
    with pytest.raises(KeyLost):
        key_setting(url, None)
    assert not key.exists()
    key.write_text(text)
    assert key_setting(url, None) == text


def test_a_key_file_that_is_none(tmp_path: Path) -> None:
    """Bytes that are no text end in words of ours."""
    (tmp_path / "x.key").write_bytes(b"\xff\xfe binary")
    with pytest.raises(KeyInvalid):
        key_setting(f"sqlite:///{tmp_path}/x.db", None)


def test_key_file_is_renewed(tmp_path: Path) -> None:
    """A new key comes in front of the old one, once however often it is begun; what is not needed leaves."""
    url = f"sqlite:///{tmp_path}/x.db"
    old = key_setting(url, None)
    both = begin_new_key(url)
    new, _, rest = both.partition(",")
    assert (rest, key_setting(url, None)) == (old, both)
    assert new != old
    assert begin_new_key(url) == both
    drop_unneeded_keys(url, Keyring.from_setting(both).fingerprints)
    assert key_setting(url, None) == both
    drop_unneeded_keys(url, {Keyring.from_setting(new).newest})
    assert key_setting(url, None) == new
    assert stat.S_IMODE((tmp_path / "x.key").stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.key"]


async def test_a_key_that_others_can_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At each start, until its mode is mended."""
    url = f"sqlite:///{tmp_path / 'data'}/x.db"
    async with open_store(url, None):
        pass
    assert "chmod" not in caplog.text
    (tmp_path / "data" / "x.key").chmod(0o644)
    async with open_store(url, None):
        pass
    assert "chmod 600" in caplog.text


@pytest.mark.parametrize("name", ["lookup", "proofs", "tombstones"])
async def test_a_lost_secret_is_not_replaced(url: str, keyring: Keyring, name: str) -> None:
    """A new one would find nobody again, and whoever came back would be a stranger beside their own reports."""
    async with Database.open(url, keyring) as database:
        await Store.on(database).people.meet(111_222_333, "es", now=NOON)
        await database.write(lambda connection: connection.execute(delete(secret).where(secret.c.name == name)))
    for _ in range(2):
        with pytest.raises(SecretLost, match=name):
            async with Database.open(url, keyring):
                pass
