"""Sources, recipes and changed files in the window: one click, what changed is asked, what is watched is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.collect import recipes, sources
from citystat.measures.series import broken_down, definition, series
from citystat.views import jobs
from citystat.views.collect import recipe_page, source_dialog
from citystat.views.collect.sources_list import DO, MORE
from citystat.views.collect.watch import Watch
from citystat.views.shell.window import MainWindow

JANUARY = "Month,District,Trips,Cost\n2026-01,North,10,5\n2026-01,South,20,6\n"


class Drawer(dict[str, str]):
    """Passwords for a test."""

    def get(self, name: str, otherwise: str = "") -> str:  # type: ignore[override]
        return super().get(name, otherwise)

    def put(self, name: str, password: str) -> None:
        self[name] = password


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "returns"
    made.mkdir()
    (made / "trips-2026-01.csv").write_text(JANUARY, encoding="utf-8")
    return made


def month(folder: Path, n: int, text: str = JANUARY) -> Path:
    path = folder / f"trips-2026-{n:02d}.csv"
    path.write_text(text.replace("2026-01", f"2026-{n:02d}"), encoding="utf-8")
    return path


@pytest.fixture
def taught(window: MainWindow, folder: Path) -> MainWindow:
    """A folder as a source, whose first file a person brought in."""
    sources.save(window.city, "Transit", "folder", str(folder), {}, secrets=Drawer())
    window.go("data")
    jobs.wait()
    window.page.sources.bring_in(window.page.sources.lines[0])
    jobs.wait()
    assert window.page.sentence.text() == "2 measures, 4 values"
    window.page.bring_in()
    jobs.wait()
    window.go("data")
    jobs.wait()
    return window


def click(qtbot: QtBot, window: MainWindow, column: int) -> None:
    table = window.page.sources.table
    at = table.visualRect(table.model().index(0, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    jobs.wait()


def trips(city: City) -> list[float]:
    with city.read() as read:
        return [float(v) for v in series(read, definition(read, "TRPS-01")).values]


def test_the_second_month_is_one_click(qtbot: QtBot, taught: MainWindow, folder: Path) -> None:
    assert taught.page.sources.lines[0].new == "nothing new"
    month(folder, 2)
    month(folder, 3)
    taught.go("today")
    taught.go("data")
    jobs.wait()
    assert taught.page.sentence.text() == "2 new files in Transit"
    click(qtbot, taught, DO)
    assert taught.bar.accessibleName() == "8 values came in from Transit. Ctrl+Z takes them back"
    assert trips(taught.city) == [30, 30, 30]
    qtbot.waitUntil(lambda: taught.page.sources.lines[0].new == "nothing new")
    taught.undo()
    assert trips(taught.city) == [30, 30]
    jobs.wait()
    assert taught.page.sources.lines[0].new == "1 new file", "what was taken back waits again"


def test_a_file_that_changed_is_asked_about_and_goes_on_where_it_was(qtbot: QtBot, taught: MainWindow, folder: Path) -> None:  # fmt: skip
    month(folder, 2, JANUARY.replace("District", "Council District").replace("South", "Sout h"))
    taught.page.sources.refresh()
    jobs.wait()
    click(qtbot, taught, DO)
    page = taught.page
    assert page.sentence.text() == "1 thing has changed in this file"
    assert [(c.words, box.currentText()) for c, box in page.shape._asked] == [
        ("There is no column “District”", "Council District")
    ]
    taught.activateWindow()
    qtbot.waitUntil(taught.isActiveWindow)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    jobs.wait()
    assert [box.currentText() for _, box in page.shape._asked] == ["the same as “South”"], "what stood behind the first"
    page.shape.accept()
    jobs.wait()
    assert page.sentence.text() == "2 measures, 4 values"
    page.bring_in()
    jobs.wait()
    with taught.city.read() as read:
        parts = {
            p.category: [float(v) for v in p.values] for p in broken_down(read, definition(read, "TRPS-01"), "District")
        }
        newest = recipes.versions(read, "trips")[0]
    assert parts == {"North": [10, 10], "South": [20, 20]}
    assert (newest.number, newest.why) == (2, "District → Council District; Sout h → South")


def test_what_is_needed_must_be_chosen(taught: MainWindow, folder: Path) -> None:
    path = month(folder, 2, "Region,Trips,Cost\nNorth,1,2\n")
    taught.go(f"import:recipe:{'trips'}")
    assert taught.page.sentence.text() == "trips"
    taught.page.open(path)
    jobs.wait()
    shape = taught.page.shape
    assert not shape.go_on.isEnabled()
    assert "Choose what stands for “Month”" in shape._lacks.text()
    shape.accept()
    jobs.wait()
    assert trips(taught.city) == [30]


def test_a_changed_file_can_be_guessed_anew(taught: MainWindow, folder: Path) -> None:
    taught.go(f"import:{month(folder, 2, JANUARY.replace('District', 'Area'))}")
    jobs.wait()
    taught.page.shape.guess_wanted.emit()
    jobs.wait()
    assert taught.page.sentence.text() == "2 measures, 4 values"
    assert taught.page.recipe.name == "trips (2)"


def test_next_months_file_is_dropped_and_its_recipe_found(taught: MainWindow, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(month(folder, 2)))])
    taught.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))  # fmt: skip
    jobs.wait()
    assert "read as before, by the recipe trips" in taught.page.under.text()


def test_a_watched_folder_is_told_once_and_brought_in_only_where_that_was_switched_on(taught: MainWindow, folder: Path) -> None:  # fmt: skip
    city = taught.city
    taught.watch()
    jobs.wait()
    watch: Watch = taught.watching
    month(folder, 2)
    watch.look()
    jobs.wait()
    assert not taught.bar.isVisible(), "nobody asked for it to be watched"
    sources.save(
        city, "Transit", "folder", str(folder), {}, secrets=Drawer(), watched=True, was="Transit", recipe="trips"
    )
    watch.look()
    jobs.wait()
    assert taught.bar.accessibleName() == "1 new file in Transit."
    assert trips(city) == [30]
    taught.bar.hide()
    watch.look()
    jobs.wait()
    assert not taught.bar.isVisible(), "what was told is not told again"
    sources.save(city, "Transit", "folder", str(folder), {"by_itself": True}, secrets=Drawer(), watched=True, was="Transit", recipe="trips")  # fmt: skip
    month(folder, 3)
    month(folder, 4, JANUARY.replace("District", "Area"))
    watch.look()
    jobs.wait()
    said = taught.bar.accessibleName()
    assert "8 values came in from trips-2026-02.csv, trips-2026-03.csv." in said
    assert "trips-2026-04.csv waits for you: There is no column “District”: “Area” is proposed." in said
    assert trips(city) == [30, 30, 30], "what waited when it was switched on comes in, too"


def test_a_source_is_added_changed_and_removed_by_hand(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.go("data")
    window.page.sources.add()
    dialog: source_dialog.SourceDialog = window.page.sources.dialog
    dialog.attempt()
    assert "A source needs a name" in dialog._wrong.text() and dialog.isVisible()
    dialog.name.setText("Transit")
    dialog.place.setText(str(folder))
    dialog.watched.setChecked(True)
    dialog.attempt()
    jobs.wait()
    line = window.page.sources.lines[0]
    assert (line.source.name, line.source.watched, line.source.by_itself, line.new) == (
        "Transit",
        True,
        False,
        "1 new file",
    )
    click(qtbot, window, MORE)
    next(a for a in window.page.sources.menu.actions() if a.text() == "Change…").trigger()
    dialog = window.page.sources.dialog
    dialog.name.setText("Buses")
    dialog.attempt()
    assert [x.source.name for x in window.page.sources.lines] == ["Buses"]
    window.page.sources.remove(window.page.sources.lines[0].source)
    assert window.page.sources.lines == []
    window.undo()
    assert [x.source.name for x in window.page.sources.lines] == ["Buses"]


def test_the_fields_are_those_of_the_kind(window: MainWindow) -> None:
    window.go("data")
    window.page.sources.add()
    dialog = window.page.sources.dialog
    for kind, shown in source_dialog.FIELDS.items():
        dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
        assert {
            k for k in ("pattern", "sql", "dataset", "where", "password", "watch") if dialog._parts[k].isVisible()
        } == set(shown)


def test_a_recipe_is_read_corrected_and_taken_up_again(taught: MainWindow) -> None:
    taught.go("recipes")
    assert taught.page.sentence.text() == "1 recipe"
    taught.page.table.selectRow(0)
    taught.page.open()
    page: recipe_page.RecipePage = taught.page
    assert page.told.how.lines["period"].toolTip() == "Month"
    assert page.told.how.lines["breakdowns"].toolTip() == "District"
    assert ("Cost", False, {"breakdowns": ("District", "Cost")}) in page.told.how._choices("breakdowns")
    page.told.how._change(frequency="quarter")
    assert page.sentence.text() == "Version 2 is not saved yet"
    page.why.setText("By quarter from now on")
    taught.go("data")  # what was changed is kept before the page goes
    with taught.city.read() as read:
        newest = recipes.versions(read, "trips")[0]
    assert (newest.number, newest.why, newest.recipe.frequency) == (2, "By quarter from now on", "quarter")
    taught.go("recipe:trips")
    page = taught.page
    page.told.becomes.changed.emit(())
    assert not page.save(), "a recipe that makes nothing is not kept"
    page.discard()
    assert page.sentence.text() == "trips"
    page.look_at(page.versions.model_.rows[1])
    assert page.why.text() == "As version 1 again"
    page.save()
    assert [v.number for v in page.versions.model_.rows] == [3, 2, 1]
    taught.undo()
    assert [v.number for v in page.versions.model_.rows] == [2, 1]


def test_what_was_accepted_can_be_forgotten(taught: MainWindow, folder: Path, qtbot: QtBot) -> None:
    taught.go(f"import:{month(folder, 2, JANUARY.replace('District', 'Area'))}")
    jobs.wait()
    taught.page.shape.accept()
    jobs.wait()
    taught.page.bring_in()
    jobs.wait()
    taught.go("recipe:trips")
    page = taught.page
    assert page.recipe.titles == {"Area": "District"}
    forget = next(b for b in page.findChildren(recipe_page.button("", int).__class__) if b.text() == "Forget it")
    qtbot.mouseClick(forget, Qt.MouseButton.LeftButton)
    assert page.recipe.titles == {}
    page.save()
    with taught.city.read() as read:
        assert recipes.named(read, "trips").recipe.titles == {}


def test_a_recipe_goes_out_and_in_as_a_file(
    taught: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe_page, "file_to_write", lambda *_: tmp_path / "trips.json")
    monkeypatch.setattr(recipe_page, "file_to_open", lambda *_: tmp_path / "trips.json")
    taught.go("recipe:trips")
    taught.page.export()
    taught.go("recipes")
    taught.page.table.selectRow(0)
    taught.page.retire()
    assert taught.page.sentence.text() == "No recipe yet"
    taught.page.load()
    assert taught.page.sentence.text() == "1 recipe"


def test_a_database_is_asked_read_corrected_and_then_one_click(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    database = tmp_path / "permits.db"
    with sqlite3.connect(database) as file:
        file.execute("CREATE TABLE permit (month TEXT, kind TEXT)")
        file.executemany("INSERT INTO permit VALUES (?, ?)", [(f"2025-{1 + n % 6:02d}", "home") for n in range(60)])
    file.close()
    options = {"sql": "select month, count(*) as permits from permit group by month"}
    sources.save(window.city, "Permits", "database", f"sqlite:///{database}", options, secrets=Drawer())
    window.go("data")
    click(qtbot, window, DO)
    assert window.page.sentence.text() == "1 measure, 6 values"
    window.page._anew()
    jobs.wait()
    assert window.page.sentence.text() == "1 measure, 6 values", "reading it again asks the database again"
    window.page.bring_in()
    jobs.wait()
    assert window.page.sentence.text() == "6 values are in"
    with sqlite3.connect(database) as file:
        file.executemany("INSERT INTO permit VALUES (?, ?)", [("2025-07", "shop")] * 9)
    file.close()
    window.go("data")
    click(qtbot, window, DO)
    assert window.bar.accessibleName() == "1 value came in from Permits. Ctrl+Z takes it back"
    click(qtbot, window, DO)
    assert window.bar.accessibleName() == "Nothing is new in Permits"
    window.page.table.selectRow(0)
    window.page.take_back()
    assert "nothing to take back" in window.bar.accessibleName()


def test_what_the_checks_hold_back_of_a_source_is_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "returns"
    folder.mkdir()
    rows = [f"2025-{month:02d},{500 + month}" for month in range(1, 13)]
    (folder / "permits-2025.csv").write_text("Month,Permits\n" + "\n".join(rows) + "\n", encoding="utf-8")
    sources.save(window.city, "Permits", "folder", str(folder), {}, secrets=Drawer())
    window.go("data")
    jobs.wait()
    click(qtbot, window, DO)
    window.page.bring_in()
    jobs.wait()
    (folder / "permits-2026.csv").write_text("Month,Permits\n2026-01,50600\n", encoding="utf-8")
    window.go("data")
    jobs.wait()
    click(qtbot, window, DO)
    assert window.bar.accessibleName() == "Permits: 1 figure was held back"
