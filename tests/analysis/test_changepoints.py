"""Where a level changed is found, and nothing where it did not."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.changepoints import _distribution, changes, changes_of_all
from citystat.errors import CityStatError


def noisy(levels: list[float], each: int = 20, seed: int = 3, noise: float = 1.0) -> np.ndarray:
    return np.repeat(levels, each) + np.random.default_rng(seed).normal(0, noise, each * len(levels))


def test_each_change_is_named_with_the_means_around_it() -> None:
    found = changes(noisy([0, 5, 2], noise=0.7))
    assert [(c.before, c.after) for c in found] == [(19, 20), (39, 40)]
    assert [round(c.mean_after - c.mean_before) for c in found] == [5, -3]
    assert all(c.lower is not None and c.upper is not None and c.lower <= c.before <= c.upper for c in found)


def test_the_best_of_all_ways_to_cut_is_found() -> None:
    random = np.random.default_rng(11)
    for _ in range(20):
        y = random.normal(size=24) + np.repeat(random.normal(0, 2, 4), 6)
        (found,) = changes(y, most=1, penalty=1e-9)
        squares = {
            cut: ((y[:cut] - y[:cut].mean()) ** 2).sum() + ((y[cut:] - y[cut:].mean()) ** 2).sum()
            for cut in range(6, 19)
        }
        assert found.after == min(squares, key=lambda cut: squares[cut])


def test_gaps_belong_to_no_level() -> None:
    y = noisy([0, 8])
    y[[3, 19, 20, 33]] = np.nan
    (found,) = changes(y)
    assert (found.before, found.after) == (18, 21)


def test_all_series_at_once_say_what_each_says_alone() -> None:
    random = np.random.default_rng(5)
    y = random.normal(size=(40, 60)).cumsum(axis=1)
    y[random.uniform(size=y.shape) < 0.05] = np.nan
    y[0] = np.nan
    found = changes_of_all(y)
    assert found[0] == ()
    assert [changes(row) for row in y[1:]] == found[1:]


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_the_unit_does_not_matter(factor: float) -> None:
    y = noisy([0, 5, 2])
    assert [c.after for c in changes(y * factor + 1e6 * factor)] == [c.after for c in changes(y)]


@pytest.mark.parametrize("level", [0.0, 100.0, 0.1, 1e12])
def test_a_constant_never_changes(level: float) -> None:
    assert changes(np.full(40, level)) == ()


def test_a_clean_step_lies_where_it_lies() -> None:
    (found,) = changes(np.repeat([0.1, 0.3], 20))
    assert (found.before, found.lower, found.upper) == (19, 19, 19)


@pytest.mark.parametrize("values", [[], [1.0], [1.0] * 11, [np.nan] * 30])
def test_too_few_values_are_refused(values: list[float]) -> None:
    with pytest.raises(CityStatError, match="too few"):
        changes(values)


def test_infinity_is_refused() -> None:
    with pytest.raises(CityStatError, match="infinite"):
        changes([1.0] * 20 + [np.inf])


def test_of_series_without_a_change_few_are_said_to_have_one() -> None:
    found = changes_of_all(np.random.default_rng(1).normal(size=(1000, 120)))
    assert sum(map(bool, found)) / 1000 < 0.06


def test_a_step_of_two_sigma_is_found_and_its_interval_holds_it() -> None:
    y = np.random.default_rng(2).normal(size=(1000, 120)) + np.where(np.arange(120) < 70, 0, 2.0)
    found = changes_of_all(y)
    one = [f[0] for f in found if len(f) == 1]
    assert len(one) > 930
    assert sum(abs(c.before - 69) <= 2 for c in one) > 0.85 * len(one)
    holds = [c.lower is not None and c.upper is not None and c.lower <= 69 <= c.upper for c in one]
    assert 0.92 < np.mean(holds) <= 1


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5])
def test_the_distribution_of_the_place_is_one(ratio: float) -> None:
    """As many random walks with drift have it."""
    steps, unit, random = 4000, 0.01, np.random.default_rng(8)
    peak = []
    for sigma in (1.0, ratio**0.5):
        walk = random.normal(-unit / 2, sigma * unit**0.5, (2000, steps)).cumsum(axis=1)
        peak.append((walk.max(axis=1), (walk.argmax(axis=1) + 1) * unit))
    (high, early), (high_late, late) = peak
    place = np.where(np.maximum(high, high_late) < 0, 0, np.where(high > high_late, -early, late))
    for x in (-5.0, -1.0, 1.0, 5.0):
        assert _distribution(x, ratio) == pytest.approx((place <= x).mean(), abs=0.035)
    assert _distribution(-1e4, ratio) == pytest.approx(0, abs=1e-9)
    assert _distribution(1e5, ratio) == pytest.approx(1, abs=1e-9)
