"""New, open, recent: what the window asks about files, and what it remembers of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.views.shell import files
from citystat.views.shell.new_city import NewCityDialog, usual_start
from citystat.views.shell.recent import Remembered
from citystat.views.shell.welcome import Welcome
from citystat.views.shell.window import MainWindow
from citystat.views.widgets.choose import file_to_open, folder
from citystat.views.widgets.rows import RowList


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    made = MainWindow(Remembered(tmp_path / "window.json"))
    qtbot.addWidget(made)
    return made


def test_a_new_city_asks_when_its_fiscal_year_begins_and_keeps_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    told = []
    dialog = NewCityDialog(window, lambda name, month: told.append((name, month)), country="US")
    assert dialog.fiscal.currentText() == "July"
    dialog.attempt()
    assert told == [] and "A city needs a name" in dialog._wrong.text()
    qtbot.keyClicks(dialog.name, "Springfield")
    dialog.fiscal.setCurrentIndex(dialog.fiscal.findData(10))
    dialog.attempt()
    assert told == [("Springfield", 10)]
    assert files.make_new(window, tmp_path / "Springfield.citystat", *told[0])
    assert window.city.settings.fiscal_year_start == 10
    window.close()


def test_the_usual_start_of_a_fiscal_year_by_country() -> None:
    assert [usual_start(c) for c in ("US", "gb", "DE")] == [7, 4, 1]


def test_each_kind_of_file_is_asked_for_where_the_last_of_its_kind_was(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = tmp_path / "returns" / "fire.xlsx"
    asked = []

    def answer(_owner: object, _title: str, where: str, _kinds: str) -> tuple[str, str]:
        asked.append(where)
        return str(sent), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    dialog = NewCityDialog(window, lambda *_: None)
    tables, papers = "Tables (*.csv *.xlsx)", "Word (*.docx)"
    assert file_to_open(dialog, "Bring in a file", tables) == sent  # found from a dialog of the window, too
    file_to_open(window, "Bring in a file", tables)
    assert asked[1] == str(sent.parent) == folder(window, tables)
    assert Remembered(tmp_path / "window.json").get("folders", {}) == {"csv": str(sent.parent)}
    assert folder(window, papers) != str(sent.parent)


def test_recent_cities_say_where_they_are_and_when_they_were_opened(qtbot: QtBot, city: City, tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "window.json")
    remembered.opened(tmp_path / "Old.citystat", date(2026, 1, 2))
    remembered.opened(city.path, date(2026, 3, 9))
    opened = []
    page = Welcome([], [], remembered.lately(), opened.append, today=date(2026, 3, 10))
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    rows = page.findChild(RowList)
    assert [(r.title, r.under, r.right) for r in rows.rows] == [
        ("Test", str(tmp_path.resolve()), "yesterday"),
        ("Old", str(tmp_path.resolve()), "2 Jan 2026"),
    ]
    first = rows.visualRect(rows.model().index(0, 0)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert opened == [city.path.resolve()]


def test_a_list_of_cities_from_an_older_version_has_no_days(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "window.json")
    remembered.set("cities", ["/srv/Riverton.citystat"])
    assert [(r.path.name, r.day) for r in remembered.lately()] == [("Riverton.citystat", None)]


def test_the_first_page_says_what_this_is_and_offers_three_steps(window: MainWindow) -> None:
    window.show()
    words = [w.text() for w in window.findChildren(QLabel)]
    assert "CityStat" in words and "Look around" in words and "Begin your own city" in words
