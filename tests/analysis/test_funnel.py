"""Small units may vary widely, large ones may not; and what varies more than by chance is allowed to."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.funnel import funnel
from citystat.errors import CityStatError


def test_exact_limits_of_a_count() -> None:
    """The 95 % interval of a Poisson count of 10 is 4.795 to 18.390 (any table of them)."""
    found = funnel([10.0], [10.0], overdispersion=False)
    assert (10 * found.lower95[0], 10 * found.upper95[0]) == pytest.approx((4.795, 18.390), abs=1e-3)
    assert found.phi is None and np.isnan(found.lower95_adjusted).all()


def test_limits_of_a_share_narrow_with_size_about_the_share_of_all() -> None:
    found = funnel([5, 50, 400], [20, 200, 2000], kind="proportion", overdispersion=False)
    assert found.target == pytest.approx(455 / 2220)
    assert (np.diff(found.upper95) < 0).all() and (np.diff(found.lower95) > 0).all()
    assert found.upper95[2] == pytest.approx(
        found.target + 1.96 * (found.target * (1 - found.target) / 2000) ** 0.5, abs=2e-3
    )


def test_few_units_that_differ_by_chance_alone_lie_outside() -> None:
    random = np.random.default_rng(6)
    expected = random.uniform(5, 500, 4000)
    found = funnel(random.poisson(expected), expected)
    assert found.outside_998.mean() < 0.004
    beyond = (found.ratio < found.lower95) | (found.ratio > found.upper95)
    assert 0.02 < beyond.mean() < 0.055
    assert found.phi is not None and 0.6 < found.phi < 1.1 and found.tau2 == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("kind", "transform"), [("ratio", "log"), ("proportion", "arcsine")])
def test_where_all_vary_more_than_by_chance_the_funnel_widens(kind: str, transform: str) -> None:
    random = np.random.default_rng(7)
    size = random.uniform(200, 5000, 500)
    if kind == "ratio":
        top = random.poisson(size * np.exp(random.normal(0, 0.2, 500)))
    else:
        size = size.round()
        top = random.binomial(size.astype(int), 1 / (1 + np.exp(-random.normal(-1, 0.2, 500))))
    found = funnel(top, size, kind=kind, transform=transform, trim=0.02)
    assert found.phi is not None and found.phi > 3
    assert found.outside_998.mean() > 0.2 and found.outside_998_adjusted.mean() < 0.02


def test_one_far_out_does_not_hide_itself_by_widening_the_funnel() -> None:
    random = np.random.default_rng(8)
    expected = np.full(60, 400.0)
    observed = random.poisson(expected * np.exp(random.normal(0, 0.05, 60))).astype(float)
    observed[0] = 800
    for method in ("truncate", "winsorise"):
        assert funnel(observed, expected, trim_method=method).outside_998_adjusted.nonzero()[0].tolist() == [0]


def test_zeros_are_counts_too() -> None:
    found = funnel([0, 0, 30, 25], [12, 0, 30, 20], trim=0)
    assert found.ratio[0] == 0 and found.outside_998[0] and np.isfinite(found.phi or np.nan)
    assert np.isnan(found.ratio[1]) and not found.outside_998[1] and found.n_used == 3
    assert funnel([0.0, 0.0], [5, 9], kind="proportion", trim=0).upper998.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("top", "bottom", "kind", "words"),
    [
        ([-1.0], [4.0], "ratio", "negative"), ([1.0], [0.0], "ratio", "zero"), ([np.nan], [4.0], "ratio", "no figure"),
        ([1.0], [np.inf], "ratio", "no figure"), ([5.0], [4.0], "proportion", "more cases"), ([], [], "ratio", "zero"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(top: list[float], bottom: list[float], kind: str, words: str) -> None:
    with pytest.raises(CityStatError, match=words):
        funnel(top, bottom, kind=kind)
