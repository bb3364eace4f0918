"""The chart on a page: painted, with a keyboard cursor over its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.charts.chart import Chart, Line
from citystat.numbers import quantity
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.painter import Frame, paint
from citystat.views.shell.theme import current as theme


class ChartView(QWidget):
    """Shows a Chart; arrows, Home and End move a cursor whose value is shown and read out.

    Signals: opened(index) on Enter or a double click: what stands behind the value of that period is wanted ·
    asked(index, place on the screen): what can be done with a period, by the right button or the menu key.
    """

    opened = Signal(int)
    asked = Signal(int, QPoint)

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
        """Show `chart`; the cursor stays at its period, where the chart has it."""
        self.chosen = _same_period(self._chart, self.chosen, chart)
        self._chart, self._cursor = chart, self.chosen
        self.setAccessibleName(chart.reading)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chart, then the cursor over it."""
        if self._chart is None:
            return
        painter = QPainter(self)
        self._frame = paint(painter, QRectF(self.rect()), self._chart, theme().palette, theme().px(12))
        if self._cursor is not None and self._frame.panels:
            self._paint_cursor_through(painter, self._frame.panels, self._cursor)
        elif self._cursor is not None:
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
            self.choose(max(0, min(last, to)))
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
            self.choose(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """What stands behind the value."""
        at = self._under(event.position())
        if at is not None:
            self.opened.emit(at)

    def leaveEvent(self, event: object) -> None:
        """Nothing is pointed at but what was chosen."""
        self._cursor = self.chosen
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done here; by the menu key with the period that is chosen."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.chosen if by_key else self._under(QPointF(event.pos()))
        if at is None:
            return
        self.choose(at)
        place = self.place_of(at) if by_key else QPointF(event.pos())
        self.asked.emit(at, self.mapToGlobal(place.toPoint()))

    def place_of(self, index: int) -> QPointF:
        """Where a period stands on the widget: at its value, where it has one."""
        if self._frame is None or self._chart is None:
            return QPointF(self.rect().center())
        frame = self._frame.drawn[0]
        values = frame.chart.lines[0].values if frame.chart.lines else np.array([])
        known = index < len(values) and not np.isnan(values[index])
        return QPointF(frame.x(index), frame.y(float(values[index])) if known else frame.plot.center().y())

    def _under(self, at: QPointF) -> int | None:
        """The period at a place, None beside the plot."""
        frame = next((f for f in self._frame.drawn if f.plot.contains(at)), None) if self._frame is not None else None
        if frame is None or self._chart is None:
            return None
        n = len(self._chart.periods)
        return max(0, min(n - 1, int((at.x() - frame.plot.left()) / frame.plot.width() * n)))

    def choose(self, index: int) -> None:
        """Put the cursor on a period, where it stays."""
        self.chosen = index
        self._point_at(index)

    def _point_at(self, index: int) -> None:
        self._cursor = index
        self.setAccessibleDescription(self._words(index))
        self.update()

    def _words(self, index: int) -> str:
        """ "Feb 2026: 93.3 %", and what marks the point; of several panels each by its name."""
        chart = self._chart
        if chart is None:
            return ""
        if chart.panels:
            said = [
                f"{panel.subject.split(' · ')[0]}: {_value(panel, panel.lines[0], chart.x_in(panel, index))}"
                for panel in chart.panels
            ]
            return f"{chart.periods[index]}: " + ", ".join(said)
        parts = []
        for line in chart.lines:
            text = _value(chart, line, index)
            if not line.quiet:
                parts.append(f"{line.name}: {text}" if len(chart.lines) > 1 else text)
            parts += [m.reason or tr("special cause") for m in line.marks if m.x == index and m.kind != "common"]
            if index in line.doubts and not line.quiet and len(chart.lines) > 1:
                parts[-1] += f" ({tr('not accepted yet')})"
            parts += [tr("preliminary") for m in line.marks if m.x == index and m.hollow]
        parts += [words for x, words in chart.doubts if x == index]
        parts = parts[:5] + [flag.text for flag in chart.flags if flag.x == index - 0.5]
        return f"{chart.periods[index]}: " + ", ".join(parts)

    def _paint_cursor_through(self, painter: QPainter, frames: Sequence[Frame], index: int) -> None:
        """One hairline through all panels, each with its value; the period is said in the first, and where it is another."""
        for at, frame in enumerate(frames):
            x = self._chart.x_in(frame.chart, index)
            value = _value(frame.chart, frame.chart.lines[0], x)
            same = len(frame.chart.periods) == len(self._chart.periods)
            words = value if at and same else f"{frame.chart.periods[x]}: {value}"
            self._hairline(painter, frame, x, words, frame.plot.top())

    def _paint_cursor(self, painter: QPainter, frame: Frame, index: int) -> None:
        self._hairline(painter, frame, index, self._words(index), frame.plot.bottom() - theme().px(12) * 2)

    def _hairline(self, painter: QPainter, frame: Frame, index: int, words: str, top: float) -> None:
        """The period, and words on a ground of their own beside it."""
        palette, px, x = theme().palette, theme().px(12), frame.x(index)
        painter.setPen(QPen(QColor(palette.accent), 1))
        painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
        painter.setFont(font(px))
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + px
        left = min(max(frame.plot.left(), x - width / 2), self.width() - width)
        box = QRectF(left, top, width, px * 1.7)
        painter.setBrush(QColor(palette.panel))
        painter.setPen(QPen(QColor(palette.rule), 1))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(palette.ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)


def _value(chart: Chart, line: Line, index: int) -> str:
    value = float(line.values[index])
    return quantity(value, chart.unit, chart.decimals) if not np.isnan(value) else tr("no value")


def _same_period(before: Chart | None, chosen: int | None, now: Chart) -> int | None:
    """Where the period that was chosen stands in another chart."""
    if before is None or chosen is None or chosen >= len(before.starts):
        return None
    return next((i for i, start in enumerate(now.starts) if start == before.starts[chosen]), None)
