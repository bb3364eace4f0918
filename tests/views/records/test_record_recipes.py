"""Recipes for records in the window: next month with one click, read and changed on their page, a column called otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.collect import recipes, sources
from citystat.measures.series import definition, series
from citystat.records.bring import bring
from citystat.records.look import look
from citystat.records.recipe import RECORDS, RecordRecipe
from citystat.views import jobs
from citystat.views.collect.page import DataPage
from citystat.views.collect.recipe_page import RecipePage
from citystat.views.records.bring_in import RecordsImportPage
from citystat.views.shell.window import MainWindow


class Drawer(dict[str, str]):
    """Passwords for a test: a folder has none."""


Write = Callable[..., Path]


@pytest.fixture
def recipe(city: City, requests_file: Path) -> RecordRecipe:
    """The recipe by which the requests of 2024 came in."""
    made = look(city, requests_file).recipe
    bring(city, requests_file, made, now=datetime(2026, 3, 10, 9))
    return made


def opened(city: City, recipe: RecordRecipe) -> dict[str, float]:
    with city.read() as read:
        found = series(read, definition(read, recipe.measures[0].code))
    return {f"{p:%Y-%m}": v for p, v in zip(found.periods, found.values, strict=True)}


def test_next_years_file_is_read_as_the_last_one_was_and_adds_to_it(
    window: MainWindow, city: City, recipe: RecordRecipe, write: Write
) -> None:
    window.go(f"import:{write('requests-2025.csv', 500, first=date(2025, 1, 1))}")
    jobs.wait()
    page = window.page
    assert isinstance(page, RecordsImportPage)
    assert "read as before, by the recipe requests" in page.under.text()
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    jobs.wait()
    found = opened(city, recipe)
    assert sum(v for k, v in found.items() if k < "2025") == 2_000
    assert sum(v for k, v in found.items() if k >= "2025") == 500


def test_a_column_that_is_called_otherwise_is_proposed_and_accepted(
    window: MainWindow, city: City, recipe: RecordRecipe, write: Write
) -> None:
    file = write("requests-2025.csv", 200, first=date(2025, 1, 1))
    file.write_text(file.read_text().replace("Opened", "Opened on", 1))
    window.go(f"import:{file}")
    jobs.wait()
    page = window.page
    assert "There is no column “Opened”" in page._head.why.text() and not page.go_in.isEnabled()
    ((change, answer),) = page.shape.answers().items()
    assert (change.words, answer) == ("There is no column “Opened”", "Opened on")
    page.shape.go_on.click()
    jobs.wait()
    assert page.shape is None
    assert page.sentence.text() == "200 records become 5 measures"
    page.bring_in()
    jobs.wait()
    with city.read() as read:
        assert recipes.named_as(read, recipe.name, RECORDS).recipe.titles == {"Opened on": "Opened"}


def test_a_category_that_is_new_is_asked_about_before_anything_is_brought_in(
    window: MainWindow, city: City, recipe: RecordRecipe, write: Write
) -> None:
    file = write("requests-2025.csv", 200, first=date(2025, 1, 1))
    file.write_text(file.read_text().replace("Dumping", "Dumpping").replace(",6\n", ",seven\n"))
    window.go(f"import:{file}")
    jobs.wait()
    page = window.page
    proposed = {(d.column, d.found): answer for d, answer in page.shape.answers().items()}
    assert proposed == {("Kind", "Dumpping"): "Dumping", ("District", "seven"): ""}
    assert not page.go_in.isEnabled() and "Say first what is new in the file" in page._head.why.text()
    page.shape.go_on.click()
    jobs.wait()
    assert page.shape is None and page.go_in.isEnabled()
    page.bring_in()
    jobs.wait()
    with city.read() as read:
        assert recipes.named_as(read, recipe.name, RECORDS).recipe.words == {"Kind": {"Dumpping": "Dumping"}}
        assert "seven" in recipes.categories(read, [recipe.measures[0].code], ["District"])["District"]


def test_the_recipe_is_read_and_changed_on_its_page(window: MainWindow, city: City, recipe: RecordRecipe) -> None:
    window.go("recipes")
    window.page.table.selectRow(0)
    window.page.open()
    page = window.page
    assert isinstance(page, RecipePage)
    assert page.told.how.lines["closed"].toolTip() == "Closed"
    assert page.told.made.table.model_.rows[0].sentence == "How many records were opened each month"
    page.told.keep.box.click()
    page.told.measures.leave_out(recipe.measures[1].code)
    assert "version 2" in page.sentence.text().lower()
    page.why.setText("nobody asks for it")
    assert page.save()
    with city.read() as read:
        newest, first = recipes.versions_as(read, recipe.name, RECORDS)
    assert newest.why == "nobody asks for it" and len(newest.recipe.measures) == 4 and not newest.recipe.keep
    page.look_at(first)
    page.save()
    assert len(page.recipe.measures) == 5


def test_a_recipe_is_chosen_first_and_the_file_then(window: MainWindow, recipe: RecordRecipe, write: Write) -> None:
    window.go(f"import:recipe:{recipe.name}")
    assert window.page.sentence.text() == recipe.name
    window.page.take(write("called otherwise.csv", 300))
    jobs.wait()
    assert isinstance(window.page, RecordsImportPage) and window.page.recipe.name == recipe.name


def test_what_a_folder_has_new_comes_in_with_one_click(
    qtbot: QtBot, window: MainWindow, city: City, write: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    sources.save(city, "311", "folder", str(folder), {"pattern": "*.csv"}, secrets=Drawer())
    write("drop/requests-2024.csv", 400)
    window.go("data")
    jobs.wait()
    window.page.sources.bring_in(window.page.sources.lines[0])
    jobs.wait()
    assert isinstance(window.page, RecordsImportPage)  # the first time a person looks
    window.page.bring_in()
    jobs.wait()
    code = window.page.recipe.measures[0].code
    write("drop/requests-2025.csv", 100, first=date(2025, 1, 1))
    window.go("data")
    jobs.wait()
    assert isinstance(window.page, DataPage)
    window.page.sources.bring_in(window.page.sources.lines[0])
    jobs.wait()
    assert "came in from 311" in window.bar._words.text()
    with city.read() as read:
        assert series(read, definition(read, code)).values.sum() == 500
