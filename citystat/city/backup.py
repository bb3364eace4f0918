"""Copies of a city, made by SQLite's own backup so that they are whole while the city is in use; and its check."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from citystat.city.file import beside, companions, look_at, reading, refused
from citystat.city.lock import FileLock
from citystat.errors import CityStatError
from citystat.files import found, replaceable, same
from citystat.texts import tr


def save_copy_of(path: Path, to: Path) -> None:
    """Write a whole copy of the city at `path` to `to`; a file already there is replaced only by a finished copy."""
    if same(to, path):
        raise CityStatError(tr("The copy would overwrite the city itself"), where=str(to), do=tr("Choose another name"))
    part = beside(to, ".part")
    if found(to):
        _may_be_replaced(to)
    try:
        with refused(to):
            _copy(path, part)
            _clear_companions(to)
            os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)


def _may_be_replaced(to: Path) -> None:
    """CityStatError where the file at `to` is no city, or one that somebody has open."""
    try:
        look_at(to)
    except CityStatError as error:
        raise CityStatError(
            tr("There is a file of that name that is no city, and it would be lost"),
            where=str(to),
            do=tr("Choose another name"),
        ) from error
    FileLock(to, "").release()


def restore(copy: Path, path: Path, *, who: str = "") -> Path | None:
    """Put the city in `copy` in the place of `path`; returns where the city that was there is kept.

    The copy is looked at first, and is only read. CityStatError while a window holds the city at `path`.
    """
    problems = check(copy)
    if problems:
        raise CityStatError(
            tr("The copy is damaged: {why}", why=problems[0]), where=copy.name, do=tr("Choose another copy")
        )
    if same(copy, path):
        raise CityStatError(
            tr("This is the city itself, not a copy of it"), where=copy.name, do=tr("Choose another file")
        )
    part = beside(path, ".part")
    replaceable(path)
    lock = FileLock(path, who)
    try:
        with refused(path):
            _copy(copy, part)
            kept = _put_aside(path)
            os.replace(part, path)
        return kept
    finally:
        part.unlink(missing_ok=True)
        lock.release()


def check(path: Path) -> list[str]:
    """What is wrong with the city at `path`, a sentence each; empty when all is sound. Nothing is changed in it."""
    look_at(path)
    with refused(path):
        connection = reading(path)
        try:
            damage = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            lost = [
                tr("Row {n} of {table} points to a missing row of {other}", n=row[1], table=row[0], other=row[2])
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
        finally:
            connection.close()
    return damage + lost


def _copy(path: Path, part: Path) -> None:
    source = reading(path)
    target = sqlite3.connect(part.absolute())  # "file:x?mode=memory" as it is may be read as an address
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
        source.close()


def _put_aside(path: Path) -> Path | None:
    """Rename the city with its write-ahead log, which must never meet another database; works on a damaged one too."""
    if not path.exists():
        _clear_companions(path)
        return None
    kept = path.with_name(f"{path.stem}.before-restore-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
    for here, there in zip((*companions(path), path), (*companions(kept), kept), strict=True):
        if here.exists():
            os.replace(here, there)
    return kept


def _clear_companions(path: Path) -> None:
    for left in companions(path):
        left.unlink(missing_ok=True)
