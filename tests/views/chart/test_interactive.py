"""The chart that is panned and zoomed: every point where it has room, special ones always, and the peaks of a line of any length."""

from __future__ import annotations

import numpy as np
import pytest
from pyqtgraph import PlotDataItem
from pytestqt.qtbot import QtBot

from citystat.charts.chart import Chart, Line, Mark
from citystat.views.chart.interactive import APART, InteractiveChart
from citystat.views.shell.theme import current as theme


def a_chart(n: int, special: tuple[int, ...] = (), breaks: tuple[int, ...] = ()) -> Chart:
    values = np.sin(np.arange(n) / 7)
    marks = tuple(
        Mark(float(i), float(v), "concern" if i in special else "common", reason="far out" if i in special else "")
        for i, v in enumerate(values)
    )
    line = Line("A measure", values, marks, breaks=breaks)
    return Chart("A-1", "", "", "", (line,), tuple(str(i) for i in range(n)), y_low=-1.0, y_high=1.0)


@pytest.fixture
def shown(qtbot: QtBot) -> InteractiveChart:
    theme()
    made = InteractiveChart()
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    return made


def points(shown: InteractiveChart) -> list[int]:
    """How many points are drawn, of each look."""
    return [len(p.item.data) for p in shown._points]


def test_a_few_years_show_every_point(shown: InteractiveChart) -> None:
    shown.set_chart(a_chart(84, special=(80,)))
    assert sorted(points(shown)) == [1, 83]


def test_common_points_wait_until_there_is_room_and_special_ones_are_always_there(shown: InteractiveChart) -> None:
    shown.set_chart(a_chart(20_000, special=(5, 6, 10_000)))
    assert points(shown) == [0, 3]
    shown.plotItem.setXRange(0, 100, padding=0)
    assert points(shown) == [99, 2]  # 0 to 100, two of them special


def test_of_special_points_that_share_a_pixel_one_is_drawn(shown: InteractiveChart) -> None:
    shown.set_chart(a_chart(20_000, special=tuple(range(0, 20_000, 2))))
    drawn = points(shown)[0]
    assert 100 < drawn <= shown.width() / APART
    shown.plotItem.setXRange(0, 100, padding=0)
    assert points(shown) == [51, 50]


def test_a_change_of_definition_is_no_step_of_the_line(shown: InteractiveChart) -> None:
    shown.set_chart(a_chart(24, breaks=(12,)))
    lines = [
        item for item in shown.plotItem.listDataItems() if isinstance(item, PlotDataItem) and len(item.xData) == 12
    ]
    assert [(item.xData[0], item.xData[-1]) for item in lines] == [(0, 11), (12, 23)]


def test_why_a_point_is_marked_is_said_when_it_is_pointed_at(shown: InteractiveChart) -> None:
    shown.set_chart(a_chart(24, special=(20,)))
    assert shown.point_at(20).endswith("far out")
    assert "far out" not in shown.point_at(19)
