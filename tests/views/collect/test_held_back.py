"""The import window: what the checks say stands there before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.widgets.fields import ReasonDialog
from tests.collect.bringing import measure, values
from tests.collect.test_checks import V, history


@pytest.fixture
def page(qtbot: QtBot, city: City, tmp_path: Path) -> ImportPage:
    from citystat.collect.recipe import Recipe

    history(city, tmp_path)
    path = tmp_path / "next.csv"
    path.write_text("period,value\n2026-02,640\n2026-03,50300\n")
    made = ImportPage(city)
    qtbot.addWidget(made)
    made.resize(1232, 808)
    made.show()
    made.open(path, Recipe(period="period", frequency="month", measures=V))
    jobs.wait()
    qtbot.waitUntil(lambda: made.batch is not None)
    return made


def test_findings_stand_by_cell_and_the_rest_can_come_in(page: ImportPage, city: City, qtbot: QtBot) -> None:
    lines = [(x.place, x.words, x.kind.error) for x in page.file.remarks.model_.rows]
    assert lines[0][::2] == ("B3", True) and lines[0][1].startswith("50,300 is about 100 times")
    assert lines[1][::2] == ("B2", False) and "A jump to 640" in lines[1][1]
    assert "1 figure fails a check and is held back" in page._head.why.text()
    assert page._head.believe.isVisible() and page.go_in.isEnabled()
    page.bring_in()
    jobs.wait()
    qtbot.waitUntil(lambda: page.done is not None)
    assert page.done is not None and page.done.added == 1
    assert "2026-03" not in values(measure(city, "V"))


def test_with_a_reason_all_comes_in(page: ImportPage, city: City, qtbot: QtBot) -> None:
    page._head.believe.click()
    dialog = page.findChild(ReasonDialog)
    dialog.attempt()
    assert "reason" in dialog._wrong.text()
    dialog.reason.setText("parts are counted now")
    dialog.attempt()
    page.bring_in()
    jobs.wait()
    qtbot.waitUntil(lambda: page.done is not None)
    assert values(measure(city, "V"))["2026-03"] == 50_300


def test_what_was_found_leads_to_the_quality_page(page: ImportPage, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    gone: list[str] = []
    page.go.connect(gone.append)
    page.bring_in()
    jobs.wait()
    qtbot.waitUntil(lambda: page.done is not None)
    link = next(b for b in page.findChildren(QPushButton) if "held back" in b.text())
    assert link.text() == "1 figure was held back, 1 waits to be accepted"
    link.click()
    assert gone == ["quality"]
