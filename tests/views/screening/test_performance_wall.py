"""The performance wall: filtered, sorted, walked by keys, said to a screen reader, printed; and its icons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from citystat.charts.chart import Chart
from citystat.charts.icons import assurance, variation
from citystat.city import City
from citystat.measures.standing import Standing
from citystat.views import jobs
from citystat.views.chart.icons import paint_icon
from citystat.views.chart.palette import DARK, LIGHT
from citystat.views.screening.wall import WallPage


@pytest.fixture
def wall(qtbot: QtBot, sample_city: City, today: date) -> WallPage:
    made = WallPage(sample_city, today)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    jobs.wait()
    return made


def test_what_changed_stands_first_and_each_tile_says_itself(wall: WallPage) -> None:
    rows = wall.tiles.rows
    assert len(rows) == 98 and all(isinstance(r, Standing) for r in rows)
    assert rows[0].signal == "concern"
    said = wall.tiles.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert rows[0].measure.called in said and "concerning: higher than before" in said
    assert "got worse" in wall.sentence.text()


def test_filters_and_order_narrow_and_sort(wall: WallPage) -> None:
    wall.department.setCurrentIndex(wall.department.findData("Fire"))
    assert {r.measure.department for r in wall.tiles.rows} == {"Fire"}
    wall.sort.setCurrentIndex(wall.sort.findData("code"))
    codes = [r.measure.code for r in wall.tiles.rows]
    assert codes == sorted(codes)
    wall.icon.setCurrentIndex(wall.icon.findData("fail"))
    assert [r.measure.code for r in wall.tiles.rows] == ["FD-06"]
    wall.department.setCurrentIndex(0)
    wall.icon.setCurrentIndex(0)
    wall.goal.setCurrentIndex(1)
    assert {r.measure.id for r in wall.tiles.rows} == wall._goals[wall.goal.currentData()]


def test_by_goal_goals_follow_each_other_as_in_the_tree_and_by_icon_the_failing_come_first(wall: WallPage) -> None:
    wall.sort.setCurrentIndex(wall.sort.findData("goal"))
    places = [wall._goal_of.get(r.measure.id, len(wall._goals)) for r in wall.tiles.rows]
    assert places == sorted(places) and len(set(places)) > 5
    wall.sort.setCurrentIndex(wall.sort.findData("icon"))
    worse = [r for r in wall.tiles.rows if r.signal == "concern"]
    assert wall.tiles.rows[: len(worse)] == worse
    common = [r.judgement.assurance for r in wall.tiles.rows if r.signal == "common"]
    assert common[0] == "fail" and common[-1] is None


def test_what_is_in_sight_is_judged_first_and_stays_where_it_is_until_all_are(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    made = WallPage(sample_city, today)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    parts: list[list[str]] = []
    take = made._judging._part

    def heard(found: list[Standing], charts: list[Chart]) -> None:
        take(found, charts)
        parts.append([r.measure.code for r in made.tiles.rows])

    made._judging._part = heard
    before = [r.measure.code for r in made.tiles.rows]
    with qtbot.waitSignal(made.tiles.model().modelReset, timeout=20_000):
        pass
    jobs.wait()
    assert len(parts) > 1
    assert parts[0] == before == sorted(before)
    assert [r.measure.code for r in made.tiles.rows] != before


def test_arrows_move_and_enter_opens(qtbot: QtBot, wall: WallPage) -> None:
    wall.tiles.setFocus()
    wall.tiles.setCurrentIndex(wall.tiles.model().index(0, 0))
    qtbot.keyClick(wall.tiles, Qt.Key.Key_Right)
    chosen = wall.tiles.rows[wall.tiles.currentIndex().row()]
    assert chosen is wall.tiles.rows[1]
    with qtbot.waitSignal(wall.go) as going:
        qtbot.keyClick(wall.tiles, Qt.Key.Key_Return)
    assert going.args == [f"measure:{chosen.measure.code}"]


def test_tiles_share_the_width_and_only_those_in_sight_are_painted(wall: WallPage) -> None:
    across = wall.tiles.viewport().width() // wall.tiles.gridSize().width()
    assert wall.tiles.viewport().width() - across * wall.tiles.gridSize().width() < across + 2
    painted: list[int] = []
    delegate = wall.tiles.itemDelegate()
    paint = type(delegate).paint

    def heard(painter: QPainter, option: object, index: QModelIndex) -> None:
        painted.append(index.row())
        paint(delegate, painter, option, index)

    delegate.paint = heard
    wall.tiles.viewport().grab()
    assert 0 < len(painted) < 60


def test_a_page_of_it_is_printed(wall: WallPage, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    printer.setOutputFileName(str(tmp_path / "wall.pdf"))
    wall.print_to(printer)
    assert (tmp_path / "wall.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_icons_differ_by_sign_as_well_as_by_colour(palette: object) -> None:
    kinds = [
        "improving-high",
        "improving-low",
        "concerning-high",
        "concerning-low",
        "neither-high",
        "neither-low",
        "common",
    ]
    found = [*(variation(k) for k in kinds), variation("common", judged=False)]
    found += [assurance(k) for k in ("pass", "fail", "hit-or-miss")]
    assert assurance(None) is None
    assert len({i.words for i in found}) == len(found)
    assert {i.sign for i in found if i.tone == "common"}.isdisjoint(i.sign for i in found if i.tone != "common")
    pictures = set()
    for icon in found:
        image = QImage(64, 64, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_icon(painter, QRectF(0, 0, 64, 64), icon, palette)
        painter.end()
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(found)
