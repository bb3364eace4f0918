"""Workbooks as sheets, through python-calamine (fast, no formulas are run)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from xml.etree import ElementTree

import numpy as np
import python_calamine

from citystat.collect import apart, package
from citystat.collect.opened import Opened, opened
from citystat.collect.package import Odd
from citystat.collect.sheet import Cells, Sheet
from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.texts import tr

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OLE, ZIP = apart.OLE, b"PK\x03\x04"
BEGINNING, FILEPASS = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x2F  # records of an .xls
PLAIN = {str, float, int, date, datetime}
DAMAGED = (
    python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError,
    NotImplementedError, RuntimeError, LookupError, EOFError, OSError, ValueError, OverflowError,
)  # fmt: skip


def sheets(name: str, data: bytes) -> list[Sheet]:
    """The worksheets in `data`; CityStatError says what is wrong. name: of the file."""
    if data[:4] == OLE and ("EncryptedPackage".encode("utf-16-le") in data or _enciphered(data)):
        raise _protected(name)
    if data[:4] not in (OLE, ZIP):
        raise CityStatError(
            tr("This is not a workbook, though its name says so"),
            where=name, do=tr("If it is a table of text, rename it to .csv; otherwise ask for it again"),
        )  # fmt: skip
    try:
        return [_sheet(found, odd) for found, odd in _opened(name, data)]
    except python_calamine.PasswordError as error:
        raise _protected(name) from error
    except DAMAGED as error:
        if "encrypted" in str(error):  # what zipfile says of a package
            raise _protected(name) from error
        raise _damaged(name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the reader says that it lost its way: no Exception
            raise _damaged(name) from error
        raise


def _opened(name: str, data: bytes) -> Iterator[tuple[Opened, Sequence[Odd]]]:
    """The worksheets, and what the reader left out of each."""
    odd: Mapping[str, Sequence[Odd]] = package.look(name, data) if data[:4] == ZIP else {}
    if package.is_xlsx(data):
        sheets: Iterable[Opened] = opened(io.BytesIO(data))
    else:
        sheets, errors = apart.read(data)
        odd = errors or odd
    for sheet in sheets:
        yield sheet, odd.get(sheet.name, ())


def _enciphered(data: bytes) -> bool:
    """Whether one of the first records of an .xls says that the rest is enciphered; the reader only finds it damaged."""
    at = data.find(BEGINNING)
    for _ in range(5):
        if not 0 <= at <= len(data) - 4:
            return False
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == FILEPASS:
            return True
        at += 4 + size
    return False


def _protected(name: str) -> CityStatError:
    return CityStatError(
        tr("The workbook is protected by a password"), where=name, do=tr("Save it without a password and try again")
    )


def _damaged(name: str) -> CityStatError:
    return CityStatError(
        tr("The workbook is damaged or cut off, and cannot be read"),
        where=name, do=tr("Open it in Excel and save it again as .xlsx, or ask for it again"),
    )  # fmt: skip


def _sheet(found: Opened, odd: Sequence[Odd]) -> Sheet:
    table = [_column(cells) for cells in np.array(found.rows, dtype=object).T] if found.rows else []
    failed = []
    for row, column, word in odd:
        if column < len(table) and row < len(found.rows) and table[column][row] == "":
            table[column][row] = word
            failed.append((row, column))
    return Sheet(found.name, table, found.hidden, found.merged, failed)


def _column(cells: Cells) -> Cells:
    """Truth values, times of day and durations become words: no city reports by them."""
    if PLAIN.issuperset(map(type, cells)):
        return cells.copy()
    made: Cells = np.empty(len(cells), dtype=object)
    made[:] = list(map(_plain, cells))
    return made


def _plain(cell: object) -> Cell:
    if type(cell) in PLAIN:
        return cell  # type: ignore[return-value]
    return "" if cell is None else str(cell).upper()
