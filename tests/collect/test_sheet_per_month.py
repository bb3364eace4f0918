"""A workbook with a sheet per month: the month stands in the sheet's title only."""

from __future__ import annotations

from pathlib import Path

from bringing import NOW, measure, values, workbook

from citystat.city import City
from citystat.collect import recipes
from citystat.collect.apply import apply
from citystat.collect.dated import SHEET
from citystat.collect.picking import Picked, pick
from citystat.collect.readers import read
from citystat.collect.store import Imported, store

HEADS = ["District", "Trips", "Cost"]


def book(folder: Path, months: list[str], heads: list[str] = HEADS, **more: list[list[object]]) -> Path:
    sheets = {
        m: [heads, *([d, 10 * n + k, 5.5] for k, d in enumerate(("North", "South")))] for n, m in enumerate(months, 1)
    }
    return workbook(folder / f"trips-{len(months)}.xlsx", {**more, **sheets})


def taken(city: City, path: Path) -> tuple[Picked, Imported | None]:
    source = read(path)
    found = pick(city, source)
    done = None if found.changes else store(city, source, found.recipe, apply(source, found.recipe), now=NOW)
    return found, done


def test_the_month_is_read_from_the_sheets_title_and_next_months_sheet_comes_by_itself(city: City, tmp_path: Path) -> None:  # fmt: skip
    found, _ = taken(city, book(tmp_path, ["January 2026", "February 2026"], Notes=[["As sent by the depot"]]))
    assert (found.recipe.period, found.recipe.sheets, found.recipe.skip_sheets) == (SHEET, (), ("Notes",))
    assert values(measure(city, "TRPS-01")) == {"2026-01": 21, "2026-02": 41}
    found, done = taken(city, book(tmp_path, ["January 2026", "February 2026", "March 2026"], Notes=[["As sent"]]))
    assert found.known_as and done is not None
    assert (done.added, done.unchanged) == (4, 8)
    assert values(measure(city, "TRPS-01")) == {"2026-01": 21, "2026-02": 41, "2026-03": 61}


def test_a_file_with_the_new_month_alone_is_read_by_the_same_recipe(city: City, tmp_path: Path) -> None:
    taken(city, book(tmp_path, ["2026-01", "2026-02"]))
    path = workbook(tmp_path / "trips-9.xlsx", {"2026-03": [HEADS, ["North", 7, 1], ["South", 8, 1]]})
    found, done = taken(city, path)
    assert found.known_as and done is not None and done.added == 4
    assert values(measure(city, "TRPS-01"))["2026-03"] == 15


def test_what_changed_in_it_is_asked(city: City, tmp_path: Path) -> None:
    taken(city, book(tmp_path, ["Jan 2026", "Feb 2026"]))
    found, _ = taken(city, book(tmp_path, ["Jan 2026", "Feb 2026", "Mar 2026"], ["Area", "Trips", "Cost"]))
    assert ["District" in c.said for c in found.changes] == [True]
    odd = workbook(
        tmp_path / "trips-8.xlsx", {"Mar 2026": [HEADS, ["North", 1, 1]], "Staff": [["Name", "Shift"], ["A", 2]]}
    )
    with city.read() as asked:
        name = recipes.kept(asked)[0].name
    assert any("Staff" in c.said for c in pick(city, read(odd), name).changes)


def test_a_title_that_is_no_month_is_named_and_nothing_is_written(city: City, tmp_path: Path) -> None:
    taken(city, book(tmp_path, ["Jan 2026", "Feb 2026"]))
    path = workbook(
        tmp_path / "trips-7.xlsx", {"Mar 2026": [HEADS, ["North", 1, 1]], "Spring": [HEADS, ["North", 2, 1]]}
    )
    source = read(path)
    found = pick(city, source)
    batch = apply(source, found.recipe)
    assert found.changes or [r.place for r in batch.errors] == ["Spring!D2"]


def test_such_a_recipe_goes_out_and_comes_back(city: City, tmp_path: Path) -> None:
    from citystat.collect.recipe import from_json, to_json

    found, _ = taken(city, book(tmp_path, ["Jan 2026", "Feb 2026"]))
    with city.read() as asked:
        kept = recipes.kept(asked)[0].recipe
    assert from_json(to_json(kept)).period == SHEET
