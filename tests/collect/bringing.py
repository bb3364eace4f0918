"""Steps that tests of the import share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import Imported, store
from citystat.measures.series import Series, definition, series

NOW = datetime(2026, 3, 10, 9, 0)
VALUE = (MeasureMap("V", value="value"),)


def bring_in(city: City, path: Path, recipe: Recipe | None = None) -> Imported:
    """Import `path` as the window and the command line do."""
    source = read(path)
    recipe = recipe or guess(source, year_start=7)
    return store(city, source, recipe, apply(source, recipe), now=NOW)


def values(found: Series) -> dict[str, float]:
    """Period → value, where there is one."""
    keys = [periods.key(p, found.measure.frequency) for p in found.periods]
    return {k: float(v) for k, v, s in zip(keys, found.values, found.status, strict=True) if s}


def measure(city: City, code: str) -> Series:
    """A measure's series as it is kept."""
    with city.read() as asked:
        return series(asked, definition(asked, code))


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> Path:
    """An .xlsx with these rows."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path
