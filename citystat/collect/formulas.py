"""Formulas without a result, in a workbook: the reader gives them as empty cells, and empty is said to mean “not reported”.

Looked for only where that difference counts, in return sheets: of other workbooks they are missing values as any other.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from html import unescape

from citystat.collect.sheet import Sheet, letters

BOOK = "xl/workbook.xml"
CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"((?:[^>]*[^/>])?)>(.*?)</c>', re.DOTALL)  # not <c r="A1"/>, which is empty
RESULT = re.compile(rb"<v>([^<]+)</v>")
NOT_WORKED_OUT = "=…"  # stands for a formula whose result the file does not have


def told(data: bytes, sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with "#REF!" or NOT_WORKED_OUT where a formula has no number; data: the file, .xlsx or another that is left as it is."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return list(sheets)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if BOOK not in package.namelist():
            return list(sheets)
        parts = _parts(package)
        return [_told(sheet, package.read(parts[sheet.name])) if sheet.name in parts else sheet for sheet in sheets]


def _told(sheet: Sheet, xml: bytes) -> Sheet:
    columns = {letters(n).encode(): column.copy() for n, column in enumerate(sheet.columns)}
    for column, row, how, inside in CELL.findall(xml):
        result = RESULT.search(inside)
        failed = b't="e"' in how and result is not None
        if failed or (b"<f" in inside and result is None and b't="str"' not in how):
            at = int(row) - 1
            if column in columns and at < sheet.height and columns[column][at] == "":
                columns[column][at] = result[1].decode() if failed and result else NOT_WORKED_OUT
    return Sheet(sheet.name, list(columns.values()), sheet.hidden)


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Where in the package each sheet stands, by its name."""
    book, links = (package.read(name).decode() for name in (BOOK, "xl/_rels/workbook.xml.rels"))
    targets = {}
    for link in re.findall(r"<Relationship\b[^>]*>", links):
        key, target = (re.search(rf'\b{name}="([^"]*)"', link) for name in ("Id", "Target"))
        if key and target:
            targets[key[1]] = target[1].removeprefix("/xl/")
    found = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, key = (re.search(rf'\b{word}="([^"]*)"', sheet) for word in ("name", r"\w+:id"))
        if name and key and f"xl/{targets.get(key[1], '')}" in package.namelist():
            found[unescape(name[1])] = f"xl/{targets[key[1]]}"
    return found
