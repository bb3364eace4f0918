"""One door to a city's database: read(), change(), undo().

A change is a named act: one transaction, one journal entry, one step of undo. At its end the city
announces what was touched, and whoever shows it refreshes. Queries hand out frozen dataclasses;
no ORM object leaves its block.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from citystat.city import journal
from citystat.city.file import create_file, look_at, open_file, refused
from citystat.city.lock import FileLock
from citystat.errors import CityStatError
from citystat.models import CitySettings
from citystat.printable import one_line
from citystat.texts import tr

Listener = Callable[["Touched"], None]


@dataclass(frozen=True)
class Touched:
    """What an act changed: keys such as "measure:42" or "meeting:7", and table names such as "measure"."""

    keys: frozenset[str]

    def any(self, *keys: str) -> bool:
        """Whether one of `keys` was touched."""
        return not self.keys.isdisjoint(keys)


class Change(Session):
    """A session whose changes become one act of the journal.

    undoable False: the act is journalled but is no step of undo (the room turned to an item; nobody typed anything).
    """

    act: str
    run_id: int | None = None
    undoable: bool = True


@dataclass(frozen=True)
class Settings:
    """What holds for the whole city. fiscal_year_start: month 1 to 12."""

    name: str
    office: str
    fiscal_year_start: int
    population: int | None
    sample: bool


class City:
    """An open city. Thread-safe for reading; changes are made one at a time (SQLite sees to it)."""

    def __init__(self, engine: Engine, path: Path, lock: FileLock | None, who: str) -> None:
        self._engine = engine
        self._lock = lock
        self._listeners: list[Listener] = []
        self.path = path
        self.who = who
        self._file = _identity(path)
        self.settings = self._settings()

    @classmethod
    def create(cls, path: Path, name: str, *, who: str = "", fiscal_year_start: int = 7, sample: bool = False) -> City:
        """Make a new, empty city file at `path`; CityStatError where that cannot be."""
        name = one_line(name)
        if not name:
            raise CityStatError(tr("A city needs a name"), where=tr("Name"), do=tr("Type one"))
        create_file(path, CitySettings(name=name, fiscal_year_start=fiscal_year_start, sample=sample))
        return cls.open(path, who=who)

    @classmethod
    def open(cls, path: Path, *, who: str = "", alone: bool = False) -> City:
        """Open the city file at `path`, bringing an older one up to date.

        alone: hold the city against other windows until close(); commands that only look leave it free.
        CityStatError says what is wrong with a file that is no city, damaged, newer, locked or not readable.
        """
        look_at(path)  # a lock is no use beside a file that is no city
        lock = FileLock(path, who or login()) if alone else None
        try:
            return cls(open_file(path), path, lock, who or login())
        except BaseException:
            if lock:
                lock.release()
            raise

    def close(self) -> None:
        """Let go of the file; the write-ahead log is folded into it."""
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> City:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to ask; nothing asked in it is written."""
        with refused(self.path), Session(self._engine, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def change(self, what: str, *, undoable: bool = True) -> Iterator[Change]:
        """One act called `what`: all of it is kept and journalled, or nothing is."""
        self._still_there()
        with refused(self.path), Change(self._engine) as change:
            change.act, change.undoable = what, undoable
            rows = journal.watch(change)
            yield change
            change.flush()
            keys = journal.keep(
                change, rows, who=self.who, what=change.act, run_id=change.run_id, at=now(), undoable=change.undoable
            )
            change.commit()
        self._announce(keys)

    def undo(self, reason: str = "") -> str | None:
        """Take the last act back and return its name; None where there is nothing. CityStatError if it was changed since.

        closing.ReasonWanted where figures of closed periods change by that and no reason is given.
        """
        return self._step(partial(journal.undo, reason=reason))

    def redo(self, reason: str = "") -> str | None:
        """Bring back the act taken back last and return its name; None where there is nothing. reason: as for undo()."""
        return self._step(partial(journal.redo, reason=reason))

    def undo_run(self, run_id: int, reason: str = "") -> str | None:
        """Take back the import `run_id`, though other acts came after it. reason: as for undo()."""
        return self._step(lambda session, **told: journal.undo_run(session, run_id, reason=reason, **told))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change (in the changing thread); returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _step(self, step: Callable[..., tuple[str, frozenset[str]] | None]) -> str | None:
        self._still_there()
        with refused(self.path), Session(self._engine) as session:
            done = step(session, who=self.who, at=now())
            session.commit()
        if done is None:
            return None
        what, keys = done
        self._announce(keys)
        return what

    def _still_there(self) -> None:
        """An open file that was moved, deleted or replaced would take what is written with it."""
        if _identity(self.path) != self._file:
            raise CityStatError(
                tr("The city file is no longer where it was opened; nothing of this change was kept"),
                where=str(self.path),
                do=tr("Connect the drive or put the file back, then open the city again"),
            )

    def _announce(self, keys: frozenset[str]) -> None:
        if "city_settings" in keys:
            self.settings = self._settings()
        for listener in list(self._listeners):
            listener(Touched(keys))

    def _settings(self) -> Settings:
        with self.read() as read:
            row = read.scalars(select(CitySettings)).one()
            return Settings(row.name, row.office, row.fiscal_year_start, row.population, row.sample)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`; None where there is none (or the drive is gone)."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def login() -> str:
    """The name under which changes are journalled when nobody said another."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def now() -> datetime:
    """The moment an act is journalled with, to the microsecond, in local time."""
    return datetime.now()
