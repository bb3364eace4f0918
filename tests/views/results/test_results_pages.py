"""The results check and the catalogue in the window, by keys."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures import edit
from citystat.measures.series import definitions
from citystat.views.results.catalogue import CataloguePage
from citystat.views.results.chains import ChainsPage
from citystat.views.results.page import ResultsPage


@pytest.fixture
def lacking(sample_city: City) -> City:
    """Permits count activity only, and one goal therefore has no outcome."""
    with sample_city.read() as read:
        mine = [m.id for m in definitions(read) if m.code.startswith("PB")]
    for m in mine:
        edit.save_measure(sample_city, m, kind="output")
    return sample_city


def test_enter_leads_from_what_is_missing_to_its_place(lacking: City, today: date, qtbot: QtBot) -> None:
    page = ResultsPage(lacking, today)
    qtbot.addWidget(page)
    page.show()
    assert page.sentence.text() == "1 of 12 goals has no outcome measure"
    gone: list[str] = []
    page.go.connect(gone.append)
    QTest.keyClick(page.rules, Qt.Key.Key_Return)
    assert page.findings.rows[0].title == "Permits without waiting"
    QTest.keyClick(page.findings, Qt.Key.Key_Return)
    assert gone[0].startswith("goals:")
    links = [b for b in page.findChildren(QPushButton) if b.objectName() == "link" and b.isVisible()]
    QTest.mouseClick(links[0], Qt.MouseButton.LeftButton)
    assert gone[1].startswith("catalogue:permits")
    page.rules.choose(next(i for i, r in enumerate(page._rules) if not r.findings))
    assert page._good.text() == "✓ None. 98 looked at." and not page.findings.isVisible()


def test_the_check_follows_what_is_mended(lacking: City, today: date, qtbot: QtBot) -> None:
    page = ResultsPage(lacking, today)
    qtbot.addWidget(page)
    stop = lacking.subscribe(page.refresh)
    page.show()
    with lacking.read() as read:
        one = next(m.id for m in definitions(read) if m.code == "PB-01")
    edit.save_measure(lacking, one, kind="outcome")
    assert page.sentence.text() == "Every goal has an outcome measure"
    stop()


def test_an_empty_city_is_led_to_the_catalogue(city: City, qtbot: QtBot) -> None:
    page = ResultsPage(city)
    qtbot.addWidget(page)
    page.show()
    assert page._first.isVisible() and not page._both.isVisible()


def test_a_suggestion_is_found_used_and_opened(sample_city: City, qtbot: QtBot) -> None:
    page = CataloguePage(sample_city)
    qtbot.addWidget(page)
    stop = sample_city.subscribe(page.refresh)
    page.show()
    QTest.keyClicks(page.search, "pothole")
    assert [row.title for row in page.list.rows] == ["Potholes repaired within the standard"]
    page.department.setCurrentText("Public works")
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.list.rows[0].right == "PW-25" and not page.use_button.isEnabled()
    gone: list[str] = []
    page.go.connect(gone.append)
    QTest.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    assert gone == ["measure:PW-25"]
    sample_city.undo()
    assert page.list.rows[0].right == "" and page.use_button.isEnabled()
    page.search.setText("zebra")
    assert page._nothing.isVisible()
    stop()


def test_an_address_opens_one_suggestion(sample_city: City, qtbot: QtBot) -> None:
    page = CataloguePage(sample_city, "fire-contained")
    qtbot.addWidget(page)
    assert page._name.text() == "Fires held to the room where they began"


def test_enter_opens_the_first_chain_at_once(sample_city: City, qtbot: QtBot) -> None:
    """Who comes to the page needs no Tab first: the list has the keyboard."""
    page = ChainsPage(sample_city)
    qtbot.addWidget(page)
    page.show()
    page.setFocus()
    gone: list[str] = []
    page.go.connect(gone.append)
    at = page.window().focusWidget()
    assert at is page.list
    QTest.keyClick(at, Qt.Key.Key_Return)
    assert gone and gone[0].startswith("chain:")


def test_an_empty_city_has_one_way_to_begin_a_chain(city: City, qtbot: QtBot) -> None:
    page = ChainsPage(city)
    qtbot.addWidget(page)
    page.show()
    page.setFocus()
    assert [kind for _, _, kind in page.acts()] == [""]
    at = page.window().focusWidget()
    assert isinstance(at, QPushButton) and at.text() == "Go to the goals"
