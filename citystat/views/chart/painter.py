"""The one painter: Chart → QPainter, for screen, wall, PNG, SVG and print.

Everything scales with the text size, so the same description paints desk, wall and paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from citystat.charts.chart import Band, Chart, Flag, Line, Mark
from citystat.views.chart.fonts import font
from citystat.views.chart.labels import fitting, spread
from citystat.views.chart.palette import Palette

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE, CENTRE = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True)
class Frame:
    """The plot inside its picture, and the way from data to pixels."""

    plot: QRectF
    chart: Chart
    px: float  # text size

    def x(self, at: float) -> float:
        """Pixels of period `at`; half a period of air at both ends."""
        n = max(1, len(self.chart.periods))
        return self.plot.left() + (at + 0.5) / n * self.plot.width()

    def y(self, value: float) -> float:
        """Pixels of a value."""
        share = (value - self.chart.y_low) / (self.chart.y_high - self.chart.y_low)
        return self.plot.bottom() - share * self.plot.height()

    @property
    def step(self) -> float:
        """Pixels from one period to the next."""
        return self.plot.width() / max(1, len(self.chart.periods))


def paint(
    painter: QPainter, rect: QRectF, chart: Chart, palette: Palette, text_px: float = 12, *, words: bool = False
) -> Frame:
    """Paint `chart` into `rect` with labels of `text_px` pixels; words: subject and headline above the plot, too.

    Returns the frame, so that a reader can be told which point is where.
    """
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    body = _words(painter, rect, chart, palette, text_px) if words else rect
    frame = Frame(_plot(body, chart, text_px), chart, text_px)
    for band in chart.bands:
        _band(painter, frame, band, palette)
    _value_axis(painter, frame, body, palette)
    _period_axis(painter, frame, palette)
    _flags(painter, frame, body, palette)
    for band in chart.bands:
        _centre(painter, frame, band, palette)
    _targets(painter, frame, palette)
    for line in chart.lines:
        _line(painter, frame, line, palette)
    _end_labels(painter, frame, body, palette)
    painter.restore()
    return frame


def paint_small(painter: QPainter, rect: QRectF, chart: Chart, palette: Palette) -> None:
    """A sparkline: band, line and special-cause points; no words."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = Frame(rect.adjusted(2, 3, -3, -3), chart, 8)
    for band in chart.bands:
        _band(painter, frame, band, palette)
    for line in chart.lines:
        _stroke(painter, frame, line, QColor(palette.ink), 1.3)
        for mark in line.marks:
            if mark.kind in ("improvement", "concern"):
                _mark(painter, QPointF(frame.x(mark.x), frame.y(mark.y)), mark, palette, 5.5)
    painter.restore()


def _words(painter: QPainter, rect: QRectF, chart: Chart, palette: Palette, px: float) -> QRectF:
    """Subject and headline; returns what is left for the plot."""
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px))
    _text(painter, QRectF(rect.left(), rect.top(), rect.width(), px * 1.5), chart.subject, LEFT)
    big = px * 1.55
    painter.setFont(font(big, QFont.Weight.Bold))
    painter.setPen(QColor(palette.ink))
    flags = int(LEFT | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
    space = QRectF(rect.left(), rect.top() + px * 1.55, rect.width(), big * 2.6)
    needed = painter.boundingRect(space, flags, chart.headline)
    painter.drawText(space, flags, chart.headline)
    top = space.top() + min(needed.height(), space.height()) + px * 0.9
    return QRectF(rect.left(), top, rect.width(), rect.bottom() - top)


def _plot(rect: QRectF, chart: Chart, px: float) -> QRectF:
    """Room for labels at the left, the right, above and below; the rest is the plot."""
    metrics = QFontMetricsF(font(px))
    bold = QFontMetricsF(font(px * 1.1, QFont.Weight.DemiBold))
    left = max((metrics.horizontalAdvance(t.label) for t in chart.y_ticks), default=0) + px * 1.1
    ends = [bold.horizontalAdvance(line.last) for line in chart.lines if line.last]
    ends += [metrics.horizontalAdvance(line.period) for line in chart.lines if line.last]
    ends += [metrics.horizontalAdvance(chart.target_label)] if chart.target_label else []
    right = min(max(ends, default=0) + px * 0.9, rect.width() * 0.32)
    above = px * 2.0 if chart.flags else px * 0.8
    below = px * (3.9 if chart.years else 2.2)
    return QRectF(rect.left() + left, rect.top() + above, rect.width() - left - right, rect.height() - above - below)


def _band(painter: QPainter, frame: Frame, band: Band, palette: Palette) -> None:
    """Limits as a flat ground; it steps where denominators differ."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.band))
    for a, b, lower, upper in _level(band.x0, band.lower, band.upper):
        painter.drawRect(QRectF(QPointF(frame.x(a), frame.y(upper)), QPointF(frame.x(b), frame.y(lower))))


def _centre(painter: QPainter, frame: Frame, band: Band, palette: Palette) -> None:
    painter.setPen(QPen(QColor(palette.faint), frame.px / 12))
    for a, b, centre, _ in _level(band.x0, band.centre, band.centre):
        painter.drawLine(QPointF(frame.x(a), frame.y(centre)), QPointF(frame.x(b), frame.y(centre)))


def _level(x0: float, first: np.ndarray, second: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Level stretches of two stepped columns: (from, to, first, second), nan left out."""
    found: list[tuple[float, float, float, float]] = []
    for i, (a, b) in enumerate(zip(first, second, strict=True)):
        if np.isnan(a) or np.isnan(b):
            continue
        if found and found[-1][2:] == (a, b) and found[-1][1] == x0 + i:
            found[-1] = (found[-1][0], x0 + i + 1, a, b)
        else:
            found.append((x0 + i, x0 + i + 1, a, b))
    return found


def _value_axis(painter: QPainter, frame: Frame, rect: QRectF, palette: Palette) -> None:
    """Few gridlines behind everything, their values at the left."""
    painter.setFont(font(frame.px))
    for tick in frame.chart.y_ticks:
        y = frame.y(tick.at)
        painter.setPen(QPen(QColor(palette.rule), frame.px / 12))
        painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y))
        painter.setPen(QColor(palette.faint))
        label = QRectF(rect.left(), y - frame.px, frame.plot.left() - rect.left() - frame.px * 0.9, frame.px * 2)
        painter.drawText(label, int(RIGHT | MIDDLE), tick.label)


