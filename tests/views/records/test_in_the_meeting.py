"""In a meeting the records are the operator's alone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition
from citystat.meetings import agenda
from citystat.meetings.meeting import plan_meeting
from citystat.meetings.series import save_series
from citystat.records.bring import bring
from citystat.records.look import look
from citystat.views import jobs
from citystat.views.meetings.console import Console
from citystat.views.records.beside_meeting import RecordsDialog


def test_nothing_of_the_records_reaches_the_wall(qtbot: QtBot, city: City, requests_file: Path) -> None:
    recipe = look(city, requests_file).recipe
    bring(city, requests_file, recipe, now=datetime(2026, 3, 10, 9))
    with city.read() as read:
        m = definition(read, recipe.measures[0].code)
    meeting = planned(city)
    agenda.add_item(city, meeting, "measure", m.name, 10, [m.id])
    console = Console(city, meeting, now=lambda: datetime(2026, 3, 10, 9))
    qtbot.addWidget(console)
    console.resize(1366, 768)
    console.show()
    console.begin()
    audience = console.audience
    shown, before = audience.wall, audience.grab().toImage()
    console.open_records()
    jobs.wait()
    dialog = console.findChild(RecordsDialog)
    assert (
        dialog.isVisible() and dialog.parentWidget() is console and "records are behind" in dialog.page.sentence.text()
    )
    assert audience.wall is shown and audience.grab().toImage() == before
    QTest.keyClick(dialog.page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    jobs.wait()
    assert audience.grab().toImage() == before
    QTest.keyClick(dialog.page.table, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    console._close_wall()


def planned(city: City) -> int:
    """A meeting planned for that day."""
    return plan_meeting(city, save_series(city, None, name="StreetStat"), date(2026, 3, 10))
