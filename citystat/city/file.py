"""The city file: one SQLite database with its own application id and schema version.

SQLite itself says whether a file is sound; this module turns its answers into sentences.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from citystat.errors import CityStatError
from citystat.models import Base, Cell, CitySettings
from citystat.models.observations import WHOLE

APPLICATION_ID = 0x43695374  # "CiSt", PRAGMA application_id of every city file
SCHEMA_VERSION = 2  # PRAGMA user_version; one more for every migration
SUFFIX = ".citystat"


def create_file(path: Path, settings: CitySettings) -> None:
    """Write a new city file with its first rows, under another name until it is whole; a failure leaves nothing behind."""
    part = path.with_name(path.name + ".part")
    if path.exists():
        raise CityStatError("There is a file of that name already", where=str(path), do="Choose another name")
    try:
        with refused(path):
            for left in (part, *companions(part)):
                left.unlink(missing_ok=True)  # of a making that was cut off
            engine = file_engine(part)
            Base.metadata.create_all(engine)
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
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

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
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise _sentence(path, cause) from error


# what SQLite says → (what is the case, what to do)
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
    "permission": ("You may not read or write this file", "Ask for the right to it, or choose another folder"),
    "not a database": ("This file is not a city file", "Choose a file that ends in .citystat"),
}  # fmt: skip


def _sentence(path: Path, cause: BaseException) -> CityStatError:
    said = str(cause).lower()
    for words, (what, do) in SENTENCES.items():
        if words in said:
            return CityStatError(what, where=path.name, do=do)
    return CityStatError(f"The city file refused: {cause}", where=path.name, do="Nothing was changed")


def look_at(path: Path) -> int:
    """The schema version of the city at `path`, once it is one that this version knows; the file is not touched."""
    if not path.exists():
        raise CityStatError("There is no such file", where=str(path), do="Check the name, or make a new city")
    if path.is_dir():
        raise CityStatError(
            "This is a folder, not a city file", where=str(path), do="Choose a file that ends in .citystat"
        )
    with refused(path), path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise _sentence(path, ValueError("not a database"))
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise CityStatError(
            "This is a database, but not a city of CityStat", where=path.name, do="Choose a file that ends in .citystat"
        )
    version = _version(path)
    if version > SCHEMA_VERSION:
        raise CityStatError(
            "This city was last saved by a newer version of CityStat",
            where=path.name,
            do="Install the newer version to open it; nothing was changed",
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
