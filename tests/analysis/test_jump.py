"""The jump rule in simulation: how often it is wrong, and how often it sees what is there."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from citystat.analysis import jump

SERIES = 6000


def found(values: NDArray[np.float64], *, counts: bool = False, season: int = 12) -> float:
    """The share of series whose last figure is called a jump."""
    size = jump.jumps(values, np.array([values.shape[1] - 1]), season=season, counts=counts)
    return float((size > 1).mean())


def level(length: int, *, season: float = 0.0, trend: float = 0.0, seed: int = 1) -> NDArray[np.float64]:
    """In-control series around 100 with a standard deviation of 1."""
    rng = np.random.default_rng(seed)
    months = np.arange(length)
    phase = rng.uniform(0, 2 * np.pi, SERIES)[:, None]
    return 100 + season * np.sin(2 * np.pi * months / 12 + phase) + trend * months + rng.normal(0, 1, (SERIES, length))


@pytest.mark.parametrize("length", [16, 19, 25, 37, 61, 85])
@pytest.mark.parametrize(("season", "trend"), [(0.0, 0.0), (5.0, 0.0), (0.0, 0.3)])
def test_a_series_in_control_is_rarely_called_a_jump(length: int, season: float, trend: float) -> None:
    assert found(level(length, season=season, trend=trend)) <= 0.005


@pytest.mark.parametrize(("length", "least"), [(16, 0.70), (25, 0.80), (37, 0.84), (61, 0.87), (85, 0.87)])
def test_a_step_of_five_standard_deviations_is_seen(length: int, least: float) -> None:
    values = level(length)
    values[:, -1] += 5
    assert found(values) >= least
    values[:, -1] += 3
    assert found(values) >= 0.95


def test_in_a_season_of_five_standard_deviations_half_of_such_steps_are_seen_and_nearly_all_of_eight() -> None:
    values = level(85, season=5)
    values[:, -1] += 5
    assert found(values) >= 0.5
    values[:, -1] += 3
    assert found(values) >= 0.9


def test_the_usual_rise_of_a_season_is_no_jump_once_three_years_are_known() -> None:
    months = np.arange(61)
    values = 100 + 40 * (months % 12 == 0) + np.random.default_rng(2).normal(0, 1, (SERIES, 61))
    assert months[-1] % 12 == 0  # the last figure is in the season
    assert found(values) <= 0.01
    assert found(np.roll(values, 3, axis=1)) <= 0.01


def test_counts_vary_at_least_by_their_root() -> None:
    few = np.random.default_rng(3).poisson(4, (SERIES, 61)).astype(float)
    assert found(few, counts=True) <= 0.01


def test_heavy_tails_cost_more_but_stay_rare() -> None:
    values = 100 + np.random.default_rng(4).standard_t(5, (SERIES, 61))
    assert found(values) <= 0.025


def test_a_shift_is_said_once() -> None:
    values = level(61)
    values[:, 55:] += 8
    size = jump.jumps(values, np.arange(55, 61), season=12)
    assert (size[:, 0] > 1).mean() > 0.95
    assert (size[:, 1:] > 1).mean() < 0.02


def test_the_way_back_from_an_outlier_is_no_jump() -> None:
    values = level(61)
    values[:, 59] += 12
    assert found(values) <= 0.012


def test_what_happens_now_and_then_is_no_jump() -> None:
    values = level(61)
    values[:, 5::8] += 12
    values[:, -1] = 112
    assert found(values) <= 0.001


def test_twelve_earlier_steps_are_needed() -> None:
    values = level(13)
    values[:, -1] += 100
    assert np.isnan(jump.jumps(values, np.array([12]), season=12)).all()


def test_a_measure_that_was_always_the_same_may_move_a_little() -> None:
    flat = np.full((1, 40), 100.0)
    for last, jumped in ((101.0, False), (110.0, True)):
        flat[0, -1] = last
        assert (jump.jumps(flat, np.array([39]), season=12)[0, 0] > 1) is np.bool_(jumped)


def test_the_median_leaves_missing_figures_out() -> None:
    values = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan, np.nan, np.nan, 5.0], [1.0, 2.0, 3.0, 4.0]])
    assert jump.median(values).tolist() == [2.0, 5.0, 2.5]
    assert np.isnan(jump.median(values, 2)).tolist() == [False, True, False]
