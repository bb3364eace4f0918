"""The wall: nothing cut, nothing small, nothing on top of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from citystat.charts.table import table_of
from citystat.city import City
from citystat.measures.picture import chart_of
from citystat.measures.series import definition, definitions, dimensions
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import DARK, LIGHT
from citystat.views.meetings.wall import TEXT_SHARE, Wall, paint_wall
from citystat.views.meetings.wall_rows import Promise, page_of, place_of, promise_height

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
                yield Wall(chart.headline, chart.subject, chart, table_of(chart), source=measure.source)
        first, second = (chart_of(read, m, as_of=None) for m in definitions(read)[:2])
        yield Wall(first.headline, first.subject, first, beside=second)
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
            # a promise has two lines until it is read aloud; a flag has little room beside another chart
            assert "…" not in text or wall.promises or wall.beside, text


def test_two_charts_side_by_side_keep_their_headlines_whole(qtbot: QtBot, sample_city: City) -> None:
    wall = next(w for w in walls(sample_city) if w.beside)
    said = " ".join(text for text, *_ in letters(wall))
    for chart in (wall.chart, wall.beside):
        assert all(word in said for word in chart.headline.split())
        assert chart.lines[0].last in said


def test_promises_are_never_split_or_lost_between_pages() -> None:
    heights = [100.0, 300.0, 300.0, 100.0, 500.0]
    pages = {tuple(page_of(heights, current, 700)) for current in range(5)}
    assert sorted(pages) == [(0, 1, 2), (3, 4)]


def test_every_promise_has_two_lines_and_the_one_read_aloud_as_many_as_it_needs(qtbot: QtBot) -> None:
    short = promise_height(Promise("A-1", "Walk", "Ortiz", "1 Mar"), 1700, 38)
    assert promise_height(Promise("A-1", "Walk " * 60, "Ortiz", "1 Mar"), 1700, 38) == short
    assert promise_height(Promise("A-1", "Walk " * 60, "Ortiz", "1 Mar", current=True), 1700, 38) > short * 2


def test_the_list_says_which_part_of_it_is_seen(qtbot: QtBot) -> None:
    assert place_of(range(6, 9), 9) == "7–9 of 9" and place_of(range(9), 9) == ""
    rows = tuple(Promise(f"A-{n}", "Walk the blocks", "Ortiz", "1 Mar", current=n == 9) for n in range(1, 13))
    written = [text for text, *_ in letters(Wall(title="12 promises", subject="Stat", promises=rows))]
    assert written.count("Walk the blocks") >= 5
    first, last = (int(n) for n in next(t for t in written if "of 12" in t).split(" of")[0].split("–"))
    assert last - first + 1 == written.count("Walk the blocks") and first <= 9 <= last


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_say_the_same(qtbot: QtBot, sample_city: City, dark: bool) -> None:
    wall = next(walls(sample_city))
    assert [row[0] for row in letters(wall, dark)] == [row[0] for row in letters(wall)]


def test_what_the_marks_mean_stands_on_the_wall(qtbot: QtBot, sample_city: City) -> None:
    with sample_city.read() as read:
        chart = chart_of(read, definition(read, "FD-05"), as_of=None)
    assert chart.marked
    words = " ".join(text for text, *_ in letters(Wall(chart=chart, marked=(chart.marked,), source="Fire records")))
    assert chart.marked[:60] in words and "Fire records" in words
