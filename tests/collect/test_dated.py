"""Files in which no column says the period: a sheet a month, a line above the table, the file's name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bringing import bring_in, measure, values, workbook

from citystat.city import City
from citystat.collect import dated, drift
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.picking import pick
from citystat.collect.readers import read
from citystat.collect.recipe import Recipe, from_json, to_json
from citystat.collect.sheet import Sheet
from citystat.errors import CityStatError

HEAD = ["Division", "Potholes filled"]


def table(*figures: int) -> list[list[Any]]:
    return [HEAD, *([name, n] for name, n in zip(("North", "South", "West"), figures, strict=True))]


def test_a_sheet_a_month_comes_in_at_once(city: City, tmp_path: Path) -> None:
    bring_in(city, workbook(tmp_path / "potholes.xlsx", {"Jan 2026": table(1, 2, 3), "Feb 2026": table(4, 5, 6)}))
    assert values(measure(city, "PF-01")) == {"2026-01": 6, "2026-02": 15}


def test_next_months_sheet_is_read_without_a_question(city: City, tmp_path: Path) -> None:
    months = {"Jan 2026": table(1, 2, 3), "Feb 2026": table(4, 5, 6)}
    bring_in(city, workbook(tmp_path / "potholes.xlsx", months))
    picked = pick(city, read(workbook(tmp_path / "potholes.xlsx", {**months, "Mar 2026": table(7, 8, 9)})))
    assert not picked.changes
    bring_in(city, tmp_path / "potholes.xlsx", picked.recipe)
    assert values(measure(city, "PF-01"))["2026-03"] == 24


def test_a_sheet_called_after_no_period_is_asked_about(tmp_path: Path) -> None:
    months = {"Jan 2026": table(1, 2, 3), "Feb 2026": table(4, 5, 6)}
    recipe = guess(read(workbook(tmp_path / "f.xlsx", months)))
    source = read(workbook(tmp_path / "f.xlsx", {**months, "Summary": table(5, 7, 9)}))
    found = drift.find(source, recipe)
    assert [d.words for d in found] == ["The sheet “Summary” is called after no period"]
    settled = drift.accepted(recipe, {d: d.proposed for d in found})
    assert apply(source, settled).value_count == 6
    with pytest.raises(CityStatError, match="The sheet's name “Summary” says no month, quarter or year"):
        apply(source, recipe)


def test_sheets_that_are_no_months_are_left_out_from_the_first(city: City, tmp_path: Path) -> None:
    book = {"Jan 2026": table(1, 2, 3), "Summary": table(1, 2, 3), "Notes": [["As of today"]]}
    recipe = guess(read(workbook(tmp_path / "f.xlsx", {**book, "Feb 2026": table(4, 5, 6)})))
    assert (recipe.dated, recipe.skip_sheets) == ("sheet", ("Summary", "Notes"))


def test_a_line_above_the_table_says_the_month_and_the_day_of_printing_does_not(city: City, tmp_path: Path) -> None:
    rows = [["Department return"], ["Printed on March 10, 2026"], ["Reporting month: February 2026"], *table(1, 2, 3)]
    bring_in(city, workbook(tmp_path / "return.xlsx", {"Sheet1": rows}))
    assert values(measure(city, "PF-01")) == {"2026-02": 6}


def test_a_list_of_measures_with_one_column_of_figures(city: City, tmp_path: Path) -> None:
    rows = [["Month: 2026-02"], ["Measure", "Value"], ["Fires", 12], ["Calls answered in time %", 83.5]]
    bring_in(city, workbook(tmp_path / "return.xlsx", {"Sheet1": rows}))
    assert values(measure(city, "FRS-01")) == {"2026-02": 12}


def test_the_files_name_says_the_month(city: City, tmp_path: Path) -> None:
    for month in ("01", "02"):
        path = tmp_path / f"potholes_2026_{month}.csv"
        path.write_text("Division,Potholes filled\nNorth,1\nSouth,2\n", encoding="utf-8")
        picked = pick(city, read(path))
        assert (picked.recipe.dated, list(picked.changes)) == ("file", [])
        bring_in(city, path, picked.recipe)
    assert values(measure(city, "PF-01")) == {"2026-01": 3, "2026-02": 3}


def test_months_alone_take_the_fiscal_year_of_the_file(city: City, tmp_path: Path) -> None:
    bring_in(city, workbook(tmp_path / "FY26 potholes.xlsx", {"Jul": table(1, 2, 3), "Jan": table(4, 5, 6)}))
    assert list(values(measure(city, "PF-01"))) == ["2025-07", "2026-01"]


def test_a_file_that_says_no_period_anywhere_is_still_asked_about(tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="No column of periods"):
        guess(read(workbook(tmp_path / "f.xlsx", {"Sheet1": table(1, 2, 3)})))


def test_rows_keep_their_places_and_notes_below_are_no_figures(tmp_path: Path) -> None:
    rows = [*table(1, 2, 3), [], ["Source: the works order system"]]
    source = read(workbook(tmp_path / "f.xlsx", {"Jan 2026": rows}))
    batch = apply(source, guess(source))
    assert batch.value_count == 3
    assert [batch.sheets[0].place(r, c) for r, c in zip(batch.values.row, batch.values.column, strict=True)] == [
        "Jan 2026!B2", "Jan 2026!B3", "Jan 2026!B4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Reporting period: March 2026", "march 2026"), ("For the month of Mar-26", "mar-26"), ("2026 marzo", "2026 marzo"),
        ("Q3 2026 return", "q3 2026"), ("FY26", "fy26"), ("returns 2026 03", "2026-03"), ("export 2026-03-10", ""),
        ("Printed 10 March 2026", ""), ("March 10, 2026", ""), ("version 2.10", ""), ("Department return", ""),
    ],
)  # fmt: skip
def test_what_a_line_of_words_says(text: str, said: str) -> None:
    sheet = Sheet.of_rows("S", [[text], HEAD, ["North", 1]])
    assert dated.stated("f.xlsx", sheet, Recipe(header=(2,), year_start=7), dated.ABOVE) == said


def test_it_is_part_of_the_recipe_as_json() -> None:
    recipe = replace(Recipe(), dated="sheet")
    assert from_json(to_json(recipe)) == recipe
    with pytest.raises(CityStatError, match="“title” is no dated"):
        from_json({"dated": "title"})
