"""Exponential smoothing in state-space form, fitted to many series of one length at once.

R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing (Springer 2008), chapters 2,
5 and 6. All eighteen models: error A or M, trend N, A or Ad, season N, A or M. Smoothing parameters and starting states are
found together by maximum likelihood, which for either error is a least-squares problem: multiplicative errors are weighed
with the geometric mean of the fitted values. It is solved by Levenberg and Marquardt's method for all series in step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 40  # of the search at most
ENOUGH = 1e-7  # a smaller relative gain ends it
STARTS = (-2.0, 1.0)  # where the search for the smoothing parameters begins, on the scale of the logit
TINY = 1e-10
PATHS = 4000  # drawn for intervals that no formula gives
SEED = 20080615


@dataclass(frozen=True)
class Kind:
    """error A or M, trend N, A or Ad, season N, A or M; m: periods in a season, 1 without one."""

    error: str
    trend: str
    season: str
    m: int = 1

    def __str__(self) -> str:
        return f"ets:{self.error},{self.trend},{self.season}"

    @property
    def smoothing(self) -> int:
        """How many smoothing parameters are estimated."""
        return 1 + (self.trend != "N") + (self.season != "N") + (self.trend == "Ad")

    @property
    def parameters(self) -> int:
        """How many are estimated in all, starting states too."""
        return self.smoothing + 1 + (self.trend != "N") + (self.m - 1 if self.season != "N" else 0)

    @property
    def additive(self) -> bool:
        """Intervals follow from a formula."""
        return self.error == "A" and self.season != "M"


@dataclass(frozen=True)
class State:
    """level, slope: array[…]; season: array[m, …], the next period's first."""

    level: Floats
    slope: Floats
    season: Floats


@dataclass(frozen=True)
class Fit:
    """One kind fitted to S series. alpha … phi: array[S] (beta and gamma as in the state equations, phi 1 without damping).

    start, end: states before the first and after the last value, in the unit of the values · sigma: array[S], of the errors,
    corrected for the parameters estimated; relative for multiplicative ones · aicc: array[S], smaller is better.
    """

    kind: Kind
    alpha: Floats
    beta: Floats
    gamma: Floats
    phi: Floats
    start: State
    end: State
    sigma: Floats
    aicc: Floats

    def of(self, chosen: NDArray[np.intp]) -> Fit:
        """The fits of some series only."""
        cut = {name: getattr(self, name)[chosen] for name in ("alpha", "beta", "gamma", "phi", "sigma", "aicc")}
        return Fit(kind=self.kind, start=_some(self.start, chosen), end=_some(self.end, chosen), **cut)

    def after(self, values: Floats) -> State:
        """The state after other values, with these parameters and this start. values: array[S, T]."""
        return _filter(values, self.kind, (self.alpha, self.beta, self.gamma, self.phi), self.start)[1]


def fit(values: Floats, kind: Kind) -> Fit:
    """Fit one kind to every series. values: array[S, T], complete; positive where anything is multiplicative."""
    y, scale, shift = _normalised(values, kind)
    n = y.shape[1]
    first = _first(y, kind)
    found = [_search(y, np.concatenate([np.full((len(y), kind.smoothing), at), first], axis=1), kind) for at in STARTS]
    better = np.argmin([loss for _, loss in found], axis=0)
    z = np.where((better == 0)[:, None], found[0][0], found[1][0])
    smoothing, start = _unpacked(z, kind)
    error, end = _filter(y, kind, smoothing, start)
    loss = (_weighed(error, y, kind) ** 2).sum(axis=-1)
    if kind.error == "M":
        error = error / (y - error)
    k = kind.parameters + 1
    with np.errstate(all="ignore"):
        aicc = n * np.log(np.maximum(loss * scale**2 / n, 1e-300)) + 2 * k + 2 * k * (k + 1) / max(n - k - 1, TINY)
        sigma = np.sqrt((error**2).sum(axis=-1) / max(1, n - kind.parameters))
    aicc = np.where(np.isfinite(aicc), aicc, np.inf)
    sigma = sigma * (scale if kind.error == "A" else 1)
    return Fit(kind, *smoothing, _back(start, kind, scale, shift), _back(end, kind, scale, shift), sigma, aicc)


def means(fitted: Fit, state: State, horizon: int) -> Floats:
    """The forecasts from a state, array[S, horizon]."""
    found = np.empty((len(fitted.alpha), horizon))
    slope, level = state.slope, state.level
    for h in range(horizon):
        slope = slope * fitted.phi
        level = level + slope
        found[:, h] = _joined(level, state.season[h % fitted.kind.m], fitted.kind)
    return found


