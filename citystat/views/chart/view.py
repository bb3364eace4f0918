"""The chart on a page: painted, with a keyboard cursor over its points."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.charts.chart import Chart
from citystat.numbers import quantity
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.painter import Frame, paint
from citystat.views.shell.theme import current as theme


class ChartView(QWidget):
    """Shows a Chart; arrows, Home and End move a cursor whose value is shown and read out.

    Signal: opened(index) on Enter or a double click: what stands behind the value of that period is wanted.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._frame: Frame | None = None
        self._cursor: int | None = None
        self.chosen: int | None = None  # the period that keys or a click chose: the cursor comes back to it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(round(theme().px(260)))

    def sizeHint(self) -> QSize:
        """Wide rather than high."""
        return QSize(900, round(theme().px(400)))

    @property
    def chart(self) -> Chart | None:
        """What is shown."""
        return self._chart

    def set_chart(self, chart: Chart) -> None:
        """Show `chart`."""
        self._chart, self._cursor, self.chosen = chart, None, None
        self.setAccessibleName(chart.reading)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chart, then the cursor over it."""
        if self._chart is None:
            return
        painter = QPainter(self)
        self._frame = paint(painter, QRectF(self.rect()), self._chart, theme().palette, theme().px(12))
        if self._cursor is not None:
            self._paint_cursor(painter, self._frame, self._cursor)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor."""
        if self._chart is None or not self._chart.periods:
            return
        last = len(self._chart.periods) - 1
        at = last + 1 if self._cursor is None else self._cursor
        to = {Qt.Key.Key_Left: at - 1, Qt.Key.Key_Right: at + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(
            Qt.Key(event.key())
        )
        if to is not None:
            self._choose(max(0, min(last, to)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The period under the mouse."""
        at = self._under(event.position())
        if at is not None:
            self._point_at(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the period: it stays chosen when the mouse goes to a button."""
        at = self._under(event.position())
        if at is not None:
            self._choose(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """What stands behind the value."""
        at = self._under(event.position())
        if at is not None:
            self.opened.emit(at)

    def leaveEvent(self, event: object) -> None:
        """Nothing is pointed at but what was chosen."""
        self._cursor = self.chosen
        self.update()

    def _under(self, at: QPointF) -> int | None:
        """The period at a place, None beside the plot."""
        if self._frame is None or self._chart is None or not self._frame.plot.contains(at):
            return None
        return max(0, min(len(self._chart.periods) - 1, int((at.x() - self._frame.plot.left()) / self._frame.step)))

    def _choose(self, index: int) -> None:
        self.chosen = index
        self._point_at(index)

    def _point_at(self, index: int) -> None:
        self._cursor = index
        self.setAccessibleDescription(self._words(index))
        self.update()

    def _words(self, index: int) -> str:
        """ "Feb 2026: 93.3 %", and what marks the point."""
        if self._chart is None:
            return ""
        parts = []
        for line in self._chart.lines:
            value = float(line.values[index])
            text = quantity(value, self._chart.unit, self._chart.decimals) if not np.isnan(value) else tr("no value")
            if not line.quiet:
                parts.append(f"{line.name}: {text}" if len(self._chart.lines) > 1 else text)
            parts += [m.reason or tr("special cause") for m in line.marks if m.x == index and m.kind != "common"]
            parts += [tr("preliminary") for m in line.marks if m.x == index and m.hollow]
        parts += [words for x, words in self._chart.doubts if x == index]
        parts = parts[:5] + [flag.text for flag in self._chart.flags if flag.x == index - 0.5]
        return f"{self._chart.periods[index]}: " + ", ".join(parts)

    def _paint_cursor(self, painter: QPainter, frame: Frame, index: int) -> None:
        palette, px = theme().palette, theme().px(12)
        painter.setPen(QPen(QColor(palette.accent), 1))
        x = frame.x(index)
        painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
        painter.setFont(font(px))
        words = self._words(index)
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + px
        left = min(max(frame.plot.left(), x - width / 2), self.width() - width)
        box = QRectF(left, frame.plot.bottom() - px * 2, width, px * 1.7)
        painter.setBrush(QColor(palette.panel))
        painter.setPen(QPen(QColor(palette.rule), 1))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(palette.ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
