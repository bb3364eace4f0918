"""The quality page: the worst first, a score's rule and rows beside it, accepted by one key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.doubts import open_count
from citystat.views import jobs
from citystat.views.collect.quality import QualityPage
from citystat.views.measures.doubts import DoubtsDialog
from citystat.views.measures.facts import Link


@pytest.fixture
def page(qtbot: QtBot, strays: list[str], sample_city: City, today: date) -> Iterator[QualityPage]:
    made = QualityPage(sample_city, today=today)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1232, 808)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    settled(qtbot, made)
    yield made
    assert strays == []


def settled(qtbot: QtBot, page: QualityPage) -> None:
    jobs.wait()
    qtbot.waitUntil(lambda: page.table.model().rowCount() > 0)


def beside(page: QualityPage) -> str:
    """The words at the right."""
    return "\n".join(w.text() for w in page._side.findChildren(QLabel) if w.isVisible())


def choose(page: QualityPage, code: str) -> None:
    """Its row, as the arrow keys reach it."""
    page.table.setFocus()
    for _ in range(page.table.model().rowCount()):
        if page.table.current().measure.code == code:
            return
        QTest.keyClick(page.table, Qt.Key.Key_Down)
    raise AssertionError(f"{code} is not listed")


def test_the_sentence_counts_and_the_worst_stands_first_with_its_rule(page: QualityPage) -> None:
    assert page.sentence.text().endswith("are in order") and "need a look" in page.sentence.text()
    assert page.table.current().measure.code == "PK-06"
    words = beside(page)
    assert "Score 92, the mean of on time 75\u00a0%, complete 100\u00a0%, valid 100\u00a0%" in words
    assert "On time: 9 of 12 periods came by the day they were due" in words
    assert "Dec 2025: 18 days late" in words


def test_one_key_accepts_and_the_page_follows(page: QualityPage, qtbot: QtBot, sample_city: City) -> None:
    with sample_city.read() as read:
        held, waiting = open_count(read)
    choose(page, "PW-04")
    assert [r.title for r in page.doubts.list.rows][0].startswith("A jump to 72 from about 44")
    QTest.keyClick(page.table, Qt.Key.Key_A)
    dialog = page.findChild(DoubtsDialog)
    assert dialog is not None
    dialog.attempt()
    assert dialog.isVisible() and "reason" in dialog._wrong.text()
    QTest.keyClicks(dialog.reason, "storm took two circuits")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    settled(qtbot, page)
    with sample_city.read() as read:
        assert open_count(read) == (held, waiting - 1)
    qtbot.waitUntil(lambda: page.table.current().measure.code == "PW-04" and not page.table.current().open)
    assert not page.doubts.isVisible()
    sample_city.undo()
    with sample_city.read() as read:
        assert open_count(read) == (held, waiting)


def test_departments_say_which_measures_cost_them_and_lead_there(page: QualityPage, qtbot: QtBot) -> None:
    page.look.setCurrentIndex(1)
    assert page.table.current().name == "Parks and libraries"
    link = page._side.findChildren(Link)[0]
    assert link.accessibleName() == "Residents within a ten-minute walk, Score 92 · on time 75\u00a0%"
    QTest.keyClick(link, Qt.Key.Key_Space)
    assert page.look.currentIndex() == 0
    assert page.table.current().measure.code == "PK-06"


def test_enter_opens_the_measure_and_search_narrows(page: QualityPage) -> None:
    gone: list[str] = []
    page.go.connect(gone.append)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert gone == ["measure:PK-06"]
    QTest.keyClicks(page._search, "police")
    assert page.table.model().rowCount() == 11


def test_typing_an_a_in_the_search_is_no_acceptance(page: QualityPage) -> None:
    choose(page, "PW-04")
    page._search.setFocus()
    QTest.keyClicks(page._search, "a")
    assert page.findChild(DoubtsDialog) is None
    assert page._search.text() == "a"


def test_called_with_a_code_it_shows_that_measure(qtbot: QtBot, sample_city: City, today: date) -> None:
    made = QualityPage(sample_city, "PW-04", today)
    qtbot.addWidget(made)
    made.show()
    settled(qtbot, made)
    assert made.table.current().measure.code == "PW-04"


def test_an_empty_city_says_what_belongs_here(qtbot: QtBot, city: City, today: date) -> None:
    made = QualityPage(city, today=today)
    qtbot.addWidget(made)
    made.show()
    jobs.wait()
    qtbot.waitUntil(lambda: made._nothing.isVisible())
    assert made.sentence.text() == "No measures yet"
