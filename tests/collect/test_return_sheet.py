"""A return sheet: what it asks, how it comes back, and what is said of one that is not as it was sent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citystat.city import City, journal
from citystat.collect import close, watching
from citystat.collect.asked import asked
from citystat.collect.batch import Remark
from citystat.collect.checks import OFF, Own
from citystat.collect.readers import read
from citystat.collect.reading import fold
from citystat.collect.recipe import MeasureMap
from citystat.collect.returned import is_return
from citystat.collect.settle import save_rules
from citystat.collect.sources import save
from citystat.collect.store import runs
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.people import roster
from citystat.texts import speaking
from tests.city.test_every_act import Nowhere
from tests.collect.bringing import NOW, measure, values
from tests.collect.sheets import FEBRUARY, back, blank, bring_back, fill, remarks, roles, workbook
from tests.collect.test_checks import MONTHS, SHARE, STEADY, bring

WARDS = ("North", "South")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the city of `works` and the blank sheet of `sheet`, made once for all."""
    folder = tmp_path_factory.mktemp("works")
    with City.create(folder / "Test.citystat", "Test", who="tester") as city:
        four_years(city, folder)
        blank(city, folder / "Works.xlsx", department="Works")
    return folder


def four_years(city: City, folder: Path) -> None:
    """The department “Works” owns V (a count), S (a ratio in per cent) and W (a count by ward), in for four years."""
    department = roster.save_department(city, None, code="PW", name="Works")
    head = roster.save_person(city, None, name="Ana Ruiz", department_id=department, heads=True)
    bring(city, folder, list(zip(MONTHS, STEADY, strict=True)))
    bring(city, folder, [(m, 80 + n % 5, 100) for n, m in enumerate(MONTHS)], "period,top,bottom", SHARE)
    rows = [(m, ward, 40 + n % 7 + 9 * k) for n, m in enumerate(MONTHS) for k, ward in enumerate(WARDS)]
    bring(city, folder, rows, "period,Ward,value", (MeasureMap("W", value="value"),), breakdowns=("Ward",))
    for code, words in (
        ("V", "Potholes filled in the month."),
        ("S", "Share repaired in a day."),
        ("W", "Complaints."),
    ):
        edit.save_measure(
            city, measure(city, code).measure.id, department_id=department, definition=words, owner_id=head
        )


@pytest.fixture
def works(made: Path, tmp_path: Path) -> Iterator[City]:
    """A copy of that city."""
    shutil.copy(made / "Test.citystat", tmp_path)
    with City.open(tmp_path / "Test.citystat", who="tester") as opened:
        yield opened


@pytest.fixture
def sheet(made: Path, tmp_path: Path) -> Path:
    """A copy of the blank sheet for February 2026."""
    return Path(shutil.copy(made / "Works.xlsx", tmp_path))


GOOD: dict[Any, Any] = {
    ("V", "", "value"): 503, ("S", "", "numerator"): 81, ("S", "", "denominator"): 100, ("W", "North", "value"): 44,
    ("W", "South", "value"): 51,
}  # fmt: skip


## What it asks


def test_a_row_for_each_measure_period_and_category(works: City) -> None:
    with works.read() as asked_of:
        found = asked(asked_of, department="pw", months=[FEBRUARY], today=date(2026, 3, 10))
    assert [(line.measure.code, line.when, line.category, line.ratio) for line in found.lines] == [
        ("S", "Feb 2026", "", True), ("V", "Feb 2026", "", False), ("W", "Feb 2026", "North", False), ("W", "Feb 2026", "South", False),
    ]  # fmt: skip
    assert (found.who, found.fills, found.due) == ("Works", "Ana Ruiz", date(2026, 3, 15))
    assert found.sections[0].before[0] == "Feb 2025" and found.sections[0].before[-1] == "Jan 2026"
    assert found.lines[1].before == tuple(float(v) for v in STEADY[-12:])


