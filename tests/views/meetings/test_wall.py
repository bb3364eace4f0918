"""The wall: nothing cut, nothing small, nothing on top of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.picture import chart_of
from citystat.measures.series import definitions, dimensions
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import DARK, LIGHT
from citystat.views.meetings.wall import TEXT_SHARE, Promise, Wall, page_of, paint_wall, promise_height

WIDE = QRectF(0, 0, 1920, 1080)
CAP = 1 / 40  # of the picture's height


def letters(wall: Wall, dark: bool = False) -> list[tuple[str, float, float, float]]:
    """What is written on the wall as the painter wrote it: text, x, y of its baseline, pixel size."""
    written, made = QBuffer(), QSvgGenerator()
    made.setOutputDevice(written)
    made.setSize(QSize(1920, 1080))
    made.setViewBox(WIDE)
    painter = QPainter(made)
    paint_wall(painter, WIDE, wall, DARK if dark else LIGHT)
    painter.end()
    svg = bytes(written.data()).decode()
    found = re.findall(r'<text[^>]*?x="([-\d.]+)" y="([-\d.]+)"[^>]*?font-size="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    assert found
    return [(text, float(x), float(y), float(size)) for x, y, size, text in found]


def walls(city: City) -> Iterator[Wall]:
    with city.read() as read:
        for measure in definitions(read)[::9]:
            for by in ["", *dimensions(read, measure)[:1]]:
                chart = chart_of(read, measure, as_of=None, view={"by": by} if by else {})
                yield Wall(title=chart.headline, chart=chart, source=measure.source, place="item 3 of 8", clock="10:22")
    long = (
        "Compare the Sunday rosters of all four stations with those of neighbouring dispatch centres and say why " * 2
    )
    rows = tuple(Promise(f"A-{n}", long, "Maximiliana Featherstonehaugh-Cholmondeley", "11 Apr 2026", "", n == 3, "budget request", True) for n in range(4))  # fmt: skip
    yield Wall(title="4 promises made today", subject="PublicSafetyStat", promises=rows, place="item 8 of 8")
    yield Wall(title="What crosses departments", subject="PublicSafetyStat · 12 March 2026", place="item 7 of 8")


def test_every_letter_is_large_enough_and_on_the_wall(qtbot: QtBot, sample_city: City) -> None:
    for wall in walls(sample_city):
        for text, x, y, size in letters(wall):
            metrics = QFontMetricsF(font(size))
            assert size >= 1080 * TEXT_SHARE - 0.5 and metrics.capHeight() >= 1080 * CAP - 0.6, text
            assert x >= 0 and y <= 1080 and x + metrics.horizontalAdvance(text) * 0.97 <= 1920, text
            assert "…" not in text, text


def test_promises_are_never_split_or_lost_between_pages() -> None:
    heights = [100.0, 300.0, 300.0, 100.0, 500.0]
    pages = {tuple(page_of(heights, current, 700)) for current in range(5)}
    assert sorted(pages) == [(0, 1, 2), (3, 4)]


def test_a_promise_is_as_high_as_its_words(qtbot: QtBot) -> None:
    short = promise_height(Promise("A-1", "Walk", "Ortiz", "1 Mar"), 1700, 38)
    assert promise_height(Promise("A-1", "Walk " * 60, "Ortiz", "1 Mar"), 1700, 38) > short * 2


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_say_the_same(qtbot: QtBot, sample_city: City, dark: bool) -> None:
    wall = next(walls(sample_city))
    assert [row[0] for row in letters(wall, dark)] == [row[0] for row in letters(wall)]
