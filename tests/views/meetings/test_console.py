"""The meeting while it runs, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QMessageBox
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from citystat.city import City
from citystat.collect.close import Scope, close
from citystat.collect.typed import correct_value
from citystat.measures.series import definition, definitions, dimensions, series
from citystat.meetings import actions, meeting, minutes, running
from citystat.meetings.capture import captured
from citystat.meetings.meeting import meetings
from citystat.meetings.running import Clock
from citystat.models import Measure, Shown
from citystat.people.roster import save_person
from citystat.views.meetings.agenda_column import TIME
from citystat.views.meetings.console import Console
from citystat.views.widgets.fields import ReasonDialog
from citystat.views.widgets.marks import KeyHint

KEY = Qt.Key
NOW = datetime(2026, 3, 12, 10)


@pytest.fixture
def held(sample_city: City) -> int:
    with sample_city.read() as read:
        return next(m.id for m in meetings(read) if m.status == "planned")


@pytest.fixture
def console(qtbot: QtBot, sample_city: City, held: int) -> Iterator[Console]:
    made = opened(qtbot, sample_city, held)
    stop = sample_city.subscribe(made.refresh)
    made.begin()
    yield made
    stop()
    made.leave()


def opened(qtbot: QtBot, city: City, held: int) -> Console:
    clock = {"now": NOW}

    def now() -> datetime:
        clock["now"] += timedelta(seconds=1)
        return clock["now"]

    made = Console(city, held, now=now)
    qtbot.addWidget(made)
    qtbot.addWidget(made.audience)
    made.resize(1440, 900)
    made.show()
    return made


def write(qtbot: QtBot, console: Console, line: str) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, line)
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    qtbot.keyClick(console.capture.line, KEY.Key_Escape)


def record(city: City, held: int) -> list[tuple[str, str]]:
    with city.read() as read:
        return [(e.kind, e.text) for e in captured(read, held)]


def shown(city: City, held: int) -> int:
    with city.read() as read:
        return read.scalar(select(func.count()).select_from(Shown).where(Shown.meeting_id == held)) or 0


def to_first_chart(qtbot: QtBot, console: Console) -> None:
    while console.audience.wall.chart is None:
        qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)  # the record of it follows the picture


def test_every_kind_is_written_down_and_taken_back(
    qtbot: QtBot, console: Console, sample_city: City, held: int, strays: list[str]
) -> None:
    to_first_chart(qtbot, console)
    for line in ("action fill posts @dw ^friday =memo", "decision it stays", "question why? @ortiz", "note cold", "win nine", "park fleet"):  # fmt: skip
        write(qtbot, console, line)
    kinds = [kind for kind, _ in record(sample_city, held)]
    assert kinds == ["action", "decision", "question", "note", "win", "parked"]
    qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)
    qtbot.keyClick(console, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ("parked", "fleet") not in record(sample_city, held)
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClick(console.capture.line, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [kind for kind, _ in record(sample_city, held)] == kinds[:4]
    assert strays == []


def test_taking_back_closed_figures_asks_for_the_reason(qtbot: QtBot, console: Console, sample_city: City) -> None:
    """A figure of a closed month was corrected: Ctrl+Z in the room asks why, as every other page does."""
    with sample_city.read() as read:
        kept = series(read, definition(read, "PB-01"))
    period = kept.periods[-2]
    before = float(kept.values[-2])
    close(sample_city, period, Scope(code="PB-01"), now=NOW)
    correct_value(sample_city, kept.measure.id, period, before + 0.5, "counted again", NOW)
    qtbot.keyClick(console, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    dialog = console.findChild(ReasonDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.reason.setText("typed into the wrong month")
    dialog.attempt()
    with sample_city.read() as read:
        assert series(read, definition(read, "PB-01")).values[-2] == before


def test_the_newest_entry_is_changed_in_the_line(
    qtbot: QtBot, console: Console, sample_city: City, held: int, strays: list[str]
) -> None:
    write(qtbot, console, "note the room was cold")
    qtbot.keyClick(console, KEY.Key_E)
    qtbot.keyClicks(console.capture.line, " and dark")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert record(sample_city, held) == [("note", "the room was cold and dark")]
    assert strays == []


def test_what_is_offered_is_taken_by_tab_and_never_steals_enter(qtbot: QtBot, console: Console, sample_city: City, held: int) -> None:  # fmt: skip
    write(qtbot, console, "action walk @whit")
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "action run @whi")
    qtbot.keyClick(console.capture.line, KEY.Key_Tab)
    assert console.capture.line.text() == "action run @Dana Whitfield "
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert record(sample_city, held) == [("action", "walk"), ("action", "run")]


def test_pasted_lines_become_one(qtbot: QtBot, console: Console) -> None:
    from PySide6.QtCore import QMimeData

    pasted = QMimeData()
    pasted.setText("note one\ntwo\r\nthree")
    console.capture.line.insertFromMimeData(pasted)
    assert console.capture.line.text() == "note one two three"


def test_blank_and_frozen_walls_say_so_and_are_not_recorded(qtbot: QtBot, console: Console, sample_city: City, held: int) -> None:  # fmt: skip
    to_first_chart(qtbot, console)
    before, first = shown(sample_city, held), console.audience.wall.title
    qtbot.keyClick(console, KEY.Key_B)
    qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)
    assert console.audience.wall.blank and shown(sample_city, held) == before
    assert "blank" in console._state_of_wall.text() and console._state_of_wall.isVisible()
    qtbot.keyClick(console, KEY.Key_B)
    qtbot.wait(1)
    assert shown(sample_city, held) == before + 1
    qtbot.keyClick(console, KEY.Key_Backspace)
    qtbot.wait(1)
    qtbot.keyClick(console, KEY.Key_F)
    recorded = shown(sample_city, held)
    qtbot.keyClick(console, KEY.Key_Space)
    qtbot.wait(1)
    assert console.audience.wall.title == first and shown(sample_city, held) == recorded
    assert first in console._state_of_wall.text()


def test_zoom_breakdown_charts_and_jump(qtbot: QtBot, console: Console, sample_city: City) -> None:
    to_first_chart(qtbot, console)
    qtbot.keyClick(console, KEY.Key_Z)
    assert len(console.audience.wall.chart.periods) == 12
    first = console.audience.wall.chart.code
    qtbot.keyClick(console, KEY.Key_Right)
    assert console.audience.wall.chart.code != first
    qtbot.keyClick(console, KEY.Key_J)
    from citystat.views.meetings.jump import JumpDialog

    dialog = console.findChild(JumpDialog)
    with sample_city.read() as read:
        parted = next(m for m in definitions(read) if dimensions(read, m))
    qtbot.keyClicks(dialog._words, parted.code)
    qtbot.keyClick(dialog, KEY.Key_Return)
    assert console.audience.wall.chart.code == parted.code
    whole = len(console.audience.wall.chart.lines)
    qtbot.keyClick(console, KEY.Key_D)
    assert len(console.audience.wall.chart.lines) > whole


def test_keys_typed_into_the_audience_window_reach_the_console(qtbot: QtBot, console: Console) -> None:
    to_first_chart(qtbot, console)
    qtbot.keyClick(console.audience, KEY.Key_B)
    assert console.audience.wall.blank


def test_read_back_rank_and_adjourn(
    qtbot: QtBot, console: Console, sample_city: City, held: int, strays: list[str]
) -> None:
    write(qtbot, console, "action first @dw ^friday =memo")
    write(qtbot, console, "action second")
    while console._scene.item.kind != "read-back":
        qtbot.keyClick(console, KEY.Key_Space)
    assert [p.text for p in console.audience.wall.promises if p.current] == ["first"]
    qtbot.keyClick(console, KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [p.text for p in console.audience.wall.promises] == ["second", "first"]
    qtbot.keyClick(console, KEY.Key_R)
    assert [p.text for p in console.audience.wall.promises if p.current] == ["second"]
    console.ask_adjourn()
    asked = console.findChild(QMessageBox)
    assert "second" in asked.informativeText() and "first" not in asked.informativeText()
    asked.reject()
    qtbot.keyClick(console, KEY.Key_Return)
    qtbot.keyClicks(console.capture.line, " @ortiz ^in 2 weeks =report")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    qtbot.keyClick(console.capture.line, KEY.Key_Escape)
    qtbot.keyClick(console, KEY.Key_R)
    with sample_city.read() as read:
        rows = actions.actions(read, NOW.date(), meeting=held)
    assert all(a.read_back and not a.unfinished for a in rows)
    console.ask_adjourn()
    with sample_city.read() as read:
        assert meeting.meeting(read, held).status == "adjourned"
    assert strays == []


def test_a_meeting_goes_on_where_it_was_when_the_program_died(qtbot: QtBot, sample_city: City, held: int) -> None:
    first = opened(qtbot, sample_city, held)
    first.begin()
    running.enter(sample_city, held, first.items[3].id, NOW)
    first.leave()
    again = opened(qtbot, sample_city, held)
    again.begin()
    assert again._scene.item.id == first.items[3].id
    again.leave()


def test_a_year_earlier_stands_beside_the_measure(qtbot: QtBot, console: Console, sample_city: City, held: int) -> None:
    to_first_chart(qtbot, console)
    alone = console.audience.wall
    qtbot.keyClick(console, KEY.Key_C)
    chart = console.audience.wall.chart
    assert [line.name for line in chart.lines][1:] == ["a year earlier"]
    assert chart.headline.endswith("a year earlier") and chart.lines[0].last in chart.headline
    assert chart.lines[1].values[-1] == alone.chart.lines[0].values[-13]
    qtbot.wait(1)
    with sample_city.read() as read:
        seen = read.scalars(select(Shown).where(Shown.meeting_id == held).order_by(Shown.id.desc())).first()
        assert seen.view == {"compare": "year"}
    qtbot.keyClick(console, KEY.Key_C)
    assert (console.audience.wall.title, console.audience.wall.chart.code) == (alone.title, alone.chart.code)
    assert console.audience.wall.beside.code == console._scene.item.measures[1].code
    qtbot.wait(1)
    with sample_city.read() as read:
        newest = select(Measure.code).join(Shown, Shown.measure_id == Measure.id).where(Shown.meeting_id == held)
        pair = read.scalars(newest.order_by(Shown.id.desc()).limit(2)).all()
    assert set(pair) == {alone.chart.code, console.audience.wall.beside.code}
    qtbot.keyClick(console, KEY.Key_C)
    assert console.audience.wall.beside is None and console.audience.wall.title == alone.title


def test_the_values_stand_on_the_wall_as_a_table(qtbot: QtBot, console: Console, sample_city: City, held: int) -> None:
    to_first_chart(qtbot, console)
    chart, before = console.audience.wall.chart, shown(sample_city, held)
    qtbot.keyClick(console, KEY.Key_T)
    table = console.audience.wall.table
    assert table.header == ("Period", "Value", "Target")
    assert table.rows[0][:2] == (chart.lines[0].period, chart.lines[0].last) and len(table.rows) == len(chart.periods)
    qtbot.wait(1)
    assert shown(sample_city, held) == before  # the same figures: nothing new for the record
    qtbot.keyClick(console, KEY.Key_T)
    assert console.audience.wall.table is None


def test_words_are_written_on_the_chart_at_once_and_taken_back(
    qtbot: QtBot, console: Console, sample_city: City, held: int
) -> None:
    to_first_chart(qtbot, console)
    before = console.audience.wall.chart
    qtbot.keyClick(console.audience, KEY.Key_N)
    qtbot.keyClicks(console.capture.line, "two desks closed")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    qtbot.wait(1)  # the record of it follows the picture
    assert f"two desks closed, {before.periods[-1]}" in {f.text for f in console.audience.wall.chart.flags}
    assert record(sample_city, held) == []
    qtbot.keyClick(console.capture.line, KEY.Key_Escape)
    with sample_city.read() as read:
        said = str(minutes.compose(read, held, today=NOW.date()).blocks)
    assert "two desks closed" in said
    qtbot.keyClick(console, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert console.audience.wall.chart.flags == before.flags


def test_words_go_to_the_period_that_is_named(qtbot: QtBot, console: Console) -> None:
    to_first_chart(qtbot, console)
    qtbot.keyClick(console, KEY.Key_N)
    qtbot.keyClicks(console.capture.line, "New shift plan ^nonsense")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert "the chart has" in console.capture.said and console.capture.line.text()
    console.capture.line.setText("chart: New desks ^oct 2025")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert "New desks, Oct 2025" in {f.text for f in console.audience.wall.chart.flags}


def test_where_no_chart_is_on_the_wall_n_writes_a_note(qtbot: QtBot, console: Console) -> None:
    assert console.audience.wall.chart is None
    qtbot.keyClick(console, KEY.Key_N)
    assert console.capture.line.text() == "note "
    qtbot.keyClick(console.capture.line, KEY.Key_Escape)
    for key in (KEY.Key_C, KEY.Key_T):
        with qtbot.waitSignal(console.said) as told:
            qtbot.keyClick(console, key)
        assert told.args == ["No chart is on the wall"]


def test_the_present_item_stays_in_sight_in_a_smaller_window(qtbot: QtBot, console: Console) -> None:
    console.enter(console.items[-1].id)
    console.resize(960, 560)
    agenda = console._agenda.findChild(QListWidget)
    qtbot.waitUntil(lambda: agenda.viewport().rect().contains(agenda.visualItemRect(agenda.currentItem()).center()))
    console.resize(960, 420)
    qtbot.waitUntil(lambda: agenda.viewport().rect().contains(agenda.visualItemRect(agenda.currentItem()).center()))


def test_a_card_keeps_the_order_of_words_around_a_name_that_runs_the_other_way(
    qtbot: QtBot, console: Console, sample_city: City
) -> None:
    save_person(sample_city, None, name="محمد العلي", initials="ma")
    console.refresh(None)
    write(qtbot, console, "action ask @ma ^2026-11-27 =memo")
    cards = [w.text() for row in console.findChildren(QFrame, "recordRow") for w in row.findChildren(QLabel)]
    assert any("\u2068محمد العلي\u2069 · 27 Nov 2026" in card for card in cards), cards


def test_a_long_entry_ends_on_its_card_with_a_sign_that_there_is_more(qtbot: QtBot, console: Console) -> None:
    write(qtbot, console, "note " + "everything " * 180)
    cards = [w.text() for row in console.findChildren(QFrame, "recordRow") for w in row.findChildren(QLabel)]
    assert any(card.rstrip().endswith("everything …") for card in cards)


def item_of(console: Console, kind: str) -> int:
    return next(i.id for i in console.items if i.kind == kind)


def test_without_a_chart_only_keys_that_do_something_are_offered(console: Console) -> None:
    offered = lambda: [k.text() for k in console._stage._hints.findChildren(KeyHint) if not k.isHidden()]  # noqa: E731
    console.enter(next(i.id for i in console.items if i.measures))
    assert {"D", "C", "Z"} <= set(offered())
    console.enter(item_of(console, "good-news"))
    QTest.qWait(0)  # what was offered before is gone
    assert sorted(offered()) == ["?", "J", "N"]


def test_good_news_lists_the_wins_that_are_written_down(qtbot: QtBot, console: Console) -> None:
    console.enter(item_of(console, "good-news"))
    write(qtbot, console, "win two more places report on time")
    assert console.audience.wall.told == ("Two more places report on time",)


def test_the_state_of_the_line_goes_back_to_the_keys_when_the_next_is_typed(qtbot: QtBot, console: Console) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "note one")
    qtbot.keyClick(console.capture.line, KEY.Key_Return)
    assert console.capture.said == "note kept"
    qtbot.keyClicks(console.capture.line, "n")
    assert console.capture.said == ""


def test_what_fits_stands_eight_pixels_over_the_line_and_begins_at_the_mark(qtbot: QtBot, console: Console) -> None:
    qtbot.keyClick(console, KEY.Key_Slash)
    qtbot.keyClicks(console.capture.line, "question why @d")
    offers, line = console.capture._offers, console.capture.line
    qtbot.waitUntil(lambda: offers.isVisible() and offers.height() < 400 and offers.x() > 8)
    top = line.mapTo(offers.parentWidget(), QPoint(0, 0)).y()
    assert top - offers.geometry().bottom() - 1 == 8
    cursor = line.textCursor()
    cursor.setPosition(len("question why "))
    assert offers.x() == line.viewport().mapTo(offers.parentWidget(), line.cursorRect(cursor).topLeft()).x()
    assert " · " in offers.item(0).text()


def test_an_item_that_overran_says_so_with_its_shape(console: Console) -> None:
    first = console.items[0]
    console._agenda.show_clock(Clock(0.0, 0.0, {first.id: 60 * first.minutes + 1}))
    assert console._agenda._list.item(0).data(TIME).startswith("◆ ")


def test_v_shows_the_room_another_look_and_the_minutes_remember_it(
    qtbot: QtBot, console: Console, sample_city: City, held: int
) -> None:
    to_first_chart(qtbot, console)
    signals = console.audience.wall.title
    qtbot.keyClick(console, KEY.Key_V)
    qtbot.wait(1)
    wall = console.audience.wall
    assert "a year earlier" in wall.title and len(wall.chart.lines) > 2 and wall.chart.bands == ()
    with sample_city.read() as read:
        views = list(read.scalars(select(Shown.view).where(Shown.meeting_id == held).order_by(Shown.id)))
    assert views[-1] == {"look": "years"}
    qtbot.keyClick(console, KEY.Key_T)
    assert console.audience.wall.table is not None and console.audience.wall.table.header[0] == "Period"
    qtbot.keyClick(console, KEY.Key_T)
    qtbot.keyClick(console, KEY.Key_C)  # a year earlier is of the chart of signals
    assert console.audience.wall.chart.bands
    while console.audience.wall.title != signals:
        qtbot.keyClick(console, KEY.Key_C)
