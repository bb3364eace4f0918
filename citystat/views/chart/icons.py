"""Drawing the icons of variation and assurance: a letter in a circle, so that the colour says nothing alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from citystat.charts.icons import Icon
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import Palette


def paint_icon(painter: QPainter, rect: QRectF, icon: Icon, palette: Palette) -> None:
    """`icon` into a square."""
    colours = {"improvement": palette.improvement, "concern": palette.concern, "neither": palette.ink}
    grounds = {"improvement": palette.improvement_ground, "concern": palette.concern_ground}
    colour = QColor(colours.get(icon.tone, palette.faint))
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setPen(QPen(colour, max(1.0, rect.width() / 14)))
    painter.setBrush(QColor(grounds.get(icon.tone, palette.paper)))
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
    painter.setFont(font(rect.height() * 0.55, QFont.Weight.Bold))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), icon.sign)
    painter.restore()
