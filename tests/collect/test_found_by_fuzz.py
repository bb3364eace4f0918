"""What `make fuzz` and Hypothesis found once, in words; each of these stopped an import with a failure of the program."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlwt
from bringing import bring_in, measure, values, workbook

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe, from_json
from citystat.errors import CityStatError

ROWS = [["period", "value"], ["2021-01", 1], ["2021-02", 2]]
FORMULA = [*ROWS, ["2021-03", "=A1"]]
DAMAGED = "The workbook is damaged or cut off, and cannot be read"


def test_a_recipe_names_known_measures_in_another_order_than_the_city_keeps_them(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    for codes in (("A", "B", "C"), ("C", "A", "B")):
        path.write_text("period,A,B,C\n2021-01,1,2,3\n2021-02,4,,6\n", encoding="utf-8")
        recipe = Recipe(period="period", measures=tuple(MeasureMap(code, value=code) for code in codes))
        assert bring_in(city, path, recipe).unchanged in (0, 5)
    path.write_text("period,A,B,C\n2021-01,1,2,3\n2021-02,4,5,6\n2021-03,7,,\n", encoding="utf-8")
    assert bring_in(city, path, recipe).added == 2
    assert values(measure(city, "A")) == {"2021-01": 1, "2021-02": 4, "2021-03": 7}
    assert values(measure(city, "C")) == {"2021-01": 3, "2021-02": 6}


def test_a_sentence_is_one_line_whatever_it_quotes(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('period,value\n2021-01,"a\nb"\n"x\ny",2\n2021-02,1\n', encoding="utf-8")
    batch = apply(read(path), Recipe(period="period", measures=(MeasureMap("V", value="value"),)))
    assert {r.reason for r in batch.errors} == {"“a b” is not a number", "“x y” is not a period"}
    with pytest.raises(CityStatError) as told:
        from_json({"\n": None}, "map.json")
    assert "\n" not in str(told.value)


def test_a_refusal_names_the_file_though_the_sheet_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for layout, says in (("wide", "No column is headed by a period"), ("crossed", "No column is headed by a month")):
        with pytest.raises(CityStatError, match=rf"f\.csv: {says}"):
            apply(read(path), Recipe(layout=layout, measures=(MeasureMap("V", value="x"),)))


def test_a_heading_as_long_as_a_letter_is_no_sentence_to_search_for_years(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value," + "x" * 200_000 + "\n2021-01,1,a\n2021-02,2,b\n", encoding="utf-8")
    assert apply(read(path), guess(read(path))).value_count == 2  # which took minutes: every letter could begin a month


def _with(path: Path, part: str, old: bytes, new: bytes, rows: list[list[Any]] = FORMULA) -> Path:
    """A workbook with some bytes of a part otherwise."""
    with zipfile.ZipFile(workbook(path, {"S": rows})) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(old, new, 1) if name == part else content)
    return path


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [("xl/workbook.xml", b"<workbook ", b"<?xml version='1.0' encoding='UTF-4294967296'?><workbook "), ("xl/workbook.xml", b"</workbook>", b""),
     ("xl/_rels/workbook.xml.rels", b"Target", b"Targ\0t"), ("xl/worksheets/sheet1.xml", b"<v>1</v>", b"<v>1</c>")],
    ids=["an encoding that is none", "cut off", "a zero byte", "an end that was never begun"],
)  # fmt: skip
def test_xml_that_is_broken_beside_a_formula_without_a_value(part: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match=DAMAGED):
        read(_with(tmp_path / "f.xlsx", part, old, new))


def test_a_cell_far_down_and_another_far_right_are_too_far_together(tmp_path: Path) -> None:
    """Each alone is harmless; the workbook's reader makes room for every cell up to both, ten thousand million bytes."""
    rows = [*ROWS, [None] * 300 + [1]]
    for row in ("B900000", "B1048577"):
        path = _with(tmp_path / "f.xlsx", "xl/worksheets/sheet1.xml", b'<c r="B2"', f'<c r="{row}"'.encode(), rows)
        with pytest.raises(CityStatError, match="too far"):
            read(path)


@pytest.mark.parametrize("at", [48, 68, 76, 1024])
def test_an_old_workbook_whose_frame_is_broken_ends_in_a_sentence(at: int, tmp_path: Path) -> None:
    """The reader's own failure is no Exception of Python's: nothing that expects one would have caught it."""
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("S")
    for r in range(300):
        for c in range(8):
            sheet.write(r, c, f"{r}.{c}")
    book.save(out)
    for put in (0, 1, 2, 127, 255):
        data = bytearray(out.getvalue())
        data[at : at + 4] = bytes([put]) * 4
        (tmp_path / "f.xls").write_bytes(data)
        try:
            assert read(tmp_path / "f.xls").sheets
        except CityStatError as error:
            assert error.what in (DAMAGED, "The file is empty")
