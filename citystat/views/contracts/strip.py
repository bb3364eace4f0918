"""Twelve months as a row of marks: a small disc for met, a diamond for missed, a dash where there is no figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat import periods
from citystat.contracts.results import Result, Tally, outcome_words
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme

STEP, MARKS, LETTERS = 20, 18, 16  # pixels at 100 %: from month to month; height of the marks; of the letters beneath


class Strip(QWidget):
    """The marks with the first letters of their months beneath. A month in which nothing is judged stays empty."""

    def __init__(self) -> None:
        super().__init__()
        self._months: list[tuple[date, Result | None]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_months(self, last: date, results: Sequence[Result | None]) -> None:
        """Results of the months up to `last`, oldest first."""
        first = periods.add_months(last, 1 - len(results))
        self._months = [(periods.add_months(first, i), r) for i, r in enumerate(results)]
        said = ", ".join(f"{periods.label(m, 'month')} {outcome_words(r)}" for m, r in self._months if r is not None)
        self.setAccessibleName(said or tr("no figure yet"))
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A step a month."""
        px = theme().px
        return QSize(round(px(STEP) * max(1, len(self._months))), round(px(MARKS + LETTERS)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Marks, then letters; January in ink, so that the year's border is seen."""
        painter, px = QPainter(self), theme().px
        draw_marks(painter, QRectF(0, 0, self.width(), px(MARKS)), [r.outcome if r else "" for _, r in self._months])
        painter.setFont(font(px(11)))
        for i, (month, _) in enumerate(self._months):
            painter.setPen(QColor(theme().palette.ink if month.month == 1 else theme().palette.faint))
            place = QRectF(i * px(STEP), px(MARKS), px(STEP), px(LETTERS))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tr(periods.MONTH_NAMES[month.month - 1])[:1])
        painter.end()


def outcome_of(tally: Tally) -> str:
    """All standards of a month as one mark: missed where one was."""
    return "missed" if tally.missed else "met" if tally.met else "none" if tally.without else ""


def draw_marks(painter: QPainter, rect: QRectF, outcomes: Sequence[str]) -> None:
    """A mark for each outcome, a step apart from the left of `rect`, in its middle."""
    palette, step = theme().palette, theme().px(STEP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for i, outcome in enumerate(outcomes):
        _mark(painter, QPointF(rect.left() + (i + 0.5) * step, rect.center().y()), outcome, palette)
    painter.restore()


def _mark(painter: QPainter, at: QPointF, outcome: str, palette) -> None:  # type: ignore[no-untyped-def]
    px = theme().px
    painter.setPen(Qt.PenStyle.NoPen)
    if outcome == "missed":
        r = px(5.5)
        painter.setBrush(QColor(palette.concern))
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        )
    elif outcome == "met":
        painter.setBrush(QColor(palette.soft))
        painter.drawEllipse(at, px(3), px(3))
    elif outcome == "none":
        painter.setPen(QPen(QColor(palette.faint), px(1.2)))
        painter.drawLine(at + QPointF(-px(3), 0), at + QPointF(px(3), 0))
