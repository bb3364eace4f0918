"""The first reading of a file that nobody has described: sensible, without errors, and open to correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bringing import workbook

from citystat import periods
from citystat.collect.apply import apply
from citystat.collect.guess import guess, name_for
from citystat.collect.readers import read
from citystat.collect.recipe import Recipe

FILES = {
    "nhs-ae-attendances.csv": ("long", "period", "month", ("org_code", "type"), 3),
    "mta-daily-ridership.csv": ("long", "Date", "day", (), 14),
    "oakland-budget-2022-23.csv": ("long", "budget_year", "year", ("department", "account_type", "account_category"), 1),
    "oakland-budget-2016-17.xlsx": ("long", "Budget Year Name", "year", ("Account Type", "Department", "Categ"), 1),
    "chicago-sanitation-complaints.csv": (
        "long", "Creation Date", "month", ("Status", "What is the Nature of this Code Violation?", "Police District"), 1,
    ),
    "cologne-district-budget.csv": ("wide", "", "", ("PB_BEZ", "PG_BEZ", "Bezeichnung"), 9),
    "cologne-unemployment.xls": ("crossed", "", "", (), 3),
    "department-return.xlsx": ("wide", "", "", (), 6),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_real_files_are_understood_at_first_sight(shared: Path, name: str) -> None:
    layout, time, frequency, breakdowns, measures = FILES[name]
    source = read(shared / name)
    found = guess(source)
    assert (found.layout, found.period, found.frequency, found.breakdowns) == (layout, time, frequency, breakdowns)
    if name != "cologne-district-budget.csv":
        assert len(found.measures) == measures
    batch = apply(source, found)
    assert batch.errors == []
    assert batch.value_count > 0


def guessed(path: Path, text: str) -> Recipe:
    path.write_text(text, encoding="utf-8")
    return guess(read(path))


def test_money_per_cent_and_decimals_are_seen(tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "f.csv", 'Month,District,Cost,On time,Trips\nJan 2021,N,"$1,200.50",91.5%,7\nFeb 2021,S,"$1,300.00",88%,9\n'
    )  # fmt: skip
    assert [(m.name, m.unit, m.aggregation, m.decimals) for m in found.measures] == [
        ("Cost", "USD", "sum", 2), ("On time", "percent", "mean", 1), ("Trips", "count", "sum", 0),
    ]  # fmt: skip
    assert (found.period, found.breakdowns) == ("Month", ("District",))


def test_german_figures_and_days_before_months(tmp_path: Path) -> None:
    found = guessed(tmp_path / "f.csv", "Datum;Wert\n31.01.2021;1.234,5\n28.02.2021;2.000,0\n")
    assert (found.decimal, found.day_first, found.period) == (",", True, "Datum")


def test_records_without_figures_are_counted_by_month(tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "requests.csv",
        "Opened,Kind,Request ID\n"
        + "".join(f"1/{d}/2021,Pothole,{d + 100}\n1/{d}/2021,Graffiti,{d + 500}\n" for d in range(1, 29)),
    )
    assert [(m.value, m.aggregation) for m in found.measures] == [("", "count")]
    assert (found.frequency, found.breakdowns) == ("month", ("Kind",))


def test_two_rows_of_one_name_keep_different_codes(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        {"S": [["Measure", 2019, 2020, 2021], ["Total rides!", 1, 2, 3], ["Total rides?", 4, 5, 6]]},
    )
    assert [m.code for m in guess(read(path)).measures] == ["TR-01", "TR-02"]


def test_a_guess_is_corrected_by_replacing_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    found = guessed(path, "date,ward,n\n1/5/2021,A,1\n1/6/2021,B,2\n")
    batch = apply(read(path), replace(found, frequency="month", breakdowns=()))
    assert batch.value_count == 1


def test_a_fiscal_year_begins_where_the_file_says_whatever_the_city_has(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("Fiscal years (July to June)\nYear,Permits\nFY2021,7\nFY2022,9\nFY2023,8\n")
    found = guess(read(tmp_path / "f.csv"), year_start=1)
    assert (found.fiscal, found.year_start, found.header) == (True, 7, (2,))
    assert periods.label(date(2021, 7, 1), "year", 1) == "FY22"  # and is called so in a city of calendar years
    assert periods.label(date(2021, 1, 1), "year", 7) == "2021"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("transit-2026-01.csv", "transit"), ("KPI Jan 2026.xlsx", "KPI"), ("returns_20260131.csv", "returns"), ("budget 2022-23.csv", "budget"),
        ("2026-01.csv", "2026-01"), ("form 12.csv", "form 12"), ("Requests", "Requests"), ("data.gov.csv", "data.gov"),
    ],
)  # fmt: skip
def test_a_recipe_is_not_called_by_the_date_of_its_first_file(file: str, name: str) -> None:
    assert name_for(file) == name


@pytest.mark.parametrize("title", ["Days to fill", "Average wait", "Median age", "Hours until repaired", "Promedio de espera"])  # fmt: skip
def test_figures_that_do_not_add_up_are_averaged_over_the_parts(tmp_path: Path, title: str) -> None:
    found = guessed(tmp_path / "f.csv", f"Month,Ward,{title},Days lost\nJan 2021,N,4.1,7\nJan 2021,S,4.3,9\n")
    assert [(m.name, m.aggregation) for m in found.measures] == [(title, "mean"), ("Days lost", "sum")]
