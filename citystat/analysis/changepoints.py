"""When did the level of a series change? The best way to cut it into stretches of one mean each.

For every number of changes the places that leave the smallest sum of squares are found exactly, by dynamic programming over
all series at once (J. Bai and P. Perron, Journal of Applied Econometrics 18, 2003). How many changes there are says Schwarz's
criterion n·log(RSS/n) + penalty·changes; its penalty is 2·log n, for a change brings a place and a level (as in strucchange:
A. Zeileis et al., Journal of Statistical Software 7, 2002). The interval of a place is Bai's, for levels with noise of
different size on both sides (J. Bai, Review of Economics and Statistics 79, 1997).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.errors import CityStatError
from citystat.texts import tr

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

SHORTEST = 6  # known figures that a level must hold; shorter ones are odd values
MOST = 8  # changes looked for, where nobody says how many there may be
AT_ONCE = 4_000_000  # bytes of sums of squares held in memory together
LEVEL = 0.95  # of the interval of a place
HALF_LOG_2_PI = math.log(2 * math.pi) / 2
NOTHING = 1e-18  # sums of squares below this part of the whole are rounding


@dataclass(frozen=True)
class Change:
    """before: index of the last value of the old level; after: of the first of the new.

    mean_before, mean_after: of the stretches on both sides, in the unit of the values · lower, upper: indices between which
    the last value of the old level lies with 95 % confidence, None where that cannot be said.
    """

    before: int
    after: int
    mean_before: float
    mean_after: float
    lower: int | None
    upper: int | None


def changes(values: ArrayLike, *, most: int | None = None, penalty: float | None = None) -> tuple[Change, ...]:
    """The changes of one series, in order. values: array[T], nan where missing (a gap belongs to no stretch).

    most: changes at most · penalty: what one more change must win in n·log(RSS/n); None is 2·log n.
    Raises CityStatError with fewer than twice SHORTEST known values, or an infinite one.
    """
    series = np.asarray(values, dtype=float)
    known = int((~np.isnan(series)).sum())
    if np.isinf(series).any():
        raise CityStatError(tr("An infinite value cannot be judged"), do=tr("Correct it or leave it empty"))
    if known < 2 * SHORTEST:
        raise CityStatError(
            tr("{n} values are too few to find a change of level", n=known),
            do=tr("Give at least {least}", least=2 * SHORTEST),
        )
    return changes_of_all(series[None], most=most, penalty=penalty)[0]


def changes_of_all(
    values: Floats, *, most: int | None = None, penalty: float | None = None
) -> list[tuple[Change, ...]]:
    """The changes of every series; none in one that is too short. values: array[S, T], nan where missing."""
    found: list[tuple[Change, ...]] = []
    some = max(1, int(AT_ONCE / (8 * max(1, values.shape[1]) ** 2)))
    for at in range(0, len(values), some):
        for series, cuts in zip(values[at : at + some], _cuts(values[at : at + some], most, penalty), strict=True):
            found.append(tuple(_described(series, cuts)))
    return found


def _cuts(values: Floats, most: int | None, penalty: float | None) -> list[list[int]]:
    """For each series the indices at which a new stretch begins."""
    count, length = values.shape
    known = (~np.isnan(values)).sum(axis=1)
    most = min(MOST if most is None else most, max(0, int(known.max(initial=0)) // SHORTEST - 1))
    cost = _costs(values)
    best = [cost[:, 0, :]]  # [k][s, t]: smallest sum of squares of the values before t, cut k times
    places: list[Whole] = []
    for _ in range(most):
        with_one_more = best[-1][:, :, None] + cost  # cut before j, then one stretch to t
        place = with_one_more.argmin(axis=1)
        places.append(place)
        best.append(np.take_along_axis(with_one_more, place[:, None], 1)[:, 0])
    left = np.stack([row[:, length] for row in best])
    chosen = _how_many(left, known, penalty)
    return [_traced(places, s, int(chosen[s]), length) for s in range(count)]


def _costs(values: Floats) -> Floats:
    """array[S, T + 1, T + 1]: the sum of squares of values i to j − 1 about their mean; infinite for too short stretches."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    middle = filled.sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    y = np.where(known, filled - middle, 0.0)
    scale = np.abs(y).max(axis=1, keepdims=True, initial=0)
    y = y / np.where(scale > 0, scale, 1)
    n, total, squares = (_sums(x) for x in (known.astype(float), y, y * y))
    count = n[:, None, :] - n[:, :, None]
    with np.errstate(all="ignore"):
        cost = (squares[:, None, :] - squares[:, :, None]) - (total[:, None, :] - total[:, :, None]) ** 2 / count
    whole = np.maximum(squares[:, -1], 1e-300)[:, None, None]
    cost = np.where(cost > 1e-12 * whole, cost, 0.0)  # what rounding leaves of a constant stretch
    return np.asarray(np.where(count >= SHORTEST, cost, np.inf))


