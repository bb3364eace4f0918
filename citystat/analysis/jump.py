"""Is a figure where its own history would expect it? A robust z of the step from the level before, season taken out.

The step of a figure is its distance from the median of the known figures shortly before it. Steps are judged by the same
steps in the series' own past: z = (step − median) / scale, with the scale 1.4826 × MAD, the median absolute deviation,
then the standard deviation of the steps within three of it, which is steadier (a one-step reweighting, as in P. Rousseeuw and A. Leroy, 1987)
(B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993; factor and fallback for a MAD of zero as there).
Trend and noise are in those steps already, so nothing is assumed about either.

Season: with three earlier years or more, the usual step of the same month is taken out, the median of the same month's
steps in the other years. The other years: left in, each month's median would follow its own figure, and the scale would
come out too small. Whichever of the two has the smaller scale is used, so a measure without a season pays nothing; and a step of which the
season explains more than half is no jump, so one high month a year is not reported every year.

A step that the series takes now and then is no jump, however small its usual ones are: at most one earlier step in twenty
may be as large. Half the step must be new: where the figure before stood nearer to this one than to the old level, the step was taken
then, and is not reported month after month.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 6  # figures before one that say where the series stood
LEAST_LEVEL = 3  # of them that must be known
LEAST = 12  # earlier steps needed before anything is called a jump
LOOK_BACK = 60  # earlier steps that are compared with
YEARS = 3  # earlier years needed before a season is taken out
MAD, MEAN_AD = 1.4826, 1.2533  # from each deviation to the standard deviation of a normal distribution
FEW = 2.0  # a scale from n steps is uncertain: the limit grows by 1 + FEW / n
NEAR, CUT = 3.0, 1.014  # deviations farther out are left out of the scale; what that takes from a normal distribution
LEAST_SPREAD = 0.8  # of the scale by the median deviation
NEW = 1 / 2  # of a step that must be new; less would say a shift twice
RARE = 20  # at most one earlier step in so many is as large
AS_LARGE = 0.75  # of a step: that is as large, but for its noise
AT_ONCE = 4000  # series whose windows are held in memory together
FLAT = 0.01  # of the level: no scale is smaller


def jumps(
    values: Floats,
    judged: NDArray[np.intp],
    *,
    season: int,
    limit: float = 3.0,
    counts: bool = False,
    level: Floats | None = None,
) -> Floats:
    """How many times its limit each judged step reaches: array[n, len(judged)], over 1 is a jump, nan not judged.

    values: array[n series, T periods], nan where missing, periods without gaps · judged: columns, ascending ·
    season: periods in a year (12 for months; 7 for days), 1 for none · counts: figures that vary at least by their root ·
    level: levels(values), where they are known already.
    """
    level = levels(values) if level is None else level
    steps = values - level
    usual = _usual(steps, season)
    found = np.full((len(values), len(judged)), np.nan)
    for place, t in enumerate(judged.tolist()):
        before = slice(max(0, t - LOOK_BACK), t)
        z, scale, n, alike = _compared(steps[:, t], steps[:, before])
        if usual is not None:
            seasonal = np.abs(steps[:, t] - usual[:, t]) * 2 < np.abs(steps[:, t])
            other = _compared(steps[:, t] - usual[:, t], (steps - usual)[:, before])
            better = (other[1] < scale) & np.isfinite(other[0])
            z, scale, n, alike = (np.where(better, a, b) for a, b in zip(other, (z, scale, n, alike), strict=True))
        least = np.abs(level[:, t]) * FLAT
        least = np.maximum(least, np.sqrt(np.abs(level[:, t]))) if counts else least
        with np.errstate(all="ignore"):
            size = np.abs(z) / np.maximum(scale, least) / (limit * (1 + FEW / n))
            size[size == np.inf] = 1e9
        new = np.abs(values[:, t] - values[:, t - 1]) >= np.abs(steps[:, t]) * NEW if t else np.zeros(len(values), bool)
        new |= np.isnan(values[:, t - 1]) if t else False
        rare = alike * RARE <= n
        if usual is not None:
            rare &= ~seasonal
        found[:, place] = np.where(n >= LEAST, np.where(new & rare, size, 0.0), np.nan)
    found[np.isnan(values[:, judged])] = np.nan
    return found


def levels(values: Floats) -> Floats:
    """Where each series stood before each period: the median of the known figures among the six before; array like values."""
    found = np.empty_like(values)
    for at in range(0, len(values), AT_ONCE):
        some = values[at : at + AT_ONCE]
        padded = np.concatenate([np.full((len(some), LEVEL), np.nan), some], axis=1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, LEVEL, axis=1)[:, : some.shape[1]]
        found[at : at + AT_ONCE] = median(windows, LEAST_LEVEL)
    return found


def median(values: Floats, least: int = 1) -> Floats:
    """The median over the last axis without nan; nan where fewer than `least` are known."""
    ranked = np.sort(values, axis=-1)  # nan comes last
    known = (~np.isnan(ranked)).sum(axis=-1)
    low, high = (np.clip((known - 1) // 2, 0, None), np.clip(known // 2, 0, values.shape[-1] - 1))
    pick = [np.take_along_axis(ranked, at[..., None], -1)[..., 0] for at in (low, high)]
    return np.asarray(np.where(known >= max(1, least), (pick[0] + pick[1]) / 2, np.nan))


def _compared(step: Floats, before: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The steps less their usual one, the scale, how many steps that rests on, and how many were as large; each array[n]."""
    n = (~np.isnan(before)).sum(axis=1).astype(float)
    if not before.shape[1]:
        nothing = np.full(len(step), np.nan)
        return nothing, nothing, n, n
    centre = median(before)
    apart = np.abs(before - centre[:, None])
    scale = MAD * median(apart)
    with np.errstate(all="ignore"):
        mean = np.nansum(apart, axis=1) / np.maximum(n, 1)
        near = apart <= NEAR * scale[:, None]
        spread = CUT * np.sqrt(np.where(near, apart**2, 0).sum(axis=1) / np.maximum(near.sum(axis=1) - 1, 1))
        alike = (apart >= AS_LARGE * np.abs(step - centre)[:, None]).sum(axis=1).astype(float)
    return step - centre, np.where(scale > 0, np.maximum(spread, LEAST_SPREAD * scale), MEAN_AD * mean), n, alike


def _usual(steps: Floats, season: int) -> Floats | None:
    """For each period the median step of the same season in the other years, nan with fewer than three; None: no season."""
    n, length = steps.shape
    years = -(-length // season)
    if season < 2 or years <= YEARS:
        return None
    padded = np.concatenate([np.full((n, years * season - length), np.nan), steps], axis=1).reshape(n, years, season)
    by_season = padded.swapaxes(1, 2)  # n, season, years
    usual = np.stack(
        [median(np.delete(by_season, y, axis=2), YEARS if y == years - 1 else YEARS - 1) for y in range(years)], axis=2
    )
    return np.asarray(usual.swapaxes(1, 2).reshape(n, years * season)[:, years * season - length :])
