"""Bad input through the window: a sentence with its place and what to do, nothing written, the window stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot
from sqlalchemy import event, text

from citystat.city import City
from citystat.collect import reading
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.collect.page import DataPage
from citystat.views.shell.theme import current, dress
from citystat.views.shell.window import MainWindow

Opened = Callable[..., ImportPage]
GOOD = "Month,Trips\n" + "".join(f"2025-{m:02d},{100 + m}\n" for m in range(1, 13))
PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500


def written(city: City) -> int:
    with city.read() as read:
        return int(read.execute(text("SELECT (SELECT count(*) FROM measure) + (SELECT count(*) FROM import_run)")).scalar() or 0)  # fmt: skip


def said(page: ImportPage) -> str:
    """All words of the page."""
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


@pytest.mark.parametrize(
    ("name", "content", "what", "do"),
    [
        ("a.xlsx", b"Month,Trips\n", "This is not a workbook, though its name says so", "rename it to .csv"),
        ("a.xlsx", PROTECTED, "The workbook is protected by a password", "Save it without a password"),
        ("a.csv", b"", "The file is empty", "Ask the sender"),
        ("a.csv", b"name,place\nAnn,North\n", "There are no numbers in this file", "Check that it is the right file"),
    ],
)
def test_a_file_that_cannot_be_read(opened: Opened, city: City, name: str, content: bytes, what: str, do: str) -> None:
    page = opened(content, name)
    assert page.sentence.text() == "The file could not be read"
    assert page.under.text() == name
    assert what in said(page)
    assert do in said(page)
    assert not page._head.acts.isVisible()
    assert written(city) == 0


def test_where_no_column_is_known_as_the_period_a_person_points_at_it(opened: Opened) -> None:
    page = opened("Trips,When\n" + "".join(f"{100 + m},week of 2025-{m:02d}-03\n" for m in range(1, 6)))
    assert page.sentence.text() == "The file is not understood yet"
    assert (
        page._head.why.text()
        == "◆ No column is the period. Click the head of the column with the dates and choose “Period”"
    )
    page.file.set_role(1, reading.PERIOD)
    jobs.wait()
    assert page.sentence.text() == "5 cells cannot be read"
    assert page.file.remarks.model_.rows[0].place == "5 cells"
    assert [m.code for m in page.recipe.measures] == ["TRPS-01"]


def test_two_columns_of_one_name_are_named_with_their_cell(opened: Opened, city: City) -> None:
    page = opened("Month,Trips,Trips,Cost\n" + "".join(f"2025-{m:02d},1,2,3\n" for m in range(1, 13)))
    line = page.file.remarks.model_.rows[0]
    assert line.place == "C1"
    assert line.words.startswith("Two columns are called “Trips”: neither is brought in. Rename one")
    assert [m.code for m in page.recipe.measures] == ["COST-01"]


def test_a_total_row_is_left_out_and_said(opened: Opened) -> None:
    page = opened("Month,District,Trips\n" + "".join(f"2025-{m:02d},{d},{m}\n" for m in range(1, 13) for d in ("North", "South", "Total")))  # fmt: skip
    assert page.sentence.text() == "1 measure, 24 values"
    assert "A total: the row is left out" in page.file.remarks.model_.rows[0].words


def test_dates_that_cannot_be_stop_the_import_and_lead_to_their_cell(qtbot: QtBot, opened: Opened, city: City) -> None:
    page = opened(GOOD.replace("2025-03", "2025-13").replace("2025-04", "31 Feb 2025"))
    assert page.sentence.text() == "2 cells cannot be read"
    assert not page.go_in.isEnabled()
    assert "corrected or left out" in page._head.why.text()
    page.file.remarks.selectRow(0)
    at = page.file.preview.currentIndex()
    assert (at.row(), at.column()) == (3, 0)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page.bring_in()
    jobs.wait()
    assert written(city) == 0


def test_a_file_that_is_gone_before_it_is_read(window: MainWindow, city: City, tmp_path: Path) -> None:
    window.go(f"import:{tmp_path / 'gone.csv'}")
    jobs.wait()
    assert "There is no such file" in said(window.page)
    assert "Check the name" in said(window.page)


def test_a_file_that_is_gone_after_it_was_read_comes_in_as_it_was_shown(opened: Opened, tmp_path: Path) -> None:
    page = opened(GOOD)
    (tmp_path / "transit.csv").unlink()
    page.bring_in()
    jobs.wait()
    assert page.sentence.text() == "12 values are in"


def test_a_file_changed_after_the_preview_is_not_taken_in_before_it_was_seen(opened: Opened, city: City, tmp_path: Path) -> None:  # fmt: skip
    page = opened(GOOD)
    page.file.becomes.edit(page.recipe.measures[0])
    page.file.becomes.dialog.name.setText("All trips")
    page.file.becomes.dialog.attempt()
    jobs.wait()
    (tmp_path / "transit.csv").write_text(GOOD.replace("2025-12,112", "2025-12,999"))
    page.bring_in()
    jobs.wait()
    assert "transit.csv: The file was changed after it was read" in page._head.why.text()
    assert written(city) == 0
    assert page.file.isEnabled()
    page._head.again.click()
    jobs.wait()
    assert page.recipe.measures[0].name == "All trips"
    page.bring_in()
    jobs.wait()
    assert page.sentence.text() == "12 values are in"
    with city.read() as read:
        assert read.execute(text("SELECT max(value) FROM observation")).scalar() == 999


def test_a_city_that_becomes_read_only_keeps_nothing_and_says_so(opened: Opened, city: City) -> None:
    page = opened(GOOD)

    def only_read(connection: object, *_: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    event.listen(city._engine, "checkout", only_read)
    page.bring_in()
    jobs.wait()
    assert "The file or its folder cannot be written" in page._head.why.text()
    assert "Save a copy" in page._head.why.text()
    assert page.go_in.isEnabled()
    assert written(city) == 0


def test_a_recipe_of_a_like_named_file_that_does_not_fit_is_passed_over(opened: Opened) -> None:
    first = opened(GOOD, "budget-2024.csv")
    first.bring_in()
    jobs.wait()
    second = opened("Period,Cost\n" + GOOD.split("\n", 1)[1], "budget-2025.csv")
    assert second.sentence.text() == "1 measure, 12 values"
    assert "read as before" not in second.under.text()


## Dropped, and on small screens


def dropped(window: MainWindow, *paths: Path) -> None:
    """Drag the files over the window and let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(5, 5), copy, data, left, plain)
    window.dragEnterEvent(over)
    assert over.isAccepted()
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, plain))
    jobs.wait()


