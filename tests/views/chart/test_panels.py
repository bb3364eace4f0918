"""Charts of several panels are asked: is everything in its place, do axes align, do years stand where they should?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from citystat.charts.chart import Chart
from citystat.city import City
from citystat.measures.picture import chart_of
from citystat.measures.series import definition
from citystat.measures.together import together
from citystat.views.chart import picture
from citystat.views.chart.frame import Frame
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT
from citystat.views.chart.panels import laid_out

SIZES = ((1920.0, 1080.0, 38.0), (900.0, 420.0, 12.0), (1890.0, 1060.0, 35.4))


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """Fonts need an application."""


@pytest.fixture
def charts(sample_city: City, today: date) -> dict[str, Chart]:
    with sample_city.read() as read:
        calls, buses, visits = (definition(read, code) for code in ("EC-01", "PW-31", "FD-05"))
        return {
            "parts": chart_of(read, buses, as_of=today, view={"look": "parts"}),
            "together": together(read, [calls, buses, visits], as_of=today),
            "years": chart_of(read, calls, as_of=today, view={"look": "years"}),
            "to date": chart_of(read, calls, as_of=today, view={"look": "to-date"}),
            "split": chart_of(read, calls, as_of=today, view={"look": "split"}),
        }


def in_order(frame: Frame, rect: QRectF) -> None:
    labels = [*frame.labels, *(label for panel in frame.panels for label in panel.labels)]
    for label in labels:
        assert rect.adjusted(-0.1, -0.1, 1.1, 0.1).contains(label.rect), label
    for one, other in combinations(labels, 2):
        assert not one.rect.adjusted(0.01, 0.01, -0.01, -0.01).intersects(other.rect), (one, other)
    for one, other in combinations(frame.panels, 2):
        assert not one.plot.intersects(other.plot)


@pytest.mark.parametrize("name", ["parts", "together", "years", "to date", "split"])
@pytest.mark.parametrize("size", SIZES, ids=("wall", "desk", "paper"))
def test_no_label_overlaps_another_or_leaves_the_picture(
    charts: dict[str, Chart], name: str, size: tuple[float, float, float]
) -> None:
    rect = QRectF(10, 20, *size[:2])
    in_order(laid_out(rect, charts[name], size[2], words=True, source=True), rect)


def test_many_parts_stand_in_a_grid_of_equal_plots(charts: dict[str, Chart]) -> None:
    few = charts["parts"]
    for n in range(1, 13):
        panels = tuple(replace(few.panels[i % 4], subject=f"Ward {i}") for i in range(n))
        rect = QRectF(0, 0, 1000, 460)
        frame = laid_out(rect, replace(few, panels=panels), 12)
        in_order(frame, rect)
        assert {(round(f.plot.width()), round(f.plot.height())) for f in frame.panels} == {
            (round(frame.panels[0].plot.width()), round(frame.panels[0].plot.height()))
        }


def test_measures_below_each_other_share_their_time_axis(charts: dict[str, Chart]) -> None:
    frames = laid_out(QRectF(0, 0, 1000, 600), charts["together"], 12).panels
    assert len({(f.plot.left(), f.plot.right(), f.x(7)) for f in frames}) == 1
    assert [any(label.role == "period" for label in f.labels) for f in frames] == [False, False, True]


def test_this_year_so_far_is_named_at_its_end_and_earlier_years_at_the_right(charts: dict[str, Chart]) -> None:
    frame = laid_out(QRectF(0, 0, 1000, 460), charts["years"], 12)
    now = next(label for label in frame.labels if label.role == "last")
    assert now.ground and frame.x(7) < now.rect.left() < frame.x(9)  # the newest value is of February, the eighth month
    earlier = [label for label in frame.labels if label.text.startswith("FY2") and not label.ground]
    assert len(earlier) == len(charts["years"].lines) - 1
    assert all(label.rect.left() >= frame.plot.right() for label in earlier)


def test_each_is_painted_on_every_ground_and_kept_as_a_picture(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        shown = QImage(700, 400, QImage.Format.Format_RGB32)
        painter = QPainter(shown)
        paint(painter, QRectF(0, 0, 700, 400), chart, LIGHT, 12)
        painter.end()
        assert picture.png(chart, theme="dark").startswith(b"\x89PNG")
        assert picture.document_picture(chart, 8, 5).startswith(b"\x89PNG")
        assert all(panel.subject.split(" · ")[0] in picture.svg(chart).decode() for panel in chart.panels)
