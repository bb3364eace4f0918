"""The calendar page: who owes at the left, the map at the right, by mouse and by keys, and the reminder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from citystat import periods
from citystat.city import City
from citystat.collect.calendar import CORRECTED, MISSING, remember
from citystat.views import jobs
from citystat.views.collect.calendar_page import CalendarPage
from citystat.views.collect.page import DataPage
from citystat.views.collect.remind_dialog import RemindDialog
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.edit import ValueDialog
from tests.collect.owing import FEB, JAN, arrive, owing, works

TODAY = date(2026, 3, 20)


class _Window(QObject):
    touched = Signal(object)


@pytest.fixture
def late(city: City) -> City:
    works(city)
    for code in "VWZN":
        arrive(city, code, *periods.run(date(2025, 1, 1), date(2025, 12, 1), "month"))
    arrive(city, "Z", JAN, FEB)
    arrive(city, "V", date(2025, 6, 1), at=date(2025, 9, 1), value=12.0)
    return city


@pytest.fixture
def page(qtbot: QtBot, strays: list[str], late: City) -> Iterator[CalendarPage]:
    made = shown(qtbot, late)
    yield made
    assert strays == []


def shown(qtbot: QtBot, city: City, department: str = "") -> CalendarPage:
    made = CalendarPage(city, department, today=TODAY)
    qtbot.addWidget(made)
    window = _Window(made)  # a change in the background reaches the page as in the window: in its own thread
    window.touched.connect(made.refresh)
    stop = city.subscribe(window.touched.emit)
    made.destroyed.connect(lambda: stop())
    made.resize(1180, 760)
    made.show()
    jobs.wait()
    qtbot.waitUntil(lambda: bool(made._sections) or made._nothing.isVisible())
    return made


def codes(page: CalendarPage) -> list[str]:
    return [row.measure.code for row in page.map._model.rows if not isinstance(row, str)]


def key(page: CalendarPage, *keys: Qt.Key) -> None:
    for one in keys:
        QTest.keyClick(page.map, one)


def test_the_head_counts_and_those_who_owe_stand_under_their_days(page: CalendarPage) -> None:
    assert page.sentence.text() == "6 figures are late, 4 fall due by Wednesday 15 April"
    titles = [row.title for row in page.list.rows]
    assert titles == ["Everybody", "Nobody is named · name an owner", "Ana Ruiz · Public Works", "Ben Ñandú, Jr. · Public Works", "Zoo · nobody heads it"]  # fmt: skip
    assert page.list.rows[2].under == "1 figure was due Sunday 15 February" and page.list.rows[2].right == "2 late"


def test_the_cursor_begins_on_the_newest_trouble_and_arrows_move_it(page: CalendarPage) -> None:
    line, square = page.map.current()
    assert (line.measure.code, square.start, square.state) == ("V", FEB, MISSING)
    assert page.words.text() == "V · Potholes; filled · Feb 2026: missing, was due Sunday 15 March, 5 days late"
    assert page.source.text() == "owed by Ben Ñandú, Jr." and not page.see_import.isVisible()
    key(page, *[Qt.Key.Key_Left] * 8)
    assert page.map.current()[1].start == date(2025, 6, 1) and page.map.current()[1].state == CORRECTED
    assert page.source.text().startswith("12 · from V.csv, B2 · 1 Sep 2025, tester") and page.see_import.isVisible()
    key(page, Qt.Key.Key_Down)
    assert page.map.current()[0].measure.code == "W"
    spoken = page.map.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "W · Trees, Jun 2025: came on 10 Jul 2025, in time"


def test_enter_on_a_missing_square_opens_that_period_to_type_its_figure_in(page: CalendarPage, qtbot: QtBot) -> None:
    assert (page.map.current()[1].start, page.map.current()[1].state) == (FEB, MISSING)
    gone: list[str] = []
    page.go.connect(gone.append)
    key(page, Qt.Key.Key_Return)
    dialog = page.findChild(ValueDialog)
    assert dialog is not None and dialog.isVisible() and gone == []
    assert dialog.period.currentData() == FEB
    dialog.value.setValue(14)
    dialog.reason.setText("told by telephone")
    dialog.attempt()
    qtbot.waitUntil(lambda: any(
        s.start == FEB and s.figures == 1 and s.state != MISSING
        for row in page.map._model.rows if not isinstance(row, str) and row.measure.code == "V" for s in row.squares
    ))  # fmt: skip


def test_enter_opens_what_came_in_its_import(page: CalendarPage, late: City, qtbot: QtBot) -> None:
    gone: list[str] = []
    page.go.connect(gone.append)
    key(page, *[Qt.Key.Key_Left] * 8, Qt.Key.Key_Return)
    assert gone[0].startswith("data:")
    imports = DataPage(late, int(gone[0].partition(":")[2]))
    qtbot.addWidget(imports)
    assert imports.table.current().source == "V.csv" and imports.table.current().at == datetime(2025, 9, 1)


def test_search_department_state_and_debtor_narrow_the_map(page: CalendarPage) -> None:
    assert codes(page) == ["V", "W", "Z", "N"]
    page.department.setCurrentIndex(page.department.findData("Zoo"))
    assert codes(page) == ["Z"]
    page.department.setCurrentIndex(0)
    page.what.setCurrentIndex(next(i for i in range(page.what.count()) if page.what.itemText(i) == "Corrected"))
    assert codes(page) == ["V"]
    page.what.setCurrentIndex(0)
    QTest.keyClicks(page._search, "tree")
    assert codes(page) == ["W"]
    QTest.keyClicks(page._search, "xyz")
    assert codes(page) == [] and page.words.text() == "No measure is left by what you look for"
    page._search.clear()
    page.list.choose(page._debtors[0].key)
    assert codes(page) == ["N"]
    page.list.choose("everybody")
    assert codes(page) == ["V", "W", "Z", "N"]


def test_called_with_a_department_it_shows_that_one(qtbot: QtBot, late: City) -> None:
    assert codes(shown(qtbot, late, "Zoo")) == ["Z"]


def test_where_nobody_is_named_enter_asks_for_an_owner(page: CalendarPage) -> None:
    page.list.choose(page._debtors[0].key)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    dialog = page.findChild(MeasureDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.reject()


def test_a_reminder_is_written_and_the_list_says_so(
    page: CalendarPage, late: City, qtbot: QtBot, tmp_path: Path
) -> None:
    page.list.choose(page._debtors[1].key)
    page.remind()
    dialog = page.findChild(RemindDialog)
    assert dialog is not None and [d.name for d in dialog.chosen] == ["Ana Ruiz"]
    dialog.write(tmp_path / "drafts")
    dialog.accept()
    jobs.wait()
    assert len(list((tmp_path / "drafts").glob("*.eml"))) == 1
    qtbot.waitUntil(lambda: page._debtors[1].reminded is not None)
    late.undo()
    jobs.wait()
    qtbot.waitUntil(lambda: page._debtors[1].reminded is None)


def test_whoever_was_reminded_today_is_left_out_and_a_second_time_warns(qtbot: QtBot, late: City) -> None:
    remember(late, owing(late, TODAY)[1:2], datetime(2026, 3, 20, 8))
    rows = owing(late, TODAY)
    page = shown(qtbot, late)
    dialog = RemindDialog(late, rows, page, today=TODAY)
    assert [d.name for d in dialog.chosen] == ["Ben Ñandú, Jr."]
    assert "reminded today" not in dialog._says.text()
    dialog.boxes[rows[1].key].setChecked(True)
    assert dialog._says.text() == "2 drafts · ◆ reminded today already: Ana Ruiz"
    for box in dialog.boxes.values():
        box.setChecked(False)
    assert not dialog.go_button.isEnabled()


def test_an_empty_city_says_what_belongs_here(qtbot: QtBot, city: City) -> None:
    page = shown(qtbot, city)
    assert page._nothing.isVisible() and page.sentence.text() == "Collection calendar"


def test_a_missing_figure_that_nobody_owes_names_nobody(page: CalendarPage) -> None:
    whose = next(d for d in page._debtors if not d.named).owed[0].measure.id
    rows = page.map._model.rows
    row = next(i for i, line in enumerate(rows) if not isinstance(line, str) and line.measure.id == whose)
    column = next(i for i, square in enumerate(rows[row].squares) if square.state == MISSING)
    page.map.setCurrentIndex(page.map._model.index(row, column))
    assert "owed by" not in page.source.text()


def test_a_measure_that_figures_stopped_coming_for_is_asked_about_in_one_line(
    qtbot: QtBot, strays: list[str], city: City
) -> None:
    works(city)
    arrive(city, "V", date(2024, 5, 1), date(2024, 6, 1), at=date(2026, 3, 1))
    page = shown(qtbot, city)
    qtbot.waitUntil(lambda: len(page.list.rows) > 1)
    row = next(r for r in page.list.rows if r.title == "V · Potholes; filled")
    assert row.under == "no figures since Jun 2024: still collected?"
    page.list.opened.emit(row.key)
    menu = page.findChild(QMenu)
    assert [a.text() for a in menu.actions()][0] == "Yes, keep asking for it"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: all(r.key != row.key for r in page.list.rows))
    assert "late" in page.sentence.text()
