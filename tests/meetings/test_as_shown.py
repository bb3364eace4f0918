"""A chart of the past knows the months that had come in by then, and nothing later."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from citystat.city import City
from citystat.city import observations as store
from citystat.measures.picture import Showing, charts_of
from citystat.measures.series import all_series, broken_down, definitions
from citystat.models import ImportRun, Measure

MONTHS = [date(2025, m, 1) for m in range(1, 7)]


@pytest.fixture
def monthly(city: City) -> list[int]:
    """Two measures by two districts, one import a month, each correcting the month before; returns the runs."""
    with city.change("Make measures") as change:
        change.add_all(Measure(code=code, name=code, frequency="month") for code in ("A-1", "A-2"))
    runs = []
    for n, month in enumerate(MONTHS):
        with city.change("Bring in") as change:
            run = ImportRun(at=datetime(2025, n + 1, 20), who="tester", source=f"{month}.csv")
            change.add(run)
            change.flush()
            cells = store.cells(change, [(("District", d),) for d in "EW"])
            rows = [
                store.Incoming(measure, period, cell, float(value), None, None, "final", "", "")
                for measure in (1, 2)
                for cell in cells.values()
                if cell != 1
                for period, value in ((month, n), *(((MONTHS[n - 1], n - 0.5),) if n else ()))
            ]
            store.store(change, run, rows)
            change.run_id = run.id
            runs.append(run.id)
    return runs


def test_each_import_shows_what_was_known_then(city: City, monthly: list[int]) -> None:
    with city.read() as read:
        for n, run in enumerate(monthly):
            for series in all_series(read, definitions(read), as_of=run):
                known = [2 * (m + 0.5) for m in range(n)] + [2.0 * n]
                assert series.periods == tuple(MONTHS[: n + 1])
                assert np.array_equal(series.values, known)


def test_a_breakdown_of_the_past_knows_no_more_than_the_whole(city: City, monthly: list[int]) -> None:
    with city.read() as read:
        measure = definitions(read)[0]
        parts = broken_down(read, measure, "District", as_of=monthly[2])
        assert [(p.category, list(p.values)) for p in parts] == [("E", [0.5, 1.5, 2.0]), ("W", [0.5, 1.5, 2.0])]


def test_charts_of_several_days_are_read_together_and_each_knows_its_own(city: City, monthly: list[int]) -> None:
    with city.read() as read:
        measures = definitions(read)
        wanted = [Showing(m, MONTHS[n], run=monthly[n]) for n in (1, 4) for m in measures]
        wanted.append(Showing(measures[0], MONTHS[0], run=0))
        assert [len(c.periods) for c in charts_of(read, wanted)] == [2, 2, 5, 5, 0]
