"""Approved minutes are locked: every edit is refused with a sentence; amendments are numbered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, approve, capture, followup, meeting, minutes, plan, record, running
from citystat.meetings.series import save_series
from citystat.people.roster import save_person

NOW = datetime(2026, 3, 10, 11, 30)


@pytest.fixture
def held(city: City, today: date) -> int:
    """A meeting held and adjourned, with one promise that lacks its form and its due date."""
    person = save_person(city, None, name="Dana Whitfield", initials="dw")
    made = plan.plan(city, save_series(city, None, name="TestStat", members=[(person, "chair")]), today)
    running.start(city, made, NOW)
    with city.read() as read:
        entry = capture.parse("action compare rosters @dw", capture.context(read, made, today))
    capture.keep(city, made, entry, item_id=None, now=NOW)
    running.adjourn(city, made, NOW)
    return made


def approved(city: City, meeting_id: int, today: date) -> int:
    with city.read() as read:
        content = minutes.compose(read, meeting_id, today=today)
    approve.approve(city, meeting_id, content, "Elena Reyes", NOW)
    return meeting_id


EDITS: dict[str, Callable[[City, int, int, int], object]] = {
    "add an item": lambda city, m, item, action: agenda.add_item(city, m, "topic"),
    "change an item": lambda city, m, item, action: agenda.change_item(city, item, title="Other"),
    "move an item": lambda city, m, item, action: agenda.move_item(city, item, 2),
    "remove an item": lambda city, m, item, action: agenda.remove_item(city, item),
    "change words": lambda city, m, item, action: record.change_entry(city, "action", action, NOW, text="Other"),
    "remove an entry": lambda city, m, item, action: capture.remove_captured(city, "action", action),
    "rank": lambda city, m, item, action: actions.rank(city, [action]),
    "read back": lambda city, m, item, action: actions.read_back(city, action),
    "attendance": lambda city, m, item, action: meeting.set_present(city, m, 1, "absent"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_approved_minutes_refuse_every_edit(city: City, held: int, today: date, edit: str) -> None:
    approved(city, held, today)
    with city.read() as read:
        item, promise = agenda.agenda(read, held)[0], actions.actions(read, today, meeting=held)[0]
        before = (agenda.agenda(read, held), capture.captured(read, held), meeting.attendance(read, held))
    with pytest.raises(CityStatError, match="approved and locked"):
        EDITS[edit](city, held, item.id, promise.id)
    with city.read() as read:
        assert (agenda.agenda(read, held), capture.captured(read, held), meeting.attendance(read, held)) == before


def test_nothing_is_written_down_in_an_approved_meeting(city: City, held: int, today: date) -> None:
    approved(city, held, today)
    with city.read() as read:
        entry = capture.parse("note late thought", capture.context(read, held, today))
    with pytest.raises(CityStatError, match="approved and locked"):
        capture.keep(city, held, entry, item_id=None, now=NOW)


def test_amendments_are_numbered_and_marked_in_the_minutes(city: City, held: int, today: date) -> None:
    approved(city, held, today)
    assert approve.amend(city, held, "The vote was five to two", "mh", NOW) == 1
    assert approve.amend(city, held, "It was in room 5", "mh", NOW) == 2
    with city.read() as read:
        content = minutes.compose(read, held, today=today)
    leads = [block.lead for block in content.blocks if getattr(block, "lead", "").startswith("Amendment")]
    assert leads == ["Amendment 1.", "Amendment 2."]


def test_somebody_approves(city: City, held: int, today: date) -> None:
    with city.read() as read:
        content = minutes.compose(read, held, today=today)
    with pytest.raises(CityStatError, match="approved by somebody"):
        approve.approve(city, held, content, "  ", NOW)


def test_an_unfinished_promise_stops_the_follow_up_memo_but_not_the_minutes(city: City, held: int, today: date) -> None:
    with city.read() as read, pytest.raises(CityStatError, match="A-001 lacks form and due date"):
        followup.compose(read, held, today=today)
    approved(city, held, today)
    with city.read() as read:
        assert approve.approval(read, held).who == "Elena Reyes"


def test_what_awaits_approval_is_listed_until_it_is_approved(city: City, held: int, today: date) -> None:
    with city.read() as read:
        assert meeting.awaiting(read) == [(held, "TestStat", today)]
    approved(city, held, today)
    with city.read() as read:
        assert meeting.awaiting(read) == []


def test_an_entry_is_put_right_afterwards(city: City, held: int, today: date) -> None:
    with city.read() as read:
        promise = actions.actions(read, today, meeting=held)[0]
    record.change_entry(city, "action", promise.id, NOW, form="memo", due=date(2026, 4, 1), rank=1)
    with city.read() as read:
        assert actions.unfinished(read, held, today) == []
        assert actions.action(read, promise.id, today).rank == 1


def test_an_entry_keeps_some_words(city: City, held: int, today: date) -> None:
    with pytest.raises(CityStatError, match="needs words"):
        record.change_entry(city, "action", 1, NOW, text=" ")


LATE: dict[str, Callable[[City, int, int, int], object]] = {
    "other words": lambda city, m, item, action: actions.update_action(city, action, now=NOW, text="Other"),
    "the briefing went out": lambda city, m, item, action: approve.set_sent(city, m, "memo", NOW),
    "another day for answers": lambda city, m, item, action: approve.set_sent(city, m, "followup", NOW, date(2026, 5, 1)),
    "a chart on the wall": lambda city, m, item, action: running.show(city, m, item, 1, {}, NOW),
    "turn to an item": lambda city, m, item, action: running.enter(city, m, item, NOW),
    "adjourn": lambda city, m, item, action: running.adjourn(city, m, NOW),
}  # fmt: skip


@pytest.mark.parametrize("late", LATE)
def test_what_the_minutes_say_is_locked(city: City, held: int, today: date, late: str) -> None:
    approved(city, held, today)
    with city.read() as read:
        item, promise = agenda.agenda(read, held)[0], actions.actions(read, today, meeting=held)[0]
    with pytest.raises(CityStatError, match="approved and locked"):
        LATE[late](city, held, item.id, promise.id)


def test_a_promise_is_followed_up_after_approval(city: City, held: int, today: date) -> None:
    approved(city, held, today)
    with city.read() as read:
        promise = actions.actions(read, today, meeting=held)[0]
    actions.update_action(
        city, promise.id, now=NOW, status="in progress", due=date(2026, 4, 1), comment="On its way", form="memo"
    )
    approve.set_sent(city, held, "followup", NOW)
    with city.read() as read:
        now = actions.action(read, promise.id, today)
        assert (now.status, now.due, now.form) == ("in progress", date(2026, 4, 1), "memo")
        assert meeting.meeting(read, held).followup_sent_at == NOW
    with pytest.raises(CityStatError, match="approved and locked"):
        actions.update_action(city, promise.id, now=NOW, form="report")
    assert city.undo() == "Mark as sent"
    assert city.undo() == "Update action item"


def test_undo_does_not_reach_behind_approval(city: City, held: int, today: date) -> None:
    approved(city, held, today)
    with pytest.raises(CityStatError, match="“Adjourn” stays: the minutes of its meeting were approved"):
        city.undo()
    with city.read() as read:
        assert meeting.meeting(read, held).status == "approved"
        assert approve.approved_content(read, held) is not None
    save_person(city, None, name="Raymond Hall", initials="rh")
    assert city.undo() is not None  # what was done since, elsewhere, is taken back as ever


def test_redo_brings_nothing_into_approved_minutes(city: City, held: int, today: date) -> None:
    with city.read() as read:
        entry = capture.parse("note late thought", capture.context(read, held, today))
    capture.keep(city, held, entry, item_id=None, now=NOW)
    city.undo()
    approved(city, held, today)
    with pytest.raises(CityStatError, match="approved since, and are locked"):
        city.redo()
    with city.read() as read:
        assert [e.kind for e in capture.captured(read, held)] == ["action"]


def test_an_answer_comes_in_after_approval_and_the_question_stays_as_asked(city: City, held: int, today: date) -> None:
    with city.read() as read:
        entry = capture.parse("question why Sundays? @dw", capture.context(read, held, today))
    asked = capture.keep(city, held, entry, item_id=None, now=NOW).id
    approved(city, held, today)
    record.change_entry(city, "question", asked, NOW, answer="Fewer hands")
    with pytest.raises(CityStatError, match="approved and locked"):
        record.change_entry(city, "question", asked, NOW, answer="Fewer hands", due=date(2026, 5, 1))
    with city.read() as read:
        said = next(e for e in capture.captured(read, held) if e.kind == "question")
    assert (said.answer, said.due) == ("Fewer hands", None)
