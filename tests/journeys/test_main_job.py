"""The analyst's day in the window, with keys and mouse: a file comes in, a meeting is held, minutes go out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.actions import actions
from citystat.meetings.meeting import meeting, meetings
from citystat.views import jobs
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, sample_city: City, tmp_path: Path) -> MainWindow:
    sample_city.close()
    remembered = Remembered(tmp_path / "window.json")
    dress(remembered)
    made = MainWindow(remembered)
    qtbot.addWidget(made)
    made.show()
    assert made.open_city(sample_city.path)
    return made


def write_return(path: Path) -> Path:
    """A department's file: two measures, twelve months."""
    rows = [f"2025-{m:02d},{100 + m},{0.5 + m / 100}" for m in range(1, 13)]
    path.write_text("Month,Bus trips,Share on time %\n" + "\n".join(rows), encoding="utf-8")
    return path


def test_a_spreadsheet_comes_in_and_can_be_taken_back(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.go("import")
    window.page.open(write_return(tmp_path / "streetcar.csv"))
    jobs.wait()
    assert window.page.sentence.text() == "2 measures, 24 values"
    qtbot.mouseClick(window.page.go_in, Qt.MouseButton.LeftButton)
    jobs.wait()
    assert window.page.sentence.text() == "24 values are in"
    window.go("measure:BT-01")
    assert window.page.chart.chart.lines[0].last == "112"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.go("measures")
    assert "BT-01" not in {s.measure.code for s in window.page._rows if s.last is not None}


def test_a_meeting_is_held_by_keyboard_and_ends_in_word(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    city = window.city
    with city.read() as read:
        planned = next(m for m in meetings(read) if m.status == "planned")
    window.go(f"console:{planned.id}")
    console = window.page
    asked = console.findChild(QMessageBox)
    if asked is not None:  # the sample's next meeting is seldom planned for the day on which the tests run
        next(b for b in asked.buttons() if b.text() == "Hold it today").click()
    qtbot.keyClick(console, Qt.Key.Key_Space)
    qtbot.keyClick(console, Qt.Key.Key_Space)
    assert console.audience.wall.chart.code == "EC-01"
    qtbot.keyClick(console, Qt.Key.Key_B)
    assert console.audience.wall.blank
    qtbot.keyClick(console, Qt.Key.Key_B)
    qtbot.keyClick(console, Qt.Key.Key_Z)
    assert len(console.audience.wall.chart.periods) == 12
    qtbot.keyClick(console, Qt.Key.Key_Slash)
    qtbot.keyClicks(console.capture.line, "action compare Sunday rosters @dw ^in 3 weeks =memo")
    qtbot.keyClick(console.capture.line, Qt.Key.Key_Return)
    assert console.capture.line.text() == ""
    with city.read() as read:
        promised = actions(read, date.today(), meeting=planned.id)
    assert [(a.text, a.owner, a.form, a.measure_code) for a in promised] == [
        ("compare Sunday rosters", "Dana Whitfield", "memo", "EC-01")
    ]
    assert promised[0].due == date.today() + timedelta(weeks=3)
    console.adjourn()
    with city.read() as read:
        assert meeting(read, planned.id).status == "adjourned"
    window.page.write_document("minutes", tmp_path / "minutes.docx")
    window.page.write_document("followup", tmp_path / "followup.docx")
    jobs.wait()
    assert (tmp_path / "minutes.docx").stat().st_size > 20_000
    assert (tmp_path / "followup.docx").exists()
    window.page.approve("Elena Reyes")
    with city.read() as read:
        assert meeting(read, planned.id).status == "approved"


@pytest.mark.parametrize(
    "address", ["today", "goals", "measures", "measure:EC-01", "data", "import", "meetings", "actions"]
)
def test_every_page_names_its_controls(window: MainWindow, address: str) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit

    window.go(address)
    jobs.wait()
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit)
    nameless = [
        w for kind in kinds for w in window.page.findChildren(kind)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus and w.isVisible()
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]  # fmt: skip
    assert nameless == []
