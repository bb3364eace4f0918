"""Measures below each other in the window: chosen with the finder, one cursor through all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from citystat.city import City
from citystat.measures.series import definition
from citystat.views import jobs
from citystat.views.meetings.jump import JumpDialog
from citystat.views.shell.window import MainWindow

K = Qt.Key


@pytest.fixture
def window(window_on: Callable[[City], MainWindow], sample_city: City) -> MainWindow:
    return window_on(sample_city)


def go(window: MainWindow, address: str) -> None:
    window.go(address)
    jobs.wait()


def ids(city: City, *codes: str) -> str:
    with city.read() as read:
        return "+".join(str(definition(read, code).id) for code in codes)


def test_from_a_measure_m_leads_to_the_finder_and_the_second_measure_stands_below(
    window: MainWindow, sample_city: City
) -> None:
    window.go("measure:EC-01")
    window.page.chart.setFocus()
    QTest.keyClick(window.page.chart, K.Key_M)
    finder = window.page.findChild(JumpDialog)
    assert finder is not None and finder.isVisible()
    QTest.keyClicks(finder.findChild(QLineEdit), "bus trips")
    QTest.keyClick(finder.findChild(QLineEdit), K.Key_Return)
    jobs.wait()
    assert window._address == f"together:{ids(sample_city, 'EC-01', 'PW-31')}"
    assert [panel.code for panel in window.page.shown.panels] == ["EC-01", "PW-31"]
    window.back()
    assert window._address.startswith("measure:")


def test_the_cursor_tells_of_all_at_once(window: MainWindow, sample_city: City) -> None:
    go(window, f"together:{ids(sample_city, 'EC-01', 'PW-31')}")
    chart = window.page.chart
    chart.setFocus()
    QTest.keyClick(chart, K.Key_Left)
    QTest.keyClick(chart, K.Key_Left)
    assert chart.accessibleDescription() == "Jan 2026: EC-01: 93.7 %, PW-31: 86.5 %"


def test_one_is_taken_away_and_figures_take_the_place_of_the_picture(window: MainWindow, sample_city: City) -> None:
    go(window, f"together:{ids(sample_city, 'EC-01', 'PW-31', 'FD-05')}")
    with sample_city.read() as read:
        window.page.drop(definition(read, "PW-31").id)
    jobs.wait()
    page = window.page
    assert [panel.code for panel in page.shown.panels] == ["EC-01", "FD-05"]
    page.setFocus()
    QTest.keyClick(page, K.Key_T)
    assert page.figures.isVisible() and not page.chart.isVisible()
    assert [c.title for c in page.figures.table.model_.columns] == ["Period", "EC-01", "FD-05"]


def test_zoom_tells_how_many_periods_came(window: MainWindow, sample_city: City) -> None:
    go(window, f"together:{ids(sample_city, 'EC-01', 'PW-31')}")
    said: list[str] = []
    window.page.said.connect(said.append)
    window.page.zoom()
    jobs.wait()
    assert said == ["12 periods on view"] and len(window.page.shown.periods) == 12


def test_one_alone_says_what_it_waits_for(window: MainWindow, sample_city: City) -> None:
    go(window, f"together:{ids(sample_city, 'EC-01')}")
    assert not window.page.chart.isVisible() and "Add another" in window.page._said["soft"].text()


def test_a_seventh_is_refused_in_words(window: MainWindow, sample_city: City) -> None:
    codes = ("EC-01", "EC-02", "EC-03", "EC-04", "EC-05", "EC-06")
    go(window, f"together:{ids(sample_city, *codes)}")
    said: list[str] = []
    window.page.said.connect(said.append)
    window.page.ask()
    assert said == ["Six measures are as many as a picture holds. Take one away first."]
