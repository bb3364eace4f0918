"""A slip of the hand loses nothing: mistyped kinds, other languages, days in figures, another kind afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures import find
from citystat.meetings import actions, approve, capture, kinds, meeting, minutes, plan, record, running, shown, suggest
from citystat.meetings.capture import Entry, context, parse
from citystat.meetings.complete import completions
from citystat.meetings.due import parse_due
from citystat.meetings.forms import FORMS
from citystat.meetings.meaning import Context
from citystat.meetings.series import save_series
from citystat.people.roster import save_person
from citystat.texts import in_every_language, set_language

NOW = datetime(2026, 3, 12, 10, 21)
TODAY = date(2026, 3, 10)


@pytest.fixture
def against(sample_city: City) -> Context:
    with sample_city.read() as read:
        found = meeting.next_meeting(read, TODAY)
        assert found is not None
        return context(read, found.id, TODAY)


@pytest.fixture
def spanish() -> Iterator[None]:
    set_language("es")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("line", "kind", "text", "guessed"),
    [
        ("acton fill posts", "action", "fill posts", True),
        ("aciton fill posts", "action", "fill posts", True),
        ("desicion it stays", "decision", "it stays", True),
        ("quetsion why?", "question", "why?", True),
        ("/action fill posts", "action", "fill posts", False),
        ("fill posts @dw", "action", "fill posts", True),
        ("fill posts ^friday", "action", "fill posts", True),
        ("note talked to @dw", "note", "talked to Dana Whitfield", False),
        ("actions were late", "note", "actions were late", False),
        ("auction the old trucks", "note", "auction the old trucks", False),
        ("motion sensors failed", "note", "motion sensors failed", False),
        ("division chiefs were away", "note", "division chiefs were away", False),
        ("notice was given", "note", "notice was given", False),
        ("Compromiso llenar puestos", "action", "llenar puestos", False),
        ("tema pendiente: la flota", "parked", "la flota", False),
        ("decision: it stays", "decision", "it stays", False),
    ],
)
def test_a_kind_is_understood_though_a_letter_slipped(
    against: Context, line: str, kind: str, text: str, guessed: bool
) -> None:
    entry: Entry = parse(line, against)
    assert (entry.kind, entry.text, entry.guessed) == (kind, text, guessed)


def test_the_right_word_is_offered_while_the_kind_is_typed(against: Context) -> None:
    assert [c.words for c in completions("acton", 5, against).choices] == ["action"]
    assert completions("acti", 4, against).choices == ()
    assert completions("action", 6, against).choices == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_understood_by_its_name_in_every_language(against: Context, form: str) -> None:
    for name in in_every_language(form):
        assert parse(f"action do it ={name}", against).form == form


@pytest.mark.usefixtures("spanish")
def test_whatever_is_offered_in_spanish_is_understood(against: Context) -> None:
    for line in ("action x =", "action x ^"):
        for choice in completions(line, len(line), against).choices:
            entry = parse(line + choice.words, against)
            assert entry.text == "x" and (entry.form or entry.due), choice
    assert parse("action x =informe", against).form == "report"
    assert {c.words for c in completions("a x =", 5, against).choices} >= {"informe", "memorando"}


@pytest.mark.parametrize(
    ("words", "day_first", "day"),
    [
        ("28.2", False, date(2027, 2, 28)), ("28.2.", False, date(2027, 2, 28)), ("31.12.2026", False, date(2026, 12, 31)),
        ("28/2", False, date(2027, 2, 28)), ("4/5", True, date(2026, 5, 4)), ("4/5", False, date(2026, 4, 5)),
        ("4/28", True, date(2026, 4, 28)), ("31.2.2026", False, None), ("fin de mes", False, date(2026, 3, 31)),
        ("viernes", False, date(2026, 3, 13)), ("próximo viernes", False, date(2026, 3, 20)), ("en 30 días", False, date(2026, 4, 9)),
    ],
)  # fmt: skip
def test_days_in_figures_and_in_spanish(words: str, day_first: bool, day: date | None) -> None:
    assert parse_due(words, TODAY, day_first=day_first) == day


def test_the_context_says_in_which_order_days_are_written(against: Context) -> None:
    assert parse("action x ^4/5", replace(against, day_first=True)).due == date(2026, 5, 4)


def test_words_on_the_chart_want_no_due_date(against: Context) -> None:
    entry = parse("chart: Line 5 closed ^nov 2022", replace(against, periods=("Oct 2022", "Nov 2022", "Dec 2022")))
    assert (entry.kind, entry.period, entry.unfinished) == ("chart", "Nov 2022", ())


MEASURES = (
    ("PW-02", "Access-A-Ride trips"),
    ("SS-02", "Shelter nights"),
    ("SS-01", "Lessons"),
    ("EC-01", "Small classes"),
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("ss", ["SS-02", "SS-01", "PW-02", "EC-01"]), ("SS-01", ["SS-01"]), ("less", ["SS-01"]),
        ("cl", ["EC-01"]), ("sm cl", ["EC-01"]), ("", ["PW-02", "SS-02", "SS-01", "EC-01"]), ("zz", []),
    ],
)  # fmt: skip
def test_the_code_comes_before_letters_inside(typed: str, codes: list[str]) -> None:
    assert [code for code, _ in find.found(typed, MEASURES, lambda m: m)] == codes


def test_the_capture_line_prefers_the_code(against: Context) -> None:
    known = tuple((n, code, name) for n, (code, name) in enumerate(MEASURES, 1))
    line = "note it is #ss"
    offered = completions(line, len(line), replace(against, measures=known)).choices
    assert [c.words for c in offered][:2] == ["SS-02", "SS-01"]
    assert parse("note it is #ec", replace(against, measures=known)).measure == "EC-01"


## After the meeting


@pytest.fixture
def held(city: City, today: date) -> int:
    person = save_person(city, None, name="Dana Whitfield", initials="dw")
    made = plan.plan(city, save_series(city, None, name="TestStat", members=[(person, "chair")]), today)
    running.start(city, made, NOW)
    return made


def kept(city: City, held: int, line: str) -> capture.Kept:
    with city.read() as read:
        entry = parse(line, context(read, held, TODAY))
    return capture.keep(city, held, entry, item_id=None, now=NOW)


def entries(city: City, held: int) -> list[tuple[str, str, str]]:
    with city.read() as read:
        return [(e.kind, e.text, e.owner) for e in capture.captured(read, held)]


def test_a_note_becomes_the_promise_that_was_meant_in_one_step_of_undo(city: City, held: int) -> None:
    before = kept(city, held, "note fill posts @dw ^friday =memo")
    record.change_kind(city, "note", before.id, "action", TODAY)
    with city.read() as read:
        promise = actions.actions(read, TODAY, meeting=held)[0]
    assert (promise.text, promise.owner, promise.due, promise.form) == (
        "fill posts",
        "Dana Whitfield",
        date(2026, 3, 13),
        "memo",
    )
    city.undo()
    assert [kind for kind, _, _ in entries(city, held)] == ["note"]


def test_words_put_right_by_hand_stay_when_the_kind_changes(city: City, held: int) -> None:
    before = kept(city, held, "action fill posts @dw")
    record.change_entry(city, "action", before.id, NOW, text="fill four posts")
    record.change_kind(city, "action", before.id, "question", TODAY)
    assert entries(city, held) == [("question", "fill four posts", "Dana Whitfield")]


def test_a_promise_that_was_followed_up_stays_one(city: City, held: int) -> None:
    before = kept(city, held, "action fill posts @dw")
    actions.update_action(city, before.id, now=NOW, comment="Asked")
    with pytest.raises(CityStatError, match="followed up"):
        record.change_kind(city, "action", before.id, "note", TODAY)


def test_a_chart_shown_by_a_slip_is_left_out_of_the_minutes(sample_city: City) -> None:
    with sample_city.read() as read:
        planned = next(m for m in meeting.meetings(read) if m.status == "planned")
    running.start(sample_city, planned.id, NOW)
    with sample_city.read() as read:
        from citystat.meetings.agenda import agenda

        item = next(i for i in agenda(read, planned.id) if i.measures)
    running.show(sample_city, planned.id, item.id, item.measures[0].measure_id, {}, NOW)
    running.show(sample_city, planned.id, item.id, item.measures[0].measure_id, {"since": "2025-03"}, NOW)
    with sample_city.read() as read:
        (look,) = shown.looks(read, planned.id)
        assert "Shown as of" in str(minutes.compose(read, planned.id, today=TODAY).blocks)
    shown.leave_out(sample_city, planned.id, look)
    with sample_city.read() as read:
        assert "Shown as of" not in str(minutes.compose(read, planned.id, today=TODAY).blocks)
    sample_city.undo()
    with sample_city.read() as read:
        assert shown.looks(read, planned.id) == [look]


def test_the_day_on_which_it_is_held_is_the_meetings_day(city: City, today: date) -> None:
    series = save_series(city, None, name="DayStat")
    made, other = plan.plan(city, series, date(2026, 3, 24)), plan.plan(city, series, date(2026, 3, 25))
    with pytest.raises(CityStatError, match="already meets"):
        running.start(city, made, NOW, day=date(2026, 3, 25))
    running.start(city, made, NOW, day=NOW.date())
    with city.read() as read:
        row = meeting.meeting(read, made)
        assert (row.day, row.status) == (NOW.date(), "running")
        assert "12 March 2026" in minutes.compose(read, made, today=today).under
        assert meeting.meeting(read, other).status == "planned"


## Approval and undo


@pytest.fixture
def locked(city: City, held: int, today: date) -> int:
    running.adjourn(city, held, NOW)
    approve_it(city, held, today)
    return held


def approve_it(city: City, held: int, today: date) -> None:
    with city.read() as read:
        content = minutes.compose(read, held, today=today)
    approve.approve(city, held, content, "Elena Reyes", NOW)


def test_an_amendment_is_no_step_of_undo(city: City, locked: int) -> None:
    save_person(city, None, name="Raymond Hall", initials="rh")
    approve.amend(city, locked, "The vote was five to two", "mh", NOW)
    city.undo()
    with city.read() as read:
        assert len(approve.amendments(read, locked)) == 1


def test_undo_passes_over_what_is_locked_to_what_is_older_and_unrelated(city: City, today: date) -> None:
    save_person(city, None, name="Raymond Hall", initials="rh")
    dana = save_person(city, None, name="Dana Whitfield", initials="dw")
    made = plan.plan(city, save_series(city, None, name="TestStat", members=[(dana, "chair")]), today)
    running.start(city, made, NOW)
    running.adjourn(city, made, NOW)
    approve_it(city, made, today)
    said = city.undo()
    assert said is not None and "Raymond Hall" in said and "approved minutes stays" in said
    with city.read() as read:
        assert meeting.meeting(read, made).status == "approved"
        assert [p.name for p in meeting.attendance(read, made)] == ["Dana Whitfield"]
    with pytest.raises(CityStatError, match="approved since, and are locked"):
        city.undo()


def test_minutes_are_approved_once(city: City, locked: int, today: date) -> None:
    with pytest.raises(CityStatError, match="Only the minutes of an adjourned meeting"):
        approve_it(city, locked, today)


## Sentences


@pytest.mark.parametrize("rhythm", ["every 2 weeks on thirsday", "first Wendesday", "every Mondy"])
def test_a_weekday_with_a_slip_is_pointed_out(city: City, rhythm: str) -> None:
    with pytest.raises(CityStatError, match="is no day of the week"):
        save_series(city, None, name="TestStat", rhythm=rhythm)


@pytest.mark.parametrize(
    "rhythm", ["every second Tuesday", "Thursdays", "fri, sat", "last Thurs of the month", "cada martes", "monthly"]
)
def test_a_rhythm_is_in_words(city: City, rhythm: str) -> None:
    assert save_series(city, None, name="TestStat", rhythm=rhythm)


def test_a_measure_is_proposed_once(sample_city: City) -> None:
    from citystat.measures.standing import standings

    with sample_city.read() as read:
        planned = next(m for m in meeting.meetings(read) if m.status == "planned")
        both = [replace(s, signal="improvement", meets="misses") for s in standings(read)]
        found = suggest.suggestions(read, planned.id, TODAY, both)
    proposed = [s.measure_id for s in found if s.kind == "measure"]
    assert proposed and len(proposed) == len(set(proposed))


def test_kinds_know_their_words_in_every_language() -> None:
    assert {kinds.named(f"{word} x").kind for word in ("compromiso", "decisión", "pregunta", "nota", "logro")} == {
        "action", "decision", "question", "note", "win",
    }  # fmt: skip
