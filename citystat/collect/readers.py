"""What is in a file: its sheets, nothing judged yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from citystat.collect import text, workbook
from citystat.collect.sheet import Sheet, letters
from citystat.errors import CityStatError
from citystat.files import read_bytes, size_of
from citystat.printable import printable
from citystat.texts import tr

__all__ = ["Progress", "Sheet", "Source", "letters", "read"]

LARGEST = 500_000_000  # bytes; a larger file belongs into a database


class Progress(Protocol):
    """Who waits: is told how far the work is (0 to 1), and raises Cancelled to stop it."""

    def report(self, share: float, words: str = "") -> None:
        """How far the work is."""


@dataclass(frozen=True)
class Source:
    """A file that was read."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def read(path: Path, progress: Progress | None = None) -> Source:
    """Read `path`; CityStatError says what is wrong with a file that cannot be read, and what to do."""
    data = _bytes(path)
    if progress:
        progress.report(0.2, tr("Reading {file}", file=path.name))
    if not data.strip():
        raise _empty(path)
    if path.suffix.lower() in workbook.SUFFIXES or data[:4] in (workbook.OLE, workbook.ZIP):
        sheets = workbook.sheets(path.name, data)
    else:
        sheets = [text.sheet(path.name, data)]
    if not any((column != "").any() for sheet in sheets for column in sheet.columns):
        raise _empty(path)
    if progress:
        progress.report(0.9)
    return Source(printable(path.name), hashlib.sha256(data).hexdigest(), tuple(sheets))


def changed(path: Path, source: Source) -> bool:
    """Whether the file holds something else than when it was read; one that is gone is taken as it was read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() != source.sha256
    except OSError:
        return False


def _empty(path: Path) -> CityStatError:
    return CityStatError(tr("The file is empty"), where=path.name, do=tr("Ask the sender for it again"))


def _bytes(path: Path) -> bytes:
    size = size_of(path)
    if size > LARGEST:
        raise CityStatError(
            tr("The file has {size} MB, more than CityStat takes in at once", size=round(size / 1e6)),
            where=path.name,
            do=tr("Split it by year, or leave out the columns that are not needed"),
        )
    return read_bytes(path)