def test_without_a_month_what_is_missing_is_asked(works: City, tmp_path: Path) -> None:
    bring(works, tmp_path, [("2026-02", 503)])
    with works.read() as asked_of:
        found = asked(asked_of, department="Works", today=date(2026, 4, 20))
        assert {(x.measure.code, x.when) for x in found.lines if x.measure.code != "W"} == {
            ("S", "Feb 2026"), ("S", "Mar 2026"), ("V", "Mar 2026"),
        }  # fmt: skip
        by_person = asked(asked_of, person="ana ruiz", today=date(2026, 4, 20))
    assert len(by_person.lines) == len(found.lines) and by_person.who == "Ana Ruiz"


def test_a_gap_between_periods_that_are_there_is_asked_and_read_back(works: City, tmp_path: Path) -> None:
    """February never came, March did: the reminder's letter names February, and so does its sheet."""
    bring(works, tmp_path, [("2026-03", 507)])
    path = tmp_path / "Gap.xlsx"
    found = blank(works, path, department="Works", months=[], today=date(2026, 4, 20))
    of_v = [line for line in found.lines if line.measure.code == "V"]
    assert [line.when for line in of_v] == ["Feb 2026"]
    assert found.sections[0].before[-1] == "Jan 2026"
    fill(path, {("V", "", "value"): 503})
    bring_back(works, path)
    assert values(measure(works, "V"))["2026-02"] == 503


def test_beside_a_gap_the_newest_figures_of_the_others_stand(works: City, tmp_path: Path) -> None:
    bring(works, tmp_path, [("2026-03", 507)])
    with works.read() as asked_of:
        found = asked(asked_of, department="Works", today=date(2026, 5, 20))
    assert [x.when for x in found.lines if x.measure.code == "V"] == ["Feb 2026", "Apr 2026"]
    assert found.sections[0].before[-1] == "Mar 2026"
    assert next(x for x in found.lines if x.measure.code == "V").before[-2:] == (None, 507.0)


def test_the_head_of_a_department_is_asked_for_what_has_no_owner_who_is_here(works: City) -> None:
    department = measure(works, "V").measure.department_id
    left = roster.save_person(works, None, name="Gone Away", department_id=department)
    edit.save_measure(works, measure(works, "V").measure.id, owner_id=left)
    roster.set_active(works, left, False)
    other = roster.save_person(works, None, name="Ben Ode", department_id=department)
    edit.save_measure(works, measure(works, "S").measure.id, owner_id=other)
    with works.read() as read_:
        mine = asked(read_, person="Ana Ruiz", months=[FEBRUARY], today=date(2026, 3, 10))
        bens = asked(read_, person="Ben Ode", months=[FEBRUARY], today=date(2026, 3, 10))
    assert {line.measure.code for line in mine.lines} == {"V", "W"}
    assert {line.measure.code for line in bens.lines} == {"S"}


def test_a_quarter_is_asked_in_the_month_in_which_it_ends(city: City) -> None:
    department = roster.save_department(city, None, code="PW", name="Works")
    edit.save_measure(city, None, code="Q", name="By quarter", frequency="quarter", department_id=department)
    edit.save_measure(city, None, code="M", name="By month", department_id=department)
    with city.read() as read_:
        june = asked(read_, department="PW", months=[date(2026, 6, 1)], today=date(2026, 7, 1))
        may = asked(read_, department="PW", months=[date(2026, 5, 1)], today=date(2026, 7, 1))
    assert [line.when for line in june.lines] == ["Jun 2026", "Q4 FY26"]
    assert [line.when for line in may.lines] == ["May 2026"]


