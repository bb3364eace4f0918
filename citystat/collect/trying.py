"""Trying a source before it is kept: is it there, what does it answer, up to which period; nothing is brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from citystat import periods
from citystat.city import City
from citystat.collect import readers, sources
from citystat.collect.apply import apply
from citystat.collect.batch import Batch
from citystat.collect.picking import pick
from citystat.collect.readers import Progress, Sheet
from citystat.collect.secrets import Secrets
from citystat.collect.sources import SourceRow
from citystat.errors import Cancelled, CityStatError
from citystat.texts import plural, tr


@dataclass(frozen=True)
class Tried:
    """What a source answered. rows: below the headings · columns: their headings · newest: its newest period in words, "" unknown ·

    file: the one that was read, of a folder the newest; files: how many it has, 0 for a database or a service ·
    remark: what a person must still look at, "" where nothing stands in the way.
    """

    rows: int
    columns: tuple[str, ...]
    newest: str
    file: str = ""
    files: int = 0
    remark: str = ""


class Alone:
    """The one password of a source that is not kept yet."""

    def __init__(self, password: str) -> None:
        self._password = password

    def get(self, name: str) -> str:
        """It."""
        return self._password

    def put(self, name: str, password: str) -> None:
        """Nothing is kept."""


def tried(city: City, row: SourceRow, secrets: Secrets, progress: Progress | None = None) -> Tried:
    """Ask the source for all that it has; CityStatError says why it cannot be reached or read."""
    found: readers.Source
    name, many = "", 0
    if row.kind in ("file", "folder"):
        there = sources.files(row)
        if not there:
            raise CityStatError(
                tr("The folder has no file that fits"),
                where=row.location,
                do=tr("Put one there, or change “Only files”"),
            )
        found, name, many = readers.read(there[-1], progress), there[-1].name, len(there)
    else:
        found = sources.fetch(row, secrets, progress)
    return _judged(city, row, found, name, many, progress)


def told(found: Tried) -> str:
    """ "Found 1,200 rows and 4 columns (month, kind, …), newest period: Mar 2026"."""
    rows = plural(found.rows, "{some} row", "{some} rows", some=f"{found.rows:,}")
    columns = plural(len(found.columns), "{n} column", "{n} columns")
    names = ", ".join(found.columns[:4]) + (", …" if len(found.columns) > 4 else "")
    said = tr("Found {rows} and {columns}: {names}", rows=rows, columns=columns, names=names)
    if found.file:
        said = tr("{file}: {said}", file=found.file, said=said[0].lower() + said[1:])
    said = tr("{said}. Newest period: {period}", said=said, period=found.newest) if found.newest else said
    others = plural(found.files - 1, "{n} older file", "{n} older files") if found.files > 1 else ""
    return " · ".join(filter(None, [said, others, found.remark]))


def _judged(
    city: City, row: SourceRow, found: readers.Source, file: str, files: int, progress: Progress | None
) -> Tried:
    """What the source says by its recipe, or by a guess; that nobody knows yet how it is read is a remark, no failure."""
    sheet = max((s for s in found.sheets if not s.hidden), key=lambda s: s.height, default=found.sheets[0])
    header, newest, remark = 1, "", ""
    try:
        picked = pick(city, found, row.recipe, progress=progress)
        batch = picked.batch or (None if picked.changes else apply(found, picked.recipe, progress))
        header = picked.recipe.header[-1]
        newest = _newest(batch, city.settings.fiscal_year_start) if batch else ""
        if picked.changes:
            remark = tr("It is not as its recipe knows it: {what}", what=picked.changes[0].said)
    except Cancelled:
        raise
    except CityStatError as error:
        remark = str(error)
    return Tried(max(0, sheet.height - header), _titles(sheet, header), newest, file, files, remark)


def _titles(sheet: Sheet, header: int) -> tuple[str, ...]:
    row = sheet.rows[header - 1] if 0 < header <= sheet.height else ()
    return tuple(str(cell) for cell in row if cell not in (None, ""))


def _newest(batch: Batch, year_start: int) -> str:
    """The newest period that has a figure, in words."""
    v = batch.values
    known = np.flatnonzero(~np.isnan(np.where(np.isnan(v.value), v.numerator, v.value)))
    if not len(known):
        return ""
    last = known[np.argmax(v.start[known])]
    frequency = batch.frequencies.get(int(v.measure[last]), "month")
    return periods.label(date.fromordinal(int(v.start[last])), frequency, year_start)
