"""The language of derived measures: what it understands, what it refuses and where, and that it computes as numpy does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citystat.errors import CityStatError
from citystat.formula.language import parse, renamed, tokens, written
from citystat.formula.tree import Binary, Measured, Per, codes
from citystat.formula.units import trouble_with, unit_of
from citystat.formula.values import Given, Input, column
from citystat.numbers import UNITS
from citystat.over_time import Figure

CODES = ("EC-01", "EC-02", "EC", "FD-04", "4H", "311 calls", "PW-01", "year")
UNIT = {"EC-01": "percent", "EC-02": "count", "EC": "count", "FD-04": "USD", "4H": "percent", "311 calls": "count", "PW-01": "days", "year": "count"}  # fmt: skip


SIGNS = list("EC-0124HFDperrollingsharepriorpopulation ()[],.+-*/×÷−\t\n9_;'\"é0")
WORDS = [
    *CODES,
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    ",",
    "12",
    "1,000",
    "per",
    "rolling(",
    "share(",
    "prior year(",
    "residents",
    "per(",
]


def figures(values: list[float], *, way: str = "sum", missing: tuple[int, ...] = ()) -> Input:
    """A measure with these values; those at `missing` are not there."""
    made = [None if i in missing else Figure(v, v, 2.0) for i, v in enumerate(values)]
    first = next((i for i, f in enumerate(made) if f is not None), len(made))
    return Input(tuple(made), ("",) * len(made), first, way)


def computed(text: str, population: int | None = 1000, year: int = 12, **inputs: Input) -> tuple[list, list[str]]:
    named = {{"a": "EC-01", "b": "EC-02"}[k]: v for k, v in inputs.items()}
    n = len(next(iter(named.values())).figures)
    found = column(parse(text, CODES), Given(named, [f"P{i}" for i in range(n)], year, population))
    return list(found.values), list(found.why)


## Reading


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EC-01 - EC-02", ["EC-01", "-", "EC-02"]),
        ("EC-01-EC-02", ["EC-01", "-", "EC-02"]),
        ("ec-01*EC", ["EC-01", "*", "EC"]),
        ("4H / 1,000", ["4H", "/", "1000"]),
        ("[311 calls] × 2.5", ["311 calls", "*", "2.5"]),
        ("rolling(12, EC-02)", ["rolling", "(", "12", ",", "EC-02", ")"]),
        ("rolling(12,EC-02)", ["rolling", "(", "12", ",", "EC-02", ")"]),
        ("[year] − 1", ["year", "-", "1"]),
    ],
)
def test_a_code_is_taken_as_long_as_it_can_be(text: str, words: list[str]) -> None:
    assert [t.text for t in tokens(text, CODES)][:-1] == words


def test_products_bind_before_sums_and_a_rate_binds_as_a_product() -> None:
    tree = parse("EC-02 + EC per 1,000 residents", CODES)
    assert isinstance(tree, Binary) and isinstance(tree.right, Per) and tree.right.size == 1000
    assert isinstance(parse("(EC-02 + EC) per 1000 population", CODES), Per)
    assert codes(parse("share(EC, EC-02) - prior year(share(EC, EC-02))", CODES)) == ["EC", "EC-02"]


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("", "empty", ""),
        ("EC-01 +", "Something is missing", "end of the formula"),
        ("EC-01 EC-02", "Nothing can follow", "EC-02"),
        ("EC-01 + EC-99", "no measure “EC-99”", "EC-99"),
        ("EC-02-7x", "no measure", "EC-02-7x"),
        ("(EC-01", "bracket", "end"),
        ("EC-01)", "Nothing can follow", ")"),
        ("[EC-01", "not closed", "[EC-01"),
        ("rolling(1, EC-01)", "whole number from 2", "1, EC-01"),
        ("rolling(12, EC-01 + EC)", "too much", "+ EC"),
        ("share(EC-01)", "comma", ")"),
        ("EC-01 per 1000", "what the number is of", "end"),
        ("EC-01 per 0 residents", "above zero", "0 residents"),
        ("__import__('os')", "no measure “__import__”", "__import__"),
        ("EC-01; EC-02", "“;” has no meaning", "; EC-02"),
        ("EC-01 ** 2", "wanted", "* 2"),
        ("(" * 60 + "EC-01" + ")" * 60, "too many brackets", "("),
        ("9" * 400, "too large", "999"),
        ("EC-01 + " * 100 + "1", "at most 500", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, what: str, where: str) -> None:
    with pytest.raises(CityStatError) as refused:
        parse(text, CODES)
    assert what in refused.value.what and where in refused.value.where


def test_a_slip_of_the_pen_is_answered_with_the_code_that_was_meant() -> None:
    with pytest.raises(CityStatError, match="Did you mean FD-04"):
        parse("FD-O4 * 2", CODES)


@settings(max_examples=400, deadline=None)
@given(
    st.text(st.sampled_from(SIGNS), max_size=60)
    | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
    | st.text(max_size=40)
)
def test_no_text_is_too_odd_to_be_answered(text: str) -> None:
    try:
        tree = parse(text, CODES)
        unit_of(tree, text, UNIT)
    except CityStatError as refused:
        assert refused.what
    else:
        assert set(codes(tree)) <= set(CODES)


def test_a_measure_called_otherwise_is_followed() -> None:
    text = "EC-02 / [311 calls] + EC-02"
    assert renamed(text, CODES, "EC-02", "EC-77") == "EC-77 / [311 calls] + EC-77"
    assert renamed(text, CODES, "311 calls", "CALLS") == "EC-02 / CALLS + EC-02"
    assert written("12") == "[12]" and written("per") == "[per]" and written("EC-01") == "EC-01"


## Units


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("EC-02 + EC", "count"), ("EC-02 / EC", "ratio"), ("EC-02 / EC * 100", "percent"), ("100 * (EC-02 / EC)", "percent"),
        ("share(EC-02, EC)", "percent"), ("PW-01 / PW-01", "ratio"), ("PW-01 * 2", "days"), ("100 - EC-01", "percent"),
        ("FD-04 / EC-02", "USD per count"), ("EC-02 per 1,000 residents", "per 1,000 residents"), ("EC-01 / 100", "ratio"),
        ("FD-04 / population", "USD per resident"), ("FD-04 per 100 PW-01", "USD per 100 days"), ("EC-02 * EC-01 / 100", "count"),
        ("EC-02 * per(1000, population)", "per 1,000 residents"), ("rolling(12, EC-02)", "count"), ("-PW-01", "days"),
        ("EC-02 per 1000 EC", "per 1,000"), ("PW-01 - prior year(PW-01)", "days"),
    ],
)  # fmt: skip
def test_the_unit_of_what_a_formula_gives(text: str, unit: str) -> None:
    assert str(unit_of(parse(text, CODES), text, UNIT)) == unit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PW-01 + FD-04", "days and US dollars do not go together"),
        ("EC-01 - EC-02", "per cent and count do not go together"),
        ("EC-02 + EC per 1,000 residents", "count and per 1,000 residents"),
        ("EC per 1000 residents - EC per 100000 residents", "do not go together"),
        ("share(PW-01, EC)", "days and count"),
    ],
)
def test_units_that_do_not_go_together_are_refused(text: str, said: str) -> None:
    with pytest.raises(CityStatError) as refused:
        unit_of(parse(text, CODES), text, UNIT)
    assert said in refused.value.what and "at “" in refused.value.where


@pytest.mark.parametrize(
    ("text", "unit", "fits"),
    [
        ("PW-01 * 2", "days", True), ("PW-01 * 2", "USD", False), ("EC-02 / EC", "percent", False),
        ("EC-02 per 1,000 residents", "crimes per 1,000", True), ("EC-02 per 1,000 residents", "USD", False),
        ("FD-04 / EC-02", "USD", False), ("EC-02 / EC", "count", True),
    ],
)  # fmt: skip
def test_the_measures_unit_is_what_the_formula_gives(text: str, unit: str, fits: bool) -> None:
    given_ = unit_of(parse(text, CODES), text, UNIT)
    assert (trouble_with(given_, unit, {**UNITS, "count": (), "days": ()}) is None) == fits


## Values

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 3))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=15, max_size=40), st.integers(2, 14))
def test_values_equal_numpys(rows: list[tuple[float, float]], n: int) -> None:
    a, b = np.array(rows).T
    with np.errstate(all="ignore"):
        wanted = {
            "EC-01 + EC-02 * 2": a + b * 2,
            "(EC-01 - EC-02) * -3": (a - b) * -3,
            "EC-01 / EC-02": np.where(b == 0, np.nan, a / b),
            "share(EC-01, EC-02)": np.where(b == 0, np.nan, a / b * 100),
            "EC-01 per 1,000 residents": a / 1000 * 1000,
            f"rolling({n}, EC-01)": np.concatenate([np.full(n - 1, np.nan), np.convolve(a, np.ones(n), "valid")]),
            "EC-01 - prior year(EC-01)": np.concatenate([np.full(12, np.nan), a[12:] - a[:-12]]),
        }
    for text, expected in wanted.items():
        values, _ = computed(text, a=figures(list(a)), b=figures(list(b)))
        found = np.array([np.nan if v is None else v for v in values])
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6, err_msg=text)


def test_a_rolling_value_follows_how_the_measure_adds_up() -> None:
    months = [float(i) for i in range(1, 7)]
    assert computed("rolling(3, EC-01)", a=figures(months, way="mean"))[0][-1] == 5
    assert computed("rolling(3, EC-01)", a=figures(months, way="ratio"))[0][-1] == 15 / 6
    assert computed("rolling(3, EC-01)", a=figures(months, way="weighted"))[0][-1] == 5


def test_what_is_missing_or_divided_by_zero_is_explained_in_its_period() -> None:
    values, why = computed("EC-01 / EC-02", a=figures([1.0, 2.0, 3.0], missing=(1,)), b=figures([4.0, 5.0, 0.0]))
    assert values == [0.25, None, None]
    assert why[1:] == ["EC-01 has no value for P1", "EC-02 is 0, and nothing can be divided by it"]
    _, why = computed("rolling(2, EC-01)", a=figures([1.0, 2.0, 3.0, 4.0], missing=(2,)))
    assert why == ["", "", "EC-01: only 1 of 2 periods are known", "EC-01: only 1 of 2 periods are known"]
    assert computed("EC-01 / population", population=None, a=figures([1.0]))[1] == ["The city's population is not set"]
    assert computed("EC-01 * 1000000", a=figures([1e306]))[1] == ["The value is too large"]


def test_a_part_knows_where_it_stands() -> None:
    tree = parse("EC-02 + EC", CODES)
    assert isinstance(tree, Binary) and isinstance(tree.right, Measured)
    assert (tree.at, tree.right.at) == (6, 8)
