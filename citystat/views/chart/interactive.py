"""The chart that a person pans, zooms and points at, on pyqtgraph, in the painter's colours and words."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart, Line
from citystat.numbers import quantity
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import Palette
from citystat.views.shell.theme import current as theme

SYMBOLS = {"improvement": "o", "concern": "d", "neither": "s"}
STEP, CLOSER = 0.1, 0.8  # how far an arrow moves, how much + keeps of what is on view


class InteractiveChart(pg.PlotWidget):
    """Wheel zooms, drag pans; arrows, +, − and Home do the same by keyboard. Signals: left() on Escape."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        palette = theme().palette
        super().__init__(parent, background=QColor(palette.paper), axisItems={"bottom": _Periods("bottom")})
        self._chart: Chart | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAntialiasing(True)
        self.plotItem.hideButtons()
        self.plotItem.setMenuEnabled(False)
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(QColor(palette.rule))
            axis.setTextPen(QColor(palette.faint))
            axis.setStyle(tickFont=font(theme().px(12)))
        self.plotItem.showGrid(y=True, alpha=0.15)
        self.cross = pg.InfiniteLine(pen=pg.mkPen(palette.accent, width=1))
        self.said = _words("", palette.ink, bold=True, anchor=(0.5, 0))
        self.scene().sigMouseMoved.connect(self._pointed)

    def set_chart(self, chart: Chart) -> None:
        """Show `chart`; the axes move together with what is zoomed."""
        self._chart, palette = chart, theme().palette
        self.setAccessibleName(chart.reading)
        self.plotItem.clear()
        self.plotItem.getAxis("bottom").periods = chart.periods
        self._limits(chart, palette)
        self._targets(chart, palette)
        for line in chart.lines:
            self._line(line, palette)
        self._ends(chart, palette)
        pen = pg.mkPen(palette.faint, style=Qt.PenStyle.DotLine)
        for flag in chart.flags:
            opts = {"color": palette.soft, "position": 0.95}
            self.plotItem.addItem(pg.InfiniteLine(flag.x, pen=pen, label=flag.text, labelOpts=opts))
        for item in (self.cross, self.said):
            self.plotItem.addItem(item, ignoreBounds=True)
            item.hide()
        self.show_all()

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
        words = words[:5] + [m.reason for line in chart.lines for m in line.marks if m.x == index and m.reason]
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
            edges = band.x0 + np.arange(len(band.centre) + 1)
            lower, upper = (
                pg.PlotCurveItem(np.repeat(edges, 2)[1:-1], np.repeat(side, 2), pen=None)
                for side in (band.lower, band.upper)
            )
            self.plotItem.addItem(pg.FillBetweenItem(lower, upper, brush=QColor(palette.band)))
            centre = np.repeat(edges, 2)[1:-1], np.repeat(band.centre, 2)
            self.plotItem.plot(*centre, pen=pg.mkPen(palette.faint, width=1))

    def _targets(self, chart: Chart, palette: Palette) -> None:
        pen = pg.mkPen(palette.accent, width=1.5, style=Qt.PenStyle.DashLine)
        x = [edge for step in chart.targets for edge in (step.x0, step.x1)]
        for ends in zip(*[(step.value, step.upper) for step in chart.targets], strict=True):
            y = [np.nan if value is None else value for value in ends for _ in range(2)]
            if not np.isnan(y).all():
                self.plotItem.plot(x, y, pen=pen, connect="finite")

    def _line(self, line: Line, palette: Palette) -> None:
        """The line, then its points: hollow for preliminary ones, disc or diamond for special causes."""
        colour = palette.faint if line.quiet else palette.ink
        x = np.arange(len(line.values))
        self.plotItem.plot(x, line.values, pen=pg.mkPen(colour, width=1 if line.quiet else 1.8), connect="finite")
        groups: dict[tuple[str, bool], list[tuple[float, float]]] = {}
        for mark in line.marks if not line.quiet else ():
            groups.setdefault((mark.kind, mark.hollow or mark.excluded), []).append((mark.x, mark.y))
        for (kind, hollow), points in groups.items():
            ink = getattr(palette, kind) if kind in ("improvement", "concern") else colour
            xs, ys = zip(*points, strict=True)
            self.plotItem.plot(
                xs, ys, pen=None, symbol=SYMBOLS.get(kind, "o"), symbolBrush=palette.paper if hollow else ink,
                symbolPen=pg.mkPen(ink, width=1.5), symbolSize=round(theme().px(10 if kind in SYMBOLS else 8 if hollow else 5)),
            )  # fmt: skip

    def _ends(self, chart: Chart, palette: Palette) -> None:
        """Last value with its period at the line's end; the target's words at the target's."""
        spoken = [line for line in chart.lines if not line.quiet and line.last]
        for line in spoken[:1]:
            at = np.flatnonzero(~np.isnan(line.values))
            if len(at):
                last = _words(f"{line.last}\n{line.period}", palette.ink, bold=True, anchor=(0, 0.5))
                self.plotItem.addItem(last, ignoreBounds=True)
                last.setPos(at[-1] + 0.4, line.values[at[-1]])
        if chart.targets and chart.target_label:
            target = _words(chart.target_label, palette.accent, anchor=(0, 0.5))
            self.plotItem.addItem(target, ignoreBounds=True)
            step = chart.targets[-1]
            target.setPos(step.x1, step.value)


def _words(text: str, colour: str, *, bold: bool = False, anchor: tuple[float, float]) -> pg.TextItem:
    item = pg.TextItem(text, color=colour, anchor=anchor)
    item.setFont(font(theme().px(12), font(12).Weight.DemiBold if bold else font(12).Weight.Normal))
    return item


class _Periods(pg.AxisItem):
    """Period labels in place of numbers."""

    periods: tuple[str, ...] = ()

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [
            self.periods[round(v)] if 0 <= v < len(self.periods) and abs(v - round(v)) < 0.01 else "" for v in values
        ]
