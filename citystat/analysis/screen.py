"""How likely chance alone makes what a chart shows at its end: p values, so that many charts can be screened at once.

Where a level has moved, the newest values lie off the old average together. So the mean of the newest k values is held against the
mean of those before, for each k of WINDOWS; the best of these counts, multiplied by how many there are (Bonferroni), so it is never too small. Sigma comes from moving ranges, whose few degrees of freedom (0.62 · (n − 1),
D. J. Wheeler, Advanced Topics in Statistical Process Control, 1995) make the tails those of Student's t.

A month that is like the month before it makes means vary more than independent values would, and moving ranges less. So every mean is held
against the spread that it has in a series of the likeness (lag-1 autocorrelation) that was there before the newest values, somewhat more
than estimated (CAREFUL): an estimate that comes out too small would make findings of nothing.

Figures are seldom normal. Counts are held against the binomial distribution of all that was counted; other values against the tails of their own
skewness and kurtosis (Shape).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, gammaincc, ndtr, ndtri, stdtr

from citystat.analysis.spc import Judgement, Point

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WINDOWS = (1, 2, 3, 4, 6, 8, 12)  # newest values that are taken together
LONGEST = WINDOWS[-1]
FREEDOM = 0.62  # degrees of freedom of a moving range's sigma, for each point
CAREFUL = 4.0  # ÷ n: by how much likeness is taken for larger than estimated
AVERAGED = 2.0  # times as much where many values are averaged, which tells most on likeness
SEASONAL = 3.0  # or so many times where a season was taken out: it may be found in noise, and takes likeness with it
MOST_ALIKE = 0.9
LONGER = 1.5
OF_COUNTS = ("c", "u", "p")  # charts whose sigma is that of counting
FEWEST = 6  # values that an average is held against a target from


def p_of_signal(judgement: Judgement) -> float:
    """That chance makes the end of a chart: 0 to 1, nan where nothing can be judged."""
    points = _judged(judgement)
    off = np.array([_sigmas(p, p.centre) for p in points], float)
    if len({p.value for p in points}) < 2 or np.isnan(off).any():
        return float("nan")
    windows = [k for k in WINDOWS if k <= max(1, len(off) // 2)]
    alike = _alike(judgement, points)
    if judgement.chart in OF_COUNTS:
        tails = [_of_counts(points, k, alike) for k in windows]
    else:
        shape = Shape.of(np.array([p.level for p in points]), _episodes(points))
        tails = [_off_by_chance(off, k, judgement.segments[-1].n, alike, shape) for k in windows]
    return float(min(1.0, 2 * min(tails) * len(tails)))


@dataclass(frozen=True)
class Miss:
    """The newest values against what was wanted of them. p: that a process which meets its targets fails them so far on average, one-sided ·
    sigmas: how far off they are on average, below zero where they are better than wanted · mean, wanted: the two averages, without season; a
    value whose sigma is small weighs more, as in `sigmas` · n: values."""

    p: float
    sigmas: float
    mean: float
    wanted: float
    n: int


def miss(judgement: Judgement, targets: Floats, direction: str) -> Miss | None:
    """Of the newest LONGEST values that have a target; None where nothing can be judged, or with fewer than FEWEST values.

    targets: array[n] float, what was wanted of each period, nan where nothing was · direction: "higher" or "lower" is better.
    """
    points = _judged(judgement)
    newest = [p for p in points if not np.isnan(targets[p.index])][-LONGEST:]
    failing = np.array([_sigmas(p, float(targets[p.index]) + p.season) for p in newest], float)
    if len(newest) < FEWEST or np.isnan(failing).any():
        return None
    worse, k = float(failing.mean()) * (1 if direction == "lower" else -1), len(newest)
    likely = _tail(worse * np.sqrt(k) / _widened(k, _alike(judgement, points, AVERAGED)), judgement.segments[-1].n)
    sides = [p.level for p in newest], [float(targets[p.index]) for p in newest]
    mean, wanted = (float(np.average(side, weights=[1 / _sigma(p) for p in newest])) for side in sides)
    return Miss(likely, worse, mean, wanted, k)


def p_of_change(before: Floats, after: Floats, places: int, alike: float = 0.0) -> float:
    """That chance makes the two levels differ so much, at the best of `places` places (Welch's t). Both array[n] float without nan.

    alike: likeness about the levels; values that are like those before them count as so many fewer.
    """
    many = [len(side) / _inflation(len(side), alike) for side in (before, after)]
    a, b = before.var(ddof=1) / many[0], after.var(ddof=1) / many[1]
    if a + b <= 0:
        return float("nan")
    t = abs(after.mean() - before.mean()) / np.sqrt(a + b)
    free = max(1.0, (a + b) ** 2 / (a**2 / max(1.0, many[0] - 1) + b**2 / max(1.0, many[1] - 1)))
    return float(min(1.0, 2 * stdtr(free, -t) * places))


def likeness(values: Floats, newest: int = LONGEST, careful: float = 1.0) -> float:
    """How like each value is to the one before it: 0 to MOST_ALIKE, with the bias of short series and CAREFUL added.

    values: array[n] float without nan · newest: so many at the end have no say (a third of them at most), for a level that moved there
    would look like likeness · careful: times CAREFUL.
    """
    kept = values[: len(values) - min(newest, len(values) // 3)]
    off = kept - kept.mean() if len(kept) else kept
    squares = float((off**2).sum())
    if len(kept) < 3 or squares <= 0:
        return 0.0
    n, found = len(kept), float((off[1:] * off[:-1]).sum()) / squares
    return float(np.clip(found + (1 + 4 * max(0.0, found) + careful * CAREFUL) / n, 0.0, MOST_ALIKE))


def _alike(judgement: Judgement, points: Sequence[Point], careful: float = 1.0) -> float:
    """careful: where a season was taken out, SEASONAL if that is more; their product would be more than any likeness found in three years."""
    most = max(careful, SEASONAL) if judgement.seasonal else careful
    return likeness(np.array([p.level for p in points]), careful=most)


def _judged(judgement: Judgement) -> list[Point]:
    """The points of the newest stretch that count; none where its chart judges nothing."""
    segment = judgement.segments[-1] if judgement.segments else None
    if segment is None or not judgement.enough or judgement.chart == "run":
        return []
    return [p for p in judgement.points[segment.start :] if not np.isnan(p.value) and not p.excluded]


def _sigmas(point: Point, line: float | None) -> float:
    """How many sigmas a point lies from a line; the wider side counts, for no limit lies below zero."""
    sigma = _sigma(point)
    return (point.value - line) / sigma if line is not None and sigma > 0 else float("nan")


def _sigma(point: Point) -> float:
    if point.centre is None or point.upper is None or point.lower is None:
        return 0.0
    return max(point.upper - point.centre, point.centre - point.lower) / 3


@dataclass(frozen=True)
class Shape:
    """How far values are from normal: skewness and excess kurtosis, LONGER than in the sample, which holds few of the longest tails."""

    skew: float
    heavy: float

    @classmethod
    def of(cls, values: Floats, left_out: Bools) -> Shape:
        """Of the values before the newest ones. values: array[n] float without nan · left_out: array[n], those that have no say."""
        before = len(values) - min(LONGEST, len(values) // 3)
        kept = values[:before][~left_out[:before]]
        spread = float(kept.std()) if len(kept) > 3 else 0.0
        if spread <= 0:
            return cls(0.0, 0.0)
        z = (kept - kept.mean()) / spread
        skew, heavy = float((z**3).mean()), float((z**4).mean()) - 3
        return cls(skew * LONGER, max(0.0, heavy) * LONGER)

    def tail(self, z: float, k: int, free: float) -> float:
        """One-sided: of the mean of k such values z sigmas off, in the direction of its sign; free: degrees of freedom of sigma.

        The larger of Student's t with the kurtosis of such means and, on the long side, of a gamma distribution of their skewness.
        """
        free = max(3.0, min(free, 4 + 6 * k / self.heavy)) if self.heavy > 0 else free
        scale = np.sqrt(free / (free - 2)) if self.heavy > 0 else 1.0
        found = float(stdtr(max(1.0, free), -abs(z) * scale))
        skew = self.skew * np.sign(z) / np.sqrt(k)
        if skew > 0:
            a = 4 / skew**2
            found = max(found, float(gammaincc(a, a + abs(z) * np.sqrt(a))))
        return found


def _episodes(points: Sequence[Point]) -> Bools:
    """Points outside the limits beside another: something happened there; long tails are seen in single ones."""
    outside = np.array(["outside-limits" in p.rules for p in points], bool)
    beside = np.zeros(len(points), bool)
    beside[1:] |= outside[:-1]
    beside[:-1] |= outside[1:]
    return outside & beside


def _off_by_chance(off: Floats, k: int, n: int, alike: float, shape: Shape) -> float:
    """One-sided: of the mean of the newest k values, off the centre that n values made."""
    share = k / n
    known = 1 - share if n >= len(off) else 1 + share  # the centre holds the newest values, or earlier ones alone
    z = float(off[-k:].mean()) * np.sqrt(k / known) / _widened(k, alike)
    return shape.tail(z, k, max(1.0, FREEDOM * (n - 1)))


def _of_counts(points: Sequence[Point], k: int, alike: float) -> float:
    """One-sided: that so many, or so few, of all that was counted fall into the newest k periods: exact (binomial) where periods are
    independent. A chart of counts says itself how many its sigma expects: (centre / sigma)²."""
    expected = np.array([((p.centre or 0.0) / _sigma(p)) ** 2 for p in points])
    counted = np.array([p.value / p.centre if p.centre else 0.0 for p in points]) * expected
    share, every, newest = expected[-k:].sum() / expected.sum(), round(counted.sum()), round(counted[-k:].sum())
    fewer, more = bdtr(newest, every, share), bdtrc(newest - 1, every, share) if newest else 1.0
    z = -ndtri(min(0.5, float(fewer), float(more)))
    return float(ndtr(-z / _widened(k, alike)))


def _widened(k: int, alike: float) -> float:
    """By how much more a mean of k values spreads, in sigmas of moving ranges, than one of independent values."""
    return float(np.sqrt(_inflation(k, alike) / (1 - alike)))


def _inflation(k: int, alike: float) -> float:
    """The variance of a mean of k values in which each is like the one before (AR(1)), over that of independent ones."""
    steps = np.arange(1, k)
    return float(1 + 2 * ((1 - steps / k) * alike**steps).sum())


def _tail(z: float, n: int) -> float:
    """One-sided: of a value z sigmas off, sigma known from n points."""
    return float(stdtr(max(1.0, FREEDOM * (n - 1)), -z))
