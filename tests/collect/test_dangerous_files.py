"""Files made to do harm, and harmless ones that look like it: little memory, a clear sentence, nothing written."""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from bringing import NOW, VALUE, bring_in, measure, values, workbook

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.errors import CityStatError

LONG = Recipe(period="period", measures=VALUE)
ROWS = [["period", "value"], ["2021-01", 1], ["2021-02", 2]]
LITTLE = 300  # MB that a process which imports numpy, pandas and ourselves may come to hold

CHILD = """
import json, sys
from pathlib import Path
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.errors import CityStatError
try:
    source = read(Path(sys.argv[1]))
    said = str(apply(source, guess(source)).value_count)
except CityStatError as error:
    said = error.what
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({"said": said, "MB": int(most.split()[1]) / 1024}))
"""


def alone(path: Path) -> dict[str, Any]:
    """What a process of its own says of a file, and the most memory that it held."""
    if not Path("/proc/self/status").exists():  # getrusage tells of the process that started it, too
        pytest.skip("this system does not say how much memory a process came to hold")
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, timeout=120, check=True)
    return dict(json.loads(done.stdout))


def with_parts(path: Path, **changed: bytes | Iterator[bytes]) -> Path:
    """A good workbook with some parts otherwise: sheet1, sharedStrings, or a name of one's own with "__" for "/"."""
    names = {"sheet1": "xl/worksheets/sheet1.xml", "sharedStrings": "xl/sharedStrings.xml"}
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("S")
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    book.close()
    parts = {names.get(k, k.replace("__", "/")): v for k, v in changed.items()}
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            with new.open(name, "w", force_zip64=True) as out:
                content = parts.get(name) or old.read(name)
                for piece in [content] if isinstance(content, bytes) else content:
                    out.write(piece)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(CityStatError) as told:
        read(path)
    assert told.value.do and path.name in str(told.value)
    return told.value.what


## Sizes


def test_a_bomb_of_repeated_bytes_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = with_parts(tmp_path / "f.xlsx", sharedStrings=(b" " * 1_000_000 for _ in range(400)))
    assert path.stat().st_size < 3_000_000
    found = alone(path)
    assert found["said"] == "The workbook would unpack to 400 MB, which no table needs"
    assert found["MB"] < LITTLE


def test_a_bomb_within_a_workbook_is_never_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("0.bin", b"\0" * 200_000_000)
    found = alone(with_parts(tmp_path / "f.xlsx", xl__embeddings__inner=inner.getvalue()))
    assert found["said"] == "2"
    assert found["MB"] < LITTLE


def _sizes(path: Path, part: str, size: int) -> None:
    """Let the package's directory say that a part has `size` bytes."""
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        name = -1
        while (name := data.find(part.encode(), name + 1)) >= 0:
            head = data.rfind(sign, 0, name)
            if head >= 0 and name - head in (30, 46):
                struct.pack_into("<I", data, head + at, size)
    path.write_bytes(data)


def test_a_directory_that_says_too_much_or_too_little(tmp_path: Path) -> None:
    path = workbook(tmp_path / "much.xlsx", {"S": ROWS})
    _sizes(path, "xl/worksheets/sheet1.xml", 3_000_000_000)
    assert refusal(path).startswith("The workbook would unpack to 3000 MB")
    path = workbook(tmp_path / "little.xlsx", {"S": ROWS})
    _sizes(path, "xl/worksheets/sheet1.xml", 10)
    assert refusal(path) == "The workbook is damaged or cut off, and cannot be read"


@pytest.mark.parametrize("cell", ["", '<c r="A{n}" s="0"/><c r="B{n}" s="0"/>'], ids=["rows", "cells"])
def test_a_million_formatted_blank_rows_are_nothing(cell: str, tmp_path: Path) -> None:
    def rows() -> Iterator[bytes]:
        yield b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B1048576"/><sheetData>'
        yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>period</t></is></c><c r="B1" t="inlineStr"><is><t>value</t></is></c></row>'
        yield b'<row r="2"><c r="A2" t="inlineStr"><is><t>2021-01</t></is></c><c r="B2"><v>7</v></c></row>'
        for start in range(3, 1_048_577, 10_000):
            yield "".join(
                f'<row r="{n}" s="1" customFormat="1">{cell.format(n=n)}</row>'
                for n in range(start, min(start + 10_000, 1_048_577))
            ).encode()
        yield b"</sheetData></worksheet>"

    found = alone(with_parts(tmp_path / "f.xlsx", sheet1=rows()))
    assert found["said"] == "1"
    assert found["MB"] < LITTLE, found


