"""Contractors side by side: only what compares is compared, over the same months."""

from __future__ import annotations

from datetime import date

import pytest
from contract_figures import BEGINS, Put, bring

from citystat.city import City
from citystat.contracts import edit
from citystat.contracts.compare import SideBySide, common_name, services, side_by_side
from citystat.errors import CityStatError

TODAY = date(2026, 1, 10)
RATE = {"unit": "percent", "aggregation": "ratio", "multiplier": 100.0, "definition": "Stops served, of all stops."}


@pytest.fixture
def other(city: City, signed: int) -> int:
    """A second contract for sweeping."""
    vendor = edit.save_vendor(city, None, name="Bolt")
    return edit.save_contract(
        city, None, number="C-2", title="Sweeping east", vendor_id=vendor, service="sweeping", begins=BEGINS,
        ends=date(2026, 12, 31),
    )  # fmt: skip


def both(city: City, signed: int, other: int, one: int, two: int) -> SideBySide:
    for contract, measure in ((signed, one), (other, two)):
        edit.save_standard(city, None, contract_id=contract, measure_id=measure, sense="at least", value=50)
    with city.read() as read:
        return side_by_side(read, "Sweeping", today=TODAY)


def test_rates_are_ratios_of_sums_over_the_months_that_both_have(city: City, signed: int, other: int, put: Put) -> None:
    one = put("A", [(1, 2), (90, 100), (9, 10), (9, 10)], name="Served, west", **RATE)
    two = put("B", [None, (50, 100), (1, 10), (9, 10), (0, 100)], name="Served, east", **RATE)
    (row,) = both(city, signed, other, one, two).compared
    assert (row.name, row.fair, row.first, row.last, row.n) == ("Served", True, date(2025, 2, 1), date(2025, 4, 1), 3)
    assert [s.value for s in row.sides] == [100 * 108 / 120, 100 * 60 / 120]
    assert [(s.tally.met, s.tally.missed) for s in row.sides] == [(3, 0), (2, 1)]
    assert len({(s.chart.y_low, s.chart.y_high) for s in row.sides}) == 1, "one scale for both"


def test_sums_are_shown_and_said_to_be_no_rates(city: City, signed: int, other: int, put: Put) -> None:
    same = {"definition": "Miles swept.", "aggregation": "sum"}
    (row,) = both(city, signed, other, put("A", [10] * 6, **same), put("B", [20] * 6, **same)).compared
    assert not row.fair and "size of the work" in row.how
    assert [s.value for s in row.sides] == [60, 120]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"definition": "Weight."}, {"definition": "Loads."}, "definitions differ: “Weight” and “Loads”"),
        ({"definition": "Weight."}, {}, "a definition is missing"),
        ({"definition": "W.", "unit": "percent"}, {"definition": "W.", "unit": "days"}, "units differ"),
        ({"definition": "W."}, {"definition": "W.", "frequency": "quarter"}, "reported by month, the other by quarter"),
        (
            {"definition": "W.", "aggregation": "sum"},
            {"definition": "W.", "aggregation": "mean"},
            "added up in different ways",
        ),
    ],
)
def test_it_says_why_two_measures_of_one_name_do_not_compare(
    city: City, signed: int, other: int, put: Put, first: dict[str, object], second: dict[str, object], reason: str
) -> None:
    one, two = put("A", [60] * 6, name="Waste, west", **first), put("B", [60] * 6, name="Waste, east", **second)
    found = both(city, signed, other, one, two)
    assert found.compared == ()
    assert [n.name for n in found.not_compared] == ["Waste"] and reason in found.not_compared[0].reason


def test_what_only_one_is_judged_by_or_one_figure_for_both_stands_apart(
    city: City, signed: int, other: int, put: Put
) -> None:
    shared = put("S", [60] * 6, name="Clean streets", definition="Survey.")
    edit.save_standard(
        city, None, contract_id=signed, measure_id=put("A", [60] * 6, name="Noise"), sense="at most", value=70
    )
    found = both(city, signed, other, shared, shared)
    assert {n.name: n.reason for n in found.not_compared} == {
        "Noise": "only Acme (C-1) is judged by it",
        "Clean streets": "one figure holds both contractors; it does not tell them apart",
    }


def test_too_few_months_in_common_are_not_compared(city: City, signed: int, other: int, put: Put) -> None:
    one, two = put("A", [(1, 2)] * 3, name="Served, west", **RATE), put("B", [], name="Served, east", **RATE)
    bring(city, two, [(1, 2)] * 6, first=date(2025, 2, 1))
    found = both(city, signed, other, one, two)
    assert found.not_compared[0].reason == "only 2 periods in common"


def test_a_service_of_one_contractor_is_refused_with_what_to_do(city: City, signed: int) -> None:
    with city.read() as read:
        assert services(read) == []
        with pytest.raises(CityStatError, match="Write the same service"):
            side_by_side(read, "Sweeping", today=TODAY)


def test_the_common_name_ends_before_what_tells_them_apart() -> None:
    assert common_name(["Missed collections, north", "Missed collections, south"]) == "Missed collections"
    assert common_name(["One", "Two"]) == "One"


def test_the_sample_haulers(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        found = side_by_side(read, "Solid waste collection", today=today)
    assert [c.name for c in found.compared if c.fair] == ["Missed collections", "Misses made good in a day"]
    assert [c.name for c in found.compared if not c.fair] == ["Complaints about collection"]
    assert found.not_compared[0].name == "Contamination of recycling"
    assert [round(c.held_share, 3) for c in found.costs] == [0.0, 0.035]
