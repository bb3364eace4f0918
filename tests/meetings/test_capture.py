"""The capture line: what is typed in a hurry becomes who does what by when, and is kept whatever happens."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, approve, capture, minutes, record, running
from citystat.meetings.capture import Entry, context, parse
from citystat.meetings.complete import completions
from citystat.meetings.due import parse_due
from citystat.meetings.forms import CAPTURES
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
        ("action @fire ^friday =br walk", "action", "walk", "Raymond Hall", date(2026, 3, 13), "briefing"),
        ("action @dw call the county ^friday with slides", "action", "call the county with slides", "Dana Whitfield", date(2026, 3, 13), ""),
        ("action walk @nobody here =memo", "action", "walk here", "", None, "memo"),
        ("action share it @dw @ortiz", "action", "share it (Lucia Ortiz)", "Dana Whitfield", None, ""),
        ("action walk @zz @dw", "action", "walk zz", "Dana Whitfield", None, ""),
        ("note talked to @dw", "note", "talked to Dana Whitfield", "", None, ""),
        ("note talked to @zz", "note", "talked to zz", "", None, ""),
        ("decision the pilot goes on @dw", "decision", "the pilot goes on (Dana Whitfield)", "", None, ""),
        ("decision @dw leads it until ^friday", "decision", "Dana Whitfield leads it until Fri 13 March 2026", "", None, ""),
        ("note the pump of Engine #3 broke", "note", "the pump of Engine #3 broke", "", None, ""),
        ("action wash it ^in a fortnight @John Smith", "action", "wash it", "", None, ""),
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
    assert entry.text == "walk"
    assert entry.unfinished == ("owner (@nobody?)", "due date (^blursday?)", "form (=poem?)")


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
        ("2026-02-30", None), ("99 mar", None), ("soon", None), ("in 9999 months", None), ("in 99999999 weeks", None), ("9999-12-31", None),
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


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["action", "q", "@dw", "@", "^friday", "^in 3 weeks", "=memo", "#EC-01", "!high", "@ortiz", "##"]),
        st.text(max_size=12),
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@example(line="/")
@example(line="//share is down")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(line=WORDS)
def test_whatever_is_typed_no_word_is_lost(read_line, line: str) -> None:
    entry = read_line(line)
    assert entry.line == line.strip().removeprefix("/").strip()  # the key that leads to the line is no part of it
    kept = " ".join([entry.text, entry.kind, *(c.value for c in entry.chips)])
    used = {"@": entry.owner_id, "^": entry.due, "#": entry.measure_id, "=": entry.form, "!": entry.priority}
    for word in entry.line.split():
        plain_word = not any(word.startswith(mark) for mark in used)
        read_as_kind = entry.line.split()[0] == word and entry.kind != "note"
        part_of_a_mark = any(value for value in used.values())
        assert word in kept or read_as_kind or word.lower().rstrip(":") in CAPTURES or part_of_a_mark or not plain_word


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(st.from_regex(r"[a-z]{9,12}", fullmatch=True), min_size=1, max_size=6))
def test_words_after_what_was_read_stay_words(read_line, words: list[str]) -> None:
    """The marks take exactly what they mean; the words around them come out in their order."""
    entry = read_line(f"action x1 @dw {' '.join(words)} ^friday x2 =memo x3")
    assert entry.text == " ".join(["x1", *words, "x2", "x3"])
    assert (entry.owner, entry.due, entry.form) == ("Dana Whitfield", date(2026, 3, 13), "memo")


def test_a_changed_line_changes_the_entry_and_may_make_it_another_kind(sample_city: City, meeting_id: int) -> None:
    kept = keep(sample_city, meeting_id, "action fill posts @dw ^in 3 weeks")
    with sample_city.read() as read:
        before = next(e for e in capture.captured(read, meeting_id) if e.id == kept.id)
        against = context(read, meeting_id, date(2026, 5, 1))
    assert before.retyped == "action fill posts @Dana Whitfield ^31 Mar 2026"
    capture.rewrite(sample_city, "action", kept.id, parse(before.retyped + " =memo", against))
    with sample_city.read() as read:
        after = next(e for e in capture.captured(read, meeting_id) if e.kind == "action")
    assert (after.due, after.form, after.number) == (date(2026, 3, 31), "memo", kept.number)
    capture.rewrite(sample_city, "action", kept.id, parse("decision fill posts", against))
    with sample_city.read() as read:
        assert [(e.kind, e.text) for e in capture.captured(read, meeting_id)] == [("decision", "fill posts")]
    sample_city.undo()
    with sample_city.read() as read:
        assert [(e.kind, e.owner) for e in capture.captured(read, meeting_id)] == [("action", "Dana Whitfield")]


def test_undo_takes_back_what_was_typed_not_what_was_shown(sample_city: City, meeting_id: int) -> None:
    running.start(sample_city, meeting_id, NOW)
    keep(sample_city, meeting_id, "note the room was cold")
    with sample_city.read() as read:
        items = agenda.agenda(read, meeting_id)
    running.enter(sample_city, meeting_id, items[1].id, NOW)
    running.show(sample_city, meeting_id, items[2].id, 1, {}, NOW)
    assert sample_city.undo() == "Write down note"


@pytest.mark.parametrize(
    ("line", "first"),
    [("action x @whit", "Dana Whitfield"), ("action x ^in 6", "in 6 weeks"), ("q #EC-0", "EC-01"), ("a x =bu", "budget request")],
)  # fmt: skip
def test_a_mark_offers_what_fits(sample_city: City, meeting_id: int, line: str, first: str) -> None:
    with sample_city.read() as read:
        against = context(read, meeting_id, TODAY)
    offered = completions(line, len(line), against)
    assert offered.choices[0].words == first
    assert completions("mail a@b.org", 12, against).choices == ()


def test_a_mark_that_was_not_understood_waits_apart_from_the_words(sample_city: City, meeting_id: int) -> None:
    kept = keep(sample_city, meeting_id, "action compare rosters @zz ^someday =memo")
    with sample_city.read() as read:
        entry = next(e for e in capture.captured(read, meeting_id) if e.id == kept.id)
        row = actions.action(read, kept.id, TODAY)
    assert entry.text == "compare rosters"
    assert entry.unfinished == row.unfinished == ("owner (@zz?)", "due date (^someday?)")
    assert entry.retyped == "action compare rosters @zz ^someday =memo"


def test_what_is_completed_in_the_review_forgets_the_mark(sample_city: City, meeting_id: int) -> None:
    kept = keep(sample_city, meeting_id, "action compare rosters @zz ^someday =memo")
    record.change_entry(sample_city, "action", kept.id, NOW, owner_id=1, due=date(2026, 4, 1))
    record.change_entry(sample_city, "action", kept.id, NOW, owner_id=None)
    with sample_city.read() as read:
        entry = next(e for e in capture.captured(read, meeting_id) if e.id == kept.id)
    assert (entry.text, entry.unfinished) == ("compare rosters", ("owner",))
    assert entry.retyped == "action compare rosters ^1 Apr 2026 =memo"


def test_no_mark_is_printed(sample_city: City, meeting_id: int) -> None:
    for line in ("action walk @zz ^someday", "decision it goes on @dw", "note asked @zz about =this"):
        keep(sample_city, meeting_id, line)
    with sample_city.read() as read:
        said = str(minutes.compose(read, meeting_id, today=TODAY).blocks)
    assert "It goes on (Dana Whitfield)." in said and "Asked zz about this." in said
    assert not any(mark in said for mark in ("@", "^", "=this"))
