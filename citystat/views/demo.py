"""Pictures of every screen for `citystat demo`: real pages and windows, painted without a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from citystat.city import City
from citystat.views import jobs
from citystat.views.meetings.console import Console
from citystat.views.shell import theme
from citystat.views.shell.recent import Remembered
from citystat.views.shell.window import MainWindow

DESK, WALL = (1440, 900), (1920, 1080)


def photograph(city: City, places: Sequence[str], to: Path, today: date) -> Iterator[str]:
    """Each place in light and dark; yields the file names."""
    for dark in (False, True):
        app = _app(dark)
        window = MainWindow(Remembered(to / "none.json"))
        window.resize(*DESK)
        window.show_open(city)
        for place in places:
            window.go(place)
            page = window.page
            if hasattr(page, "_today"):
                page._today = today
                page.refresh()
            _settle(app)
            yield _save(window, to, place.split(":")[0] if ":" in place else place, dark)
        window.release()


def meeting_pictures(city: City, held: int, to: Path, now: datetime, lines: Sequence[str]) -> Iterator[str]:
    """The console and the audience window through a meeting in which `lines` are captured."""
    app = _app(False)
    clock = {"now": now}
    console = Console(city, held, now=lambda: clock["now"])
    console.resize(*DESK)
    console.show()
    stop = city.subscribe(console.refresh)
    console.begin()
    console.audience.resize(*WALL)
    waiting = list(lines)
    for at, item in enumerate(console.items):
        clock["now"] += timedelta(minutes=max(1, item.minutes - 1))
        console.enter(item.id)
        _settle(app)
        if item.measures and waiting:
            console.capture.line.setText(waiting[0])
            _settle(app)
            if at == next(i for i, x in enumerate(console.items) if x.measures):
                yield _save(console, to, "console", False)
            console.keep(waiting.pop(0))
            console.capture.line.clear()
        _settle(app)
        yield _save(console.audience, to, f"audience-{at + 1}-{item.kind}", False)
        if item.kind == "promises":
            for line in [waiting.pop(0) for _ in range(min(1, len(waiting)))]:
                console.keep(line)
        if item.kind == "read-back":
            for line in waiting:
                console.keep(line)
            _settle(app)
            yield _save(console, to, "read-back", False)
            yield _save(console.audience, to, "audience-read-back", False)
    _app(True)
    console.audience.use(theme.current().palette)
    first = next((i for i in console.items if i.measures), console.items[0])
    console.enter(first.id)
    _settle(app)
    yield _save(console, to, "console", True)
    yield _save(console.audience, to, "audience", True)
    stop()
    console.leave()
    console.deleteLater()
    _app(False)


def _app(dark: bool) -> QApplication:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, dark=dark)
    return app


def _settle(app: QApplication) -> None:
    """Let background work and layouts come to rest."""
    jobs.wait()
    for _ in range(4):
        app.processEvents()


def _save(widget: QWidget, to: Path, name: str, dark: bool) -> str:
    file = f"{name}-{'dark' if dark else 'light'}.png"
    widget.grab().save(str(to / file))
    return file
