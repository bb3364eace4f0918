"""Today in the window: every line leads to its place, and acts are done here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings import running
from citystat.meetings.agenda import agenda
from citystat.meetings.meeting import next_meeting
from citystat.screening.answers import ACCEPTED, answer, answers, unanswered
from citystat.screening.found import screen
from citystat.views import jobs
from citystat.views.screening.page import FindingsPage
from citystat.views.shell.recent import Remembered
from citystat.views.shell.window import MainWindow
from citystat.views.today.page import TodayPage


def opened(qtbot: QtBot, city: City, tmp_path: Path, today: date) -> MainWindow:
    made = MainWindow(Remembered(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.show_open(city)
    made.show()
    made.page._today = today
    made.page.refresh()
    jobs.wait()
    return made


@pytest.fixture
def window(qtbot: QtBot, sample_city: City, tmp_path: Path, today: date) -> Iterator[MainWindow]:
    made = opened(qtbot, sample_city, tmp_path, today)
    yield made
    jobs.wait()
    made.release()


def press(qtbot: QtBot, page: TodayPage, name: str) -> None:
    found = next(b for b in page.findChildren(QPushButton) if name in (b.accessibleName() or b.text()))
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    jobs.wait()


def words(page: TodayPage) -> str:
    return "\n".join(w.text() for w in page.findChildren(QLabel))


def test_today_opens_first_and_says_what_the_next_meeting_lacks(window: MainWindow) -> None:
    assert "PublicSafetyStat, in two days" in words(window.page)
    assert "Still lacks: memo not yet sent" in words(window.page)


@pytest.mark.parametrize(
    ("press_on", "place"),
    [
        ("Prepare", "MeetingPage"), ("All actions", "ActionsPage"), ("A-181", "ActionsPage"),
        ("See the chart: Recycling share", "MeasurePage"), ("Open the meeting: Minutes wait for approval", "MeetingPage"),
    ],
)  # fmt: skip
def test_every_line_leads_to_its_place(qtbot: QtBot, window: MainWindow, press_on: str, place: str) -> None:
    press(qtbot, window.page, press_on)
    assert type(window.page).__name__ == place


def test_the_findings_that_wait_are_one_line_that_leads_to_them(
    qtbot: QtBot, window: MainWindow, sample_city: City
) -> None:
    with sample_city.read() as read:
        waiting = unanswered(screen(read).findings, answers(read))
    words = [shown.text() for shown in window.page.findChildren(QLabel)]
    assert f"{len(waiting)} findings wait for an answer" in words
    assert f"The first: {waiting[0].measure.name}. {waiting[0].words}" in words
    answer(sample_city, waiting[0], ACCEPTED, now=datetime(2026, 3, 10, 9))
    jobs.wait()
    words = [shown.text() for shown in window.page.findChildren(QLabel)]
    assert f"{len(waiting) - 1} findings wait for an answer" in words
    link = next(b for b in window.page.findChildren(QPushButton) if b.text() == "See the findings")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert isinstance(window.page, FindingsPage)


def test_a_signal_is_put_on_the_agenda_here_and_taken_back(qtbot: QtBot, window: MainWindow, sample_city: City) -> None:
    press(qtbot, window.page, "Put on agenda: Street lights out")
    assert window.bar._words.text() == "On the agenda of PublicSafetyStat, 12 Mar 2026"
    with sample_city.read() as read:
        assert "Street lights out" in {i.title for i in agenda(read, 25)}
    assert any(b.text() == "✓ on the agenda" for b in window.page.findChildren(QPushButton))
    qtbot.mouseClick(window.bar._act, Qt.MouseButton.LeftButton)
    with sample_city.read() as read:
        assert "Street lights out" not in {i.title for i in agenda(read, 25)}


def test_an_improvement_is_noted_as_a_win_here(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window.page, "Note as a win: Days to hire")
    assert any(b.text() == "✓ noted as a win" for b in window.page.findChildren(QPushButton))


def test_an_empty_city_offers_the_first_steps(qtbot: QtBot, city: City, tmp_path: Path, today: date) -> None:
    window = opened(qtbot, city, tmp_path, today)
    for step, place in (
        ("Bring in a file", "ImportPage"),
        ("Add people", "PeoplePage"),
        ("Plan a meeting", "MeetingsPage"),
    ):
        window.go("today")
        press(qtbot, window.page, step)
        assert type(window.page).__name__ == place
    window.release()


def test_every_link_says_what_it_opens_and_no_two_say_the_same(window: MainWindow) -> None:
    spoken = [b.accessibleName() or b.text() for b in window.page.findChildren(QPushButton)]
    assert "See the chart: Recycling share" in spoken
    assert sorted(set(spoken)) == sorted(spoken)


def cut_in(card: QFrame) -> list[str]:
    """Words that have less room than they need."""
    lines = [p for p in card.findChildren(QLabel) if p.height() < p.heightForWidth(p.width())]
    buttons = [p for p in card.findChildren(QPushButton) if p.width() < p.sizeHint().width()]
    return [p.text() for p in (*lines, *buttons)]


@pytest.mark.parametrize(("width", "height", "scale"), [(1280, 800, 1.5), (960, 640, 2.0), (960, 640, 1.0)])
def test_the_card_of_the_meeting_is_cut_nowhere(
    qtbot: QtBot, window: MainWindow, width: int, height: int, scale: float
) -> None:
    with window.city.read() as read:
        running.start(window.city, next_meeting(read, date(2026, 3, 10)).id, datetime(2026, 3, 12, 10))
    window.resize(width, height)
    window.redress("scale", scale)
    window.page._today = date(2026, 3, 10)
    window.page.refresh()
    jobs.wait()
    qtbot.waitUntil(lambda: not cut_in(window.page.findChild(QFrame, "card")))
    assert window._holder.horizontalScrollBar().maximum() == 0
    window.redress("scale", 1.0)
