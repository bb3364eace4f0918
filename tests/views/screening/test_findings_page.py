"""Findings answered with one key each, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.agenda import agenda
from citystat.meetings.meeting import next_meeting
from citystat.screening.answers import DISMISSED
from citystat.views import jobs
from citystat.views.screening.page import FindingsPage
from citystat.views.widgets.fields import ReasonDialog


@pytest.fixture
def page(qtbot: QtBot, sample_city: City, today: date) -> FindingsPage:
    made = FindingsPage(sample_city, today)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1200, 800)
    made.show()
    made.activateWindow()
    jobs.wait()
    return made


def test_the_newest_and_worst_stands_first_with_its_chart(page: FindingsPage) -> None:
    assert "wait for an answer" in page.sentence.text() and "Benjamini–Hochberg" in page.under.text()
    assert page.name.text() == "PW-04 · Street lights out"
    assert page.chart.chart is not None and page.chart.chart.code == "PW-04"
    assert "a goal rests on it" in page.why.text()


def test_one_is_accepted_one_dismissed_with_a_reason_and_one_put_on_the_agenda(
    qtbot: QtBot, page: FindingsPage, sample_city: City, today: date
) -> None:
    n = len(page.list.rows)
    page.accept()
    assert len(page.list.rows) == n - 1
    page.dismiss()
    dialog = page.findChild(ReasonDialog)
    dialog.attempt()
    assert dialog.isVisible()
    dialog.reason.setText("the hospital moved")
    dialog.attempt()
    assert len(page.list.rows) == n - 2
    wanted = page._chosen()
    page.put_on_agenda()
    assert len(page.list.rows) == n - 3
    with sample_city.read() as read:
        items = agenda(read, next_meeting(read, today).id)
    assert any(c.measure_id == wanted.measure.id for i in items for c in i.measures)
    page.state.setCurrentIndex(page.state.findData(DISMISSED))
    (row,) = page.list.rows
    assert row.right == "dismissed" and "the hospital moved" in page.why.text()
    sample_city.undo()
    sample_city.undo()
    sample_city.undo()
    assert page.list.rows == []


def test_filters_narrow_and_enter_opens_the_measure(qtbot: QtBot, page: FindingsPage) -> None:
    page.department.setCurrentIndex(page.department.findData("Fire"))
    assert {f.measure.department for f in page._shown.values()} == {"Fire"}
    with qtbot.waitSignal(page.go) as going:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert going.args == ["measure:FD-01"]
