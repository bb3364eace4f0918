"""What is in a file: its sheets as rows of cells, nothing judged yet.

Workbooks are read by python-calamine (fast, no formulas are run). Delimited text is read by Python's csv module after
we have found its encoding and delimiter: cities' files carry title rows and ragged notes that DuckDB and pandas
refuse or guess away, and the whole text is needed cell by cell for the preview anyway.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import python_calamine

from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.texts import tr

LARGEST = 500_000_000  # bytes; a larger file belongs into a database
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
ENCODINGS = ("utf-8-sig", "cp1252")
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """rows: cells as the file has them; hidden: the workbook does not show it."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False

    def place(self, row: int, column: int) -> str:
        """ "FY22!C9" for cell (row, column), counted from 0."""
        return f"{self.name}!{letters(column)}{row + 1}" if self.name else f"{letters(column)}{row + 1}"


@dataclass(frozen=True)
class Source:
    """A file that was read."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def read(path: Path) -> Source:
    """Read `path`; CityStatError says what is wrong with a file that cannot be read, and what to do."""
    data = _bytes(path)
    sheets = (
        _workbook(path, data) if path.suffix.lower() in WORKBOOKS or data[:4] in (OLE, ZIP) else [_text(path, data)]
    )
    if not any(any(c not in (None, "") for c in row) for sheet in sheets for row in sheet.rows):
        raise CityStatError(tr("The file is empty"), where=path.name, do=tr("Ask the sender for it again"))
    return Source(path.name, hashlib.sha256(data).hexdigest(), tuple(sheets))


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise CityStatError(
                tr("The file has {size} MB, more than CityStat takes in at once", size=round(size / 1e6)),
                where=path.name,
                do=tr("Split it by year, or leave out the columns that are not needed"),
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CityStatError(tr("There is no such file"), where=str(path), do=tr("Check the name")) from error
    except OSError as error:
        raise CityStatError(
            tr("The file cannot be read ({why})", why=error.strerror),
            where=str(path),
            do=tr("Close it elsewhere, or copy it first"),
        ) from error


def _workbook(path: Path, data: bytes) -> list[Sheet]:
    if data[:4] == OLE and "EncryptedPackage".encode("utf-16-le") in data:
        raise CityStatError(
            tr("The workbook is protected by a password"),
            where=path.name,
            do=tr("Save it without a password and try again"),
        )
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [
            _sheet(book, meta) for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        protected = "password" in str(error).lower() or "encrypt" in str(error).lower()
        what = (
            tr("The workbook is protected by a password")
            if protected
            else tr("This is not a workbook that can be read")
        )
        raise CityStatError(what, where=path.name, do=tr("Open it in Excel and save it again as .xlsx")) from error


def _sheet(book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    rows = sheet.to_python(skip_empty_area=False)
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, tuple(tuple(_plain(c) for c in row) for row in rows), hidden)


def _plain(cell: object) -> Cell:
    """Times of day and durations become words: no city reports by them."""
    if cell == "" or cell is None:
        return None
    return cell if isinstance(cell, str | int | float | date) else str(cell)


def _text(path: Path, data: bytes) -> Sheet:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CityStatError(
            tr("This is neither a table of text nor a workbook"),
            where=path.name,
            do=tr("Choose a .csv, .txt, .xlsx or .xls file"),
        )
    text = _decoded(data)
    csv.field_size_limit(10_000_000)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return Sheet("", tuple(tuple(cell if cell != "" else None for cell in row) for row in rows))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the most, and most even, columns."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def evenness(mark: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        usual = max(set(counts), key=counts.count) if counts else 1
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max((",", ";", "\t", "|"), key=evenness)