@pytest.mark.parametrize("place", ["today", "data", "measures"])
def test_a_file_dropped_anywhere_in_the_window_opens_the_import(window: MainWindow, tmp_path: Path, place: str) -> None:
    (tmp_path / "transit.csv").write_text(GOOD)
    window.go(place)
    assert not window.page.acceptDrops()  # the window takes what its page does not
    dropped(window, tmp_path / "transit.csv", tmp_path / "other.csv")
    assert window.page.sentence.text() == "1 measure, 12 values"
    assert "One file at a time: transit.csv is read" in window.bar.accessibleName()


def test_a_dropped_city_is_opened_not_imported(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    City.create(tmp_path / "Other.citystat", "Other", who="tester").close()
    dropped(window, tmp_path / "Other.citystat")
    assert window.city is not None
    assert window.city.settings.name == "Other"
    window.close_city()


def test_the_data_page_names_the_place_to_drop(window: MainWindow) -> None:
    window.go("data")
    assert isinstance(window.page, DataPage)
    assert "Drop a file anywhere in the window" in window.page.under.text()


@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 1.0), ((1024, 768), 1.0), ((1024, 768), 2.0), ((1366, 768), 2.0)]
)
def test_the_primary_act_is_always_in_sight(qtbot: QtBot, window: MainWindow, opened: Opened, size: tuple[int, int], scale: float) -> None:  # fmt: skip
    window.remembered.set("scale", scale)
    before = current().scale
    dress(window.remembered)
    try:
        window.resize(*size)
        wide = "Month,District,Kind," + ",".join(f"Trips on line {n} of the network" for n in range(14)) + "\n"
        rows = "".join(f"2025-{m:02d},North,bus," + ",".join(["7"] * 14) + "\n" for m in range(1, 13))
        page = opened(wide + rows)
        qtbot.waitUntil(lambda: page.go_in.isVisible() and page.file.height() > 0)
        corner = page.go_in.mapTo(window, page.go_in.rect().bottomRight())
        assert window.rect().contains(page.go_in.mapTo(window, QPoint(0, 0)))
        assert window.rect().contains(corner)
        assert window._holder.verticalScrollBar().maximum() == 0
        assert window._holder.horizontalScrollBar().maximum() == 0
    finally:
        window.remembered.set("scale", before)
        dress(window.remembered)
