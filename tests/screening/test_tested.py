"""One series looked at: what is new of it, since when and what it is called; and whether its target is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from citystat.measures.series import Floats, Series
from citystat.measures.target import TargetStep
from citystat.screening.finding import CHANGE, ENDANGERED, MISSED, ODD, SIGNAL
from citystat.screening.tested import Looked, look
from tests.measures.made_series import a_series
from tests.screening.noise_city import like_the_one_before


def noise(seed: int, n: int = 60) -> Floats:
    return 100 + 5 * np.random.default_rng(seed).normal(size=n)


def looked(series: Series) -> Looked:
    return look([series])[0][0]


def aimed(series: Series, *steps: TargetStep) -> Series:
    return replace(series, targets=steps)


def test_a_level_that_moved_three_months_ago_is_a_signal_from_there_on() -> None:
    values = noise(1)
    values[-3:] += 25
    news = looked(a_series(values)).news
    assert news is not None and news.kind == SIGNAL and news.since == 57 and news.p < 0.001


def test_a_worsening_whose_target_is_still_met_endangers_it_and_one_value_alone_is_odd() -> None:
    values = noise(2)
    values[-4:] -= 20
    news = looked(a_series(values, target=60)).news
    assert news is not None and news.kind == ENDANGERED
    alone = noise(3)
    alone[-1] += 40
    news = looked(a_series(alone)).news
    assert news is not None and news.kind == ODD and news.since == 59


def test_a_change_that_the_chart_does_not_mark_any_more_is_a_change_of_level() -> None:
    values = noise(4, 84)
    values[24:48] += 20  # so the centre lies between, and what came after is near it
    values[72:] += 14
    found = looked(a_series(values)).news
    assert found is not None and found.kind == CHANGE and abs(found.since - 72) <= 1 and found.p < 0.01


def test_what_is_preliminary_or_left_out_says_nothing() -> None:
    values = noise(5)
    values[-1] += 60
    news = looked(a_series(values, preliminary=1)).news
    assert news is not None and news.p > 0.2
    assert looked(a_series([])).judged is False
    assert looked(a_series(noise(6, 8))).news is None


@pytest.mark.parametrize(("shift", "missed"), [(-20.0, True), (0.0, False), (20.0, True)])
def test_a_range_is_missed_on_either_side(shift: float, missed: bool) -> None:
    series = aimed(a_series(noise(7) + shift, direction="range"), TargetStep(date(2018, 1, 1), 95, 105))
    test = looked(series).missed
    assert test is not None and test.kind == MISSED and (test.p < 0.001) is missed


def test_a_target_is_asked_about_whatever_the_icons_say_and_not_without_a_direction() -> None:
    for target in (60.0, 100.0, 140.0):
        assert looked(a_series(noise(8), target=target)).missed is not None
    assert looked(a_series(noise(8), target=140, direction="none")).missed is None
    assert looked(a_series(noise(8))).missed is None


def test_each_value_is_held_against_what_was_wanted_of_its_own_period() -> None:
    """A target that was raised last month does not make a year of values that met the old one a miss."""
    steps = (TargetStep(date(2018, 1, 1), 80), TargetStep(date(2023, 12, 1), 130))
    series = aimed(a_series(noise(9)), *steps)
    test = looked(series).missed
    assert series.periods[-1] == date(2023, 12, 1)
    assert test is not None and test.p > 0.5


def seasonal(count: int, alike: float, off: float = 0.0) -> list[Looked]:
    """Three years of months of three sigmas' season each, which meet their target of 100 on average but for `off` sigmas."""
    rows = like_the_one_before(np.random.default_rng(11), count, 36, alike) + 3 * np.sin(np.arange(36) * np.pi / 6)
    found, _ = look([a_series(100 + 5 * (row - off), target=100) for row in rows])
    return found


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_a_target_that_a_seasonal_measure_meets_on_average_is_called_missed_no_more_often_than_p_says(
    alike: float,
) -> None:
    p = np.array([found.missed.p for found in seasonal(400, alike) if found.missed])
    assert len(p) > 350
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= level, level


def test_a_target_that_a_seasonal_measure_misses_by_three_sigmas_all_the_time_is_missed() -> None:
    p = np.array([found.missed.p for found in seasonal(60, 0.0, off=3) if found.missed])
    assert np.median(p) < 0.001


def test_one_month_that_meets_the_target_by_chance_does_not_begin_a_new_miss() -> None:
    values = np.r_[np.full(30, 110.0), np.full(30, 90.0)] + noise(10) - 100
    values[50] = 101
    test = looked(a_series(values, target=100)).missed
    assert test is not None and abs(test.since - 30) <= 2
    values[49] = 101
    again = looked(a_series(values, target=100)).missed
    assert again is not None and again.since >= 49


def test_a_series_is_looked_at_once_and_others_with_it_are_not_mixed_up() -> None:
    many = [a_series(noise(n)) for n in range(100, 140)]
    found, fresh = look(many)
    again, known = look(many[::-1])
    assert fresh == 40 and known == 0 and again == found[::-1]
    assert [looked(s) for s in many] == found
