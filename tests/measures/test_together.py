"""Two to six measures below each other: one time axis, each with its own unit, limits and marks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from citystat.charts.chart import Chart
from citystat.charts.table import table_of
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.edit import save_measure
from citystat.measures.picture import chart_of
from citystat.measures.series import definition, definitions
from citystat.measures.together import next_zoom, together


def drawn(city: City, today: date, *codes: str, **view: str) -> Chart:
    with city.read() as read:
        return together(read, [definition(read, code) for code in codes], as_of=today, view=view)


def test_each_keeps_its_own_axis_limits_and_marks_on_the_same_periods(sample_city: City, today: date) -> None:
    chart = drawn(sample_city, today, "EC-01", "FD-05")
    calls, visits = chart.panels
    assert calls.starts == visits.starts == chart.starts and len(chart.starts) == 36
    assert (calls.y_low, calls.y_high) != (visits.y_low, visits.y_high) and (calls.unit, visits.unit) == (
        "percent",
        "count",
    )
    with sample_city.read() as read:
        alone = chart_of(read, definition(read, "FD-05"), as_of=today)
    kinds = {alone.starts[int(m.x)]: m.kind for m in alone.lines[0].marks}
    assert {visits.starts[int(m.x)]: m.kind for m in visits.lines[0].marks} == kinds
    assert [b.x1 - b.x0 for b in visits.bands] == [b.x1 - b.x0 for b in alone.bands]


def test_a_measure_that_ends_earlier_leaves_its_place_empty(sample_city: City, today: date) -> None:
    chart = drawn(sample_city, today, "EC-01", "PW-31")  # calls through February, buses through January
    assert chart.periods[-1] == "Feb 2026"
    assert [np.isnan(panel.lines[0].values[-1]) for panel in chart.panels] == [False, True]
    assert chart.panels[1].lines[0].period == "Jan 2026"


def test_quarters_stand_under_their_months(sample_city: City, today: date) -> None:
    chart = drawn(sample_city, today, "EC-01", "HR-09")
    months, quarters = chart.panels
    assert len(months.periods) == 3 * len(quarters.periods)
    assert all(quarters.starts[chart.x_in(quarters, i)] <= start for i, start in enumerate(months.starts))
    rows = {row[0]: row for row in table_of(chart).rows}
    assert rows["Nov 2025"][2] == "" and rows["Dec 2025"][2].endswith("%")  # the quarter is told once, where it ends


def test_the_sentence_counts_what_each_chart_says(sample_city: City, today: date) -> None:
    chart = drawn(sample_city, today, "EC-01", "PW-31", "FD-05")
    assert chart.headline == "Of three measures two are improving, one shows no sign of change"
    assert [panel.standing for panel in chart.panels] == ["improvement", "common", "improvement"]
    assert "does not say that one moves the other" in chart.reading and "EC-01 · " in chart.reading


def test_one_seven_and_weeks_beside_months_are_refused(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        seven = [m.code for m in definitions(read) if m.frequency == "month"][:7]
    weekly = "W-1"
    save_measure(sample_city, None, code=weekly, name="Weekly", frequency="week")
    for codes, words in (
        (["EC-01"], "beside nothing"),
        (seven, "as many as"),
        (["EC-01", weekly], "no common time axis"),
    ):
        with pytest.raises(CityStatError, match=words):
            drawn(sample_city, today, *codes)


def test_zoom_is_the_usual_twelve_all(sample_city: City, today: date) -> None:
    view, shown = {}, []
    for _ in range(4):
        shown.append(len(drawn(sample_city, today, "EC-01", "PW-31", **view).periods))
        view = next_zoom(view)
    assert shown == [36, 12, 84, 36]


def test_a_measure_without_figures_has_an_empty_panel(sample_city: City, today: date) -> None:
    save_measure(sample_city, None, code="NEW", name="New", frequency="month")
    chart = drawn(sample_city, today, "EC-01", "NEW")
    assert "one has too few points to judge" in chart.headline
    assert len(chart.panels[1].periods) == len(chart.panels[0].periods)
