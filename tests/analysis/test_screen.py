"""p values of what stands at the end of a chart: not too small on noise, also where months are alike; small where a level moved."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from citystat.analysis.fdr import benjamini_hochberg
from citystat.analysis.screen import likeness, miss, p_of_change, p_of_signal
from citystat.analysis.spc import Judgement, judge


def noise(seed: int, count: int, months: int, alike: float) -> NDArray[np.float64]:
    """Series of variance one in which each value is like the one before it by `alike`."""
    drawn = np.random.default_rng(seed).normal(size=(count, months + 40))
    for t in range(1, months + 40):
        drawn[:, t] = alike * drawn[:, t - 1] + np.sqrt(1 - alike**2) * drawn[:, t]
    return drawn[:, 40:]


def p_missed(judgement: Judgement, targets: NDArray[np.float64], direction: str) -> float:
    found = miss(judgement, targets, direction)
    assert found is not None
    return found.p


@pytest.mark.parametrize("alike", [0.0, 0.3])
@pytest.mark.parametrize("n", [16, 24, 36, 84])
def test_noise_has_small_p_values_no_more_often_than_they_say(n: int, alike: float) -> None:
    p = np.array([p_of_signal(judge(row)) for row in noise(n, 1500, n, alike)])
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= level * 1.2, level


@pytest.mark.parametrize("alike", [0.0, 0.3])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_target_that_is_met_on_average_is_called_missed_no_more_often_than_p_says(
    alike: float, direction: str
) -> None:
    p = np.array([p_missed(judge(row), np.zeros(36), direction) for row in noise(10, 1500, 36, alike)])
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= level * 1.2, level


def test_only_what_fails_its_target_is_missed() -> None:
    row = noise(11, 1, 36, 0)[0]
    low, high = (p_missed(judge(row + by), np.zeros(36), "higher") for by in (-3, 3))
    assert low < 1e-4 and high > 0.99
    assert p_missed(judge(row + 3), np.zeros(36), "lower") < 1e-4
    assert miss(judge(row), np.full(36, np.nan), "lower") is None
    rising = np.linspace(-5, 0, 36)  # a trajectory: each value is held against what was wanted of its own period
    assert p_missed(judge(row - 3 * np.sqrt(row.var())), rising, "lower") > 0.5


def test_what_is_said_of_a_miss_has_the_sign_that_was_tested() -> None:
    """Months of many fail their target of 90 %, months of few are better by more: in a plain average they would hide it."""
    rng = np.random.default_rng(13)
    asked = np.tile([20_000.0, 40.0], 12)
    met = rng.binomial(asked.astype(int), np.tile([0.89, 0.97], 12))
    found = miss(
        judge(100 * met / asked, numerator=met, denominator=asked, chart="p", multiply=100), np.full(24, 90.0), "higher"
    )
    assert (100 * met / asked)[-12:].mean() > 90
    assert found is not None and found.p < 0.001 and found.sigmas > 0 and found.mean < found.wanted == pytest.approx(90)


def test_a_level_that_moved_is_found_among_many_that_did_not() -> None:
    hits = false = 0
    for city in range(20):
        table = noise(20 + city, 60, 48, 0)
        table[:10, -4:] += 3  # four periods ago
        kept = benjamini_hochberg([p_of_signal(judge(row)) for row in table]).rejected
        hits += int(kept[:10].sum())
        false += int(kept[10:].sum())
    assert hits >= 160
    assert false / max(1, hits + false) <= 0.05


def test_likeness_is_there_where_months_are_alike_and_a_step_is_none() -> None:
    alike, other = noise(5, 300, 84, 0.5), noise(6, 300, 84, 0.0)
    other[:, -5:] += 6
    assert np.median([likeness(row) for row in alike]) > 0.5
    assert np.median([likeness(row) for row in other]) < 0.15
    assert likeness(np.ones(30)) == likeness(np.array([1.0])) == 0


def test_what_cannot_be_judged_has_no_p_value() -> None:
    assert np.isnan(p_of_signal(judge([5.0, 6, 5])))
    assert np.isnan(p_of_signal(judge([100.0] * 30)))
    assert np.isnan(p_of_signal(judge([])))
    assert miss(judge([100.0] * 30), np.full(30, 90.0), "lower") is None
    assert np.isnan(p_of_change(np.ones(6), np.ones(6), 12))


def test_a_change_is_as_likely_as_chance_makes_it() -> None:
    rng = np.random.default_rng(10)
    changed = np.array([p_of_change(rng.normal(size=24), rng.normal(size=12), 36) for _ in range(800)])
    assert (changed <= 0.05).mean() <= 0.01
    assert p_of_change(rng.normal(size=24), rng.normal(5, 1, size=12), 36) < 1e-4


def drawn(kind: str, count: int, months: int) -> NDArray[np.float64]:
    """Series of figures that are not normal: rare events, days that take long now and then, errors with heavy tails."""
    rng = np.random.default_rng(12)
    made = {
        "rare": lambda: rng.poisson(2.0, (count, months)).astype(float),
        "skew": lambda: np.exp(rng.normal(0, 0.5, (count, months))),
        "heavy": lambda: rng.standard_t(4, (count, months)),
    }
    return made[kind]()


@pytest.mark.parametrize(("kind", "chart"), [("rare", "c"), ("skew", "xmr"), ("heavy", "xmr")])
def test_figures_that_are_not_normal_are_called_news_hardly_more_often_either(kind: str, chart: str) -> None:
    p = np.array([p_of_signal(judge(row, chart=chart)) for row in drawn(kind, 1500, 60)])
    assert (p <= 0.05).mean() <= 0.05
    assert (
        p <= 0.001
    ).mean() <= 0.008  # a chart that marks nothing is no finding either, which holds back more than half of these


def test_many_more_rare_events_than_before_are_news() -> None:
    rows = drawn("rare", 50, 60)
    rows[:, -3:] += 8
    p = np.array([p_of_signal(judge(row, chart="c")) for row in rows])
    assert (p < 0.001).mean() > 0.9
