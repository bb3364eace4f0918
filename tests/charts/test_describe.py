"""What a chart says before it is drawn: ticks, bands, labels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from cases import Part, chart, noise

from citystat.analysis.spc import judge
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


def ranked(n: int) -> tuple[Part, ...]:
    """Parts that end at 1, 2, … n."""
    return tuple(Part(f"R{i:03}", np.r_[noise(35, i, 0.1, i), float(i)]) for i in range(1, n + 1))


def test_of_many_parts_both_ends_are_named_and_the_others_counted() -> None:
    made = chart(noise(36, 60, 3), parts=ranked(216), unit="count", decimals=0)
    assert [line.period for line in made.lines if line.last] == ["R216", "R215", "R001", "R002"]
    assert made.others == "and 212 others" and sum(line.quiet for line in made.lines) == 212
    assert made.headline == "R216 is highest with 216, R001 lowest with 1"


def test_of_a_rate_all_together_is_drawn_and_the_target_kept_of_a_sum_neither() -> None:
    rate = chart(noise(36, 60, 3), parts=ranked(40), target=50, adds_up=False)
    assert rate.lines[0].name == "all together" and rate.targets and rate.target_label == "target 50 %"
    total = chart(noise(36, 60, 3), parts=ranked(40), target=50, unit="count")
    assert all(line.name != "all together" for line in total.lines) and not total.targets
    assert "the target is for all together" in total.source


def test_parts_that_share_the_lowest_value_are_counted_in_the_headline() -> None:
    zeros = tuple(Part(f"Z{i}", np.zeros(36)) for i in range(14))
    made = chart(noise(36, 60, 3), parts=(*ranked(40), *zeros), unit="count", decimals=0)
    assert made.headline == "R040 is highest with 40, 14 of 54 are lowest with 0"
    assert [line.period for line in made.lines if line.last] == ["R040", "R039", "14 of 54"]


def test_parts_that_are_all_at_one_of_two_values_are_said_once() -> None:
    two = tuple(Part(f"P{i}", np.full(36, 2.0 if i < 5 else 1.0)) for i in range(12))
    made = chart(noise(36, 60, 3), parts=two, unit="count", decimals=0)
    assert made.headline == "5 of 12 are at 2, the others at 1"


def test_a_part_that_reports_no_more_is_neither_highest_nor_lowest() -> None:
    closed = Part("Closed", np.r_[np.full(20, 900.0), np.full(16, np.nan)])
    made = chart(noise(36, 60, 3), parts=(closed, *ranked(8)), unit="count", decimals=0)
    assert made.headline == "R008 is highest with 8, R001 lowest with 1"


def test_a_category_that_names_itself_is_not_called_twice() -> None:
    made = chart(noise(9, 5, 1), parts=(Part("District 1", noise(9, 5, 1)), Part("6", noise(9, 9, 1))))
    assert [line.period for line in made.lines] == ["District 1", "District 6"]
    assert made.headline.startswith("District 6 is highest") and "District District" not in made.headline


def test_the_label_of_a_range_says_its_unit_once() -> None:
    assert chart(noise(20, 21, 1), target=20, upper=23).target_label == "target 20 to 23 %"
    assert chart(noise(20, 21, 1), target=20, upper=23, unit="USD").target_label == "target $20 to $23"


WAVE = np.tile([50.0, 51.0, 49.0, 50.5, 49.5], 5)
DIPS = np.r_[WAVE[:20], np.tile([46.0, 46.5], 4), WAVE[:8]]


def test_earlier_marks_are_explained_and_the_headline_speaks_of_now() -> None:
    made = chart(DIPS)
    assert made.headline == "No sign of change since Jul 2025"
    assert made.marked == "Marked: eight months in a row below average, Nov 2024–Jun 2025 (concern)"
    assert made.marked in made.reading
    reasons = {m.reason for m in made.lines[0].marks if m.kind == "concern"}
    assert reasons == {"eight months in a row below average"}


def test_only_marks_on_view_are_explained() -> None:
    assert chart(DIPS, since=date(2025, 8, 1)).marked == ""


def test_points_below_the_new_average_of_a_better_process_are_explained() -> None:
    """Marked by the rule within their own segment, as Making Data Count has it; and still better than before."""
    values = np.r_[noise(24, 50, 1), noise(8, 60, 0.5, 2), noise(8, 64, 0.5, 3)]
    made = chart(values, flags=((24, "rebase", "New plan"),))
    assert [m.kind for m in made.lines[0].marks[24:32]] == ["concern"] * 8
    assert (
        "eight months in a row below the new average, though above the old one, Mar–Oct 2025 (concern)" in made.marked
    )


def test_without_a_direction_the_marks_are_neither_good_nor_bad() -> None:
    marked = chart(DIPS, direction="none").marked
    assert marked.endswith("No direction is set for this measure, so it is neither good nor bad")
    assert "(concern)" not in marked


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values", [
    [1e308] * 20, [1e308, -1e308] * 10, [np.inf, -np.inf] * 10, [1e308, *([5.0, 6.0] * 10)], [1e100, -1e100] * 10,
    [5e-324] * 14, [0.0, 5e-324] * 10, [1e-200, 2e-200] * 10, [np.nan] * 20, [np.nan, 7.0] * 10, [7.0] * 20,
])  # fmt: skip
def test_extreme_values_make_a_chart_without_a_warning(values: list[float]) -> None:
    made = chart(values, target=values[0], decimals=0)
    assert np.isfinite([made.y_low, made.y_high]).all() and made.y_low < made.y_high
    for kind in ("xmr", "p", "u", "c", "p-prime", "u-prime", "run", "auto"):
        for rules in ("nhs", "anhoej", "western-electric"):
            judge(values, numerator=values, denominator=values[::-1], chart=kind, rules=rules)


def test_values_too_large_to_judge_are_said_so() -> None:
    assert chart([1e308] * 20).headline == "The values are too large to be drawn or judged; check their unit"
    one = chart([1e308, *([5.0, 6.0] * 10)])
    assert one.headline == "No sign of change" and "1 value is too large to be drawn or judged" in one.source


def test_without_a_direction_only_what_the_headline_speaks_of_is_marked() -> None:
    """Every departure is neither good nor bad: a chart of nothing but marks would say nothing."""
    values = [*noise(12, 50, 1), *noise(12, 80, 2), *noise(12, 50, 3)]
    marked = [m.x for m in chart(values, direction="none").lines[0].marks if m.kind != "common"]
    wished = [m.x for m in chart(values, direction="higher").lines[0].marks if m.kind != "common"]
    assert marked and min(marked) >= 24 and min(wished) < 24


def test_the_part_that_the_headline_names_leads() -> None:
    made = chart(noise(36, 60, 3), parts=ranked(40), unit="count", decimals=0)
    assert [line.period for line in made.lines if line.leads] == ["R040"] and made.headline.startswith(
        "R040 is highest"
    )
