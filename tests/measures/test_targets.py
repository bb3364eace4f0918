"""Targets that are set, corrected and moved, and where the way to them begins."""

from __future__ import annotations

from datetime import date

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.series import Series, definition, series
from citystat.measures.target import HOLD, REACH, TargetStep
from citystat.measures.targets import easier, moved, remove_target, set_baseline, set_target, targets, ways, year_mean
from citystat.numbers import number

MEASURE = "EC-01"


def now(city: City) -> Series:
    with city.read() as read:
        return series(read, definition(read, MEASURE))


def test_a_way_that_begins_later_leaves_what_was_judged_by_then(sample_city: City) -> None:
    m = now(sample_city).measure.id
    set_target(sample_city, m, TargetStep(date(2027, 1, 1), 94.0, kind=REACH), start=TargetStep(date(2026, 1, 1), 92.0))
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
    with pytest.raises(CityStatError, match="before the target is due"):
        set_target(city, m, end, start=TargetStep(date(2027, 1, 1), 80.0))
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


def test_a_way_may_begin_where_the_measure_stands_or_at_what_was_wanted(sample_city: City) -> None:
    whole = now(sample_city)
    offered = ways(whole)
    assert [words for words, _ in offered] == [
        "in Jan 2026, where it stands: 93.7 %",
        "in Jan 2026, at what was wanted: 92 %",
        "at the target, or the baseline, before it; what came since is judged by it",
    ]
    set_target(sample_city, whole.measure.id, TargetStep(date(2027, 1, 1), 96.0, kind=REACH), start=offered[0][1])
    assert now(sample_city).target_at(date(2026, 1, 1)).value == pytest.approx(whole.values[whole.last_final])


def test_a_years_mean_is_by_the_measures_own_rule_and_of_final_values(sample_city: City) -> None:
    whole = now(sample_city)  # a ratio: of sums
    year = [i for i, p in enumerate(whole.periods) if date(2022, 7, 1) <= p < date(2023, 7, 1)]
    assert year_mean(whole, date(2022, 12, 1)) == pytest.approx(
        100 * whole.numerator[year].sum() / whole.denominator[year].sum()
    )
    known = [i for i, p in enumerate(whole.periods) if p >= date(2025, 7, 1) and whole.status[i] != "preliminary"]
    assert year_mean(whole, date(2026, 2, 1)) == pytest.approx(
        100 * whole.numerator[known].sum() / whole.denominator[known].sum()
    )
    assert year_mean(whole, date(2010, 1, 1)) is None


def test_a_way_that_another_target_would_cut_is_refused(sample_city: City) -> None:
    m = now(sample_city).measure.id
    with pytest.raises(CityStatError, match="Another target lies between"):
        set_target(
            sample_city, m, TargetStep(date(2027, 1, 1), 96.0, kind=REACH), start=TargetStep(date(2024, 1, 1), 90.0)
        )


def test_what_is_put_off_is_easier_even_where_more_is_wanted_then() -> None:
    day, later = date(2026, 1, 1), date(2029, 1, 1)
    assert easier(TargetStep(day, 90.0), TargetStep(later, 90.1), "higher")
    assert easier(TargetStep(day, 5.0, 7.0), TargetStep(later, 5.0, 7.0), "range")
    assert easier(TargetStep(day, 90.0, kind=REACH), TargetStep(day, 90.0), "higher")


def test_months_do_not_become_quarters_by_a_word(sample_city: City) -> None:
    from citystat.measures.edit import save_measure

    with pytest.raises(CityStatError, match="has values by month"):
        save_measure(sample_city, now(sample_city).measure.id, frequency="quarter")
    assert now(sample_city).measure.frequency == "month"
