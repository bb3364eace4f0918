"""How likely chance alone makes what a chart shows at its end: p values, so that many charts can be screened at once.

Where a level has moved, the newest values lie off the old average together. So the mean of the newest k values is held against the
centre, for each k up to LONGEST, and a trend against the chance of so many steps one way; the best of these counts, multiplied by how
many there are (Bonferroni), so it is never too small. Sigma comes from moving ranges, whose few degrees of freedom (0.62 · (n − 1),
D. J. Wheeler, Advanced Topics in Statistical Process Control, 1995) make the tails those of Student's t.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from citystat.analysis.spc import Judgement, Point

Floats = NDArray[np.float64]

LONGEST = 12  # newest values that are taken together
FREEDOM = 0.62  # degrees of freedom of a moving range's sigma, for each point


def p_of_signal(judgement: Judgement) -> float:
    """That chance makes the end of a chart: 0 to 1, nan where nothing can be judged."""
    segment = judgement.segments[-1] if judgement.segments else None
    if segment is None or not judgement.enough or judgement.chart == "run":
        return float("nan")
    points = [p for p in judgement.points[segment.start :] if not np.isnan(p.value) and not p.excluded]
    off = np.array([_sigmas(p) for p in points], float)
    if len({p.value for p in points}) < 2 or np.isnan(off).any():
        return float("nan")
    tails = [_tail(abs(off[-k:].mean()) * np.sqrt(k), segment.n) for k in range(1, min(LONGEST, len(off) - 1) + 1)]
    return float(min(1.0, 2 * min([*tails, _trend(points) / 2]) * (len(tails) + 1)))


def _sigmas(point: Point) -> float:
    """How many sigmas a point lies from its centre."""
    if point.centre is None or point.upper is None or point.lower is None:
        return float("nan")
    above = point.value > point.centre
    sigma = ((point.upper - point.centre) if above else (point.centre - point.lower)) / 3
    return (point.value - point.centre) / sigma if sigma > 0 else float("nan")


def _trend(points: Sequence[Point]) -> float:
    """Of so many points in a row at the end, each beyond the one before."""
    steps = np.sign(np.diff([p.level for p in points]))[::-1]
    same = steps == steps[0]
    n = 1 + (len(steps) if same.all() else int(np.argmin(same)))
    return 2 / factorial(min(n, 20)) if steps[0] else 1.0


def p_of_miss(judgement: Judgement, target: float) -> float:
    """That a process whose average is the target makes the average that is seen: one-sided, of the last segment."""
    segment = judgement.segments[-1]
    if segment.centre is None or segment.upper is None or segment.lower is None or segment.n < 2:
        return float("nan")
    sigma = (segment.upper - segment.lower) / 6
    if sigma <= 0:
        return float("nan")
    return _tail(abs(segment.centre - target) / (sigma / np.sqrt(segment.n)), segment.n)


def p_of_change(before: Floats, after: Floats, places: int) -> float:
    """That chance makes the two levels differ so much, at the best of `places` places (Welch's t). Both array[n] float without nan."""
    a, b = before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)
    if a + b <= 0:
        return float("nan")
    t = abs(after.mean() - before.mean()) / np.sqrt(a + b)
    free = (a + b) ** 2 / (a**2 / (len(before) - 1) + b**2 / (len(after) - 1))
    return float(min(1.0, 2 * stdtr(free, -t) * places))


def _tail(z: float, n: int) -> float:
    """One-sided: of a value z sigmas off, sigma known from n points."""
    return float(stdtr(max(1.0, FREEDOM * (n - 1)), -z))
