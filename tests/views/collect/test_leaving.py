"""What was corrected in the import page is not lost by the way; a dropped file goes to the page that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox
from sqlalchemy import update

from citystat.city import City
from citystat.models import ImportRun, RecipeVersion
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.shell.offers import offers
from citystat.views.shell.window import MainWindow

Opened = Callable[..., ImportPage]
TABLE = "Month,Trips,Cost\n" + "".join(f"2025-{m:02d},{100 + m},{50 + m}\n" for m in range(1, 13))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked; it is answered with No until "yes" stands in it."""
    said: list[str] = []

    def question(_parent: object, _title: str, words: str) -> QMessageBox.StandardButton:
        answer = QMessageBox.StandardButton.Yes if "yes" in said else QMessageBox.StandardButton.No
        said.append(words)
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    return said


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, plain))
    jobs.wait()


def correct(page: ImportPage) -> None:
    page.file.becomes.turn(page.recipe.measures[1])
    jobs.wait()
    assert page.go_in.text() == "Bring in 12 values"


def test_a_page_that_was_not_corrected_is_left_without_a_question(window: MainWindow, opened: Opened, asked: list[str]) -> None:  # fmt: skip
    opened(TABLE)
    window.go("data")
    assert asked == [] and window._address == "data"


@pytest.mark.parametrize("how", ["go", "close", "drop", "look"])
def test_corrections_are_lost_only_if_the_person_says_so(
    window: MainWindow, opened: Opened, asked: list[str], tmp_path: Path, how: str
) -> None:
    page = opened(TABLE)
    correct(page)
    (tmp_path / "other.csv").write_text(TABLE, encoding="utf-8")
    leave = {
        "go": lambda: window.go("data"), "close": window.close_city, "drop": lambda: drop(window, tmp_path / "other.csv"),
        "look": lambda: window.redress("theme", True),
    }[how]  # fmt: skip
    leave()
    assert asked == ["transit.csv was not brought in. What you corrected would be lost."]
    assert window.page is page and page.go_in.text() == "Bring in 12 values"
    asked.append("yes")
    leave()
    assert window.page is not page or page.source.name == "other.csv"


def test_a_typed_name_is_a_correction_and_bringing_in_ends_the_question(
    window: MainWindow, opened: Opened, asked: list[str]
) -> None:
    page = opened(TABLE)
    page.file.name.textEdited.emit("Bus")
    assert not page.leave()
    page.bring_in()
    jobs.wait()
    assert page.leave() and len(asked) == 1


def test_a_city_dropped_on_the_page_is_opened(window: MainWindow, opened: Opened, tmp_path: Path) -> None:
    page = opened(TABLE)
    assert not page.acceptDrops()
    City.create(tmp_path / "Other.citystat", "Other", who="tester").close()
    drop(window, tmp_path / "Other.citystat")
    assert window.city.settings.name == "Other"
    window.city.close()


def test_the_next_file_dropped_is_read_as_that_import_was(window: MainWindow, opened: Opened, tmp_path: Path) -> None:
    page = opened(TABLE)
    correct(page)
    page.bring_in()
    jobs.wait()
    window.go(f"import:run:{page.done.run_id}")
    (tmp_path / "called otherwise.csv").write_text(TABLE, encoding="utf-8")
    drop(window, tmp_path / "called otherwise.csv")
    assert window.page.go_in.text() == "Bring in 12 values"


def test_ctrl_k_offers_to_bring_in_what_is_on_view(window: MainWindow, opened: Opened) -> None:
    opened(TABLE)
    here = [o.words for o in offers(window) if o.hint == "on this page"]
    assert here == ["Bring in 24 values", "Another file…", "Each row is a record"]


def test_a_recipe_that_validates_no_more_is_passed_over_and_said(
    window: MainWindow, opened: Opened, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    page = opened(TABLE)
    page.bring_in()
    jobs.wait()
    with city.change("spoil") as change:
        row = change.get(ImportRun, page.done.run_id)
        change.execute(update(ImportRun).values(recipe={**row.recipe, "layout": "spiral"}))
        change.execute(update(RecipeVersion).values(data={**row.recipe, "layout": "spiral"}))
    window.go("import")
    assert window.page.under.text().endswith("cannot be read any more: transit")
    assert "is passed over" in caplog.text
    window.go(f"import:run:{page.done.run_id}")
    assert "spiral" in window.bar._words.text()
