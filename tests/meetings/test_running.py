"""The clock of a meeting: how far the room is behind its plan, whatever order it takes the items in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from citystat.city import City
from citystat.meetings import agenda, meeting, running

BEGAN = datetime(2026, 3, 12, 10, 0)


@pytest.fixture
def held(sample_city: City) -> int:
    with sample_city.read() as read:
        held = next(m.id for m in meeting.meetings(read) if m.status == "planned")
    running.start(sample_city, held, BEGAN)
    return held


def behind(city: City, held: int, at: datetime) -> float:
    with city.read() as read:
        return running.clock(agenda.agenda(read, held), meeting.meeting(read, held), at).behind_minutes


def after(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def items(city: City, held: int) -> list[agenda.Item]:
    with city.read() as read:
        return agenda.agenda(read, held)


def test_inside_its_time_an_item_is_not_behind(sample_city: City, held: int) -> None:
    running.enter(sample_city, held, items(sample_city, held)[0].id, BEGAN)  # 5 minutes are planned
    assert behind(sample_city, held, after(4)) == 0
    assert behind(sample_city, held, after(7)) == pytest.approx(2)


def test_an_item_that_ended_early_gives_its_minutes_to_the_rest(sample_city: City, held: int) -> None:
    first, second, *_ = items(sample_city, held)
    running.enter(sample_city, held, first.id, BEGAN)
    running.enter(sample_city, held, second.id, after(3))
    assert behind(sample_city, held, after(4)) == pytest.approx(-2)


def test_going_back_to_an_item_moves_no_other_account(sample_city: City, held: int) -> None:
    first, second, third, *_ = items(sample_city, held)
    running.enter(sample_city, held, first.id, BEGAN)
    running.enter(sample_city, held, second.id, after(8))  # three over
    running.enter(sample_city, held, third.id, after(8 + second.minutes))
    before = behind(sample_city, held, after(8 + second.minutes))
    running.enter(sample_city, held, first.id, after(8 + second.minutes))
    assert behind(sample_city, held, after(8 + second.minutes)) == pytest.approx(before) == pytest.approx(3)
