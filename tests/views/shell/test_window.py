"""The window: a refused city is a state of it, background work is stopped cleanly, and a copy comes back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.city.backup import save_copy_of
from citystat.views import jobs
from citystat.views.shell import files
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow
from citystat.views.widgets.message import MessageBar


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    remembered = Remembered(tmp_path / "window.json")
    dress(remembered)
    made = MainWindow(remembered)
    qtbot.addWidget(made)
    made.show()
    return made


def words(window: MainWindow) -> str:
    QApplication.processEvents()
    return "\n".join(w.text() for w in window.findChildren(QLabel) if w.isVisible())


def test_a_file_that_is_no_city_is_said_in_the_window_and_stays(window: MainWindow, tmp_path: Path) -> None:
    letter = tmp_path / "letter.citystat"
    letter.write_text("Dear mayor, " * 40)
    assert not window.open_city(letter)
    assert "This file is not a city file" in words(window)
    assert "Choose a file that ends in .citystat" in words(window)


def test_a_refusal_beside_an_open_city_leaves_it_open(window: MainWindow, city: City, tmp_path: Path) -> None:
    city.close()
    window.open_city(city.path)
    assert not window.open_city(tmp_path / "none.citystat")
    assert window.city is not None and window.city.path == city.path
    assert "no such file" in words(window)


def test_a_copy_is_restored_from_the_window(window: MainWindow, city: City, tmp_path: Path) -> None:
    copy = tmp_path / "copy.citystat"
    save_copy_of(city.path, copy)
    city.close()
    window.open_city(city.path)
    files.restore(window, copy, city.path)
    jobs.wait()
    assert window.city is not None and window.city.path == city.path
    assert "What was there before is kept as Test.before-restore-" in words(window)


def test_closing_while_work_goes_on_stops_it_first(window: MainWindow, city: City) -> None:
    city.close()
    window.open_city(city.path)
    jobs.wait()
    begun, answers = threading.Event(), []

    def work(progress: jobs.Progress) -> None:
        begun.set()
        while True:
            progress.report(0.5)

    jobs.run(window.page, work, answers.append)
    while not begun.is_set():
        jobs.QCoreApplication.processEvents()
    window.close()
    assert window.city is None and answers == []
    City.open(city.path, alone=True).close()


def test_an_unexpected_error_of_a_job_is_said_once(window: MainWindow, city: City) -> None:
    city.close()
    window.open_city(city.path)
    jobs.run(window.page, lambda _progress: 1 / 0, lambda _: None)
    jobs.wait()
    assert words(window).count("ZeroDivisionError") == 1


def test_settings_are_saved_and_a_bad_population_is_named(window: MainWindow, city: City) -> None:
    city.close()
    window.open_city(city.path)
    window.go("settings")
    window.page._name.setText("Riverton")
    window.page._population.setText("many")
    window.page.keep()
    assert "Population: A population is a whole number" in words(window)
    window.page._population.setText("248,000")
    window.page.keep()
    assert (window.city.settings.name, window.city.settings.population) == ("Riverton", 248_000)
    window.go("history")
    assert window.page._acts.model().index(0, 2).data() == "Change the city's settings"


def test_a_closed_window_takes_its_messages_with_it(qtbot: QtBot, tmp_path: Path, city: City) -> None:
    before = [w for w in QApplication.topLevelWidgets() if isinstance(w, MessageBar)]
    made = MainWindow(Remembered(tmp_path / "window.json"))
    made.show_open(city)
    jobs.wait()
    made.release()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [w for w in QApplication.topLevelWidgets() if isinstance(w, MessageBar)] == before
