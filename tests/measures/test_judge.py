"""One judgement of a measure: the chart that its data ask for, or that was set; the season; what an odd series gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_series import a_series

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.charting import Charting, charting, set_charting
from citystat.measures.judge import judged
from citystat.measures.picture import chart_of, chart_of_series
from citystat.measures.rebase import suggested
from citystat.measures.series import Remark, definition, series

WAVE = 3 * np.sin(2 * np.pi * np.arange(84) / 12)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def test_a_share_is_judged_by_its_counts_and_its_limits_step(rng: np.random.Generator) -> None:
    bottom = np.where(np.arange(40) % 2, 400.0, 1600.0)
    top = rng.binomial(bottom.astype(int), 0.8).astype(float)
    found = judged(
        a_series(100 * top / bottom, top=top, bottom=bottom, unit="percent", aggregation="ratio", multiplier=100.0)
    )
    assert found.chart == "p"
    wide, narrow = ((p.upper or 0) - (p.lower or 0) for p in (found.points[1], found.points[2]))
    assert wide == pytest.approx(2 * narrow)


def test_a_seasonal_series_is_judged_without_its_season_and_drawn_with_it(rng: np.random.Generator) -> None:
    values = 50 + WAVE + 0.5 * rng.normal(size=84)
    whole = a_series(values)
    found = judged(whole)
    assert found.seasonal and found.chart == "xmr"
    assert [p.value for p in found.points] == pytest.approx(list(values))
    assert not found.outside  # without the adjustment the peaks lie outside
    assert judged(a_series(values, chart={"season": "off"})).outside
    chart = chart_of_series(whole, found, as_of=None)
    assert "judged without its season" in chart.source
    assert chart.bands[0].flows
    assert any("season" in words for words in chart.explained)


def test_an_odd_month_of_a_seasonal_series_is_seen_though_the_season_goes_further(rng: np.random.Generator) -> None:
    values = 50 + WAVE + 0.5 * rng.normal(size=84)
    values[81] += 4  # October: lower than any July
    assert values[81] < values.max()
    assert judged(a_series(values)).outside == (81,)


def test_a_seasonal_target_is_met_for_certain_only_where_it_is_met_all_the_year(rng: np.random.Generator) -> None:
    values = 50 + WAVE + 0.3 * rng.normal(size=84)
    assert judged(a_series(values, target=40.0)).assurance == "pass"
    assert judged(a_series(values, target=49.0)).assurance == "hit-or-miss"
    assert judged(a_series(values, target=60.0)).assurance == "fail"


def test_few_values_get_a_run_chart_without_limits_and_marks() -> None:
    found = judged(a_series([5, 6, 7, 8, 9, 10, 11, 12, 13]))
    assert (found.chart, found.upper) == ("run", None)
    assert {p.kind for p in found.points} == {"common"}
    chart = chart_of_series(a_series([5, 6, 7]), judged(a_series([5, 6, 7])), as_of=None)
    assert chart.headline == "Too few points to judge: only three months of data"
    assert chart.explained[0].startswith("This is a run chart") and "3 values are too few" in chart.explained[0]


def test_preliminary_values_are_never_judged() -> None:
    values = [10.0, 11, 10, 9, 10, 11, 10, 9, 10, 11, 10, 9, 10, 500]
    found = judged(a_series(values, preliminary=1))
    assert found.outside == () and found.segments[0].n == 13


@pytest.mark.parametrize(
    ("values", "target", "assurance"),
    [([100.0] * 24, 95.0, "pass"), ([100.0] * 24, 100.0, "pass"), ([100.0] * 24, 101.0, "fail")],
)
def test_what_is_always_the_same_is_not_failing_where_it_is_what_is_wanted(
    values: list[float], target: float, assurance: str
) -> None:
    assert judged(a_series(values, target=target)).assurance == assurance


@pytest.mark.parametrize(
    "values",
    [[], [np.nan], [4.0], [0.0] * 20, [-3.0, -5.0] * 15, [np.nan, 4.0] * 20, [np.inf, 1.0] * 12, [1e300, -1e300] * 12],
    ids=["none", "only a gap", "one", "zeros", "negative", "gaps", "infinite", "beyond everything"],
)
@pytest.mark.parametrize("direction", ["higher", "lower", "none"])
@pytest.mark.parametrize("aggregation", ["sum", "mean", "ratio"])
def test_an_odd_series_has_its_worded_answer(values: list[float], direction: str, aggregation: str) -> None:
    whole = a_series(values, direction=direction, aggregation=aggregation, target=1.0)
    chart = chart_of_series(whole, judged(whole), as_of=None)
    assert chart.headline
    if direction == "none":
        assert judged(whole).assurance is None


def test_a_chart_of_counts_that_was_set_falls_back_where_there_are_no_counts(rng: np.random.Generator) -> None:
    assert judged(a_series(rng.normal(size=30), chart={"chart": "p"})).chart == "xmr"
    assert judged(a_series(rng.poisson(40, 30), chart={"chart": "c"})).chart == "c"
    assert judged(a_series(rng.normal(size=30), chart={"chart": "run", "rules": "anhoej"})).upper is None


def test_limits_can_come_from_the_first_values_of_each_stretch(rng: np.random.Generator) -> None:
    values = np.concatenate([rng.normal(10, 1, 24), rng.normal(14, 1, 12)])
    found = judged(a_series(values, chart={"baseline": 24}))
    assert found.centre == pytest.approx(values[:24].mean())


def test_what_a_newer_version_set_counts_as_not_set() -> None:
    assert charting({"chart": "g", "rules": 4, "baseline": "twelve"}) == Charting()


def test_how_a_measure_is_judged_is_kept_shown_and_taken_back(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
        before = judged(series(read, m)).chart
    set_charting(sample_city, m.id, Charting(chart="xmr", rules="western-electric"))
    with sample_city.read() as read:
        kept = definition(read, "EC-01")
        assert kept.chart == {"chart": "xmr", "rules": "western-electric"}
        assert "Western Electric" in " ".join(chart_of(read, kept, as_of=today).explained)
    sample_city.undo()
    with sample_city.read() as read:
        assert judged(series(read, definition(read, "EC-01"))).chart == before
    with pytest.raises(CityStatError):
        set_charting(sample_city, m.id, Charting(baseline=1))


## Where the limits might begin anew


def test_a_change_that_holds_is_suggested_and_not_done(rng: np.random.Generator) -> None:
    values = np.concatenate([rng.normal(60, 2, 40), rng.normal(70, 2, 14)])
    whole = a_series(values)
    found = suggested(whole, judged(whole))
    assert found is not None
    assert abs((found.period - whole.periods[40]).days) <= 62
    assert len(judged(whole).segments) == 1
    restarted = replace(whole, remarks=(Remark(found.period, "rebase", "new crews"),))
    assert suggested(restarted, judged(restarted)) is None


def test_noise_a_short_change_and_a_single_value_suggest_nothing(rng: np.random.Generator) -> None:
    noise = [a_series(rng.normal(60, 2, 60)) for _ in range(200)]
    assert sum(suggested(s, judged(s)) is not None for s in noise) <= 4
    short = a_series(np.concatenate([rng.normal(60, 2, 50), rng.normal(75, 2, 5)]))
    single = rng.normal(60, 2, 60)
    single[50] = 90
    assert suggested(short, judged(short)) is None
    assert suggested(a_series(single), judged(a_series(single))) is None
