"""The keyboard in the window: Enter presses what has it, and it stays in the page whatever happens there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from citystat.goals import tree as goals
from citystat.meetings.meeting import meetings
from citystat.views import jobs
from citystat.views.collect import bring_in
from citystat.views.people.page import PersonDialog
from citystat.views.shell.window import MainWindow

ENTER = Qt.Key.Key_Return


def named(place: QWidget, words: str) -> QPushButton:
    return next(b for b in place.findChildren(QPushButton) if b.text() == words and not b.isHidden())


def has_keyboard(window: MainWindow) -> bool:
    at = window.focusWidget()
    return at is window.page or window.page.isAncestorOf(at)


def names(window: MainWindow) -> list[str]:
    with window.city.read() as read:
        return [g.name for p in goals.tree(read) for g in p.goals]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_button_as_space_does(window: MainWindow, key: Qt.Key) -> None:
    window.go("people")
    QTest.keyClick(named(window, "Add a person"), key)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PersonDialog)
    dialog.reject()


def test_enter_presses_a_link_of_the_page_and_a_place_of_the_sidebar(window: MainWindow) -> None:
    QTest.keyClick(named(window.page, "All actions"), ENTER)
    assert type(window.page).__name__ == "ActionsPage"
    QTest.keyClick(next(b for b in window.findChildren(QPushButton) if b.accessibleName() == "Goals"), ENTER)
    assert type(window.page).__name__ == "GoalsPage"


def test_enter_on_cancel_cancels_and_in_a_field_saves(window: MainWindow) -> None:
    window.go("people")
    for where, closed_as in (("cancel_button", QDialog.DialogCode.Rejected), ("name", QDialog.DialogCode.Accepted)):
        window.page.edit_person(None)
        dialog = QApplication.activeModalWidget()
        dialog.name.setText(f"Ada of {where}")
        QTest.keyClick(getattr(dialog, where), ENTER)
        assert dialog.result() == closed_as


def test_the_only_button_of_the_import_page_has_the_keyboard(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bring_in, "file_to_open", lambda *_: asked.append("which file"))
    window.go("import")
    assert window.focusWidget().text() == "Choose a file…"
    QTest.keyClick(window.focusWidget(), ENTER)
    assert asked == ["which file"]


def test_the_keyboard_stays_in_the_page_once_a_file_is_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "rides.csv"
    file.write_text("Month,Rides\n" + "".join(f"2025-{m:02},{m * 10}\n" for m in range(1, 13)))
    monkeypatch.setattr(bring_in, "file_to_open", lambda *_: file)
    window.go("import")
    QTest.keyClick(window.focusWidget(), ENTER)
    jobs.wait()
    assert window.focusWidget() is window.page.file.preview
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert window.page.source is not None  # Space did not lead away


def test_the_keyboard_stays_in_the_page_once_a_goal_is_named(window: MainWindow, qtbot: QtBot) -> None:
    window.go("goals")
    QTest.keyClick(named(window, "Add goal"), Qt.Key.Key_Space)
    field = window.page.tree.findChild(QLineEdit)
    QTest.keyClicks(field, "Shade on every street")
    QTest.keyClick(field, ENTER)
    qtbot.waitUntil(lambda: "Shade on every street" in names(window))
    QApplication.processEvents()
    assert has_keyboard(window)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert type(window.page).__name__ == "GoalsPage"


def test_what_was_refused_is_no_longer_said_once_something_is_done(window: MainWindow) -> None:
    window.go("goals")
    window.page.tree.setCurrentItem(window.page.tree.topLevelItem(0))
    window.page.add_measure()
    assert not window.bar.isHidden()
    window.page.add_priority()
    assert window.bar.isHidden()


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_text_size_changed_in_a_meeting_reaches_the_line_at_once_and_everything_afterwards(
    window: MainWindow, scale: float
) -> None:
    with window.city.read() as read:
        meeting = next(m for m in meetings(read) if m.status == "planned")
    window.go(f"console:{meeting.id}")
    window.redress("scale", scale)
    QApplication.processEvents()
    line = window.page.findChild(QWidget, "captureLine")
    assert line.height() >= line.fontMetrics().lineSpacing() + 16
    window.go("today")
    jobs.wait()
    QApplication.processEvents()
    for place in (b for b in window.findChildren(QPushButton, "place") if b.isVisible()):
        assert place.height() >= place.fontMetrics().height()


def test_enter_presses_a_button_of_the_console_that_tab_reached(window: MainWindow) -> None:
    with window.city.read() as read:
        meeting = next(m for m in meetings(read) if m.status == "planned")
    window.go(f"console:{meeting.id}")
    blank = next(b for b in window.page.findChildren(QPushButton) if b.text().startswith("Blank"))
    QTest.keyClick(blank, ENTER)
    assert window.page._wall.is_blank
