"""Which of many findings stand, if few of those that do may be false: the false-discovery rate.

Y. Benjamini and Y. Hochberg, Controlling the False Discovery Rate, Journal of the Royal Statistical Society B 57 (1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.errors import CityStatError
from citystat.texts import tr


@dataclass(frozen=True)
class Discoveries:
    """What is left of m tests.

    rejected: array[m] bool, the findings that stand · adjusted: array[m], the smallest rate at which each would stand, nan
    where there was no p value · threshold: i·rate/m at the last finding that stands, None where none does.
    """

    rejected: NDArray[np.bool_]
    adjusted: NDArray[np.float64]
    threshold: float | None


def benjamini_hochberg(p: ArrayLike, rate: float = 0.05) -> Discoveries:
    """The step-up procedure: of the findings that stand, at most `rate` are false on average.

    p: array[m] of p values, nan where none could be computed (those are no tests and are not counted).
    Raises CityStatError for a p value outside 0 to 1, ValueError for a rate outside 0 to 1.
    """
    if not 0 < rate < 1:
        raise ValueError(f"rate {rate} is not between 0 and 1")
    values = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(values))
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise CityStatError(tr("A p value lies outside 0 to 1"), do=tr("Correct it"))
    order = tested[np.argsort(values[tested], kind="stable")]
    m, ranks = len(order), np.arange(1, len(order) + 1)
    adjusted = np.full(len(values), np.nan)
    scaled = values[order] * m / ranks
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1)
    below = np.flatnonzero(values[order] <= ranks * rate / m)
    last = int(below[-1]) + 1 if len(below) else 0
    rejected = np.zeros(len(values), bool)
    rejected[order[:last]] = True
    return Discoveries(rejected, adjusted, last * rate / m if last else None)
