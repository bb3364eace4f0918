"""The chart that a person pans, zooms and points at, on pyqtgraph, in the painter's colours and words."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart, Fan, Line, Tick, YearSpan
from citystat.numbers import compact, quantity
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import Palette
from citystat.views.shell.theme import current as theme

SYMBOLS = {"improvement": "o", "concern": "d", "neither": "s"}
APART = 4  # pixels from one common point to the next, below which they are not drawn
STEP, CLOSER = 0.1, 0.8  # how far an arrow moves, how much + keeps of what is on view


class _Points(NamedTuple):
    """Points of one look, in order of x: array[m] float. special: shown even where many share a pixel."""

    item: pg.ScatterPlotItem
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    special: bool


class InteractiveChart(pg.PlotWidget):
    """Wheel zooms, drag pans; arrows, +, − and Home do the same by keyboard. Signals: left() on Escape."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        palette = theme().palette
        super().__init__(
            parent, background=QColor(palette.paper), axisItems={"bottom": _Periods(), "left": _Axis("left")}
        )
        self._chart: Chart | None = None
        self._points: list[_Points] = []
        self._reasons: dict[float, list[str]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAntialiasing(True)
        self.plotItem.hideButtons()
        self.plotItem.setMenuEnabled(False)
        self.plotItem.setDownsampling(
            auto=True, mode="peak"
        )  # a line keeps its peaks, however many values share a pixel
        self.plotItem.setClipToView(True)
        self.plotItem.vb.sigXRangeChanged.connect(lambda *_: self._show_points())
        self.cross = pg.InfiniteLine(pen=pg.mkPen(palette.accent, width=1))
        self.said = _words("", palette.ink, bold=True, anchor=(0.5, 0))
        self.scene().sigMouseMoved.connect(self._pointed)

    def set_chart(self, chart: Chart) -> None:
        """Show `chart`; the axes move together with what is zoomed."""
        self._chart, palette = chart, theme().palette
        self.setAccessibleName(chart.reading)
        self.plotItem.clear()
        self._points, self._reasons = [], {}
        across, up = self.plotItem.getAxis("bottom"), self.plotItem.getAxis("left")
        across.periods, across.years, across.ticks, up.ticks = chart.periods, chart.years, chart.x_ticks, chart.y_ticks
        self._limits(chart, palette)
        for tick in chart.y_ticks:
            self.plotItem.addItem(pg.InfiniteLine(tick.at, angle=0, pen=pg.mkPen(palette.rule)), ignoreBounds=True)
        if chart.ahead is not None:
            self._ahead(chart.ahead, palette)
        self._targets(chart, palette)
        for line in chart.lines:
            self._line(line, palette)
        self._ends(chart, palette)
        pen = pg.mkPen(palette.faint, style=Qt.PenStyle.DotLine)
        for place, flag in enumerate(chart.flags):
            opts = {"color": palette.soft, "position": 0.95 - 0.06 * (place % 3)}  # neighbours stand in rows
            self.plotItem.addItem(pg.InfiniteLine(flag.x, pen=pen, label=flag.text, labelOpts=opts))
        for item in (self.cross, self.said):
            self.plotItem.addItem(item, ignoreBounds=True)
            item.hide()
        self.show_all()
        self._show_points()

    def show_all(self) -> None:
        """The whole series, with room for the words at its end."""
        chart = self._chart
        if chart is not None and chart.periods:
            n = len(chart.periods)
            self.plotItem.setXRange(-0.5, n - 0.5 + max(2.0, n * 0.12), padding=0)
            self.plotItem.setYRange(chart.y_low, chart.y_high, padding=0.05)

    def point_at(self, index: int) -> str:
        """Stand on a period: a hairline, with the period and its values in words, which are returned."""
        chart = self._chart
        if chart is None or not 0 <= index < len(chart.periods):
            self.cross.hide()
            self.said.hide()
            return ""
        values = [
            (line.name, float(line.values[index])) for line in chart.lines if not line.quiet or len(chart.lines) == 1
        ]
        words = [
            (f"{name}: " if len(values) > 1 else "")
            + (tr("no value") if np.isnan(value) else quantity(value, chart.unit, chart.decimals))
            for name, value in values[:5]
        ]
        words = words[:5] + self._reasons.get(float(index), [])
        words += [said for x, said in chart.doubts if x == index]
        text = f"{chart.periods[index]}: {', '.join(words)}"
        low, high = self.plotItem.vb.viewRange()[1]
        self.cross.setPos(index)
        self.said.setText(text, color=theme().palette.ink)
        self.said.setPos(index, low + (high - low) * 0.08)
        self.cross.show()
        self.said.show()
        self.setAccessibleDescription(text)
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, + and − zoom, Home shows all, Escape leaves."""
        (x0, x1), (y0, y1) = self.plotItem.vb.viewRange()
        move = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        zoom = {Qt.Key.Key_Plus: CLOSER, Qt.Key.Key_Equal: CLOSER, Qt.Key.Key_Minus: 1 / CLOSER}
        key = Qt.Key(event.key())
        if key in move:
            right, up = move[key]
            self.plotItem.vb.translateBy(x=right * STEP * (x1 - x0), y=up * STEP * (y1 - y0))
        elif key in zoom:
            self.plotItem.vb.scaleBy(x=zoom[key], y=1)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: object) -> None:
        """Show all again."""
        self.show_all()

    def _pointed(self, at: QPointF) -> None:
        inside = self.plotItem.vb.sceneBoundingRect().contains(at)
        self.point_at(round(self.plotItem.vb.mapSceneToView(at).x()) if inside else -1)

    def _limits(self, chart: Chart, palette: Palette) -> None:
        for band in chart.bands:
            for x, *sides in band.drawn(band.lower, band.upper):
                lower, upper = (pg.PlotCurveItem(x, side, pen=None) for side in sides)
                self.plotItem.addItem(pg.FillBetweenItem(lower, upper, brush=QColor(palette.band)))
            for x, centre in band.drawn(band.centre):
                self.plotItem.plot(x, centre, pen=pg.mkPen(palette.faint, width=1))

    def _ahead(self, fan: Fan, palette: Palette) -> None:
        """What may come: two grounds, and the middle dashed."""
        for lower, upper, strength in ((fan.lower95, fan.upper95, 26), (fan.lower80, fan.upper80, 36)):
            ground = QColor(palette.ink)
            ground.setAlpha(strength)
            sides = (pg.PlotCurveItem(fan.x, side, pen=None) for side in (lower, upper))
            self.plotItem.addItem(pg.FillBetweenItem(*sides, brush=ground))
        self.plotItem.plot(fan.x, fan.mean, pen=pg.mkPen(palette.ink, width=1.5, style=Qt.PenStyle.DashLine))

    def _targets(self, chart: Chart, palette: Palette) -> None:
        pen = pg.mkPen(palette.accent, width=1.5)
        pen.setDashPattern([4, 3])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        x = [edge for step in chart.targets for edge in step.edges]
        for ends in zip(*[(step.value, step.upper) for step in chart.targets], strict=True):
            y = [np.nan if value is None else value for value in ends for _ in range(2)]
            if not np.isnan(y).all():
                self.plotItem.plot(x, y, pen=pen, connect="finite")

    def _line(self, line: Line, palette: Palette) -> None:
        """The line, then its points: hollow for preliminary ones, disc or diamond for special causes."""
        aside = line.quiet or (bool(line.period) and not line.last)  # background, or an earlier year
        colour = palette.faint if aside else palette.ink
        pen, edges = pg.mkPen(colour, width=1 if aside else 1.8), [0, *line.breaks, len(line.values)]
        for a, b in zip(edges, edges[1:], strict=False):  # a change of definition is no step of the line
            self.plotItem.plot(np.arange(a, b), line.values[a:b], pen=pen, connect="finite")
        groups: dict[tuple[str, bool], list[tuple[float, float]]] = {}
        for mark in line.marks if not line.quiet else ():
            groups.setdefault((mark.kind, mark.hollow or mark.excluded), []).append((mark.x, mark.y))
            if mark.reason:
                self._reasons.setdefault(mark.x, []).append(mark.reason)
        for (kind, hollow), points in groups.items():
            ink = getattr(palette, kind) if kind in ("improvement", "concern") else colour
            item = pg.ScatterPlotItem(
                symbol=SYMBOLS.get(kind, "o"), brush=pg.mkBrush(palette.paper if hollow else ink),
                pen=pg.mkPen(ink, width=1.5), size=round(theme().px(10 if kind in SYMBOLS else 8 if hollow else 5)),
            )  # fmt: skip
            self.plotItem.addItem(item, ignoreBounds=True)
            x, y = np.array(points, float).T
            self._points.append(_Points(item, x, y, kind in SYMBOLS or hollow))

    def _show_points(self) -> None:
        """The points on view that have room: special ones by pixel, common ones where they stand apart."""
        low, high = self.plotItem.vb.viewRange()[0]
        wide = max(self.plotItem.vb.width(), 1.0)
        for points in self._points:
            a, b = np.searchsorted(points.x, low), np.searchsorted(points.x, high, "right")
            x, y = points.x[a:b], points.y[a:b]
            if len(x) * APART > wide:
                kept = np.unique(np.floor((x - low) / (high - low) * wide / APART), return_index=True)[1]
                x, y = (x[kept], y[kept]) if points.special else (x[:0], y[:0])
            points.item.setData(x, y)

    def _ending(self, chart: Chart) -> list[tuple[float, float, str, str]]:
        """Where the picture ends, and what is said there: what is forecast, or else the last value."""
        if (fan := chart.ahead) is not None:
            return [(float(fan.x[-1]), float(fan.mean[-1]), fan.last, tr("{period}, expected", period=fan.period))]
        spoken = [line for line in chart.lines if not line.quiet and line.last][:1]
        known = [(line, np.flatnonzero(~np.isnan(line.values))) for line in spoken]
        return [(float(at[-1]), float(line.values[at[-1]]), line.last, line.period) for line, at in known if len(at)]

    def _ends(self, chart: Chart, palette: Palette) -> None:
        """Last value with its period at the line's end; the target's words at the target's."""
        for x, y, last, period in self._ending(chart):
            value = _words(last, palette.ink, bold=True, anchor=(0, 0.9))
            for words in (value, _words(period, palette.soft, anchor=(0, 0.1))):
                self.plotItem.addItem(words, ignoreBounds=True)
                words.setPos(x + 0.5, y)
        if chart.targets and chart.target_label:
            target = _words(chart.target_label, palette.accent, anchor=(0, 0.5))
            self.plotItem.addItem(target, ignoreBounds=True)
            step = chart.targets[-1]
            target.setPos(step.x1, step.value)


def _words(text: str, colour: str, *, bold: bool = False, anchor: tuple[float, float]) -> pg.TextItem:
    item = pg.TextItem(text, color=colour, anchor=anchor)
    item.setFont(font(theme().px(12), font(12).Weight.DemiBold if bold else font(12).Weight.Normal))
    return item


class _Axis(pg.AxisItem):
    """Says what the painted chart says, without a line along the plot, as long as two of its ticks are on view."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        palette = theme().palette
        self.ticks: tuple[Tick, ...] = ()
        self.setPen(QColor(palette.rule))
        self.setTextPen(QColor(palette.faint if side == "left" else palette.soft))
        self.setStyle(tickFont=font(theme().px(12)), tickTextOffset=round(theme().px(8)), tickLength=0)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        seen = [tick.at for tick in self.ticks if low <= tick.at <= high]
        return [(1.0, seen)] if len(seen) > 1 else self.between(low, high, size)

    def between(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Where too few of the chart's ticks are on view: pyqtgraph's own, one level of them."""
        return list(super().tickValues(low, high, size)[:1])

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        said = {tick.at: tick.label for tick in self.ticks}
        return [said.get(v) or compact(v, spacing) for v in values]

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        (_, start, end), lines, words = specs
        return (QPen(Qt.PenStyle.NoPen), start, end), lines, words


class _Periods(_Axis):
    """Months over fiscal years; from close by every period that has room."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.periods: tuple[str, ...] = ()
        self.years: tuple[YearSpan, ...] = ()
        self.setHeight(round(theme().px(48)))

    def between(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        every = max(1, round((high - low) * theme().px(72) / max(1.0, size)))
        return [(1.0, [float(n) for n in range(0, len(self.periods), every) if low <= n <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        said = {tick.at: tick.label for tick in self.ticks}
        whole = all(v in said for v in values)
        return [said[v] if whole else self.periods[round(v)] for v in values]

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        """The words of the periods, and beneath them the years whose middle is on view."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        axis, _, words = specs
        lines = []
        (low, high), box, px = self.linkedView().viewRange()[0], self.boundingRect(), theme().px
        scale = box.width() / max(1e-9, high - low)
        for year in self.years:
            if low < year.x0 < high:
                x = box.left() + (year.x0 - low) * scale
                lines.append((self.pen(), QPointF(x, box.top() + px(26)), QPointF(x, box.top() + px(42))))
            left, right = max(year.x0, low), min(year.x1, high)
            if (right - left) * scale > px(40):
                at = box.left() + ((left + right) / 2 - low) * scale
                row = QRectF(at - px(40), box.top() + px(26), px(80), px(16))
                words.append((row, Qt.AlignmentFlag.AlignCenter, year.label))
        return axis, lines, words
