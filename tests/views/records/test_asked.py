"""Records of a database that needs a person: what is new is asked, and they are taken in from where it was asked."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from citystat.city import City
from citystat.collect import recipes, sources
from citystat.collect.sources import SourceRow
from citystat.measures.series import broken_down, definition
from citystat.records.bring import ask
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe
from citystat.views import jobs
from citystat.views.records.asked import AskedRecordsPage
from citystat.views.shell.window import MainWindow

RECIPE = RecordRecipe(
    "Permits",
    opened="opened",
    key="no",
    breakdowns=("kind",),
    keep=False,
    measures=(RecordMeasure("PERMITS", "Permits"),),
)


class Drawer(dict[str, str]):
    """No passwords."""

    def put(self, name: str, password: str) -> None:
        self[name] = password


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "permits.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE permit (no INTEGER, opened TEXT, kind TEXT)")
        rows = [(n, f"2026-01-{n % 28 + 1:02d}", ("Garage", "Dwelling")[n % 2]) for n in range(40)]
        db.executemany("INSERT INTO permit VALUES (?, ?, ?)", rows)
    db.close()
    return path


@pytest.fixture
def source(city: City, database: Path) -> SourceRow:
    """A source whose records came in once, by a recipe; since then a kind is new, and another is misspelt."""
    row = sources.save(
        city, "Permits", "database", f"sqlite:///{database}", {"sql": "select * from permit"}, secrets=Drawer()
    )
    ask(city, row, RECIPE, secrets=Drawer(), now=datetime(2026, 2, 5, 9))
    with sqlite3.connect(database) as db:
        db.executemany(
            "INSERT INTO permit VALUES (?, ?, ?)", [(100, "2026-02-01", "Gara ge"), (101, "2026-02-02", "Pool")]
        )
    db.close()
    with city.read() as read:
        return next(s for s in sources.sources(read) if s.id == row.id)


def test_what_is_new_is_asked_and_then_taken_in(window: MainWindow, city: City, source: SourceRow) -> None:
    window.go(f"import:source:{source.id}")
    jobs.wait()
    page = window.page
    assert isinstance(page, AskedRecordsPage)
    assert page.sentence.text() == "2 things are new in Permits"
    assert {(d.found, a) for d, a in page.shape.answers().items()} == {("Gara ge", "Garage"), ("Pool", "")}
    page.shape.go_on.click()
    jobs.wait()
    assert page.sentence.text() == "42 records of Permits are understood"
    assert "nothing is written yet" in page.under.text()
    page.bring_in()
    jobs.wait()
    with city.read() as read:
        parts = {p.category for p in broken_down(read, definition(read, "PERMITS"), "kind")}
        assert parts == {"Garage", "Dwelling", "Pool"}
        assert recipes.named_as(read, "Permits", RECORDS).recipe.words == {"kind": {"Gara ge": "Garage"}}


def test_what_the_source_refuses_is_said_and_it_can_be_asked_again(
    window: MainWindow, database: Path, source: SourceRow
) -> None:
    database.rename(database.with_suffix(".gone"))
    window.go(f"ask-records:{source.id}")
    jobs.wait()
    page = window.page
    assert page.sentence.text() == "Nothing can be brought in as it is" and page.under.text()
    database.with_suffix(".gone").rename(database)
    page._look()
    jobs.wait()
    assert page.shape is not None
