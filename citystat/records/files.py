"""A file of records for DuckDB: it reads delimited text itself, every cell as the text that stands there; nothing is loaded whole.

We find encoding, delimiter and headings, as for tables of figures (citystat/collect/text.py says why); a file that is not
UTF-8, or a workbook, is first written anew as UTF-8 beside the database of the moment.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from citystat.collect import readers, text, workbook
from citystat.collect.sheet import Sheet
from citystat.errors import CityStatError
from citystat.files import cannot, size_of
from citystat.printable import one_line, printable
from citystat.records.duck import Duck, name, quoted
from citystat.records.recipe import RecordRecipe
from citystat.texts import tr

AT_ONCE = 1 << 20
HEAD = 256 * 1024


@dataclass(frozen=True)
class RecordFile:
    """A file of records. titles: of its columns · sql: the query of its rows, all text · sha256: of the file as it came."""

    name: str
    titles: tuple[str, ...]
    sql: str
    sha256: str


def open_file(path: Path, duck: Duck) -> RecordFile:
    """A file for DuckDB; CityStatError says what is wrong with one that is no table of records."""
    if size_of(path) == 0:
        raise _empty(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if path.suffix.lower() in workbook.SUFFIXES or head[:4] in (workbook.OLE, workbook.ZIP):
            return _from_workbook(path, duck)
        if not head.strip():
            raise _empty(path)
        text.refuse_binary(path.name, head)
        digest, encoding = _read_through(path, duck)
        readable = path if encoding == "utf-8" else _as_utf8(path, encoding, duck)
    except OSError as error:
        raise cannot(path, error) from error
    return _delimited(path.name, readable, digest)


def _read_through(path: Path, duck: Duck) -> tuple[str, str]:
    """The digest and the encoding of a file, in one pass."""
    digest, size, done = hashlib.sha256(), path.stat().st_size, 0
    with path.open("rb") as file:
        encoding = "utf-16" if file.read(2) in text.UTF16 else "utf-8"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        while part := file.read(AT_ONCE):
            digest.update(part)
            if encoding == "utf-8":
                try:
                    decoder.decode(part)
                except UnicodeDecodeError:
                    encoding = "cp1252"
            done += len(part)
            duck.report(0.1 * done / size, tr("Reading {file}", file=path.name))
    return digest.hexdigest(), encoding


def _as_utf8(path: Path, encoding: str, duck: Duck) -> Path:
    """The file written anew; what Windows-1252 leaves open is taken as Latin-1."""
    there = duck.folder / "utf8.csv"
    codecs.register_error("latin", lambda e: (e.object[e.start : e.end].decode("latin-1"), e.end))  # type: ignore[attr-defined]
    instead = "latin" if encoding == "cp1252" else "replace"
    with (
        path.open("r", encoding=encoding, errors=instead, newline="") as old,
        there.open("w", encoding="utf-8", newline="") as new,
    ):
        while part := old.read(AT_ONCE):
            new.write(part)
            duck.report(0.1)
    return there


def _delimited(called: str, path: Path, digest: str) -> RecordFile:
    with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(HEAD)
    mark = text.delimiter(head)
    titles = headings(called, next(csv.reader(io.StringIO(head, newline=""), delimiter=mark), []))
    columns = "{" + ", ".join(f"{quoted(t)}: 'VARCHAR'" for t in titles) + "}"
    sql = (
        f"SELECT * FROM read_csv({quoted(path)}, columns={columns}, auto_detect=false, header=true, delim={quoted(mark)}, "
        "quote='\"', escape='\"', null_padding=true, strict_mode=false, max_line_size=10000000)"
    )
    return RecordFile(printable(called), titles, sql, digest)


def headings(called: str, cells: list[str]) -> tuple[str, ...]:
    """The titles of a heading row; columns without one are named by their letter, and no two alike."""
    found: list[str] = []
    for n, cell in enumerate(cells):
        title = one_line(cell) or tr("column {letter}", letter=readers.letters(n))
        if title.lower() in {f.lower() for f in found}:
            raise CityStatError(
                tr("Two columns are called “{name}”", name=title), where=called, do=tr("Rename one of them in the file")
            )
        found.append(title)
    if len([c for c in cells if c.strip()]) < 2:
        raise CityStatError(
            tr("There is no heading row with several columns"),
            where=called,
            do=tr("Its first row must name the columns"),
        )
    return tuple(found)


def _from_workbook(path: Path, duck: Duck) -> RecordFile:
    """The first sheet that has something, as text."""
    source = readers.read(path)
    sheet = next(s for s in source.sheets if not s.hidden and s.height)
    there = duck.folder / "sheet.csv"
    write_sheet(sheet, there)
    return _delimited(path.name, there, source.sha256)


def write_sheet(sheet: Sheet, path: Path) -> None:
    """A sheet as a CSV whose cells are what a person would type."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for row in sheet.rows:
            writer.writerow(_plain(cell) for cell in row)


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _empty(path: Path) -> CityStatError:
    return CityStatError(tr("The file is empty"), where=path.name, do=tr("Choose another file, or ask the sender"))


def as_known(file: RecordFile, recipe: RecordRecipe) -> RecordFile:
    """The file with the columns called as the recipe calls them; CityStatError names a column that is not there."""
    titles = tuple(
        recipe.titles[t] if t in recipe.titles and recipe.titles[t] not in file.titles else t for t in file.titles
    )
    need(file.name, titles, recipe)
    renamed = ", ".join(f"{name(old)} AS {name(new)}" for old, new in zip(file.titles, titles, strict=True))
    return RecordFile(file.name, titles, f"SELECT {renamed} FROM ({file.sql})", file.sha256)


def need(called: str, titles: tuple[str, ...], recipe: RecordRecipe) -> None:
    """Changed unless every column that the recipe speaks of is there."""
    from citystat.records import changed  # which needs the figures, which need numpy

    lacking = changed.columns(titles, recipe)
    if lacking:
        raise changed.Changed(called, recipe, lacking, titles)


def reason(error: Exception, called: str) -> CityStatError:
    """What DuckDB says of a file, in a sentence with the row."""
    import re

    said = " ".join(str(error).split())
    line = re.search(r"Line: (\d+)", said)
    where = f"{called}, {tr('row {n}', n=line[1])}" if line else called
    if "out of memory" in said.lower():
        return CityStatError(
            tr("There is not enough memory or disk for these records"), where=called, do=tr("Free some disk space")
        )
    if "quote" in said.lower():
        return CityStatError(
            tr("A quotation mark is opened and not closed"), where=where, do=tr("Correct that row in a text editor")
        )
    return CityStatError(
        tr("The records cannot be read: {why}", why=said.split(". ")[0][:200]), where=where,
        do=tr("Correct that row, or ask the sender for the file again"),
    )  # fmt: skip
