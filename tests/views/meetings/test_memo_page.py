"""The memo in the window: read, changed by keys, written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition
from citystat.meetings import memo
from citystat.views import jobs
from citystat.views.meetings.memo import MemoPage, PassageDialog


@pytest.fixture
def page(qtbot: QtBot, sample_city: City, today: date) -> MemoPage:
    with sample_city.read() as read:
        measure = definition(read, "FD-01").id
    memo_id = memo.begin(sample_city, "Ambulances", [measure], now=datetime(2026, 3, 10, 9, 0))
    made = MemoPage(sample_city, memo_id, today)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1100, 800)
    made.show()
    jobs.wait()
    return made


def test_passages_are_changed_struck_out_and_added_by_keys(qtbot: QtBot, page: MemoPage) -> None:
    assert page.sentence.text() == "Ambulances"
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    dialog = page.findChild(PassageDialog)
    dialog.text.setPlainText("ambulances come late")
    dialog.attempt()
    jobs.wait()
    assert page._chosen().text == "Ambulances come late"
    assert [r.right for r in page.list.rows if r.title == "Ambulances come late"] == ["changed by hand"]
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    jobs.wait()
    assert "1 struck out" in page.under.text()
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    jobs.wait()
    assert page._chosen().text is not None and "struck" not in page.under.text()
    page.add()
    mine = [d for d in page.findChildren(PassageDialog) if d.isVisible()][-1]
    mine.text.setPlainText("Who pays?")
    mine.attempt()
    jobs.wait()
    assert "Who pays?" in [r.title for r in page.list.rows]


def test_it_is_written_with_its_charts(page: MemoPage, tmp_path: Path) -> None:
    page.write(tmp_path / "m.docx")
    jobs.wait()
    assert len(docx.Document(str(tmp_path / "m.docx")).inline_shapes) == 1
