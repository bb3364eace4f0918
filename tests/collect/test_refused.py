"""Files that cannot come in: each is told in a sentence with its place and what to do, and nothing is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bringing import VALUE, bring_in, workbook
from sqlalchemy import text

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import Recipe, from_json
from citystat.errors import CityStatError

LONG = Recipe(period="period", measures=VALUE)


def refusal(path: Path, recipe: Recipe | None = None) -> str:
    """What the person is told; there is always something to do."""
    with pytest.raises(CityStatError) as told:
        source = read(path)
        apply(source, recipe or guess(source))
    assert told.value.do
    assert path.name in str(told.value)
    return told.value.what


def test_text_that_is_called_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_text("period,value\n2021-01,1\n")
    assert refusal(path) == "This is not a workbook, though its name says so"


def test_a_workbook_under_a_password(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500
    )
    assert refusal(path) == "The workbook is protected by a password"


def test_a_workbook_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", {"S": [["period", "value"], ["2021-01", 1]]})
    path.write_bytes(path.read_bytes()[:3000])
    assert refusal(path) == "The workbook is damaged or cut off, and cannot be read"


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b",,,\n,,,\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert refusal(path) == "The file is empty"


def test_an_empty_workbook_and_an_empty_sheet_beside_a_full_one(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "e.xlsx", {"S": []})) == "The file is empty"
    path = workbook(tmp_path / "f.xlsx", {"S": [], "T": [["period", "value"], ["2021-01", 1]]})
    batch = apply(read(path), LONG)
    assert batch.value_count == 1
    assert [(r.place, r.reason) for r in batch.remarks] == [("S", "The sheet is empty")]


def test_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("name,place\nAnn,North\nBob,South\n")
    assert refusal(path) == "There are no numbers in this file"


def test_two_columns_of_the_same_name_only_where_one_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value,value,note,note\n2021-01,1,2,a,b\n")
    assert refusal(path, LONG) == "Two columns are called “value”"
    path.write_text("period,value,note,note\n2021-01,1,a,b\n")
    assert apply(read(path), LONG).value_count == 1


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    assert refusal(path) == "The file has 2000 MB, more than CityStat takes in at once"


def test_dates_and_numbers_that_cannot_be_are_all_listed_and_nothing_is_written(city: City, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        {"Return": [["period", "value"], ["31 Feb 2021", 1], ["13/13/2021", 2], ["2021-03", "12 or so"], ["2021-04", "1.2.3"], ["2021-05", 5]]},
    )  # fmt: skip
    batch = apply(read(path), LONG)
    assert [(r.place, r.reason) for r in batch.errors] == [
        ("Return!A2", "“31 Feb 2021” is not a period"),
        ("Return!A3", "“13/13/2021” is not a period"),
        ("Return!B4", "“12 or so” is not a number"),
        ("Return!B5", "“1.2.3” is not a number"),
    ]
    with pytest.raises(CityStatError, match=r"f\.xlsx, Return!A2: 4 cells cannot be read"):
        bring_in(city, path, LONG)
    with city.read() as asked:
        assert asked.execute(text("SELECT count(*) FROM measure")).scalar() == 0


def test_a_year_among_months_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n2021-01,1\n2021-02,2\n2021,3\n")
    assert [(r.place, r.reason) for r in apply(read(path), LONG).errors] == [
        ("A4", "“2021” is a year, the others are a month")
    ]


def test_binary_junk(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(bytes(range(256)) * 50)
    assert refusal(path) == "This is neither a table of text nor a workbook"


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('period,value\n2021-01,1\n"2021-02,2\n2021-03,3\n')
    assert refusal(path) == "The table breaks off after row 2: a quotation mark is opened and not closed"


def test_a_folder_a_missing_file_and_one_that_may_not_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "This is a folder, not a file"
    assert refusal(tmp_path / "none.csv") == "There is no such file"
    path = tmp_path / "f.csv"
    path.write_text("period,value\n2021-01,1\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever runs this test may read every file")
    assert refusal(path).startswith("The file cannot be read")


def test_a_row_of_a_hundred_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n" + "1," * 100_000 + "\n")
    assert refusal(path) == "A row has 100001 columns, more than a table can have"


def test_a_word_in_the_farthest_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "period", "x"
    book.save(tmp_path / "f.xlsx")
    assert refusal(tmp_path / "f.xlsx") == "A sheet reaches as far as cell XFD1048576, which is too far"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"laiout": "long"}, "The recipe has no “laiout”"),
        ({"layout": "tall"}, "“tall” is no layout"),
        ({"frequency": "monthly"}, "“monthly” is no frequency"),
        ({"decimal": ";"}, "“;” is no decimal"),
        ({"header": [0]}, "The recipe: “header” cannot be [0]"),
        ({"measures": [{"name": "x"}]}, "A measure in the recipe has no code"),
        ({"measures": [{"code": "x", "val": "y"}]}, "Measure 1 has no “val”"),
        ({"measures": [{"code": "x"}]}, "The measure x does not say where its value stands"),
        ({"measures": [{"code": "x", "value": "v", "aggregation": "max"}]}, "“max” is no aggregation"),
    ],
)
def test_a_map_with_a_mistake_names_it(data: dict[str, object], what: str) -> None:
    with pytest.raises(CityStatError) as told:
        from_json(data, "map.json")
    assert told.value.what == what


def test_a_map_that_names_a_column_the_file_lacks_lists_those_it_has(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("month,value\n2021-01,1\n")
    with pytest.raises(CityStatError, match="There is no column “period”. It has: month, value"):
        apply(read(path), LONG)


@pytest.mark.parametrize(
    "wrong", [{"decimals": -3}, {"decimals": "x"}, {"multiplier": "x"}, {"unit": 5}, {"name": None}]
)
def test_a_map_whose_words_are_of_the_wrong_kind_is_refused(wrong: dict[str, object]) -> None:
    from citystat.collect.recipe import from_json

    with pytest.raises(CityStatError, match="cannot be"):
        from_json({"period": "period", "measures": [{"code": "V", "value": "value", **wrong}]})
