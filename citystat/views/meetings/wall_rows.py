"""Rows on the wall: the list of promises, page by page, and a chart's values as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from citystat.charts.table import ChartTable
from citystat.texts import dotted, tr
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import elided, width, wrapped
from citystat.views.chart.palette import Palette

PLAIN, BOLD = QFont.Weight.Normal, QFont.Weight.DemiBold
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
WHO, NUMBER = 15.5, 3.6  # widths of the right and the left column, in text sizes
LINE = 1.3  # of the text size
MANY = 6  # lines of words that are not cut
PART = "newest 000 of 000"  # the longest that stands beside the subject
SPACE = 0.7  # above and below a row's words, in text sizes


@dataclass(frozen=True)
class Promise:
    """One line of the list of promises. late: worded, empty when it is not."""

    number: str
    text: str
    who: str
    due: str
    late: str = ""
    current: bool = False
    form: str = ""
    unfinished: bool = False  # form or date is wanted: marked
    nobody: bool = False  # an owner is wanted: marked


def paint_promises(
    painter: QPainter, rect: QRectF, title: str, subject: str, promises: Sequence[Promise], palette: Palette, px: float
) -> None:
    """Number, words, who, in which form and by when; the current one stands on a tint with a bar at its left."""
    heights = [promise_height(p, rect.width(), px) for p in promises]
    current = next((n for n, p in enumerate(promises) if p.current), 0)
    top = rect.top() + head_height(rect, title, subject, px, taken=_taken(PART, px))
    page = page_of(heights, current, rect.bottom() - top)
    paint_head(painter, rect, title, subject, palette, px, place=place_of(page, len(promises)))
    for i in page:
        _paint_promise(painter, QRectF(rect.left(), top, rect.width(), heights[i]), promises[i], palette, px)
        top += heights[i]


def page_of(heights: Sequence[float], current: int, space: float) -> range:
    """The rows on the page that holds row `current`: pages are filled from the first row on, a row is never split."""
    start, used = 0, 0.0
    for i, height in enumerate(heights):
        if used + height > space and i > start:
            if current < i:
                return range(start, i)
            start, used = i, 0.0
        used += height
    return range(start, len(heights))


def place_of(page: range, count: int) -> str:
    """ "1–6 of 9"; nothing where all are on one page."""
    whole = len(page) == count
    return "" if whole else tr("{first}–{last} of {all}", first=page.start + 1, last=page.stop, all=count)


def promise_height(promise: Promise, wide: float, px: float) -> float:
    """Two lines; only the promise that is being read aloud is as high as its words."""
    return max(2, len(_words(promise, wide, px))) * px * LINE + px * SPACE


def _words(promise: Promise, wide: float, px: float) -> list[str]:
    """The promise's words in lines; all of them when it is read aloud, otherwise as many as two lines hold."""
    room = wide - (NUMBER + WHO + 1) * px
    found = wrapped(promise.text, px, BOLD, room, MANY * 2 if promise.current else 2)
    return [elided(line, px, BOLD, room) for line in found]


def _side(promise: Promise, px: float) -> tuple[str, str]:
    """Who, and under it form and day; what is late says so first."""
    when = f"◆ {promise.late}" if promise.late else promise.due
    facts = dotted([when, promise.form])
    if promise.late and width(facts, px) > WHO * px:
        facts = when
    return elided(promise.who, px, PLAIN, WHO * px), elided(facts, px, PLAIN, WHO * px)


def _paint_promise(painter: QPainter, row: QRectF, promise: Promise, palette: Palette, px: float) -> None:
    if promise.current:
        painter.fillRect(row.adjusted(-px * 0.6, 0, px * 0.6, 0), QColor(palette.tint))
        painter.fillRect(QRectF(row.left() - px * 0.6, row.top(), px * 0.18, row.height()), QColor(palette.accent))
    painter.fillRect(QRectF(row.left(), row.bottom() - 1, row.width(), max(1.0, px / 24)), QColor(palette.rule))
    top = row.top() + px * SPACE / 2
    _line(painter, row.left(), top, promise.number, palette.faint, px)
    for n, words in enumerate(_words(promise, row.width(), px)):
        _line(painter, row.left() + NUMBER * px, top + n * px * LINE, words, palette.ink, px, BOLD)
    who, facts = _side(promise, px)
    at = row.right() - WHO * px
    _line(painter, at, top, who, palette.concern if promise.nobody else palette.ink, px)
    colour = palette.concern if promise.late or promise.unfinished else palette.soft
    _line(painter, at, top + px * LINE, facts, colour, px)


