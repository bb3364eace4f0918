"""On a measure's page: what is in doubt, and which rules hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from citystat.city import City, journal
from citystat.collect.checks import ERROR, OFF, Own, own_rules
from citystat.views.measures.checks import ChecksDialog
from citystat.views.measures.doubts import DoubtsDialog
from citystat.views.measures.page import MeasurePage
from tests.collect.bringing import measure, values
from tests.collect.test_checks import bring, history


@pytest.fixture
def page(qtbot: QtBot, strays: list[str], city: City, tmp_path: Path, today: date) -> Iterator[MeasurePage]:
    history(city, tmp_path)
    bring(city, tmp_path, [("2026-02", 640)])
    made = MeasurePage(city, "V", today)
    qtbot.addWidget(made)
    stop = city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1232, 808)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    assert strays == []


def test_the_chart_says_on_pointing_why_a_figure_is_ringed(page: MeasurePage) -> None:
    page.chart.setFocus()
    QTest.keyClick(page.chart, Qt.Key.Key_End)
    assert "not accepted yet: A jump to 640" in page.chart.accessibleDescription()
    page.explore()
    assert "not accepted yet: A jump to 640" in page.place.interactive.point_at(len(page._chart.periods) - 1)


def test_the_ring_is_painted_and_goes_with_the_doubt(page: MeasurePage) -> None:
    with_ring = page.chart.grab().toImage()
    QTest.keyClick(page.chart, Qt.Key.Key_A)
    dialog = page.findChild(DoubtsDialog)
    dialog.reason.setText("storm week")
    dialog.attempt()
    assert page._chart.doubts == () and not page.doubts.isVisible()
    assert page.chart.grab().toImage() != with_ring


def test_what_was_held_back_is_left_out_by_delete(page: MeasurePage, city: City, tmp_path: Path) -> None:
    bring(city, tmp_path, [("2026-03", 50_300)])
    assert [r.right for r in page.doubts.list.rows] == ["held back", "Unexpected jump"]
    page.doubts.list.setFocus()
    page.doubts.list.choose(page.doubts.list.rows[0].key)
    QTest.keyClick(page.doubts.list, Qt.Key.Key_Delete)
    dialog = page.findChild(DoubtsDialog)
    dialog.reason.setText("a slip of the pen")
    dialog.attempt()
    assert [r.right for r in page.doubts.list.rows] == ["Unexpected jump"]
    assert "2026-03" not in values(measure(city, "V"))


def test_all_are_accepted_with_one_reason(page: MeasurePage, city: City, tmp_path: Path) -> None:
    bring(city, tmp_path, [("2026-03", 50_300)])
    page.doubts.accept_all()
    dialog = page.findChild(DoubtsDialog)
    dialog.reason.setText("a new count")
    dialog.attempt()
    assert not page.doubts.isVisible()
    assert values(measure(city, "V"))["2026-03"] == 50_300


def test_rules_are_changed_and_one_that_is_switched_off_needs_a_reason(
    page: MeasurePage, city: City, qtbot: QtBot
) -> None:
    dialog = ChecksDialog(city, page._standing.measure, page)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.reason.isVisible()
    dialog.levels["range"].setCurrentIndex(dialog.levels["range"].findData(ERROR))
    dialog.numbers["range", "least"].setText("900")
    dialog.numbers["range", "most"].setText("100")
    dialog.attempt()
    assert "The most lies below the least" in dialog._wrong.text()
    dialog.numbers["range", "least"].setText("")
    dialog.levels["jump"].setCurrentIndex(dialog.levels["jump"].findData(OFF))
    assert dialog.reason.isVisible()
    dialog.attempt()
    assert "without a reason" in dialog._wrong.text()
    dialog.reason.setText("grows by campaign")
    dialog.attempt()
    with city.read() as read:
        assert own_rules(read, 1) == {"range": Own(ERROR, {"most": 100.0}), "jump": Own(OFF, {})}
        assert "grows by campaign" in journal.trail(read, limit=1)[0].what
    again = ChecksDialog(city, page._standing.measure, page)
    qtbot.addWidget(again)
    assert again.numbers["range", "most"].text() == "100" and again.levels["jump"].currentData() == OFF
