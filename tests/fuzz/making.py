"""Files to try an import with, each made from its number alone: a good one of some kind, then spoilt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from random import Random
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

Table = list[list[Any]]
Made = tuple[str, bytes, dict[str, Any] | None]  # the file's name, what is in it, and its map, where it has one

WARDS = ("North", "South", "Bay", "Süd, links", 'the "Hill"')
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]
ODD = (
    "", " ", "=1+1", "=cmd|'/c calc'!A1", "#N/A", "#DIV/0!", "1e400", "-1e99", "９９", "١٢", "²", "½", "1,2,3", "1.2.3", "NaN", "inf", "0x10",
    "1_000", "true", "\u202e12", "\ufeff5", "\x00", "\x07", "\ud7ff", "31/02/2025", "9999-99", "1899-01-01", "Total", "n/a", "12 or so", "(5)", "5-",
    "$ 1,000.50", "1.000,50 €", "99%", "FY25", "Q5 2025", "x" * 40_000, "a\nb", 'a"b', "a,b;c\td|e", "--", "1e5", "2025", "202513", "9" * 400,
)  # fmt: skip


## Good ones


def _long(r: Random) -> tuple[Table, dict[str, Any]]:
    rows = [[m, w, r.randint(0, 900), round(r.uniform(0, 50), 2)] for m in MONTHS for w in WARDS[: r.randint(1, 5)]]
    measures = [
        {"code": "CALLS", "value": "Calls"},
        {"code": "COST", "value": "Cost"},
        {"code": "EACH", "numerator": "Cost", "denominator": "Calls"},
    ]
    return [["Month", "Ward", "Calls", "Cost"], *rows], {
        "period": "Month",
        "breakdowns": ["Ward"],
        "measures": measures,
    }


def _wide(r: Random) -> tuple[Table, dict[str, Any]]:
    names = ["Calls", "Fires", "False alarms"]
    rows = [[w, n, *(r.randint(0, 99) for _ in MONTHS)] for w in WARDS[:2] for n in names]
    measures = [{"code": n.split()[0].upper(), "value": n} for n in names]
    return [["Ward", "Measure", *MONTHS], *rows], {"layout": "wide", "measure": "Measure", "breakdowns": ["Ward"], "measures": measures}  # fmt: skip


def _crossed(r: Random) -> tuple[Table, dict[str, Any]]:
    months = "January February March April May June July August September October November December".split()
    rows = [[year, *(r.randint(0, 99) for _ in months)] for year in range(2020, 2025)]
    return [["Year", *months], *rows], {"layout": "crossed", "period": "Year", "measures": [{"code": "U", "name": "U"}]}


def _records(r: Random) -> tuple[Table, dict[str, Any]]:
    rows = [
        [f"{r.randint(1, 12)}/{r.randint(1, 28)}/2025", f"{r.randint(1, 12)}/{r.randint(1, 28)}/2025", r.choice(WARDS)]
        for _ in range(60)
    ]
    measures = [{"code": "OPENED", "aggregation": "count"}, {"code": "DAYS", "value": "Closed - Opened", "aggregation": "median"}]  # fmt: skip
    return [["Opened", "Closed", "Ward"], *rows], {"period": "Opened", "frequency": "month", "measures": measures}


TABLES = (_long, _wide, _crossed, _records)


def _table(r: Random) -> tuple[Table, dict[str, Any] | None]:
    """A table, some of its cells odd, some rows or columns gone, doubled or moved; and mostly its map."""
    rows, how = r.choice(TABLES)(r)
    if r.random() < 0.2:
        rows = [["Return of the department"], [], *rows]
        how["header"] = [3]
    for _ in range(r.choice((0, 0, 0, 0, 1, 3, 12))):
        row = r.choice([x for x in rows if x])
        row[r.randrange(len(row))] = r.choice(ODD)
    for _ in range(r.choice((0, 0, 0, 1, 2))):
        at = r.randrange(len(rows) or 1)
        rows[at : at + r.randrange(2)] = r.choice(([], [[]], rows[-1:], [[*(rows or [[]])[-1], "more"]]))
    return rows or [[""]], how if r.random() < 0.6 else None


## Text


def text(r: Random) -> Made:
    """A table of text: any delimiter, quoting, line end and encoding; then spoilt."""
    rows, how = _table(r)
    mark, end = r.choice(",,;\t|"), r.choice(("\n", "\n", "\r\n", "\r", "\n\r", "\x0b", "\u2028"))
    quote = r.choice(("needed", "needed", "all", "never"))

    def cell(value: Any) -> str:
        word = str(value)
        needed = any(sign in word for sign in (mark, '"', "\n", "\r"))
        return '"' + word.replace('"', '""') + '"' if quote == "all" or (quote == "needed" and needed) else word

    content = end.join(mark.join(map(cell, row)) for row in rows) + r.choice(("", end, end * 3))
    encoding = r.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp437"))  # fmt: skip
    data = content.encode(encoding, errors="replace" if encoding in ("cp1252", "latin-1", "cp437") else "surrogatepass")
    return f"f.{r.choice(('csv', 'csv', 'txt', 'tsv', 'CSV'))}", spoilt(r, data), how


def spoilt(r: Random, data: bytes) -> bytes:
    """Bytes changed, cut off, doubled or put in; as often as not none of it."""
    out = bytearray(data)
    for _ in range(r.choice((0, 0, 0, 0, 0, 1, 2, 6))):
        at = r.randrange(len(out)) if out else 0
        way = r.choice(("flip", "cut", "put", "double", "drop", "run"))
        if way == "flip" and out:
            out[at] = r.randrange(256)
        elif way == "cut":
            del out[at:]
        elif way == "put":
            out[at:at] = r.choice(
                (b"\0", b'"', b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b",", b";", b"\x1a", b"\xed\xa0\x80")
            )
        elif way == "double":
            out[at:at] = out[: r.randrange(200)]
        elif way == "drop":
            del out[at : at + r.randrange(1, 60)]
        elif way == "run":
            out[at:at] = r.choice((b'"', b",", b"\n", b"\0", b" ", b"9", b"\xc3")) * r.randrange(1, 5000)
    return bytes(out)


def noise(r: Random) -> Made:
    """Bytes that are nothing, or only begin as something."""
    head = r.choice(
        (
            b"",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\xff\xfe",
            b"%PDF-1.4\n",
            b"\x89PNG",
            b"period,value\n",
        )
    )
    letters = r.choice((range(256), b"0123456789,.\n", b'",\n\r;', b"\0 a\n"))
    body = bytes(r.choices(list(letters), k=r.randrange(3000)))
    return f"f.{r.choice(('csv', 'xlsx', 'xls', 'ods', 'xlsb', 'txt'))}", head + body, None


## Workbooks


def workbook(r: Random) -> Made:
    """An .xlsx with odd cells, sheets and merges, as a program writes it."""
    rows, how = _table(r)
    out = io.BytesIO()
    (_by_openpyxl if r.random() < 0.3 else _by_xlsxwriter)(r, rows, out)
    return "f.xlsx", out.getvalue(), how


def _by_xlsxwriter(r: Random, rows: Table, out: io.BytesIO) -> None:
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": r.random() < 0.2, "strings_to_formulas": False, "nan_inf_to_errors": True})  # fmt: skip
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for n in range(r.choice((1, 1, 2, 4))):
        sheet = book.add_worksheet(r.choice(("S", "FY25", "Jan & Feb", "ä'1")) + str(n))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                way = r.random()
                if way < 0.003:
                    sheet.write_formula(row, column, "=A1+1", None, r.choice((5, "", "#DIV/0!", "#N/A", "word")))
                elif way < 0.006:
                    sheet.write_number(row, column, r.choice((-5, 0, 0.5, 60, 45_000, 2_958_466, 1e300)), day)
                elif way < 0.007:
                    sheet.write_boolean(row, column, True)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell[:32_767])
                else:
                    sheet.write(row, column, cell)
        if r.random() < 0.3:
            sheet.merge_range(r.randrange(9), 0, r.randrange(9, 20), r.randrange(3), r.choice(("merged", 5)))
        if n and r.random() < 0.5:
            sheet.hide()
        if r.random() < 0.03:
            sheet.write_number(r.choice((5000, 1_048_575)), r.choice((3, 300, 16_383)), 1)
    book.close()


def _by_openpyxl(r: Random, rows: Table, out: io.BytesIO) -> None:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append([_fit(c) for c in cells])
    if r.random() < 0.5:
        book.active["B2"], book.active["C3"] = "=SUM(A1:A2)", datetime(2025, 3, 1, 12)
    book.save(out)


def _fit(cell: Any) -> Any:
    word = "".join(sign for sign in cell if sign >= " " or sign in "\n\t")[:32_767] if isinstance(cell, str) else cell
    return f"'{word}" if isinstance(word, str) and word.startswith("=") else word


def package(r: Random) -> Made:
    """An .xlsx that is spoilt: a part of it changed, gone or doubled, or the package's own bytes."""
    name, data, how = workbook(r)
    return name, repacked(r, data), how


