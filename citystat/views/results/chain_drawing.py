"""How a results chain looks: its boxes, lines and heads, painted alike on the screen and in a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from citystat.goals.chain import ORDER, STAGES, Chain, Step
from citystat.goals.chain_layout import Box, Layout, Rect, Sizes, chain_layout
from citystat.measures.latest import Latest
from citystat.measures.standing import Standing
from citystat.numbers import short
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import Palette
from citystat.views.measures.list import status
from citystat.views.widgets.marks import SHAPES

WIDTH, WIDEST = 168.0, 264.0  # pixels at 100 %: a column, and how far it stretches where there is room
BETWEEN, WIDELY = 30.0, 72.0  # pixels at 100 % between two columns
GAP, LANE = 12.0, 8.0
PAD, AROUND = 12.0, 10.0  # inside a box; between a box and the edge of its column's ground
HEAD = 62.0  # the head of a column
LINE, SMALL = 18.0, 17.0  # heights of a line of words, of a line beneath them
STRIP = 8 + 2 * SMALL  # what a measure adds to a box
TREND = 52.0  # width of the tiny line
LEAST = 44.0  # a box of one line
NEWEST = 24  # periods of the tiny line
DEMI, WEIGHT = QFont.Weight.DemiBold, QFont.Weight.Medium


@dataclass(frozen=True)
class Seen:
    """What a box shows of its measure. mark: shape and words of how it stands · tone: token of the mark · trend: values,
    nan where missing."""

    code: str
    value: str = ""
    mark: str = ""
    tone: str = "soft"
    trend: tuple[float, ...] = ()

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        return ", ".join(filter(None, (self.code, self.value, self.mark)))


def seen_of(s: Standing | Latest) -> Seen:
    """A measure in a box: how it moved where it did, else where it stands beside its target."""
    m = s.measure
    value = short(s.last, m.unit, m.decimals) if s.last is not None else tr("no figure yet")
    if s.signal in SHAPES:
        mark, tone = f"{SHAPES[s.signal]} {s.words}", s.signal
    else:
        mark, tone = status(s) or s.words, "soft"
    trend = tuple(float(v) for v in s.series.values[-NEWEST:]) if isinstance(s, Standing) else ()
    return Seen(m.code, value, mark, tone, trend)


@dataclass(frozen=True)
class Look:
    """Colours, size and how wide the columns are. scale: 1 where a line of words is 13 pixels."""

    palette: Palette
    scale: float = 1.0
    width: float = WIDTH
    between: float = BETWEEN

    def px(self, size: float) -> float:
        """Pixels of a size of the design."""
        return size * self.scale

    @property
    def words(self) -> QFont:
        """What is written in a box."""
        return font(self.px(13), WEIGHT)

    @property
    def sizes(self) -> Sizes:
        """For the layout: boxes stand a little inside their column's ground."""
        return Sizes(self.px(self.width), self.px(self.between), self.px(GAP), self.px(LANE))

    def fitted(self, wide: float) -> Look:
        """The same, with columns that fill `wide` pixels, as far as they stretch."""
        room = wide / self.scale - 2 * AROUND
        between = min(WIDELY, max(BETWEEN, room * 0.045))
        return replace(self, width=min(WIDEST, max(WIDTH, (room - 4 * between) / 5)), between=between)

    def height(self, text: str, measured: bool) -> float:
        """Pixels that a box needs."""
        lines = len(self.lines(text))
        return self.px(max(LEAST, 2 * PAD - 3 + lines * LINE + (STRIP if measured else 0)))

    def lines(self, text: str) -> tuple[str, ...]:
        """The words of a box, line by line."""
        return _lines(text, self.px(13), self.px(self.width - 2 * PAD))

    def free_top(self, layout: Layout, column: int, high: float) -> float:
        """The first height in an empty column at which `high` pixels stay clear of the lines that pass through it."""
        lanes = sorted(y for curve in layout.curves for x, y in curve.points if x == layout.columns[column])
        gap = self.px(GAP)
        tops = [0.0, *(y + gap for y in lanes)]
        return next(top for top in tops if not any(top - gap + 0.5 < y < top + high + gap for y in lanes))

    def lay_out(self, chain: Chain, *, extra: Sequence[tuple[Box, int]] = ()) -> Layout:
        """Where everything stands; extra: boxes that are being typed, each at a place of its column."""
        boxes = [Box(s.id, s.column, self.height(s.text, s.measure_id is not None)) for s in chain.steps]
        for box, place in extra:
            column = [b for b in boxes if b.column == box.column]
            at = boxes.index(column[place]) if place < len(column) else len(boxes)
            boxes.insert(at, box)
        return chain_layout(boxes, chain.links, self.sizes)


