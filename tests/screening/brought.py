"""A measure with monthly figures and its targets, in a city."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.city import City
from citystat.city import observations as store
from citystat.measures.edit import save_measure
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.models import ImportRun
from citystat.models.observations import WHOLE

NEWEST = date(2026, 2, 1)


def bring(city: City, code: str, values: NDArray[np.float64], *targets: TargetStep) -> int:
    """Monthly figures that end with NEWEST, higher is better, and what is wanted of them; returns the measure's id."""
    m = save_measure(city, None, code=code, name=code, direction="higher", decimals=1)
    for step in targets:
        set_target(city, m, step)

    first = periods.add_months(NEWEST, 1 - len(values))
    with city.change("Bring in") as change:
        run = ImportRun(at=datetime(2026, 3, 10, 9), who="t", source="made")
        change.add(run)
        change.flush()
        rows = [
            store.Incoming(m, periods.add_months(first, n), WHOLE, float(v), None, None, "final", "", "")
            for n, v in enumerate(values)
        ]
        store.store(change, run, rows)
    return m


def always(value: float) -> TargetStep:
    """A target since long ago."""
    return TargetStep(date(2010, 1, 1), value)
