"""Real files of cities, whole: what comes in equals what was counted independently (expected.json)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from citystat import periods
from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import Imported, store
from citystat.measures.series import Series, broken_down, definition, series

NOW = datetime(2026, 3, 10, 9, 0)


@pytest.fixture
def expected(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "expected.json").read_text(encoding="utf-8")))


def bring_in(city: City, path: Path, recipe: Recipe | None = None) -> Imported:
    source = read(path)
    recipe = recipe or guess(source, year_start=7)
    return store(city, source, recipe, apply(source, recipe), now=NOW)


def values(found: Series) -> dict[str, float]:
    keys = [periods.key(p, found.measure.frequency) for p in found.periods]
    return {k: float(v) for k, v, s in zip(keys, found.values, found.status, strict=True) if s}


def measure(city: City, code: str) -> Series:
    with city.read() as asked:
        return series(asked, definition(asked, code))


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


def test_daily_ridership_becomes_months(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["mta-daily-ridership.csv"]["measures"]
    total, share = "Subways: Total Estimated Ridership", "Subways: % of Comparable Pre-Pandemic Day"
    recipe = Recipe(
        period="Date",
        frequency="month",
        measures=(
            MeasureMap("RIDES", value=total),
            MeasureMap("SHARE", value=share, aggregation="mean", unit="percent"),
        ),
    )
    bring_in(city, shared / "mta-daily-ridership.csv", recipe)
    assert values(measure(city, "RIDES")) == known[total]["by_period"]
    assert values(measure(city, "SHARE")) == pytest.approx(known[share]["by_period"], rel=1e-6)


def test_department_return_is_understood_as_it_was_sent(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["department-return.xlsx"]
    done = bring_in(city, shared / "department-return.xlsx")
    assert done.added == known["observations"]
    with city.read() as asked:
        from citystat.measures.series import definitions

        found = {m.name: series(asked, m) for m in definitions(asked)}
    for name, by_period in known["measures"].items():
        assert values(found[name]) == pytest.approx(by_period, rel=1e-6), name


def test_unemployment_of_a_statistics_office(city: City, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["cologne-unemployment.xls"]
    bring_in(city, shared / "cologne-unemployment.xls")
    assert values(measure(city, "INSGESAMT")) == known["unemployed"]
    assert values(measure(city, "WEIBLICH")) == known["women"]


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
