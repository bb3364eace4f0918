"""Compared with whom, in the window: others are added with their source, and the picture says itself to a screen reader."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition
from citystat.views.measures.compared import ComparedPage, PeerDialog


def test_figures_of_others_are_added_and_compared(qtbot: QtBot, sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure = definition(read, "EC-01").id
    page = ComparedPage(sample_city, measure, today)
    qtbot.addWidget(page)
    stop = sample_city.subscribe(page.refresh)
    page.show()
    assert page.sentence.text() == "Nobody to compare with yet"
    page.add()
    dialog = page.findChild(PeerDialog)
    dialog.peer.setText("Harlow")
    dialog.top.setText("88,000")
    dialog.bottom.setText("100,000")
    dialog.attempt()
    assert "needs its source" in dialog._wrong.text()
    dialog.source.setText("State report 2025")
    dialog.attempt()
    assert page.dots.isVisible() and not page.funnel.isVisible()
    assert "Harlow: 88.0 %" in page.dots.accessibleName()
    assert [u.name for u in page.table.model_.rows] == ["This city", "Harlow"]
    stop()


def test_districts_are_compared_first_where_no_others_are_known(qtbot: QtBot, sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure = definition(read, "PW-31").id
    page = ComparedPage(sample_city, measure, today)
    qtbot.addWidget(page)
    page.show()
    assert page.against.currentText() == "By Route"
    assert page.funnel.isVisible()
    assert page.funnel.accessibleName().startswith("None of the 4 stands out")
