"""Where everything in a picture stands: the plot, and every label with its place.

Worked out before anything is painted, so that a test can ask whether two labels overlap or one is cut.
Lengths are multiples of the text size, so desk, wall and paper are the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from citystat.charts.chart import Chart, Flag
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.labels import fitting, spread, thinned

ROW = 1.3  # a row of words
HEADLINE, LAST = 1.55, 1.15  # sizes beside the text's own
RIGHT_SHARE = 0.36  # of the width, at most, for the labels at the lines' ends
BOLD, PLAIN = QFont.Weight.Bold, QFont.Weight.Normal


@dataclass(frozen=True)
class Placed:
    """One line of words in its place. role: subject, headline, source, value, period, year, flag, last, part, target, empty.

    rect: exactly as wide as the words; colour: a token of the palette.
    """

    role: str
    text: str
    rect: QRectF
    size: float
    colour: str
    weight: QFont.Weight = PLAIN


@dataclass(frozen=True)
class Hair:
    """The hairline of a flag: its x and where it begins at the top."""

    x: float
    top: float


@dataclass(frozen=True)
class Leader:
    """A thin line from a line's end to its label, where the label had to move."""

    start: QPointF
    end: QPointF


@dataclass(frozen=True)
class Frame:
    """The plot inside its picture, the way from data to pixels, and every label that is painted."""

    plot: QRectF
    chart: Chart
    px: float  # text size
    labels: tuple[Placed, ...] = ()
    hairs: tuple[Hair, ...] = ()
    leaders: tuple[Leader, ...] = ()
    year_row: float = 0.0  # top of the row of fiscal years

    def x(self, at: float) -> float:
        """Pixels of period `at`; half a period of air at both ends."""
        n = max(1, len(self.chart.periods))
        return self.plot.left() + (at + 0.5) / n * self.plot.width()

    def y(self, value: float) -> float:
        """Pixels of a value."""
        share = (value - self.chart.y_low) / (self.chart.y_high - self.chart.y_low)
        return self.plot.bottom() - share * self.plot.height()

    @property
    def step(self) -> float:
        """Pixels from one period to the next."""
        return self.plot.width() / max(1, len(self.chart.periods))


def arrange(rect: QRectF, chart: Chart, px: float, *, words: bool = False, source: bool = False) -> Frame:
    """Give everything its place in `rect`. words: subject and headline above; source: its line beneath."""
    above = _headline(rect, chart, px) if words else []
    below = _source(rect, chart, px) if source else []
    top = above[-1].rect.bottom() + px * 0.7 if above else rect.top()
    bottom = below[0].rect.top() - px * 0.3 if below else rect.bottom()
    body = QRectF(rect.left(), top, rect.width(), max(px, bottom - top))
    left = max((width(t.label, px) for t in chart.y_ticks), default=0.0) + px * 0.9
    right = min(max((width(*word[:3]) for block in _blocks(chart, px) for word in block.words), default=0.0) + px * 1.2,
                rect.width() * RIGHT_SHARE)  # fmt: skip
    across = QRectF(body.left() + left, body.top(), max(px, body.width() - left - right), body.height())
    flags, rows, hairs = _flags(Frame(across, chart, px), body)
    under = px * (0.7 + ROW * (bool(chart.x_ticks) + bool(chart.years)))
    over = px * (0.7 + (ROW + 0.1) * rows)
    plot = QRectF(across.left(), body.top() + over, across.width(), max(px, body.height() - over - under))
    frame = Frame(plot, chart, px)
    ends, leaders = _ends(frame, body)
    periods, years, year_row = _periods(frame, body)
    empty = [] if any(np.isfinite(line.values).any() for line in chart.lines) else [_empty(plot, px)]
    labels = [*above, *flags, *_values(frame, body), *periods, *years, *ends, *empty, *below]
    return Frame(plot, chart, px, tuple(labels), tuple(hairs), tuple(leaders), year_row)


## Widths


@cache
def _metrics(size: float, weight: QFont.Weight) -> QFontMetricsF:
    return QFontMetricsF(font(size, weight))


def width(text: str, size: float, weight: QFont.Weight = PLAIN) -> float:
    """How wide the words are, in pixels."""
    return _metrics(size, weight).horizontalAdvance(text)


def elided(text: str, size: float, weight: QFont.Weight, room: float) -> str:
    """The words, ended by an ellipsis where they are longer than `room` pixels."""
    if width(text, size, weight) <= room:
        return text
    return _metrics(size, weight).elidedText(text, Qt.TextElideMode.ElideRight, room)


