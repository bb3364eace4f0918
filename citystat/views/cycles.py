"""Python's cycles are collected in the GUI thread only.

Python collects in whichever thread happens to make the next object. A Qt object that is let go in a worker thread takes
the program with it, now or at some later paint; Anki collects in one thread for the same reason.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QTimer

NAME = "cycles"  # of the timer that looks
EVERY = 500  # milliseconds between two looks


def collect_here(app: QCoreApplication) -> None:
    """From now on cycles are collected in the thread of `app`, between two events; asking twice does no harm."""
    gc.disable()
    if app.findChild(QTimer, NAME) is not None:
        return
    timer = QTimer(app, interval=EVERY)
    timer.setObjectName(NAME)
    timer.timeout.connect(collect_what_is_due)
    timer.start()


def collect_what_is_due() -> None:
    """What Python would have collected by itself: the oldest generation whose threshold was passed."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return
