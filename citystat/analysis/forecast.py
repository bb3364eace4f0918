"""Where a series is heading: exponential smoothing or the naive forecasts, with 80 and 95 % intervals and their errors.

R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (2nd ed., 2018), chapters 3 and 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.analysis import ets
from citystat.errors import CityStatError
from citystat.texts import plural, tr

Floats = NDArray[np.float64]

LEAST = 10  # values in a row that a forecast rests on
Z80, Z95 = 1.2815515655446004, 1.959963984540054
LONGEST_SEASON = 24  # periods in a season that exponential smoothing follows
SMOOTHED = ("A,N,N", "A,Ad,N", "A,N,A", "A,Ad,A", "M,N,M", "M,A,M", "M,Ad,M")  # what is tried where nobody chooses
AT_ONCE = 25  # series whose courses are drawn together


@dataclass(frozen=True)
class Errors:
    """Of forecasts held against what came, in the unit of the values; mape in per cent, None where a value is 0.

    mase: mean absolute error over that of the seasonal naive forecast within the values known before, None where that is 0.
    """

    rmse: float
    mae: float
    mape: float | None
    mase: float | None


@dataclass(frozen=True)
class Rolling:
    """Root mean square errors of forecasts made again and again from earlier periods, without what came after.

    model: the smoothing held against the benchmark, naive or seasonal-naive · origins: periods forecast from.
    """

    model: str
    model_rmse: float
    benchmark: str
    benchmark_rmse: float
    origins: int


@dataclass(frozen=True)
class Forecast:
    """mean, lower80 … upper95: array[horizon] · sigma: of one step, relative for multiplicative errors.

    parameters: alpha, beta, gamma, phi, and level before the first value; None each where the model has none ·
    rolling: why this model, None where it was asked for or could not be tried · used: values at the end that it rests on ·
    season: periods in the season that it repeats, 1 for none.
    """

    model: str
    parameters: dict[str, float | None]
    mean: Floats
    lower80: Floats
    upper80: Floats
    lower95: Floats
    upper95: Floats
    sigma: float
    rolling: Rolling | None
    used: int
    season: int = 1


def forecast(values: ArrayLike, horizon: int, *, model: str = "auto", season_length: int = 1) -> Forecast:
    """Forecast one series. values: array[T], nan where missing; what comes after the last gap is used.

    horizon: periods ahead · model: auto, naive, seasonal-naive, or ets:E,T,S · season_length: periods in a season, 1 for
    none. Raises CityStatError where the values are too few, too broken, infinite or not fit for the model, ValueError for an
    unknown model.
    """
    y = complete(values)
    least = LEAST if model == "auto" else 2 if model == "naive" else season_length + 1
    if model.startswith("ets:"):
        least = kind_of(model, season_length).parameters + 3
    if len(y) < least:
        raise CityStatError(
            plural(
                len(y),
                "{n} value in a row up to the end is too few for a forecast",
                "{n} values in a row up to the end are too few for a forecast",
            ),
            do=tr("Give at least {least}", least=least),
        )
    return forecast_all(y[None], horizon, model=model, season_length=season_length)[0]


def complete(values: ArrayLike) -> Floats:
    """What comes after the last gap: array[t] float. values: array[T], nan where missing. CityStatError for an infinite one."""
    y = np.asarray(values, dtype=float)
    if np.isinf(y).any():
        raise CityStatError(tr("An infinite value cannot be judged"), do=tr("Correct it or leave it empty"))
    gaps = np.flatnonzero(np.isnan(y))
    return y[gaps[-1] + 1 :] if len(gaps) else y


def forecast_all(values: Floats, horizon: int, *, model: str = "auto", season_length: int = 1) -> list[Forecast]:
    """Forecast many series of one length. values: array[S, T], complete. As `forecast`, which says what is raised."""
    if model in ("naive", "seasonal-naive"):
        return _naive(values, horizon, 1 if model == "naive" else season_length, model)
    if model == "auto":
        return _chosen(values, horizon, season_length)
    kind = kind_of(model, season_length)
    if "M" in (kind.error, kind.season) and (values <= 0).any():
        raise CityStatError(
            tr("A multiplicative model needs values above zero"), do=tr("Choose an additive one, such as ets:A,A,A")
        )
    return _smoothed(values, ets.fit(values, kind), horizon)


def courses(values: ArrayLike, found: Forecast, horizon: int, draws: int = ets.PATHS) -> Floats:
    """Courses that the series may take after the forecast's values: array[draws, horizon], for sums and chances.

    values: the array that was forecast; found: its forecast. Naive forecasts go on by their own steps, drawn from a normal
    distribution; smoothing by its model.
    """
    y = np.asarray(values, dtype=float)[-found.used :]
    return next(courses_of_all(y[None], [found], horizon, draws))[1]


def courses_of_all(
    values: Floats, found: Sequence[Forecast], horizon: int, draws: int = ets.PATHS
) -> Iterator[tuple[int, Floats]]:
    """Courses of many series forecast together, a few at a time: each with its row. values: array[S, T], complete; as `courses`."""
    rows: dict[str, list[int]] = {}
    for row, one in enumerate(found):
        rows.setdefault(one.model, []).append(row)
    for model, mine in rows.items():
        if not model.startswith("ets:"):
            yield from ((row, _by_own_steps(values[row], found[row], horizon, draws)) for row in mine)
            continue
        fitted = ets.fit(values[mine], kind_of(model, found[mine[0]].season))
        for at in range(0, len(mine), AT_ONCE):
            some = np.arange(at, min(at + AT_ONCE, len(mine)))
            yield from zip((mine[i] for i in some), ets.paths(fitted.of(some), horizon, draws), strict=True)


def _by_own_steps(y: Floats, found: Forecast, horizon: int, draws: int) -> Floats:
    half = np.random.default_rng(ets.SEED).normal(size=((draws + 1) // 2, horizon))
    noise = np.concatenate([half, -half])[:draws] * found.sigma
    drawn = np.empty((draws, horizon))
    for h in range(horizon):
        drawn[:, h] = (drawn[:, h - found.season] if h >= found.season else y[len(y) - found.season + h]) + noise[:, h]
    return drawn


def kind_of(model: str, season_length: int) -> ets.Kind:
    """The kind that ets:E,T,S names. Raises ValueError for no such kind, or a season without a season length."""
    parts = model.removeprefix("ets:").split(",")
    allowed = (("A", "M"), ("N", "A", "Ad"), ("N", "A", "M"))
    if len(parts) != 3 or any(part not in names for part, names in zip(parts, allowed, strict=True)):
        raise ValueError(f"there is no model {model}")
    if parts[2] != "N" and season_length < 2:
        raise ValueError("a seasonal model needs a season of two periods or more")
    return ets.Kind(parts[0], parts[1], parts[2], season_length if parts[2] != "N" else 1)


def errors(actual: Floats, predicted: Floats, before: Floats, season_length: int = 1) -> Errors:
    """What the forecasts missed. actual, predicted: array[h] · before: the values known when they were made."""
    missed = actual - predicted
    scale = float(np.abs(before[season_length:] - before[:-season_length]).mean()) if len(before) > season_length else 0
    mae = float(np.abs(missed).mean())
    return Errors(
        rmse=float(np.sqrt((missed**2).mean())),
        mae=mae,
        mape=100 * float(np.abs(missed / actual).mean()) if (actual != 0).all() else None,
        mase=mae / scale if scale else None,
    )


def _naive(values: Floats, horizon: int, season: int, model: str) -> list[Forecast]:
    """The last value, or the last season's, again; errors add up with every season ahead."""
    steps = values[:, season:] - values[:, :-season]
    sigma = np.sqrt((steps**2).mean(axis=1))
    ahead = np.arange(horizon)
    mean = values[:, values.shape[1] - season + ahead % season]
    spread = sigma[:, None] * np.sqrt(ahead // season + 1)
    return [_normal(model, {}, m, s, sd, values.shape[1], season) for m, s, sd in zip(mean, spread, sigma, strict=True)]


def _normal(
    model: str, parameters: dict[str, float | None], mean: Floats, spread: Floats, sigma: float, used: int, season: int
) -> Forecast:
    names = dict.fromkeys(("alpha", "beta", "gamma", "phi", "level"))
    bounds = (mean - Z80 * spread, mean + Z80 * spread, mean - Z95 * spread, mean + Z95 * spread)
    return Forecast(model, names | parameters, mean, *bounds, float(sigma), None, used, season)


def _smoothed(values: Floats, fitted: ets.Fit, horizon: int) -> list[Forecast]:
    mean = ets.means(fitted, fitted.end, horizon)
    kind, used, found = fitted.kind, values.shape[1], []
    spread = ets.spread(fitted, horizon)
    bounds = None if kind.additive else _drawn(fitted, horizon)
    for i in range(len(values)):
        parameters = {
            "alpha": float(fitted.alpha[i]),
            "beta": float(fitted.beta[i]) if kind.trend != "N" else None,
            "gamma": float(fitted.gamma[i]) if kind.season != "N" else None,
            "phi": float(fitted.phi[i]) if kind.trend == "Ad" else None,
            "level": float(fitted.start.level[i]),
        }
        one = _normal(str(kind), parameters, mean[i], spread[i], fitted.sigma[i], used, kind.m)
        if bounds is not None:
            lower80, upper80, lower95, upper95 = bounds[:, i]
            one = replace(one, lower80=lower80, upper80=upper80, lower95=lower95, upper95=upper95)
        found.append(one)
    return found


def _drawn(fitted: ets.Fit, horizon: int) -> Floats:
    """Intervals from courses drawn: array[4, S, horizon]."""
    parts = []
    for at in range(0, len(fitted.alpha), AT_ONCE):
        some = fitted.of(np.arange(at, min(at + AT_ONCE, len(fitted.alpha))))
        parts.append(np.quantile(ets.paths(some, horizon), [0.1, 0.9, 0.025, 0.975], axis=1))
    return np.concatenate(parts, axis=1)


def _chosen(values: Floats, horizon: int, season: int) -> list[Forecast]:
    """The smoothing with the smallest AICc where its rolling errors are below those of the naive forecast, else that."""
    count, n = values.shape
    season = season if n > season else 1
    benchmark = "seasonal-naive" if season > 1 else "naive"
    found = _naive(values, horizon, season, benchmark)
    best, fits = _best(values, season)
    for number, fitted in enumerate(fits):
        rows = np.flatnonzero(best == number)
        if not len(rows):
            continue
        tried = _rolled(values[rows], fitted.kind, season, min(horizon, max(season, 6)), benchmark)
        better = [i for i, r in enumerate(tried) if r and r.model_rmse < r.benchmark_rmse]
        smoothed = _smoothed(values[rows[better]], fitted.of(rows[better]), horizon) if better else []
        for i, row in enumerate(rows):
            one = smoothed[better.index(i)] if i in better else found[row]
            found[row] = replace(one, rolling=tried[i])
    return found


def _best(values: Floats, season: int) -> tuple[NDArray[np.intp], list[ets.Fit]]:
    """For each series which of the fits has the smallest AICc, −1 for none (constant, or too short)."""
    count, n = values.shape
    positive: NDArray[np.bool_] = np.asarray((values > 0).all(axis=1))
    fits: list[ets.Fit] = []
    scores = []
    for name in SMOOTHED:
        error, trend, ring = name.split(",")
        if ring != "N" and not (2 <= season <= LONGEST_SEASON and n >= 2 * season + 4):
            continue
        kind = ets.Kind(error, trend, ring, season if ring != "N" else 1)
        if n < kind.parameters + 4 or (error == "M" and not positive.any()):
            continue
        usable = positive if error == "M" else np.ones(count, bool)
        fitted = ets.fit(np.where(usable[:, None], values, 1.0), kind)
        fits.append(fitted)
        scores.append(np.where(usable, fitted.aicc, np.inf))
    moving = np.ptp(values, axis=1) > 0
    if not fits:
        return np.full(count, -1), fits
    table = np.stack(scores)
    return np.where(moving & np.isfinite(table).any(axis=0), table.argmin(axis=0), -1), fits


def _rolled(values: Floats, kind: ets.Kind, season: int, ahead: int, benchmark: str) -> Sequence[Rolling | None]:
    """Parameters from the values before the first origin; from there on only the state follows what comes."""
    n = values.shape[1]
    origins = min(n // 3, max(2 * season, 12))
    first = n - origins
    if first < max(kind.parameters + 4, season + 1, 2 * kind.m):
        return [None] * len(values)
    fitted = ets.fit(values[:, :first], kind)
    squares = np.zeros((2, len(values)))
    count = 0
    for origin in range(first, n):
        known, comes = values[:, :origin], values[:, origin : origin + ahead]
        h = comes.shape[1]
        smooth = ets.means(fitted, fitted.after(known), h)
        naive = known[:, origin - season + np.arange(h) % season]
        squares += [((comes - smooth) ** 2).sum(axis=1), ((comes - naive) ** 2).sum(axis=1)]
        count += h
    model, other = np.sqrt(squares / count)
    return [
        Rolling(str(kind), float(a), benchmark, float(b), origins) for a, b in zip(model, other, strict=True)
    ]  # fmt: skip
