"""Whatever a series is like, each look is a chart that says something, or a refusal in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_series import a_series

from citystat.charts.chart import Chart
from citystat.charts.describe import drawable
from citystat.charts.table import table_of
from citystat.errors import CityStatError
from citystat.measures.over_years import year_over_year, year_to_date
from citystat.measures.series import Remark, Series
from citystat.measures.split import before_and_after

DAY = date(2026, 3, 10)


@st.composite
def anything(draw: st.DrawFn) -> Series:
    n = draw(st.integers(1, 70))
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    values = rng.normal(draw(st.sampled_from([-3.0, 0.0, 5.0])), draw(st.sampled_from([0.0, 1.0, 1e6])), n)
    values[rng.random(n) < draw(st.sampled_from([0.0, 0.2, 1.0]))] = np.nan
    bottom = rng.integers(0, 3, n).astype(float)
    about: dict[str, Any] = {
        "frequency": draw(st.sampled_from(["day", "week", "month", "quarter", "half-year", "year"])),
        "aggregation": draw(st.sampled_from(["sum", "mean", "ratio", "last", "median"])),
        "over_time": draw(st.sampled_from(["", "weighted", "sum"])), "year_start": draw(st.sampled_from([1, 7])),
    }  # fmt: skip
    target = draw(st.sampled_from([None, 2.0]))
    plain = a_series(values, top=values, bottom=bottom, preliminary=draw(st.integers(0, 3)), target=target, **about)
    kinds = draw(st.lists(st.sampled_from(["note", "rebase", "exclude", "definition"]), max_size=3))
    remarks = tuple(Remark(plain.periods[int(rng.integers(0, n))], kind, "So it was") for kind in kinds)
    return a_series(values, top=values, bottom=bottom, preliminary=1, target=target, remarks=remarks, **about)


def looks(whole: Series) -> list[Chart]:
    found = []
    middle = whole.periods[len(whole.periods) // 2].isoformat()
    for draw in (year_over_year, year_to_date, lambda s, d: before_and_after(s, d, {"split": middle}, None)):
        try:
            found.append(draw(whole, DAY))
        except CityStatError as error:
            assert str(error).strip()
    return found


@given(anything())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_look_is_a_chart_or_a_refusal(whole: Series) -> None:
    for chart in looks(whole):
        assert chart.headline in chart.reading and chart.y_low < chart.y_high
        assert all(len(line.values) == len(chart.periods) for line in chart.lines)
        assert len(table_of(chart).rows) == len(chart.periods)
        assert all(np.isfinite([s.value for s in chart.targets])) and "nan" not in chart.reading


def test_a_figure_beyond_every_picture_is_left_out() -> None:
    values = np.array([1.0, 2.0, 1e300, 3.0] * 6)
    assert np.isnan(drawable(values)[2])
