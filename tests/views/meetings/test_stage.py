"""The console's copy of the wall tells in full what the wall may have to cut."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.edit import annotate
from citystat.measures.picture import chart_of
from citystat.measures.series import definition
from citystat.views.meetings.stage import Copy
from citystat.views.meetings.wall import Wall

LONG = "The council moves the dispatch centre into the new building at the harbour, with all its lines and people"


def test_the_whole_words_of_a_flag_stand_in_tooltip_and_reading(qtbot: QtBot, sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        annotate(sample_city, definition(read, "EC-01").id, date(2025, 9, 1), "note", LONG)
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "EC-01"), as_of=today)
    copy = Copy()
    qtbot.addWidget(copy)
    copy.show_wall(Wall(title=chart.headline, chart=chart))
    assert LONG in copy.toolTip() and LONG in copy.accessibleName()
