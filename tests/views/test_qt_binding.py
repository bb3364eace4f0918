"""The Qt binding itself: PySide6 6.12.0 gave away a reference to None at every call and ended the program after some thousand."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter


def test_painting_for_hours_does_not_use_up_none() -> None:
    picture = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    before = sys.getrefcount(None)
    for _ in range(300):
        painter.setPen(QColor("black"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(0, 0, 9, 9)
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < 100
