"""The whole main job with keys and mouse: a department's workbook comes in on Monday, minutes go out in Word on Friday.

Controls are found by what they say, as a person finds them.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from citystat import periods
from citystat.city import City
from citystat.meetings.actions import actions
from citystat.meetings.agenda import agenda
from citystat.meetings.approve import approval
from citystat.meetings.meeting import meeting, meetings
from citystat.sample.workbook import transit_return
from citystat.views import jobs
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow

Key, Alt, Ctrl = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
W = TypeVar("W", bound=QWidget)


class Person:
    """Somebody at the window: looks for words, clicks, types."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def click(self, words: str) -> None:
        """The button that begins with `words`."""
        buttons = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
        found = [b for b in buttons if b.text().replace("&", "").startswith(words)]
        assert found, f"no button says “{words}”; there are {sorted({b.text() for b in buttons})}"
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
        settle()

    def find(self, kind: type[W], name: str) -> W:
        """The control with this accessible name."""
        found = [w for w in self.window.findChildren(kind) if w.isVisible() and w.accessibleName() == name]
        assert found, f"nothing is called “{name}”"
        return found[0]

    def go_to(self, words: str) -> None:
        """Ctrl+K, words, Enter."""
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        QTest.keyClick(self.window, Key.Key_K, Ctrl)
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        QTest.keyClicks(dialog.findChild(QLineEdit), words)
        QTest.keyClick(dialog, Key.Key_Return)
        settle()

    def press(self, *keys: Qt.Key) -> None:
        """Keys, in the page."""
        for key in keys:
            QTest.keyClick(self.window.page, key)
            settle()

    def write_down(self, line: str) -> None:
        """/ the line Enter."""
        self.press(Key.Key_Slash)
        field = self.find(QPlainTextEdit, "Capture line")
        QTest.keyClicks(field, line)
        QTest.keyClick(field, Key.Key_Return)
        settle()
        assert field.text() == "", "an emptied line says that it is on disk"
        QTest.keyClick(field, Key.Key_Escape)
        self.window.page.setFocus()


def settle() -> None:
    jobs.wait()
    for _ in range(4):
        QApplication.processEvents()


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Person:
    from citystat.sample.riverton import make

    path = tmp_path / "Riverton.citystat"
    make(path).close()  # as it stands on the real day: pages ask for today themselves
    remembered = Remembered(tmp_path / "window.json")
    dress(remembered)
    window = MainWindow(remembered)
    qtbot.addWidget(window)
    window.show()
    assert window.open_city(path)
    settle()
    return Person(window)


def planned(city: City) -> int:
    with city.read() as read:
        return next(m.id for m in meetings(read) if m.status == "planned")


def test_from_the_spreadsheet_to_the_minutes(person: Person, tmp_path: Path) -> None:
    window, today = person.window, date.today()
    city = window.city
    assert city is not None
    held = planned(city)
    workbook = transit_return(tmp_path / "transit.xlsx", periods.add_months(today.replace(day=1), -1))

    # Monday: the department's workbook comes in, and its trend is seen
    window.go(f"import:{workbook}")
    settle()
    person.click("Bring in ")
    person.go_to("BRAW")
    with city.read() as read:
        from citystat.measures.standing import standing

        assert standing(read, "BRAW-01").signal == "neither"  # nobody has said yet which way is better

    # Tuesday: it goes on the agenda, and is moved up
    person.click("Put on agenda")
    with city.read() as read:
        assert "BRAW-01" in {c.code for i in agenda(read, held) for c in i.measures}
    person.go_to("PublicSafetyStat meeting")
    person.click("Start meeting")
    for asked in window.page.findChildren(QMessageBox):  # planned for another day: held today
        asked.defaultButton().click()

    # Thursday: the meeting; an item, its chart looked at another way, and what is said
    with city.read() as read:
        assert meeting(read, held).status == "running"
    person.press(Key.Key_Space, Key.Key_Space)
    assert window.page.audience.wall.chart.code == "EC-01"
    person.press(Key.Key_Z, Key.Key_B)
    assert window.page.audience.wall.blank
    person.press(Key.Key_B)
    person.write_down("question what keeps Sundays down? @lc")
    person.write_down("decision the night plan stays")
    person.write_down("action compare Sunday rosters @dw ^in 3 weeks =memo")
    person.press(Key.Key_Space)
    person.write_down("action move one ambulance @rh ^in 2 weeks =launch")
    with city.read() as read:
        promised = actions(read, today, meeting=held)
    assert {(a.text, a.owner, a.form, a.due) for a in promised} == {
        ("compare Sunday rosters", "Dana Whitfield", "memo", today + timedelta(weeks=3)),
        ("move one ambulance", "Raymond Hall", "launch", today + timedelta(weeks=2)),
    }
    read_back(person, city, held)

    # Friday: adjourned, reviewed, approved, and out in Word
    window.page.adjourn()
    settle()
    if QApplication.activeModalWidget() is not None:
        QTest.keyClick(QApplication.activeModalWidget(), Key.Key_Return)
        settle()
    with city.read() as read:
        assert meeting(read, held).status == "adjourned"
    window.go(f"meeting:{held}")
    window.page.approve("Elena Reyes")
    settle()
    with city.read() as read:
        assert approval(read, held) is not None
    for which in ("minutes", "followup"):
        window.page.write_document(which, tmp_path / f"{which}.docx")
        settle()
    said = words_of(tmp_path / "minutes.docx")
    for words in ("Compare Sunday rosters", "Dana Whitfield", "The night plan stays", "What keeps Sundays down?"):
        assert words in said
    assert "Move one ambulance" in words_of(tmp_path / "followup.docx")


def read_back(person: Person, city: City, held: int) -> None:
    """Every promise aloud, the second one ranked first by Alt and the arrow."""
    with city.read() as read:
        left = len(agenda(read, held))
    person.press(*[Key.Key_Space] * left)
    view = person.find(QAbstractItemView, "Promises to read back")
    view.setCurrentIndex(view.model().index(1, 0))
    QTest.keyClick(person.window.page, Key.Key_Up, Alt)
    view.setCurrentIndex(view.model().index(0, 0))
    settle()
    person.window.page.setFocus()
    person.press(Key.Key_R, Key.Key_R)
    with city.read() as read:
        found = {a.text: (a.rank, a.read_back) for a in actions(read, date.today(), meeting=held)}
    assert found == {"move one ambulance": (1, True), "compare Sunday rosters": (2, True)}


def words_of(path: Path) -> str:
    """Paragraphs and table cells of a Word file."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])
