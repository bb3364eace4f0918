"""The records behind a number: counted, sorted, searched, saved, and back to the chart."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition, series
from citystat.records.bring import bring
from citystat.records.look import look
from citystat.views import jobs
from citystat.views.measures.page import MeasurePage
from citystat.views.records.page import RecordsPage
from citystat.views.records.paged import PAGE, PagedTable
from citystat.views.shell.offers import offers
from citystat.views.shell.window import MainWindow
from tests.views.records.conftest import write_requests
from tests.views.shell.test_walk import LOOKS, cut, settle, unnamed


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A city whose records are kept, made once, and the codes of: opened, closed, median days, within 5 days, open at the end."""
    place = tmp_path_factory.mktemp("records")
    requests = write_requests(place / "requests-2024.csv")
    with City.create(place / "Test.citystat", "Test", who="tester") as made:
        recipe = look(made, requests).recipe
        bring(made, requests, recipe, now=datetime(2026, 3, 10, 9))
    return place, [m.code for m in recipe.measures]


@pytest.fixture
def codes(brought: tuple[Path, list[str]]) -> list[str]:
    """The measures."""
    return brought[1]


@pytest.fixture
def city(brought: tuple[Path, list[str]], tmp_path: Path) -> Iterator[City]:
    """A copy of that city."""
    shutil.copytree(brought[0], tmp_path / "city")
    with City.open(tmp_path / "city" / "Test.citystat", who="tester") as opened:
        yield opened


@pytest.fixture
def measure(window: MainWindow, codes: list[str]) -> Callable[[int], MeasurePage]:
    """The page of a measure, by its place."""

    def go(at: int) -> MeasurePage:
        window.go(f"measure:{codes[at]}")
        return window.page

    return go


def records(window: MainWindow) -> RecordsPage:
    jobs.wait()
    assert isinstance(window.page, RecordsPage)
    return window.page


def column(page: RecordsPage, title: str) -> list[str]:
    """What the first page of rows says in a column."""
    at, model = page.columns.index(title), page.table.paged
    return [model.index(row, at).data() for row in range(min(model.rowCount(), PAGE))]


def test_as_many_records_stand_behind_a_count_as_it_says(
    window: MainWindow, measure: Callable[[int], MeasurePage], city: City, codes: list[str]
) -> None:
    page = measure(0)
    with city.read() as read:
        whole = series(read, definition(read, codes[0]))
    QTest.keyClick(page.chart, Qt.Key.Key_Home)
    QTest.keyClick(page.chart, Qt.Key.Key_Return)
    found = records(window)
    assert found.table.paged.rowCount() == whole.values[0]
    assert found.sentence.text() == f"{whole.values[0]:.0f} records are behind Jan 2024"
    assert all(day.startswith("01/") for day in column(found, "Opened"))


