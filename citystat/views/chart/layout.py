"""Where everything in a picture stands: the plot, and every label with its place.

Worked out before anything is painted, so that a test can ask whether two labels overlap or one is cut.
Lengths are multiples of the text size, so desk, wall and paper are the same picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
FLAG_ROWS = 3
RIGHT_SHARE = 0.36  # of the width, at most, for the labels at the lines' ends
BOLD, PLAIN = QFont.Weight.Bold, QFont.Weight.Normal


@dataclass(frozen=True)
class Placed:
    """One line of words in its place. role: subject, headline, source, value, period, year, flag, last, part, others, target, empty.

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
    """The hairline of a flag: its x and where it begins at the top; firm: the definition changes there."""

    x: float
    top: float
    firm: bool = False


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
    right = _right(chart, px, rect.width())
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


def _right(chart: Chart, px: float, wide: float) -> float:
    """Room for the labels at the lines' ends; words may be elided there, figures never."""
    blocks = _blocks(chart, px)
    ends = [(role, width(text, size, weight)) for b in blocks for text, size, weight, _, role in b.words]
    beside = [sum(width(w[0], w[1], w[2]) for w in b.words) + px * 0.5 for b in blocks if b.beside]
    words = max([room for _, room in ends] + beside, default=0.0) + px * 1.2
    figures = max((room for role, room in ends if role == "last"), default=0.0) + px * 1.2
    return max(min(words, wide * RIGHT_SHARE), min(figures, wide * 0.7))


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
    """Subject, then the headline, each in at most two lines."""
    found, top = [], rect.top()
    for line in wrapped(chart.subject, px, PLAIN, rect.width(), 2):
        found.append(_placed("subject", line, rect.left(), top, rect.width(), px, "soft"))
        top += px * ROW
    big, top = px * HEADLINE, top + px * 0.15
    for line in wrapped(chart.headline, big, BOLD, rect.width(), 2):
        found.append(_placed("headline", line, rect.left(), top, rect.width(), big, "ink", BOLD))
        top += big * ROW
    return found


def _source(rect: QRectF, chart: Chart, px: float) -> list[Placed]:
    lines = wrapped(chart.marked, px, PLAIN, rect.width(), 2) + wrapped(chart.source, px, PLAIN, rect.width(), 2)
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
    """Words at the top in as few rows as they need; where there is no room for all, the oldest keep only their hairline."""
    px, high = across.px, across.px * (ROW + 0.1)
    flags = sorted(across.chart.flags, key=lambda f: f.x)
    tries = ((n, _flag_places(flags[n:], across, body, most)) for n in range(len(flags) + 1) for most in (2, 1))
    silent, chosen = next((n, places) for n, places in tries if len(places) == len(flags) - n)
    rows = 1 + max((flag.top for flag in chosen), default=-1)
    top = [body.top() + (rows - 1 - flag.top) * high for flag in chosen]
    labels = [
        _placed("flag", line, flag.right - width(line, px) if flag.right <= flag.x else flag.left, y + n * high,
                body.right() - flag.left + 1, px, "soft")
        for flag, y in zip(chosen, top, strict=True)
        for n, line in enumerate(flag.lines)
    ]  # fmt: skip
    firm = [flag.kind == "definition" for flag in flags]
    hairs = [Hair(flag.x, y + px * 0.25, broken) for flag, y, broken in zip(chosen, top, firm[silent:], strict=True)]
    below = body.top() + rows * high
    return labels, rows, hairs + [Hair(across.x(f.x), below, f.kind == "definition") for f in flags[:silent]]


@dataclass(frozen=True)
class _Flag:
    """A flag's words in one or two lines: the lowest one's row (0 stands on the plot), from left to right, its hairline's x."""

    row: int
    left: float
    right: float
    x: float
    lines: tuple[str, ...]

    @property
    def top(self) -> int:
        """The row of its first line."""
        return self.row + len(self.lines) - 1


def _flag_places(flags: Sequence[Flag], across: Frame, body: QRectF, most: int) -> list[_Flag]:
    """Places for these flags from left to right, in at most so many lines each; fewer than asked where one found no room."""
    taken: list[_Flag] = []
    for n, flag in enumerate(flags, 1):
        wishes = _flag_wishes(flag.text, across.x(flag.x), body, across.px, last=n == len(flags))
        clear = (
            w
            for w in wishes
            if len(w.lines) <= most and not any(_in_the_way(w, other, across.px * 0.5) for other in taken)
        )
        place = next(clear, None)
        if place is None:
            break
        taken.append(place)
    return taken


