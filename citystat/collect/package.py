"""What a zipped workbook is inside, looked at before it is opened: a reader of workbooks believes what it is told.

A few bytes can unpack to more than the memory holds, and one cell far out makes a sheet of billions. Nothing here unpacks
more than a few megabytes at a time. What the reader leaves out is found on the way: errors, and formulas without a value.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from citystat.collect.sheet import letters
from citystat.errors import CityStatError
from citystat.texts import tr

Odd = tuple[int, int, str]  # row and column from 0, and what stands there

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # as in Excel
MOST_CELLS = 30_000_000  # a sheet's rows times columns: every cell up to the farthest takes memory
MOST_BYTES = 1_000_000_000  # unpacked
SUSPECT, TIGHTEST = 10_000_000, 200  # a part of more bytes than this that was packed tighter than this is no table
AT_ONCE = 4_000_000  # bytes
LONGEST = 64_000_000  # bytes of one cell

# two searches each rather than one with two ways: each has a beginning that can be jumped to, six times as quick
ANOTHER = re.compile(rb":c(?=[\s/>])")  # way to write a cell
FAR = (re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]\d{1,6}")'), ANOTHER)  # beyond Z999999, or not written as usual
WAYS = (re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}\d{1,7}")'), ANOTHER)
FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"(?:[^>]*[^/>])?>(?!\s*</c>)')
UNUSUAL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']\s*([A-Za-z]+)(\d+)""")
FAILED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>([^<]*)</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')


def look(name: str, data: bytes) -> dict[str, list[Odd]]:
    """Errors and formulas without a value, by sheet; CityStatError where the package in `data` would fill the memory.

    name: of the file. zipfile.BadZipFile, zlib.error, OSError and others where the package is damaged.
    """
    found: dict[str, list[Odd]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_size(name, package.infolist())
        for part in package.infolist():  # whatever it is called: the package itself says which of them are sheets
            odd: list[Odd] = []
            far = False
            for piece in _pieces(name, package, part):
                odd += _odd(piece)
                far = far or any(way.search(piece) for way in FAR)
            if far:
                _check_reach(name, _pieces(name, package, part))
            if odd:
                found[part.filename] = odd
        return _by_sheet(package, found) if found else {}


def is_xlsx(data: bytes) -> bool:
    """Whether `data` is a workbook of XML sheets, whose cells look() has seen."""
    if data[:2] != b"PK":
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = {n.lower() for n in package.namelist()}
    return "xl/workbook.xml" in names and not any(n == "content.xml" or n.endswith("workbook.bin") for n in names)


def _check_size(name: str, parts: list[zipfile.ZipInfo]) -> None:
    size = sum(p.file_size for p in parts)
    tight = any(p.file_size > SUSPECT and p.file_size > TIGHTEST * p.compress_size for p in parts)
    if size > MOST_BYTES or tight:
        raise CityStatError(
            tr("The workbook would unpack to {size} MB, which no table needs", size=round(size / 1e6)),
            where=name, do=tr("Do not open it; ask whoever sent it how it was made"),
        )  # fmt: skip


def _pieces(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece, none of which ends within a cell; whole, so that its check sum is checked."""
    rest = b""
    with package.open(part) as file:
        first = True
        while read := file.read(AT_ONCE):
            if first and (b"<!DOCTYPE" in read or b"<!ENTITY" in read):
                raise CityStatError(
                    tr("The workbook brings XML entities of its own, which no spreadsheet program writes"),
                    where=name, do=tr("Do not open it; ask whoever sent it how it was made"),
                )  # fmt: skip
            first = False
            rest += read
            cut = rest.rfind(b"<c ") if len(rest) < LONGEST else len(rest)
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _odd(piece: bytes) -> Iterator[Odd]:
    """The errors and the formulas without a value in a piece of a sheet."""
    if b' t="e"' in piece:
        for column, row, word in FAILED.findall(piece):
            yield int(row) - 1, number(column) - 1, _text(word)
    if b"<f" in piece:
        for column, row, attributes, formula in FORMULA.findall(piece):
            if b't="str"' not in attributes:  # a formula whose value is an empty text
                yield int(row) - 1, number(column) - 1, f"={_text(formula)}"


def _check_reach(name: str, pieces: Iterator[bytes]) -> None:
    """Cell by cell, which only a wide sheet or a long one needs; formats alone, that reach to the last row, do not count."""
    right = low = 0
    for piece in pieces:
        unusual = any(way.search(piece) for way in WAYS)
        for column, row in (UNUSUAL if unusual else FILLED).findall(piece):
            right, low = max(right, number(column[:8].upper())), max(low, int(row[:12]))
            if right > MOST_COLUMNS or low > MOST_ROWS or right * low > MOST_CELLS:
                raise CityStatError(
                    tr("A sheet reaches as far as cell {cell}, which is too far", cell=f"{letters(right - 1)}{low}"),
                    where=f"{name}, {column[:8].decode()}{row[:12].decode()}", do=tr("Delete what stands far outside the table"),
                )  # fmt: skip


def _by_sheet(package: zipfile.ZipFile, found: dict[str, list[Odd]]) -> dict[str, list[Odd]]:
    """What was found by part, by the name of the sheet that the part is."""
    targets = {}
    for relation in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels")):
        target = relation.get("Target", "")
        targets[relation.get("Id")] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        )
    sheets = {}
    for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            key = next((v for k, v in element.items() if k.rsplit("}", 1)[-1] == "id"), None)
            sheets[targets.get(key, "")] = element.get("name", "")
    return {sheets[part]: odd for part, odd in found.items() if part in sheets}


def _text(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", errors="replace"))


def number(column: bytes) -> int:
    """A → 1, AA → 27."""
    reached = 0
    for letter in column:
        reached = reached * 26 + letter - 64
    return reached
