"""Painting units beside each other: dots with intervals, and the funnel."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.charts.compared import Dot, Dots, FunnelPlot
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import metrics, width
from citystat.views.chart.palette import Palette
from citystat.views.shell.theme import current as theme

ROW = 2.1  # height of a row, in text sizes
NAMES = 0.3  # of the width at most
NAMED = 8  # points of a funnel up to which all have their names
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignVCenter


def paint_dots(painter: QPainter, rect: QRectF, found: Dots, palette: Palette, px: float) -> list[QPointF]:
    """Rows with a dot each; returns where the dots stand."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    names = min(max(width(d.name, px, QFont.Weight.DemiBold) for d in found.dots) + px, rect.width() * NAMES)
    figures = max(width(d.words, px, QFont.Weight.DemiBold) for d in found.dots) + px
    plot = QRectF(rect.left() + names, rect.top() + px * 1.6, rect.width() - names - figures, rect.height() - px * 3.2)
    scale = plot.width() / ((found.high - found.low) or 1.0)

    def x(value: float) -> float:
        return plot.left() + (value - found.low) * scale

    for tick in found.ticks:
        painter.setPen(QPen(QColor(palette.rule), 1))
        painter.drawLine(QPointF(x(tick.at), plot.top()), QPointF(x(tick.at), plot.bottom()))
        _words(painter, QRectF(x(tick.at) - 60, plot.bottom() + px * 0.3, 120, px * 1.4), tick.label, palette.faint, px, Qt.AlignmentFlag.AlignHCenter)  # fmt: skip
    for value, words in found.lines:
        pen = QPen(QColor(palette.accent), px / 8)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x(value), plot.top()), QPointF(x(value), plot.bottom()))
        _words(painter, QRectF(x(value) - 200, rect.top(), 400, px * 1.5), words, palette.accent, px, Qt.AlignmentFlag.AlignHCenter)  # fmt: skip
    step, placed = plot.height() / len(found.dots), []
    for at, dot in enumerate(found.dots):
        middle = plot.top() + step * (at + 0.5)
        placed.append(QPointF(x(dot.value), middle))
        _dot(painter, rect, dot, middle, (x(dot.low), x(dot.high)) if dot.low is not None and dot.high is not None else None, placed[-1], names, figures, palette, px)  # fmt: skip
    painter.restore()
    return placed


def _dot(
    painter: QPainter, rect: QRectF, dot: Dot, middle: float, reach: tuple[float, float] | None, at: QPointF, names: float,
    figures: float, palette: Palette, px: float,
) -> None:  # fmt: skip
    own = dot.tone == "own"
    weight = QFont.Weight.DemiBold if own else QFont.Weight.Normal
    name = metrics(px, weight).elidedText(dot.name, Qt.TextElideMode.ElideRight, names - px)
    _words(
        painter,
        QRectF(rect.left(), middle - px, names, px * 2),
        name,
        palette.ink if own else palette.soft,
        px,
        LEFT,
        weight,
    )
    if reach is not None:
        painter.setPen(QPen(QColor(palette.faint), px / 5))
        painter.drawLine(QPointF(reach[0], middle), QPointF(reach[1], middle))
    _mark(painter, at, dot.tone, palette, px * 0.45)
    _words(
        painter,
        QRectF(rect.right() - figures, middle - px, figures, px * 2),
        dot.words,
        palette.ink,
        px,
        RIGHT,
        QFont.Weight.DemiBold,
    )