def _placed(
    role: str, text: str, left: float, top: float, room: float, size: float, colour: str,
    weight: QFont.Weight = PLAIN, row: float = 0.0,
) -> Placed:  # fmt: skip
    shown = elided(text, size, weight, room)
    return Placed(role, shown, QRectF(left, top, width(shown, size, weight), row or size * ROW), size, colour, weight)


## Above and below the plot


def _headline(rect: QRectF, chart: Chart, px: float) -> list[Placed]:
    """Subject, then the headline in at most two lines."""
    found = [_placed("subject", chart.subject, rect.left(), rect.top(), rect.width(), px, "soft")]
    big, top = px * HEADLINE, rect.top() + px * (ROW + 0.15)
    for line in wrapped(chart.headline, big, BOLD, rect.width(), 2):
        found.append(_placed("headline", line, rect.left(), top, rect.width(), big, "ink", BOLD))
        top += big * ROW
    return found


def _source(rect: QRectF, chart: Chart, px: float) -> list[Placed]:
    lines = wrapped(chart.source, px, PLAIN, rect.width(), 2)
    top = rect.bottom() - len(lines) * px * ROW
    return [
        _placed("source", line, rect.left(), top + i * px * ROW, rect.width(), px, "faint")
        for i, line in enumerate(lines)
    ]


def wrapped(text: str, size: float, weight: QFont.Weight, room: float, lines: int) -> list[str]:
    """The words in at most `lines` lines; the last one takes the rest and is elided by its place."""
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < lines - 1:
        n = next((n for n in range(len(rest), 1, -1) if width(" ".join(rest[:n]), size, weight) <= room), 1)
        found.append(" ".join(rest[:n]))
        rest = rest[n:]
    return [*found, " ".join(rest)] if rest else found


def _empty(plot: QRectF, px: float) -> Placed:
    words = tr("No data in these periods")
    wide = width(words, px)
    return _placed("empty", words, plot.center().x() - wide / 2, plot.center().y() - px, plot.width(), px, "faint")


## Axes


def _values(frame: Frame, body: QRectF) -> list[Placed]:
    """The values of the gridlines, right-aligned; where they would touch, some stay unsaid."""
    px, right = frame.px, frame.plot.left() - frame.px * 0.7
    ticks = [(t, frame.y(t.at)) for t in frame.chart.y_ticks]
    kept = thinned([y for _, y in ticks], px * ROW)
    return [
        _placed("value", ticks[i][0].label, right - width(ticks[i][0].label, px), ticks[i][1] - px * ROW / 2,
                right - body.left() + 1, px, "faint")
        for i in kept
        if ticks[i][1] - px * ROW / 2 >= body.top()
    ]  # fmt: skip


def _periods(frame: Frame, body: QRectF) -> tuple[list[Placed], list[Placed], float]:
    """Periods where there is room for their words; fiscal years in a row beneath."""
    px, chart = frame.px, frame.chart
    top = frame.plot.bottom() + px * 0.7
    row = top + (px * ROW if chart.x_ticks else 0)
    periods = _along(
        "period", [(t.label, frame.x(t.at), t.major) for t in chart.x_ticks], body, top, px, "soft",
    )  # fmt: skip
    spans = [(s.label, frame.x((s.x0 + s.x1) / 2), True, frame.x(s.x1) - frame.x(s.x0)) for s in chart.years]
    wide = [s[:3] for s in spans if width(s[0], px) + px * 0.4 <= s[3]]
    if len(wide) < 2 < len(spans):  # years too narrow for their names: let some speak over the borders
        wide = [s[:3] for s in spans]
    return periods, _along("year", wide, body, row, px, "faint"), row


def _along(
    role: str, words: Sequence[tuple[str, float, bool]], body: QRectF, top: float, px: float, colour: str
) -> list[Placed]:
    """Words centred along an axis, kept inside the picture, without touching."""
    widths = [width(text, px) for text, _, _ in words]
    centres = [
        min(max(at, body.left() + wide / 2), body.right() - wide / 2)
        for (_, at, _), wide in zip(words, widths, strict=True)
    ]
    return [
        _placed(role, words[i][0], centres[i] - widths[i] / 2, top, widths[i] + 1, px, colour)
        for i in fitting(centres, widths, [major for _, _, major in words], px * 0.7)
    ]


## Flags


