"""The way from a baseline to a target as a bar: what is behind, what should be by now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.measures.definition import target_words
from citystat.measures.progress import BEHIND, Progress
from citystat.numbers import brief
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme

BAR, MARK, WORDS = 6, 5, 18  # pixels at 100 %: thickness of the bar, half the mark's width, height of the words beneath


class WayBar(QWidget):
    """Of one measure's progress that has a way. A mark above the bar is where it should be by now."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._p = progress
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(progress.working[-1])
        self.setToolTip(progress.working[-1])

    def sizeHint(self) -> QSize:
        """As high as mark, bar and words."""
        return QSize(round(theme().px(240)), round(theme().px(2 * MARK + BAR + WORDS)))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bar, mark, and the two ends in words."""
        p, px, palette = self._p, theme().px, theme().palette
        if p.gone is None or p.due is None or p.end is None or p.measure.baseline is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, px(2 * MARK), self.width(), px(BAR))
        painter.setBrush(QColor(palette.rule))
        painter.drawRoundedRect(bar, px(3), px(3))
        painter.setBrush(QColor(palette.concern if p.state == BEHIND else palette.soft))
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), bar.width() * _within(p.gone), bar.height()), px(3), px(3)
        )
        painter.setBrush(QColor(palette.accent))
        x = min(max(bar.width() * _within(p.due), px(MARK)), bar.width() - px(MARK))
        painter.drawPolygon(
            QPolygonF([QPointF(x - px(MARK), px(2)), QPointF(x + px(MARK), px(2)), QPointF(x, bar.top() - 1)])
        )
        self._ends(painter, QRectF(0, bar.bottom() + px(2), self.width(), px(WORDS)))

    def _ends(self, painter: QPainter, rect: QRectF) -> None:
        """ "84 % in Jul 2022" at the left, "92 % by Jun 2027" at the right."""
        m, end = self._p.measure, self._p.end
        assert m.baseline is not None
        assert end is not None
        painter.setFont(font(theme().px(12)))
        painter.setPen(QColor(theme().palette.faint))
        start = tr(
            "{value} in {since}", value=brief(m.baseline.value, m.unit, m.decimals), since=m.label(m.baseline.period)
        )
        aim = target_words(m, end)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, start)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, aim)


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
