"""A chart explains itself on demand, in sentences that are true of it."""

from __future__ import annotations

from datetime import date

from citystat.city import City
from citystat.measures import edit
from citystat.measures.picture import chart_of
from citystat.measures.series import definition


def explained(city: City, code: str, today: date) -> str:
    with city.read() as read:
        return " ".join(chart_of(read, definition(read, code), as_of=today).explained)


def test_it_says_which_chart_why_its_limits_step_and_where_they_restart(sample_city: City, today: date) -> None:
    words = explained(sample_city, "EC-01", today)
    assert words.startswith("This is a p′ chart (Laney)")
    assert "they step with how many were counted" in words
    assert "They restart in Mar 2025: New shift plan." in words
    assert "Preliminary values are shown hollow and never judged." in words


def test_it_says_what_is_left_out_and_which_rules_mark(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        measure = definition(read, "FD-01").id
    edit.annotate(sample_city, measure, date(2024, 3, 1), "exclude", "flood")
    words = explained(sample_city, "FD-01", today)
    assert "1 value is left out of the limits, and still shown: Mar 2024." in words
    assert "seven in a row on one side of the average" in words
    assert "The limits come from 83 months" in words


def test_a_breakdown_is_many_lines_and_explains_no_limits(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "PW-01"), as_of=today, view={"by": "Ward"})
    assert chart.explained == ()
