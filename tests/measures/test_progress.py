"""Progress of a measure: against the trajectory, by its own rule over time, from baseline to target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from citystat.measures.over_years import year_to_date
from citystat.measures.progress import BEHIND, NEAR, ON_TRACK, UNJUDGED, figures, progress
from citystat.measures.series import Remark, Series
from citystat.measures.target import ON_THE_WAY, REACH, Baseline, TargetStep, wanted
from citystat.measures.years import years
from tests.measures.made_series import a_series

JAN = date(2019, 1, 1)


def on_the_way(values: list[float], end: TargetStep, base: Baseline | None = None, **about: object) -> Series:
    """A monthly series from January 2019 with the way to `end` from its baseline."""
    made = a_series(values, **about)
    return replace(made, targets=(end,), measure=replace(made.measure, baseline=base))


def test_a_target_to_be_reached_is_led_up_to_by_equal_parts_from_the_baseline() -> None:
    end, base = TargetStep(date(2020, 1, 1), 24.0, kind=REACH), Baseline(JAN, 12.0)
    way = [wanted([end], base, date(2019, m, 1), "month") for m in (1, 2, 7, 12)]
    assert [(s.value, s.kind) for s in way if s] == [(v, ON_THE_WAY) for v in (12.0, 13.0, 18.0, 23.0)]
    reached = wanted([end], base, date(2021, 5, 1), "month")
    assert reached == end  # and from then on it holds
    assert wanted([end], base, date(2018, 12, 1), "month") is None


def test_a_way_sets_out_from_the_target_before_it_and_a_range_narrows_on_the_way() -> None:
    start, end = TargetStep(JAN, 10.0), TargetStep(date(2019, 5, 1), 6.0, upper=8.0, kind=REACH)
    half = wanted([start, end], None, date(2019, 3, 1), "month")
    assert half is not None
    assert (half.value, half.upper) == (8.0, 9.0)


def test_without_anything_before_it_a_target_begins_when_it_is_due() -> None:
    end = TargetStep(date(2020, 1, 1), 24.0, kind=REACH)
    assert wanted([end], None, date(2019, 6, 1), "month") is None


def test_it_is_held_against_the_trajectory_and_not_only_against_the_end() -> None:
    end, base = TargetStep(date(2020, 1, 1), 24.0, kind=REACH), Baseline(JAN, 12.0)
    found = progress(on_the_way([12, 13, 14, 15, 16, 17], end, base))
    assert (found.state, found.value, found.wanted) == (ON_TRACK, 14.5, 14.5)
    assert found.gone == pytest.approx(2.5 / 12)
    assert found.due == pytest.approx(2.5 / 12)
    behind = progress(on_the_way([12, 12, 13, 13, 14, 14], end, base))
    assert behind.state == BEHIND
    assert "It is short by 1.5." in behind.working[1]
    assert "From 12 in Jan 2019 to 24 by Jan 2020: 8 % of the way is gone, 21 % should be." in behind.working[-1]


@pytest.mark.parametrize(
    ("over_time", "value", "aim"),
    [("sum", 60.0, 66.0), ("mean", 10.0, 11.0), ("last", 15.0, 11.0), ("none", 15.0, 11.0)],
)
def test_the_year_to_date_follows_the_measures_own_rule(over_time: str, value: float, aim: float) -> None:
    found = progress(a_series([5, 7, 9, 11, 13, 15], target=11.0, over_time=over_time))
    assert (found.value, found.wanted) == (value, aim)


def test_a_ratio_is_the_ratio_of_sums_and_its_target_counts_as_its_denominators_do() -> None:
    made = a_series(
        [50, 80, 90], top=[5, 8, 81], bottom=[10, 10, 90], unit="percent", aggregation="ratio", multiplier=100.0
    )
    made = replace(made, targets=(TargetStep(JAN, 70.0), TargetStep(date(2019, 3, 1), 90.0)))
    found = progress(made)
    assert found.value == pytest.approx(100 * 94 / 110)
    assert found.wanted == pytest.approx((70 * 20 + 90 * 90) / 110)


def test_lower_is_better_where_it_is() -> None:
    assert progress(a_series([9.0] * 6, target=10.0, direction="lower")).state == ON_TRACK
    assert progress(a_series([11.0] * 6, target=10.0, direction="lower")).state == BEHIND


def test_near_is_within_the_tolerance_for_each_period_of_a_sum() -> None:
    made = a_series([9.5] * 6, over_time="sum")
    near = replace(made, targets=(TargetStep(JAN, 10.0, tolerance=0.5),))
    assert progress(near).state == NEAR
    assert "within the tolerance of 3.0" in progress(near).working[1]
    assert progress(replace(made, targets=(TargetStep(JAN, 10.0, tolerance=0.4),))).state == BEHIND


def test_a_range_is_kept_from_both_sides() -> None:
    ranged = TargetStep(JAN, 5.0, upper=7.0)
    states = [
        progress(replace(a_series([v] * 6, direction="range"), targets=(ranged,))).state for v in (4.0, 5.0, 7.0, 8.0)
    ]
    assert states == [BEHIND, ON_TRACK, ON_TRACK, BEHIND]


def test_a_year_that_has_just_begun_takes_in_the_months_before_it() -> None:
    found = progress(a_series([10.0] * 12 + [40.0], target=10.0))  # January alone would decide
    assert (found.judged, found.value) == ("Nov 2019 to Jan 2020", 20.0)


def test_preliminary_values_and_another_definition_have_no_say() -> None:
    changed = (Remark(date(2019, 5, 1), "definition", "counted anew"),)
    found = progress(a_series([99, 99, 99, 99, 1, 1, 1, 50], target=10.0, preliminary=1, remarks=changed))
    assert found.value == 1.0


def test_what_cannot_be_judged_says_why() -> None:
    assert progress(a_series([np.nan, np.nan], target=1.0)).state == UNJUDGED
    nothing = progress(a_series([1.0, 2.0, 3.0]))
    assert nothing.working == ("No target is in force in Mar 2019.",)
    no_side = progress(a_series([1.0, 2.0, 3.0], target=2.0, direction="none"))
    assert no_side.state == UNJUDGED
    assert "which direction is better" in no_side.working[0]


def test_arithmetic_alone_misses_no_target() -> None:
    assert progress(a_series([0.1, 0.2, 0.3], target=0.2, over_time="sum", decimals=1)).state == ON_TRACK


def test_a_measure_that_began_beyond_its_target_has_no_way_and_nothing_is_due_before_the_way_begins() -> None:
    end = TargetStep(date(2020, 1, 1), 10.0)
    beyond = progress(replace(on_the_way([11, 11, 11], end, Baseline(JAN, 12.0)), targets=(TargetStep(JAN, 10.0),)))
    assert (beyond.state, beyond.gone, beyond.due) == (ON_TRACK, None, None)
    late = on_the_way([9, 9, 9], end, Baseline(JAN, 8.0))
    found = progress(replace(late, targets=(TargetStep(JAN, 6.0), end)))
    assert (found.gone, found.due) == (0.5, 0.0)


def test_a_measure_that_became_a_range_is_judged_by_the_range_alone() -> None:
    made = replace(
        a_series([92.0] * 8, direction="range"),
        targets=(TargetStep(JAN, 95.0), TargetStep(date(2019, 6, 1), 90.0, 97.0)),
    )
    found = progress(made)
    assert found.state == ON_TRACK
    assert (found.wanted, found.upper) == pytest.approx((90.0, 97.0))
    later = replace(made, targets=(TargetStep(JAN, 90.0, 97.0), TargetStep(date(2020, 1, 1), 95.0)))
    assert progress(replace(later, measure=replace(later.measure, baseline=Baseline(JAN, 80.0)))).gone is None


def test_a_half_year_is_a_year_to_date_of_one_or_two() -> None:
    found = progress(a_series([10.0, 20.0, 40.0, 40.0], target=30.0, frequency="half-year"))
    assert (found.value, found.state) == (40.0, ON_TRACK)


def test_a_target_due_in_the_period_in_which_its_way_begins_has_no_way() -> None:
    steps = [TargetStep(date(2019, 2, 1), 10.0), TargetStep(date(2019, 11, 1), 20.0, kind=REACH)]
    found = wanted(steps, None, date(2019, 5, 1), "year")  # of years: both are 2019's
    assert found == steps[0]


def test_near_holds_at_exactly_the_tolerance() -> None:
    made = a_series([99.6], frequency="year")
    assert progress(replace(made, targets=(TargetStep(JAN, 99.9, tolerance=0.3),))).state == NEAR


def test_nothing_out_of_nothing_adds_nothing_to_a_ratio_of_sums() -> None:
    top, bottom = [5, 0, 8, 9], [10, 0, 10, 10]
    made = a_series(
        [50, np.nan, 80, 90], top=top, bottom=bottom, target=70.0, unit="percent", aggregation="ratio", multiplier=100.0
    )
    assert progress(made).value == pytest.approx(100 * 22 / 30)
    assert years(made)[0].value == pytest.approx(100 * 22 / 30)
    so_far = year_to_date(made, None)
    assert so_far.lines[0].values[3] == pytest.approx(100 * 22 / 30)
    assert so_far.headline.startswith("Above target so far")


def test_the_target_of_a_ratio_so_far_counts_as_its_denominators_do_on_the_chart_too() -> None:
    made = a_series(
        [70, 70, 90], top=[7, 7, 80], bottom=[10, 10, 90], unit="percent", aggregation="ratio", multiplier=100.0
    )
    made = replace(made, targets=(TargetStep(JAN, 70.0), TargetStep(date(2019, 3, 1), 90.0)))
    wanted_so_far = (70 * 20 + 90 * 90) / 110
    assert progress(made).wanted == pytest.approx(wanted_so_far)
    assert next(s.value for s in year_to_date(made, None).targets if s.x0 < 2 < s.x1) == pytest.approx(wanted_so_far)


def test_what_is_behind_is_seen_to_be_behind() -> None:
    found = progress(a_series([4.96, 4.96, 4.96], target=5.0))
    assert figures(found) == "4.96, 5.00 wanted · 2019 to Mar 2019"
    assert "It is short by" in found.working[1]
