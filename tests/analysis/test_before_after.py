"""Before and after: the interval holds the true difference as often as it says, also where neighbours are alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from citystat.analysis.before_after import before_after


def series(rng: np.random.Generator, n: int, alike: float) -> np.ndarray:
    steps = rng.normal(0, 1, n + 50)
    for i in range(1, len(steps)):
        steps[i] += alike * steps[i - 1]
    return steps[50:]


def test_where_neighbours_are_not_alike_it_is_welchs_interval() -> None:
    values = np.array(
        [1.0, 3.0, 1.0, 3.0, 1.0, 3.0, 9.0, 4.0, 8.0, 4.0, 9.0, 4.0]
    )  # they swing: no likeness is claimed
    found = before_after(values, 6)
    welch = ttest_ind(values[6:], values[:6], equal_var=False).confidence_interval(0.95)
    assert found is not None and found.alike == 0
    assert (found.low, found.high) == (pytest.approx(welch.low), pytest.approx(welch.high))


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("n", [24, 60])
def test_ninety_five_of_a_hundred_intervals_hold_the_difference(alike: float, n: int) -> None:
    rng, held = np.random.default_rng(7), 0
    for _ in range(600):
        values = series(rng, n, alike)
        values[n // 2 :] += 2.0
        found = before_after(values, n // 2)
        assert found is not None
        held += found.low <= 2.0 <= found.high
    assert held / 600 >= 0.91


def test_a_side_of_three_values_says_nothing_and_gaps_do_not_count() -> None:
    assert before_after(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, np.nan, 7.0]), 5) is None
    assert before_after(np.array([1.0, 2.0, np.nan, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), 5) is not None
