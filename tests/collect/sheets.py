"""Steps that tests of return sheets share: making one, filling it as a person does, and reading it back."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from citystat.city import City
from citystat.collect.asked import Asked, asked
from citystat.collect.readers import Source, read
from citystat.collect.return_sheet import write_return_sheet
from citystat.collect.returned import Returned, read_return, store_return
from citystat.collect.store import Imported
from tests.collect.bringing import NOW

FEBRUARY = date(2026, 2, 1)
Key = tuple[str, str, str]  # code, category, column


def blank(city: City, to: Path, *, today: date = date(2026, 3, 10), **whose: Any) -> Asked:
    """Write the sheet for February 2026, unless other months are asked for."""
    whose = {"months": [FEBRUARY]} | whose
    with city.read() as asked_of:
        sheet = asked(asked_of, today=today, **whose)
    write_return_sheet(city, sheet, to, now=NOW)
    return sheet


def workbook(path: Path) -> Any:
    with warnings.catch_warnings():  # openpyxl drops sparklines, which no figure rests on
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def roles(sheet: Any) -> dict[str, int]:
    """Column by what the hidden first row says of it."""
    return {str(c.value).removeprefix("citystat:"): c.column for c in sheet[1] if c.value}


def fill(path: Path, values: Mapping[Key, Any], to: Path | None = None, change: Callable[[Any], object] | None = None) -> Path:  # fmt: skip
    """Type values into a sheet as a person does: by code, category and column; then change it otherwise, and save."""
    book = workbook(path)
    sheet, left = book.worksheets[0], dict(values)
    at = roles(sheet)
    for row in range(2, sheet.max_row + 1):
        code = sheet.cell(row, at["code"]).value
        category = sheet.cell(row, at["category"]).value if "category" in at else None
        for column in ("value", "numerator", "denominator", "note"):
            key = (code, category or "", column)
            if key in left:
                cell = sheet.cell(row, at[column])
                assert cell.protection.locked is False, key
                cell.value = left.pop(key)
    assert not left, f"not on the sheet: {left}"
    if change is not None:
        change(book)
    book.save(to or path)
    return to or path


def back(city: City, path: Path) -> tuple[Source, Returned]:
    """The sheet as it is read back."""
    source = read(path)
    return source, read_return(city, source)


def bring_back(city: City, path: Path, **how: Any) -> Imported:
    """Read it back and keep it."""
    return store_return(city, *back(city, path), now=NOW, **how)


def remarks(returned: Returned) -> list[tuple[str, str]]:
    return [(r.place, r.reason) for r in returned.remarks]
