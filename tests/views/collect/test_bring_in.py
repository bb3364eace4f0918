"""A file on its way in: read, corrected by pointing, brought in, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from citystat.collect import reading
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.shell.window import MainWindow

GOOD = "Month,District,Trips,Cost\n" + "".join(f"2025-{m:02d},North,{100 + m},{9 + m}\n2025-{m:02d},South,{50 + m},{4 + m}\n" for m in range(1, 13))  # fmt: skip


def press_undo(qtbot: QtBot, window: MainWindow) -> None:
    """Ctrl+Z, as in a window that has the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def opened(window: MainWindow, folder: Path, text: str, name: str = "transit.csv") -> ImportPage:
    (folder / name).write_text(text, encoding="utf-8")
    window.go("import")
    window.go(f"import:{folder / name}")
    jobs.wait()
    return window.page


def test_a_file_comes_in_is_taken_back_by_ctrl_z_and_twice_is_nothing_new(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:  # fmt: skip
    page = opened(window, tmp_path, GOOD)
    assert page.sentence.text() == "2 measures, 48 values"
    assert page.go_in.text() == "Bring in 48 values"
    qtbot.mouseClick(page.go_in, Qt.MouseButton.LeftButton)
    jobs.wait()
    assert page.sentence.text() == "48 values are in"
    again = opened(window, tmp_path, GOOD)
    again.bring_in()
    jobs.wait()
    assert again.sentence.text() == "Nothing is new in this file"
    press_undo(qtbot, window)
    third = opened(window, tmp_path, GOOD)
    third.bring_in()
    jobs.wait()
    assert third.done.added == 48
    press_undo(qtbot, window)
    qtbot.waitUntil(lambda: third.sentence.text() == "The import was taken back")


def test_errors_are_listed_by_cell_and_a_word_can_be_called_missing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:  # fmt: skip
    page = opened(window, tmp_path, GOOD.replace("2025-03,North,103,", "2025-03,North,broken,"))
    assert page.sentence.text() == "1 cell cannot be read"
    assert not page.go_in.isEnabled()
    assert "Nothing can be brought in before each is corrected" in page._head.why.text()
    line = page.file.remarks.model_.rows[0]
    assert (line.place, line.kind.error) == ("C6", True)
    page.file.remarks.selectRow(0)
    qtbot.keyClick(page.file.remarks, Qt.Key.Key_Return)
    next(a for a in page.file.menu.actions() if "means missing" in a.text()).trigger()
    jobs.wait()
    assert page.go_in.text() == "Bring in 47 values"
    assert page.go_in.isEnabled()


def test_the_keyboard_says_what_a_column_is(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = opened(window, tmp_path, GOOD)
    page.file.preview.jump(3, 3)
    qtbot.keyClick(page.file.preview, Qt.Key.Key_Return)
    next(a for a in page.file.menu.actions() if a.text() == "Left out").trigger()
    jobs.wait()
    assert page.file.preview.shown.roles == (reading.PERIOD, reading.BREAKDOWN, reading.VALUE, reading.LEFT_OUT)
    assert page.sentence.text() == "1 measure, 24 values"


def test_the_heading_row_is_set_by_its_row(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = opened(window, tmp_path, "Return of,the department\n" + GOOD)
    page.change(reading.replace(page.recipe, header=(1,)))
    jobs.wait()
    page.file.preview.jump(1, 0)
    qtbot.keyClick(page.file.preview, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    page.file.menu.actions()[0].trigger()
    jobs.wait()
    assert page.recipe.header == (2,)
    assert page.sentence.text() == "2 measures, 48 values"


def test_a_measure_is_left_out(window: MainWindow, tmp_path: Path) -> None:
    page = opened(window, tmp_path, GOOD)
    page.file.becomes.turn(page.recipe.measures[1])
    jobs.wait()
    assert page.go_in.text() == "Bring in 24 values"


def test_a_dropped_file_is_read(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "dropped.csv").write_text(GOOD, encoding="utf-8")
    window.go("import")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.csv"))])
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))  # fmt: skip
    jobs.wait()
    assert window.page.sentence.text() == "2 measures, 48 values"


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("bad.xlsx", b"PK\x03\x04nothing"), ("x.csv", b"\0\1\2")]
)
def test_a_bad_file_says_what_to_do(window: MainWindow, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    window.go(f"import:{tmp_path / name}")
    jobs.wait()
    assert window.page.sentence.text() == "The file could not be read"
    assert window.page.under.text() == name


def test_next_months_file_is_read_by_the_recipe_of_the_last(window: MainWindow, tmp_path: Path) -> None:
    first = opened(window, tmp_path, GOOD, "transit-2025-12.csv")
    first.file.set_role(3, reading.LEFT_OUT)
    jobs.wait()
    first.bring_in()
    jobs.wait()
    second = opened(window, tmp_path, GOOD.replace("2025-", "2026-"), "transit-2026-12.csv")
    assert second.sentence.text() == "1 measure, 24 values"
    assert "read as before" in second.under.text()
    second.guess_anew()
    jobs.wait()
    assert second.sentence.text() == "2 measures, 48 values"
