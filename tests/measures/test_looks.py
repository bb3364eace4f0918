"""Other looks at a measure: years beside each other, the year so far, before and after, its parts. Each says what is true."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from made_series import a_series

from citystat.charts.table import table_of
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.looks import LOOKS
from citystat.measures.over_years import so_far, year_over_year, year_to_date
from citystat.measures.picture import Showing, chart_of, charts_of
from citystat.measures.series import Remark, definition, definitions
from citystat.measures.split import before_and_after, splits
from citystat.over_time import Figure, together

DAY = date(2021, 6, 10)
RNG = np.random.default_rng(3)


## Year over year


def test_each_year_is_a_line_and_this_one_leads() -> None:
    chart = year_over_year(a_series([*range(12), *range(100, 112), *range(200, 205)]), DAY)
    assert [(line.name, line.leads) for line in chart.lines] == [("2021", True), ("2020", False), ("2019", False)]
    assert np.array_equal(chart.lines[0].values[:5], [200, 201, 202, 203, 204])
    assert np.isnan(chart.lines[0].values[5:]).all()
    assert chart.lines[1].values[11] == 111
    assert chart.periods[:2] == ("Jan", "Feb")
    assert "2021: 204.0" in chart.reading and "2020: 104.0 in May." in chart.reading  # what is heard is what is seen


def test_the_newest_value_is_held_against_the_same_month_of_earlier_years() -> None:
    assert (
        "204.0 in May 2021, 104.0 a year earlier; the highest of three years"
        in year_over_year(a_series([*range(12), *range(100, 112), *range(200, 205)]), DAY).headline
    )
    between = [*range(12), *range(100, 112), 50.0]
    assert "50.0 in Jan 2021, 100.0 a year earlier; 0.0 to 100.0 in two years before" in year_over_year(a_series(between), DAY).headline  # fmt: skip


def test_a_preliminary_value_is_hollow_and_not_spoken_of() -> None:
    chart = year_over_year(a_series([*range(12), 5.0, 99.0], preliminary=1), DAY)
    assert [m.hollow for m in chart.lines[0].marks] == [False, True]
    assert chart.headline.startswith("5.0 in Jan 2020") and "99" not in chart.headline


def test_fiscal_years_begin_in_their_month_and_years_of_another_definition_are_left_out() -> None:
    remarks = (Remark(date(2020, 2, 1), "definition", "Walk-ins count, too"),)
    chart = year_over_year(a_series(range(24), year_start=7, remarks=remarks), DAY)
    assert chart.periods[0] == "Jul" and chart.periods[11] == "Jun"
    assert [line.name for line in chart.lines] == ["FY21", "FY20"]
    assert np.isnan(chart.lines[1].values[:7]).all() and chart.lines[1].values[7] == 13  # Feb 2020


def test_a_yearly_measure_has_no_years_over_each_other() -> None:
    with pytest.raises(CityStatError, match="years already"):
        year_over_year(a_series(range(9), frequency="year"), DAY)


## Year to date


@pytest.mark.parametrize("way", ["sum", "mean", "ratio", "weighted", "last"])
def test_what_has_come_together_is_what_the_rule_over_time_says(way: str) -> None:
    values, top, bottom = RNG.uniform(1, 9, 12), RNG.uniform(1, 50, 12), RNG.uniform(60, 90, 12)
    course = so_far(way, values, top, bottom, 100.0)
    rows = [Figure(*map(float, row)) for row in zip(values, top, bottom, strict=True)]
    assert course == pytest.approx([together(rows[: n + 1], way, 100.0)[0].value for n in range(12)])


def test_a_sum_is_held_against_its_target_and_last_year_so_far() -> None:
    chart = year_to_date(a_series([10.0] * 12 + [12.0] * 3, aggregation="sum", target=11.0, decimals=0), DAY)
    assert chart.headline == "Above target so far: 36 in 2020 through Mar 2020, 33 wanted by then; 30 a year earlier"
    assert chart.lines[0].values[:3].tolist() == [12, 24, 36] and chart.lines[1].values[-1] == 120
    assert [s.value for s in chart.targets][-1] == 132 and chart.target_label == "target 132 in 2020"
    assert chart.y_low == 0


def test_a_ratio_is_the_ratio_of_sums_so_far_and_not_a_mean_of_ratios() -> None:
    found = a_series([50.0, 10.0], top=[1.0, 10.0], bottom=[2.0, 100.0], unit="percent", aggregation="ratio", multiplier=100.0)  # fmt: skip
    assert year_to_date(found, DAY).lines[0].values[1] == pytest.approx(100 * 11 / 102)


def test_after_a_gap_nothing_is_added_and_that_is_said() -> None:
    chart = year_to_date(a_series([1.0, np.nan, 1.0, 1.0], aggregation="sum"), DAY)
    assert np.isnan(chart.lines[0].values[1:]).all()
    assert "A figure is missing in 2019" in chart.caveat and chart.caveat in chart.reading


def test_what_does_not_add_up_is_refused_in_words() -> None:
    with pytest.raises(CityStatError, match="do not add up"):
        year_to_date(a_series(range(20), aggregation="median"), DAY)
    with pytest.raises(CityStatError, match="numerator and denominator"):
        year_to_date(a_series(range(20), aggregation="ratio"), DAY)


def test_a_quarter_is_not_named_with_its_year_twice() -> None:
    quarters = a_series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], frequency="quarter", aggregation="sum", decimals=0)
    assert year_to_date(quarters, DAY).headline == "11 in 2020 through Q2; 3 a year earlier"


## Before and after


def moved(at: int = 24, by: float = 8.0, n: int = 48) -> np.ndarray:
    values = 50 + RNG.normal(0, 1, n)
    values[at:] += by
    return values


def test_both_averages_the_difference_and_its_interval_are_said() -> None:
    chart = before_and_after(a_series(moved()), DAY, {"split": "2021-01-01"}, None)
    before, after = (float(band.centre[0]) for band in chart.bands)
    assert f"{after:.1f} on average since Jan 2021, {before:.1f} before" in chart.headline
    assert "95 % interval +" in chart.headline and "chance alone" not in chart.headline
    assert "not why" in chart.caveat and chart.caveat in chart.reading
    assert [band.x0 for band in chart.bands] == [-0.5, 23.5]


def test_without_a_move_chance_is_named() -> None:
    assert "chance alone may do that" in before_and_after(a_series(moved(by=0.0)), DAY, {"split": "2021-01-01"}, None).headline  # fmt: skip


def test_what_is_written_on_the_chart_says_where_and_a_limit_left_out_does_not_count() -> None:
    values = moved()
    values[30] = 9000.0
    remarks = (Remark(date(2021, 1, 1), "rebase", "New shift plan"), Remark(date(2021, 7, 1), "exclude", "Flood"))
    found = a_series(values, remarks=remarks)
    chart = before_and_after(found, DAY, {}, None)
    assert splits(found)[0] == (date(2021, 1, 1), "New shift plan")
    assert float(chart.bands[1].centre[0]) < 70
    assert chart.lines[0].marks[30].excluded


def test_across_another_definition_nothing_is_compared() -> None:
    found = a_series(moved(), remarks=(Remark(date(2021, 1, 1), "definition", "Walk-ins count, too"),))
    with pytest.raises(CityStatError, match="another measure"):
        before_and_after(found, DAY, {"split": "2021-01-01"}, None)
    later = before_and_after(found, DAY, {"split": "2021-07-01"}, None)
    assert later.periods[0] == "Jan 2021"  # what was before the other definition is no part of it


def test_too_few_values_on_a_side_are_refused() -> None:
    with pytest.raises(CityStatError, match="fewer than 4"):
        before_and_after(a_series(moved()), DAY, {"split": "2022-11-01"}, None)


def test_a_strong_season_is_taken_out_before_comparing() -> None:
    season = np.tile(20 * np.sin(np.arange(12) / 12 * 2 * np.pi), 5)
    chart = before_and_after(a_series(100 + season + RNG.normal(0, 1, 60)), DAY, {"split": "2023-04-01"}, None)
    assert "season" in chart.caveat and "chance alone" in chart.headline


## Parts, and all of them in the sample city


def test_parts_stand_in_panels_with_one_value_axis(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "PW-31"), as_of=today, view={"look": "parts"})
    assert len(chart.panels) > 1
    assert {(p.y_low, p.y_high, p.y_ticks) for p in chart.panels} == {(chart.y_low, chart.y_high, chart.y_ticks)}
    assert len(table_of(chart).header) == len(chart.panels) + 2  # the period, each part, the target
    assert all(f"{panel.subject}: " in chart.reading for panel in chart.panels)


def test_rings_in_the_panels_are_told_of(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "FD-01"), as_of=today, view={"look": "parts"})
    rings = sum(len(panel.lines[0].doubts) for panel in chart.panels)
    assert rings > 1 and "ringed points are not accepted yet" in chart.source


def test_a_look_that_the_figures_do_not_bear_gives_way_to_signals_and_says_why(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
        chart, usual = (chart_of(read, m, as_of=today, view=view) for view in ({"look": "parts"}, {}))
    assert chart.headline == usual.headline and chart.bands
    assert "not broken down" in chart.caveat and chart.caveat in chart.reading


def test_every_look_at_every_measure_of_the_sample_has_a_sentence_and_a_reading(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        every = definitions(read)
        for look in LOOKS:
            for chart in charts_of(read, [Showing(m, today, {"look": look}) for m in every]):
                assert chart.headline and chart.headline in chart.reading, (chart.code, look)
                assert chart.caveat in chart.reading


def test_the_newest_twelve_stay_the_newest_twelve(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
        assert len(chart_of(read, m, as_of=today, view={"since": "12"}).periods) == 12
