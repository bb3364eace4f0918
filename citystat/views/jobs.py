"""The one way to work in the background: a subject's own function in a thread, its answer in the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QRunnable, Qt, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from citystat.errors import Cancelled, CityStatError
from citystat.texts import tr
from citystat.views.widgets.message import MessageBar

log = logging.getLogger("citystat")
SHOWN_AFTER = 200  # milliseconds before a job shows its progress
EVERY = 100  # milliseconds between two looks at it
FIRST_PAINT = (
    120  # milliseconds that work waits while no window is on the screen yet: the first paint needs the processor
)

_running: set[Progress] = set()


class Progress(QObject):
    """Handed to the work: report(share, words), cancelled, cancel(). All are safe in any thread."""

    _ended = Signal(object, object)  # the answer, the error
    _came = Signal(object)  # a part of the answer

    def __init__(
        self, owner: QWidget, done: Callable[[Any], None],
        failed: Callable[[CityStatError], None] | None, title: str,
        part: Callable[[Any], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._owner, self._done, self._failed, self._part = owner, done, failed, part
        self._share, self._words = 0.0, title
        self._stop = threading.Event()
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        owner.destroyed.connect(self.cancel)

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
        self._share, self._words = share, words or self._words

    def part(self, answer: Any) -> None:
        """Hand over a part of the answer while the work goes on; raises Cancelled when the person asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self._came.emit(answer)

    def belongs_to(self, window: QWidget) -> bool:
        """Whether the work was begun in `window`."""
        return isValid(self._owner) and (self._owner is window or window.isAncestorOf(self._owner))

    def _show(self) -> None:
        """Progress in the message bar, from SHOWN_AFTER on until the work has ended."""
        if self not in _running:
            return
        bar = self._bar()
        if bar is not None:
            words = tr("Stopping…") if self.cancelled else self._words
            bar.progress(words, self._share, self.cancel)
        QTimer.singleShot(EVERY, self._show)

    def _hand_over(self, answer: Any) -> None:
        if self._part is not None and isValid(self._owner) and not self.cancelled:
            self._part(answer)

    def _end(self, answer: Any, error: BaseException | None) -> None:
        _running.discard(self)
        if not isValid(self._owner):
            if error is not None and not isinstance(error, CityStatError):
                _unexpected(error)
            return
        bar = self._bar()
        if bar is not None:
            bar.ended(self.cancel)
        if error is None:
            self._done(answer)
        else:
            self._fall(error, bar)

    def _fall(self, error: BaseException, bar: MessageBar | None) -> None:
        told = error if isinstance(error, CityStatError) else _unexpected(error)
        if self._failed is not None:
            self._failed(told)
        elif bar is not None:
            bar.say(str(told), concern=not isinstance(told, Cancelled))
        else:
            log.error("nobody to tell: %s", told)

    def _bar(self) -> MessageBar | None:
        """Looked for when it is needed: a page may begin work before it stands in a window."""
        return message_bar(self._owner) if isValid(self._owner) else None


class _Work(QRunnable):
    """Runs in the worker thread; every error is carried to the edge, where it is shown once."""

    def __init__(self, work: Callable[[Progress], Any], progress: Progress) -> None:
        super().__init__()
        self._work, self._progress = work, progress

    def run(self) -> None:
        try:
            ended: tuple[Any, BaseException | None] = (self._work(self._progress), None)
        except BaseException as error:
            ended = (None, error)
        if isValid(self._progress):  # false when the process ended meanwhile
            self._progress._ended.emit(*ended)


def run(
    owner: QWidget,
    work: Callable[[Progress], Any],
    done: Callable[[Any], None],
    *,
    failed: Callable[[CityStatError], None] | None = None,
    title: str = "",
    quiet: bool = False,
    part: Callable[[Any], None] | None = None,
) -> Progress:
    """Do `work` in the background, then `done(answer)` in the GUI thread; errors go to `failed` or the message bar.

    The work begins when the event loop is reached, so that what was just shown is painted first; before there is
    any window, somewhat later.
    part: takes each part that the work hands over with progress.part(), in the GUI thread.
    quiet: shows no progress (a page that looks again). Closing `owner` cancels the work and drops its answer.
    """
    progress = Progress(owner, done, failed, title, part)
    _running.add(progress)
    QTimer.singleShot(after_paint(), lambda: QThreadPool.globalInstance().start(_Work(work, progress)))
    if not quiet:
        QTimer.singleShot(SHOWN_AFTER, progress._show)
    return progress


class Newest:
    """Work of one page of which only the newest is answered: what was asked before is out of date, and stops."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._work: Progress | None = None

    def run(
        self,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        failed: Callable[[CityStatError], None],
        title: str,
    ) -> None:
        """As jobs.run()."""
        self.cancel()
        mine: list[Progress] = []

        def newest(answer: Callable[[Any], None], value: Any) -> None:
            if self._work is mine[0]:
                answer(value)

        mine.append(run(self._owner, work, partial(newest, done), failed=partial(newest, failed), title=title))
        self._work = mine[0]

    def cancel(self) -> None:
        """Ask what is under way to stop."""
        if self._work is not None:
            self._work.cancel()

    def forget(self) -> None:
        """Nothing that is under way is answered any more."""
        self._work = None


def after_paint() -> int:
    """Milliseconds after which what is on its way to the screen has been painted."""
    return 0 if any(w.isVisible() for w in QApplication.topLevelWidgets()) else FIRST_PAINT


def wait() -> None:
    """Until all work that was begun has come back (for tests and pictures)."""
    _until(lambda: not _running)


def stop(window: QWidget) -> None:
    """Cancel what was begun in `window` and wait until it has let go (before the city under it is closed)."""
    mine = {progress for progress in _running if progress.belongs_to(window)}
    for progress in mine:
        progress.cancel()
    _until(lambda: _running.isdisjoint(mine))


def _until(reached: Callable[[], bool]) -> None:
    while not reached():
        QThreadPool.globalInstance().waitForDone(20)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def message_bar(owner: QWidget) -> MessageBar | None:
    """The message bar of the window that `owner` is in."""
    found = getattr(owner.window(), "bar", None)  # by name: a bar that is about to be deleted is a child still
    return found if isinstance(found, MessageBar) else None


def _unexpected(error: BaseException) -> CityStatError:
    """A defect of ours: said plainly, with the log for the details."""
    log.error("unexpected", exc_info=error)
    return CityStatError(
        tr("Something went wrong that should not: {error}", error=f"{type(error).__name__}: {error}"),
        do=tr("Nothing was saved by this act. The log has the details (Help > Show log)"),
    )
