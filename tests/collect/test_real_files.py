"""Real files of cities, whole: what comes in equals what was counted independently (expected.json)."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from bringing import bring_in, measure, values

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.measures.series import broken_down, definition, definitions, series


@pytest.fixture
def expected(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "expected.json").read_text(encoding="utf-8")))


NHS = Recipe(
    period="period",
    frequency="month",
    breakdowns=("org_code", "type"),
    measures=(
        MeasureMap("ATT", "Attendances", value="attendances"),
        MeasureMap("BREACHES", "Breaches", value="breaches"),
        MeasureMap("4H", numerator="attendances - breaches", denominator="attendances", unit="percent"),
    ),
)


def test_emergency_departments_by_month_and_by_breakdown(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["nhs-ae-attendances.csv"]
    bring_in(city, shared / "nhs-ae-attendances.csv", NHS)
    assert values(measure(city, "ATT")) == known["measures"]["attendances"]["by_period"]
    assert values(measure(city, "BREACHES")) == known["measures"]["breaches"]["by_period"]
    share = known["measures"]["share seen within four hours"]["by_period"]
    assert values(measure(city, "4H")) == pytest.approx(share, rel=1e-6)
    with city.read() as asked:
        parts = {p.category: p for p in broken_down(asked, definition(asked, "ATT"), "org_code")}
        types = {p.category: p for p in broken_down(asked, definition(asked, "ATT"), "type")}
    assert values(parts["RJ1"]) == known["by_breakdown"]["organisation (org_code) RJ1, attendances"]
    assert types["1"].values.sum() == known["by_breakdown"]["type 1, sum of attendances"]


def test_the_same_file_twice_changes_nothing(city: City, shared: Path) -> None:
    first = bring_in(city, shared / "nhs-ae-attendances.csv", NHS)
    again = bring_in(city, shared / "nhs-ae-attendances.csv", NHS)
    assert (again.run_id, again.added, again.revised, again.unchanged) == (None, 0, 0, first.added)


def test_fourteen_daily_measures_become_months(city: City, shared: Path, expected: dict[str, Any]) -> None:
    """As it is guessed: sums for counts, means for percentages."""
    known = expected["mta-daily-ridership.csv"]["measures"]
    source = read(shared / "mta-daily-ridership.csv")
    recipe = replace(guess(source), frequency="month")
    assert len(recipe.measures) == expected["mta-daily-ridership.csv"]["columns of values"]
    bring_in(city, shared / "mta-daily-ridership.csv", recipe)
    with city.read() as asked:
        found = {m.name: series(asked, m) for m in definitions(asked)}
    for name, facts in known.items():
        exact = facts["aggregation"].startswith("sum")
        assert values(found[name]) == (facts["by_period"] if exact else pytest.approx(facts["by_period"], rel=1e-6)), (
            name
        )
    with (shared / "mta-daily-ridership.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in rows[0].keys() - {"Date"}:
        months: dict[str, list[float]] = {}
        for row in rows:
            months.setdefault(row["Date"][:7], []).append(float(row[name]))
        spread = fmean if "%" in name else sum
        assert values(found[name]) == pytest.approx({k: spread(v) for k, v in months.items()}, rel=1e-12), name


def test_department_return_is_understood_as_it_was_sent(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["department-return.xlsx"]
    done = bring_in(city, shared / "department-return.xlsx")
    assert done.added == known["observations"]
    with city.read() as asked:
        found = {m.name: series(asked, m) for m in definitions(asked)}
    for name, by_period in known["measures"].items():
        assert values(found[name]) == pytest.approx(by_period, rel=1e-6), name


def test_unemployment_of_a_statistics_office(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["cologne-unemployment.xls"]
    bring_in(city, shared / "cologne-unemployment.xls")
    assert values(measure(city, "INSG-01")) == known["unemployed"]
    assert values(measure(city, "WBLC-01")) == known["women"]


def test_district_budget_in_german_figures(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["cologne-district-budget.csv"]
    recipe = Recipe(
        layout="wide",
        decimal=",",
        breakdowns=("Bezirk", "PG_BEZ"),
        measures=(MeasureMap("EXPENSE", unit="EUR", where={"Teilplanzeile": "17 = ordentliche Aufwendungen"}),),
        where={"Teilplanzeile": "17 = ordentliche Aufwendungen"},
    )
    column = {"Bezirk": "Bezeichnung"}
    recipe = Recipe(**{**recipe.__dict__, "breakdowns": (column["Bezirk"], "PG_BEZ")})
    bring_in(city, shared / "cologne-district-budget.csv", recipe)
    years = {f"{t.split()[1]}-01": v for t, v in known["sum of line 17 (ordentliche Aufwendungen) by year"].items()}
    assert values(measure(city, "EXPENSE")) == years
    with city.read() as asked:
        parts = {p.category: p for p in broken_down(asked, definition(asked, "EXPENSE"), "Bezeichnung")}
    inner = {f"{t.split()[1]}-01": v for t, v in known["line 17 in Innenstadt by year"].items()}
    assert values(parts["Innenstadt"]) == inner


def test_budget_lines_of_a_finance_system(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["oakland-budget-2022-23.csv"]
    recipe = Recipe(
        period="budget_year",
        fiscal=True,
        year_start=7,
        breakdowns=("department",),
        measures=(
            MeasureMap("EXPENSE", value="amount", unit="USD", where={"account_type": "Expense"}),
            MeasureMap("REVENUE", value="amount", unit="USD", where={"account_type": "Revenue"}),
        ),
    )
    bring_in(city, shared / "oakland-budget-2022-23.csv", recipe)
    assert values(measure(city, "EXPENSE")) == {"2022-07": known["by_account_type"]["Expense"]}
    assert values(measure(city, "REVENUE")) == {"2022-07": known["by_account_type"]["Revenue"]}
    with city.read() as asked:
        parts = {p.category: p.values[0] for p in broken_down(asked, definition(asked, "EXPENSE"), "department")}
    assert {k: v for k, v in parts.items() if v} == {k: v for k, v in known["expense_by_department"].items() if v}


def test_budget_lines_of_a_workbook(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["oakland-budget-2016-17.xlsx"]
    recipe = Recipe(
        period="Budget Year Name",
        fiscal=True,
        year_start=7,
        breakdowns=("Department",),
        measures=(
            MeasureMap("EXPENSE", value="AMT", unit="USD", where={"Account Type": "Expense"}),
            MeasureMap("REVENUE", value="AMT", unit="USD", where={"Account Type": "Revenue"}),
        ),
    )
    source = read(shared / "oakland-budget-2016-17.xlsx")
    assert apply(source, recipe).rows_read == known["rows"]
    bring_in(city, shared / "oakland-budget-2016-17.xlsx", recipe)
    assert values(measure(city, "EXPENSE")) == {"2016-07": known["by_account_type"]["Expense"]}
    assert values(measure(city, "REVENUE")) == {"2016-07": known["by_account_type"]["Revenue"]}
    with city.read() as asked:
        parts = {p.category: p.values[0] for p in broken_down(asked, definition(asked, "EXPENSE"), "Department")}
    assert {k: v for k, v in parts.items() if v} == {k: v for k, v in known["expense_by_department"].items() if v}


def test_records_of_requests_are_counted(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["chicago-sanitation-complaints.csv"]["measures"]
    opened = Recipe(
        period="Creation Date",
        frequency="month",
        breakdowns=("Ward",),
        measures=(MeasureMap("OPENED", aggregation="count"),),
    )
    days = MeasureMap("DAYS", value="Completion Date - Creation Date", aggregation="median", unit="days")
    completed = MeasureMap("COMPLETED", aggregation="count")
    path = shared / "chicago-sanitation-complaints.csv"
    bring_in(city, path, opened)
    bring_in(city, path, replace(opened, breakdowns=(), measures=(days,)))
    bring_in(city, path, replace(opened, period="Completion Date", breakdowns=(), measures=(completed,)))
    assert values(measure(city, "OPENED")) == known["requests opened"]["by_period"]
    assert values(measure(city, "COMPLETED")) == known["requests completed"]["by_period"]
    assert values(measure(city, "DAYS")) == known["median days to complete"]["by_period"]
    with city.read() as asked:
        wards = {p.category: p for p in broken_down(asked, definition(asked, "OPENED"), "Ward")}
    ward = expected["chicago-sanitation-complaints.csv"]["by_breakdown"]["ward 25, requests opened"]
    assert {k: v for k, v in values(wards["25"]).items() if v} == {k: v for k, v in ward.items() if v}
