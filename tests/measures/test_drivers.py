"""What drives a change: the parts add up to it, rates and mix are told apart, and what misleads is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from citystat import periods
from citystat.city import City
from citystat.city import observations as store
from citystat.errors import CityStatError
from citystat.measures.drivers import Compare, Drivers, comparisons, drivers, headline, remarks
from citystat.measures.edit import save_measure
from citystat.measures.series import definition
from citystat.models import ImportRun

YEAR = Compare(1, 12)
Parts = Mapping[str, tuple[float, float] | tuple[tuple[float, float], tuple[float, float]]]


def broken(city: City, parts: Parts, **about: object) -> Drivers:
    """A measure whose parts have these figures in January 2025 and January 2026; a ratio's as (numerator, denominator)."""
    fields = {"unit": "count", "aggregation": "sum", "direction": "lower", **about}
    measure = save_measure(city, None, code="T-1", name="Tickets", **fields)
    with city.change("Bring in") as change:
        run = ImportRun(at=datetime(2026, 2, 5), who="test", source="made")
        change.add(run)
        change.flush()
        made = store.cells(change, [(("Ward", name),) for name in parts])
        cells = [made[(("Ward", name),)] for name in parts]
        rows = [
            _row(measure, day, cell, sides[at], fields)
            for (name, sides), cell in zip(parts.items(), cells, strict=True)
            for at, day in enumerate((date(2025, 1, 1), date(2026, 1, 1)))
            if sides[at] is not None
        ]
        store.store(change, run, sorted(rows, key=lambda r: r[:3]))
    with city.read() as read:
        return drivers(read, definition(read, "T-1"), "Ward", YEAR)


def _row(measure: int, day: date, cell: int, figure: object, fields: dict[str, object]) -> store.Incoming:
    if isinstance(figure, tuple):
        top, bottom = figure
        scale = float(str(fields.get("multiplier", 1.0)))
        return store.Incoming(measure, day, cell, scale * top / bottom, top, bottom, "final", "", "")
    return store.Incoming(measure, day, cell, float(str(figure)), None, None, "final", "", "")


def test_what_the_parts_add_makes_up_the_change_the_largest_first(city: City) -> None:
    found = broken(city, {"1": (100, 130), "2": (80, 75), "3": (50, 51)})
    assert (found.before, found.after, found.change) == (230, 256, 26)
    assert [(d.name, d.contribution, d.against) for d in found.drivers] == [
        ("1", 30, False),
        ("2", -5, True),
        ("3", 1, False),
    ]
    assert sum(d.contribution for d in found.drivers) == found.change
    assert headline(found) == "Up 26 on Jan 2025: 1 moved by more than that, others the other way"
    assert "1 part moved against the whole: 2." in remarks(found)


def test_a_ratio_comes_apart_into_rates_and_mix(city: City) -> None:
    found = broken(
        city, {"A": ((90, 100), (180, 200)), "B": ((50, 100), (20, 40))}, unit="percent", aggregation="ratio",
        multiplier=100.0, direction="higher",
    )  # fmt: skip
    assert found.rate == pytest.approx(0)
    assert found.mix == pytest.approx(found.change)
    assert found.change == pytest.approx(100 * 200 / 240 - 70)
    assert "make 0 points, and the mix of the parts +13 points" in " ".join(remarks(found))


def test_rates_that_move_against_the_whole_are_warned_of(city: City) -> None:
    """Simpson's paradox: both wards get worse, the city gets better, because the better ward has grown."""
    found = broken(
        city, {"A": ((90, 100), (880, 1000)), "B": ((300, 1000), (28, 100))}, unit="percent", aggregation="ratio",
        multiplier=100.0, direction="higher",
    )  # fmt: skip
    assert found.change > 0 and found.reversal
    assert all(d.against for d in found.drivers)
    assert "only their mix did it" in headline(found)
    assert any("Simpson" in words for words in remarks(found))


def test_a_part_that_is_new_counts_as_nothing_before_and_is_named(city: City) -> None:
    found = broken(city, {"1": (100, 100), "new": (None, 12)})  # type: ignore[dict-item]
    assert found.zeros == ("new",)
    assert found.drivers[0].name == "new" and found.drivers[0].before is None
    assert any("counted as nothing there: new" in words for words in remarks(found))


def test_averages_without_denominators_are_refused_in_words(city: City) -> None:
    with pytest.raises(CityStatError, match="their denominators are not known"):
        broken(city, {"1": (4, 5), "2": (6, 9)}, unit="days", aggregation="mean")


def test_a_change_that_chance_makes_is_called_so_and_none_is_no_change(city: City) -> None:
    found = broken(city, {"1": (100, 100), "2": (80, 80)})
    assert headline(found) == "No change on Jan 2025"
    assert remarks(found, "common") == []


def test_the_sample_citys_drivers_add_up_over_every_comparison(sample_city: City) -> None:
    with sample_city.read() as read:
        for code in ("PW-04", "PD-02", "PW-31"):
            m = definition(read, code)
            by = "Route" if code == "PW-31" else "Ward"
            for compare in comparisons(m.frequency):
                found = drivers(read, m, by, compare)
                assert sum(d.contribution for d in found.drivers) == pytest.approx(found.change)
                assert periods.label(found.newest, m.frequency, m.year_start) in found.after_label
