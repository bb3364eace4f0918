"""After the meeting: unfinished first, put right in place, approved and locked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.city.city import login
from citystat.meetings import plan, running
from citystat.meetings.actions import actions
from citystat.meetings.approve import amendments
from citystat.meetings.capture import captured, context, keep, parse
from citystat.meetings.meeting import attendance, meeting
from citystat.meetings.series import save_series
from citystat.people.roster import save_person
from citystat.views import jobs
from citystat.views.meetings.prepare import MeetingPage
from citystat.views.meetings.review_dialogs import AmendDialog, ApproveDialog, AttendanceDialog
from citystat.views.shell.window import MainWindow

NOW = datetime(2026, 3, 10, 11, 0)
LINES = ("decision the pilot goes on", "action compare rosters @dw", "action report on wards @dw ^in 3 weeks =memo")


@pytest.fixture
def held(city: City, today: date) -> int:
    person = save_person(city, None, name="Dana Whitfield", initials="dw")
    made = plan.plan(city, save_series(city, None, name="TestStat", members=[(person, "panel")]), today)
    running.start(city, made, NOW)
    for line in LINES:
        with city.read() as read:
            entry = parse(line, context(read, made, today))
        keep(city, made, entry, item_id=None, now=NOW)
    running.adjourn(city, made, NOW)
    return made


@pytest.fixture
def page(window: MainWindow, held: int) -> MeetingPage:
    window.go(f"meeting:{held}")
    return window.page


def test_what_is_unfinished_stands_first_and_is_chosen(page: MeetingPage) -> None:
    assert page.sentence.text() == "One promise is unfinished"
    assert [r.title for r in page.review.list.rows][:2] == ["Unfinished", "compare rosters"]
    assert page.review.form.fields["text"].toPlainText() == "compare rosters"


def test_completing_a_promise_in_its_form_finishes_it(
    qtbot: QtBot, page: MeetingPage, city: City, held: int, today: date
) -> None:
    fields = page.review.form.fields
    fields["form"].setCurrentIndex(fields["form"].findData("report"))
    fields["due"]._set.click()
    assert fields["due"].day() is None  # a date to choose from, none is put yet
    page.review.form.left()
    with city.read() as read:
        assert next(a for a in actions(read, today, meeting=held) if a.text == "compare rosters").due is None
    qtbot.keyClick(fields["due"]._edit, Qt.Key.Key_Return)
    assert page.sentence.text() == "Everything is complete; the minutes can be approved"
    with city.read() as read:
        promise = next(a for a in actions(read, today, meeting=held) if a.text == "compare rosters")
    assert (promise.form, promise.unfinished, promise.due) == ("report", (), NOW.date() + timedelta(weeks=3))


def test_a_date_that_nobody_chose_is_not_put(qtbot: QtBot, page: MeetingPage) -> None:
    due = page.review.form.fields["due"]
    due._set.click()
    qtbot.keyClick(due._edit, Qt.Key.Key_Escape)
    assert due.day() is None and due._set.isVisibleTo(due)
    due._set.click()
    page.review.list.setFocus()
    assert due.day() is None
    due._set.click()
    qtbot.keyClick(due._edit, Qt.Key.Key_Up)
    assert due.day() is not None


def test_typed_words_are_kept_when_the_page_is_left(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, city: City, held: int
) -> None:
    page.review.form.fields["text"].selectAll()
    qtbot.keyClicks(page.review.form.fields["text"], "compare Sunday rosters")
    window.go("today")
    with city.read() as read:
        assert "compare Sunday rosters" in {e.text for e in captured(read, held)}


def test_a_forgotten_entry_is_written_down(qtbot: QtBot, page: MeetingPage, city: City, held: int) -> None:
    qtbot.keyClicks(page.review.forgotten, "action walk the blocks @dw ^30 days =site visit")
    qtbot.keyClick(page.review.forgotten, Qt.Key.Key_Return)
    with city.read() as read:
        entry = next(e for e in captured(read, held) if e.text == "walk the blocks")
    assert (entry.owner, entry.form, entry.due) == ("Dana Whitfield", "site visit", date(2026, 4, 9))
    assert page.review.form.entry == ("action", entry.id)


def test_an_entry_is_removed_and_taken_back(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, city: City, held: int
) -> None:
    qtbot.keyClick(page.review.list, Qt.Key.Key_Delete)
    with city.read() as read:
        assert len(captured(read, held)) == len(LINES) - 1
    qtbot.mouseClick(window.bar._act, Qt.MouseButton.LeftButton)
    with city.read() as read:
        assert len(captured(read, held)) == len(LINES)


def test_attendance_is_corrected(page: MeetingPage, city: City, held: int) -> None:
    dialog = AttendanceDialog(city, held, page)
    box = next(iter(dialog.states.values()))[0]
    box.setCurrentIndex(box.findData("excused"))
    dialog.attempt()
    with city.read() as read:
        assert [p.status for p in attendance(read, held)] == ["excused"]


def test_approval_names_what_is_unfinished_and_locks_the_record(page: MeetingPage, city: City, held: int) -> None:
    dialog = ApproveDialog(page, page._row, page._lacking)
    said = " ".join(w.text() for w in dialog.findChildren(type(dialog._wrong)))
    assert "A-001 wants form, due date" in said
    dialog.who.setText("Elena Reyes")
    dialog.attempt()
    with city.read() as read:
        assert meeting(read, held).status == "approved"
    assert page.review.form.fields == {}  # words to read, nothing to type in
    assert not page.review.forgotten.isVisible()
    assert [r.title for r in page.review.list.rows][0] == "Promises"


def test_nobody_cannot_approve(page: MeetingPage, city: City, held: int) -> None:
    dialog = ApproveDialog(page, page._row, page._lacking)
    dialog.who.clear()
    dialog.attempt()
    assert "approved by somebody" in dialog._wrong.text()
    with city.read() as read:
        assert meeting(read, held).status == "adjourned"


def acts(window: MainWindow) -> set[str]:
    return {b.text() for b in window._top.findChildren(QPushButton)}


def test_after_approval_the_window_offers_an_amendment(window: MainWindow, page: MeetingPage) -> None:
    assert "Approve minutes" in acts(window)
    page.approve("Elena Reyes")
    assert "Approve minutes" not in acts(window) and "Amend…" in acts(window)


def test_an_amendment_stands_beside_the_locked_record(page: MeetingPage, city: City, held: int) -> None:
    page.approve("Elena Reyes")
    city.who = login()
    dialog = AmendDialog(city, held, page)
    dialog.words.setPlainText("The vote was five to two")
    assert dialog.who.text() == ""  # the login of the computer is nobody's name
    dialog.attempt()
    assert "An amendment is signed" in dialog._wrong.text()
    dialog.who.setText("Elena Reyes")
    dialog.attempt()
    with city.read() as read:
        assert [(a.number, a.text) for a in amendments(read, held)] == [(1, "The vote was five to two")]


def test_minutes_say_where_they_were_written_and_offer_to_open(
    window: MainWindow, page: MeetingPage, tmp_path: Path
) -> None:
    page.write_document("minutes", tmp_path / "minutes.docx")
    jobs.wait()
    assert window.bar._words.text() == f"Wrote minutes.docx in {tmp_path}"
    assert window.bar._act.text() == "Open"


def test_the_follow_up_memo_is_refused_while_a_promise_is_unfinished(
    window: MainWindow, page: MeetingPage, tmp_path: Path
) -> None:
    page.write_document("followup", tmp_path / "followup.docx")
    jobs.wait()
    assert "A-001 lacks form and due date" in window.bar._words.text()
    assert not (tmp_path / "followup.docx").exists()
