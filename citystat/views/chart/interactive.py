"""The chart that a person pans and zooms, on pyqtgraph, in the painter's colours."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme


class InteractiveChart(pg.PlotWidget):
    """Wheel zooms, drag pans, double click shows all again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=QColor(theme().palette.paper), axisItems={"bottom": _Periods("bottom")})
        self.setAntialiasing(True)
        self.plotItem.hideButtons()
        self.plotItem.setMenuEnabled(False)
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(QColor(theme().palette.rule))
            axis.setTextPen(QColor(theme().palette.faint))
            axis.setStyle(tickFont=font(theme().px(12)))
        self.plotItem.showGrid(y=True, alpha=0.15)

    def set_chart(self, chart: Chart) -> None:
        """Show `chart`; the axes move together with what is zoomed."""
        palette = theme().palette
        self.setAccessibleName(chart.reading)
        self.plotItem.clear()
        self.plotItem.getAxis("bottom").periods = chart.periods
        for band in chart.bands:
            x = np.arange(len(band.centre)) + band.x0 + 0.5
            lower = pg.PlotCurveItem(x, band.lower, pen=None)
            upper = pg.PlotCurveItem(x, band.upper, pen=None)
            self.plotItem.addItem(pg.FillBetweenItem(lower, upper, brush=QColor(palette.band)))
            self.plotItem.plot(x, band.centre, pen=pg.mkPen(palette.faint, width=1))
        for step in chart.targets:
            pen = pg.mkPen(palette.accent, width=1.5, style=Qt.PenStyle.DashLine)
            self.plotItem.plot([step.x0, step.x1], [step.value, step.value], pen=pen)
        for line in chart.lines:
            self.plotItem.plot(
                np.arange(len(line.values)), line.values, pen=pg.mkPen(palette.ink, width=1.8), connect="finite"
            )
            special = [m for m in line.marks if m.kind in ("improvement", "concern")]
            for kind, symbol in (("improvement", "o"), ("concern", "d")):
                points = [(m.x, m.y) for m in special if m.kind == kind]
                if points:
                    self.plotItem.plot(
                        *zip(*points, strict=True),
                        pen=None,
                        symbol=symbol,
                        symbolBrush=getattr(palette, kind),
                        symbolPen=None,
                        symbolSize=10,
                    )
        for flag in chart.flags:
            self.plotItem.addItem(
                pg.InfiniteLine(
                    flag.x,
                    pen=pg.mkPen(palette.faint, style=Qt.PenStyle.DotLine),
                    label=flag.text,
                    labelOpts={"color": palette.soft, "position": 0.95},
                )
            )
        self.show_all()

    def show_all(self) -> None:
        """The whole series."""
        self.plotItem.autoRange()

    def mouseDoubleClickEvent(self, event: object) -> None:
        """Show all again."""
        self.show_all()


class _Periods(pg.AxisItem):
    """Period labels in place of numbers."""

    periods: tuple[str, ...] = ()

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [
            self.periods[round(v)] if 0 <= v < len(self.periods) and abs(v - round(v)) < 0.01 else "" for v in values
        ]
