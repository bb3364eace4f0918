"""Whatever figures arrive, the rules answer: they never fail, and they speak of figures that are there and new."""

from __future__ import annotations

import json
import warnings
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from citystat import periods
from citystat.collect.case import Case, Table
from citystat.collect.checks import RULES
from citystat.collect.rules import gap_facts, gaps
from citystat.measures.facts import worded

FIGURE = st.one_of(
    st.just(float("nan")), st.just(0.0), st.floats(-1e17, 1e17, allow_nan=False), st.integers(-3, 120).map(float)
)


def table(figures: list[float], frequency: str, cells: int, last: date) -> Table:
    """The figures, period after period with `cells` in each, ending with `last`."""
    n = len(figures)
    starts = [periods.move(last, frequency, -(i // cells)) for i in range(n)]
    value = np.array(figures, dtype=float)
    return Table(
        np.array([s.toordinal() for s in starts], dtype=np.int64), np.arange(n, dtype=np.int64) % cells + 1,
        value, value + 1, np.abs(value) + 2,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    kept=st.lists(FIGURE, max_size=60),
    arriving=st.lists(FIGURE, min_size=1, max_size=60),
    frequency=st.sampled_from(periods.FREQUENCIES),
    cells=st.integers(1, 5),
    unit=st.sampled_from(("count", "percent", "USD")),
    aggregation=st.sampled_from(("sum", "mean", "ratio", "last", "median", "count")),
    ahead=st.integers(-3, 30),
)
def test_rules_answer_whatever_arrives(
    kept: list[float], arriving: list[float], frequency: str, cells: int, unit: str, aggregation: str, ahead: int
) -> None:
    today = date(2026, 3, 10)
    here = periods.start_of(today, frequency, 7)
    old = table(kept, frequency, cells, periods.move(here, frequency, -2))
    new = table(arriving, frequency, cells, periods.move(here, frequency, ahead))
    fresh = np.arange(len(new)) % 3 != 1
    case = Case(
        unit, 0, frequency, aggregation, 1.0, 7, new, fresh, old, today, np.arange(len(new), dtype=np.int64) % 3,
        np.ones(len(old), dtype=np.int64), {1: (), **{c: (("District", str(c)),) for c in range(2, cells + 1)}},
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for rule in RULES:
            for i, words in rule.test(case, {}) if rule.test else ():
                said = worded(words)
                assert 0 <= i < len(new) and said and "{" not in said and json.loads(json.dumps(words)) == words
                assert fresh[i] or rule.name == "parts"
        for ordinal, cell in gaps(case):
            assert worded(gap_facts(case, ordinal, case.breakdowns.get(cell, ())))
