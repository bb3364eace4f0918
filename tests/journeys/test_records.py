"""From a file of records to the number, and from the number back to its records: the analyst's way, with keys and mouse."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.views import jobs
from citystat.views.measures.page import MeasurePage
from citystat.views.records.bring_in import RecordsImportPage
from citystat.views.records.page import RecordsPage
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow
from tests.views.records.conftest import write_requests


def drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(QPointF(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    jobs.wait()


def test_from_file_to_number_to_records(qtbot: QtBot, city: City, tmp_path: Path) -> None:
    requests = write_requests(tmp_path / "requests-2024.csv")
    remembered = Remembered(tmp_path / "window.json")
    dress(remembered)
    window = MainWindow(remembered)
    qtbot.addWidget(window, before_close_func=lambda w: (jobs.wait(), w.release()))
    window.show_open(city)
    window.show()

    # the file is dropped; each row is a record, and five measures are proposed, as they will be
    drop(window, requests)
    page = window.page
    assert isinstance(page, RecordsImportPage) and page.sentence.text() == "2,000 records become 5 measures"

    # the standard is ten days, not five: Enter on the measure, another number, Enter
    page.file.made.table.setFocus()
    page.file.made.table.selectRow(3)
    QTest.keyClick(page.file.made.table, Qt.Key.Key_Return)
    dialog = page.file.measures.dialog
    dialog.within.setValue(10)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    jobs.wait()
    window.activateWindow()
    share = page.file.made.table.model_.rows[3]
    assert share.sentence.endswith("within 10 days")

    # they come in; the measure is opened from there
    QTest.mouseClick(page.go_in, Qt.MouseButton.LeftButton)
    jobs.wait()
    assert page.sentence.text().endswith("values are in")
    window.go(f"measure:{share.code}")
    assert isinstance(window.page, MeasurePage)

    # March on the chart, then its records
    chart = window.page.chart
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(chart, key)
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    jobs.wait()
    behind = window.page
    assert isinstance(behind, RecordsPage) and "behind Mar 2024" in behind.sentence.text()

    # those that took twenty days, as CSV for whoever has to answer for them
    behind.search.setText("Dumping")
    behind.ask()
    jobs.wait()
    behind.table.sortByColumn(len(behind.columns) - 1, Qt.SortOrder.DescendingOrder)
    jobs.wait()
    behind.save_to(tmp_path / "late.csv")
    jobs.wait()
    with (tmp_path / "late.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["days from opened to closed"] == "20" and {r["Kind"] for r in rows} == {"Dumping"}

    # back to the chart; the import is taken back, and its records with it
    QTest.keyClick(behind.table, Qt.Key.Key_Escape)
    assert isinstance(window.page, MeasurePage)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.go("measures")
    assert share.code not in {s.measure.code for s in window.page._rows}