def test_more_rows_than_anybody_fills_are_refused(works: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citystat.collect.asked.MOST", 3)
    with works.read() as read_, pytest.raises(CityStatError, match="more than anybody fills"):
        asked(read_, department="Works", months=[FEBRUARY], today=date(2026, 3, 10))


def test_nobody_and_nothing_are_refused(works: City) -> None:
    with works.read() as read_:
        with pytest.raises(CityStatError, match="no department “Zoo”"):
            asked(read_, department="Zoo", today=date(2026, 3, 10))
        with pytest.raises(CityStatError, match="nobody called “Zoe”"):
            asked(read_, person="Zoe", today=date(2026, 3, 10))
        with pytest.raises(CityStatError, match="nothing to ask of Works"):
            asked(read_, department="Works", today=date(2026, 2, 10))


def test_only_cells_to_fill_are_open_and_their_limits_are_the_measure_s(sheet: Path, works: City) -> None:
    page = workbook(sheet).worksheets[0]
    assert page.protection.sheet
    at = roles(page)
    open_ = {(c.row, c.column) for row in page.iter_rows() for c in row if c.protection.locked is False}
    assert {column for _, column in open_} == {at[name] for name in ("value", "numerator", "denominator", "note")}
    by_cell = {str(v.sqref): v for v in page.data_validations.dataValidation}
    rows = {(page.cell(r, at["code"]).value, page.cell(r, at["category"]).value or ""): r for r in range(2, page.max_row + 1)}  # fmt: skip
    count = by_cell[page.cell(rows["V", ""], at["value"]).coordinate]
    assert (count.type, count.formula1, count.errorStyle) == ("whole", "0", "warning")
    assert count.promptTitle == "V · Feb 2026" and count.prompt.startswith(
        "A whole number, not below 0. Last time 496."
    )
    part = by_cell[page.cell(rows["S", ""], at["numerator"]).coordinate]
    assert (part.type, part.formula1) == ("decimal", "0")
    assert page.page_setup.fitToHeight == 0 and page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_a_range_that_is_an_error_stops_and_one_switched_off_asks_nothing(works: City, tmp_path: Path) -> None:
    share = roster.save_department(works, None, code="X", name="Other")
    edit.save_measure(works, None, code="P", name="Per cent", unit="percent", aggregation="mean", department_id=share)
    edit.save_measure(works, None, code="O", name="Off", unit="percent", aggregation="mean", department_id=share)
    save_rules(works, measure(works, "P").measure.id, {"range": Own("error", {"least": 5, "most": 95})}, "")
    save_rules(works, measure(works, "O").measure.id, {"range": Own(OFF, {})}, "anything goes")
    blank(works, tmp_path / "o.xlsx", department="Other")
    page = workbook(tmp_path / "o.xlsx").worksheets[0]
    found = [(v.formula1, v.formula2, v.errorStyle) for v in page.data_validations.dataValidation]
    assert [(float(low), float(high), style) for low, high, style in found] == [
        (-999_999_999_999, 999_999_999_999, "warning"), (5, 95, None),
    ]  # fmt: skip


def test_it_speaks_the_language_that_is_asked_for_and_reads_back_all_the_same(works: City, tmp_path: Path) -> None:
    with speaking("es"):
        blank(works, tmp_path / "es.xlsx", department="Works")
    book = workbook(tmp_path / "es.xlsx")
    assert book.worksheets[0]["B2"].value != "Return of Works, Feb 2026"
    assert back(works, fill(tmp_path / "es.xlsx", GOOD))[1].figures[0].value == 81


## Coming back


def test_what_was_filled_in_is_kept_as_one_act_with_its_notes(sheet: Path, works: City) -> None:
    fill(sheet, GOOD | {("V", "", "note"): "snow week"})
    done = bring_back(works, sheet)
    assert (done.added, done.revised, done.findings) == (4, 0, ())
    assert values(measure(works, "V"))["2026-02"] == 503
    assert measure(works, "V").note[-1] == "snow week"
    assert values(measure(works, "S"))["2026-02"] == 81 and values(measure(works, "W"))["2026-02"] == 95
    assert works.undo() == "Return of Works: Works.xlsx"
    assert "2026-02" not in values(measure(works, "V")) and "2026-02" not in values(measure(works, "W"))
    works.redo()
    assert values(measure(works, "V"))["2026-02"] == 503


def test_empty_is_not_reported_and_zero_is_zero(sheet: Path, works: City) -> None:
    fill(sheet, {("W", "North", "value"): 0})
    _, returned = back(works, sheet)
    assert (len(returned.figures), returned.empty, returned.remarks) == (1, 3, ())
    bring_back(works, sheet, believed="nothing came in")
    assert values(measure(works, "W"))["2026-02"] == 0
    assert "2026-02" not in values(measure(works, "V"))


def test_the_same_sheet_twice_changes_nothing_and_a_corrected_value_is_a_revision(sheet: Path, works: City) -> None:
    fill(sheet, GOOD)
    bring_back(works, sheet)
    again = bring_back(works, sheet)
    assert (again.run_id, again.unchanged) == (None, 4)
    fill(sheet, {("V", "", "value"): 507})
    assert (done := bring_back(works, sheet)).revised == 1 and done.unchanged == 3
    assert measure(works, "V").revision[-1] == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(sheet: Path, works: City) -> None:
    fill(sheet, GOOD)
    with works.read() as asked_of:
        before = journal.last_act(asked_of)
    assert bring_back(works, sheet, dry=True).added == 4
    with works.read() as asked_of:
        assert journal.last_act(asked_of) == before


def test_the_checks_hold_back_what_they_hold_back_of_any_import(sheet: Path, works: City) -> None:
    fill(sheet, GOOD | {("V", "", "value"): 50_300})
    done = bring_back(works, sheet)
    assert [(f.rule, f.level) for f in done.findings] == [("unit", "error")] and done.added == 3
    assert done.findings[0].place.startswith("Return!")
    assert "2026-02" not in values(measure(works, "V"))


def test_a_closed_period_asks_for_the_reason(sheet: Path, works: City) -> None:
    close.close(works, FEBRUARY, close.Scope(), now=NOW)
    fill(sheet, GOOD)
    with pytest.raises(CityStatError, match="4 figures of closed periods change"):
        bring_back(works, sheet)
    assert bring_back(works, sheet, reason="the sheet was late").added == 4


def test_a_watched_folder_takes_it_in_by_itself(sheet: Path, works: City, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    fill(sheet, GOOD, folder / "Works.xlsx")
    save(works, "Returns", "folder", str(folder), {"by_itself": True}, secrets=Nowhere(), watched=True)
    (arrival,) = watching.look(works)
    taken = watching.take_in(works, arrival, Nowhere(), now=NOW)
    assert taken.why == "" and taken.done is not None and taken.done.added == 4
    assert watching.look(works) == []
    with works.read() as asked_of:
        assert runs(asked_of)[0].source == "Works.xlsx"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(
        st.none() | st.integers(0, 10**9) | st.floats(-1e6, 1e6).map(lambda v: round(v, 4)), min_size=3, max_size=3
    )
)
def test_whatever_is_typed_reads_back_as_it_was_typed(typed: list[float | None], sheet: Path, works: City) -> None:
    keys = [("V", "", "value"), ("W", "North", "value"), ("W", "South", "value")]
    filled = fill(sheet, dict(zip(keys, typed, strict=True)), sheet.with_name("filled.xlsx"))
    _, returned = back(works, filled)
    found = {(f.measure.code, f.category): f.value for f in returned.figures}
    assert found == {(code, category): value for (code, category, _), value in zip(keys, typed, strict=True) if value is not None}  # fmt: skip
    assert returned.errors == () and returned.empty == 1 + typed.count(None)


## What people do to a sheet


@pytest.mark.parametrize(
    ("typed", "figure", "said"),
    [
        ("n/a", None, "“n/a” is taken as not reported"),
        ("  ", None, ""),
        ("503,5", 503.5, "“503,5” is read as 503.5"),
        ("1.503,5", 1503.5, "“1.503,5” is read as 1503.5"),
        ("1,503.5", 1503.5, ""),
        ("'503", 503, ""),
        (True, None, "“TRUE” is not a number: type the number alone, words belong in the note"),
        ("about 500", None, "“about 500” is not a number: type the number alone, words belong in the note"),
        ("1,503", None, "“1,503” may mean 1503 or 1.503: type the number without a comma"),
        (
            "=1/0",
            None,
            "This formula was never worked out: open the sheet, save it, and send it again; or type the number",
        ),
        ("#REF!", None, "“#REF!” is the error of a formula: type the number itself"),
        (datetime(2026, 2, 1), None, "1 Feb 2026 is a date, not a number: type the number alone"),
        (9e99, None, "“9e+99” is too large to be a figure of a city"),
    ],
)
def test_what_stands_in_a_cell_is_read_or_a_sentence_says_why_not(
    typed: Any, figure: float | None, said: str, sheet: Path, works: City
) -> None:
    fill(sheet, {("V", "", "value"): typed})
    _, returned = back(works, sheet)
    assert [f.value for f in returned.figures] == ([] if figure is None else [figure])
    assert [r.reason for r in returned.remarks] == ([said] if said else [])
    if returned.errors:
        with pytest.raises(CityStatError, match="1 cell cannot be read"):
            bring_back(works, sheet)
        assert "2026-02" not in values(measure(works, "V"))


def test_an_empty_cell_beside_a_formula_stays_empty(sheet: Path, works: City) -> None:
    fill(
        sheet, {("W", "North", "value"): 44, ("V", "", "note"): '="see " & "mail"', ("S", "", "denominator"): "=50+50"}
    )
    _, returned = back(works, sheet)
    assert [(f.measure.code, f.value, f.note) for f in returned.figures] == [("W", 44, "")]
    assert [r.reason[:34] for r in returned.remarks] == ["This formula was never worked out:"]


def test_half_a_ratio_is_an_error(sheet: Path, works: City) -> None:
    fill(sheet, {("S", "", "numerator"): 81})
    _, returned = back(works, sheet)
    assert "fill both, or neither" in returned.errors[0].reason and returned.figures == ()


def test_nothing_of_nothing_is_a_ratio_without_a_value(sheet: Path, works: City) -> None:
    fill(sheet, {("S", "", "numerator"): 0, ("S", "", "denominator"): 0})
    done = bring_back(works, sheet)
    assert (
        done.added == 1 and "2026-02" not in values(measure(works, "S")) or values(measure(works, "S"))["2026-02"] != 0
    )


def test_an_empty_sheet_is_refused_in_words(sheet: Path, works: City) -> None:
    with pytest.raises(CityStatError, match="Nothing is filled in"):
        bring_back(works, sheet)


def test_moved_and_inserted_rows_and_columns_still_find_their_measure(sheet: Path, works: City) -> None:
    def shuffle(book: Any) -> None:
        page = book.worksheets[0]
        page.protection.sheet = False
        rows = [[c.value for c in row] for row in page.iter_rows()]
        key = [n for n, row in enumerate(rows) if str(row[0] or "").startswith("citystat:") and n > 0]
        rows[key[1]], rows[key[-1]] = rows[key[-1]], rows[key[1]]
        rows.insert(key[2], [])
        for row in page.iter_rows():
            for cell in row:
                cell.value = None
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                page.cell(r, c, value)
        page.insert_cols(4)

    fill(sheet, GOOD, change=shuffle)
    _, returned = back(works, sheet)
    assert returned.remarks == ()
    assert {(f.measure.code, f.category, f.value) for f in returned.figures} == {
        ("V", "", 503), ("S", "", 81), ("W", "North", 44), ("W", "South", 51),
    }  # fmt: skip


def test_a_row_that_was_not_asked_for_is_left_out_and_named(sheet: Path, works: City) -> None:
    def add(book: Any) -> None:
        page = book.worksheets[0]
        page.cell(page.max_row + 2, roles(page)["value"], 77)

    fill(sheet, GOOD, change=add)
    _, returned = back(works, sheet)
    ((place, said),) = remarks(returned)
    assert place.startswith("Return!F") and "was not asked for" in said and len(returned.figures) == 4


def test_a_row_that_stands_twice_with_two_figures_is_an_error(sheet: Path, works: City) -> None:
    def double(book: Any) -> None:
        page = book.worksheets[0]
        at = roles(page)
        row = next(r for r in range(2, page.max_row + 1) if page.cell(r, at["code"]).value == "V")
        for column in (at["key"], at["code"]):
            page.cell(page.max_row + 1 if column == at["key"] else page.max_row, column, page.cell(row, column).value)
        page.cell(page.max_row, at["value"], 999)

    fill(sheet, GOOD, change=double)
    _, returned = back(works, sheet)
    assert [r.reason for r in returned.errors] == [
        "V, Feb 2026 stands twice with different figures, here and in Return!F12: delete one row"
    ]


def test_a_row_that_was_deleted_is_not_reported_and_named(sheet: Path, works: City) -> None:
    def delete(book: Any) -> None:
        page = book.worksheets[0]
        row = next(r for r in range(2, page.max_row + 1) if page.cell(r, roles(page)["code"]).value == "V")
        page.delete_rows(row)

    fill(sheet, GOOD, change=delete)
    _, returned = back(works, sheet)
    assert remarks(returned) == [("Return", "The row of V, Feb 2026 is gone from the sheet: not reported")]


## Older sheets, other cities, changed marks


def test_a_measure_that_was_renamed_since_is_known_by_its_number(sheet: Path, works: City) -> None:
    fill(sheet, GOOD)
    edit.save_measure(works, measure(works, "V").measure.id, code="PW-01", name="Potholes")
    _, returned = back(works, sheet)
    assert [said for _, said in remarks(returned)] == ["V · V is called PW-01 · Potholes now; its figure is taken in"]
    assert bring_back(works, sheet).added == 4
    assert values(measure(works, "PW-01"))["2026-02"] == 503


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"retired": True}, "V · V is no longer in use; its figure is left out"),
        ({"formula": "S * 2", "unit": "percent"}, "V · V is computed from others now; its figure is left out"),
    ],
)
def test_a_measure_that_no_longer_takes_figures_is_left_out(
    change: dict[str, Any], said: str, sheet: Path, works: City
) -> None:
    fill(sheet, GOOD)
    edit.save_measure(works, measure(works, "V").measure.id, **change)
    source, returned = back(works, sheet)
    assert [words for _, words in remarks(returned)] == [said]
    assert len(returned.figures) == 3 and bring_back(works, sheet).added == 3
    assert is_return(source)


