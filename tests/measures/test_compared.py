"""Compared with whom: intervals and funnels by known figures, what stands out, and figures of others kept with their source."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from made_series import a_series

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures import peers
from citystat.measures.compared import _interval, compared, notes, sentence
from citystat.measures.compared_picture import dots, funnel_plot
from citystat.measures.peers import PeerFigure
from citystat.measures.series import definition

YEAR = date(2024, 7, 1)


def share(name: str, top: float, bottom: float, **more: object) -> PeerFigure:
    return PeerFigure(0, name, "city", YEAR, None, top, bottom, source="a report", **more)  # type: ignore[arg-type]


@pytest.fixture
def answered(sample_city: City) -> int:
    """EC-01, a share, has four other cities and a standard."""
    with sample_city.read() as read:
        measure = definition(read, "EC-01").id
    for one in (
        share("A", 92_000, 100_000),
        share("B", 27_700, 30_000),
        share("C", 46_100, 50_000),
        share("D", 9_300, 10_000),
    ):
        peers.save(sample_city, measure, one, multiplier=100)
    peers.save(sample_city, measure, PeerFigure(0, "S", "standard", YEAR, 90.0, source="a norm"), multiplier=100)
    return measure


def test_intervals_are_those_of_the_papers() -> None:
    """Wilson's of 81 of 263 (Newcombe 1998, Statistics in Medicine 17, table I); Byar's of 5 events by the exact Poisson limits."""
    m = a_series([1.0], unit="percent", aggregation="ratio", multiplier=100.0).measure
    low, high = _interval(m, 81, 263)
    assert (low, high) == pytest.approx((25.53, 36.62), abs=0.01)
    rate = a_series([1.0], unit="per 1,000", aggregation="ratio", multiplier=1000.0).measure
    low, high = _interval(rate, 5, 1000)
    assert (low, high) == pytest.approx((1.61, 11.67), abs=0.02)
    assert _interval(rate, 0, 1000)[0] == 0
    assert _interval(a_series([1.0], unit="days").measure, 3, 5) == (None, None)


def test_the_city_stands_among_others_and_the_standard_is_a_line(sample_city: City, answered: int) -> None:
    with sample_city.read() as read:
        found = compared(read, definition(read, answered))
    assert {u.name for u in found.units} == {"This city", "A", "B", "C", "D"}
    assert [u.name for u in found.standards] == ["S"]
    assert found.limits is not None
    values = [u.value for u in found.units]
    assert values == sorted(values, reverse=True)  # higher is better
    picture = dots(found)
    assert ("target 92 %" in picture.reading) and ("S 90 %" in picture.reading)
    assert all(d.low is not None and d.low < d.value < (d.high or 0) for d in picture.dots)
    funnel = funnel_plot(found, found.limits)
    assert (np.diff(funnel.at) >= 0).all() and funnel.y_low < funnel.lower998.min()


def test_one_that_is_far_from_all_others_stands_out_and_noise_does_not(sample_city: City, answered: int) -> None:
    rng = np.random.default_rng(4)
    with sample_city.read() as read:
        calm = compared(read, definition(read, answered))
    assert [u.name for u in calm.units if u.stands_out] == []
    for n in range(12):
        size = int(rng.integers(5_000, 60_000))
        peers.save(sample_city, answered, share(f"P{n}", float(rng.binomial(size, 0.924)), size), multiplier=100)
    peers.save(sample_city, answered, share("Far", 20_000, 40_000), multiplier=100)
    with sample_city.read() as read:
        found = compared(read, definition(read, answered))
    assert [u.name for u in found.units if u.stands_out] == ["Far"]
    assert sentence(found) == "Far stands out from the others"
    assert found.units[-1].name == "Far" and found.units[-1].stands_out == "below"


def test_districts_without_denominators_are_ranked_with_a_warning(sample_city: City) -> None:
    with sample_city.read() as read:
        found = compared(read, definition(read, "PD-01"), "Ward")
    assert found.limits is None
    assert "nothing says how much of that is chance" in sentence(found)
    assert any("a rate would compare" in words for words in notes(found))


def test_alone_there_is_nothing_to_compare_with(sample_city: City) -> None:
    with sample_city.read() as read, pytest.raises(CityStatError, match="nothing to compare with"):
        compared(read, definition(read, "EC-02"))


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (PeerFigure(0, " ", "city", YEAR, 5.0, source="x"), "needs the city or the standard"),
        (PeerFigure(0, "A", "city", YEAR, 5.0), "needs its source"),
        (PeerFigure(0, "A", "city", YEAR, None, source="x"), "The figure is missing"),
        (PeerFigure(0, "A", "city", YEAR, None, 3, 0, source="x"), "A denominator is above zero"),
    ],
)
def test_a_figure_that_lacks_something_is_refused_in_words(sample_city: City, figure: PeerFigure, says: str) -> None:
    with pytest.raises(CityStatError, match=says):
        peers.save(sample_city, 1, figure, multiplier=1)
    with sample_city.read() as read:
        assert peers.figures(read, 1) == []


def test_a_figure_is_changed_taken_away_and_brought_back(sample_city: City, answered: int) -> None:
    with sample_city.read() as read:
        a = peers.figures(read, answered)[0]
    peers.remove(sample_city, a.id)
    with sample_city.read() as read:
        assert "A" not in {f.peer for f in peers.figures(read, answered)}
    sample_city.undo()
    with sample_city.read() as read:
        assert peers.figures(read, answered)[0] == a