@pytest.mark.parametrize("at", range(5))
def test_the_records_give_the_number_again(
    window: MainWindow, measure: Callable[[int], MeasurePage], city: City, codes: list[str], at: int
) -> None:
    measure(at).open_records(5)
    found = records(window)
    with city.read() as read:
        whole = series(read, definition(read, codes[at]))
    rows = found._opened[0].page(0, 10_000)
    days = sorted(row[-1] for row in rows if row[-1] != "") if at in (2, 3) else [0]
    again = [
        len(rows), len(rows), days[len(days) // 2], 100 * sum(d <= 5 for d in days) / max(1, len(rows)), len(rows),
    ]  # fmt: skip
    assert whole.values[5] == pytest.approx(again[at], abs=0.51 if at == 2 else 1e-9)


def test_ctrl_r_opens_them_and_escape_goes_back_to_the_chart(
    window: MainWindow, measure: Callable[[int], MeasurePage]
) -> None:
    measure(0)
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    page = records(window)
    assert page._start.isoformat() == "2025-01-01"  # the newest period: what was closed then was opened before
    assert page._nought.isVisible()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert isinstance(window.page, MeasurePage)
    assert "Open the records" in {o.words for o in offers(window)}
    assert window.page.acts()[0][0] == "Records"


def test_of_a_chart_that_is_broken_down_a_part_is_asked(
    window: MainWindow, measure: Callable[[int], MeasurePage]
) -> None:
    page = measure(0)
    page._break_down()
    page.open_records(0)
    menu = next(m for m in page.findChildren(QMenu) if m.isVisible())
    words = [a.text() for a in menu.actions()]
    assert words[0] == "All of Jan 2024" and len(words) == 7
    menu.actions()[1].trigger()
    menu.close()
    found = records(window)
    assert set(column(found, "District")) == {words[1]} and f"District {words[1]}" in found.under.text()


def test_a_measure_without_records_says_so(window: MainWindow, city: City) -> None:
    window.go("today")
    window.open_records()
    assert "open one first" in window.bar._words.text()


def test_search_sorting_and_saving_go_together(
    qtbot: QtBot, window: MainWindow, measure: Callable[[int], MeasurePage], tmp_path: Path
) -> None:
    measure(2).open_records(2)
    page = records(window)
    every = page.table.paged.rowCount()
    qtbot.keyClicks(page.search, "dumping")
    qtbot.waitUntil(lambda: not page._typed.isActive())
    jobs.wait()
    assert 0 < page.table.paged.rowCount() < every and "say that" in page._found.text()
    assert set(column(page, "Kind")) == {"Dumping"}
    page.table.sortByColumn(len(page.columns) - 1, Qt.SortOrder.DescendingOrder)
    jobs.wait()
    days = [int(d) for d in column(page, "days from opened to closed") if d]
    assert days == sorted(days, reverse=True)
    page.save_to(tmp_path / "found.csv")
    jobs.wait()
    rows = list(csv.DictReader((tmp_path / "found.csv").open(encoding="utf-8-sig")))
    assert len(rows) == page.table.paged.rowCount() and {r["Kind"] for r in rows} == {"Dumping"}
    assert rows[0]["Opened"].startswith("03/")


def test_nothing_that_says_the_word_is_said(
    qtbot: QtBot, window: MainWindow, measure: Callable[[int], MeasurePage]
) -> None:
    measure(0).open_records(2)
    page = records(window)
    page.search.setText("nowhere")
    page.ask()
    jobs.wait()
    assert page._none.isVisible() and not page.table.isVisible()
    page.search.clear()
    page.ask()
    jobs.wait()
    assert page.table.isVisible()


def test_the_months_before_and_after_are_a_key_away(window: MainWindow, measure: Callable[[int], MeasurePage]) -> None:
    measure(0).open_records(2)
    page = records(window)
    assert (page.before.text(), page.after.text()) == ("‹ Feb 2024", "Apr 2024 ›")
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert "Apr 2024" in records(window).sentence.text()
    window.back()
    assert isinstance(window.page, MeasurePage)


def test_a_column_is_hidden(window: MainWindow, measure: Callable[[int], MeasurePage]) -> None:
    measure(0).open_records(2)
    page = records(window)
    page.choose_columns()
    page.menu.actions()[0].trigger()
    page.menu.close()
    assert page.table.isColumnHidden(0)


@pytest.mark.parametrize(("look", "scale"), LOOKS[2:])
def test_the_page_speaks_and_cuts_nothing(
    window: MainWindow, measure: Callable[[int], MeasurePage], look: object, scale: float
) -> None:
    measure(0).open_records(2)
    records(window)
    window.remembered.set("scale", scale)
    window.redress("theme", look)
    settle()
    assert isinstance(window.page, RecordsPage)
    assert [*unnamed(window), *cut(window)] == []


def test_the_records_are_gone_from_the_moment_the_page_goes(
    window: MainWindow, measure: Callable[[int], MeasurePage], qtbot: QtBot
) -> None:
    before = set(Path(gettempdir()).glob("citystat-records-*"))
    measure(0).open_records(2)
    records(window)
    folders = set(Path(gettempdir()).glob("citystat-records-*")) - before
    assert folders
    window.go("today")
    qtbot.waitUntil(lambda: not any(folder.exists() for folder in folders))


def test_a_million_rows_are_fetched_as_they_come_into_sight(qtbot: QtBot) -> None:
    table = PagedTable("Records")
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    asked: list[int] = []
    table.paged.wanted.connect(lambda: asked.append(table.paged.next_missing()))
    table.begin(("n",), (), 1_000_000, [(n,) for n in range(PAGE)])
    table.scrollToBottom()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [1_000_000 // PAGE - 1]
    table.paged.put(asked[0], [(999_800 + n,) for n in range(PAGE)])
    assert table.paged.index(999_999, 0).data() == "999999"
