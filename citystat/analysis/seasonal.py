"""A series as trend, season and remainder: STL.

R. B. Cleveland, W. S. Cleveland, J. E. McRae and I. Terpenning, STL: A Seasonal-Trend Decomposition Procedure Based on Loess,
Journal of Official Statistics 6 (1990). As in R's `stl` without robust weights: two inner rounds, the season smoothed with
local constants, trend and low-pass filter with local lines. Without robust weights every step is one weighted mean a point
with the same weights for each series of a length, so all series are taken at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.errors import CityStatError
from citystat.texts import tr

Floats = NDArray[np.float64]

ROUNDS = 2  # of season and trend in turn
FILLS = 20  # rounds in which missing values find their place
GAPS = 0.2  # of the values may be missing
AT_ONCE = 4_000_000  # figures gathered in memory together


@dataclass(frozen=True)
class Decomposition:
    """values = trend + seasonal + remainder; adjusted = values − seasonal. All arrays like the values, in their unit.

    Trend and season are known everywhere, remainder and adjusted nan where the value was missing. strength: 0 no season to 1
    nothing but season, 1 − var(remainder) / var(season + remainder) (X. Wang, K. Smith and R. Hyndman, 2006), array of one a
    series.
    """

    seasonal: Floats
    trend: Floats
    remainder: Floats
    adjusted: Floats
    strength: Floats


def decompose(
    values: ArrayLike, season_length: int, *, seasonal_window: int = 7, trend_window: int | None = None
) -> Decomposition:
    """Take a series, or many of one length, apart. values: array[T] or array[S, T], nan where missing.

    season_length: periods in a season, from 2 · seasonal_window: years that the season of a year rests on · trend_window:
    periods that the trend rests on; None is Cleveland's choice, the next odd number from 1.5·season / (1 − 1.5 / seasonal
    window). Even windows count as the next odd one. Raises CityStatError for fewer than two seasons, an infinite value, or too
    many missing; ValueError for a season or window too short.
    """
    if season_length < 2 or seasonal_window < 3 or (trend_window is not None and trend_window < 3):
        raise ValueError("a season has two periods, and a window three, at least")
    y = np.asarray(values, dtype=float)
    _need(y, season_length)
    window = _odd(seasonal_window)
    trend_window = _odd(trend_window or int(np.ceil(1.5 * season_length / (1 - 1.5 / window))))
    rows = np.atleast_2d(y)
    some = max(1, AT_ONCE // (rows.shape[1] * max(trend_window, season_length)))
    parts = [
        _filled(rows[at : at + some], season_length, window, trend_window) for at in range(0, max(1, len(rows)), some)
    ]
    seasonal, trend = (np.concatenate(part).reshape(y.shape) for part in zip(*parts, strict=True))
    remainder = y - seasonal - trend
    with np.errstate(all="ignore"):
        rest, both = np.nanvar(remainder, axis=-1), np.nanvar(remainder + seasonal, axis=-1)
        moves = both > (1e-12 * np.nanmax(np.abs(y), axis=-1)) ** 2  # what rounding leaves of a constant does not
        strength = np.where(moves, np.clip(1 - rest / both, 0, 1), 0.0)
    return Decomposition(seasonal, trend, remainder, y - seasonal, strength)


def _need(y: Floats, season_length: int) -> None:
    if np.isinf(y).any():
        raise CityStatError(tr("An infinite value cannot be judged"), do=tr("Correct it or leave it empty"))
    if y.shape[-1] < 2 * season_length:
        raise CityStatError(
            tr("{n} periods are too few to know a season of {season}", n=y.shape[-1], season=season_length),
            do=tr("Give at least {least}", least=2 * season_length),
        )
    if (np.isnan(y).mean(axis=-1) > GAPS).any():
        raise CityStatError(tr("Too many values are missing to know a season"), do=tr("Fill more of the gaps"))


def _odd(window: int) -> int:
    return window + 1 - window % 2


def _filled(y: Floats, season: int, window: int, trend_window: int) -> tuple[Floats, Floats]:
    """Season and trend; a missing value is taken to be what both say there."""
    gaps = np.isnan(y)
    if not gaps.any():
        return _stl(y, season, window, trend_window)
    place = np.arange(y.shape[1])
    y = np.stack([np.interp(place, place[~gap], row[~gap]) for row, gap in zip(y, gaps, strict=True)])
    for _ in range(FILLS):
        seasonal, trend = _stl(y, season, window, trend_window)
        y = np.where(gaps, seasonal + trend, y)
    return _stl(y, season, window, trend_window)


def _stl(y: Floats, season: int, window: int, trend_window: int) -> tuple[Floats, Floats]:
    length: int = y.shape[1]
    trend, seasonal = np.zeros_like(y), np.zeros_like(y)
    for _ in range(ROUNDS):
        cycle = _cycles(y - trend, season, window)
        low = _mean(_mean(_mean(cycle, season), season), 3)
        low = _smooth(low, length, _odd(season), 1)
        seasonal = cycle[:, season : season + length] - low
        trend = _smooth(y - seasonal, length, trend_window, 1)
    return seasonal, trend


def _cycles(y: Floats, season: int, window: int) -> Floats:
    """Each season's values smoothed over the years, one year further at both ends: array[S, T + 2·season]."""
    found = np.empty((len(y), y.shape[1] + 2 * season))
    for phase in range(season):
        years = y[:, phase::season]
        found[:, phase::season] = _smooth(years, years.shape[1], window, 0, beyond=1)
    return found


def _mean(y: Floats, window: int) -> Floats:
    sums = np.cumsum(np.concatenate([np.zeros((len(y), 1)), y], axis=1), axis=1)
    return np.asarray((sums[:, window:] - sums[:, :-window]) / window)


def _smooth(y: Floats, length: int, window: int, degree: int, beyond: int = 0) -> Floats:
    places, weights = _loess(length, window, degree, beyond)
    return np.asarray(np.einsum("stw,tw->st", y[:, places], weights, optimize=False))


@lru_cache(maxsize=256)
def _loess(length: int, window: int, degree: int, beyond: int) -> tuple[NDArray[np.intp], Floats]:
    """Where each smoothed point looks and with what weights: two array[T + 2·beyond, w]; degree 0 a constant, 1 a line."""
    targets = np.arange(-beyond, length + beyond)
    width = min(window, length)
    start = np.clip(targets - (window - 1) // 2, 0, length - width)
    places = start[:, None] + np.arange(width)
    apart = np.abs(places - targets[:, None])
    reach = apart.max(axis=1, keepdims=True) + max(0, (window - length) // 2)
    near = np.clip(apart / np.maximum(reach, 1), 0, 1)
    weights = np.where(near <= 0.001, 1.0, np.where(near > 0.999, 0.0, (1 - near**3) ** 3))
    weights /= weights.sum(axis=1, keepdims=True)
    if degree == 1:
        centre = (weights * places).sum(axis=1, keepdims=True)
        spread = (weights * (places - centre) ** 2).sum(axis=1, keepdims=True)
        known = np.sqrt(spread) > 0.001 * (length - 1)
        slope = (targets[:, None] - centre) * (places - centre) / np.where(known, spread, 1)
        weights *= np.where(known, 1 + slope, 1)
    return places, weights
