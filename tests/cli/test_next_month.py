"""Next month's file goes in with one command, by its name alone: the recipe was learned from the first one. On generated files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from test_commands import Out
from test_import import KEYS, Office, same

Write = Callable[[Path, list[list[Any]]], None]


def text(mark: str = ",", encoding: str = "utf-8") -> Write:
    def write(path: Path, rows: list[list[Any]]) -> None:
        path.write_text("".join(mark.join(map(str, row)) + "\r\n" for row in rows), encoding=encoding, newline="")

    return write


def workbook(path: Path, rows: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Return")
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)
    book.close()


def old_workbook(path: Path, rows: list[list[Any]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Return")
    for n, row in enumerate(rows):
        for i, cell in enumerate(row):
            sheet.write(n, i, cell)
    book.save(str(path))


def long(months: int) -> list[list[Any]]:
    rows = [[f"2025-{m:02d}", ward, 10 * m, m] for m in range(1, months + 1) for ward in ("North", "South")]
    return [["Month", "Ward", "Calls", "Late"], *rows]


def wide(months: int) -> list[list[Any]]:
    return [["Measure", *(f"2025-{m:02d}" for m in range(1, months + 1))],
            *([name, *(start + m for m in range(months))] for name, start in (("Calls answered", 700), ("Fires", 30)))]  # fmt: skip


def german(months: int) -> list[list[Any]]:
    names = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    return [["Monat", "Betrag"], *([f"{names[m]} 2025", f"1.{m:03d},50"] for m in range(months))]


def years_down(months: int) -> list[list[Any]]:
    names = "January February March April May June July August September October November December".split()
    return [["Year", *names], *([year, *range(year, year + 12)] for year in range(2018, 2018 + months))]


def records(months: int) -> list[list[Any]]:
    return [
        ["Opened", "Closed", "Kind"],
        *([f"{m}/{d}/2025", f"{m}/{d + 3}/2025", "ABC"[d % 3]] for m in range(1, months + 1) for d in range(1, 25)),
    ]


SHARE = {"name": "Calls", "period": "Month", "breakdowns": ["Ward"], "measures": [
    {"code": "CALLS", "value": "Calls"}, {"code": "INTIME", "numerator": "Calls - Late", "denominator": "Calls", "unit": "percent"}]}  # fmt: skip
MONEY = {
    "name": "Haushalt",
    "period": "Monat",
    "decimal": ",",
    "measures": [{"code": "B", "value": "Betrag", "unit": "EUR"}],
}
DAYS = {"name": "Requests", "period": "Opened", "frequency": "month", "measures": [
    {"code": "OPENED", "aggregation": "count"}, {"code": "DAYS", "value": "Closed - Opened", "aggregation": "median", "unit": "days"}]}  # fmt: skip
CROSSED = {"name": "Jobless", "layout": "crossed", "period": "Year", "measures": [{"code": "U", "name": "Unemployed"}]}
FILES = [
    ("calls-2025-{:02d}.csv", text(), long, SHARE, 4), ("calls-2025-{:02d}.csv", text(";", "utf-16"), long, SHARE, 4),
    ("return-2025-{:02d}.xlsx", workbook, wide, None, 2), ("return-2025-{:02d}.xls", old_workbook, wide, None, 2),
    ("haushalt-2025-{:02d}.csv", text(";", "cp1252"), german, MONEY, 1), ("requests-2025-{:02d}.txt", text("\t"), records, DAYS, 2),
    ("jobless-20{:02d}.xlsx", workbook, years_down, CROSSED, 12),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "write", "rows", "how", "new"), FILES, ids=[f"{n}, {r.__name__}" for n, _, r, *_ in FILES]
)
def test_next_month_needs_one_command(
    name: str, write: Write, rows: Callable[[int], list[list[Any]]], how: dict[str, Any] | None, new: int, tmp_path: Path, capsys: Out
) -> None:  # fmt: skip
    office = Office(tmp_path, capsys)
    first, second = (tmp_path / name.format(n) for n in (6, 7))
    write(first, rows(6))
    begun = same(office, first, *(["--map", office.map(how)] if how else []))
    assert (begun["observations_new"], begun["errors"]) == (6 * new, [])
    write(second, rows(7))
    found = same(office, second)
    assert [found[k] for k in KEYS[1:4]] == [new, 0, 6 * new]
    assert found["errors"] == []
