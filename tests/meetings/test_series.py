"""Series and planning: members, remit, another day, cancelled, planned again."""

from __future__ import annotations

from datetime import date, time

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import plan
from citystat.meetings.meeting import attendance, meeting, next_meeting
from citystat.meetings.series import all_series, members, remove_series, save_series
from citystat.people.roster import save_person


@pytest.fixture
def chair(city: City) -> int:
    return save_person(city, None, name="Elena Reyes", title="Mayor")


@pytest.fixture
def series(city: City, chair: int) -> int:
    return save_series(city, None, name="TestStat", place="Room 4", chair_id=chair, members=[(chair, "chair")])


def test_a_planned_meeting_expects_the_members_of_its_series(city: City, series: int, today: date) -> None:
    made = plan.plan(city, series, today)
    with city.read() as read:
        assert [(p.name, p.role, p.status) for p in attendance(read, made)] == [("Elena Reyes", "chair", "expected")]


def test_planning_is_one_step_of_undo(city: City, series: int, today: date) -> None:
    plan.plan(city, series, today)
    city.undo()
    with city.read() as read:
        assert next_meeting(read, today) is None


def test_a_series_keeps_its_members_when_it_is_renamed(city: City, series: int, chair: int) -> None:
    save_series(city, series, name="StreetStat", chair_id=chair, members=[(chair, "chair")])
    with city.read() as read:
        assert [s.name for s in all_series(read)] == ["StreetStat"]
        assert members(read, series) == [(chair, "chair")]


def test_two_series_of_one_name_are_refused(city: City, series: int) -> None:
    with pytest.raises(CityStatError, match="There is a series teststat already"):
        save_series(city, None, name="teststat")


def test_a_series_meets_once_a_day(city: City, series: int, today: date) -> None:
    plan.plan(city, series, today)
    with pytest.raises(CityStatError, match="TestStat already meets on Tue 10 March 2026"):
        plan.plan(city, series, today)


def test_a_meeting_moves_to_another_day_and_back(city: City, series: int, today: date) -> None:
    made = plan.plan(city, series, today)
    plan.move(city, made, day=date(2026, 3, 17), starts=time(9, 0), minutes=60, place="Annex")
    with city.read() as read:
        row = meeting(read, made)
    assert (row.day, row.starts, row.minutes, row.place) == (date(2026, 3, 17), time(9, 0), 60, "Annex")
    city.undo()
    with city.read() as read:
        assert meeting(read, made).day == today


def test_a_cancelled_meeting_is_not_next_and_can_be_planned_again(city: City, series: int, today: date) -> None:
    made = plan.plan(city, series, today)
    plan.cancel(city, made)
    with city.read() as read:
        assert next_meeting(read, today) is None
    plan.plan_again(city, made)
    with city.read() as read:
        assert next_meeting(read, today).id == made


def test_a_cancelled_meeting_cannot_return_to_a_day_that_is_taken(city: City, series: int, today: date) -> None:
    made = plan.plan(city, series, today)
    plan.cancel(city, made)
    plan.plan(city, series, today)
    with pytest.raises(CityStatError, match="already meets"):
        plan.plan_again(city, made)


def test_a_series_that_met_stays(city: City, series: int, today: date) -> None:
    plan.plan(city, series, today)
    with pytest.raises(CityStatError, match="1 meeting on record"):
        remove_series(city, series)


def test_a_series_that_never_met_can_be_removed_and_brought_back(city: City, series: int, chair: int) -> None:
    remove_series(city, series)
    with city.read() as read:
        assert all_series(read) == []
    city.undo()
    with city.read() as read:
        assert members(read, series) == [(chair, "chair")]
