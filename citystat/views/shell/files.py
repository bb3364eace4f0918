"""The questions about files: which city, which copy, where to keep it; and the sample city, made whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from citystat.texts import tr

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow

FILES = "CityStat (*.citystat)"


def ask_new(window: MainWindow) -> None:
    """A new city: its name, then where to keep it."""
    name, sure = QInputDialog.getText(window, tr("New city"), tr("Name of the city"))
    if sure and name.strip():
        path, _ = QFileDialog.getSaveFileName(window, tr("Where to keep it"), f"{name.strip()}.citystat", FILES)
        if path:
            window.new_city(Path(path), name.strip())


def ask_open(window: MainWindow) -> None:
    """Which city to open."""
    path, _ = QFileDialog.getOpenFileName(window, tr("Open city"), "", FILES)
    if path:
        window.open_city(Path(path))


def ask_sample(window: MainWindow) -> None:
    """Where to keep the sample city."""
    path, _ = QFileDialog.getSaveFileName(window, tr("Where to keep the sample city"), "Riverton.citystat", FILES)
    if path:
        window.open_sample(Path(path))


def ask_copy(window: MainWindow) -> None:
    """Where to write a copy."""
    if window.city is None:
        return
    path, _ = QFileDialog.getSaveFileName(window, tr("Save a copy"), f"{window.city.path.stem} copy.citystat", FILES)
    if path:
        window.save_copy(Path(path))


def ask_restore(window: MainWindow, path: Path | None = None) -> None:
    """Which copy, and in whose place."""
    place = path or (window.city.path if window.city is not None else None)
    copy, _ = QFileDialog.getOpenFileName(window, tr("Which copy to restore"), "", FILES)
    if copy and place is None:
        name, _ = QFileDialog.getSaveFileName(window, tr("Where the city shall be"), "", FILES)
        place = Path(name) if name else None
    if copy and place is not None:
        asked = QMessageBox.question(
            window,
            tr("Restore"),
            tr(
                "{copy} takes the place of {city}. What is in {city} now is kept beside it under another name.",
                copy=Path(copy).name,
                city=place.name,
            ),
            QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel,
        )
        if asked == QMessageBox.StandardButton.Ok:
            window.restore(Path(copy), place)


def make_sample(path: Path) -> None:
    """Riverton at `path`, under another name until it is whole; CityStatError where a file is there already."""
    from citystat.sample.riverton import make

    make(path).close()
