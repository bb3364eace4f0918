"""The row of looks over a measure's chart, by keys; keeping a view; writing at a point of the chart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.edit import annotate, words_on_chart
from citystat.measures.kept_view import keep_view
from citystat.measures.looks import kept_view
from citystat.measures.series import definition
from citystat.views.measures.page import MeasurePage
from citystat.views.shell.menus import Keys
from citystat.views.shell.offers import offers
from citystat.views.shell.window import MainWindow

K = Qt.Key
Open = Callable[[str], MeasurePage]


@pytest.fixture
def opened(qtbot: QtBot, sample_city: City, today: date) -> Open:
    def show(code: str) -> MeasurePage:
        made = MeasurePage(sample_city, code, today)
        qtbot.addWidget(made)
        stop = sample_city.subscribe(made.refresh)
        made.destroyed.connect(lambda: stop())
        made.resize(1232, 808)
        made.show()
        qtbot.waitExposed(made)
        made.chart.setFocus()
        made.grab()
        return made

    return show


def press(page: MeasurePage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(page.chart, key)
    page.grab()  # paints it


def written(city: City, code: str = "EC-01") -> list[tuple[date, str, str]]:
    with city.read() as read:
        return [(w.period, w.kind, w.text) for w in words_on_chart(read, definition(read, code).id)]


## Looks


def test_v_turns_through_the_looks_that_make_sense(opened: Open) -> None:
    page, seen = opened("PW-31"), []
    for _ in range(5):
        press(page, K.Key_V)
        seen.append(page.looking.look)
    assert seen == ["years", "to-date", "split", "parts", ""]
    assert [b.isHidden() for b in opened("EC-01").place.looks.buttons.values()] == [False, False, False, False, True]


def test_before_and_after_splits_at_the_period_that_is_pointed_at(opened: Open) -> None:
    page = opened("EC-01")
    press(page, K.Key_End, *[K.Key_Left] * 20, K.Key_A)
    assert page._chart.headline.split("since ")[1].startswith("Jun 2024")
    page = opened("EC-01")
    press(page, K.Key_A)  # nothing is pointed at: where something is written
    assert "since Mar 2025" in page._chart.headline


def test_where_several_things_are_written_each_is_offered_to_split_at(opened: Open, sample_city: City) -> None:
    page = opened("EC-01")
    page.look("split")
    assert not page.place.looks.splits.isVisible()  # there is one only
    with sample_city.read() as read:
        annotate(sample_city, definition(read, "EC-01").id, date(2024, 9, 1), "note", "New telephones")
    links = page.place.looks.splits.findChildren(QPushButton)
    assert [link.text() for link in links] == ["Mar 2025: New shift plan", "Sep 2024: New telephones"]
    links[1].click()
    assert "since Sep 2024" in page._chart.headline
    page.look("")
    assert not page.place.looks.splits.isVisible()


def test_a_look_that_the_figures_do_not_bear_says_why_under_the_chart(opened: Open) -> None:
    page = opened("PW-31")
    press(page, K.Key_A)
    assert "Nothing says where to split" in page.place.caveat.text() and page.place.caveat.isVisible()


def test_figures_stand_in_place_of_the_picture_and_the_picture_comes_back(opened: Open) -> None:
    page = opened("EC-01")
    page.look("years")
    press(page, K.Key_T)
    assert page.place.figures.isVisible() and not page.chart.isVisible()
    assert page.place.figures.table is not None and page.place.figures.table.model().rowCount() == 12
    page.show_figures(False)
    assert page.chart.isVisible() and not page.place.figures.isVisible()


def test_k_keeps_the_view_once_and_the_page_opens_with_it(opened: Open, sample_city: City) -> None:
    page = opened("EC-01")
    assert not page.place.looks.keep_button.isVisible()
    press(page, K.Key_V, K.Key_K)
    with sample_city.read() as read:
        assert kept_view(definition(read, "EC-01").chart) == {"look": "years"}
    assert not page.place.looks.keep_button.isVisible()
    again = opened("EC-01")
    assert again.looking.look == "years" and len(again._chart.lines) > 2
    press(again, K.Key_V)
    assert again.place.looks.keep_button.isVisible()  # another glance is not kept by itself
    sample_city.undo()
    with sample_city.read() as read:
        assert kept_view(definition(read, "EC-01").chart) == {}


def test_parts_turn_from_breakdown_to_breakdown_and_signals_to_the_whole(opened: Open) -> None:
    page = opened("PW-31")
    page.look("parts")
    press(page, K.Key_D)
    assert page.looking.look == "parts" and page.looking.view["by"]
    page.look("")
    press(page, K.Key_D)
    assert page._chart.panels == ()


def test_panning_by_hand_leaves_the_panels(opened: Open) -> None:
    page = opened("PW-31")
    page.look("parts")
    page.explore()
    assert page.place.interactive is not None and page.looking.look == ""
    page.look("years")
    assert page.place.interactive is None and page.chart.isVisible()


def test_the_cursor_runs_through_all_panels_and_stays_at_its_period(opened: Open) -> None:
    page = opened("PW-31")
    press(page, K.Key_End, K.Key_Left)
    page.look("parts")
    page.grab()
    said = page.chart._words(page.chart.chosen or 0)
    assert said.startswith("Dec 2025: ") and all(panel.subject in said for panel in page._chart.panels)
    frames = page.chart._frame.drawn
    assert page.chart._under(frames[3].plot.center()) == page.chart._under(frames[0].plot.center())


def test_f1_lists_the_keys_of_the_page(window_on: Callable[[City], MainWindow], sample_city: City) -> None:
    window = window_on(sample_city)
    window.go("measure:EC-01")
    listed = Keys(window)
    names = " ".join(area.accessibleName() for area in listed.findChildren(QScrollArea))
    assert "write at the point of the chart: N" in names and "keep this view with the measure: K" in names


## Writing in place


def test_n_writes_at_the_period_of_the_cursor_and_enter_keeps(opened: Open, sample_city: City) -> None:
    page = opened("EC-01")
    press(page, K.Key_End, K.Key_Left, K.Key_N)
    note = page.on_chart.note
    assert note.isVisible() and note.heading.text() == "Jan 2026" and page.chart.rect().contains(note.geometry())
    QTest.keyClicks(note.text, "A second call taker at night")
    QTest.keyClick(note.text, K.Key_Return)
    assert written(sample_city)[0] == (date(2026, 1, 1), "note", "A second call taker at night")
    assert not note.isVisible()
    assert any("A second call taker" in flag.text for flag in page._chart.flags)
    assert page._chart.periods[page.chart.chosen or 0] == "Jan 2026"


def test_escape_leaves_what_was_typed_for_the_next_time(opened: Open, sample_city: City) -> None:
    page, before = opened("EC-01"), written(sample_city)
    press(page, K.Key_End, K.Key_N)
    note = page.on_chart.note
    QTest.keyClicks(note.text, "Half a word")
    note.kind.setCurrentIndex(note.kind.findData("exclude"))
    QTest.keyClick(note.text, K.Key_Escape)
    assert written(sample_city) == before
    press(page, K.Key_Left, K.Key_N)
    assert note.text.text() == ""  # of another period
    QTest.keyClick(note.text, K.Key_Escape)
    press(page, K.Key_Right, K.Key_N)
    assert (note.text.text(), note.kind.currentData()) == ("Half a word", "exclude")


def test_what_was_left_outlives_the_page(window_on: Callable[[City], MainWindow], sample_city: City) -> None:
    window = window_on(sample_city)
    for typed in ("Half a word", ""):
        window.go("measure:EC-01")
        page = window.page
        page.chart.setFocus()
        QTest.keyClick(page.chart, K.Key_End)
        QTest.keyClick(page.chart, K.Key_N)
        if typed:
            QTest.keyClicks(page.on_chart.note.text, typed)
        else:
            assert page.on_chart.note.text.text() == "Half a word"
        window.go("today")


def test_words_without_a_reason_are_refused_where_they_are_typed(opened: Open, sample_city: City) -> None:
    page, before = opened("EC-01"), written(sample_city)
    press(page, K.Key_End, K.Key_N)
    QTest.keyClick(page.on_chart.note.text, K.Key_Return)
    assert page.on_chart.note.isVisible() and "needs words" in page.on_chart.note.told.text()
    assert written(sample_city) == before


def test_what_is_written_is_changed_and_removed_in_place(opened: Open, sample_city: City) -> None:
    page = opened("EC-01")
    place = page._chart.starts.index(date(2025, 3, 1))
    page.chart.choose(place)
    press(page, K.Key_E)
    note = page.on_chart.note
    assert (note.text.text(), note.kind.currentData()) == ("New shift plan", "rebase")
    note.text.selectAll()
    QTest.keyClicks(note.text, "Shifts of eight hours")
    QTest.keyClick(note.text, K.Key_Return)
    assert (date(2025, 3, 1), "rebase", "Shifts of eight hours") in written(sample_city)
    press(page, K.Key_Delete)
    assert not [w for w in written(sample_city) if w[0] == date(2025, 3, 1)]
    sample_city.undo()
    assert (date(2025, 3, 1), "rebase", "Shifts of eight hours") in written(sample_city)


def test_the_menu_of_a_period_offers_what_is_written_there(opened: Open, sample_city: City) -> None:
    page = opened("EC-01")
    with sample_city.read() as read:
        measure = definition(read, "EC-01").id
    annotate(sample_city, measure, date(2025, 3, 1), "note", "And a new room")
    page.chart.choose(page._chart.starts.index(date(2025, 3, 1)))
    page.chart.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions()]
    menu.close()
    assert words[0] == "Write here…" and "Remove “New shift plan”" in words and "Change “And a new room”…" in words
    assert "Before and after Mar 2025" in words


def test_where_years_lie_over_each_other_nothing_is_written_and_that_is_said(opened: Open, sample_city: City) -> None:
    said: list[str] = []
    with sample_city.read() as read:
        measure = definition(read, "EC-01").id
    keep_view(sample_city, measure, {"look": "years"})
    page = opened("EC-01")
    page.said.connect(said.append)
    press(page, K.Key_N)
    assert not page.on_chart.note.isVisible() and "Words stand at a period" in said[-1]


def test_ctrl_k_offers_the_looks(window_on: Callable[[City], MainWindow], sample_city: City) -> None:
    window = window_on(sample_city)
    window.go("measure:EC-01")
    found = {offer.words: offer.act for offer in offers(window)}
    found["Year over year"]()
    assert window.page.looking.look == "years" and "Keep this view" in found


def test_with_an_outlook_on_view_n_writes_at_the_newest_value_and_not_ahead(opened: Open, qtbot: QtBot) -> None:
    page = opened("EC-01")
    page.look_ahead()
    qtbot.waitUntil(lambda: page._chart.ahead is not None, timeout=20_000)
    press(page, K.Key_N)
    assert page.on_chart.note.heading.text() == "Feb 2026" and page._chart.periods[-1] == "Jun 2026"
