"""The one way to work in the background: a subject's own function in a thread, its answer in the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from citystat.errors import Cancelled, CityStatError
from citystat.texts import tr
from citystat.views.widgets.message import MessageBar

log = logging.getLogger("citystat")
SHOWN_AFTER = 200  # milliseconds before a job shows its progress


class Progress(QObject):
    """Handed to the work: report(share, words), cancelled. Both are safe in any thread."""

    _reported = Signal(float, str)

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._stop.set()

    def report(self, share: float, words: str = "") -> None:
        """How far the work is, 0 to 1; raises Cancelled when the person asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self._reported.emit(share, words)


class _Job(QRunnable):
    """Runs the work and sends what came of it."""

    class Signals(QObject):
        """Carries results into the GUI thread."""

        done = Signal(object)
        failed = Signal(object)

    def __init__(self, work: Callable[[Progress], Any], progress: Progress) -> None:
        super().__init__()
        self.work, self.progress, self.signals = work, progress, _Job.Signals()
        self.setAutoDelete(False)

    def run(self) -> None:
        """In the worker thread. Every error is carried to the edge, where it is shown once."""
        try:
            answer = self.work(self.progress)
        except BaseException as error:
            self.signals.failed.emit(error)
        else:
            self.signals.done.emit(answer)


_running: set[_Job] = set()


def run(
    owner: QWidget,
    work: Callable[[Progress], Any],
    done: Callable[[Any], None],
    *,
    failed: Callable[[CityStatError], None] | None = None,
    title: str = "",
    quiet: bool = False,
) -> Progress:
    """Do `work` in the background, then `done(answer)` in the GUI thread; errors go to `failed` or the message bar.

    quiet: shows no progress (a page that looks again; a message in the bar stays).
    Closing `owner` cancels the work and drops its answer.
    """
    progress = Progress()
    job = _Job(work, progress)
    bar = message_bar(owner)
    alive = {"yes": True}
    owner.destroyed.connect(lambda: (alive.update(yes=False), progress.cancel()))
    last: dict[str, Any] = {"share": 0.0, "words": title, "shown": False}

    def reported(share: float, words: str) -> None:
        last.update(share=share, words=words or title)

    def show() -> None:
        if job in _running and bar is not None and isValid(bar):
            last["shown"] = True
            bar.progress(last["words"], last["share"], progress.cancel)
            QTimer.singleShot(100, show)

    def finish() -> None:
        _running.discard(job)
        if last["shown"] and bar is not None and isValid(bar):  # the window may have been closed meanwhile
            bar.hide()

    def succeeded(answer: Any) -> None:
        finish()
        if alive["yes"]:
            done(answer)

    def fell(error: BaseException) -> None:
        finish()
        if not alive["yes"]:
            return
        told = error if isinstance(error, CityStatError) else _unexpected(error)
        if failed is not None:
            failed(told)
        elif bar is not None:
            bar.say(str(told), concern=True)

    progress._reported.connect(reported)
    job.signals.done.connect(succeeded)
    job.signals.failed.connect(fell)
    _running.add(job)
    QThreadPool.globalInstance().start(job)
    if not quiet:
        QTimer.singleShot(SHOWN_AFTER, show)
    return progress


def wait() -> None:
    """Until all work that was begun has come back (for tests and pictures)."""
    while _running:
        QThreadPool.globalInstance().waitForDone(50)
        QCoreApplication.processEvents()


def message_bar(owner: QWidget) -> MessageBar | None:
    """The message bar of the window that `owner` is in."""
    window = owner.window()  # its own bar first: of a city closed a moment ago another may still stand
    found = getattr(window, "bar", None) or window.findChild(MessageBar)
    return found if isinstance(found, MessageBar) else None


def _unexpected(error: BaseException) -> CityStatError:
    """A defect of ours: said plainly, with the log for the details."""
    log.error("unexpected", exc_info=error)
    return CityStatError(
        tr("Something went wrong that should not: {error}", error=f"{type(error).__name__}: {error}"),
        do=tr("Nothing was saved by this act. The log has the details (Help > Show log)"),
    )