def _mark(painter: QPainter, at: QPointF, tone: str, palette: Palette, half: float) -> None:
    """This city full in the accent, what stands out as a triangle that points where, the others a dot."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.accent if tone == "own" else palette.concern if tone else palette.ink))
    if tone in ("above", "below"):
        up = -1 if tone == "above" else 1
        size = half * 1.3
        corners = [QPointF(0, up * size), QPointF(-size, -up * size), QPointF(size, -up * size)]
        painter.drawPolygon(QPolygonF([at + c for c in corners]))
    else:
        painter.drawEllipse(at, half, half)


def _words(
    painter: QPainter, room: QRectF, text: str, colour: str, px: float, side: Qt.AlignmentFlag,
    weight: QFont.Weight = QFont.Weight.Normal,
) -> None:  # fmt: skip
    painter.setFont(font(px, weight))
    painter.setPen(QColor(colour))
    painter.drawText(room, int(side | MIDDLE), text)


def paint_funnel(painter: QPainter, rect: QRectF, found: FunnelPlot, palette: Palette, px: float) -> list[QPointF]:
    """The funnel with its points; returns where they stand."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    left = max(width(t.label, px) for t in found.y_ticks) + px
    plot = QRectF(rect.left() + left, rect.top() + px, rect.width() - left - px * 4, rect.height() - px * 4.4)

    def at(x: float, y: float) -> QPointF:
        across = (x - found.x_low) / ((found.x_high - found.x_low) or 1)
        up = (y - found.y_low) / ((found.y_high - found.y_low) or 1)
        return QPointF(plot.left() + across * plot.width(), plot.bottom() - up * plot.height())

    painter.setPen(Qt.PenStyle.NoPen)
    for lower, upper, strength in ((found.lower998, found.upper998, 0.06), (found.lower95, found.upper95, 0.07)):
        ground = QColor(palette.ink)
        ground.setAlphaF(strength)
        painter.setBrush(ground)
        edge = [at(x, y) for x, y in zip(found.at, upper, strict=True)]
        painter.drawPolygon(QPolygonF(edge + [at(x, y) for x, y in zip(found.at[::-1], lower[::-1], strict=True)]))
    for tick in found.y_ticks:
        y = at(found.x_low, tick.at).y()
        _words(painter, QRectF(rect.left(), y - px, left - px * 0.6, px * 2), tick.label, palette.faint, px, RIGHT)
    for tick in found.x_ticks:
        x = at(tick.at, found.y_low).x()
        _words(painter, QRectF(x - 60, plot.bottom() + px * 0.4, 120, px * 1.4), tick.label, palette.faint, px, Qt.AlignmentFlag.AlignHCenter)  # fmt: skip
    _words(painter, QRectF(plot.left(), plot.bottom() + px * 1.9, plot.width(), px * 1.5), found.x_words, palette.faint, px, Qt.AlignmentFlag.AlignHCenter)  # fmt: skip
    painter.setPen(QPen(QColor(palette.faint), px / 12))
    painter.drawLine(at(found.x_low, found.target), at(found.x_high, found.target))
    placed = []
    for x, y, name, tone in found.points:
        placed.append(at(x, y))
        _mark(painter, placed[-1], tone, palette, px * 0.4)
        if tone or len(found.points) <= NAMED:
            room = QRectF(placed[-1].x() + px * 0.7, placed[-1].y() - px, width(name, px) + 2, px * 2)
            if room.right() > rect.right():
                room.moveRight(placed[-1].x() - px * 0.7)
            _words(painter, room, name, palette.ink, px, LEFT)
    painter.restore()
    return placed


class _Picture(QWidget):
    """A painted picture that says what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Wide, and as high as it was made."""
        return QSize(round(theme().px(560)), self.minimumHeight())

    def _ring(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().palette.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class DotsView(_Picture):
    """Shows dots as high as its rows."""

    found: Dots | None = None

    def show_dots(self, found: Dots) -> None:
        """Show `found`."""
        self.found = found
        self.setAccessibleName(found.reading)
        self.setFixedHeight(round(theme().px(12) * (ROW * len(found.dots) + 3.4)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dots, and a ring where the keyboard is."""
        if self.found is not None:
            painter = QPainter(self)
            paint_dots(painter, QRectF(self.rect()), self.found, theme().palette, theme().px(12))
            self._ring(painter)
            painter.end()


class FunnelView(_Picture):
    """Shows a funnel."""

    found: FunnelPlot | None = None

    def show_funnel(self, found: FunnelPlot) -> None:
        """Show `found`."""
        self.found = found
        self.setAccessibleName(found.reading)
        self.setFixedHeight(round(theme().px(320)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The funnel, and a ring where the keyboard is."""
        if self.found is not None:
            painter = QPainter(self)
            paint_funnel(painter, QRectF(self.rect()), self.found, theme().palette, theme().px(12))
            self._ring(painter)
            painter.end()