def _period_axis(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Periods where there is room for their words; fiscal years in a row beneath, with their borders."""
    px, chart = frame.px, frame.chart
    painter.setFont(font(px))
    metrics = QFontMetricsF(painter.font())
    widths = [metrics.horizontalAdvance(t.label) for t in chart.x_ticks]
    centres = [frame.x(t.at) for t in chart.x_ticks]
    painter.setPen(QColor(palette.soft))
    top = frame.plot.bottom() + px * 0.6
    for i in fitting(centres, widths, [t.major for t in chart.x_ticks], px * 0.8):
        box = QRectF(centres[i] - widths[i], top, widths[i] * 2, px * 1.4)
        painter.drawText(box, int(CENTRE | MIDDLE), chart.x_ticks[i].label)
    painter.setPen(QColor(palette.faint))
    row = top + px * 1.5
    for span in chart.years:
        a, b = frame.x(span.x0), frame.x(span.x1)
        if metrics.horizontalAdvance(span.label) < b - a:
            painter.drawText(QRectF(a, row, b - a, px * 1.4), int(CENTRE | MIDDLE), span.label)
    painter.setPen(QPen(QColor(palette.rule), px / 10))
    for span in chart.years[1:]:
        x = frame.x(span.x0)
        painter.drawLine(QPointF(x, row), QPointF(x, row + px * 1.4))


def _flags(painter: QPainter, frame: Frame, rect: QRectF, palette: Palette) -> None:
    """Words at the top, their hairline at the left edge of the period; a word without room keeps its line."""
    px = frame.px
    painter.setFont(font(px))
    metrics = QFontMetricsF(painter.font())
    free = rect.right()
    for flag in sorted(frame.chart.flags, key=lambda f: -f.x):
        x = frame.x(flag.x)
        pen = QPen(QColor(palette.faint), px / 12)
        pen.setDashPattern([1, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, frame.plot.top() - px * 0.3), QPointF(x, frame.plot.bottom()))
        free = _flag_words(painter, frame, rect, flag, metrics, free, palette)


def _flag_words(
    painter: QPainter, frame: Frame, rect: QRectF, flag: Flag, metrics: QFontMetricsF, free: float, palette: Palette
) -> float:
    """Left of the hairline, or right of it where there is no room; returns how far the next word may reach."""
    px, x = frame.px, frame.x(flag.x)
    width = metrics.horizontalAdvance(flag.text)
    left = x - width - px * 0.5
    if left < rect.left():
        left = x + px * 0.5
    if left + width > free:
        return free
    painter.setPen(QColor(palette.soft))
    painter.drawText(QRectF(left, frame.plot.top() - px * 1.9, width + 1, px * 1.6), int(LEFT | MIDDLE), flag.text)
    return left - px


def _targets(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Stepped and dashed, in the accent; a range has two edges."""
    pen = QPen(QColor(palette.accent), frame.px / 8)
    pen.setDashPattern([4, 3])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for edge in ("value", "upper"):
        path, end = QPainterPath(), None
        for step in frame.chart.targets:
            value = getattr(step, edge)
            if value is None:
                continue
            start = QPointF(frame.x(step.x0), frame.y(value))
            path.lineTo(start) if end == step.x0 else path.moveTo(start)
            path.lineTo(QPointF(frame.x(step.x1), frame.y(value)))
            end = step.x1
        painter.drawPath(path)


def _line(painter: QPainter, frame: Frame, line: Line, palette: Palette) -> None:
    px = frame.px
    ink = QColor(palette.faint if line.quiet else palette.ink)
    if line.quiet:
        ink.setAlphaF(0.55)
    if frame.chart.form == "bars":
        _bars(painter, frame, line, palette)
        return
    _stroke(painter, frame, line, ink, px * (0.1 if line.quiet else 0.15))
    crowded = frame.step < px * 0.42
    for mark in line.marks:
        special = mark.kind != "common" or mark.hollow or mark.excluded
        if special or not crowded:
            size = px * (0.85 if special else 0.45)
            _mark(painter, QPointF(frame.x(mark.x), frame.y(mark.y)), mark, palette, size)


def _stroke(painter: QPainter, frame: Frame, line: Line, ink: QColor, width: float) -> None:
    """The line itself; a gap in the data is a gap in the line."""
    pen = QPen(ink, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stretch: list[QPointF] = []
    for i, value in enumerate([*line.values, np.nan]):
        if not np.isnan(value):
            stretch.append(QPointF(frame.x(i), frame.y(value)))
        elif stretch:
            painter.drawPolyline(QPolygonF(stretch))
            stretch = []


def _bars(painter: QPainter, frame: Frame, line: Line, palette: Palette) -> None:
    kinds = {int(m.x): m for m in line.marks}
    painter.setPen(Qt.PenStyle.NoPen)
    for i, value in enumerate(line.values):
        if not np.isnan(value):
            mark = kinds.get(i, Mark(i, float(value)))
            painter.setBrush(QColor(_colour(mark, palette)))
            half = frame.step * 0.36
            painter.drawRect(QRectF(QPointF(frame.x(i) - half, frame.y(value)), QPointF(frame.x(i) + half, frame.y(0))))


def _colour(mark: Mark, palette: Palette) -> str:
    return {"improvement": palette.improvement, "concern": palette.concern}.get(mark.kind, palette.ink)


def _mark(painter: QPainter, at: QPointF, mark: Mark, palette: Palette, size: float) -> None:
    """A disc for common cause and improvement, a diamond for concern, hollow while preliminary, a cross when left out."""
    colour = QColor(_colour(mark, palette))
    r = size / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if mark.excluded:
        painter.setPen(QPen(QColor(palette.faint), size / 6))
        painter.drawLine(QPointF(at.x() - r, at.y() - r), QPointF(at.x() + r, at.y() + r))
        painter.drawLine(QPointF(at.x() - r, at.y() + r), QPointF(at.x() + r, at.y() - r))
    elif mark.hollow:
        painter.setPen(QPen(colour, size / 6))
        painter.setBrush(QColor(palette.paper))
        painter.drawEllipse(at, r * 0.9, r * 0.9)
    elif mark.kind == "concern":
        r *= 1.25
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        )
    else:
        painter.drawEllipse(at, r, r)


def _end_labels(painter: QPainter, frame: Frame, rect: QRectF, palette: Palette) -> None:
    """Last values and the target at the right, moved apart so that none overlaps."""
    px, chart = frame.px, frame.chart
    left = frame.x(len(chart.periods) - 0.5) + px * 0.5
    blocks: list[tuple[float, list[tuple[str, QFont, str]]]] = []
    for line in chart.lines:
        known = np.flatnonzero(~np.isnan(line.values))
        if line.last and len(known):
            words = [
                (line.last, font(px * 1.1, QFont.Weight.DemiBold), palette.ink),
                (line.period, font(px), palette.soft),
            ]
            blocks.append((frame.y(float(line.values[known[-1]])), words))
    if chart.target_label and chart.targets:
        last = chart.targets[-1]
        blocks.append(
            (
                frame.y(last.value if last.upper is None else (last.value + last.upper) / 2),
                [(chart.target_label, font(px), palette.accent)],
            )
        )
    heights = [px * 1.35 * len(words) for _, words in blocks]
    centres = spread([at for at, _ in blocks], heights, rect.top(), frame.plot.bottom() + px)
    for (_, words), centre, height in zip(blocks, centres, heights, strict=True):
        for row, (text, face, colour) in enumerate(words):
            painter.setFont(face)
            painter.setPen(QColor(colour))
            box = QRectF(left, centre - height / 2 + row * px * 1.35, rect.right() - left, px * 1.35)
            _text(painter, box, text, LEFT)


def _text(painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    """One line; what is longer than its place ends in an ellipsis."""
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 1)
    painter.drawText(rect, int(align | MIDDLE), shown)
