"""The city file: one SQLite database with its own application id and schema version.

SQLite itself says whether a file is sound; this module turns its answers into sentences.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from citystat.errors import CityStatError
from citystat.files import found
from citystat.models import Cell, CitySettings, whole
from citystat.models.observations import WHOLE
from citystat.texts import tr

APPLICATION_ID = 0x43695374  # "CiSt", PRAGMA application_id of every city file
SCHEMA_VERSION = 5  # PRAGMA user_version; one more for every migration
SUFFIX = ".citystat"


def create_file(path: Path, settings: CitySettings) -> None:
    """Write a new city file with its first rows, under another name until it is whole; a failure leaves nothing behind."""
    if found(path):
        raise CityStatError(tr("There is a file of that name already"), where=str(path), do=tr("Choose another name"))
    part = beside(path, ".part")
    try:
        with refused(path):
            for left in (part, *companions(part)):
                left.unlink(missing_ok=True)  # of a making that was cut off
            engine = file_engine(part)
            whole().create_all(engine)
            with Session(engine) as session:
                session.add_all([settings, Cell(id=WHOLE, label="")])
                session.commit()
            stamp(engine)
            engine.dispose()
            part.rename(path)
    except BaseException:
        for left in (part, *companions(part)):
            left.unlink(missing_ok=True)
        raise


def open_file(path: Path) -> Engine:
    """An engine on the city file at `path`, migrated to this version's schema."""
    version = look_at(path)
    with refused(path):
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            raise PermissionError("readonly")
        if version < SCHEMA_VERSION:
            from citystat.city.upgrade import upgrade  # Alembic is slow to import and seldom needed

            upgrade(path)
        return file_engine(path)


def file_engine(path: Path) -> Engine:
    """An engine whose connections keep foreign keys and reach the disk at every commit."""
    # not as text: "?", "%" and "#" in a name would be read as parts of the address; absolute, or ":memory:" is no file
    engine = create_engine(URL.create("sqlite", database=str(path.absolute())), connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # pysqlite must not begin transactions by itself; see _begin
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN")  # type: ignore[attr-defined]

    return engine


def stamp(engine: Engine) -> None:
    """Mark the file as a city of this schema version."""
    with engine.begin() as connection:
        stamp_on(connection)


def stamp_on(connection: Connection) -> None:
    """The same within a transaction that is open already; SQLite rolls these two back with the rest."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Turn what the database or the disk refuses into a sentence about the city file."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite hands damaged names on as they are
        raise _sentence(path, ValueError("malformed")) from error
    except UnicodeEncodeError as error:  # half of a character, such as a name in another encoding
        raise _sentence(path, ValueError("surrogates")) from error
    except OverflowError as error:
        if "SQLite INTEGER" not in str(error):
            raise
        raise _sentence(path, error) from error
    except ValueError as error:
        if not _in_rows(error):
            raise
        raise _sentence(path, ValueError("malformed")) from error
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise _sentence(path, cause) from error


# what SQLite or the system says → (what is the case, what to do)
SENTENCES = {
    "unique constraint": ("There is one of this name or code already", "Choose another"),
    "foreign key": ("Something else in the city still refers to this", "Remove that first"),
    "readonly": ("The file or its folder cannot be written", "Save a copy in a folder of your own and open that"),
    "is locked": ("Another program is writing in this city", "Wait until it has finished and try again"),
    "disk is full": ("The disk is full; nothing of this change was kept", "Free some space and do it again"),
    "no space": ("The disk is full; nothing of this change was kept", "Free some space and do it again"),
    "malformed": ("The city file is damaged", "Restore the last backup (File > Restore a copy), or copy the file and ask for help"),
    "disk i/o": ("The disk did not answer", "Check the drive or network share, then try again"),
    "unable to open": ("The file cannot be opened or made here", "Check that the folder exists and that you may write in it"),
    "no such file": ("The file cannot be opened or made here", "Check that the folder exists and that you may write in it"),
    "not a directory": ("The file cannot be opened or made here", "Check that the folder exists and that you may write in it"),
    "permission": ("You may not read or write this file", "Ask for the right to it, or choose another folder"),
    "name too long": ("The name of the file is too long", "Choose a shorter one"),
    "not a database": ("This file is not a city file", "Choose a file that ends in .citystat"),
    "too large to convert": ("A number is larger than a city can hold; nothing of this change was kept", "Give a smaller one"),
    "surrogates": ("A text holds signs that are no Unicode; nothing of this change was kept", "Type it anew"),
}  # fmt: skip


def _in_rows(error: ValueError) -> bool:
    """Whether a row could not be read: SQLite finds a page sound in which one letter of a date is damaged."""
    frames = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    return any(name.startswith("sqlalchemy.") for name in frames)


def _sentence(path: Path, cause: BaseException) -> CityStatError:
    """What the database or the system said, in words; a system's own words name the file, which must not be matched."""
    said = str(getattr(cause, "strerror", None) or cause).lower()
    for words, (what, do) in SENTENCES.items():
        if words in said:
            return CityStatError(tr(what), where=_short(path.name), do=tr(do))
    return CityStatError(
        tr("The city file refused: {why}", why=said), where=_short(path.name), do=tr("Nothing was changed")
    )


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:60]}…"


def beside(path: Path, suffix: str) -> Path:
    """The file beside `path` that is called like it and ends in `suffix`; CityStatError where `path` names none."""
    if not path.name:
        raise CityStatError(tr("No file is named"), where=str(path), do=tr("Give the name of a file"))
    return path.with_name(path.name + suffix)


def look_at(path: Path) -> int:
    """The schema version of the city at `path`, once it is one that this version knows; the file is not touched."""
    there = found(path)
    if there is None:
        raise CityStatError(
            tr("There is no such file"), where=_short(str(path)), do=tr("Check the name, or make a new city")
        )
    if stat.S_ISDIR(there.st_mode):
        raise CityStatError(
            tr("This is a folder, not a city file"), where=str(path), do=tr("Choose a file that ends in .citystat")
        )
    if not stat.S_ISREG(there.st_mode):  # a pipe or a device would be waited for, or read for ever
        raise CityStatError(
            tr("This is a device or a pipe, not a file"), where=str(path), do=tr("Choose a file that ends in .citystat")
        )
    with refused(path), path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise _sentence(path, ValueError("not a database"))
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise CityStatError(
            tr("This is a database, but not a city of CityStat"),
            where=path.name,
            do=tr("Choose a file that ends in .citystat"),
        )
    version = _version(path)
    if version > SCHEMA_VERSION:
        raise CityStatError(
            tr("This city was last saved by a newer version of CityStat"),
            where=path.name,
            do=tr("Install the newer version to open it; nothing was changed"),
        )
    return version


def _version(path: Path) -> int:
    """user_version as SQLite sees it (a migration may still stand in the write-ahead log), once the file is sound."""
    with refused(path):
        connection = reading(path)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()


def reading(path: Path) -> sqlite3.Connection:
    """A connection that makes no file where there is none, and can read a copy on a medium that cannot be written."""
    fixed = not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK)
    access = "mode=ro&immutable=1" if fixed else "mode=rw"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{access}", timeout=10, uri=True)


def companions(path: Path) -> tuple[Path, Path]:
    """The write-ahead log and its index, beside the city while it is open."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
