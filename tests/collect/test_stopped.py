"""A measure that figures stopped coming for owes nothing until somebody says that it is still collected."""

from __future__ import annotations

from datetime import date

import pytest

from citystat import periods
from citystat.city import City
from citystat.collect.asked import asked_of_all
from citystat.collect.calendar import STOPPED, debtors
from citystat.collect.quality import quality
from citystat.collect.stopped import keep_asking, retire, stopped
from citystat.measures.series import definitions
from tests.collect.owing import arrive, measure_id, squares, works

TODAY = date(2026, 3, 20)
OLD = periods.run(date(2022, 7, 1), date(2024, 6, 1), "month")
NEW = periods.run(date(2025, 1, 1), date(2026, 1, 1), "month")


@pytest.fixture
def old(city: City) -> City:
    """V's file is of 2024; W lacks February 2026."""
    works(city)
    arrive(city, "V", *OLD, at=date(2026, 3, 1))
    arrive(city, "W", *NEW)
    return city


def owed(city: City) -> set[str]:
    with city.read() as read:
        return {o.measure.code for d in debtors(read, TODAY) for o in d.owed if o.late}


def silent(city: City) -> dict[int, date]:
    with city.read() as read:
        return stopped(read, definitions(read), TODAY)


def test_an_old_file_makes_one_question_and_no_debts(old: City) -> None:
    assert silent(old) == {measure_id(old, "V"): date(2024, 6, 1)}
    assert owed(old) == {"W"}
    marks = squares(old, "V", TODAY)
    assert {marks[m].state for m in periods.run(date(2024, 7, 1), date(2026, 3, 1), "month")} == {STOPPED}
    assert marks[date(2024, 6, 1)].state == "before"


def test_it_is_asked_in_no_return_sheet_and_lowers_no_score(old: City) -> None:
    with old.read() as read:
        sheets = asked_of_all(read, today=TODAY)
        rows = {q.measure.code: q for q in quality(read, TODAY) if q.measure}
    assert {line.measure.code for sheet in sheets for line in sheet.lines} >= {"W"}
    assert "V" not in {line.measure.code for sheet in sheets for line in sheet.lines}
    assert rows["V"].score is None  # nothing of it fell due within the last periods


def test_whoever_says_that_it_is_still_collected_is_owed_again_and_may_take_it_back(old: City) -> None:
    keep_asking(old, measure_id(old, "V"))
    assert silent(old) == {} and owed(old) == {"V", "W"}
    old.undo()
    assert owed(old) == {"W"}


def test_whoever_says_that_it_is_not_retires_it_and_its_figures_stay(old: City) -> None:
    retire(old, measure_id(old, "V"))
    with old.read() as read:
        assert [m.code for m in definitions(read)] == ["N", "W", "Z"]
        assert "V" in {m.code for m in definitions(read, retired=True)}
    assert silent(old) == {}


def test_a_figure_that_is_merely_late_is_owed(city: City) -> None:
    works(city)
    arrive(city, "V", *periods.run(date(2025, 1, 1), date(2025, 10, 1), "month"))
    assert silent(city) == {} and owed(city) == {"V"}


def test_where_nothing_at_all_was_brought_in_for_long_every_figure_is_owed(city: City) -> None:
    works(city)
    for code in "VW":
        arrive(city, code, *periods.run(date(2024, 1, 1), date(2025, 2, 1), "month"))
    assert silent(city) == {} and owed(city) == {"V", "W"}


def test_one_that_stops_while_most_go_on_is_asked_about(city: City) -> None:
    works(city)
    arrive(city, "V", *periods.run(date(2024, 1, 1), date(2025, 2, 1), "month"))
    for code in "WZ":
        arrive(city, code, *periods.run(date(2024, 1, 1), date(2026, 2, 1), "month"))
    assert set(silent(city)) == {measure_id(city, "V")}


def test_a_figure_that_comes_after_all_ends_the_question(old: City) -> None:
    arrive(old, "V", date(2026, 1, 1), at=date(2026, 3, 1))
    assert silent(old) == {}
