"""Where a measure is heading: how sure, with what chance of its target, at what price; and when nothing can be said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from made_series import a_series

from citystat.errors import CityStatError
from citystat.measures.judge import judged
from citystat.measures.outlook import end_words, outlook, words
from citystat.measures.picture import chart_of_series
from citystat.measures.series import Remark
from citystat.texts import speaking

MONTHS = 80  # January 2019 to August 2025


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(23)


def wandering(rng: np.random.Generator, n: int = 84) -> np.ndarray:
    season = 8 * np.sin(2 * np.pi * np.arange(n) / 12)
    return np.asarray(200 + 0.5 * rng.normal(size=n).cumsum() + season + 3 * rng.normal(size=n))


@pytest.mark.parametrize("aggregation", ["sum", "mean"])
def test_the_years_end_lies_in_its_intervals_as_often_as_they_say(rng: np.random.Generator, aggregation: str) -> None:
    """Four months of each year held back; what came is compared with what was said of the year."""
    inside80, inside95 = [], []
    for _ in range(24):
        whole = wandering(rng)
        found = outlook(a_series(whole[:MONTHS], aggregation=aggregation))
        assert (found.ends, found.of_year, len(found.periods)) == (date(2025, 1, 1), True, 4)
        came = whole[72:].sum() / (1 if aggregation == "sum" else 12)
        inside80.append(found.end.lower80 <= came <= found.end.upper80)
        inside95.append(found.end.lower95 <= came <= found.end.upper95)
    assert 0.55 <= np.mean(inside80) <= 0.97
    assert np.mean(inside95) >= 0.8


def test_what_it_takes_is_exactly_what_is_lacking(rng: np.random.Generator) -> None:
    values = np.round(rng.normal(100, 5, MONTHS))
    found = outlook(a_series(values, aggregation="sum", target=110.0))
    assert found.target == 12 * 110
    assert found.needed == pytest.approx((12 * 110 - values[72:].sum()) / 4)
    assert "From now on it takes" in " ".join(words(a_series(values, aggregation="sum", target=110.0), found))


def test_a_ratio_ends_the_year_as_the_ratio_of_its_sums() -> None:
    bottom = np.where(np.arange(MONTHS) % 12 < 6, 1000.0, 3000.0)
    top = np.round(bottom * 0.8)
    whole = a_series(
        100 * top / bottom, top=top, bottom=bottom, unit="percent", aggregation="ratio", multiplier=100.0, target=95.0
    )
    found = outlook(whole)
    assert found.end.mean == pytest.approx(80.0, abs=0.1)
    so_far, ahead = bottom[72:].sum(), 4 * 3000
    assert found.needed == pytest.approx((95 * (so_far + ahead) - 100 * top[72:].sum()) / ahead)
    assert found.out_of_reach and found.chance == 0
    assert "It cannot be reached any more." in words(whole, found)


def test_chances_follow_the_direction_and_the_range(rng: np.random.Generator) -> None:
    values = rng.normal(100, 5, MONTHS)
    up, down = (outlook(a_series(values, target=95.0, direction=way)).chance or 0 for way in ("higher", "lower"))
    assert up > 0.9 and up + down == pytest.approx(1)
    assert outlook(a_series(values, target=95.0, direction="none")).chance is None
    assert outlook(a_series(values)).chance is None


def test_values_stay_where_they_can_lie(rng: np.random.Generator) -> None:
    share = np.clip(rng.normal(99, 1.5, MONTHS), 0, 100)
    found = outlook(a_series(share, unit="percent"))
    assert max(s.upper95 for s in found.spreads) <= 100
    rare = rng.poisson(0.4, MONTHS).astype(float)
    assert min(s.lower95 for s in outlook(a_series(rare)).spreads) >= 0


@pytest.mark.parametrize(
    "values",
    [[], [np.nan] * 20, [5.0], [4.0, 6.0] * 4, [4.0] * 30 + [np.nan] + [5.0] * 6],
    ids=["none", "gaps only", "one", "eight", "six since a gap"],
)
def test_too_short_and_too_broken_series_are_refused_in_words(values: list[float]) -> None:
    whole = a_series(values)
    with pytest.raises(CityStatError) as refused:
        outlook(whole)
    if values:
        chart = chart_of_series(whole, judged(whole), as_of=None, ahead=True)
        assert chart.ahead is None
        assert chart.outlook == (f"{refused.value}.",)


def test_what_came_before_a_restart_and_what_is_preliminary_has_no_say(rng: np.random.Generator) -> None:
    values = np.concatenate([rng.normal(50, 2, 40), rng.normal(90, 2, 40)])
    values[-1] = 500.0
    whole = a_series(values, remarks=(Remark(date(2022, 5, 1), "rebase", "new rules"),), preliminary=1)
    found = outlook(whole)
    assert (found.used, found.periods[0]) == (39, whole.periods[-1])
    assert 80 < found.spreads[0].mean < 100
    early = a_series(values[:46], remarks=(Remark(date(2022, 5, 1), "rebase", "new rules"),))
    with pytest.raises(CityStatError):
        outlook(early)


def test_the_chart_holds_the_fan_and_its_periods(rng: np.random.Generator) -> None:
    whole = a_series(wandering(rng, MONTHS), aggregation="sum", target=180.0)
    chart = chart_of_series(whole, judged(whole), as_of=None, ahead=True)
    assert chart.ahead is not None
    assert chart.periods[-4:] == ("Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025")
    assert chart.ahead.x.tolist() == [MONTHS, MONTHS + 1, MONTHS + 2, MONTHS + 3]
    assert chart.y_low <= chart.ahead.lower95.min() and chart.ahead.upper95.max() <= chart.y_high
    assert chart.outlook[0].startswith("2025 is heading for")
    assert "2025 is heading for" in chart.reading


def test_a_yearly_measure_is_forecast_one_year_ahead(rng: np.random.Generator) -> None:
    found = outlook(a_series(rng.normal(10, 1, 14), frequency="year"))
    assert (len(found.periods), found.ends) == (1, date(2033, 1, 1))


def test_the_end_is_named_in_the_language_of_whoever_asks_whoever_asked_first(rng: np.random.Generator) -> None:
    series = a_series(rng.normal(50, 2, MONTHS), aggregation="none")
    with speaking("es"):
        assert end_words(series, outlook(series)) == "dic 2025"
    assert end_words(series, outlook(series)) == "Dec 2025"
    assert words(series, outlook(series))[0].startswith("Dec 2025 is heading for")
