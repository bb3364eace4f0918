"""Where a definition changes the painted line is not joined, its words stand on the chart, its hairline is firmer."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from citystat.charts.chart import Chart
from citystat.views.chart.layout import Frame
from citystat.views.chart.painter import paint, paint_small
from citystat.views.chart.palette import LIGHT

RECT = QRectF(0, 0, 1000, 500)
AT = 15


def _cases() -> ModuleType:
    path = Path(__file__).parents[2] / "charts" / "cases.py"
    spec = importlib.util.spec_from_file_location("chart_cases_of_breaks", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


C = _cases()
VALUES = np.concatenate([np.full(AT, 20.0), np.full(15, 80.0)]) + np.tile([0.0, 1.0], 15)


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """Fonts need an application."""


def made(kind: str) -> Chart:
    return C.chart(VALUES, flags=((AT, kind, "New definition: Text calls are counted, too, Jun 2024"),))


def painted(chart: Chart) -> tuple[QImage, Frame]:
    image = QImage(1000, 500, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.paper))
    painter = QPainter(image)
    frame = paint(painter, RECT, chart, LIGHT, 12)
    painter.end()
    return image, frame


def inked(image: QImage, at: QPointF) -> bool:
    """Whether something dark stands at this place, or beside it."""
    x, y = round(at.x()), round(at.y())
    return any(image.pixelColor(x + i, y + j).lightness() < 110 for i in (-2, -1, 0, 1, 2) for j in (-2, -1, 0, 1, 2))


def between(frame: Frame, share: float) -> QPointF:
    """A place on the way from the last old point to the first new one, away from the hairline in its middle."""
    (x0, y0), (x1, y1) = ((frame.x(i), frame.y(float(VALUES[i]))) for i in (AT - 1, AT))
    return QPointF(x0 + share * (x1 - x0), y0 + share * (y1 - y0))


@pytest.mark.parametrize(("kind", "joined"), [("definition", False), ("rebase", True), ("note", True)])
def test_the_line_is_joined_but_for_a_change_of_definition(kind: str, joined: bool) -> None:
    image, frame = painted(made(kind))
    assert [inked(image, between(frame, share)) for share in (0.2, 0.3, 0.7, 0.8)] == [joined] * 4


def test_the_words_stand_on_the_chart_and_the_hairline_is_firmer() -> None:
    _, frame = painted(made("definition"))
    assert any(label.role == "flag" and label.text.startswith("New definition: Text calls") for label in frame.labels)
    assert [hair.firm for hair in frame.hairs] == [True]
    assert [hair.firm for hair in painted(made("note"))[1].hairs] == [False]


def test_a_sparkline_breaks_too() -> None:
    def ink(chart: Chart) -> int:
        image = QImage(300, 60, QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.paper))
        painter = QPainter(image)
        paint_small(painter, QRectF(0, 0, 300, 60), chart, LIGHT)
        painter.end()
        middle = range(20, 40)
        return sum(image.pixelColor(x, y).lightness() < 128 for x in range(140, 160) for y in middle)

    assert ink(made("note")) > 10 and ink(made("definition")) == 0


def test_each_line_of_a_breakdown_breaks_and_one_before_the_view_does_not() -> None:
    parts = (C.Part("1", VALUES), C.Part("2", VALUES + 5))
    chart = C.chart(VALUES, flags=((AT, "definition", "New"),), parts=parts)
    assert [line.breaks for line in chart.lines] == [(AT,), (AT,)]
    seen = C.chart(VALUES, flags=((AT, "definition", "New"),), since=date(2025, 1, 1))
    assert seen.lines[0].breaks == ()
