"""Records through the window: seen as measures, corrected, brought in, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition, definitions, series
from citystat.records.kept import folder
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.records.bring_in import RecordsImportPage
from citystat.views.shell.window import MainWindow
from tests.views.shell.test_walk import LOOKS, cut, settle, unnamed

Opened = Callable[[Path], RecordsImportPage]


@pytest.fixture
def opened(window: MainWindow) -> Opened:
    """A file as it is dropped on the window."""

    def open_(path: Path) -> RecordsImportPage:
        window.go(f"import:{path}")
        jobs.wait()
        assert isinstance(window.page, RecordsImportPage)
        return window.page

    return open_


def test_a_file_of_records_is_seen_as_one_and_shows_what_becomes_of_it(opened: Opened, requests_file: Path) -> None:
    page = opened(requests_file)
    assert page.sentence.text() == "2,000 records become 5 measures"
    assert [m.kind for m in page.recipe.measures] == ["count", "count", "median", "share", "backlog"]
    r = page.recipe
    assert (r.opened, r.closed, r.key, r.breakdowns) == ("Opened", "Closed", "Request", ("Kind", "District"))
    shown = page.file.made.table.model_.rows
    assert all(len(m.values) >= 12 and m.latest for m in shown)
    assert shown[3].sentence == "The share of records opened each month that were closed within 5 days"
    assert page.go_in.text() == "Bring in 5 measures" and page.go_in.isEnabled()


def test_it_comes_in_and_goes_out_again(opened: Opened, requests_file: Path, window: MainWindow, city: City) -> None:
    page = opened(requests_file)
    page.bring_in()
    jobs.wait()
    assert "values are in" in page.sentence.text()
    with city.read() as read:
        whole = series(read, definition(read, page.recipe.measures[0].code))
    assert whole.values.sum() == 2_000
    assert len(list(folder(city.path).glob("*.parquet"))) == 1
    window.undo()
    assert page.sentence.text() == "The import was taken back"
    with city.read() as read:
        assert not [m for m in definitions(read) if m.code == page.recipe.measures[0].code]


def test_it_can_be_read_as_a_table_of_figures_and_back(opened: Opened, requests_file: Path, window: MainWindow) -> None:
    opened(requests_file)._as_figures()
    jobs.wait()
    assert isinstance(window.page, ImportPage)
    window.page._as_records()
    jobs.wait()
    assert isinstance(window.page, RecordsImportPage)
    window.back()
    assert type(window.page).__name__ == "TodayPage"


def test_a_measure_is_changed_in_its_dialog(qtbot: QtBot, opened: Opened, requests_file: Path) -> None:
    page = opened(requests_file)
    qtbot.keyClick(page.file.made.table, Qt.Key.Key_End)
    page.file.made.table.selectRow(3)
    qtbot.keyClick(page.file.made.table, Qt.Key.Key_Return)
    dialog = page.file.measures.dialog
    dialog.within.setValue(10)
    assert dialog._sentence.text() == "The share of records opened each month that were closed within 10 days."
    dialog.only.setCurrentIndex(dialog.only.findText("Kind: Dumping"))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    jobs.wait()
    changed = page.recipe.measures[3]
    assert changed.within == 10 and changed.where == {"Kind": "Dumping"}
    assert page.file.made.table.model_.rows[3].sentence.endswith("within 10 days, where Kind is Dumping")


def test_a_measure_is_left_out_and_another_added(qtbot: QtBot, opened: Opened, requests_file: Path) -> None:
    page = opened(requests_file)
    page.file.made.table.selectRow(1)
    qtbot.keyClick(page.file.made.table, Qt.Key.Key_Delete)
    jobs.wait()
    assert page.go_in.text() == "Bring in 4 measures"
    qtbot.keyClick(page.file.made.table, Qt.Key.Key_Insert)
    dialog = page.file.measures.dialog
    dialog.what.setCurrentIndex(dialog.what.findData("percentile"))
    qtbot.keyClicks(dialog.name, "Nine of ten are closed within")
    assert dialog.code.currentText() == "NTC-01" or dialog.code.currentText()
    dialog.attempt()
    jobs.wait()
    assert page.go_in.text() == "Bring in 5 measures"
    assert page.file.made.table.model_.rows[4].latest


def test_dates_that_cannot_be_read_are_listed_with_their_rows_before_anything_is_written(
    opened: Opened, write: Callable[..., Path], city: City
) -> None:
    page = opened(write("requests.csv", 300, spoiled=True))
    assert page.sentence.text() == "1 cell cannot be read"
    assert not page.go_in.isEnabled()
    wrong = page.file.remarks.model_.rows[0]
    assert wrong.place == "row 5, Opened" and "13/45/2024" in wrong.words
    assert not folder(city.path).exists()
    page.file.remarks.change_asked.emit(wrong.remark)
    page.menu.actions()[0].trigger()
    jobs.wait()
    assert page.recipe.missing == ("13/45/2024",) and page.go_in.isEnabled()
    assert "1 record has no date in “Opened” and is left out" in page.file.remarks.model_.rows[0].words


@pytest.mark.parametrize(("look", "scale"), LOOKS[2:])
def test_the_page_speaks_and_cuts_nothing(
    opened: Opened, requests_file: Path, window: MainWindow, look: object, scale: float
) -> None:
    opened(requests_file)
    window.remembered.set("scale", scale)
    window.redress("theme", look)
    settle()
    assert isinstance(window.page, RecordsImportPage)
    assert [*unnamed(window), *cut(window)] == []


def test_a_choice_of_another_date_counts_anew(opened: Opened, requests_file: Path) -> None:
    page = opened(requests_file)
    page.file.how._open("closed")
    never = page.file.how.menu.actions()[0]
    assert "never" in never.text()
    never.trigger()
    jobs.wait()
    assert "needs the date on which a record was closed" in page._head.why.text() and not page.go_in.isEnabled()


def test_several_breakdowns_are_ticked_before_the_records_are_counted_once(
    qtbot: QtBot, opened: Opened, requests_file: Path
) -> None:
    page = opened(requests_file)
    how = page.file.how
    how._open("breakdowns")
    ticks = {a.text(): a for a in how.menu.actions()}
    assert [name for name, a in ticks.items() if a.isChecked()] == ["Kind", "District"]
    with qtbot.waitSignal(how.changed) as counted:
        for name in ("Kind", "District"):
            how.menu.setActiveAction(ticks[name])
            qtbot.keyClick(how.menu, Qt.Key.Key_Space)
            assert how.menu.isVisible() and not ticks[name].isChecked()
        qtbot.keyClick(how.menu, Qt.Key.Key_Escape)
    assert counted.args[0].breakdowns == ()


def test_stopping_leaves_nothing(opened: Opened, requests_file: Path, city: City) -> None:
    page = opened(requests_file)
    page.bring_in()
    page._work.cancel()
    jobs.wait()
    assert page._head.why.text() == "◆ Stopped: nothing was written"
    assert not folder(city.path).exists()
    assert page.go_in.isEnabled()


def test_what_was_corrected_is_not_lost_without_a_word(
    opened: Opened, requests_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QMessageBox

    page = opened(requests_file)
    page.file.measures.leave_out(page.recipe.measures[1].code)
    jobs.wait()
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda *a: (asked.append(a[2]), QMessageBox.StandardButton.No)[1])
    assert not page.leave() and "requests-2024.csv" in asked[0]
