"""Before the meeting: the agenda is built by mouse and keyboard, and what is typed is never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings import agenda
from citystat.meetings.meeting import meetings
from citystat.views import jobs
from citystat.views.meetings.jump import JumpDialog
from citystat.views.meetings.prepare import MeetingPage
from citystat.views.shell.window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, window_on: Callable[[City], MainWindow], sample_city: City) -> MainWindow:
    made = window_on(sample_city)
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def planned(sample_city: City) -> int:
    with sample_city.read() as read:
        return next(m.id for m in meetings(read) if m.status == "planned")


@pytest.fixture
def page(window: MainWindow, planned: int, today: date) -> MeetingPage:
    window.go(f"meeting:{planned}")
    made = window.page
    made._today = today
    made.refresh()
    jobs.wait()
    return made


def titles(city: City, meeting_id: int) -> list[str]:
    with city.read() as read:
        return [i.title for i in agenda.agenda(read, meeting_id)]


def middle(page: MeetingPage, row: int) -> QPoint:
    view = page.builder.list
    return view.visualRect(view.model().index(row, 0)).center()


def drag(qtbot: QtBot, page: MeetingPage, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
    port = page.builder.list.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.2, 0.6, 1.0):
        qtbot.mouseMove(port, start + (end - start) * share)
    if drop:
        qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def test_an_item_is_dragged_to_another_place(qtbot: QtBot, page: MeetingPage, sample_city: City, planned: int) -> None:
    before = titles(sample_city, planned)
    drag(qtbot, page, middle(page, 3), middle(page, 5) + QPoint(0, 10))
    assert titles(sample_city, planned) == [*before[:3], before[4], before[5], before[3], *before[6:]]
    sample_city.undo()
    drag(qtbot, page, middle(page, 3), middle(page, 0) - QPoint(0, 10))
    assert titles(sample_city, planned)[0] == before[3]


def test_while_dragging_a_line_shows_where_and_escape_gives_up(
    qtbot: QtBot, page: MeetingPage, sample_city: City, planned: int
) -> None:
    before, view = titles(sample_city, planned), page.builder.list
    drag(qtbot, page, middle(page, 3), middle(page, 1) - QPoint(0, 10), drop=False)
    assert view.drop_at == 1
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.drop_at is None
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(page, 1))
    assert titles(sample_city, planned) == before


def test_alt_and_arrows_move_and_the_item_stays_chosen(
    qtbot: QtBot, page: MeetingPage, sample_city: City, planned: int
) -> None:
    before, view = titles(sample_city, planned), page.builder.list
    view.choose(page.builder.items[2].id)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert titles(sample_city, planned)[4] == before[2]
    assert view.currentIndex().row() == 4


def test_the_list_says_when_each_item_begins_and_how_much_is_to_spare(page: MeetingPage) -> None:
    assert [r.lead for r in page.builder.list.rows][:3] == ["10:00", "10:05", "10:20"]
    assert page.sentence.text() == "The agenda fits, with two minutes to spare"


def test_too_long_an_agenda_says_by_how_much(qtbot: QtBot, page: MeetingPage) -> None:
    page.builder.form.minutes.setValue(10)
    page.builder.save()
    assert page.sentence.text() == "The agenda is 3 minutes too long"
    assert page.builder._fits.text() == "◆ 3 minutes over"


def test_the_finding_of_an_items_chart_is_marked(page: MeetingPage) -> None:
    row = next(r for r in page.builder.list.rows if "Ambulance response" in r.title)
    assert row.mark == "concern" and "FD-01" in row.right_under and "worse since" in row.under


def type_narrative(qtbot: QtBot, page: MeetingPage, words: str) -> int:
    qtbot.keyClicks(page.builder.form.narrative, words)
    return page.builder.form.item_id


def narrative(city: City, meeting_id: int, item_id: int) -> str:
    with city.read() as read:
        return next(i.narrative for i in agenda.agenda(read, meeting_id) if i.id == item_id)


def test_typed_words_are_kept_when_another_item_is_chosen(
    qtbot: QtBot, page: MeetingPage, sample_city: City, planned: int
) -> None:
    item = type_narrative(qtbot, page, "Nine graduates")
    qtbot.mouseClick(page.builder.list.viewport(), Qt.MouseButton.LeftButton, pos=middle(page, 3))
    assert narrative(sample_city, planned, item) == "Nine graduates"
    assert page.builder.form.name.text() == page.builder.items[3].title


def test_typed_words_are_kept_when_the_page_is_left(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, sample_city: City, planned: int
) -> None:
    item = type_narrative(qtbot, page, "Nine graduates")
    window.go("today")
    assert narrative(sample_city, planned, item) == "Nine graduates"


def test_typed_words_stay_when_the_city_changes_underneath(
    qtbot: QtBot, page: MeetingPage, sample_city: City, planned: int
) -> None:
    item = type_narrative(qtbot, page, "Nine graduates")
    agenda.change_item(sample_city, item, minutes=7)
    assert page.builder.form.narrative.toPlainText() == "Nine graduates"
    assert page.builder.form.minutes.value() == 7
    page.leave()
    assert narrative(sample_city, planned, item) == "Nine graduates"


def test_typed_words_are_kept_when_the_window_is_closed(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, sample_city: City, planned: int
) -> None:
    item = type_narrative(qtbot, page, "Nine graduates")
    path = sample_city.path
    window.close()
    with City.open(path) as again:
        assert narrative(again, planned, item) == "Nine graduates"


def test_a_suggestion_is_taken_by_one_click_and_taken_back_by_one(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, sample_city: City, planned: int
) -> None:
    before, first = titles(sample_city, planned), page.builder._suggestions[0]
    page.builder.take(first)
    assert first.title in titles(sample_city, planned)
    qtbot.mouseClick(window.bar._act, Qt.MouseButton.LeftButton)
    assert titles(sample_city, planned) == before


def test_charts_are_added_moved_and_removed(page: MeetingPage) -> None:
    form = page.builder.form
    page.builder._choose(page.builder.items[2].id)
    form._ask_chart()
    asked = form.findChild(JumpDialog)
    assert asked.windowTitle() == "Add a chart"
    asked.reject()
    form.add_chart("PD-01")
    form._move_chart(3, 0)
    form._drop_chart(1)
    codes = [c.code for c in next(i for i in page.builder.items if i.id == form.item_id).measures]
    assert codes == ["PD-01", "EC-03", "EC-04"]


def test_questions_are_proposed_from_the_finding_and_edited_by_hand(qtbot: QtBot, page: MeetingPage) -> None:
    form = page.builder.form
    page.builder._choose(next(i.id for i in page.builder.items if "Overtime" in i.title))
    by_hand = form.questions.toPlainText()
    qtbot.mouseClick(form._propose_link, Qt.MouseButton.LeftButton)
    assert form.questions.toPlainText().startswith(by_hand)
    item = next(i for i in page.builder.items if i.id == form.item_id)
    assert any("What changed in" in q for q in item.questions)


def test_a_new_item_is_added_and_its_title_waits_to_be_typed(qtbot: QtBot, page: MeetingPage) -> None:
    page.builder.add("topic")
    assert page.builder.form.name.selectedText() == "This month's subject"


def test_words_that_cannot_be_written_stay_in_the_form_and_the_reason_is_said(
    qtbot: QtBot, window: MainWindow, page: MeetingPage, sample_city: City, planned: int
) -> None:
    item = type_narrative(qtbot, page, "Nine graduates")
    with sample_city.change("Approve elsewhere") as change:
        from citystat.models import Meeting

        change.get(Meeting, planned).status = "approved"
    assert page.leave() is False
    assert "approved and locked" in window.bar._words.text()
    assert page.builder.form.narrative.toPlainText() == "Nine graduates"
    assert page.builder.form.item_id == item
