"""Targets that are set, corrected and moved, and where the way to them begins."""

from __future__ import annotations

from datetime import date

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.series import Series, definition, series
from citystat.measures.target import HOLD, REACH, TargetStep
from citystat.measures.targets import easier, moved, remove_target, set_baseline, set_target, targets
from citystat.numbers import number

MEASURE = "EC-01"


def now(city: City) -> Series:
    with city.read() as read:
        return series(read, definition(read, MEASURE))


def test_a_target_to_be_reached_sets_out_from_what_was_wanted_when_the_way_begins(sample_city: City) -> None:
    m = now(sample_city).measure.id
    set_target(sample_city, m, TargetStep(date(2027, 1, 1), 94.0, kind=REACH), begins=date(2026, 1, 1))
    whole = now(sample_city)
    assert whole.target_at(date(2025, 12, 1)).value == 92.0  # what was judged by then stays as it was
    assert whole.target_at(date(2026, 1, 1)).value == 92.0
    assert whole.target_at(date(2026, 7, 1)).value == pytest.approx(93.0)
    sample_city.undo()
    assert len(now(sample_city).targets) == 3  # both in one step


def test_a_way_from_nowhere_is_refused(city: City) -> None:
    from citystat.measures.edit import save_measure

    m = save_measure(city, None, code=MEASURE, name="Answered")
    end = TargetStep(date(2027, 1, 1), 94.0, kind=REACH)
    with pytest.raises(CityStatError, match="begins nowhere"):
        set_target(city, m, end)
    with pytest.raises(CityStatError, match="no value in Jan 2025"):
        set_target(city, m, end, begins=date(2025, 1, 1))
    with pytest.raises(CityStatError, match="before the target is due"):
        set_target(city, m, end, begins=date(2027, 1, 1))
    set_baseline(city, m, 80.0, date(2025, 1, 1))
    set_target(city, m, end)
    assert now(city).target_at(date(2026, 1, 1)).value == 87.0
    set_baseline(city, m, None, None)
    assert now(city).target_at(date(2026, 1, 1)) is None


def test_a_target_that_was_moved_is_seen_to_have_been_moved(sample_city: City) -> None:
    m = now(sample_city).measure
    with sample_city.read() as read:
        newest = targets(read, m.id)[0]
        assert moved(read, [m.id]) == []  # those of the sample were set once
    said = TargetStep(newest.since, 92.0, agreed_by="Ana Reyes", agreed_on=date(2026, 3, 1), id=newest.id)
    set_target(sample_city, m.id, said)
    with sample_city.read() as read:
        assert moved(read, [m.id]) == []  # who agreed it moves nothing
    set_target(sample_city, m.id, TargetStep(newest.since, 90.0, agreed_by="Ana Reyes", id=newest.id))
    with sample_city.read() as read:
        (once,) = moved(read, [m.id])
    assert (once.before.value, once.after.value, once.who) == (92.0, 90.0, "tester")
    assert easier(once.before, once.after, "higher")
    assert not easier(once.before, once.after, "lower")
    remove_target(sample_city, newest.id)
    with sample_city.read() as read:
        assert [(x.before.value, x.after and x.after.value) for x in moved(read, [m.id])] == [
            (90.0, None),
            (92.0, 90.0),
        ]
    sample_city.undo()
    sample_city.undo()
    with sample_city.read() as read:
        assert moved(read, [m.id]) == []  # what was taken back was not moved


def test_later_or_less_or_wider_is_easier() -> None:
    day, later = date(2026, 1, 1), date(2027, 1, 1)
    assert easier(TargetStep(day, 90.0), TargetStep(later, 90.0), "higher")
    assert not easier(TargetStep(day, 90.0), TargetStep(day, 91.0), "higher")
    assert easier(TargetStep(day, 5.0, 7.0), TargetStep(day, 4.0, 7.0), "range")
    assert easier(TargetStep(day, 90.0), None, "higher")


def test_what_makes_no_sense_is_refused(sample_city: City) -> None:
    m = now(sample_city).measure.id
    with pytest.raises(CityStatError, match="upper end"):
        set_target(sample_city, m, TargetStep(date(2026, 1, 1), 9.0, 3.0))
    with pytest.raises(CityStatError, match="tolerance"):
        set_target(sample_city, m, TargetStep(date(2026, 1, 1), 9.0, tolerance=-1.0, kind=HOLD))
    assert number(now(sample_city).targets[-1].value) == "92"
