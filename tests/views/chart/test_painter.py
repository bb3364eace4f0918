"""The painter is asked: do labels overlap, is anything cut, do the points stand where the data says?"""

from __future__ import annotations

import importlib.util
from datetime import date
from itertools import combinations
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter

from citystat.charts.chart import Chart
from citystat.views.chart import picture
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import Frame
from citystat.views.chart.labels import spread
from citystat.views.chart.layout import arrange
from citystat.views.chart.painter import paint, paint_small
from citystat.views.chart.palette import LIGHT


def _cases() -> ModuleType:
    """The awkward charts, shared with the tests of what a chart says."""
    path = Path(__file__).parents[2] / "charts" / "cases.py"
    spec = importlib.util.spec_from_file_location("chart_cases", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


C = _cases()
CASES = dict(C.cases())
SIZES = ((1920.0, 1080.0, 38.0), (900.0, 420.0, 12.0), (1890.0, 1060.0, 35.4), (360.0, 220.0, 11.0))


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """Fonts need an application."""


def in_order(frame: Frame, rect: QRectF) -> None:
    """No two labels touch; none leaves the picture; the plot has room."""
    hair = 0.01
    for label in frame.labels:
        place = label.rect
        assert place.left() >= rect.left() - hair and place.right() <= rect.right() + 1 + hair, label
        assert place.top() >= rect.top() - hair and place.bottom() <= rect.bottom() + hair, label
    for one, other in combinations(frame.labels, 2):
        shrunk = one.rect.adjusted(hair, hair, -hair, -hair)
        assert not shrunk.intersects(other.rect), (one, other)
    assert rect.contains(frame.plot)
    for hairline in frame.hairs:
        for label in frame.labels:
            crossed = label.rect.left() < hairline.x < label.rect.right() and hairline.top < label.rect.bottom()
            assert not (label.role == "flag" and crossed), label


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", SIZES, ids=("wall", "desk", "paper", "small"))
def test_no_label_overlaps_another_or_leaves_the_picture(name: str, size: tuple[float, float, float]) -> None:
    width, height, px = size
    rect = QRectF(10, 20, width, height)
    in_order(arrange(rect, CASES[name], px, words=height > 300, source=height > 300), rect)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any series a city may have."""
    n = draw(st.integers(1, 90))
    scale = draw(st.sampled_from([1e-4, 1.0, 100.0, 1e6, 1e12]))
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    values = rng.normal(draw(st.sampled_from([-3.0, 0.0, 5.0])), 1, n) * scale
    values[rng.random(n) < draw(st.sampled_from([0.0, 0.1, 0.6]))] = np.nan
    flags = tuple(
        (i, "note", draw(st.text("abcdefgh i", min_size=1, max_size=60)))
        for i in draw(st.lists(st.integers(0, n - 1), max_size=6, unique=True))
    )
    parts = tuple(
        C.Part(f"District {i} {'x' * draw(st.integers(0, 30))}", values + rng.normal(0, scale / 50, n))
        for i in range(draw(st.sampled_from([0, 0, 2, 4, 12])))
    )
    return C.chart(
        values, frequency=draw(st.sampled_from(["day", "week", "month", "quarter", "half-year", "year"])),
        unit=draw(st.sampled_from(["percent", "USD", "count", "days"])), decimals=draw(st.integers(0, 3)),
        target=draw(st.sampled_from([np.nan, 5.0 * scale, 0.0])), flags=flags, parts=parts,
        first=date(2015, draw(st.integers(1, 12)), 1), year_start=draw(st.sampled_from([1, 7, 10])),
        form=draw(st.sampled_from(["line", "line", "bars"])), hollow=(-1,) if draw(st.booleans()) else (),
    )  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from(SIZES))
def test_whatever_a_city_draws_labels_keep_apart(chart: Chart, size: tuple[float, float, float]) -> None:
    width, height, px = size
    rect = QRectF(0, 0, width, height)
    in_order(arrange(rect, chart, px, words=height > 300, source=height > 300), rect)


def test_flags_close_together_all_keep_their_words() -> None:
    frame = arrange(QRectF(0, 0, 900, 420), CASES["two flags close together"], 12)
    words = [label.text for label in frame.labels if label.role == "flag"]
    assert len(words) == 3 and not any("…" in w for w in words)


@pytest.mark.parametrize("size", SIZES[:2], ids=("wall", "desk"))
def test_long_flags_take_two_lines_before_they_are_cut(size: tuple[float, float, float]) -> None:
    width, height, px = size
    chart = CASES["long flags"]
    frame = arrange(QRectF(0, 0, width, height), chart, px, words=height > 500)
    flags = [label.text for label in frame.labels if label.role == "flag"]
    assert len(flags) >= len(chart.flags), "every flag has words"
    if px < 20:
        assert len(flags) > len(chart.flags) and not any("…" in words for words in flags)
    assert all(flag.text in chart.reading for flag in chart.flags)


def test_a_long_flag_on_the_wall_takes_two_lines() -> None:
    words = "The council moves the dispatch centre into the new building at the harbour, Nov 2024"
    chart = C.chart(C.noise(36, 86, 1), flags=((20, "note", words),))
    frame = arrange(QRectF(0, 0, 1920, 1080), chart, 38, words=True)
    lines = [label.text for label in frame.labels if label.role == "flag"]
    assert len(lines) == 2 and " ".join(lines) == words


def test_of_hundreds_of_parts_the_named_ones_and_a_count_are_said() -> None:
    frame = arrange(QRectF(0, 0, 900, 420), CASES["216 parts, sum False"], 12)
    assert [label.text for label in frame.labels if label.role == "others"] == ["and 212 others"]
    for size in SIZES[:3]:
        frame = arrange(QRectF(0, 0, size[0], size[1]), CASES["216 parts, sum False"], size[2], words=True)
        figures = [label for label in frame.labels if label.role == "last"]
        names = [label.text for label in frame.labels if label.role == "part"]
        assert len(figures) == len(names) == 5 and "all together" in names


def test_a_flags_hairline_stands_at_the_left_edge_of_its_period() -> None:
    frame = arrange(QRectF(0, 0, 900, 420), CASES["as designed"], 12)
    assert frame.hairs[0].x == pytest.approx((frame.x(23) + frame.x(24)) / 2)


def test_every_letter_on_the_wall_is_a_fortieth_of_its_height() -> None:
    for chart in CASES.values():
        for label in arrange(QRectF(0, 0, 1920, 1080), chart, 38, words=True, source=True).labels:
            assert QFontMetricsF(font(label.size, label.weight)).capHeight() >= 1080 / 40


def test_a_figure_is_never_cut_short() -> None:
    for chart in CASES.values():
        for size in SIZES:
            frame = arrange(QRectF(0, 0, size[0], size[1]), chart, size[2])
            assert not any("…" in label.text for label in frame.labels if label.role in ("last", "value", "year"))


def polylines(svg: bytes) -> list[np.ndarray]:
    """The points of every line in an SVG: array[n, 2]."""
    found = []
    for element in ElementTree.fromstring(svg).iter():
        if element.tag.endswith("polyline"):
            pairs = [p.split(",") for p in element.attrib["points"].split()]
            found.append(np.array(pairs, float))
    return found


def frame_of_svg(chart: Chart) -> Frame:
    return arrange(QRectF(0, 0, 1200, 640).adjusted(16, 16, -16, -16), chart, 16, words=True, source=True)


def _has_neighbour(values: np.ndarray, i: int) -> bool:
    """A value alone between two gaps is a point, not a line."""
    return bool(np.isfinite(values[max(0, i - 1) : i + 2]).sum() > 1)


@pytest.mark.parametrize("name", ["as designed", "400 weeks", "huge", "tiny", "negative", "gaps stay gaps"])
def test_points_in_the_svg_stand_where_the_data_says(name: str) -> None:
    chart = CASES[name]
    frame, values = frame_of_svg(chart), chart.lines[0].values
    drawn = np.concatenate(polylines(picture.svg(chart)))
    known = [i for i in range(len(values)) if np.isfinite(values[i]) and _has_neighbour(values, i)]
    wanted = np.array([(frame.x(i), frame.y(float(values[i]))) for i in known])
    nearest = [int(np.abs(drawn - point).max(axis=1).argmin()) for point in wanted]
    assert np.abs(drawn[nearest] - wanted).max() < 0.02
    assert len({float(x) for x in drawn[nearest, 0]}) == len(known), "dates fall on one another"


def test_gaps_break_the_line() -> None:
    """No stroke of the line reaches over a missing period."""
    chart = CASES["gaps stay gaps"]
    frame, values = frame_of_svg(chart), chart.lines[0].values
    at = {(round(frame.x(i), 1), round(frame.y(float(v)), 1)): i for i, v in enumerate(values) if np.isfinite(v)}
    stretches = []
    for line in polylines(picture.svg(chart)):
        places = [at.get((round(float(x), 1), round(float(y), 1))) for x, y in line]
        if None not in places:
            stretches.append(places)
    assert [(s[0], s[-1]) for s in stretches] == [(0, 6), (9, 19), (23, 35)]


def strokes(chart: Chart, px: float, size: tuple[int, int]) -> float:
    """How dark the picture is: ink over all pixels, as a share."""
    image = picture.image(chart, *size, text_px=px, words=False)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(size[1], size[0], 4)[..., :3]
    return float((255 - pixels.astype(float)).mean())


def test_lines_grow_with_the_picture_so_paper_is_not_thinner_than_the_screen() -> None:
    chart = CASES["as designed"]
    assert strokes(chart, 36, (2400, 1200)) == pytest.approx(strokes(chart, 12, (800, 400)), rel=0.06)


def test_the_png_has_the_size_asked_for() -> None:
    image = QImage.fromData(picture.png(CASES["as designed"], 1200, 640))
    assert (image.width(), image.height()) == (1200, 640)
    paper = QImage.fromData(picture.document_picture(CASES["as designed"], 16, 8))
    assert (paper.width(), paper.height()) == (1890, 945)
    assert round(paper.dotsPerMeterX() * 0.0254) == 300


def test_the_saved_picture_says_its_source() -> None:
    assert "Source: Dispatch system" in picture.svg(CASES["as designed"]).decode()


def test_small_charts_are_painted_without_words() -> None:
    image = QImage(160, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    for chart in CASES.values():
        paint_small(painter, QRectF(0, 0, 160, 40), chart, LIGHT)
    assert painter.end()


def test_painting_returns_the_frame_it_painted(qapp: QGuiApplication) -> None:
    image = QImage(900, 420, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    frame = paint(painter, QRectF(0, 0, 900, 420), CASES["as designed"], LIGHT)
    painter.end()
    last = next(label for label in frame.labels if label.role == "last")
    assert last.text == "92.8 %" and last.rect.left() > frame.plot.right()


def test_the_targets_label_keeps_its_level_and_leaders_never_cross() -> None:
    frame = arrange(QRectF(0, 0, 1920, 1080), CASES["216 parts, sum False"], 38, words=True)
    target = next(label for label in frame.labels if label.role == "target")
    assert target.rect.center().y() == pytest.approx(frame.y(frame.chart.targets[-1].value), abs=1)
    leaders = sorted(frame.leaders, key=lambda leader: leader.start.y())
    assert [leader.end.y() for leader in leaders] == sorted(leader.end.y() for leader in leaders)


def test_labels_move_round_the_one_that_is_held() -> None:
    assert spread([10, 11, 12], [4, 4, 4], 0, 30, held=1) == [7, 11, 15]
    assert spread([2, 3], [4, 4], 0, 8, held=0) == [2, 6]
