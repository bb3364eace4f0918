"""The formats that cannot be looked through first (.xls, .xlsb, .ods), read in a process of their own.

Where such a file is damaged, its reader may ask for more memory than there is or never end; that process ends, not ours.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator

import xlrd

from citystat.collect.opened import Opened, opened

OLE = b"\xd0\xcf\x11\xe0"  # how an .xls begins
LONGEST = 120  # seconds; the largest .xls takes two
MOST_MEMORY = 4 << 30  # bytes, where the system can be told
STRANGE = (xlrd.XLRDError, struct.error, LookupError, ValueError, TypeError, AssertionError)  # what xlrd says of a file
WENT_WRONG = 3  # what the process ends with when it says why


class Lost(ValueError):
    """The reader lost its way; the text is what it said last."""


Odd = tuple[int, int, str]  # as in collect.package


def read(data: bytes) -> tuple[list[Opened], dict[str, list[Odd]]]:
    """The worksheets in `data`, and by sheet the errors in its cells, which the reader leaves empty; Lost where they cannot be read."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "citystat.collect.apart"], input=data, capture_output=True, timeout=LONGEST, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Lost("too long") from error
    if done.returncode:
        raise Lost(done.stdout.decode(errors="replace") if done.returncode == WENT_WRONG else "")
    sheets, odd = pickle.loads(done.stdout)  # noqa: S301  (of our own process)
    return sheets, odd


def _main() -> int:
    """The process: a workbook comes in, its sheets go out."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):  # Windows refuses what it has not got by itself
        pass
    try:
        data = sys.stdin.buffer.read()
        found = list(opened(io.BytesIO(data))), _errors(data)
        sys.stdout.buffer.write(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
    except BaseException as error:
        sys.stdout.buffer.write(f"{type(error).__name__}: {error}".encode(errors="replace"))
        return WENT_WRONG
    return 0


def _errors(data: bytes) -> dict[str, list[Odd]]:
    """By sheet of an .xls the cells that hold an error (#N/A): python-calamine gives them as empty, xlrd knows them."""
    if data[:4] != OLE:
        return {}
    try:
        with xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO()) as book:
            return {name: list(_failed(book.sheet_by_name(name))) for name in book.sheet_names()}
    except STRANGE:  # a file that only the other reader can read: its figures count, its errors stay unknown
        return {}


def _failed(sheet: xlrd.sheet.Sheet) -> Iterator[Odd]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                yield row, column, xlrd.error_text_from_code.get(code, "#ERROR")


if __name__ == "__main__":
    sys.exit(_main())
