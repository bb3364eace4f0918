"""A cycle with a Qt object in it is let go in the GUI thread, whoever makes the next thousand objects."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from citystat.views import jobs
from citystat.views.cycles import collect_here, collect_what_is_due


class Held(QObject):
    """Part of a cycle; remembers in which thread it went."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        super().__init__()
        self.me = self
        weakref.finalize(self, lambda: gone.append(threading.current_thread()))


def test_a_worker_never_takes_a_qt_object_with_it(qtbot: QtBot, qapp: QApplication) -> None:
    collect_here(qapp)
    gone: list[threading.Thread] = []
    Held(gone)
    widget = QWidget()
    qtbot.addWidget(widget)
    jobs.run(widget, lambda _progress: [[i] for i in range(200_000)], lambda _made: None, quiet=True)
    jobs.wait()
    assert gone == []
    gc.collect()
    assert gone == [threading.main_thread()]


def test_what_is_due_is_collected() -> None:
    gone: list[threading.Thread] = []
    Held(gone)
    kept = [[i] for i in range(2 * gc.get_threshold()[0])]
    for _ in range(3):
        collect_what_is_due()
        kept += [[i] for i in range(2 * gc.get_threshold()[0])]
    assert gone