def repacked(r: Random, data: bytes) -> bytes:
    """A package with one part spoilt, or spoilt itself."""
    if r.random() < 0.3:
        return spoilt(r, data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        part = r.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                way = r.choice(("gone", "spoilt", "number", "tag", "empty", "twice"))
                if way == "gone":
                    continue
                content = b"" if way == "empty" else {"spoilt": spoilt, "number": _numbered, "tag": _tagged}.get(way, _as_is)(r, content)  # fmt: skip
                if way == "twice":
                    new.writestr(f"xl/worksheets/{r.randrange(9)}.xml", content)
            new.writestr(name, content)
    return out.getvalue()


def _as_is(_: Random, data: bytes) -> bytes:
    return data


def _numbered(r: Random, data: bytes) -> bytes:
    """Some digits become numbers that point nowhere: rows, shared strings, styles, sizes."""
    out = bytearray(data)
    for _ in range(r.randrange(1, 6)):
        digits = [i for i, sign in enumerate(out) if 48 <= sign < 58]
        if digits:
            at = r.choice(digits)
            out[at : at + 1] = str(r.choice((0, 9, 99, -1, 65_536, 1_048_577, 2**31, 2**32, 10**20))).encode()
    return bytes(out)


def _tagged(r: Random, data: bytes) -> bytes:
    """XML that is broken, or says more than it should."""
    out = bytearray(data)
    for _ in range(r.randrange(1, 4)):
        at = r.randrange(len(out)) if out else 0
        out[at : at + r.randrange(3)] = r.choice(
            (b"<", b"</", b"&x;", b"&#0;", b"&#xD800;", b'"', b"\0", b"XFD", b"<!DOCTYPE a>", b"<![CDATA[", b"<!--", b' r="ZZ9"', b' t="e"', b' t="s"', b"<f/>", b"<v>"),
        )  # fmt: skip
    return bytes(out)


def old(r: Random) -> Made:
    """An .xls of Excel 97, as often as not with bytes changed."""
    rows, how = _table(r)
    book = xlwt.Workbook()
    book.dates_1904 = r.random() < 0.2
    sheet, day = book.add_sheet("Alt", cell_overwrite_ok=True), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells[:200]):
            sheet.write(row, column, cell[:2000] if isinstance(cell, str) else cell)
    if r.random() < 0.5:
        sheet.write(1, 0, date(2025, 3, 1), day)
        sheet.write(2, 2, xlwt.Formula("1+1"))
    out = io.BytesIO()
    book.save(out)
    return "f.xls", _flipped(r, out.getvalue()) if r.random() < 0.7 else out.getvalue(), how


