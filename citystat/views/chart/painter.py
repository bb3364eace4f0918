"""The one painter: Chart → QPainter, for screen, wall, PNG, SVG and print.

Everything scales with the text size, so the same description paints desk, wall and paper.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from citystat.charts.chart import Band, Chart, Fan, Line, Mark
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import Frame, Placed
from citystat.views.chart.palette import Palette
from citystat.views.chart.panels import laid_out

PALEST = 0.16  # of a line among hundreds


def paint(
    painter: QPainter,
    rect: QRectF,
    chart: Chart,
    palette: Palette,
    text_px: float = 12,
    *,
    words: bool = False,
    source: bool = False,
) -> Frame:
    """Paint `chart` into `rect` with labels of `text_px` pixels.

    words: subject and headline above the plot; source: its line beneath. Returns the frame, so that a reader
    can be told which point is where, and a test can ask every label for its place.
    """
    frame = laid_out(rect, chart, text_px, words=words, source=source)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    for each in frame.drawn:
        _plot(painter, each, palette)
    for label in [*frame.labels, *(label for panel in frame.panels for label in panel.labels)]:
        _label(painter, label, palette)
    painter.restore()
    return frame


def _plot(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """One plot: grounds, lines, points; the words come last."""
    chart = frame.chart
    for band in chart.bands:
        _band(painter, frame, band, palette)
    _gridlines(painter, frame, palette)
    _year_borders(painter, frame, palette)
    _hairs(painter, frame, palette)
    for band in chart.bands:
        _centre(painter, frame, band, palette)
    if chart.ahead is not None:
        _ahead(painter, frame, chart.ahead, palette)
    _targets(painter, frame, palette)
    spoken = sorted((line for line in chart.lines if not line.quiet), key=lambda line: not line.leads)
    for line in [*(line for line in chart.lines if line.quiet), *reversed(spoken)]:
        _line(
            painter, frame, line, palette, 0 if line.quiet else next(i for i, each in enumerate(spoken) if each is line)
        )
    _doubts(painter, frame, palette)


def paint_small(painter: QPainter, rect: QRectF, chart: Chart, palette: Palette) -> None:
    """A sparkline: band, line and special-cause points; no words."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = Frame(rect.adjusted(2, 3, -3, -3), chart, 8)  # no words, so no layout
    for band in chart.bands:
        _band(painter, frame, band, palette)
    for line in chart.lines:
        _stroke(painter, frame, line, QColor(palette.ink), 1.3)
        for mark in line.marks:
            if mark.kind in ("improvement", "concern"):
                _mark(painter, QPointF(frame.x(mark.x), frame.y(mark.y)), mark, palette, 5.5)
    painter.restore()


def _band(painter: QPainter, frame: Frame, band: Band, palette: Palette) -> None:
    """Limits as a flat ground; it steps where denominators differ, and follows a season."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.band))
    for x, lower, upper in band.drawn(band.lower, band.upper):
        edge = np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])
        painter.drawPolygon(_polyline(frame, *edge))


def _centre(painter: QPainter, frame: Frame, band: Band, palette: Palette) -> None:
    painter.setPen(QPen(QColor(palette.faint), frame.px / 12))
    for x, centre in band.drawn(band.centre):
        painter.drawPolyline(_polyline(frame, x, centre))


def _ahead(painter: QPainter, frame: Frame, fan: Fan, palette: Palette) -> None:
    """What may come: two grounds for 80 and 95 %, and the middle as a dashed line that sets out from the last value."""
    known = [(m.x, m.y) for line in frame.chart.lines[:1] for m in line.marks if m.x < fan.x[0] and not m.hollow]
    x0, y0 = known[-1] if known else (fan.x[0], fan.mean[0])
    x = np.concatenate([[x0], fan.x])
    painter.setPen(Qt.PenStyle.NoPen)
    for lower, upper, strength in ((fan.lower95, fan.upper95, 0.10), (fan.lower80, fan.upper80, 0.14)):
        ground = QColor(palette.ink)
        ground.setAlphaF(strength)
        painter.setBrush(ground)
        sides = np.concatenate([[y0], upper]), np.concatenate([[y0], lower])
        painter.drawPolygon(_polyline(frame, np.concatenate([x, x[::-1]]), np.concatenate([sides[0], sides[1][::-1]])))
    pen = QPen(QColor(palette.ink), frame.px / 8)
    pen.setDashPattern([2, 2.5])
    painter.setPen(pen)
    painter.drawPolyline(_polyline(frame, x, np.concatenate([[y0], fan.mean])))


def _polyline(frame: Frame, x: np.ndarray, y: np.ndarray) -> QPolygonF:
    return QPolygonF([QPointF(frame.x(a), frame.y(b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)])


def _gridlines(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Few, behind everything; zero a little stronger where values lie on both sides of it."""
    low, high = frame.chart.y_low, frame.chart.y_high
    for tick in frame.chart.y_ticks:
        strong = tick.at == 0 and low < 0 < high and (frame.chart.form == "bars" or low < -(high - low) * 0.1)
        painter.setPen(QPen(QColor(palette.faint if strong else palette.rule), frame.px / 12))
        y = frame.y(tick.at)
        painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y))


