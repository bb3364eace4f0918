"""The register: an update is one act with its history, and due dates fall into weeks and months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.actions import DUE, ActionRow, action, actions, history, unanswered, update_action
from citystat.meetings.meeting import meetings
from citystat.meetings.record import change_entry
from citystat.models import Person

NOW = datetime(2026, 3, 10, 9, 0)


@pytest.fixture
def promise(sample_city: City, today: date) -> ActionRow:
    with sample_city.read() as read:
        return next(a for a in actions(read, today, only_open=True) if a.status == "open")


def test_an_update_is_one_act_and_one_step_of_undo(sample_city: City, promise: ActionRow, today: date) -> None:
    with sample_city.read() as read:
        other = read.query(Person).filter(Person.id != promise.owner_id).first().id
        before = history(read, promise.id)
    update_action(
        sample_city, promise.id, now=NOW, comment="Half is done", status="in progress", due=date(2026, 5, 1),
        owner_id=other,
    )  # fmt: skip
    with sample_city.read() as read:
        changed, steps = action(read, promise.id, today), history(read, promise.id)
    assert (changed.status, changed.due, changed.owner_id) == ("in progress", date(2026, 5, 1), other)
    assert len(steps) == len(before) + 1
    assert steps[-1].words.startswith("open → on the way · due ")
    assert promise.owner in steps[-1].comment and "Half is done" in steps[-1].comment
    sample_city.undo()
    with sample_city.read() as read:
        assert action(read, promise.id, today) == promise
        assert history(read, promise.id) == before


def test_an_update_that_changes_nothing_is_refused(sample_city: City, promise: ActionRow) -> None:
    with pytest.raises(CityStatError, match="Nothing was changed"):
        update_action(sample_city, promise.id, now=NOW, status=promise.status, due=promise.due)


def test_a_promise_is_dropped_with_a_reason(sample_city: City, promise: ActionRow, today: date) -> None:
    with pytest.raises(CityStatError, match="dropped with a reason"):
        update_action(sample_city, promise.id, now=NOW, status="dropped")
    with sample_city.read() as read:
        assert action(read, promise.id, today).status == promise.status


@pytest.mark.parametrize(
    ("due", "late", "expected"),
    [
        (date(2026, 3, 9), 1, {"overdue", "week", "month"}),
        (date(2026, 3, 15), 0, {"week", "month"}),
        (date(2026, 3, 16), 0, {"month"}),
        (date(2026, 4, 1), 0, set()),
        (None, 0, {"none"}),
    ],
)
def test_due_dates_fall_into_weeks_and_months(
    promise: ActionRow, today: date, due: date | None, late: int, expected: set[str]
) -> None:
    row = replace(promise, due=due, days_late=late)
    assert {key for key, (_, fits) in DUE.items() if fits(row, today)} == expected


def test_a_promise_of_which_something_was_heard_is_answered(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        planned = next(m.id for m in meetings(read) if m.status == "planned")
        silent = unanswered(read, planned, today)
    update_action(sample_city, silent[0].id, now=NOW, comment="On Friday")
    with sample_city.read() as read:
        assert [a.id for a in unanswered(read, planned, today)] == [a.id for a in silent[1:]]


def test_a_day_that_can_only_be_a_slip_is_refused_wherever_it_is_typed(sample_city: City, promise: ActionRow) -> None:
    far = date(9999, 12, 31)
    with pytest.raises(CityStatError, match="too far away to be due"):
        update_action(sample_city, promise.id, now=NOW, due=far)
    with pytest.raises(CityStatError, match="Choose a day from 1 Jan 1800 to 31 Dec 2199"):
        change_entry(sample_city, "action", promise.id, NOW, due=far)
    with sample_city.read() as read:
        assert action(read, promise.id, NOW.date()).due == promise.due
