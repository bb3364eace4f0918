"""The window on the sample city, dressed as a person would have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.views import jobs
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow


@pytest.fixture
def remembered(tmp_path: Path) -> Iterator[Remembered]:
    """What is remembered of a person who has chosen nothing yet."""
    yield Remembered(tmp_path / "window.json")
    dress(Remembered(tmp_path / "none.json"))


@pytest.fixture
def window(qtbot: QtBot, sample_city: City, remembered: Remembered) -> Iterator[MainWindow]:
    """The main window on Riverton."""
    dress(remembered)
    made = MainWindow(remembered)
    qtbot.addWidget(made)
    made.show_open(sample_city)
    made.show()
    for _ in range(6):
        jobs.wait()
        QApplication.processEvents()
    yield made
    jobs.wait()
    made.go("today")
    made.release()
