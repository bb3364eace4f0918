"""Delimited text as a sheet, through pandas.

pandas' C parser takes a hundred thousand rows in a hundredth of a second, a fifth of what Python's csv module needs, and
gives them by column, as we read them. DuckDB would be as fast, but guesses types and drops what does not fit its guess.
So nothing is left to pandas' own guessing either: we find encoding, delimiter and width; every cell stays the text that
stands in the file; empty lines are kept, so that row numbers are those of the file.
"""

from __future__ import annotations

import csv
import io
import re

from citystat.collect.sheet import Sheet
from citystat.errors import CityStatError
from citystat.texts import tr

WIDEST = 16_384  # columns, as in Excel
MOST_CELLS = 60_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")
csv.field_size_limit(500_000_000)  # one cell may be a whole letter


def sheet(name: str, data: bytes) -> Sheet:
    """The table in `data`; CityStatError where it is no text or no table. name: of the file, for the sentences."""
    refuse_binary(name, data)
    text = decoded(data)
    mark = delimiter(text)
    if '"' not in text:  # then a line is a row
        try:
            return _parsed(name, text, mark, max(line.count(mark) for line in text.split("\n", 200)[:200]) + 1)
        except ValueError:  # a longer row further down
            pass
    try:
        return _parsed(name, text, mark, _width(text, mark))
    except (ValueError, csv.Error) as error:
        row = re.search(r"starting at row (\d+)", str(error))
        raise CityStatError(
            tr("The table breaks off after row {n}: a quotation mark is opened and not closed", n=row[1])
            if row
            else tr("The table cannot be read: {why}", why=str(error)),
            where=name,
            do=tr("Correct that row in a text editor, or ask the sender for the file again"),
        ) from error


def _parsed(name: str, text: str, mark: str, width: int) -> Sheet:
    import pandas  # 0.4 s, which a window that opens should not wait for

    if width > WIDEST or width * text.count("\n") > MOST_CELLS:
        raise CityStatError(
            tr("A row has {n} columns, more than a table can have", n=width),
            where=name, do=tr("Check that the file is a table, with one record to a line"),
        )  # fmt: skip
    table = pandas.read_csv(
        io.StringIO(text), sep=mark, header=None, names=range(width), dtype=object, index_col=False, engine="c",
        keep_default_na=False, na_filter=False, skip_blank_lines=False, low_memory=False,
    )  # fmt: skip
    columns = [table[i].to_numpy() for i in range(width)]
    while len(columns) > 1 and not (columns[-1] != "").any():
        columns.pop()  # delimiters inside quotes were counted, or every line ends with one
    return Sheet("", columns)


def _width(text: str, mark: str) -> int:
    """The most fields of any row, by Python's own reader, which knows quotes and line breaks within them."""
    return max((len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)), default=1)


def refuse_binary(name: str, data: bytes) -> None:
    """CityStatError where `data`, the beginning of a file, is no text."""
    if _binary(data):
        raise CityStatError(
            tr("This is neither a table of text nor a workbook"), where=name, do=tr("Choose a .csv, .txt, .xlsx or .xls file")
        )  # fmt: skip


def _binary(data: bytes) -> bool:
    """Zero bytes are in no text but UTF-16; nor are many control signs."""
    head = data[:65_536]
    if head.startswith(UTF16):
        return False
    control = sum(head.count(bytes([n])) for n in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return b"\0" in head or control > len(head) / 100


def decoded(data: bytes) -> str:
    """UTF-16 by its mark, UTF-8 with or without one, else Windows-1252 (and what that leaves open, as Latin-1)."""
    if data.startswith(UTF16):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def delimiter(text: str) -> str:
    """The one that cuts the first lines into the most, and most even, columns."""
    lines = [line for line in text[:200_000].splitlines()[:60] if line.strip()]

    def evenness(mark: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        many = [n for n in counts if n > 1]
        usual = max(set(many), key=many.count) if many else 1
        return (many.count(usual), usual)

    return max((",", ";", "\t", "|"), key=evenness)
