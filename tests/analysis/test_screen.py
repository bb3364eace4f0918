"""p values of what stands at the end of a chart: not too small on noise, small where a level moved."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.fdr import benjamini_hochberg
from citystat.analysis.screen import p_of_change, p_of_miss, p_of_signal
from citystat.analysis.spc import judge


@pytest.mark.parametrize("n", [24, 36, 60, 84])
def test_noise_has_small_p_values_no_more_often_than_they_say(n: int) -> None:
    rng = np.random.default_rng(n)
    p = np.array([p_of_signal(judge(rng.normal(size=n))) for _ in range(1500)])
    for level in (0.05, 0.01, 0.001):
        assert (p <= level).mean() <= level * 1.5 + 0.001, level


def test_screening_noise_finds_nothing_in_nineteen_of_twenty_cities() -> None:
    rng = np.random.default_rng(8)
    cities = [[p_of_signal(judge(rng.normal(size=48))) for _ in range(60)] for _ in range(60)]
    found = sum(benjamini_hochberg(p).rejected.any() for p in cities)
    assert found <= 6


def test_a_level_that_moved_is_found_among_many_that_did_not() -> None:
    rng = np.random.default_rng(9)
    hits = false = 0
    for _ in range(20):
        table = rng.normal(size=(60, 48))
        table[:10, -4:] += 3  # four periods ago
        kept = benjamini_hochberg([p_of_signal(judge(row)) for row in table]).rejected
        hits += int(kept[:10].sum())
        false += int(kept[10:].sum())
    assert hits >= 180
    assert false / max(1, hits + false) <= 0.05


def test_what_cannot_be_judged_has_no_p_value() -> None:
    assert np.isnan(p_of_signal(judge([5.0, 6, 5])))
    assert np.isnan(p_of_signal(judge([100.0] * 30)))
    assert np.isnan(p_of_signal(judge([])))
    assert np.isnan(p_of_miss(judge([100.0] * 30), 90))
    assert np.isnan(p_of_change(np.ones(6), np.ones(6), 12))


def test_a_miss_and_a_change_are_as_likely_as_chance_makes_them() -> None:
    rng = np.random.default_rng(10)
    missed = np.array([p_of_miss(judge(rng.normal(size=36)), 0.0) for _ in range(800)])
    assert (missed <= 0.05).mean() <= 0.11  # one-sided, on whichever side it lies
    changed = np.array([p_of_change(rng.normal(size=24), rng.normal(size=12), 36) for _ in range(800)])
    assert (changed <= 0.05).mean() <= 0.01
    assert p_of_change(rng.normal(size=24), rng.normal(5, 1, size=12), 36) < 1e-4
