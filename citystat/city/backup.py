"""Copies of a city, made by SQLite's own backup so that they are whole while the city is in use; and its check."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from citystat.city.file import open_file, refused
from citystat.errors import CityStatError


def save_copy_of(path: Path, to: Path) -> None:
    """Write a whole copy of the city at `path` to `to`; a file already there is replaced only by a finished copy."""
    if to.resolve() == path.resolve():
        raise CityStatError("The copy would overwrite the city itself", where=str(to), do="Choose another name")
    part = to.with_name(to.name + ".part")
    try:
        with refused(to):
            source, target = sqlite3.connect(path), sqlite3.connect(part)
            try:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
            finally:
                target.close()
                source.close()
            os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)


def restore(copy: Path, path: Path) -> None:
    """Put the city in `copy` in the place of `path`; the copy is looked at first."""
    problems = check(copy)
    if problems:
        raise CityStatError(f"The copy is damaged: {problems[0]}", where=copy.name, do="Choose another copy")
    save_copy_of(copy, path)


def check(path: Path) -> list[str]:
    """What is wrong with the city at `path`, a sentence each; empty when all is sound."""
    open_file(path).dispose()
    with refused(path):
        connection = sqlite3.connect(path)
        try:
            damage = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            lost = [
                f"Row {row[1]} of {row[0]} points to a missing row of {row[2]}"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
        finally:
            connection.close()
    return damage + lost
