"""Everything about files: a new city, the sample, another city, a copy written, a copy restored. First the questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from citystat.city import City
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views import jobs
from citystat.views.widgets.choose import file_to_open, file_to_write

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow

FILES = "CityStat (*.citystat)"

## Questions


def ask_new(window: MainWindow) -> None:
    """A new city: its name and fiscal year, then where to keep it."""
    from citystat.views.shell.new_city import NewCityDialog  # a start on a city does without it

    def place(name: str, fiscal_year_start: int) -> None:
        path = file_to_write(window, tr("Where to keep it"), f"{name}.citystat", FILES)
        if path is not None:
            make_new(window, path, name, fiscal_year_start)

    NewCityDialog(window, place).open()


def ask_open(window: MainWindow) -> None:
    """Which city to open."""
    path = file_to_open(window, tr("Open city"), FILES)
    if path is not None:
        window.open_city(path)


def ask_sample(window: MainWindow) -> None:
    """Where to keep the sample city."""
    path = file_to_write(window, tr("Where to keep the sample city"), "Riverton.citystat", FILES)
    if path is not None:
        open_sample(window, path)


def ask_copy(window: MainWindow) -> None:
    """Where to write a copy."""
    if window.city is None:
        return
    path = file_to_write(window, tr("Save a copy"), f"{window.city.path.stem} copy.citystat", FILES)
    if path is not None:
        save_copy(window, path)


def ask_restore(window: MainWindow, path: Path | None = None) -> None:
    """Which copy, and in whose place."""
    place = path or (window.city.path if window.city is not None else None)
    copy = file_to_open(window, tr("Which copy to restore"), FILES)
    if copy is not None and place is None:
        place = file_to_write(window, tr("Where the city shall be"), "", FILES)
    if copy is not None and place is not None:
        asked = QMessageBox.question(
            window,
            tr("Restore"),
            tr(
                "{copy} takes the place of {city}. What is in {city} now is kept beside it under another name.",
                copy=copy.name,
                city=place.name,
            ),
            QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel,
        )
        if asked == QMessageBox.StandardButton.Ok:
            restore(window, copy, place)


## Acts


def make_new(window: MainWindow, path: Path, name: str, fiscal_year_start: int) -> bool:
    """Make an empty city and open it; a refusal is said, and what was open stays open."""
    who = str(window.remembered.get("who", ""))
    try:
        City.create(path, name, who=who, fiscal_year_start=fiscal_year_start).close()
    except CityStatError as error:
        window.refuse(error, [(tr("New city…"), lambda: ask_new(window))])
        return False
    return window.open_city(path)


def open_sample(window: MainWindow, path: Path) -> None:
    """Make Riverton at `path` in the background and open it."""
    jobs.run(
        window,
        lambda _progress: make_sample(path),
        lambda _: window.open_city(path),
        title=tr("Making the sample city"),
    )


def save_copy(window: MainWindow, to: Path) -> None:
    """Write a whole copy in the background."""
    from citystat.city.backup import save_copy_of

    if window.city is not None:
        source = window.city.path
        jobs.run(
            window,
            lambda _progress: save_copy_of(source, to),
            lambda _: window.bar.say(tr("Copied to {file}", file=to.name)),
            title=tr("Saving a copy"),
        )


def restore(window: MainWindow, copy: Path, path: Path) -> None:
    """Put `copy` in the place of the city at `path` in the background, then open it."""
    from citystat.city import backup

    if not window.close_city():
        return

    def done(kept: Path | None) -> None:
        if window.open_city(path) and kept is not None:
            window.bar.say(tr("Restored. What was there before is kept as {file}", file=kept.name))

    who = str(window.remembered.get("who", ""))
    jobs.run(
        window,
        lambda _progress: backup.restore(copy, path, who=who),
        done,
        failed=lambda error: window.refuse_to_open(error, path),
        title=tr("Restoring the copy"),
    )


def make_sample(path: Path) -> None:
    """Riverton at `path`, under another name until it is whole; CityStatError where a file is there already."""
    from citystat.sample.riverton import make

    make(path).close()
