"""Twelve periods of a measure as small marks: on time, late, missing, in doubt; and the legend that explains them."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from citystat.collect.checks import ERROR
from citystat.collect.quality import BEFORE, LATE, MISSING, ON_TIME, Period, Quality
from citystat.measures.doubts import Doubt
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import label

BAR, STEP, HIGH = 6, 12, 15  # pixels of a period in the strip


def strip_words(q: Quality) -> str:
    """The strip for a tip and a screen reader."""
    n = len(q.periods)
    late, missing = (sum(p.came == kind for p in q.periods) for kind in (LATE, MISSING))
    said = [
        plural(n, "{n} period", "{n} periods"),
        tr("{n} late", n=late) if late else "",
        tr("{n} missing", n=missing) if missing else "",
        plural(len(q.open), "{n} finding open", "{n} findings open") if q.open else "",
    ]
    return ", ".join(filter(None, said))


def paint_strip(painter: QPainter, rect: Any, q: Quality) -> None:
    """A mark a period, the newest at the right."""
    px, palette = theme().px, theme().palette
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = rect.left() + px(8) + px(STEP) * (12 - len(q.periods))
    for n, period in enumerate(q.periods):
        _draw(painter, QPointF(left + px(STEP) * (n + 0.5), rect.center().y()), period, palette)
    painter.restore()


def _draw(painter: QPainter, at: QPointF, p: Period, palette: Any) -> None:
    """A bar for on time, half a bar for late, an empty one for missing, a dot before the city had it, a diamond for doubt."""
    px = theme().px
    wide, high = px(BAR), px(HIGH)
    bar = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
    painter.setPen(Qt.PenStyle.NoPen)
    if p.doubts:
        r = px(6)
        held = any(d.level == ERROR for d in p.doubts)
        painter.setPen(QPen(QColor(palette.concern), px(1.5)))
        painter.setBrush(QColor(palette.concern) if held else Qt.BrushStyle.NoBrush)
        shape = QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        painter.drawPolygon(shape)
    elif p.came == MISSING:
        painter.setPen(QPen(QColor(palette.concern), px(1.3)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
    elif p.came == BEFORE:
        painter.setBrush(QColor(palette.faint))
        painter.drawEllipse(at, px(1.5), px(1.5))
    else:
        painter.setBrush(QColor(palette.faint))
        painter.drawRoundedRect(bar if p.came == ON_TIME else bar.adjusted(0, high / 2, 0, 0), 1.5, 1.5)


class Legend(QWidget):
    """What the marks of the strip mean, drawn by the same hand."""

    def __init__(self) -> None:
        super().__init__()
        day = date(2000, 1, 1)
        doubt = Doubt(0, 0, day, "", "warning", "", "", None, "", "", None)  # type: ignore[arg-type]
        self._marks = (
            (Period(day, ON_TIME, 0, 1, 1, ()), tr("on time")),
            (Period(day, LATE, 1, 1, 1, ()), tr("late")),
            (Period(day, MISSING, 0, 0, 1, ()), tr("missing")),
            (Period(day, ON_TIME, 0, 1, 1, (doubt,)), tr("in doubt")),
            (Period(day, BEFORE, 0, 1, 1, ()), tr("before the city had it")),
        )
        self.setAccessibleName(", ".join(words for _, words in self._marks))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for period, words in self._marks:
            row.addWidget(PeriodMark(period))
            row.addWidget(label(words, "faint"))
            row.addSpacing(12)
        row.addStretch(1)


class PeriodMark(QWidget):
    """One mark of the strip."""

    def __init__(self, period: Period) -> None:
        super().__init__()
        self._period = period
        self.setFixedSize(round(theme().px(16)), round(theme().px(20)))

    def paintEvent(self, event: object) -> None:
        """As in the table."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, QPointF(self.width() / 2, self.height() / 2), self._period, theme().palette)
