"""The look: a change reaches everything that is on the screen, a dialog stands out, and every page fits a small screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from citystat.meetings.meeting import meetings
from citystat.views import jobs
from citystat.views.meetings.console import Console
from citystat.views.shell import theme
from citystat.views.shell.recent import Remembered
from citystat.views.shell.scrim import Scrim
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow
from citystat.views.widgets.marks import label

PAGES = (
    "today",
    "people",
    "data",
    "meetings",
    "actions",
    "settings",
    "history",
    "contracts",
    "contract:2",
    "renewal:2",
    "contractors:Solid waste collection",
    "measure:EC-01",
    "planned",
    "approved",
)


def settle() -> None:
    for _ in range(6):
        jobs.wait()
        QApplication.processEvents()


def meeting_with(window: MainWindow, status: str) -> int:
    with window.city.read() as read:
        return next(m.id for m in reversed(meetings(read)) if m.status == status)


def open_console(window: MainWindow) -> Console:
    window.go(f"console:{meeting_with(window, 'planned')}")
    for asked in window.page.findChildren(QMessageBox):  # planned for another day: held today
        asked.defaultButton().click()
    settle()
    return window.page


def colour_at_the_edge(widget: QWidget) -> str:
    """The colour of the left border, half way down."""
    return widget.grab().toImage().pixelColor(0, widget.height() // 2).name().upper()


def test_a_running_meeting_follows_another_look_and_keeps_what_is_typed(window: MainWindow) -> None:
    console = open_console(window)
    console.capture.line.setText("action count the buses")
    light = colour_at_the_edge(console.capture.line)
    window.redress("theme", True)
    settle()
    assert window.page is console and console.capture.line.text() == "action count the buses"
    dark = theme.current().palette
    assert light != colour_at_the_edge(console.capture.line) == dark.faint.upper()  # nobody is typing
    assert console.audience._palette is dark


def test_no_widget_holds_a_colour_of_its_own(window: MainWindow) -> None:
    open_console(window)
    held = [f"{type(w).__name__} {w.objectName()}" for w in window.findChildren(QWidget) if w.styleSheet()]
    for address in ("today", "goals", f"meeting:{meeting_with(window, 'running')}", "people"):
        window.go(address)
        settle()
        held += [f"{type(w).__name__} {w.objectName()}" for w in window.findChildren(QWidget) if w.styleSheet()]
    assert held == []


def test_the_systems_light_is_followed_unless_the_person_chose(window: MainWindow) -> None:
    page = window.page
    window.remembered.set("theme", False)
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window.page is page
    window.remembered.set("theme", None)
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window.page is not page


def test_the_window_is_shaded_while_a_dialog_waits(window: MainWindow) -> None:
    scrim = window.findChild(Scrim)
    assert not scrim.isVisible()
    window.offer_everything()
    settle()
    assert scrim.isVisible() and scrim.size() == window.size()
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)
    settle()
    assert not scrim.isVisible()


def test_news_goes_with_the_page_and_a_concern_stays(window: MainWindow) -> None:
    window.bar.say("84 periods on view")
    window.go("actions")
    assert not window.bar.isVisible()
    window.bar.say("It could not be saved", concern=True)
    window.go("people")
    assert window.bar.isVisible()


def test_running_text_has_twenty_pixels_a_line(qtbot: QtBot, remembered: Remembered) -> None:
    dress(remembered)
    words = label("Calls to the emergency number\npicked up & answered by a <call taker>", "soft", wrap=True)
    qtbot.addWidget(words)
    words.ensurePolished()
    assert words.heightForWidth(600) == 40
    assert words.text() == "Calls to the emergency number\npicked up & answered by a <call taker>"


def narrower(window: QWidget) -> list[str]:
    """Buttons that show less than their words."""
    return [
        b.text()
        for b in window.findChildren(QPushButton)
        if b.isVisible() and b.text() and b.width() < b.minimumSizeHint().width()
    ]


@pytest.mark.parametrize(("size", "scale"), [((1024, 768), 1.0), ((1366, 768), 1.0), ((1366, 768), 2.0)])
def test_every_page_fits_a_small_screen_with_its_primary_act(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    window.resize(*size)
    window.redress("scale", scale)
    wrong = []
    for page in PAGES:
        window.go(f"meeting:{meeting_with(window, page)}" if page in ("planned", "approved") else page)
        settle()
        primary = [text for text, _, kind in getattr(window.page, "acts", list)() if kind == "primary"]
        seen = [b.text() for b in window._top.findChildren(QAbstractButton) if b.isVisible()]
        wrong += [f"{page}: {text} is not in sight" for text in primary if text not in seen]
        wrong += [f"{page}: {text} is cut" for text in narrower(window)]
        if window._holder.horizontalScrollBar().maximum():
            wrong.append(f"{page}: scrolls sideways by {window._holder.horizontalScrollBar().maximum()}")
    assert wrong == []
    assert (window.width(), window.height()) == size


@pytest.mark.parametrize(("size", "scale"), [((1024, 768), 1.0), ((1366, 768), 2.0), ((1024, 768), 2.0)])
def test_the_console_cuts_nothing_of_its_head(window: MainWindow, size: tuple[int, int], scale: float) -> None:
    window.resize(*size)
    window.redress("scale", scale)
    console = open_console(window)
    assert window._holder.horizontalScrollBar().maximum() == 0
    head = console._head
    cut = [w.text() for w in head.findChildren(QLabel) if w.isVisible() and w.width() < w.minimumSizeHint().width()]
    assert cut + narrower(head) == []
    assert {"Blank  B", "Freeze  F", "Adjourn"} <= {b.text() for b in head.findChildren(QPushButton) if b.isVisible()}


def test_acts_that_find_no_room_stand_in_a_menu(window: MainWindow) -> None:
    window.go("measure:EC-01")
    window.setMinimumSize(500, 400)
    window.resize(680, 700)
    settle()
    seen = [b.text() for b in window._top.findChildren(QPushButton) if not b.isHidden()]
    assert "Put on agenda" in seen and "Break down" not in seen
    window._top._more.click()
    menu = next(m for m in window._top.findChildren(QMenu))
    assert "Break down" in [a.text() for a in menu.actions()]
    menu.close()


@pytest.mark.parametrize("address", ["today", "goals", "people", "measures", "actions", "data", "import", "settings"])
def test_no_page_scrolls_sideways_in_the_smallest_window_with_the_largest_letters(
    window: MainWindow, address: str
) -> None:
    window.resize(960, 640)
    window.redress("scale", 2.0)
    window.go(address)
    jobs.wait()
    QApplication.processEvents()
    assert window._holder.horizontalScrollBar().maximum() == 0