def _flag_wishes(text: str, x: float, body: QRectF, px: float, *, last: bool) -> Iterator[_Flag]:
    """Left of the hairline in the lowest row, or right of it; in two lines; shortened as a last resort.

    Only the last flag goes to the right before it goes up: words there would stand under the next flag's hairline.
    """
    gap = px * 0.5
    for lines in _flag_lines(text, px, body.width() - px):
        wide, up = max(width(line, px) for line in lines), range(FLAG_ROWS + 1 - len(lines))
        order = [(row, side) for row in up for side in "lr"] if last else [(row, side) for side in "lr" for row in up]
        for row, side in order:
            left = x - gap - wide if side == "l" else x + gap
            if left >= body.left() and left + wide <= body.right():
                yield _Flag(row, left, left + wide, x, lines)


def _flag_lines(text: str, px: float, room: float) -> Iterator[tuple[str, ...]]:
    """The words on one line; in two of about the same width; in two shorter ones, and in one, ended by an ellipsis."""
    whole, most = width(text, px), max(px * 6, room)
    if whole <= most:
        yield (text,)
    words = text.split()
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    if halves:
        even = min(halves, key=lambda pair: max(width(line, px) for line in pair))
        if max(width(line, px) for line in even) <= most:
            yield even
        for share in (0.4, 0.25):
            narrow = min(most, max(px * 6, whole * share))
            lines = wrapped(text, px, PLAIN, narrow, 2)
            yield tuple(elided(line, px, PLAIN, narrow) for line in lines)
    for share in (0.55, 0.3):
        yield (elided(text, px, PLAIN, min(most, max(px * 6, whole * share))),)


def _in_the_way(mine: _Flag, other: _Flag, gap: float) -> bool:
    """Two flags' words touch, or the hairline of the upper one would strike through the words of the lower one."""
    if mine.row <= other.top and other.row <= mine.top:
        touch = mine.left < other.right + gap and other.left < mine.right + gap
        return touch or other.left < mine.x < other.right or mine.left < other.x < mine.right
    upper, lower = (mine, other) if mine.row > other.top else (other, mine)
    return lower.left - gap / 2 < upper.x < lower.right + gap / 2


## The lines' ends


@dataclass(frozen=True)
class _Block:
    """What stands at one line's end: words (text, size, weight, colour, role) in rows, and the value they belong to.

    beside: the words stand side by side in one row, as where many lines are named.
    """

    at: float
    words: tuple[tuple[str, float, QFont.Weight, str, str], ...]
    beside: bool = False


def _blocks(chart: Chart, px: float) -> list[_Block]:
    found = []
    for line in chart.lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if line.last and len(known):
            rows = ((line.last, px * LAST, BOLD, "ink", "last"), (line.period, px, PLAIN, "soft", "part"))
            found.append(_Block(float(line.values[known[-1]]), rows, bool(chart.others)))
    if chart.target_label and chart.targets:
        step = chart.targets[-1]
        middle = step.value if step.upper is None else (step.value + step.upper) / 2
        found.insert(min(1, len(found)), _Block(middle, ((chart.target_label, px, PLAIN, "accent", "target"),)))
    quiet = [line.values[np.isfinite(line.values)][-1:] for line in chart.lines if line.quiet]
    if chart.others and any(map(len, quiet)):
        middle = float(np.median(np.concatenate(quiet)))
        found.append(_Block(middle, ((chart.others, px, PLAIN, "faint", "others"),)))
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
        top, at = centre - height / 2, left
        for text, size, weight, colour, role in block.words:
            row = height if block.beside else 0.0
            labels.append(_placed(role, text, at, top, body.right() - at + 1, size, colour, weight, row))
            if block.beside:
                at += labels[-1].rect.width() + px * 0.5
            else:
                top += size * ROW
        of_line = block.words[0][-1] != "others"
        if of_line and abs(centre - wish) > px * 0.8 and len(frame.chart.lines) > 1:
            leaders.append(Leader(QPointF(frame.plot.right(), wish), QPointF(left - px * 0.2, centre)))
    return labels, leaders


def _fitting_blocks(blocks: list[_Block], room: float, px: float) -> list[_Block]:
    """All of them; without their second rows where that is too much; then as many as fit, the first ones first."""
    if sum(map(_height, blocks)) <= room:
        return blocks
    kept = blocks if blocks[0].beside else [_Block(b.at, b.words[:1]) for b in blocks]
    while kept and sum(map(_height, kept)) > room:
        kept = kept[:-1]
    return kept


def _height(block: _Block) -> float:
    rows = [size * ROW for _, size, *_ in block.words]
    return max(rows) if block.beside else sum(rows)
