"""Real files through the command line, with maps: `citystat measure --json` agrees with what was counted independently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citystat.cli import main

NHS = {
    "name": "Emergency departments", "layout": "long", "period": "period", "frequency": "month",
    "breakdowns": ["org_code", "type"],
    "measures": [
        {"code": "ATT", "name": "Attendances", "value": "attendances"},
        {"code": "BREACHES", "name": "Breaches", "value": "breaches"},
        {"code": "4H", "name": "Seen within four hours", "unit": "percent", "direction": "higher",
         "numerator": "attendances - breaches", "denominator": "attendances"},
    ],
}  # fmt: skip
MTA = {
    "name": "Ridership", "layout": "long", "period": "Date", "frequency": "month",
    "measures": [
        {"code": "RIDES", "value": "Subways: Total Estimated Ridership"},
        {"code": "SHARE", "value": "Subways: % of Comparable Pre-Pandemic Day", "aggregation": "mean", "unit": "percent"},
    ],
}  # fmt: skip
OAKLAND_2022 = {
    "name": "Budget", "layout": "long", "period": "budget_year", "fiscal": True, "year_start": 7, "breakdowns": ["department"],
    "measures": [
        {"code": "EXPENSE", "value": "amount", "unit": "USD", "where": {"account_type": "Expense"}},
        {"code": "REVENUE", "value": "amount", "unit": "USD", "where": {"account_type": "Revenue"}},
    ],
}  # fmt: skip
OAKLAND_2016 = {
    "name": "Budget 2016", "layout": "long", "period": "Budget Year Name", "fiscal": True, "year_start": 7,
    "breakdowns": ["Department"],
    "measures": [
        {"code": "EXPENSE", "value": "AMT", "unit": "USD", "where": {"Account Type": "Expense"}},
        {"code": "REVENUE", "value": "AMT", "unit": "USD", "where": {"Account Type": "Revenue"}},
    ],
}  # fmt: skip
COLOGNE = {
    "name": "Haushalt", "layout": "wide", "decimal": ",", "breakdowns": ["Bezeichnung", "PG_BEZ"],
    "where": {"Teilplanzeile": "17 = ordentliche Aufwendungen"},
    "measures": [{"code": "EXPENSE", "unit": "EUR", "where": {"Teilplanzeile": "17 = ordentliche Aufwendungen"}}],
}  # fmt: skip


class Office:
    """A city, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys
        self.city = folder / "Real.citystat"
        self.run("new", self.city)

    def run(self, *words: object) -> dict[str, Any]:
        assert main([*map(str, words), "--json"]) == 0
        said = self._capsys.readouterr()
        assert said.err == ""
        return dict(json.loads(said.out))

    def bring_in(self, file: Path, how: dict[str, Any] | None) -> dict[str, Any]:
        words: list[object] = ["import", file, "--city", self.city]
        if how is not None:
            (self._folder / "map.json").write_text(json.dumps(how), encoding="utf-8")
            words += ["--map", self._folder / "map.json"]
        return self.run(*words)

    def values(self, code: str, by: str = "", category: str = "") -> dict[str, float]:
        found = self.run("measure", code, "--city", self.city, *(["--by", by] if by else []))
        points = found["breakdowns"][category] if by else found["series"]
        return {p["period"]: p["value"] for p in points}


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


@pytest.fixture
def expected(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "expected.json").read_text(encoding="utf-8")))


def test_emergency_departments(office: Office, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["nhs-ae-attendances.csv"]
    assert office.bring_in(shared / "nhs-ae-attendances.csv", NHS)["rows_read"] == known["rows"]
    for code, name in (("ATT", "attendances"), ("BREACHES", "breaches")):
        assert office.values(code) == known["measures"][name]["by_period"]
    share = known["measures"]["share seen within four hours"]["by_period"]
    assert office.values("4H") == pytest.approx(share, rel=1e-6)
    one = known["by_breakdown"]["organisation (org_code) RJ1, attendances"]
    assert office.values("ATT", "org_code", "RJ1") == one
    assert sum(office.values("ATT", "type", "1").values()) == known["by_breakdown"]["type 1, sum of attendances"]


def test_daily_ridership_by_month(office: Office, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["mta-daily-ridership.csv"]["measures"]
    office.bring_in(shared / "mta-daily-ridership.csv", MTA)
    assert office.values("RIDES") == known["Subways: Total Estimated Ridership"]["by_period"]
    share = known["Subways: % of Comparable Pre-Pandemic Day"]["by_period"]
    assert office.values("SHARE") == pytest.approx(share, rel=1e-6)


def test_a_department_return_needs_no_map(office: Office, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["department-return.xlsx"]
    assert office.bring_in(shared / "department-return.xlsx", None)["observations_new"] == known["observations"]
    codes = {m["name"]: m["code"] for m in office.run("measures", "--city", office.city)["measures"]}
    for name, by_period in known["measures"].items():
        assert office.values(codes[name]) == pytest.approx(by_period, rel=1e-6), name


def test_an_old_workbook_of_a_statistics_office(office: Office, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["cologne-unemployment.xls"]
    office.bring_in(shared / "cologne-unemployment.xls", None)
    assert office.values("INSG-01") == known["unemployed"]
    assert office.values("WBLC-01") == known["women"]


def test_a_german_budget(office: Office, shared: Path, expected: dict[str, Any]) -> None:
    known = expected["cologne-district-budget.csv"]
    office.bring_in(shared / "cologne-district-budget.csv", COLOGNE)
    years = known["sum of line 17 (ordentliche Aufwendungen) by year"]
    assert office.values("EXPENSE") == {f"{title.split()[1]}-01": value for title, value in years.items()}
    inner = known["line 17 in Innenstadt by year"]
    assert office.values("EXPENSE", "Bezeichnung", "Innenstadt") == {f"{t.split()[1]}-01": v for t, v in inner.items()}


@pytest.mark.parametrize(
    ("file", "how", "year"),
    [("oakland-budget-2022-23.csv", OAKLAND_2022, "2022-07"), ("oakland-budget-2016-17.xlsx", OAKLAND_2016, "2016-07")],
)
def test_budget_lines(
    office: Office, shared: Path, expected: dict[str, Any], file: str, how: dict[str, Any], year: str
) -> None:
    known = expected[file]["by_account_type"]
    office.bring_in(shared / file, how)
    assert office.values("EXPENSE") == pytest.approx({year: known["Expense"]}, rel=1e-12)
    assert office.values("REVENUE") == pytest.approx({year: known["Revenue"]}, rel=1e-12)