def spread(fitted: Fit, horizon: int) -> Floats:
    """The standard deviation of each forecast's error where everything is additive, array[S, horizon]."""
    reach, damped, square = np.zeros_like(fitted.phi), np.ones_like(fitted.phi), np.ones_like(fitted.phi)
    found = np.empty((len(fitted.alpha), horizon))
    for h in range(horizon):
        found[:, h] = fitted.sigma * np.sqrt(square)
        damped = damped * fitted.phi
        reach = reach + damped
        again = fitted.gamma if (h + 1) % fitted.kind.m == 0 and fitted.kind.season != "N" else 0.0
        square = square + (fitted.alpha + fitted.beta * reach + again) ** 2
    return found


def paths(fitted: Fit, horizon: int, draws: int = PATHS, seed: int = SEED) -> Floats:
    """Courses that the series may take, array[S, draws, horizon]: for sums, chances, and intervals without a formula."""
    random, kind, m = np.random.default_rng(seed), fitted.kind, fitted.kind.m
    half = random.normal(size=(horizon, (draws + 1) // 2))
    noise = np.concatenate([half, -half], axis=1)[:, :draws]
    column = [getattr(fitted, name)[:, None] for name in ("alpha", "beta", "gamma", "phi", "sigma")]
    alpha, beta, gamma, phi, sigma = column
    level, slope = (np.repeat(s[:, None], draws, axis=1) for s in (fitted.end.level, fitted.end.slope))
    season = [np.repeat(s[:, None], draws, axis=1) for s in fitted.end.season]
    found = np.empty((len(fitted.alpha), draws, horizon))
    for h in range(horizon):
        base, ring = level + phi * slope, season[h % m]
        mean = _joined(base, ring, kind)
        step = sigma * noise[h] * (mean if kind.error == "M" else 1.0)
        found[:, :, h] = mean + step
        level, slope, season[h % m] = _updated(base, phi * slope, ring, step, (alpha, beta, gamma), kind)
    return found


def _joined(base: Floats, season: Floats, kind: Kind) -> Floats:
    return base * season if kind.season == "M" else base + season


def _updated(
    base: Floats, slope: Floats, season: Floats, step: Floats, smoothing: tuple[Floats, Floats, Floats], kind: Kind
) -> tuple[Floats, Floats, Floats]:
    """The states after an error of `step`; the same for additive and multiplicative errors."""
    alpha, beta, gamma = smoothing
    if kind.season == "M":
        change, turn = step / _away(season), gamma * step / _away(base)
    else:
        change, turn = step, gamma * step
    return base + alpha * change, slope + beta * change, season + turn if kind.season != "N" else season


def _away(x: Floats) -> Floats:
    return np.asarray(np.where(np.abs(x) < TINY, TINY, x))


def _filter(
    y: Floats, kind: Kind, smoothing: tuple[Floats, Floats, Floats, Floats], start: State
) -> tuple[Floats, State]:
    """Errors in the unit of y, array[…, T], and the last state. y: array[…, T], or one that stretches to it."""
    alpha, beta, gamma, phi = smoothing
    level, slope, season = start.level, start.slope, list(start.season)
    n = y.shape[-1]
    errors = np.empty((n, *level.shape))
    with np.errstate(all="ignore"):
        for t in range(n):
            slope = phi * slope
            base, ring = level + slope, season[t % kind.m]
            errors[t] = y[..., t] - _joined(base, ring, kind)
            level, slope, season[t % kind.m] = _updated(base, slope, ring, errors[t], (alpha, beta, gamma), kind)
    turn = n % kind.m
    return np.moveaxis(errors, 0, -1), State(level, slope, np.stack(season[turn:] + season[:turn]))


def _weighed(error: Floats, y: Floats, kind: Kind) -> Floats:
    """What the search makes small: errors, or relative ones times the geometric mean of the fitted values."""
    if kind.error == "A":
        return error
    with np.errstate(all="ignore"):
        fitted = y - error
        weighed = error / fitted * np.exp(np.log(fitted).mean(axis=-1, keepdims=True))
    return np.where(np.isfinite(weighed).all(axis=-1, keepdims=True), weighed, 1e6)


def _normalised(values: Floats, kind: Kind) -> tuple[Floats, Floats, Floats]:
    """The series on a scale of about 1, shifted too where that changes nothing."""
    shift = values.mean(axis=1) if kind.additive else np.zeros(len(values))
    apart = values - shift[:, None]
    scale = apart.std(axis=1) if kind.additive else np.abs(apart).mean(axis=1)
    scale = np.where(scale > 0, scale, 1.0)
    return apart / scale[:, None], scale, shift


def _back(state: State, kind: Kind, scale: Floats, shift: Floats) -> State:
    season = state.season * scale if kind.season == "A" else state.season
    return State(state.level * scale + shift, state.slope * scale, season)


def _some(state: State, chosen: NDArray[np.intp]) -> State:
    return State(state.level[chosen], state.slope[chosen], state.season[:, chosen])


def _first(y: Floats, kind: Kind) -> Floats:
    """Where the search for the starting states begins: a line through the first values, seasons of the first years."""
    n, m = y.shape[1], kind.m
    years = min(4, n // m) if kind.season != "N" else 0
    early = y[:, : max(min(n, 10), years * m)]
    place = np.arange(early.shape[1]) - (early.shape[1] - 1) / 2
    slope = (early * place).sum(axis=1) / (place**2).sum()
    level = early.mean(axis=1) + slope * (place[0] - 1)
    columns = [level, slope] if kind.trend != "N" else [early[:, : max(m, 3)].mean(axis=1)]
    if kind.season != "N":
        line = early.mean(axis=1, keepdims=True) + slope[:, None] * place
        rest = early / np.where(np.abs(line) > TINY, line, 1) if kind.season == "M" else early - line
        ring = rest[:, : years * m].reshape(len(y), years, m).mean(axis=1)
        middle = ring.mean(axis=1, keepdims=True)
        ring = ring / np.where(middle > TINY, middle, 1) if kind.season == "M" else ring - middle
        columns += list(ring[:, : m - 1].T)
    return np.stack(columns, axis=1)


def _unpacked(z: Floats, kind: Kind) -> tuple[tuple[Floats, Floats, Floats, Floats], State]:
    """Parameters and starting states from the searched numbers, array[…, p]; the logit keeps the first within bounds."""
    share = 1 / (1 + np.exp(-np.clip(z[..., : kind.smoothing], -9, 9)))
    nothing = np.zeros(z.shape[:-1])
    alpha = 1e-4 + 0.9998 * share[..., 0]
    at = 1
    beta, gamma, phi = nothing, nothing, nothing + (kind.trend != "N")
    if kind.trend != "N":
        beta, at = alpha * share[..., at], at + 1
    if kind.season != "N":
        gamma, at = (1 - alpha) * share[..., at], at + 1
    if kind.trend == "Ad":
        phi, at = 0.8 + 0.18 * share[..., at], at + 1
    level, at = z[..., at], at + 1
    slope = nothing
    if kind.trend != "N":
        slope, at = z[..., at], at + 1
    if kind.season == "N":
        return (alpha, beta, gamma, phi), State(level, slope, nothing[None])
    ring = np.moveaxis(z[..., at:], -1, 0)
    last = (kind.m if kind.season == "M" else 0) - ring.sum(axis=0, keepdims=True)
    return (alpha, beta, gamma, phi), State(level, slope, np.concatenate([ring, last]))


def _search(y: Floats, z: Floats, kind: Kind) -> tuple[Floats, Floats]:
    """The least squares found from z, array[S, p], and what they leave, array[S]."""
    count, p = z.shape
    step = 1e-5
    best, loss = z.copy(), np.full(count, np.inf)
    hessian, gradient = np.zeros((count, p, p)), np.zeros((count, p))
    damping, active = np.full(count, 1e-2), np.arange(count)
    trial = z.copy()
    for _ in range(STEPS):
        around = trial[active, None, :] + np.concatenate([np.zeros((1, p)), step * np.eye(p)])
        smoothing, start = _unpacked(around, kind)
        errors, _ = _filter(y[active, None, :], kind, smoothing, start)
        errors = np.nan_to_num(_weighed(errors, y[active, None, :], kind), nan=1e6, posinf=1e6, neginf=-1e6)
        errors = np.clip(errors, -1e6, 1e6)
        new = (errors[:, 0] ** 2).sum(axis=-1)
        better = new < loss[active]
        with np.errstate(all="ignore"):
            gain = np.where(better, (loss[active] - new) / np.maximum(new, 1e-300), 0)
        won = active[better]
        slopes = (errors[better, 1:] - errors[better, :1]) / step
        best[won], loss[won] = trial[won], new[better]
        hessian[won], gradient[won] = slopes @ slopes.swapaxes(1, 2), (slopes @ errors[better, 0, :, None])[..., 0]
        damping[active] = np.where(better, damping[active] / 5, damping[active] * 6)
        active = active[~((better & (gain < ENOUGH)) | (damping[active] > 1e7))]
        if not len(active):
            break
        diagonal = np.einsum("spp->sp", hessian[active])
        ridge = damping[active, None] * diagonal + 1e-9 * (1 + diagonal.max(axis=1, keepdims=True))
        matrix = hessian[active] + ridge[:, :, None] * np.eye(p)
        move = np.linalg.solve(matrix, -gradient[active][..., None])[..., 0]
        trial[active] = best[active] + np.clip(move, -3, 3)
        trial[active, : kind.smoothing] = np.clip(trial[active, : kind.smoothing], -9, 9)
    return best, loss