def _flipped(r: Random, data: bytes) -> bytes:
    """Bytes changed in place, mostly where the cells stand: what is put in would only break the frame."""
    out = bytearray(data)
    for _ in range(r.choice((1, 2, 8))):
        out[r.randrange(512 if r.random() < 0.9 else 0, len(out))] = r.choice((0, 255, 1, r.randrange(256)))
    return bytes(out) if r.random() < 0.9 else bytes(out[: r.randrange(len(out))])


NS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods(r: Random) -> Made:
    """A workbook of OpenDocument, with cells that are repeated; then spoilt."""
    rows, how = _table(r)
    many = r.choice((1, 1, 3, 1000, 1_048_576, 10**9))

    def cell(value: Any) -> str:
        word = "".join(s for s in str(value) if s >= " ").replace("&", "&amp;").replace("<", "&lt;")[:5000]
        kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
        return f'<table:table-cell office:value-type="{kind}"><text:p>{word}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>" for cells in rows)
    body += f'<table:table-row table:number-rows-repeated="{many}"><table:table-cell table:number-columns-repeated="{r.choice((1, 1024, many))}"/></table:table-row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", KIND)
        new.writestr("META-INF/manifest.xml", f'<manifest:manifest {NS}><manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>')  # fmt: skip
        new.writestr("content.xml", f'<office:document-content {NS}><office:body><office:spreadsheet><table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'.encode("utf-8", "replace"))  # fmt: skip
    return "f.ods", repacked(r, out.getvalue()) if r.random() < 0.5 else out.getvalue(), how


## Maps


def mapped(r: Random) -> Made:
    """A good file and a map that is spoilt: a word of it gone, new or of another kind."""
    rows, how = r.choice(TABLES)(r)
    values = [None, True, 0, -1, 1.5, "", "long", "Month", "\x07", [], [1], [None], ["x"], {}, {"a": 1}, {"Ward": "North"}, 10**30, "Cost - Calls", "median"]  # fmt: skip
    where: list[dict[str, Any]] = [how, *how["measures"]]
    for _ in range(r.randrange(1, 4)):
        part = r.choice(where)
        word = r.choice([*part, "where", "breakdowns", "frequency", "header", "words", "titles", "multiplier", "decimals", "year_start", "fiscal", "skip_rows"])  # fmt: skip
        part[word] = r.choice(values)
    content = "\n".join(",".join(map(_bare, row)) for row in rows)
    return "f.csv", content.encode(), json.loads(json.dumps(how))


def _bare(cell: Any) -> str:
    return str(cell).replace(",", " ").replace('"', "")


# how often of a hundred files
KINDS: dict[Callable[[Random], Made], int] = {text: 46, noise: 6, workbook: 10, package: 20, old: 6, ods: 4, mapped: 8}


def made(number: int) -> Made:
    """The file of this number, always the same one."""
    r = Random(number)
    return r.choices(list(KINDS), weights=list(KINDS.values()))[0](r)