def test_a_million_blank_rows_in_a_text(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("period,value\n2021-01,7\n" + ",\n" * 1_048_574)
    assert alone(tmp_path / "f.csv")["said"] == "1"


@pytest.mark.parametrize(
    "cell",
    ['<c r="XFD1048576"><v>1</v></c>', "<c\tr='XFD1048576'><v>1</v></c>", '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="ZZ1000000"><v>1</v></x:c>',
     '<c r="B99999999"><v>1</v></c>', '<c r="ABCDEFG1"><v>1</v></c>', '<c s="0" r="XFD1000000"><v>1</v></c>'],
)  # fmt: skip
def test_a_cell_far_out_is_found_however_it_is_written(cell: str, tmp_path: Path) -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/><sheetData><row r="1"><c r="A1"><v>1</v></c>'
    path = with_parts(tmp_path / "f.xlsx", sheet1=head + cell.encode() + b"</row></sheetData></worksheet>")
    assert refusal(path).endswith(("which is too far", "cannot be read"))


def test_a_cell_far_out_is_found_whatever_the_sheets_part_is_called(tmp_path: Path) -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(with_parts(tmp_path / "f.xlsx")) as package:
        relations = package.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"odd/sheet.dat")
    assert refusal(with_parts(tmp_path / "f.xlsx", **{"xl/_rels/workbook.xml.rels": relations, "xl/odd/sheet.dat": far})).endswith("which is too far")  # fmt: skip


def test_a_cell_far_out_in_an_old_workbook_ends_only_the_process_that_reads_it(tmp_path: Path) -> None:
    data = bytearray(_old([["period", "value", "note"], *[["2021-01", n, f"w{n}"] for n in range(9)]]))
    struct.pack_into("<HH", data, data.find(struct.pack("<HHHH", 0xFD, 10, 5, 2)) + 4, 65_535, 65_535)
    (tmp_path / "f.xls").write_bytes(data)
    assert refusal(tmp_path / "f.xls") == "The workbook is damaged or cut off, and cannot be read"


def test_16384_columns_and_cells_as_long_as_a_letter(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet = book.add_worksheet("S")
    sheet.write_row(0, 0, ["period", "value", *(f"c{n}" for n in range(16_382))])
    for row in (1, 2):
        sheet.write_row(row, 0, [f"2021-0{row}", row, "x" * 32_767, *([row] * 16_381)])
    book.close()
    bring_in(city, path, LONG)
    assert values(measure(city, "V")) == {"2021-01": 1, "2021-02": 2}


## XML entities


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "lol">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9)
)


@pytest.mark.parametrize(
    "before", [LAUGHS + b"]>", b'<!DOCTYPE l [<!ENTITY j SYSTEM "file:///etc/passwd">]>', b'<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">'],
    ids=["billion laughs", "a file", "the network"],
)  # fmt: skip
@pytest.mark.parametrize("part", ["sharedStrings", "sheet1"])
def test_entities_are_neither_unfolded_nor_fetched(before: bytes, part: str, tmp_path: Path) -> None:
    path = with_parts(tmp_path / "f.xlsx")
    with zipfile.ZipFile(path) as package:
        name = {"sharedStrings": "xl/sharedStrings.xml", "sheet1": "xl/worksheets/sheet1.xml"}[part]
        xml = package.read(name).replace(b'standalone="yes"?>', b'standalone="yes"?>' + before)
    path = with_parts(tmp_path / "f.xlsx", **{part: xml.replace(b"<t>period</t>", b"<t>&j;</t>")})
    assert refusal(path) == "The workbook brings XML entities of its own, which no spreadsheet program writes"


## What Excel does


