"""The capture line: what is typed in a hurry becomes who does what by when, and is kept whatever happens."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import actions, approve, capture, minutes, running
from citystat.meetings.capture import Entry, context, parse
from citystat.meetings.due import parse_due
from citystat.meetings.meeting import next_meeting

NOW = datetime(2026, 3, 12, 10, 21)
TODAY = date(2026, 3, 10)


@pytest.fixture
def meeting_id(sample_city: City) -> int:
    with sample_city.read() as read:
        found = next_meeting(read, TODAY)
    assert found is not None
    return found.id


@pytest.fixture
def read_line(sample_city: City, meeting_id: int):
    with sample_city.read() as read:
        against = context(read, meeting_id, TODAY)
    return lambda line: parse(line, against)


@pytest.mark.parametrize(
    ("line", "kind", "text", "owner", "due", "form"),
    [
        ("action compare Sunday rosters @dw ^in 3 weeks =memo", "action", "compare Sunday rosters", "Dana Whitfield", date(2026, 3, 31), "memo"),
        ("a fill four posts @whit ^31 mar =report", "action", "fill four posts", "Dana Whitfield", date(2026, 3, 31), "report"),
        ("action @fire ^friday =br walk", "action", "", "Raymond Hall", date(2026, 3, 13), ""),
        ("action count calls @fire chief ^tomorrow =an", "action", "count calls", "Raymond Hall", date(2026, 3, 11), "analysis"),
        ("decision the night plan stays", "decision", "the night plan stays", "", None, ""),
        ("q why do Sundays stay low? @lucia", "question", "why do Sundays stay low?", "Lucia Ortiz", None, ""),
        ("the room was cold", "note", "the room was cold", "", None, ""),
        ("win first class of nine", "win", "first class of nine", "", None, ""),
        ("park fleet costs", "parked", "fleet costs", "", None, ""),
        ("action ¿café? 🚑 @ortiz ^30 days =bu", "action", "¿café? 🚑", "Lucia Ortiz", date(2026, 4, 9), "budget request"),
        ("action mail a@b.org about it", "action", "mail a@b.org about it", "", None, ""),
    ],
)  # fmt: skip
def test_a_line_is_understood(
    read_line, line: str, kind: str, text: str, owner: str, due: date | None, form: str
) -> None:
    entry: Entry = read_line(line)
    assert (entry.kind, entry.text, entry.owner, entry.due, entry.form) == (kind, text, owner, due, form)


def test_what_cannot_be_read_says_why_and_stops_nothing(read_line) -> None:
    entry = read_line("action walk @nobody ^blursday =poem")
    assert [(c.label, c.ok) for c in entry.chips] == [("owner", False), ("due", False), ("form", False)]
    assert all(c.why for c in entry.chips)
    assert entry.unfinished == ("owner", "due date", "form")


@pytest.mark.parametrize(
    "line", ["", " ", "@", "^", "action", "@dw ^friday", "x" * 10_000, "a @@ ^^ ##", "\u202eعربي action"]
)
def test_no_line_is_an_error(read_line, line: str) -> None:
    assert isinstance(read_line(line), Entry)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("friday", date(2026, 3, 13)), ("next friday", date(2026, 3, 20)), ("tuesday", date(2026, 3, 17)),
        ("30 days", date(2026, 4, 9)), ("in 6 weeks", date(2026, 4, 21)), ("end of quarter", date(2026, 3, 31)),
        ("end of month", date(2026, 3, 31)), ("3/31", date(2026, 3, 31)), ("1 march", date(2027, 3, 1)),
        ("2026-02-30", None), ("99 mar", None), ("soon", None), ("in 9999 months", date(2859, 6, 10)),
        ("next meeting", date(2026, 4, 9)), ("the 15th", date(2026, 3, 15)), ("el viernes", date(2026, 3, 13)),
    ],
)  # fmt: skip
def test_due_dates_in_words(words: str, day: date | None) -> None:
    assert parse_due(words, TODAY, next_meeting=date(2026, 4, 9)) == day


def keep(city: City, meeting_id: int, line: str) -> capture.Kept:
    with city.read() as read:
        entry = parse(line, context(read, meeting_id, TODAY, measure_id=1))
    return capture.keep(city, meeting_id, entry, item_id=None, now=NOW)


def test_a_promise_is_kept_with_number_department_and_what_was_shown(sample_city: City, meeting_id: int) -> None:
    kept = keep(sample_city, meeting_id, "action fill four posts @dw ^31 mar =report")
    with sample_city.read() as read:
        row = actions.action(read, kept.id, TODAY)
    assert row.code == f"A-{kept.number:03d}"
    assert (row.department, row.measure_code, row.unfinished) == ("Emergency communications", "EC-01", ())
    assert row.as_shown.endswith("Feb 2026")


def test_a_captured_line_can_be_taken_back_and_brought_back(sample_city: City, meeting_id: int) -> None:
    keep(sample_city, meeting_id, "note the room was cold")
    sample_city.undo()
    with sample_city.read() as read:
        assert capture.captured(read, meeting_id) == []
    sample_city.redo()
    with sample_city.read() as read:
        assert [e.text for e in capture.captured(read, meeting_id)] == ["the room was cold"]


def test_approved_minutes_are_locked_and_amendments_are_marked(sample_city: City, meeting_id: int) -> None:
    running.start(sample_city, meeting_id, NOW)
    keep(sample_city, meeting_id, "decision the night plan stays")
    running.adjourn(sample_city, meeting_id, NOW)
    with sample_city.read() as read:
        content = minutes.compose(read, meeting_id, today=TODAY)
    done = approve.approve(sample_city, meeting_id, content, "Elena Reyes", NOW)
    with pytest.raises(CityStatError, match="locked"):
        keep(sample_city, meeting_id, "note too late")
    approve.amend(sample_city, meeting_id, "The plan stays until June.", "Elena Reyes", NOW)
    with sample_city.read() as read:
        again = minutes.compose(read, meeting_id, today=TODAY)
    assert done.short in again.footer
    assert any(getattr(b, "lead", "") == "Amendment 1." for b in again.blocks)
