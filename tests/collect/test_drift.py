"""A file that is not as its recipe knows it: what changed is said, a match is proposed, nothing is settled unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bringing import bring_in, measure, values, workbook

from citystat.city import City
from citystat.collect import drift, recipes
from citystat.collect.apply import apply
from citystat.collect.drift import Drift
from citystat.collect.picking import pick
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.errors import CityStatError
from citystat.measures.series import broken_down, definition

JANUARY = "Month,District,Trips,Cost\n2026-01,North,10,5\n2026-01,South,20,6\n"
RECIPE = Recipe(
    name="Trips", period="Month", breakdowns=("District",),
    measures=(MeasureMap("TRIPS", value="Trips"), MeasureMap("COST", value="Cost")),
)  # fmt: skip


@pytest.fixture
def taught(city: City, tmp_path: Path) -> City:
    """A city into which January was brought."""
    (tmp_path / "trips-2026-01.csv").write_text(JANUARY, encoding="utf-8")
    bring_in(city, tmp_path / "trips-2026-01.csv", RECIPE)
    return city


def changes(city: City, path: Path, text: str = "") -> list[Drift]:
    if text:
        path.write_text(text, encoding="utf-8")
    return list(pick(city, read(path), "Trips").changes)


def accepted(city: City, path: Path) -> Recipe:
    """The recipe with what is proposed, applied to the file."""
    picked = pick(city, read(path), "Trips")
    recipe = drift.accepted(picked.recipe, {d: d.proposed for d in picked.changes})
    more = pick(city, read(path), recipe=recipe).changes
    recipe = drift.accepted(recipe, {d: d.proposed for d in more})
    bring_in(city, path, recipe)
    return recipe


def parts(city: City, code: str) -> dict[str, dict[str, float]]:
    with city.read() as asked:
        return {p.category: values(p) for p in broken_down(asked, definition(asked, code), "District")}


def february(text: str = JANUARY) -> str:
    return text.replace("2026-01", "2026-02")


def test_next_months_file_of_the_same_shape_asks_nothing(taught: City, tmp_path: Path) -> None:
    assert changes(taught, tmp_path / "f.csv", february()) == []


def test_a_moved_column_asks_nothing(taught: City, tmp_path: Path) -> None:
    text = "Cost,Trips,Month,District\n5,10,2026-02,North\n"
    assert changes(taught, tmp_path / "f.csv", text) == []


def test_a_renamed_column_is_proposed_and_its_breakdown_goes_on(taught: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    found = changes(taught, path, february(JANUARY.replace("District", "Council District")))
    assert [(d.kind, d.was, d.proposed) for d in found] == [("column", "District", "Council District")]
    assert found[0].said == "There is no column “District”: “Council District” is proposed"
    accepted(taught, path)
    assert parts(taught, "TRIPS") == {"North": {"2026-01": 10, "2026-02": 10}, "South": {"2026-01": 20, "2026-02": 20}}
    assert changes(taught, path) == [], "what was accepted is not asked again"
    assert changes(taught, tmp_path / "old.csv", february()) == [], "and the old title is still known"


def test_a_renamed_column_of_figures_is_not_matched_with_words(taught: City, tmp_path: Path) -> None:
    text = "Month,District,Trip type,Rides,Cost\n2026-02,North,bus,10,5\n2026-02,South,rail,20,6\n"
    found = changes(taught, tmp_path / "f.csv", text)
    gone = next(d for d in found if d.was == "Trips")
    assert gone.proposed == "Rides"


def test_a_column_that_is_gone_can_be_left_or_chosen_but_the_period_cannot(taught: City, tmp_path: Path) -> None:
    found = changes(taught, tmp_path / "f.csv", "Month,District,Trips\n2026-02,North,10\n")
    assert [(d.was, d.proposed, d.leave) for d in found] == [("Cost", "", "without it")]
    left = drift.accepted(pick(taught, read(tmp_path / "f.csv"), "Trips").recipe, {found[0]: ""})
    assert [m.code for m in left.measures] == ["TRIPS"]
    found = changes(taught, tmp_path / "g.csv", "District,Trips,Cost\nNorth,1,2\n")
    assert [(d.was, d.leave) for d in found] == [("Month", "")]
    with pytest.raises(CityStatError, match="Say what stands for it"):
        drift.accepted(RECIPE, {found[0]: ""})


def test_a_new_column_is_said_once(taught: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    found = changes(taught, path, "Month,District,Trips,Cost,Remark\n2026-02,North,10,5,snow\n")
    assert [(d.kind, d.found, d.leave) for d in found] == [("new column", "Remark", "leave it out")]
    accepted(taught, path)
    assert changes(taught, path) == []


def test_the_heading_row_moved(taught: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    found = changes(taught, path, "Transit department\n\n" + february())
    assert [(d.kind, d.was, d.proposed) for d in found] == [("heading", "1", "3")]
    assert accepted(taught, path).header == (3,)
    assert values(measure(taught, "TRIPS")) == {"2026-01": 30, "2026-02": 30}


def test_a_new_category_is_told_and_one_spelled_otherwise_is_proposed_as_the_same(taught: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    found = changes(
        taught,
        path,
        february("Month,District,Trips,Cost\n2026-01,Nort h,10,5\n2026-01,South,20,6\n2026-01,Harbour,3,1\n"),
    )
    assert [(d.kind, d.found, d.proposed) for d in found] == [
        ("category", "Nort h", "North"),
        ("category", "Harbour", ""),
    ]
    accepted(taught, path)
    assert parts(taught, "TRIPS") == {
        "North": {"2026-01": 10, "2026-02": 10}, "South": {"2026-01": 20, "2026-02": 20}, "Harbour": {"2026-02": 3},
    }  # fmt: skip
    assert changes(taught, path) == []


def sheet(month: str, trips: int = 10) -> list[list[object]]:
    return [["Month", "Trips"], [month, trips]]


SHEETS = Recipe(name="Trips", sheets=("Jan 2026",), period="Month", measures=(MeasureMap("TRIPS", value="Trips"),))


def test_a_sheet_a_month_the_new_one_is_proposed_and_a_renamed_one_too(city: City, tmp_path: Path) -> None:
    bring_in(city, workbook(tmp_path / "a.xlsx", {"Jan 2026": sheet("2026-01"), "Notes": [["Any", "words"]]}), SHEETS)
    more = workbook(
        tmp_path / "b.xlsx",
        {"Jan 2026": sheet("2026-01"), "Feb 2026": sheet("2026-02", 7), "Notes": [["Any", "words"]]},
    )
    found = changes(city, more)
    assert [(d.kind, d.found) for d in found] == [("new sheet", "Feb 2026")]
    assert accepted(city, more).sheets == ("Jan 2026", "Feb 2026")
    assert values(measure(city, "TRIPS")) == {"2026-01": 10, "2026-02": 7}
    other = workbook(tmp_path / "c.xlsx", {"Mar 2026": sheet("2026-03", 5), "Notes": [["Any", "words"]]})
    assert [(d.kind, d.was, d.proposed) for d in changes(city, other)][0] == ("sheet", "Jan 2026", "Mar 2026")


def test_a_row_of_a_wide_return_is_called_otherwise(city: City, tmp_path: Path) -> None:
    wide = Recipe(
        name="Trips", layout="wide", measure="Measure",
        measures=(MeasureMap("CALLS", "Calls answered", value="Calls answered"), MeasureMap("LATE", value="Late")),
    )  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("Measure,2026-01,2026-02\nCalls answered,4,5\nLate,1,2\n", encoding="utf-8")
    bring_in(city, path, wide)
    text = "Measure,2026-01,2026-02,2026-03\nCalls answered (all),4,5,6\nLate,1,2,3\n"
    found = changes(city, tmp_path / "b.csv", text)
    assert [(d.kind, d.was, d.proposed) for d in found] == [("line", "Calls answered", "Calls answered (all)")]
    accepted(city, tmp_path / "b.csv")
    assert values(measure(city, "CALLS")) == {"2026-01": 4, "2026-02": 5, "2026-03": 6}


def test_what_was_accepted_is_a_version_that_says_why(taught: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(february(JANUARY.replace("District", "Area")), encoding="utf-8")
    source = read(path)
    picked = pick(taught, source, "Trips")
    answers = {d: "Area" for d in picked.changes if d.was == "District"}
    recipe = drift.accepted(picked.recipe, answers)
    from bringing import NOW

    from citystat.collect.store import store

    store(taught, source, recipe, apply(source, recipe), now=NOW, why=drift.reason(answers, answers))
    with taught.read() as asked:
        newest = recipes.versions(asked, "Trips")[0]
    assert (newest.number, newest.why) == (2, "District → Area")
    assert "columns that were renamed: Area = District" in newest.changes


def test_another_kind_of_file_under_a_like_name_is_not_the_recipes(taught: City, tmp_path: Path) -> None:
    (tmp_path / "trips-2026-02.csv").write_text("Year,Species,Planted\n2024,Oak,3\n2025,Ash,5\n", encoding="utf-8")
    assert pick(taught, read(tmp_path / "trips-2026-02.csv")).known_as == ""
    assert pick(taught, read(tmp_path / "trips-2026-02.csv")).recipe.name == "trips"


def test_a_recipe_without_known_columns_says_nothing_of_new_ones(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(JANUARY, encoding="utf-8")
    assert drift.find(read(tmp_path / "f.csv"), replace(RECIPE, breakdowns=())) == []


def test_a_sheet_of_notes_that_came_is_left_out(city: City, tmp_path: Path) -> None:
    recipe = replace(SHEETS, sheets=())
    bring_in(city, workbook(tmp_path / "a.xlsx", {"Data": sheet("2026-01")}), recipe)
    more = workbook(tmp_path / "b.xlsx", {"Read me": [["Please", "note"], ["x", "y"]], "Data": sheet("2026-02", 7)})
    found = changes(city, more)
    assert [(d.kind, d.found, d.proposed, d.leave) for d in found] == [("new sheet", "Read me", "", "leave it out")]
    assert accepted(city, more).skip_sheets == ("Read me",)
    assert values(measure(city, "TRIPS")) == {"2026-01": 10, "2026-02": 7}
    assert changes(city, more) == []


def test_a_word_that_rows_must_say_is_written_otherwise(city: City, tmp_path: Path) -> None:
    recipe = Recipe(
        name="Trips", period="Month", measures=(MeasureMap("EXPENSE", value="Amount", where={"Kind": "Expense"}), MeasureMap("REFUND", value="Amount", where={"Kind": "Refund"})),
    )  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("Month,Kind,Amount\n2026-01,Expense,4\n2026-01,Refund,1\n", encoding="utf-8")
    bring_in(city, path, recipe)
    found = changes(city, tmp_path / "b.csv", "Month,Kind,Amount\n2026-02,Expenses,5\n2026-02,Other,1\n")
    assert [(d.kind, d.was, d.proposed, d.column) for d in found] == [("line", "Expense", "Expenses", "Kind")]
    accepted(city, tmp_path / "b.csv")
    assert values(measure(city, "EXPENSE")) == {"2026-01": 4, "2026-02": 5}


def test_the_sentence_and_the_reason_speak_of_rows(taught: City, tmp_path: Path) -> None:
    found = changes(taught, tmp_path / "f.csv", "Transit\n\n" + february())
    assert (found[0].place, found[0].said) == ("row 1", "The headings are not in row 1: “row 3” is proposed")
    assert drift.reason(found, {found[0]: "3"}) == "headings: row 1 → row 3"
