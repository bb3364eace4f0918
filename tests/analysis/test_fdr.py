"""Of many findings, few of those that stand are false."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.fdr import benjamini_hochberg
from citystat.errors import CityStatError


def test_the_smallest_p_values_stand() -> None:
    found = benjamini_hochberg([0.04, 0.001, 0.9, 0.02], 0.05)
    assert found.rejected.tolist() == [False, True, False, True]
    assert found.threshold == pytest.approx(2 * 0.05 / 4)
    assert found.adjusted == pytest.approx([0.04 * 4 / 3, 0.004, 0.9, 0.04])


def test_a_later_small_one_carries_the_earlier_with_it() -> None:
    assert benjamini_hochberg([0.03, 0.04, 0.045, 0.05], 0.05).rejected.all()


def test_a_finding_stands_exactly_where_its_adjusted_p_is_small_enough() -> None:
    p = np.random.default_rng(4).uniform(size=(50, 40)) ** 3
    for row in p:
        found = benjamini_hochberg(row, 0.1)
        assert (found.rejected == (found.adjusted <= 0.1 + 1e-12)).all()


def test_what_has_no_p_value_is_no_test() -> None:
    found = benjamini_hochberg([0.03, np.nan], 0.05)
    assert found.rejected.tolist() == [True, False] and np.isnan(found.adjusted[1])
    nothing = benjamini_hochberg([], 0.05)
    assert nothing.threshold is None and not len(nothing.rejected)


@pytest.mark.parametrize("p", [-0.1, 1.1, np.inf])
def test_what_is_no_p_value_is_refused(p: float) -> None:
    with pytest.raises(CityStatError, match="outside 0 to 1"):
        benjamini_hochberg([0.1, p])


def test_few_of_those_that_stand_are_false() -> None:
    """A thousand screenings of 200 measures, 40 of them really changed: a twentieth of what is shown is chance."""
    random = np.random.default_rng(20261125)
    false, found = [], []
    for _ in range(1000):
        z = random.normal(size=200)
        z[:40] += 3.5
        p = np.array([1.0]) - _normal(z)
        stands = benjamini_hochberg(p, 0.05).rejected
        false.append(stands[40:].sum() / max(1, stands.sum()))
        found.append(stands[:40].mean())
    assert 0.03 < np.mean(false) < 0.05
    assert np.mean(found) > 0.6


def _normal(z: np.ndarray) -> np.ndarray:
    from math import erf

    return np.array([0.5 * (1 + erf(x / 2**0.5)) for x in z])
