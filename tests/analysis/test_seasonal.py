"""A season is told from trend and noise."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.seasonal import decompose
from citystat.errors import CityStatError

MONTH = np.arange(96)
SEASON = 10 * np.sin(2 * np.pi * MONTH / 12)
TREND = 100 + 0.3 * MONTH


def test_a_clean_season_and_trend_come_back() -> None:
    found = decompose(TREND + SEASON, 12)
    assert np.abs(found.seasonal - SEASON).max() < 0.3
    assert np.abs(found.adjusted - TREND).max() < 0.3
    assert found.strength > 0.99


def test_the_parts_add_up() -> None:
    y = np.random.default_rng(1).normal(size=(5, 60))
    found = decompose(y, 4)
    assert found.trend + found.seasonal + found.remainder == pytest.approx(y)
    assert found.adjusted == pytest.approx(y - found.seasonal)


def test_many_series_say_what_each_says_alone() -> None:
    y = TREND + SEASON + np.random.default_rng(2).normal(size=(7, 96))
    y[3, 20:23] = np.nan
    assert decompose(y, 12).seasonal == pytest.approx(np.stack([decompose(row, 12).seasonal for row in y]))


@pytest.mark.parametrize(
    ("season", "window", "trend", "length"), [(12, 7, 51, 240), (4, 7, None, 44), (12, 35, 23, 121), (6, 9, 201, 101), (2, 7, 5, 5)]
)  # fmt: skip
def test_as_in_statsmodels(season: int, window: int, trend: int | None, length: int) -> None:
    module = pytest.importorskip("statsmodels.tsa.stl._stl", reason="statsmodels is not installed")
    y = np.random.default_rng(3).normal(size=length).cumsum() + np.sin(np.arange(length) * 2 * np.pi / season)
    found = decompose(y, season, seasonal_window=window, trend_window=trend)
    known = module.STL(y, season, seasonal=window, trend=trend, seasonal_deg=0).fit(inner_iter=2, outer_iter=0)
    assert found.trend == pytest.approx(known.trend, abs=1e-9)
    assert found.seasonal == pytest.approx(known.seasonal, abs=1e-9)


def test_a_gap_is_filled_by_trend_and_season_and_stays_a_gap() -> None:
    y = TREND + SEASON
    y[[10, 40, 41]] = np.nan
    found = decompose(y, 12)
    assert found.trend[40] + found.seasonal[40] == pytest.approx(TREND[40] + SEASON[40], abs=0.5)
    assert np.isnan(found.adjusted[[10, 40, 41]]).all() and np.isfinite(found.trend).all()


def test_a_constant_has_no_season() -> None:
    found = decompose(np.full(48, 7.0), 12)
    assert found.strength == 0 and found.trend == pytest.approx(7) and found.seasonal == pytest.approx(0)


def test_noise_has_a_weaker_season_than_a_season() -> None:
    noise = np.random.default_rng(4).normal(size=(200, 120))
    assert np.quantile(decompose(noise, 12).strength, 0.9) < 0.6
    assert decompose(noise + 3 * np.sin(2 * np.pi * np.arange(120) / 12), 12).strength.min() > 0.7


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0] * 23, "too few"),
        ([], "too few"),
        ([1.0] * 30 + [np.inf], "infinite"),
        ([np.nan] * 15 + [1.0] * 20, "missing"),
    ],
)
def test_what_has_no_season_to_know_is_refused(values: list[float], words: str) -> None:
    with pytest.raises(CityStatError, match=words):
        decompose(values, 12)
