"""What tests of views share: the window on a city, and a watch that nothing becomes a window of its own by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.views import jobs
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow

PARTS = (
    QLabel,
    QPushButton,
)  # what is always a part of something; a label that Qt shows as a tip has a window flag of its own


class _Strays(QObject):
    """Notes labels and buttons that are shown before they have a place: on a real desktop each is a window for a
    moment, which flashes and takes the keyboard from whoever types."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, PARTS) and _is_stray(watched):
            self.seen.append(f"{type(watched).__name__} “{watched.text()}”")
        return False


def _is_stray(widget: QWidget) -> bool:
    return widget.isWindow() and widget.metaObject().className() not in ("QTipLabel",)


@pytest.fixture
def strays(qapp: QApplication) -> Iterator[list[str]]:
    """The parts that were shown without a place. It hears every event: for tests that are worth it."""
    watch = _Strays()
    qapp.installEventFilter(watch)
    yield watch.seen
    qapp.removeEventFilter(watch)


@pytest.fixture
def window_on(qtbot: QtBot, tmp_path: Path) -> Callable[[City], MainWindow]:
    """city → the main window on it, as a person who has chosen nothing yet sees it."""

    def let_go(made: MainWindow) -> None:  # before it is closed, or it would ask what becomes of things half done
        jobs.wait()
        made.release()

    def show(city: City) -> MainWindow:
        remembered = Remembered(tmp_path / "window.json")
        dress(remembered)
        made = MainWindow(remembered)
        qtbot.addWidget(made, before_close_func=let_go)
        made.show_open(city)
        made.show()
        return made

    return show


@pytest.fixture
def window(window_on: Callable[[City], MainWindow], city: City) -> MainWindow:
    """The main window on an empty city."""
    return window_on(city)