## The table


ROW, GAP = 1.62, 0.8  # row height and space between columns, in text sizes
NEAR, FAR = 1.3, 4.0  # least and most space between blocks


def paint_table(
    painter: QPainter, rect: QRectF, title: str, subject: str, table: ChartTable, palette: Palette, px: float
) -> None:
    """The newest rows that fit, in as many blocks side by side as there is room for; figures right on their digits."""
    columns = [
        max(width(table.header[c], px), *(width(row[c], px, BOLD) for row in table.rows), 0.0) + GAP * px
        for c in range(len(table.header))
    ]
    columns = _fitting(columns, rect.width())
    block = sum(columns)
    top = rect.top() + head_height(rect, title, subject, px, taken=_taken(PART, px))
    high = max(1, int((rect.bottom() - top) / (ROW * px)) - 1)
    blocks = max(1, int((rect.width() + NEAR * px) / (block + NEAR * px)))
    between = min(FAR * px, (rect.width() - blocks * block) / max(1, blocks - 1))
    shown = table.rows[: high * blocks]
    part = tr("newest {n} of {all}", n=len(shown), all=len(table.rows)) if len(shown) < len(table.rows) else ""
    paint_head(painter, rect, title, subject, palette, px, place=part)
    for n in range(0, len(shown), high):
        left = rect.left() + n // high * (block + between)
        _paint_block(painter, left, top, columns, table.header, shown[n : n + high], palette, px)


def _fitting(columns: list[float], room: float) -> list[float]:
    """As many columns as there is room for; the period is always one of them."""
    n = next((n for n in range(len(columns), 1, -1) if sum(columns[:n]) <= room), 1)
    return columns[:n]


def _paint_block(
    painter: QPainter,
    left: float,
    top: float,
    columns: Sequence[float],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    palette: Palette,
    px: float,
) -> None:
    for n, row in enumerate([header, *rows]):
        at, y = left, top + n * ROW * px
        for c, wide in enumerate(columns):
            weight = BOLD if n and c == 1 else PLAIN
            colour = palette.faint if not n else palette.ink if c == 1 else palette.soft
            x = at if c == 0 else at + wide - width(row[c], px, weight)
            _line(painter, x, y, row[c], colour, px, weight)
            at += wide
        painter.fillRect(QRectF(left, y + (ROW - 0.12) * px, sum(columns), max(1.0, px / 24)), QColor(palette.rule))


## What both have


BIG, PAIRED = 1.5, 1.2  # sizes of the title: alone on the wall, beside another


def head_height(rect: QRectF, title: str, subject: str, px: float, big: float = BIG, taken: float = 0) -> float:
    """Of subject and title, in as many lines as they need; taken: width at the subject's right that is not free."""
    above, below = _head_lines(rect, title, subject, px, big, taken)
    return (len(above) * LINE + max(1, len(below)) * big * LINE + 0.9) * px


def paint_head(
    painter: QPainter,
    rect: QRectF,
    title: str,
    subject: str,
    palette: Palette,
    px: float,
    big: float = BIG,
    place: str = "",
) -> None:
    """Subject and title; at the right which part of the list this is."""
    above, below = _head_lines(rect, title, subject, px, big, _taken(place, px))
    y = rect.top()
    for words in above:
        _line(painter, rect.left(), y, words, palette.soft, px)
        y += px * LINE
    y += px * 0.3
    for words in below:
        _line(painter, rect.left(), y, words, palette.ink, px * big, QFont.Weight.Bold)
        y += px * big * LINE
    _line(painter, rect.right() - width(place, px), rect.top(), place, palette.faint, px)


def _taken(place: str, px: float) -> float:
    return width(place, px) + px if place else 0.0


def _head_lines(
    rect: QRectF, title: str, subject: str, px: float, big: float, taken: float
) -> tuple[list[str], list[str]]:
    return (
        wrapped(subject, px, PLAIN, rect.width() - taken, MANY),
        wrapped(title, px * big, QFont.Weight.Bold, rect.width(), MANY),
    )


def _line(
    painter: QPainter, left: float, top: float, text: str, colour: str, px: float, weight: QFont.Weight = PLAIN
) -> None:
    """One line of text with its top at `top`."""
    if text:
        face = font(px, weight)
        painter.setFont(face)
        painter.setPen(QColor(colour))
        metrics = QFontMetricsF(face)
        painter.drawText(QRectF(left, top, metrics.horizontalAdvance(text) + px, metrics.height()), int(LEFT), text)
