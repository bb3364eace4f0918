"""Which units stand out from the others, given how small some are: the funnel plot, also where all vary more than by chance.

D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005), and Handling
over-dispersion of performance indicators, Quality & Safety in Health Care 14 (2005); the choices that these leave open as
in FunnelPlotR.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.errors import CityStatError
from citystat.texts import tr

Floats = NDArray[np.float64]

TRANSFORMS = {"ratio": ("log", "sqrt"), "proportion": ("arcsine",)}
TAILS = {"95": 0.025, "998": 0.001}
Z = {"95": 1.96, "998": 3.09}  # as the papers have it


@dataclass(frozen=True)
class Funnel:
    """All arrays[n], in the order given; nan where a unit has no denominator, or overdispersion was not asked for.

    target: 1 for a ratio of observed to expected, the share of all for a proportion · phi: mean of z² after trimming, 1 where
    units vary by chance alone · tau2: variance between units on the scale of the transform · n_used: units these rest on ·
    lower95 … upper998: exact limits · …_adjusted: with the variance between units; of the square root they stand on the scale
    of the root, as FunnelPlotR gives them · outside…: array[n] bool.
    """

    target: float
    phi: float | None
    tau2: float | None
    n_used: int
    ratio: Floats
    lower95: Floats
    upper95: Floats
    lower998: Floats
    upper998: Floats
    lower95_adjusted: Floats
    upper95_adjusted: Floats
    lower998_adjusted: Floats
    upper998_adjusted: Floats
    outside_998: NDArray[np.bool_]
    outside_998_adjusted: NDArray[np.bool_]


def funnel(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: str = "ratio",
    transform: str | None = None,
    trim: float = 0.1,
    trim_method: str = "winsorise",
    overdispersion: bool = True,
) -> Funnel:
    """Compare units with what is common to all.

    numerator, denominator: array[n]; observed and expected counts (ratio), or cases and all (proportion); a unit whose
    denominator is 0 is not compared · transform: log or sqrt of a ratio, arcsine of a proportion; None is the first · trim:
    share of the units at each end that may not stretch the funnel, truncated (left out) or winsorised (drawn in).
    Raises CityStatError for negative or missing figures, more cases than there are, or nothing to compare; ValueError for a
    transform of the other kind.
    """
    transform = transform or TRANSFORMS[kind][0]
    if transform not in TRANSFORMS[kind] or trim_method not in ("truncate", "winsorise") or not 0 <= trim < 0.5:
        raise ValueError(f"no {transform} of a {kind}, or no such trimming")
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    _need(top, bottom, kind)
    used = bottom > 0
    target = 1.0 if kind == "ratio" else float(top[used].sum() / bottom[used].sum())
    limits = _exact_ratio(bottom[used]) if kind == "ratio" else _exact_proportion(bottom[used], target)
    z, error = _scores(top[used], bottom[used], target, transform)
    kept = _trimmed(z, trim, trim_method) if overdispersion else np.zeros(0, dtype=np.intp)
    phi = tau2 = None
    nothing = np.full(int(used.sum()), np.nan)
    adjusted = {side + name: nothing for name in Z for side in ("lower", "upper")}
    if len(kept) > 1:
        drawn = np.clip(z, *np.quantile(z, [trim, 1 - trim])) if trim_method == "winsorise" else z
        phi = float((drawn[kept] ** 2).mean())
        tau2 = _between(phi, error[kept])
        adjusted = _adjusted(error, target, tau2, transform)
    ratio = top[used] / bottom[used]
    whole = {name: _placed(column, used) for name, column in limits.items()}
    whole |= {f"{name}_adjusted": _placed(column, used) for name, column in adjusted.items()}
    outside, outside_adjusted = (
        _placed((ratio < side["lower998"]) | (ratio > side["upper998"]), used, False) for side in (limits, adjusted)
    )
    return Funnel(
        target, phi, tau2, len(kept) if overdispersion else int(used.sum()), _placed(ratio, used), **whole,
        outside_998=outside.astype(bool), outside_998_adjusted=outside_adjusted.astype(bool),
    )  # fmt: skip


def _need(top: Floats, bottom: Floats, kind: str) -> None:
    if not (np.isfinite(top).all() and np.isfinite(bottom).all()):
        raise CityStatError(tr("A unit has no figure"), do=tr("Give one, or leave the unit out"))
    if (top < 0).any() or (bottom < 0).any():
        raise CityStatError(tr("A funnel compares counts, and there is a negative one"), do=tr("Correct it"))
    if kind == "proportion" and (top > bottom).any():
        raise CityStatError(
            tr("A unit has more cases than there are in all"),
            do=tr("Correct it, or compare ratios with what was expected"),
        )
    if not (bottom > 0).any():
        raise CityStatError(tr("All denominators are zero"), do=tr("Give units that can be compared"))


def _exact_ratio(expected: Floats) -> dict[str, Floats]:
    """Limits of a Poisson count over its expectation, by chi-square."""
    from scipy.special import gammainccinv, gammaincinv

    found = {}
    for name, tail in TAILS.items():
        found[f"lower{name}"] = gammaincinv(expected, tail) / expected
        found[f"upper{name}"] = gammainccinv(expected + 1, tail) / expected
    return found


def _exact_proportion(n: Floats, target: float) -> dict[str, Floats]:
    """Limits of a binomial share, interpolated between its steps (Spiegelhalter 2005, appendix A.1.1)."""
    from scipy.special import bdtrik, betainc

    if not 0 < target < 1:
        return {side + name: np.full(len(n), target) for name in TAILS for side in ("lower", "upper")}

    def below(steps: Floats) -> Floats:
        return np.where(
            steps < 0, 0.0, np.where(steps >= n, 1.0, betainc(np.maximum(n - steps, 1e-9), steps + 1, 1 - target))
        )

    found = {}
    for name, tail in TAILS.items():
        for side, p in (("lower", tail), ("upper", 1 - tail)):
            steps = np.ceil(bdtrik(p, n, target))
            steps = np.where(below(steps - 1) >= p, steps - 1, steps)
            chance = below(steps) - below(steps - 1)
            part = np.where(chance > 0, (below(steps) - p) / np.where(chance > 0, chance, 1), 0)
            found[side + name] = np.clip((steps - part) / n, 0, 1)
    return found


def _scores(top: Floats, bottom: Floats, target: float, transform: str) -> tuple[Floats, Floats]:
    """How many standard errors each unit lies from the target, and those errors, on the scale of the transform."""
    if transform == "arcsine":
        error = 1 / (2 * np.sqrt(bottom))
        return (np.arcsin(np.sqrt(top / bottom)) - math.asin(math.sqrt(target))) / error, error
    if transform == "sqrt":
        error = 1 / (2 * np.sqrt(bottom))
        return (np.sqrt(top / bottom) - 1) / error, error
    error = 1 / np.sqrt(bottom)
    return np.log(np.where(top > 0, top, 0.5) / bottom) / error, error  # no count at all has no log: half a one


def _trimmed(z: Floats, trim: float, method: str) -> NDArray[np.intp]:
    """Places of the units that say how far units vary."""
    order = np.argsort(z, kind="stable")
    off = int(len(z) * trim) if method == "truncate" else 0
    return np.sort(order[off : len(z) - off])


def _between(phi: float, error: Floats) -> float:
    """The variance between units that explains phi, by moments; 0 where chance does."""
    weight, n = 1 / error**2, len(error)
    free = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((n * phi - (n - 1)) / free)) if free > 0 else 0.0


def _adjusted(error: Floats, target: float, tau2: float, transform: str) -> dict[str, Floats]:
    found = {}
    for name, z in Z.items():
        reach = z * np.sqrt(error**2 + tau2)
        for side, sign in (("lower", -1), ("upper", 1)):
            if transform == "log":
                limit = np.exp(sign * reach)
            elif transform == "sqrt":
                limit = np.maximum(1 + sign * reach, 0)
            else:
                limit = np.sin(np.clip(math.asin(math.sqrt(target)) + sign * reach, 0, math.pi / 2)) ** 2
            found[side + name] = limit
    return found


def _placed(column: NDArray[np.generic], used: NDArray[np.bool_], missing: float = np.nan) -> Floats:
    whole = np.full(len(used), missing, dtype=float)
    whole[used] = column
    return whole
