"""The application: opens the window, and shows what would otherwise end it."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

from platformdirs import user_log_path
from PySide6.QtWidgets import QApplication

from citystat.texts import set_language, tr
from citystat.views.cycles import collect_here
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow

# A list that is painted asks Python a thousand times, and each time may wait this long for a worker that computes:
# with the usual 5 ms a paint took 400 ms while 1000 measures were judged, with half a millisecond 100 (on a busy machine).
SWITCH = 0.0005


def run(path: Path | None, remembered: Remembered | None = None) -> int:
    """Open the window, on the city at `path` where one is given; returns the exit status."""
    window = start(path, remembered or Remembered())
    _catch(window)
    return QApplication.exec()


def start(path: Path | None, remembered: Remembered) -> MainWindow:
    """The application with its window, shown; on the city at `path` where one is given."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    collect_here(app)
    sys.setswitchinterval(SWITCH)
    app.setApplicationName("CityStat")
    set_language(str(remembered.get("language", "en")))
    dress(remembered)
    window = MainWindow(remembered)
    if path is not None:
        window.open_city(path)
    window.show()
    return window


def log_file() -> Path:
    """Where unexpected errors are written down (Help > Show log)."""
    return user_log_path("CityStat", appauthor=False) / "citystat.log"


def _catch(window: MainWindow) -> None:
    """An unexpected error is logged and said; the application stays up."""
    log = logging.getLogger("citystat")
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        log.addHandler(logging.FileHandler(log_file(), encoding="utf-8", delay=True))
    except OSError as error:
        print(f"citystat: no log can be kept ({error})", file=sys.stderr)

    def caught(kind: type[BaseException], error: BaseException, trace: object) -> None:
        log.error("unexpected", exc_info=(kind, error, error.__traceback__))
        traceback.print_exception(kind, error, error.__traceback__)
        window.bar.say(
            tr("Something went wrong that should not: {error}", error=f"{kind.__name__}: {error}"), concern=True
        )

    sys.excepthook = caught
