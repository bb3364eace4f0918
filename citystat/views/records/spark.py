"""A line without axes: how a measure went, beside its newest figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from citystat.views.shell.theme import current as theme

MOST = 36  # periods that are drawn: the newest


def draw_spark(painter: QPainter, rect: QRectF, values: Sequence[float], last_open: bool = False) -> None:
    """The values from the left edge of `rect` to its right edge, lowest at its foot; nan breaks the line; the newest is a disc,
    hollow where its period is not over."""
    shown = np.array(values[-MOST:], float)
    known = np.isfinite(shown)
    if not known.any():
        return
    palette, px = theme().palette, theme().px
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    inside = rect.adjusted(px(4), px(5), -px(5), -px(5))
    step = inside.width() / max(1, len(shown) - 1)
    span = high - low

    def at(i: int) -> QPointF:
        share = (shown[i] - low) / span if span else 0.5
        return QPointF(inside.left() + i * step, inside.bottom() - share * inside.height())

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.rule), 1))
    painter.drawLine(inside.bottomLeft(), inside.bottomRight())
    painter.setPen(QPen(QColor(palette.ink), px(1.5)))
    for run in _runs(known):
        if len(run) > 1:
            painter.drawPolyline(QPolygonF([at(i) for i in run]))
        else:
            painter.drawPoint(at(run[0]))
    end = int(np.flatnonzero(known)[-1])
    painter.setBrush(QColor(palette.paper if last_open else palette.ink))
    painter.drawEllipse(at(end), px(2.8), px(2.8))
    painter.restore()


def _runs(known: np.ndarray) -> list[list[int]]:
    """The stretches without a gap."""
    found: list[list[int]] = []
    for i in np.flatnonzero(known).tolist():
        if found and found[-1][-1] == i - 1:
            found[-1].append(i)
        else:
            found.append([i])
    return found