@lru_cache(maxsize=4096)
def _lines(text: str, size: float, width: float) -> tuple[str, ...]:
    """Kept, because a diagram is laid out at several sizes until it fits, and at every letter that is typed."""
    return tuple(wrap(text, QFontMetricsF(font(size, WEIGHT)), width))


def wrap(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """The words in lines no wider than `width`; a word that is wider is broken."""
    lines: list[str] = [""]
    for word in text.split():
        tried = f"{lines[-1]} {word}".strip()
        if metrics.horizontalAdvance(tried) <= width:
            lines[-1] = tried
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if lines[-1] and metrics.horizontalAdvance(lines[-1] + sign) > width:
                lines.append("")
            lines[-1] += sign
    return lines


def size_of(layout: Layout, look: Look) -> tuple[float, float]:
    """Pixels of the whole diagram with its heads."""
    around = look.px(AROUND)
    return layout.width + 2 * around, layout.height + look.px(HEAD) + around


def origin(look: Look) -> QPointF:
    """Where the layout begins in the diagram."""
    return QPointF(look.px(AROUND), look.px(HEAD))


## Painting


def draw_ground(painter: QPainter, layout: Layout, look: Look, height: float) -> None:
    """The columns with their heads, `height` pixels high."""
    palette, px = look.palette, look.px
    for left, stage in zip(layout.columns, ORDER, strict=True):
        rect = QRectF(left, 0, px(look.width + 2 * AROUND), height)
        painter.setPen(QPen(QColor(palette.rule), 1) if palette.panel == palette.paper else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.panel))
        painter.drawRoundedRect(rect, px(8), px(8))
        head, under = (tr(words) for words in STAGES[stage])
        inner = rect.adjusted(px(AROUND + 2), px(11), -px(26), 0)
        _line(painter, QRectF(inner.left(), inner.top(), inner.width(), px(20)), head, font(px(13), DEMI), palette.ink)
        low = QRectF(inner.left(), inner.top() + px(20), rect.width() - px(2 * AROUND), px(16))
        _line(painter, low, under, font(px(12)), palette.faint)


def draw_curves(painter: QPainter, layout: Layout, look: Look, *, chosen: set[tuple[int, int]] | None = None) -> None:
    """The lines with their heads; those that are `chosen` in the accent, above the others."""
    strong = chosen or set()
    for curve in sorted(layout.curves, key=lambda c: c.link in strong):
        token = look.palette.accent if curve.link in strong else look.palette.faint
        draw_curve(painter, path_of(curve.points), look, token, wide=2.0 if curve.link in strong else 1.4)


def draw_curve(painter: QPainter, path: QPainterPath, look: Look, colour: str, *, wide: float = 1.4) -> None:
    """One line, an arrow at its end."""
    tip = path.currentPosition()
    back = path.pointAtPercent(path.percentAtLength(max(0.0, path.length() - look.px(6))))
    angle = math.atan2(tip.y() - back.y(), tip.x() - back.x())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), look.px(wide), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawPath(path)
    long, half = look.px(6.5), look.px(3.6)
    along, across = QPointF(math.cos(angle), math.sin(angle)), QPointF(-math.sin(angle), math.cos(angle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([tip, tip - along * long + across * half, tip - along * long - across * half]))


def path_of(points: Sequence[tuple[float, float]]) -> QPainterPath:
    """A curve of the layout for the painter."""
    path = QPainterPath(QPointF(*points[0]))
    for a, b, c in zip(points[1::3], points[2::3], points[3::3], strict=True):
        path.cubicTo(QPointF(*a), QPointF(*b), QPointF(*c))
    return path


def draw_box(
    painter: QPainter, rect: QRectF, step: Step, seen: Seen | None, look: Look, *, ring: str = "", wide: float = 1.0,
    ground: str = "",
) -> None:  # fmt: skip
    """A box: its words, beneath them its measure. ring: colour of its edge."""
    palette, px = look.palette, look.px
    half = wide / 2
    painter.setPen(QPen(QColor(ring or palette.rule), wide))
    painter.setBrush(QColor(ground or palette.paper))
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), px(7), px(7))
    inner = rect.adjusted(px(PAD), px(PAD - 2), -px(PAD), -px(PAD))
    painter.setFont(look.words)
    painter.setPen(QColor(palette.ink))
    lines = look.lines(step.text)
    strip = px(STRIP) if step.measure_id is not None else 0.0
    top = rect.top() + (rect.height() - strip - (px(PAD - 4) if strip else 0) - len(lines) * px(LINE)) / 2
    for n, words in enumerate(lines):
        place = QRectF(inner.left(), top + n * px(LINE), inner.width(), px(LINE))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, words)
    if strip:
        _draw_measure(painter, strip_of(rect, look), step, seen, look)


