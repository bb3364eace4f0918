"""Cells as numbers and as periods: nothing is misread in silence."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citystat.collect.values import Number, When, number, period

BAD = Number(None, "", True)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234", ".", 1234), ("1,234,567.5", ".", 1234567.5), ("1.234.567,5", ",", 1234567.5), ("1 234", ".", 1234),
        ("1\u2009234,5", ",", 1234.5), ("1\u00a0234\u202f567", ".", 1234567), ("1'234.50", ".", 1234.5), ("1’234", ",", 1234),
        ("$1,200", ".", 1200), ("-$5.50", ".", -5.5), ("$-5", ".", -5), ("12,50 €", ",", 12.5), ("EUR 3", ".", 3), ("£7", ".", 7),
        ("45.2%", ".", 45.2), ("45,2 %", ",", 45.2), ("(1,234)", ".", -1234), ("($3.10)", ".", -3.1), ("250-", ".", -250),
        ("−3", ".", -3), (".5", ".", 0.5), ("1.234", ".", 1.234), ("1.234", ",", 1234), ("1e5", ".", 1e5),
    ],
)  # fmt: skip
def test_numbers_in_the_forms_that_cities_use(text: str, decimal: str, value: float) -> None:
    assert number(text, decimal) == Number(value)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("1,23", "."), ("1.23", ","), ("12 34", "."), ("1,234 567", "."), ("5$3", "."), ("1%2", "."), ("(5", "."), ("5)", "."),
        ("--5", "."), ("(-5)", "."), ("-5-", "."), ("1_000", "."), ("abc", "."), ("12 apples", "."), ("1.2.3", "."), ("$", "."), ("%", "."),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_rather_than_bent(text: str, decimal: str) -> None:
    assert number(text, decimal) == BAD


@pytest.mark.parametrize("word", ["n/a", "-", "–", "...", "NULL", "k.A.", "s/d", "not reported", "*"])
def test_words_for_missing_are_missing_and_said(word: str) -> None:
    found = number(word)
    assert found.value is None
    assert not found.bad
    assert word in found.remark


def test_an_office_may_have_its_own_word_for_missing() -> None:
    assert number("Not Counted").bad
    assert number("Not Counted", missing=("not counted",)).value is None
    assert not number("Not Counted", missing=("NOT counted",)).bad


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    for decimal in (".", ","):
        number(text, decimal)
    for day_first in (True, False):
        period(text, day_first=day_first, fiscal=day_first, year_start=7)


@settings(deadline=None)
@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none()))
def test_no_cell_breaks_the_reading(cell: object) -> None:
    number(cell)  # type: ignore[arg-type]
    period(cell)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_written_comes_back(value: object) -> None:
    english = f"{value:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert number(english, ".").value == float(value)  # type: ignore[arg-type]
    assert number(german, ",").value == float(value)  # type: ignore[arg-type]
    assert number(english.replace(",", "\u202f")).value == float(value)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_written_comes_back(day: date) -> None:
    assert period(day.isoformat()) == When(day, "day")
    assert period(f"{day.month}/{day.day}/{day.year}") == When(day, "day")
    assert period(f"{day.day}.{day.month}.{day.year}", day_first=True) == When(day, "day")
    assert period(f"{day:%B} {day.day}, {day.year}") == When(day, "day")
    assert period(f"{day:%b} {day.year}") == When(day.replace(day=1), "month")


@pytest.mark.parametrize(
    ("cell", "start", "frequency"),
    [
        ("2021-07", date(2021, 7, 1), "month"), ("Jul 2021", date(2021, 7, 1), "month"), ("Jul-21", date(2021, 7, 1), "month"),
        ("julio 2021", date(2021, 7, 1), "month"), ("julio de 2021", date(2021, 7, 1), "month"), ("März 2021", date(2021, 3, 1), "month"),
        ("7/2021", date(2021, 7, 1), "month"), ("202107", date(2021, 7, 1), "month"), (202107.0, date(2021, 7, 1), "month"),
        ("Q3 2021", date(2021, 7, 1), "quarter"), ("2021-Q3", date(2021, 7, 1), "quarter"), ("3. Quartal 2021", date(2021, 7, 1), "quarter"),
        ("3rd quarter 2021", date(2021, 7, 1), "quarter"), ("2021", date(2021, 1, 1), "year"), (2021.0, date(2021, 1, 1), "year"),
        ("15 de marzo de 2021", date(2021, 3, 15), "day"), ("15. März 2021", date(2021, 3, 15), "day"),
        (44392.0, date(2021, 7, 15), "day"), (datetime(2021, 7, 15, 8), date(2021, 7, 15), "day"), ("2021-07-15T00:00:00", date(2021, 7, 15), "day"),
    ],
)  # fmt: skip
def test_periods_in_the_forms_that_cities_use(cell: str | float, start: date, frequency: str) -> None:
    assert period(cell) == When(start, frequency)


@pytest.mark.parametrize("text", ["FY22", "FY2022", "FY 2022", "FY21-22", "FY2021-22", "2021/22", "2021-2022", "2022"])
def test_fiscal_years_are_named_by_their_end(text: str) -> None:
    assert period(text, year_start=7, fiscal=True) == When(date(2021, 7, 1), "year")


def test_a_fiscal_year_that_looks_like_a_month_is_a_year_where_years_are_fiscal() -> None:
    assert period("2011-12", year_start=7, fiscal=True) == When(date(2011, 7, 1), "year")
    assert period("2011-12") == When(date(2011, 12, 1), "month")


@pytest.mark.parametrize(
    "text",
    ["31/02/2021", "2021-02-31", "13/13/2021", "31 Feb 2021", "2021-13", "2010-2015", "12-05", "Total", "n/a", ""],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert period(text) is None
    assert period(text, day_first=True) is None
