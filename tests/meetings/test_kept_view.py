"""A view that is kept with a measure goes where its chart goes."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from citystat.city import City
from citystat.documents.content import Figure
from citystat.documents.frozen import freeze, thaw
from citystat.measures.changes import changes
from citystat.measures.charting import Charting, charting, set_charting
from citystat.measures.kept_view import as_kept, keep_view
from citystat.measures.looks import kept_view, view_words
from citystat.measures.picture import chart_of
from citystat.measures.series import definition, series
from citystat.meetings import briefing, memo, minutes, running
from citystat.meetings.agenda import add_item, agenda
from citystat.meetings.meeting import next_meeting


@pytest.fixture
def kept(sample_city: City, today: date) -> tuple[City, int, int]:
    """The city, with “before and after” kept of the answered calls; the next meeting, with that measure on it; the measure."""
    with sample_city.read() as read:
        measure, planned = definition(read, "EC-01"), next_meeting(read, today)
    assert planned is not None
    keep_view(sample_city, measure.id, {"look": "split", "split": "2025-03-01"})
    add_item(sample_city, planned.id, "measure", "Calls", 10, [measure.id])
    return sample_city, planned.id, measure.id


def test_it_is_one_act_that_is_taken_back(sample_city: City) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
    keep_view(sample_city, m.id, {"look": "years"})
    with sample_city.read() as read:
        assert kept_view(definition(read, "EC-01").chart) == {"look": "years"}
    sample_city.undo()
    with sample_city.read() as read:
        assert kept_view(definition(read, "EC-01").chart) == {}


def test_how_it_is_judged_stays_beside_it(sample_city: City) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
    keep_view(sample_city, m.id, {"look": "years"})
    set_charting(sample_city, m.id, Charting(rules="anhoej"))
    with sample_city.read() as read:
        found = definition(read, "EC-01").chart
    assert kept_view(found) == {"look": "years"} and charting(found).rules == "anhoej"
    keep_view(sample_city, m.id, {})
    with sample_city.read() as read:
        assert charting(definition(read, "EC-01").chart).rules == "anhoej"


def test_the_newest_twelve_are_kept_as_that_and_not_as_a_date(sample_city: City) -> None:
    with sample_city.read() as read:
        whole = series(read, definition(read, "EC-01"))
    assert as_kept(whole, {"since": whole.periods[-12].isoformat(), "ahead": "year"}) == {"since": "12"}
    assert as_kept(whole, {"since": "all", "by": ""}) == {"since": "all"}


def test_what_a_newer_version_kept_is_left_out() -> None:
    assert kept_view({"view": {"look": "spiral"}}) == {}
    assert kept_view({"view": {"look": "years", "colour": "red", "by": 3}}) == {"look": "years"}
    assert kept_view({"view": "years"}) == {}
    assert kept_view({"view": {"look": "split", "split": "lately"}}) == {}


def test_the_minutes_draw_what_the_room_saw_with_its_caveat(kept: tuple[City, int, int], today: date) -> None:
    city, meeting_id, measure = kept
    now = datetime(2026, 3, 10, 9)
    with city.read() as read:
        item = next(i for i in agenda(read, meeting_id) if i.title == "Calls")
    running.start(city, meeting_id, now)
    running.show(city, meeting_id, item.id, measure, {"look": "split", "split": "2025-03-01"}, now)
    running.show(city, meeting_id, item.id, measure, {"look": "years"}, now)
    keep_view(city, measure, {})  # what was seen stays, whatever is kept later
    with city.read() as read:
        figures = [b for b in minutes.compose(read, meeting_id, today=today).blocks if isinstance(b, Figure)]
    assert [len(f.chart.bands) for f in figures[-2:]] == [2, 0]
    assert "not why" in figures[-2].caption


def test_the_briefing_and_the_memo_take_it(kept: tuple[City, int, int], today: date) -> None:
    city, meeting_id, measure = kept
    with city.read() as read:
        figures = [b for b in briefing.compose(read, meeting_id, today=today).blocks if isinstance(b, Figure)]
        wanted = chart_of(read, definition(read, measure), as_of=today, view={"look": "split", "split": "2025-03-01"})
    assert wanted.headline in [f.chart.headline for f in figures]
    made = memo.begin(city, "Calls", [measure], now=datetime(2026, 3, 10))
    with city.read() as read:
        assert [c.headline for c in memo.view(read, made, today).charts] == [wanted.headline]


def test_a_chart_of_panels_is_frozen_with_approved_minutes_and_thaws(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "PW-31"), as_of=today, view={"look": "parts"})
    again = thaw(json.loads(json.dumps(freeze(chart))))
    assert again.starts == chart.starts and again.reading == chart.reading
    assert [panel.subject for panel in again.panels] == [panel.subject for panel in chart.panels]


def test_what_was_kept_stands_in_the_history_in_words(sample_city: City) -> None:
    with sample_city.read() as read:
        m = definition(read, "EC-01")
    keep_view(sample_city, m.id, {"look": "years"})
    with sample_city.read() as read:
        newest = changes(read, m)[0]
    assert newest.what == "Keep how a measure is looked at" and newest.details == ("How it is charted: look years",)


def test_a_view_is_told_in_words() -> None:
    assert view_words({}) == ""
    assert view_words({"look": "years", "table": "yes"}) == "Year over year, in figures"
    assert view_words({"by": "Route", "since": "12"}) == "Signals, by Route, newest 12"
