"""Which chart the data ask for, and whether a season is taken out: by known processes, many of each."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from citystat.analysis.choice import chart_for, season_of
from citystat.analysis.spc import ENOUGH

Floats = NDArray[np.float64]
NONE = np.array([])


def chosen(
    values: Floats, top: Floats = NONE, bottom: Floats = NONE, *, counts: str = "", multiply: float = 1.0
) -> str:
    top, bottom = (np.full(len(values), np.nan) if not len(column) else column for column in (top, bottom))
    return chart_for(values, top, bottom, counts=counts, multiply=multiply, spans=[slice(0, len(values))])


def share(rng: np.random.Generator, n: int = 48, *, wander: float = 0.0) -> tuple[Floats, Floats]:
    """Calls answered in time of calls offered; wander: how far the true share moves by itself."""
    offered = rng.integers(800, 1200, n).astype(float)
    rate = np.clip(0.9 + wander * rng.normal(size=n), 0.01, 0.99)
    return rng.binomial(offered.astype(int), rate).astype(float), offered


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_shares_that_vary_as_counting_makes_them_get_a_p_chart(rng: np.random.Generator) -> None:
    kinds = []
    for _ in range(200):
        top, bottom = share(rng)
        kinds.append(chosen(100 * top / bottom, top, bottom, counts="share", multiply=100))
    assert kinds.count("p") > 190


def test_shares_that_vary_more_get_laneys_chart(rng: np.random.Generator) -> None:
    kinds = []
    for _ in range(200):
        top, bottom = share(rng, wander=0.02)
        kinds.append(chosen(100 * top / bottom, top, bottom, counts="share", multiply=100))
    assert kinds.count("p-prime") == 200


def test_events_for_so_many_occasions_get_a_u_chart_and_its_laney_form(rng: np.random.Generator) -> None:
    occasions = rng.integers(5_000, 9_000, 60).astype(float)
    calm = rng.poisson(occasions * 0.004).astype(float)
    wild = rng.poisson(occasions * 0.02 * rng.gamma(8, 1 / 8, 60)).astype(float)
    assert chosen(1000 * calm / occasions, calm, occasions, counts="rate", multiply=1000) == "u"
    assert chosen(1000 * wild / occasions, wild, occasions, counts="rate", multiply=1000) == "u-prime"


def test_rare_events_get_a_c_chart_and_many_an_xmr(rng: np.random.Generator) -> None:
    rare, many = rng.poisson(3.0, 60).astype(float), rng.poisson(4000, 60).astype(float)
    assert chosen(rare, counts="events") == "c"
    assert chosen(many, counts="events") == "xmr"


@pytest.mark.parametrize(
    "change",
    [
        "a numerator that is no count",
        "more than there were",
        "a value that is no ratio of them",
        "a denominator of nothing",
    ],
)
def test_what_is_no_share_of_things_counted_gets_an_xmr(change: str, rng: np.random.Generator) -> None:
    top, bottom = share(rng)
    values = 100 * top / bottom
    if change == "a numerator that is no count":
        top[3] += 0.4
    elif change == "more than there were":
        top[3] = bottom[3] + 5
    elif change == "a value that is no ratio of them":
        values[3] += 2
    else:
        bottom[3] = 0
    assert chosen(values, top, bottom, counts="share", multiply=100) == "xmr"


def test_few_values_get_a_run_chart_and_a_constant_one_no_limits_of_counts(rng: np.random.Generator) -> None:
    assert chosen(rng.normal(size=ENOUGH - 1)) == "run"
    bottom = np.full(30, 50.0)
    assert chosen(np.full(30, 100.0), bottom, bottom, counts="share", multiply=100) == "xmr"


def test_a_shift_does_not_make_counts_look_overdispersed(rng: np.random.Generator) -> None:
    """The spread is judged from one value to the next, so one change of level weighs as one step."""
    offered = np.full(60, 1000.0)
    rate = np.where(np.arange(60) < 30, 0.85, 0.92)
    kinds = []
    for _ in range(100):
        top = rng.binomial(1000, rate).astype(float)
        kinds.append(
            chart_for(
                100 * top / offered, top, offered, counts="share", multiply=100, spans=[slice(0, 30), slice(30, 60)]
            )
        )
    assert kinds.count("p") > 90


## Seasons


def test_noise_and_wandering_levels_have_no_season(rng: np.random.Generator) -> None:
    for years, at_most in ((3, 0.05), (4, 0.02), (7, 0.005)):
        noise = rng.normal(size=(400, 12 * years))
        found = [season_of(row, 12) is not None for row in (*noise, *(noise.cumsum(axis=1) * 0.3 + noise))]
        assert np.mean(found) <= at_most, years


def test_a_strong_season_is_found_and_is_the_one_that_was_put_in(rng: np.random.Generator) -> None:
    wave = 3 * np.sin(2 * np.pi * np.arange(84) / 12)
    errors = []
    for _ in range(50):
        found = season_of(50 + wave + rng.normal(size=84), 12)
        assert found is not None
        errors.append(np.abs(found - wave).mean())
    assert np.mean(errors) < 0.5  # a year's value is a mean of seven, each with noise of one


def test_one_wild_value_has_no_say_in_the_season(rng: np.random.Generator) -> None:
    wave = 3 * np.sin(2 * np.pi * np.arange(84) / 12)
    values = 50 + wave + rng.normal(size=84)
    calm = season_of(values, 12)
    values[40] += 60
    wild = season_of(values, 12)
    assert calm is not None and wild is not None
    assert abs(wild[40] - calm[40]) < 1


def test_there_is_no_season_to_know_in_less_than_three_years_gaps_or_a_constant() -> None:
    wave = np.sin(2 * np.pi * np.arange(84) / 12)
    assert season_of(wave[:35], 12) is None
    assert season_of(np.full(84, 7.0), 12) is None
    assert season_of(np.where(np.arange(84) % 3 == 0, np.nan, wave), 12) is None
    assert season_of(wave, 0) is None