def test_a_measure_in_another_unit_or_frequency_needs_a_new_sheet(sheet: Path, works: City) -> None:
    fill(sheet, GOOD)
    edit.save_measure(works, measure(works, "V").measure.id, unit="days")
    _, returned = back(works, sheet)
    assert [r.reason for r in returned.errors] == [
        "V was asked in “count” and is kept in “days” now: make a new sheet for it"
    ]


def test_a_sheet_of_another_city_is_refused(sheet: Path, works: City, tmp_path: Path) -> None:
    fill(sheet, GOOD)
    with (
        City.create(tmp_path / "Other.citystat", "Elsewhere") as other,
        pytest.raises(CityStatError, match="a return sheet of Test, not of Elsewhere"),
    ):
        back(other, sheet)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda book: book.worksheets[1].cell(6, 3, "EVIL"), "was changed"),
        (lambda book: book.worksheets[1].cell(2, 1, "another city"), "was changed"),
        (lambda book: book.worksheets[1].delete_rows(5), "was changed"),
        (lambda book: book.worksheets[1].cell(1, 2, 99), "newer CityStat"),
        (lambda book: book.remove(book.worksheets[1]), "is gone"),
        (lambda book: book.worksheets[0].delete_rows(1), "cannot be found"),
        (lambda book: book.worksheets[0].delete_cols(1), "cannot be found"),
    ],
)
def test_a_tampered_mark_is_refused_with_what_to_do(tamper: Any, said: str, sheet: Path, works: City) -> None:
    fill(sheet, GOOD, change=tamper)
    source = read(sheet)
    assert is_return(source)
    with pytest.raises(CityStatError, match=said) as refused:
        back(works, sheet)
    assert refused.value.where == "Works.xlsx" and refused.value.do


def test_an_ordinary_workbook_is_no_return_sheet(shared: Path) -> None:
    assert not is_return(read(shared / "department-return.xlsx"))


def test_several_jumps_are_told_with_the_figure_of_the_first() -> None:
    jumps = [Remark("F11", "A jump to 99,999 min from about 8.2"), Remark("F14", "A jump to 12.5 min from about 8.7")]
    assert [kind.reason for kind in fold(jumps)] == ["A jump to 99,999 min from about 8.2 · and 1 like it"]
