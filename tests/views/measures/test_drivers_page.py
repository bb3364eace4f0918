"""What drives a measure, looked into by keys: the sentence, the waterfall, the parts, and on to what lies behind them."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures.series import definition
from citystat.views.chart.waterfall import paint_waterfall
from citystat.views.measures.drivers import DriversPage


@pytest.fixture
def page(qtbot: QtBot, sample_city: City, today: date) -> DriversPage:
    with sample_city.read() as read:
        measure = definition(read, "PW-31").id
    made = DriversPage(sample_city, measure, today)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def test_it_says_the_change_and_shows_each_part_of_it(page: DriversPage) -> None:
    assert page.sentence.text().startswith("Down 0.5 points on Jan 2025")
    assert "4 University: −1.5 points" in page.picture.accessibleName()
    assert [d.name for d in page.table.model_.rows][0] == "4 University"
    assert not page.table.isColumnHidden(5)
    assert "rates" in page.words.text()


def test_other_times_are_compared_and_enter_leads_on(qtbot: QtBot, page: DriversPage) -> None:
    page.compare.setCurrentIndex(1)
    assert "–" in page.under.text()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.go) as going:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert going.args[0].startswith("measure:")


def test_the_bars_stand_one_below_the_other_and_within_the_picture(page: DriversPage) -> None:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from citystat.views.chart.palette import LIGHT

    image = QImage(900, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    assert page.picture._found is not None
    boxes = paint_waterfall(painter, QRectF(0, 0, 900, 300), page.picture._found, LIGHT, 12)
    painter.end()
    assert len(boxes) == 6
    assert all(a.bottom() <= b.top() for a, b in zip(boxes, boxes[1:], strict=False))
    assert all(box.left() > 0 and box.right() < 900 for box in boxes)


def test_what_cannot_be_said_is_said(qtbot: QtBot, sample_city: City) -> None:
    with sample_city.read() as read:
        measure = definition(read, "PW-01").id
    page = DriversPage(sample_city, measure)
    qtbot.addWidget(page)
    page.show()
    assert page.sentence.text() == "What drives it cannot be said"
    assert "their denominators are not known" in page.words.text()
    assert not page.picture.isVisible() and not page.table.isVisible()