def _flags(across: Frame, body: QRectF) -> tuple[list[Placed], int, list[Hair]]:
    """Words at the top in at most two rows, the newest placed first; a word without room keeps its hairline."""
    px, high = across.px, across.px * (ROW + 0.1)
    taken: list[tuple[int, float, float, float]] = []  # row from the plot up, from, to, x of the hairline
    chosen: list[tuple[Flag, int, float, str]] = []
    bare: list[float] = []
    for flag in sorted(across.chart.flags, key=lambda f: -f.x):
        place = _flag_place(flag.text, across.x(flag.x), taken, body, px)
        if place is None:
            bare.append(across.x(flag.x))
            continue
        row, left, text = place
        taken.append((row, left, left + width(text, px), across.x(flag.x)))
        chosen.append((flag, row, left, text))
    rows = 1 + max((row for _, row, _, _ in chosen), default=-1)
    top = [body.top() + (rows - 1 - row) * high for _, row, _, _ in chosen]
    labels = [
        _placed("flag", text, left, y, body.right() - left + 1, px, "soft")
        for (_, _, left, text), y in zip(chosen, top, strict=True)
    ]
    hairs = [Hair(across.x(flag.x), y + px * 0.25) for (flag, _, _, _), y in zip(chosen, top, strict=True)]
    return labels, rows, hairs + [Hair(x, body.top() + rows * high) for x in bare]


def _flag_place(
    text: str, x: float, taken: list[tuple[int, float, float, float]], body: QRectF, px: float
) -> tuple[int, float, str] | None:
    """Row, left edge and words: left of the hairline, or right of it; the lower row first; shortened as a last resort."""
    gap = px * 0.5
    for share in (1.0, 0.55, 0.3):
        room = max(px * 6, width(text, px) * share)
        words = elided(text, px, PLAIN, min(room, body.width() - px))
        wide = width(words, px)
        for row in (0, 1):
            for left in (x - gap - wide, x + gap):
                inside = left >= body.left() and left + wide <= body.right()
                if inside and not any(_in_the_way((row, left, left + wide, x), other, gap) for other in taken):
                    return row, left, words
    return None


def _in_the_way(mine: tuple[int, float, float, float], other: tuple[int, float, float, float], gap: float) -> bool:
    """Two flags' words touch, or the hairline of the upper one would strike through the words of the lower one."""
    if mine[0] == other[0]:
        return mine[1] < other[2] + gap and other[1] < mine[2] + gap
    upper, lower = (mine, other) if mine[0] > other[0] else (other, mine)
    return lower[1] - gap / 2 < upper[3] < lower[2] + gap / 2


## The lines' ends


@dataclass(frozen=True)
class _Block:
    """What stands at one line's end: words (text, size, weight, colour, role) in rows, and the value they belong to."""

    at: float
    words: tuple[tuple[str, float, QFont.Weight, str, str], ...]


def _blocks(chart: Chart, px: float) -> list[_Block]:
    found = []
    for line in chart.lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if line.last and len(known):
            rows = ((line.last, px * LAST, BOLD, "ink", "last"), (line.period, px, PLAIN, "soft", "part"))
            found.append(_Block(float(line.values[known[-1]]), rows))
    if chart.target_label and chart.targets:
        step = chart.targets[-1]
        middle = step.value if step.upper is None else (step.value + step.upper) / 2
        found.insert(min(1, len(found)), _Block(middle, ((chart.target_label, px, PLAIN, "accent", "target"),)))
    return found


def _ends(frame: Frame, body: QRectF) -> tuple[list[Placed], list[Leader]]:
    """Last values and the target at the right, moved apart so that none overlaps; what has no room stays unsaid."""
    px, left = frame.px, frame.plot.right() + frame.px * 0.7
    low, high = frame.plot.top() - px * 0.5, frame.plot.bottom() + px * 0.6
    blocks = _fitting_blocks(_blocks(frame.chart, px), high - low, px)
    heights = [_height(block) for block in blocks]
    wishes = [frame.y(block.at) for block in blocks]
    labels, leaders = [], []
    for block, wish, height, centre in zip(blocks, wishes, heights, spread(wishes, heights, low, high), strict=True):
        top = centre - height / 2
        for text, size, weight, colour, role in block.words:
            labels.append(_placed(role, text, left, top, body.right() - left + 1, size, colour, weight))
            top += size * ROW
        if abs(centre - wish) > px * 0.8 and len(frame.chart.lines) > 1:
            leaders.append(Leader(QPointF(frame.plot.right(), wish), QPointF(left - px * 0.2, centre)))
    return labels, leaders


def _fitting_blocks(blocks: list[_Block], room: float, px: float) -> list[_Block]:
    """All of them; without their second rows where that is too much; then as many as fit, the first ones first."""
    if sum(map(_height, blocks)) <= room:
        return blocks
    kept = [_Block(b.at, b.words[:1]) for b in blocks]
    while kept and sum(map(_height, kept)) > room:
        kept.pop()
    return kept


def _height(block: _Block) -> float:
    return sum(size * ROW for _, size, *_ in block.words)
