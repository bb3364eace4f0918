"""Series of every kind, made by code."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from citystat import periods
from citystat.measures.series import Definition, Remark, Series
from citystat.measures.target import TargetStep


def a_series(
    values: ArrayLike,
    *,
    top: ArrayLike | None = None,
    bottom: ArrayLike | None = None,
    target: float | None = None,
    remarks: tuple[Remark, ...] = (),
    preliminary: int = 0,
    **about: object,
) -> Series:
    """A series from January 2019 on, monthly unless `about` says otherwise."""
    data = np.asarray(values, float)
    n = len(data)
    given = {
        "unit": "count", "decimals": 1, "frequency": "month", "aggregation": "mean", "direction": "higher", "kind": "outcome",
        "multiplier": 1.0, "zero_baseline": False, "reporting_lag": 15, "chart": {}, "year_start": 1, **about,
    }  # fmt: skip
    words = ("definition", "not_measured", "limits", "over_time", "formula", "source", "department", "owner")
    measure = Definition(
        id=1, code="A-1", name="A measure", fiscal=True, department_id=None, owner_id=None, public=True, retired=False,
        **(dict.fromkeys(words, "") | given),
    )  # type: ignore[arg-type]  # fmt: skip
    frequency, year_start = str(given["frequency"]), int(str(given["year_start"]))
    begin = periods.start_of(date(2019, 1, 1), frequency, year_start)
    steps = tuple(periods.move(begin, frequency, i) for i in range(n))
    status = tuple(
        "" if np.isnan(v) else "preliminary" if i >= n - preliminary else "final" for i, v in enumerate(data)
    )
    nothing = np.full(n, np.nan)
    return Series(
        measure, steps, data, nothing if top is None else np.asarray(top, float),
        nothing if bottom is None else np.asarray(bottom, float), status, ("",) * n, (0,) * n,
        () if target is None else (TargetStep(date(2019, 1, 1), target),), remarks,
    )  # fmt: skip
