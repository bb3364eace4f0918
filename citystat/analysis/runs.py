"""Runs about the centre: Anhøj and Olesen, Run charts revisited (PLoS ONE 2014)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log2

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """useful: points not on the centre. signal: too long a run, or too few crossings; None without useful points."""

    useful: int
    longest: int | None
    longest_max: int | None
    crossings: int | None
    crossings_min: int | None
    signal: bool | None


def runs(values: Floats, centre: Floats) -> Runs:
    """Count the runs of `values` about `centre` (array[n], nan skipped)."""
    side = np.sign(values - centre)
    side = side[~np.isnan(side) & (side != 0)]
    n = len(side)
    if n == 0:
        return Runs(0, None, None, None, None, None)
    changes = np.flatnonzero(np.diff(side))
    lengths = np.diff([0, *(changes + 1), n])
    longest, crossings = int(max(lengths)), len(changes)
    longest_max, crossings_min = longest_allowed(n), crossings_needed(n)
    return Runs(n, longest, longest_max, crossings, crossings_min, longest > longest_max or crossings < crossings_min)


def longest_allowed(n: int) -> int:
    """Longest run that chance allows among n useful points: round(log2 n) + 3."""
    return round(log2(n)) + 3


@lru_cache(maxsize=4096)
def crossings_needed(n: int) -> int:
    """Fewest crossings that chance allows: the 5 % quantile of a binomial(n − 1, ½), in whole numbers so that n may be large."""
    whole, term, total = 2 ** (n - 1), 1, 0
    for k in range(n):
        total += term
        if 20 * total >= whole:
            return k
        term = term * (n - 1 - k) // (k + 1)
    return 0
