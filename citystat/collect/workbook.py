"""Workbooks as sheets, through python-calamine (fast, no formulas are run)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date

import python_calamine

from citystat.collect import formulas
from citystat.collect.sheet import Sheet, letters
from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.texts import tr

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
MOST_CELLS = 30_000_000  # a sheet's rows times columns: every cell up to the farthest takes memory
FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*[^/]>\s*<(?:v|is|f)[ >]')


def sheets(name: str, data: bytes) -> list[Sheet]:
    """The worksheets in `data`; CityStatError says what is wrong. name: of the file."""
    if data[:4] == OLE and "EncryptedPackage".encode("utf-16-le") in data:
        raise _protected(name)
    if data[:4] not in (OLE, ZIP):
        raise CityStatError(
            tr("This is not a workbook, though its name says so"),
            where=name, do=tr("If it is a table of text, rename it to .csv; otherwise ask for it again"),
        )  # fmt: skip
    try:
        _check_extent(name, data)
        book = python_calamine.load_workbook(io.BytesIO(data))
        worksheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        made = [_sheet(book, meta) for meta in worksheets]
        return formulas.told(data, made) if any(sheet.marked for sheet in made) else made
    except python_calamine.PasswordError as error:
        raise _protected(name) from error
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise _protected(name) from error
        raise CityStatError(
            tr("The workbook is damaged or cut off, and cannot be read"),
            where=name, do=tr("Open it in Excel and save it again as .xlsx, or ask for it again"),
        ) from error  # fmt: skip


def _protected(name: str) -> CityStatError:
    return CityStatError(
        tr("The workbook is protected by a password"), where=name, do=tr("Save it without a password and try again")
    )


def _sheet(book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata) -> Sheet:
    rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet.of_rows(meta.name, [[_plain(c) for c in row] for row in rows], hidden)


def _plain(cell: object) -> Cell:
    """Truth values, times of day and durations become words: no city reports by them."""
    if isinstance(cell, str | float | date):
        return cell
    return "" if cell is None else cell if isinstance(cell, int) and not isinstance(cell, bool) else str(cell).upper()


def _check_extent(name: str, data: bytes) -> None:
    """A word in a cell far out makes a sheet of billions of cells, which would fill the memory before it is seen.

    Only where the sheet says that it is that large, the farthest cells that hold something are looked for:
    formats reach to the last row of many harmless sheets.
    """
    if data[:4] != ZIP:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                continue
            with package.open(part) as file:
                said = re.search(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"', file.read(4096))
            if said and _number(said[1]) * int(said[2]) <= MOST_CELLS:
                continue
            cells = [(_number(column), int(row)) for column, row in FILLED.findall(package.read(part))]
            right, low = max((c for c, _ in cells), default=0), max((r for _, r in cells), default=0)
            if right * low > MOST_CELLS:
                far = max(cells, key=lambda cell: cell[0] * cell[1])
                raise CityStatError(
                    tr("A sheet reaches as far as cell {cell}, which is too far", cell=f"{letters(right - 1)}{low}"),
                    where=f"{name}, {letters(far[0] - 1)}{far[1]}", do=tr("Delete what stands far outside the table"),
                )  # fmt: skip


def _number(column: bytes) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
