"""A workbook with a sheet a month in the window: what says the period is shown, and can be said otherwise."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from citystat.views import jobs
from citystat.views.shell.window import MainWindow


def test_a_sheet_a_month_is_understood_and_its_dates_can_be_said_otherwise(window: MainWindow, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for month in ("Jan 2026", "Feb 2026"):
        sheet = book.create_sheet(month)
        for row in (["Division", "Potholes filled"], ["North", 5], ["South", 7]):
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "potholes.xlsx")
    window.go(f"import:{tmp_path / 'potholes.xlsx'}")
    jobs.wait()
    page = window.page
    line = page.file.how.lines["period"]
    assert (page.sentence.text(), line.toolTip()) == ("1 measure, 4 values", "the sheet's name")
    page.file.how._open("period")
    choices = {a.text(): a for a in page.file.how.menu.actions()}
    assert choices["the sheet's name"].isChecked()
    choices["the lines above the table"].trigger()
    jobs.wait()
    assert page.sentence.text() == "The file is not understood yet"
    assert "What stands above the table says no month" in page._head.why.text()


def test_a_sheet_that_is_no_month_is_shown_as_left_out_and_another_can_be(window: MainWindow, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for month in ("Jan 2026", "Feb 2026", "Summary"):
        sheet = book.create_sheet(month)
        for row in (["Division", "Potholes filled"], ["North", 5], ["South", 7]):
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "potholes.xlsx")
    window.go(f"import:{tmp_path / 'potholes.xlsx'}")
    jobs.wait()
    page = window.page
    assert "sheets Jan 2026, Feb 2026 of 3" in page.under.text()
    page.file.toggle_sheet()
    jobs.wait()
    assert page.sentence.text() == "1 measure, 2 values"
    page.file.toggle_sheet()
    jobs.wait()
    assert page.sentence.text() == "1 measure, 4 values"