def _sums(x: Floats) -> Floats:
    return np.concatenate([np.zeros((len(x), 1)), np.cumsum(x, axis=1)], axis=1)


def _how_many(left: Floats, known: Whole, penalty: float | None) -> Whole:
    """array[S]: the number of changes with the smallest criterion. left: array[K + 1, S], sums of squares."""
    n = np.maximum(known, 1)
    each = 2 * np.log(n) if penalty is None else np.full(len(n), penalty)
    floor = np.maximum(left[0] * NOTHING, 1e-300)
    criterion = n * np.log(np.maximum(left, floor) / n) + each * np.arange(len(left))[:, None]
    return np.asarray(np.where(known >= 2 * SHORTEST, criterion.argmin(axis=0), 0))


def _traced(places: list[Whole], series: int, changes: int, end: int) -> list[int]:
    cuts: list[int] = []
    for k in range(changes, 0, -1):
        end = int(places[k - 1][series, end])
        cuts.append(end)
    return cuts[::-1]


def _described(values: Floats, cuts: list[int]) -> Iterator[Change]:
    known = np.flatnonzero(~np.isnan(values))
    edges = [0, *cuts, len(values)]
    for start, cut, stop in zip(edges, edges[1:], edges[2:], strict=False):
        old, new = (known[(known >= a) & (known < b)] for a, b in ((start, cut), (cut, stop)))
        lower, upper = _interval(values[old], values[new])
        at = int(np.searchsorted(known, old[-1]))
        bounds = [None if b is None else int(known[min(max(at + b, 0), len(known) - 1)]) for b in (lower, upper)]
        yield Change(
            int(old[-1]), int(new[0]), float(values[old].mean()), float(values[new].mean()), bounds[0], bounds[1]
        )


def _interval(old: Floats, new: Floats) -> tuple[int | None, int | None]:
    """How many values earlier and later the place may lie, at 95 %."""
    step = new.mean() - old.mean()
    noise = [float(((side - side.mean()) ** 2).mean()) for side in (old, new)]
    if max(noise) <= NOTHING * step**2:
        return (0, 0) if step else (None, None)
    if not min(noise) > NOTHING * step**2:
        return None, None
    early, late = (_quantile(noise[1] / noise[0], level) for level in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    if early is None or late is None:
        return None, None
    unit = noise[0] / step**2
    return -math.ceil(late * unit), -math.floor(early * unit)


def _quantile(ratio: float, level: float) -> float | None:
    """Of the place where Bai's limit process is largest; None where its sides are too uneven for this level."""
    early = level < 0.5
    if early != (_distribution(0.0, ratio) > level):
        return None
    far = -1.0 if early else 1.0
    while (_distribution(far, ratio) > level) == early:
        far *= 2
    low, high = (far, 0.0) if early else (0.0, far)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _distribution(middle, ratio) < level else (low, middle)
    return (low + high) / 2


def _distribution(x: float, ratio: float) -> float:
    """P(place ≤ x), Bai (1997) with ξ = 1 and φ = `ratio`, variance after over variance before; x in old variance / step²."""
    phi, size, root = ratio, abs(x), math.sqrt(abs(x))
    if x < 0:
        a, b = (1 / phi) * (1 + 1 / phi) / 2, 0.5 + 1 / phi
        c, d = phi * (phi + 2) / (phi + 1), (phi + 2) ** 2 / (phi + 1)
        bell = root * math.exp(-size / 8 - HALF_LOG_2_PI)
        return -bell - c * math.exp(a * size + _log_tail(b * root)) + (d - 2 + size / 2) * math.exp(_log_tail(root / 2))
    a, b = (phi + 1) / 2, (2 * phi + 1) / (2 * math.sqrt(phi))
    c, d = (2 * phi + 1) / ((phi + 1) * phi), (1 + 2 * phi) ** 2 / ((phi + 1) * phi)
    bell = root / math.sqrt(phi) * math.exp(-size / (8 * phi) - HALF_LOG_2_PI)
    tail = math.exp(_log_tail(root / (2 * math.sqrt(phi))))
    return 1 + bell + c * math.exp(a * size + _log_tail(b * root)) + (2 - d - size / (2 * phi)) * tail


def _log_tail(z: float) -> float:
    """log P(a normal value > z), also where the probability is too small for a number."""
    if z < 25:
        return math.log(math.erfc(z / math.sqrt(2)) / 2)
    return -z * z / 2 - HALF_LOG_2_PI - math.log(z) - 1 / z**2