def test_a_formula_counts_by_the_value_it_had_and_is_told_where_it_had_none(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("S")
    sheet.write_row(0, 0, ["period", "value"])
    for row, value in ((1, 3), (2, 4.5)):
        sheet.write_string(row, 0, f"2021-0{row}")
        sheet.write_formula(row, 1, f"={row}+2", None, value)
    sheet.write_string(3, 0, "2021-03")
    sheet.write_number(3, 1, 5)
    book.close()
    with zipfile.ZipFile(path) as package:  # an empty text, as Excel writes it, is missing as in any other cell
        empty = b'<c r="B4" t="str"><f>IF(A1="x",1,"")</f><v></v></c>'
        parts = {n: package.read(n).replace(b'<c r="B4"><v>5</v></c>', empty) for n in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    bring_in(city, path, LONG)
    assert values(measure(city, "V")) == {"2021-01": 3, "2021-02": 4.5}

    path = workbook(tmp_path / "g.xlsx", {"S": [*ROWS, ["2021-03", "=SUM(B2:B3)"], ["2021-04", "=B4&B3"]]})
    batch = apply(read(path), LONG)
    assert [(r.place, r.reason) for r in batch.errors] == [
        ("S!B4", "A formula without its value: open the file in Excel and save it (“=SUM(B2:B3)”)"),
        ("S!B5", "A formula without its value: open the file in Excel and save it (“=B4&B3”)"),
    ]
    with pytest.raises(CityStatError, match="nothing was written"):
        bring_in(city, path, LONG)


def test_a_formula_that_fails_is_told_by_its_cell_and_is_no_category(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("Other", "S & T"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["period", "value", "ward"])
        for row in range(1, 5):
            sheet.write_row(row, 0, [f"2021-0{row}", row, "North"])
    for row, word in ((1, "#DIV/0!"), (2, "#N/A"), (3, "#REF!")):
        sheet.write_formula(row, 1, "=1/0", None, word)
    sheet.write_formula(4, 2, "=VLOOKUP(1,A1:A2,1,0)", None, "#N/A")
    book.close()
    batch = apply(read(path), Recipe(sheets=("S & T",), period="period", breakdowns=("ward",), measures=VALUE))
    assert [(r.place, r.reason, r.error) for r in batch.remarks] == [
        ("S & T!C5", "The formula of this cell gives an error (#N/A)", False),
        ("S & T!B2", "The formula of this cell gives an error (#DIV/0!)", True),
        ("S & T!B3", "“#N/A” taken as missing", False),
        ("S & T!B4", "The formula of this cell gives an error (#REF!)", True),
    ]
    assert batch.breakdowns[batch.values.cell[-1]] == (("ward", "not stated"),)


def test_words_merged_over_rows_are_meant_for_each_of_them_and_figures_once(city: City, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [["period", "ward", "value"], ["2021-01", "N", 1], [None, "S", 2], ["2021-02", "N", 4], [None, "S", None], [date(2021, 3, 1), "N", 16], [None, "S", 32]]  # fmt: skip
    for row in rows:
        sheet.append(row)
    for cells in ("A2:A3", "A4:A5", "A6:A7", "C4:C5"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "f.xlsx")
    bring_in(
        city, tmp_path / "f.xlsx", Recipe(period="period", frequency="month", breakdowns=("ward",), measures=VALUE)
    )
    assert values(measure(city, "V")) == {"2021-01": 3, "2021-02": 4, "2021-03": 48}


def test_what_is_hidden(city: City, tmp_path: Path) -> None:
    """A hidden sheet is not taken unless it is named; hidden rows and columns are part of the table."""
    path = workbook(tmp_path / "f.xlsx", {"S": ROWS, "H": [["period", "value"], ["2021-09", 9]]}, hidden=["H"])
    book = openpyxl.load_workbook(path)
    book["S"].column_dimensions["B"].hidden = True
    book["S"].row_dimensions[3].hidden = True
    book.save(path)
    bring_in(city, path, LONG)
    assert values(measure(city, "V")) == {"2021-01": 1, "2021-02": 2}
    bring_in(city, path, Recipe(period="period", sheets=("H",), measures=VALUE))
    assert values(measure(city, "V"))["2021-09"] == 9


def test_days_before_1900_and_days_that_excel_cannot_have(city: City, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx", {"S": [["period", "value"], ["1899-12-01", 1], ["Jan 1850", 2], ["2021-01", 3]]}
    )
    bring_in(city, path, LONG)
    assert values(measure(city, "V"))["1850-01"] == 2
    path = tmp_path / "g.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet("S"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["period", "value"])
    for row, serial in enumerate((-5, 0, 0.25, 2_958_466, 1e300, 44_197), 1):
        sheet.write_number(row, 0, serial, day)
        sheet.write_number(row, 1, row)
    book.close()
    batch = apply(read(path), LONG)
    assert {r.place for r in batch.errors} == {"S!A2", "S!A3", "S!A4", "S!A5", "S!A6"}
    assert batch.value_count == 1


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_days_that_are_counted_from_1904(kind: str, city: City, tmp_path: Path) -> None:
    path = tmp_path / f"f.{kind}"
    if kind == "xlsx":
        book = xlsxwriter.Workbook(path, {"date_1904": True})
        sheet, style = book.add_worksheet("S"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["period", "value"])
        sheet.write_datetime(1, 0, datetime(2021, 3, 1), style)
        sheet.write_number(1, 1, 7)
        book.close()
    else:
        path.write_bytes(_old([["period", "value"], [datetime(2021, 3, 1), 7]], dates_1904=True))
    bring_in(city, path, Recipe(period="period", frequency="month", measures=VALUE))
    assert values(measure(city, "V")) == {"2021-03": 7}


def _old(rows: list[list[Any]], *, dates_1904: bool = False) -> bytes:
    """A workbook of Excel 97."""
    book = xlwt.Workbook()
    book.dates_1904 = dates_1904
    sheet, day = book.add_sheet("S"), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell, *([day] if isinstance(cell, date) else []))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_old_workbook_under_a_password(tmp_path: Path) -> None:
    data = bytearray(_old(ROWS))
    at = data.find(struct.pack("<HH", 0x5C, 112))  # the record of who wrote it, made one that says "encrypted"
    struct.pack_into("<H", data, at, 0x2F)
    (tmp_path / "f.xls").write_bytes(data)
    assert refusal(tmp_path / "f.xls") == "The workbook is protected by a password"


def test_errors_in_an_old_workbook_are_told_by_their_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Notes").write(0, 0, "nothing")
    sheet = book.add_sheet("S")
    for column, word in enumerate(("period", "value")):
        sheet.write(0, column, word)
    for row in range(1, 5):
        sheet.write(row, 0, f"2021-0{row}")
    for row, figure in ((1, 1), (4, 4)):
        sheet.write(row, 1, figure)
    for row, word in ((2, "#DIV/0!"), (3, "#N/A!")):
        sheet.row(row).set_cell_error(1, word)
    path = tmp_path / "f.xls"
    book.save(str(path))
    batch = apply(read(path), Recipe(sheets=("S",), period="period", frequency="month", measures=VALUE))
    assert [(r.place, r.reason, r.error) for r in batch.remarks] == [
        ("S!B3", "The formula of this cell gives an error (#DIV/0!)", True),
        ("S!B4", "“#N/A” taken as missing", False),
    ]


## Text that begins with "="


def test_text_that_begins_as_a_formula_stays_text_in_and_out(city: City, tmp_path: Path) -> None:
    from citystat.measures.inventory import write_inventory

    words = ['=HYPERLINK("http://x","y")', "=1+1", "+cmd", "-2+3", "@SUM(A1)"]
    path = tmp_path / "f.csv"
    path.write_text(
        "period,kind,value\n" + "".join(f"2021-01,{w.replace(',', ';')},{n}\n" for n, w in enumerate(words))
    )
    wanted = tuple(MeasureMap(f"M{n}", w.replace(",", ";"), value="value") for n, w in enumerate(words))
    bring_in(city, path, Recipe(period="period", measure="kind", measures=wanted))
    write_inventory(city, tmp_path / "out.xlsx", today=date(2026, 3, 10), now=NOW)
    cells = [c for sheet in openpyxl.load_workbook(tmp_path / "out.xlsx") for row in sheet for c in row if c.value]
    assert {m.name for m in wanted} <= {c.value for c in cells}
    assert not [c for c in cells if c.data_type == "f"]


def test_every_workbook_we_write_keeps_words_as_words() -> None:
    """XlsxWriter takes a text that begins with "=" for a formula, and one that begins with http for a link, unless told."""
    for path in (Path(__file__).parents[2] / "citystat").rglob("*.py"):
        for call in re.findall(r"xlsxwriter\.Workbook\((.*?)\)\n", path.read_text(encoding="utf-8"), re.DOTALL):
            assert '"strings_to_formulas": False' in call and '"strings_to_urls": False' in call, path
