"""Two stretches of one series held against each other: how far apart their means are, and how sure that is.

Welch's interval for the difference of two means. Neighbouring periods are alike more often than not, so each side counts for fewer
values than it has: n · (1 − r) / (1 + r), r the correlation of neighbours (Zwiers and von Storch, Journal of Climate 8, 1995,
“Taking serial correlation into account in tests of the mean”), put up by (1 + 3r) / n, by which short series show it too small (Marriott and Pope, Biometrika 41, 1954).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 4  # values on each side
ALIKE = 0.9  # correlation of neighbours that is believed at most


@dataclass(frozen=True)
class Side:
    """One stretch. n: values · mean, spread (standard deviation): unit of the values."""

    n: int
    mean: float
    spread: float


@dataclass(frozen=True)
class Difference:
    """after.mean − before.mean with its 95 % interval low to high; alike: the correlation of neighbours, 0 to ALIKE."""

    before: Side
    after: Side
    low: float
    high: float
    alike: float

    @property
    def size(self) -> float:
        """How far the mean moved."""
        return self.after.mean - self.before.mean

    @property
    def clear(self) -> bool:
        """Whether chance alone would seldom make it."""
        return self.low > 0 or self.high < 0


def before_after(values: Floats, at: int) -> Difference | None:
    """The values before index `at` and from it on; None where one side has fewer than LEAST. values: array[n] float, nan where missing."""
    from scipy.special import stdtrit  # slow to import

    sides = values[:at], values[at:]
    known = [side[~np.isnan(side)] for side in sides]
    if min(map(len, known)) < LEAST:
        return None
    before, after = (Side(len(side), float(side.mean()), float(side.std(ddof=1))) for side in known)
    alike = _alike([side - np.nanmean(side) for side in sides])
    share = (1 - alike) / (1 + alike)
    counted = [max(2.0, side.n * share) for side in (before, after)]
    a, b = (side.spread**2 / n for side, n in zip((before, after), counted, strict=True))
    size = after.mean - before.mean
    if a + b <= 0:
        return Difference(before, after, size, size, alike)
    free = (a + b) ** 2 / (a**2 / (counted[0] - 1) + b**2 / (counted[1] - 1))
    reach = float(stdtrit(free, 0.975)) * float(np.sqrt(a + b))
    return Difference(before, after, size - reach, size + reach, alike)


def _alike(sides: list[Floats]) -> float:
    """The correlation of neighbours within the sides, each around its own mean; never below 0."""
    pairs = np.concatenate([np.column_stack([side[:-1], side[1:]]) for side in sides])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    whole = np.concatenate(sides)
    n, about = len(pairs), float(np.nanvar(whole))
    if n < LEAST or about <= 0:
        return 0.0
    found = float((pairs[:, 0] * pairs[:, 1]).mean()) / about
    # each mean that was taken out makes neighbours look less alike by about (1 + 3r) / n (Kendall 1954)
    return min(ALIKE, max(0.0, found + len(sides) * (1 + 3 * max(found, 0.0)) / n))
