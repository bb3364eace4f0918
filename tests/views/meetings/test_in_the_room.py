"""What happens to an operator in the room: keys while writing, a closed wall, another day, a line half written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QMessageBox
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from citystat.city import City
from citystat.meetings import actions, meeting, running
from citystat.meetings.capture import captured
from citystat.models import Shown
from citystat.views import jobs
from citystat.views.meetings.console import Console
from citystat.views.meetings.prepare import MeetingPage
from citystat.views.shell.palette import Offer, find
from citystat.views.shell.recent import Remembered
from citystat.views.shell.window import MainWindow
from citystat.views.widgets.marks import KeyHint

KEY = Qt.Key
DAY = datetime(2026, 3, 12, 10)


@pytest.fixture
def held(sample_city: City) -> int:
    with sample_city.read() as read:
        return next(m.id for m in meeting.meetings(read) if m.status == "planned")


def opened(qtbot: QtBot, city: City, held: int, at: datetime = DAY) -> Console:
    clock = [at]

    def now() -> datetime:
        clock[0] += timedelta(seconds=1)
        return clock[0]

    made = Console(city, held, now=now)
    qtbot.addWidget(made)
    qtbot.addWidget(made.audience)
    made.resize(1440, 900)
    made.show()
    return made


@pytest.fixture
def console(qtbot: QtBot, sample_city: City, held: int) -> Iterator[Console]:
    made = opened(qtbot, sample_city, held)
    stop = sample_city.subscribe(made.refresh)
    made.begin()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    stop()
    made.leave()


def record(city: City, held: int) -> list[tuple[str, str]]:
    with city.read() as read:
        return [(e.kind, e.text) for e in captured(read, held)]


def to_first_chart(qtbot: QtBot, console: Console) -> None:
    while console.audience.wall.chart is None:
        qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)


def hints(console: Console) -> set[str]:
    return {h.text() for h in console._stage.findChildren(KeyHint) if h.isVisible()}


## Writing


def test_three_lines_in_a_row_and_then_the_next_item(
    qtbot: QtBot, console: Console, sample_city: City, held: int
) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    line = console.capture.line
    for words in ("/note one", "action two", "/decision three"):
        qtbot.keyClicks(line, words)
        qtbot.keyClick(line, KEY.Key_Return)
    assert record(sample_city, held) == [("note", "one"), ("action", "two"), ("decision", "three")]
    first = console._scene.item.id
    qtbot.keyClick(line, KEY.Key_Space)
    assert console._scene.item.id != first
    qtbot.waitUntil(console.hasFocus)


def test_a_slash_over_the_whole_line_is_no_letter(qtbot: QtBot, console: Console) -> None:
    line = console.capture.line
    line.setText("note one")
    line.selectAll()
    qtbot.keyClicks(line, "/note 1/2")
    assert line.text() == "note 1/2"


def test_the_hints_name_the_keys_that_act_now(qtbot: QtBot, console: Console) -> None:
    to_first_chart(qtbot, console)
    qtbot.waitUntil(console.hasFocus)
    assert {"D", "Z", "Space"} <= hints(console) and "Esc" not in hints(console)
    high = console._stage._copy.height()
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.waitUntil(lambda: "Esc" in hints(console))
    assert hints(console) == {"Enter", "Page ↓", "Page ↑", "Esc"}
    assert console._stage._copy.height() == high  # the chart does not move
    qtbot.keyClick(console.capture.line, KEY.Key_Return)  # nothing to keep: back to the keys
    qtbot.waitUntil(lambda: "D" in hints(console))


def test_after_a_change_the_keys_act_again(qtbot: QtBot, console: Console, sample_city: City, held: int) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "note one")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    qtbot.keyClick(console.capture.line, KEY.Key_Escape)
    qtbot.keyClick(console, KEY.Key_E)
    qtbot.keyClicks(console.capture.line, " more")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert record(sample_city, held) == [("note", "one more")]
    qtbot.waitUntil(console.hasFocus)


def test_a_mistyped_kind_is_said_before_and_after_enter(
    qtbot: QtBot, console: Console, sample_city: City, held: int
) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "acton fill posts")
    assert "action?" in {chip.text() for chip in console.capture._chips.findChildren(QLabel)}
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert record(sample_city, held) == [("action", "fill posts")]
    assert console.capture.said.startswith("kept as action")


def test_tab_puts_the_right_word_in_the_line(qtbot: QtBot, console: Console) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "desicion")
    qtbot.keyClick(console.capture.line, KEY.Key_Tab)
    assert console.capture.line.text() == "decision "


def test_a_note_on_the_chart_wants_nothing_more(qtbot: QtBot, console: Console) -> None:
    to_first_chart(qtbot, console)
    qtbot.keyClick(console, KEY.Key_N)
    qtbot.keyClicks(console.capture.line, "Line 5 closed ^oct 2025")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert console.capture.said == "on the chart at Oct 2025"


## The wall


def test_a_closed_wall_says_so_and_opens_when_asked(
    qtbot: QtBot, console: Console, sample_city: City, held: int
) -> None:
    to_first_chart(qtbot, console)
    console.audience.setGeometry(90, 80, 700, 400)
    console.audience.close()
    assert "closed" in console._head._wall.text() and console._head._wall.property("kind") == "concern"
    assert console._state_of_wall.isVisible() and "Press W" in console._state_of_wall.text()
    with sample_city.read() as read:
        before = read.scalar(select(func.count()).select_from(Shown).where(Shown.meeting_id == held))
    qtbot.keyClick(console, KEY.Key_Right)
    qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)
    assert not console.audience.isVisible()
    with sample_city.read() as read:  # nobody saw it
        assert read.scalar(select(func.count()).select_from(Shown).where(Shown.meeting_id == held)) == before
    qtbot.keyClick(console, KEY.Key_W)
    assert console.audience.isVisible() and console.audience.size().width() == 700
    assert "live" in console._head._wall.text() and not console._state_of_wall.isVisible()
    console.audience.close()
    qtbot.mouseClick(console._head._wall, Qt.MouseButton.LeftButton)
    assert console.audience.isVisible()


def test_who_is_wanted_is_marked_as_what_is_wanted(qtbot: QtBot, console: Console) -> None:
    for words in ("action one", "action two @dw ^friday =memo"):
        console.keep(words)
    while console._scene.item.kind != "read-back":
        qtbot.keyClick(console, KEY.Key_Space)
    assert [(p.nobody, p.unfinished) for p in console.audience.wall.promises] == [(True, True), (False, False)]


def test_after_a_tall_promise_the_next_begins_in_sight(qtbot: QtBot, console: Console) -> None:
    for words in ("action one", "action " + "many words " * 150, "action three"):
        console.keep(words)
    while console._scene.item.kind != "read-back":
        qtbot.keyClick(console, KEY.Key_Space)
    listed = console._read_back.findChild(QListWidget)
    qtbot.keyClick(console, KEY.Key_Right)
    qtbot.keyClick(console, KEY.Key_Right)
    last = listed.visualItemRect(listed.item(2))
    assert listed.verticalScrollMode() == QListWidget.ScrollMode.ScrollPerPixel
    assert last.bottom() <= listed.viewport().height() and last.bottom() > listed.viewport().height() - 40


## The day


def asked(owner: Console) -> QMessageBox:
    return next(box for box in owner.findChildren(QMessageBox) if box.isVisible())


def press(box: QMessageBox, words: str) -> None:
    next(b for b in box.buttons() if b.text() == words).click()


def test_started_on_another_day_it_is_held_on_that_day(qtbot: QtBot, sample_city: City, held: int) -> None:
    console = opened(qtbot, sample_city, held, DAY - timedelta(days=14))
    console.begin()
    assert asked(console).text() == "Planned for Thu 12 March 2026. Hold it today, Thu 26 February 2026?"
    with sample_city.read() as read:
        assert meeting.meeting(read, held).status == "planned"
    press(asked(console), "Hold it today")
    console.keep("action walk @dw ^friday =memo")
    with sample_city.read() as read:
        row = meeting.meeting(read, held)
        assert (row.status, row.day) == ("running", (DAY - timedelta(days=14)).date())
        assert actions.actions(read, row.day, meeting=held)[0].due == datetime(2026, 2, 27).date()
    assert console._head._day.text() == "26 Feb 2026"
    console.leave()


def test_catching_up_keeps_the_planned_day_and_counts_from_it(qtbot: QtBot, sample_city: City, held: int) -> None:
    console = opened(qtbot, sample_city, held, DAY + timedelta(days=12))
    console.begin()
    press(asked(console), "Keep the planned date")
    console.keep("action walk @dw ^friday =memo")
    with sample_city.read() as read:
        assert meeting.meeting(read, held).day == DAY.date()
        assert actions.actions(read, DAY.date(), meeting=held)[0].due == datetime(2026, 3, 13).date()
    console.leave()


def test_cancelled_it_is_still_planned(qtbot: QtBot, sample_city: City, held: int) -> None:
    console = opened(qtbot, sample_city, held, DAY + timedelta(days=1))
    console.begin()
    with qtbot.waitSignal(console.go) as gone:
        press(asked(console), "Cancel")
    assert gone.args == [f"meeting:{held}"] and not console.audience.isVisible()
    with sample_city.read() as read:
        assert meeting.meeting(read, held).status == "planned"


## Leaving


@pytest.fixture
def window(qtbot: QtBot, sample_city: City, held: int, tmp_path: Path) -> Iterator[MainWindow]:
    running.start(sample_city, held, DAY)
    made = MainWindow(Remembered(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.show_open(sample_city)
    made.show()
    yield made
    if isinstance(made.page, Console):
        made.page.leave()
    jobs.wait()
    made.release()


def test_a_half_written_line_is_there_again(qtbot: QtBot, window: MainWindow, held: int) -> None:
    window.go(f"console:{held}")
    qtbot.keyClicks(window.page.capture.line, "action fill po")
    window.go("today")
    window.go(f"console:{held}")
    assert window.page.capture.line.text() == "action fill po"
    assert "Half written" in window.page.capture.said
    window.page.keep("action fill posts")
    window.go("today")
    window.go(f"console:{held}")
    assert window.page.capture.line.text() == ""


def test_a_half_written_change_goes_on_as_a_change(window: MainWindow, sample_city: City, held: int) -> None:
    window.go(f"console:{held}")
    window.page.keep("note one")
    window.page._record.edit_newest()
    window.page.capture.line.setText("note one and two")
    window.go("today")
    window.go(f"console:{held}")
    window.page.keep(window.page.capture.line.text())
    assert record(sample_city, held) == [("note", "one and two")]


def test_a_half_written_line_comes_before_the_end(
    qtbot: QtBot, window: MainWindow, sample_city: City, held: int
) -> None:
    window.go(f"console:{held}")
    qtbot.keyClicks(window.page.capture.line, "action fill po")
    window.page.ask_adjourn()
    assert "Enter keeps it" in window.page.capture.said
    with sample_city.read() as read:
        assert meeting.meeting(read, held).status == "running"


def test_closing_the_window_while_the_meeting_runs_asks(window: MainWindow, held: int) -> None:
    window.go(f"console:{held}")
    window.close()
    assert window.isVisible()
    press(asked(window.page), "Go on with the meeting")
    assert window.isVisible() and window.page.audience.isVisible()
    window.close()
    audience = window.page.audience
    press(asked(window.page), "Close")
    assert not audience.isVisible() and window.city is None


## The review


def test_a_note_is_made_a_promise_in_the_review(window: MainWindow, sample_city: City, held: int) -> None:
    window.go(f"console:{held}")
    window.page.keep("note fill posts @dw")
    window.page.adjourn()
    page = window.page
    assert isinstance(page, MeetingPage)
    page.review.kind.setCurrentIndex(page.review.kind.findData("action"))
    page.review.kind.activated.emit(page.review.kind.currentIndex())
    assert record(sample_city, held) == [("action", "fill posts")]
    assert page.review.form.entry[0] == "action"
    assert page.sentence.text() == "One promise is unfinished"
    window.undo()
    assert [kind for kind, _ in record(sample_city, held)] == ["note"]


def test_a_chart_is_left_out_in_the_review_until_approval(qtbot: QtBot, window: MainWindow, held: int) -> None:
    window.go(f"console:{held}")
    to_first_chart(qtbot, window.page)
    window.page.adjourn()
    review = window.page.review
    (look,) = review._looks
    review.leave_out(look)
    assert review._looks == []
    window.bar._act.click()
    assert review._looks == [look]
    window.page.approve("Elena Reyes")
    assert window.page.review._looks == []


def test_the_palette_puts_the_code_first() -> None:
    offers = [Offer(words, "measure", print) for words in ("PW-02  Access-A-Ride trips", "SS-01  Lessons", "Sessions")]
    assert [o.words for o in find(offers, "ss", [])] == ["SS-01  Lessons", "PW-02  Access-A-Ride trips", "Sessions"]
