"""Real files through the window, corrected as a person would: the sums are those of expected.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat import periods
from citystat.city import City
from citystat.collect import reading
from citystat.measures.series import definition, series
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.collect.measure_dialog import MeasureMapDialog
from citystat.views.shell.window import MainWindow


@pytest.fixture
def expected(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "expected.json").read_text(encoding="utf-8")))


def values(city: City, code: str) -> dict[str, float]:
    with city.read() as read:
        found = series(read, definition(read, code))
    keys = [periods.key(p, found.measure.frequency) for p in found.periods]
    return {k: float(v) for k, v, s in zip(keys, found.values, found.status, strict=True) if s}


def opened(window: MainWindow, path: Path) -> ImportPage:
    window.go(f"import:{path}")
    jobs.wait()
    return window.page


def fill(qtbot: QtBot, dialog: MeasureMapDialog, name: str, code: str, *, unit: str = "", only: str = "", **columns: str) -> None:  # fmt: skip
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, name)
    dialog.code.setCurrentText(code)
    for part, words in columns.items():
        dialog.columns[part].setCurrentText(words)
    if unit:
        dialog.unit.setCurrentText(unit)
    if only:
        dialog.only.setCurrentIndex(dialog.only.findText(only))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    jobs.wait()


def test_a_share_of_emergency_departments_is_added_by_hand(qtbot: QtBot, window: MainWindow, city: City, shared: Path, expected: dict[str, Any]) -> None:  # fmt: skip
    page = opened(window, shared / "nhs-ae-attendances.csv")
    page.file.becomes.add()
    fill(qtbot, page.file.becomes.dialog, "Seen within four hours", "4H", unit="percent", numerator="attendances - breaches", denominator="attendances")  # fmt: skip
    page.bring_in()
    jobs.wait()
    known = expected["nhs-ae-attendances.csv"]["measures"]
    assert values(city, "ATTN-01") == known["attendances"]["by_period"]
    assert values(city, "4H") == pytest.approx(known["share seen within four hours"]["by_period"], rel=1e-6)


def test_expense_and_revenue_are_made_of_one_column(qtbot: QtBot, window: MainWindow, city: City, shared: Path, expected: dict[str, Any]) -> None:  # fmt: skip
    page = opened(window, shared / "oakland-budget-2022-23.csv")
    becomes = page.file.becomes
    becomes.edit(page.recipe.measures[0])
    fill(qtbot, becomes.dialog, "Expense", "EXP", unit="USD", only="account_type: Expense")
    becomes.add()
    fill(qtbot, becomes.dialog, "Revenue", "REV", unit="USD", only="account_type: Revenue", value="amount")
    page.bring_in()
    jobs.wait()
    known = expected["oakland-budget-2022-23.csv"]["by_account_type"]
    assert values(city, "EXP") == {"2022-07": known["Expense"]}
    assert values(city, "REV") == {"2022-07": known["Revenue"]}


def test_days_become_months_by_one_choice(window: MainWindow, city: City, shared: Path, expected: dict[str, Any]) -> None:  # fmt: skip
    page = opened(window, shared / "mta-daily-ridership.csv")
    page.file.how._open("frequency")
    next(a for a in page.file.how.menu.actions() if a.text() == "month").trigger()
    jobs.wait()
    page.bring_in()
    jobs.wait()
    name = "Subways: Total Estimated Ridership"
    assert values(city, reading.code_for(name)) == expected["mta-daily-ridership.csv"]["measures"][name]["by_period"]


@pytest.mark.parametrize(
    ("file", "code", "where"),
    [
        ("department-return.xlsx", "BRAW-01", ("measures", "Bus rides (avg weekday)")),
        ("cologne-unemployment.xls", "INSG-01", ("unemployed",)),
    ],
)
def test_these_come_in_as_guessed(window: MainWindow, city: City, shared: Path, expected: dict[str, Any], file: str, code: str, where: tuple[str, ...]) -> None:  # fmt: skip
    page = opened(window, shared / file)
    page.bring_in()
    jobs.wait()
    known = expected[file]
    for name in where:
        known = known[name]
    assert values(city, code) == known