def strip_of(rect: QRectF, look: Look) -> QRectF:
    """Where a box shows its measure."""
    inner = rect.adjusted(look.px(PAD), 0, -look.px(PAD), -look.px(PAD - 4))
    return QRectF(inner.left(), inner.bottom() - look.px(2 * SMALL), inner.width(), look.px(2 * SMALL))


def _draw_measure(painter: QPainter, strip: QRectF, step: Step, seen: Seen | None, look: Look) -> None:
    """Code and value, the tiny line at their right; beneath them how it stands."""
    palette, px = look.palette, look.px
    seen = seen or Seen(step.code)
    upper = QRectF(strip.left(), strip.top(), strip.width(), px(SMALL))
    x = upper.left() + _line(painter, upper, seen.code, font(px(12)), palette.soft) + px(7)
    room = QRectF(x, upper.top(), upper.right() - x, px(SMALL))
    x += _line(painter, room, seen.value, font(px(12), DEMI), palette.ink) + px(10)
    tiny = min(px(TREND), upper.right() - px(2) - x)  # what the value leaves
    if tiny >= px(24):
        place = QRectF(upper.right() - px(2) - tiny, upper.top() + px(2), tiny, px(SMALL - 4))
        _draw_trend(painter, place, seen.trend, look)
    low = QRectF(strip.left(), upper.bottom(), strip.width(), px(SMALL))
    _line(painter, low, seen.mark, font(px(12)), getattr(palette, seen.tone))


def _draw_trend(painter: QPainter, rect: QRectF, values: Sequence[float], look: Look) -> None:
    """The newest periods as a line, broken where a value is missing; a disc at the last."""
    known = [v for v in values if not math.isnan(v)]
    if len(known) < 2:
        return
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = rect.width() / (len(values) - 1)
    path, down, last = QPainterPath(), False, QPointF()
    for n, value in enumerate(values):
        if math.isnan(value):
            down = False
            continue
        at = QPointF(rect.left() + n * step, rect.bottom() - (value - low) / span * rect.height())
        if down:
            path.lineTo(at)
        else:
            path.moveTo(at)
        down, last = True, at
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(look.palette.soft), look.px(1.2)))
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.palette.ink))
    painter.drawEllipse(last, look.px(2), look.px(2))


def _line(painter: QPainter, rect: QRectF, words: str, face: QFont, colour: str) -> float:
    """Words in one line, shortened where they must be; returns the pixels they took."""
    metrics = QFontMetricsF(face)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, shown)
    return metrics.horizontalAdvance(shown)


def draw_diagram(painter: QPainter, chain: Chain, seen: Mapping[int, Seen], look: Look, layout: Layout) -> None:
    """The whole diagram from the painter's origin; seen: by measure."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_ground(painter, layout, look, size_of(layout, look)[1])
    painter.translate(origin(look))
    draw_curves(painter, layout, look)
    for step in chain.steps:
        draw_box(painter, rect_of(layout.boxes[step.id]), step, seen.get(step.measure_id or 0), look)


def rect_of(rect: Rect) -> QRectF:
    """The layout's rectangle for the painter."""
    return QRectF(*rect)
