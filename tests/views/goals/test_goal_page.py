"""One goal's page: where it stands, what was moved, where it is heading; changed by its dialog."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.goals.tree import tree
from citystat.measures.series import definition
from citystat.measures.target import HOLD, REACH, TargetStep
from citystat.measures.targets import set_target, targets
from citystat.views import jobs
from citystat.views.goals.goal import GoalPage
from citystat.views.goals.goal_dialog import GoalDialog, WeightsDialog
from citystat.views.goals.way import WayBar
from citystat.views.measures.targets import BaselineDialog, TargetDialog


@pytest.fixture
def page(qtbot: QtBot, sample_city: City) -> GoalPage:
    made = GoalPage(sample_city, 1)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1200, 900)
    made.show()
    jobs.wait()
    return made


def words(page: GoalPage) -> list[str]:
    return [w.text() for w in page.findChildren(QLabel) if w.isVisibleTo(page)]


def test_it_says_where_the_goal_stands_what_shows_it_and_how_that_was_found(page: GoalPage) -> None:
    assert page.sentence.text() == "Help arrives in time is nearly on track: 6 on track, 1 near, 2 behind, 3 not judged"
    assert page.under.text() == "Safe streets · Dana Whitfield · with Fire, Police"
    said = words(page)
    assert "92.9 %, 92.0 % wanted · FY26 to Jan 2026 · weight 3" in said
    assert said.index("◆ behind") < said.index("≈ near") < said.index("✓ on track")  # the worst first
    assert any(w.startswith("EC-01 (weight 3): FY26 to Jan 2026: 92.9 % over 7 periods") for w in said)
    assert any("of 14 points" in w for w in said)


def test_where_each_measure_is_heading_follows(page: GoalPage) -> None:
    assert "FY26 is heading for 93.0 %; the chance of 92.0 % is more than 99 %." in words(page)


def test_a_way_has_a_bar_that_says_what_is_gone_and_what_should_be(page: GoalPage) -> None:
    bars = [w.accessibleName() for w in page.findChildren(WayBar)]
    assert any(name.startswith("From 81.2 % in Jul 2022 to 85 % by Jun 2028: ") for name in bars)


def test_a_target_that_was_moved_is_seen_on_the_page(page: GoalPage, sample_city: City) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
        newest = targets(read, m.id)[0]
    set_target(sample_city, m.id, replace(newest, value=90.0))
    jobs.wait()
    moved = next(w for w in words(page) if "Target moved on" in w)
    assert moved.endswith("by tester: 92 % from Jul 2024 → 90 % from Jul 2024, easier than before")


def test_owner_and_helpers_are_changed_in_the_dialog(page: GoalPage, sample_city: City) -> None:
    page.change()
    dialog = page.findChild(GoalDialog)
    dialog.owner.setCurrentIndex(dialog.owner.count() - 1)
    owner = dialog.owner.currentText()
    for tick in dialog._ticks.values():
        tick.setChecked(tick.text() == "Public works")
    dialog.programs.setText("Call handling; Vision Zero")
    dialog.attempt()
    jobs.wait()
    with sample_city.read() as read:
        goal = tree(read)[0].goals[0]
    assert goal.owner == owner
    assert [(name, program) for _, name, program in goal.contributors] == [
        ("Public works", ""), ("", "Call handling"), ("", "Vision Zero"),
    ]  # fmt: skip
    assert owner in page.under.text()
    sample_city.undo()
    assert "with Fire, Police" in page.under.text()


def test_a_measure_that_counts_more_moves_the_goal(page: GoalPage, sample_city: City) -> None:
    page.weigh()
    dialog = page.findChild(WeightsDialog)
    next(iter(dialog.weights.values())).setValue(20)
    dialog.attempt()
    jobs.wait()
    assert page.sentence.text().startswith("Help arrives in time is on track: ")
    sample_city.undo()
    assert page.sentence.text().startswith("Help arrives in time is nearly on track: ")


def test_a_goal_that_is_gone_says_so(qtbot: QtBot, sample_city: City) -> None:
    made = GoalPage(sample_city, 999)
    qtbot.addWidget(made)
    assert "is gone" in made.sentence.text()


def test_a_target_to_be_reached_is_set_in_the_dialog(page: GoalPage, sample_city: City) -> None:
    standing = page._found.standings[0]
    dialog = TargetDialog(sample_city, standing.series, page)
    dialog.open()
    assert not dialog.begins.isVisibleTo(dialog)
    dialog.kind.setCurrentIndex(dialog.kind.findText("is reached by then"))
    assert dialog.begins.isVisibleTo(dialog)
    dialog.value.setValue(95)
    dialog.period.setCurrentIndex(dialog.period.findText("Jun 2028"))
    assert dialog.begins.currentText() == "in Jan 2026, where it stands: 93.7 %"
    dialog.begins.setCurrentIndex(1)
    dialog.tolerance.setValue(0.5)
    dialog.agreed_by.setText("Dana Whitfield")
    dialog.attempt()
    with sample_city.read() as read:
        last, anchor, *_ = targets(read, standing.measure.id)
    assert (last.value, last.kind, last.since, last.tolerance, last.agreed_by) == (
        95.0,
        REACH,
        date(2028, 6, 1),
        0.5,
        "Dana Whitfield",
    )
    assert (anchor.value, anchor.kind, anchor.since) == (92.0, HOLD, date(2026, 1, 1))


def test_a_baseline_is_a_periods_value_or_its_years_mean(page: GoalPage, sample_city: City) -> None:
    series = page._found.standings[1].series  # has none yet
    dialog = BaselineDialog(sample_city, series, page)
    dialog.open()
    assert dialog.value.value() == pytest.approx(series.values[0])
    dialog.period.setCurrentIndex(dialog.period.findText("Mar 2023"))
    assert dialog.value.value() == pytest.approx(series.values[series.periods.index(date(2023, 3, 1))])
    dialog._mean()
    year = [v for p, v in zip(series.periods, series.values, strict=True) if date(2022, 7, 1) <= p < date(2023, 7, 1)]
    assert dialog.value.value() == pytest.approx(sum(year) / 12, abs=0.01)
    dialog.attempt()
    with sample_city.read() as read:
        kept = definition(read, series.measure.code).baseline
    assert (kept.period, round(kept.value, 2)) == (date(2023, 3, 1), round(sum(year) / 12, 2))


def test_what_nobody_changed_in_the_dialog_stays_to_its_last_digit(page: GoalPage, sample_city: City) -> None:
    series = page._found.standings[0].series
    set_target(sample_city, series.measure.id, TargetStep(date(2026, 5, 1), 91.647314))
    with sample_city.read() as read:
        known = targets(read, series.measure.id)[0]
    dialog = TargetDialog(sample_city, series, page, known)
    dialog.tolerance.setValue(0.7)
    dialog.attempt()
    with sample_city.read() as read:
        kept = targets(read, series.measure.id)[0]
    assert (kept.value, kept.tolerance) == (91.647314, 0.7)
