"""Goals at a glance: every goal with its state, its measures, and targets that were moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from citystat.city import City
from citystat.documents.content import Document, Heading, Paragraph, Table
from citystat.errors import Cancelled
from citystat.goals.glance import compose
from citystat.goals.tree import tree
from citystat.measures.series import definition
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target, targets


@pytest.fixture
def glance(sample_city: City, today: date) -> Document:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
        newest = targets(read, m.id)[0]
    set_target(sample_city, m.id, replace(newest, value=93.5))
    with sample_city.read() as read:
        return compose(read, today)


def test_the_first_table_has_every_goal_with_owner_and_state(glance: Document, sample_city: City) -> None:
    with sample_city.read() as read:
        goals = [g for p in tree(read) for g in p.goals]
    table = glance.blocks[0]
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == [g.name for g in goals]
    help_in_time = table.rows[0]
    assert help_in_time[0] == "Safe streets"
    assert help_in_time[2:4] == ("Dana Whitfield", "◆ behind")
    assert table.rows[1][0] == ""  # a priority is named once
    assert glance.under.startswith("12 goals: ")


def test_each_goal_has_its_measures_from_baseline_to_where_they_are_heading(glance: Document) -> None:
    at = next(i for i, b in enumerate(glance.blocks) if isinstance(b, Heading) and b.text == "Help arrives in time")
    table = next(b for b in glance.blocks[at:] if isinstance(b, Table))
    answered = table.rows[0]
    assert answered[0] == "Emergency calls answered within 10 seconds"
    assert answered[1:5] == ("86.4 %\nJul 2022", "92.9 %\nFY26 to Jan 2026", "93.5 %", "◆ behind")
    assert answered[5].startswith("FY26: 93.0 %\nchance of its target: ")


def test_a_target_that_was_moved_is_said(glance: Document) -> None:
    moved = [b.text for b in glance.blocks if isinstance(b, Paragraph) and "Target moved" in b.text]
    assert len(moved) == 1
    assert "92 % from Jul 2024 → 93.5 % from Jul 2024" in moved[0]
    assert "easier" not in moved[0]


def test_it_can_be_stopped(sample_city: City, today: date) -> None:
    class Stopped:
        cancelled = True

        def report(self, share: float, words: str = "") -> None:
            raise Cancelled

    with sample_city.read() as read:
        m = definition(read, "EC-01")
    set_target(sample_city, m.id, TargetStep(date(2026, 3, 1), 91.23))  # that nobody has forecast yet
    with sample_city.read() as read, pytest.raises(Cancelled):
        compose(read, today, Stopped())