def _year_borders(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """The edges of the fiscal years in their row."""
    painter.setPen(QPen(QColor(palette.rule), frame.px / 10))
    for span in frame.chart.years[1:]:
        x = frame.x(span.x0)
        if not any(p.role == "year" and p.rect.left() < x < p.rect.right() for p in frame.labels):
            painter.drawLine(QPointF(x, frame.year_row), QPointF(x, frame.year_row + frame.px * 1.3))


def _hairs(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """A flag's hairline at the left edge of its first period (firmer where the chart breaks), and leaders to labels that had to move."""
    pen = QPen(QColor(palette.faint), frame.px / 12)
    for leader in frame.leaders:
        painter.setPen(pen)
        painter.drawLine(leader.start, leader.end)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    for hair in frame.hairs:
        pen.setDashPattern([4, 2] if hair.firm else [1, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(hair.x, hair.top), QPointF(hair.x, frame.plot.bottom()))


def _label(painter: QPainter, label: Placed, palette: Palette) -> None:
    if label.ground:
        paper = QColor(palette.paper)
        paper.setAlphaF(0.85)
        painter.fillRect(label.rect.adjusted(-2, 0, 2, 0), paper)
    painter.setFont(font(label.size, label.weight))
    painter.setPen(QColor(getattr(palette, label.colour)))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(label.rect, int(flags | Qt.TextFlag.TextSingleLine), label.text)


def _targets(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Stepped (or flowing) and dashed, in the accent; a range has two edges."""
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
            first, last = step.edges
            start = QPointF(frame.x(first), frame.y(value))
            path.lineTo(start) if end == step.x0 else path.moveTo(start)
            path.lineTo(QPointF(frame.x(last), frame.y(value)))
            end = step.x1
        painter.drawPath(path)


def _line(painter: QPainter, frame: Frame, line: Line, palette: Palette, place: int) -> None:
    """One series; of several the first is the strongest, and quiet ones are background."""
    px = frame.px
    after = palette.soft if frame.chart.others else palette.faint  # named before a background, all are to be seen
    of_many = any(each.leads for each in frame.chart.lines)  # the one that the headline names is the strongest
    strong = line.leads if of_many else place == 0
    ink = QColor(palette.faint if line.quiet else palette.ink if strong else palette.soft if place < 2 else after)
    if line.quiet:
        ink.setAlphaF(max(PALEST, 0.4 - len(frame.chart.lines) / 500))
    if frame.chart.form == "bars":
        _bars(painter, frame, line, palette)
        return
    named_only = bool(line.period) and not line.last  # an earlier year
    _stroke(painter, frame, line, ink, px * (0.08 if line.quiet or named_only else 0.2 if line.leads else 0.15))
    if not line.quiet and not line.marks:
        _lonely(painter, frame, line, ink)
    crowded = frame.step < px * 0.42
    for mark in line.marks:
        special = mark.kind != "common" or mark.hollow or mark.excluded
        if special or not crowded:
            size = min(0.85 * px, max(0.5 * px, frame.step * 2)) if special else 0.45 * px
            _mark(painter, QPointF(frame.x(mark.x), frame.y(mark.y)), mark, palette, size)


def _doubts(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """A thin ring around a figure that a check doubts and nobody has accepted: a question, not a special cause."""
    chart = frame.chart
    if not chart.lines:
        return
    painter.setPen(QPen(QColor(palette.soft), frame.px / 11))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = frame.px * 0.72
    for line in chart.lines:
        for x in line.doubts:
            painter.drawEllipse(QPointF(frame.x(x), frame.y(float(line.values[x]))), radius, radius)


def _lonely(painter: QPainter, frame: Frame, line: Line, ink: QColor) -> None:
    """A value without neighbours has no line: it is shown as a point, and so is the line's last value."""
    known = np.isfinite(line.values)
    alone = known & ~np.append(False, known[:-1]) & ~np.append(known[1:], False)
    ends = np.flatnonzero(known)[-1:]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for i in {*np.flatnonzero(alone).tolist(), *ends.tolist()}:
        painter.drawEllipse(QPointF(frame.x(i), frame.y(float(line.values[i]))), frame.px * 0.23, frame.px * 0.23)


def _stroke(painter: QPainter, frame: Frame, line: Line, ink: QColor, width: float) -> None:
    """The line itself; a gap in the data is a gap in the line, and so is a change of definition."""
    pen = QPen(ink, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stretch: list[QPointF] = []
    for i, value in enumerate([*line.values, np.nan]):
        if stretch and (np.isnan(value) or i in line.breaks):
            painter.drawPolyline(QPolygonF(stretch))
            stretch = []
        if not np.isnan(value):
            stretch.append(QPointF(frame.x(i), frame.y(value)))


def _bars(painter: QPainter, frame: Frame, line: Line, palette: Palette) -> None:
    """From zero always; preliminary ones hollow, special causes with their shape at the bar's end."""
    kinds = {int(m.x): m for m in line.marks}
    for i, value in enumerate(line.values):
        if np.isnan(value):
            continue
        mark = kinds.get(i, Mark(i, float(value)))
        colour, half = QColor(_colour(mark, palette)), frame.step * 0.36
        hollow = mark.hollow or mark.excluded
        painter.setPen(QPen(colour, frame.px / 10) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.paper) if hollow else colour)
        top, zero = QPointF(frame.x(i) - half, frame.y(value)), QPointF(frame.x(i) + half, frame.y(0))
        painter.drawRect(QRectF(top, zero).normalized())
        if mark.kind in ("improvement", "concern"):
            away = frame.px * (-0.55 if value >= 0 else 0.55)
            _mark(painter, QPointF(frame.x(i), frame.y(value) + away), mark, palette, frame.px * 0.7)


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
