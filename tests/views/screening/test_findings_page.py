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
from citystat.screening.finding import AHEAD
from citystat.views import jobs
from citystat.views.measures.page import MeasurePage
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
    assert "goal “Streets are kept in repair”, priority 2" in page.why.text()
    assert all(row.chart is not None for row in page.list.rows)


def test_the_page_says_of_what_the_rate_is_and_what_is_folded_away_can_be_unfolded(page: FindingsPage) -> None:
    look = page._look
    beneath = [f for f in look.found.findings if f.under is not None]
    assert f"{len(beneath)} more are told by others" in page.under.text()
    n = len(page.list.rows)
    page.fold.setCurrentIndex(1)
    assert len(page.list.rows) == n + len(beneath)
    assert [row.inset for row in page.list.rows] == [f.under is not None for f in look.found.findings]


def test_a_target_endangered_by_its_forecast_says_that_it_is_one(page: FindingsPage) -> None:
    page.kind.setCurrentIndex(page.kind.findData(AHEAD))
    first, second = page.list.rows
    assert [first.right_under, second.right_under] == ["EC-04", "PD-03"]
    assert "the chance of 92.0 % is less than 1 %" in first.under
    assert "no test" in page.why.text() and "2 are forecasts" in page.under.text()
    assert page.chart.chart is not None and page.chart.chart.ahead is not None


def test_what_an_answered_finding_tells_waits_no_longer_either(page: FindingsPage) -> None:
    page.fold.setCurrentIndex(1)
    assert sum("Ambulance response" in row.title for row in page.list.rows) > 1
    page.list.choose(next(row.key for row in page.list.rows if row.title.startswith("Ambulance response")))
    page.accept()
    assert not any("Ambulance response" in row.title for row in page.list.rows)


def test_enter_on_a_part_opens_the_breakdown_at_that_part(
    qtbot: QtBot, page: FindingsPage, sample_city: City, today: date
) -> None:
    page.fold.setCurrentIndex(1)
    page.list.choose(
        next(key for key, f in page._shown.items() if f.category == "Ward 3" and f.measure.code == "FD-01")
    )
    with qtbot.waitSignal(page.go) as going:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert going.args == ["measure:FD-01:Ward=Ward 3"]
    shown = MeasurePage(sample_city, going.args[0].partition(":")[2], today)
    qtbot.addWidget(shown)
    leads = [line.name for line in shown.chart.chart.lines if line.leads]
    assert leads == ["Ward 3"]


def test_a_goal_narrows_the_list(page: FindingsPage) -> None:
    page.goal.setCurrentIndex(page.goal.findText("Help arrives in time"))
    assert {f.measure.code for f in page._shown.values()} == {"FD-01", "EC-04", "EC-07"}


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
    assert sample_city.undo() == f"Put {wanted.measure.code} on the agenda"
    with sample_city.read() as read:
        assert len(agenda(read, next_meeting(read, today).id)) == len(items) - 1, "G is one step"
    sample_city.undo()
    sample_city.undo()
    assert page.list.rows == []


def test_filters_narrow_and_enter_opens_the_measure(qtbot: QtBot, page: FindingsPage) -> None:
    page.department.setCurrentIndex(page.department.findData("Fire"))
    assert {f.measure.department for f in page._shown.values()} == {"Fire"}
    with qtbot.waitSignal(page.go) as going:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert going.args == ["measure:FD-01"]
