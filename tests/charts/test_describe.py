"""What a chart says before it is drawn: ticks, bands, labels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from cases import Part, chart, noise

from citystat.charts.axis import period_ticks, value_axis, year_spans
from citystat.numbers import brief, compact
from citystat.periods import run


def months(n: int, first: date = date(2023, 3, 1)) -> list[date]:
    return run(first, date(first.year + (first.month + n - 2) // 12, (first.month + n - 2) % 12 + 1, 1), "month")


def test_months_are_january_with_its_year_and_july() -> None:
    labels = [t.label for t in period_ticks(months(36), "month", 7)]
    assert labels == ["Jul", "Jan 24", "Jul", "Jan 25", "Jul", "Jan 26"]


def test_a_short_series_names_every_month_and_begins_with_a_year() -> None:
    assert [t.label for t in period_ticks(months(3), "month", 7)] == ["Mar 23", "Apr", "May"]


def test_fiscal_years_meet_at_their_borders() -> None:
    spans = year_spans(months(36), "month", 7)
    assert [s.label for s in spans] == ["FY23", "FY24", "FY25", "FY26"]
    assert all(a.x1 == b.x0 for a, b in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(("value", "step", "said"), [
    (87.5, 2.5, "87.5"), (90.0, 2.5, "90.0"), (0.25, 0.25, "0.25"), (95, 5, "95"), (2e6, 1e6, "2 M"), (-50, 50, "−50"),
])  # fmt: skip
def test_an_axis_says_what_its_step_needs(value: float, step: float, said: str) -> None:
    assert compact(value, step) == said


@pytest.mark.parametrize(("value", "decimals", "said"), [(92.0, 1, "92 %"), (92.5, 1, "92.5 %"), (92.04, 1, "92 %"),
                                                         (0.0, 2, "0 %"), (99.96, 1, "100 %")])  # fmt: skip
def test_a_target_has_no_more_decimals_than_it_needs(value: float, decimals: int, said: str) -> None:
    assert brief(value, "percent", decimals) == said


def test_the_axis_of_a_constant_is_not_empty() -> None:
    for value in (0.0, 100.0, -5.0, 1e12):
        low, high, ticks = value_axis(value, value, from_zero=False)
        assert low < high and low <= value <= high and ticks


def test_no_share_above_a_hundred_is_drawn_as_possible() -> None:
    band = chart(np.clip(noise(36, 98, 1.5), 0, 100)).bands[0]
    assert band.upper.max() <= 100
    counts = chart(np.abs(noise(36, 2, 2)), unit="count").bands[0]
    assert counts.lower.min() >= 0


def test_segments_meet_at_the_change() -> None:
    bands = chart(noise(36, 50, 2), flags=((24, "rebase", "New plan"),)).bands
    assert [(b.x0, b.x1) for b in bands] == [(-0.5, 23.5), (23.5, 35.5)]


def test_too_few_points_have_no_limits() -> None:
    assert not chart([1.0, 2.0, 3.0]).bands


def test_of_forty_parts_three_speak() -> None:
    made = chart(noise(36, 60, 3), parts=tuple(Part(f"District {i}", noise(36, 60, 2, i)) for i in range(40)))
    assert [bool(line.last) for line in made.lines].count(True) == 3
    assert sum(line.quiet for line in made.lines) == 37


def test_a_category_that_names_itself_is_not_called_twice() -> None:
    made = chart(noise(9, 5, 1), parts=(Part("District 1", noise(9, 5, 1)), Part("6", noise(9, 9, 1))))
    assert made.headline.startswith("District 6 is highest") and "District District" not in made.headline


def test_the_label_of_a_range_says_its_unit_once() -> None:
    assert chart(noise(20, 21, 1), target=20, upper=23).target_label == "target 20 to 23 %"
    assert chart(noise(20, 21, 1), target=20, upper=23, unit="USD").target_label == "target $20 to $23"
