"""Painting a waterfall: names at the left, bars that hang from one to the next, figures beside them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.charts.waterfall import Bar, Waterfall
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import metrics, width
from citystat.views.chart.palette import Palette
from citystat.views.shell.theme import current as theme

ROW, BAR = 2.3, 1.15  # heights of a row and of its bar, in text sizes
NAMES = 0.3  # of the width at most, for the names


def paint_waterfall(painter: QPainter, rect: QRectF, found: Waterfall, palette: Palette, px: float) -> list[QRectF]:
    """Paint into `rect`; returns where each bar stands."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    names = min(max(width(b.name, px, QFont.Weight.DemiBold) for b in found.bars) + px, rect.width() * NAMES)
    figures = max(width(b.words, px, QFont.Weight.DemiBold) for b in found.bars) + px * 1.4
    across = max(px, rect.width() - names - figures)
    scale = across / ((found.high - found.low) or 1.0)
    row = min(px * ROW, rect.height() / len(found.bars))
    placed = []
    for at, bar in enumerate(found.bars):
        middle = rect.top() + row * (at + 0.5)
        start = max(bar.start, found.low)
        ends = sorted(rect.left() + names + (v - found.low) * scale for v in (start, bar.end))
        box = QRectF(ends[0], middle - min(row, px * BAR) / 2, max(1.5, ends[1] - ends[0]), min(row, px * BAR))
        placed.append(box)
        _row(painter, rect, bar, box, names, palette, px)
    _joints(painter, found, placed, rect.left() + names, scale, palette)
    painter.restore()
    return placed


def _row(painter: QPainter, rect: QRectF, bar: Bar, box: QRectF, names: float, palette: Palette, px: float) -> None:
    total = bar.kind == "total"
    weight = QFont.Weight.DemiBold if total else QFont.Weight.Normal
    painter.setFont(font(px, weight))
    painter.setPen(QColor(palette.ink if total else palette.soft))
    name = metrics(px, weight).elidedText(bar.name, Qt.TextElideMode.ElideRight, names - px)
    room = QRectF(rect.left(), box.center().y() - px, names - px, px * 2)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
    colours = {"better": palette.improvement, "worse": palette.concern, "total": palette.faint}
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.get(bar.kind, palette.soft)))
    painter.drawRoundedRect(box, 2, 2)
    painter.setFont(font(px, QFont.Weight.DemiBold))
    painter.setPen(QColor(palette.ink))
    beside = QRectF(box.right() + px * 0.5, box.center().y() - px, rect.right() - box.right(), px * 2)
    painter.drawText(beside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), bar.words)


def _joints(
    painter: QPainter, found: Waterfall, placed: list[QRectF], left: float, scale: float, palette: Palette
) -> None:
    """A hairline from each bar's end to the next bar, where that begins."""
    painter.setPen(QPen(QColor(palette.faint), 1))
    for bar, box, below in zip(found.bars, placed, placed[1:], strict=False):
        x = left + (bar.end - found.low) * scale
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, below.top()))


class WaterfallView(QWidget):
    """Shows a waterfall as high as its rows."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Waterfall | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_waterfall(self, found: Waterfall) -> None:
        """Show `found`."""
        self._found = found
        self.setAccessibleName(found.reading)
        self.setFixedHeight(round(theme().px(12) * ROW * len(found.bars)))
        self.update()

    def sizeHint(self) -> QSize:
        """Wide, and as high as its rows."""
        return QSize(round(theme().px(560)), self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars, and a ring where the keyboard is."""
        if self._found is None:
            return
        painter = QPainter(self)
        paint_waterfall(painter, QRectF(self.rect()), self._found, theme().palette, theme().px(12))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().palette.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
