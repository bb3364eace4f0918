"""Where everything in a picture stands: the plot, and every label with its place.

Worked out before anything is painted, so that a test can ask whether two labels overlap or one is cut.
Lengths are multiples of the text size, so desk, wall and paper are the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont

from citystat.charts.chart import Chart
from citystat.texts import tr
from citystat.views.chart.flags import place_flags
from citystat.views.chart.frame import BOLD, PLAIN, ROW, Frame, Leader, Placed, metrics, placed, width, wrapped
from citystat.views.chart.labels import fitting, spread, thinned

HEADLINE, LAST = 1.55, 1.15  # sizes beside the text's own
RIGHT_SHARE = 0.36  # of the width, at most, for the labels at the lines' ends


def arrange(
    rect: QRectF,
    chart: Chart,
    px: float,
    *,
    words: bool = False,
    source: bool = False,
    margins: tuple[float, float] | None = None,
) -> Frame:
    """Give everything its place in `rect`. words: subject and headline above; source: its line beneath.

    margins: pixels for words at the left and right of the plot, where it is to stand in line with others.
    """
    body, around = framed(rect, chart, px, words=words, source=source)
    left, right = margins or margins_of(chart, px, rect.width())
    across = QRectF(body.left() + left, body.top(), max(px, body.width() - left - right), body.height())
    flags, rows, hairs = place_flags(Frame(across, chart, px), body)
    under = axis_height(chart, px)
    over = px * (0.7 + (ROW + 0.1) * rows)
    plot = QRectF(across.left(), body.top() + over, across.width(), max(px, body.height() - over - under))
    frame = Frame(plot, chart, px)
    ends, leaders = _ends(frame, body)
    periods, years, year_row = _periods(frame, body)
    empty = [] if any(np.isfinite(line.values).any() for line in chart.lines) else [_empty(plot, px)]
    labels = [*around, *flags, *_values(frame, body), *periods, *years, *ends, *empty]
    return Frame(plot, chart, px, tuple(labels), tuple(hairs), tuple(leaders), year_row)


def framed(rect: QRectF, chart: Chart, px: float, *, words: bool, source: bool) -> tuple[QRectF, list[Placed]]:
    """What is left for the plot between the words above and the source beneath, and those words."""
    above = _headline(rect, chart, px) if words else []
    below = _source(rect, chart, px) if source else []
    top = above[-1].rect.bottom() + px * 0.7 if above else rect.top()
    bottom = below[0].rect.top() - px * 0.3 if below else rect.bottom()
    return QRectF(rect.left(), top, rect.width(), max(px, bottom - top)), [*above, *below]


def axis_height(chart: Chart, px: float) -> float:
    """Pixels beneath the plot, for periods and years."""
    return px * (0.7 + ROW * (bool(chart.x_ticks) + bool(chart.years)))


def margins_of(chart: Chart, px: float, wide: float) -> tuple[float, float]:
    """Room at the left for the values and at the right for the labels at the lines' ends; words may be elided there, figures never."""
    left = max((width(t.label, px) for t in chart.y_ticks), default=0.0) + px * 0.9
    blocks = _blocks(chart, px)
    right = _right(blocks, px, wide)
    beside = [b for b in blocks if not _inside(b, chart, px, wide - left - right)]
    return left, _right(beside, px, wide)


def _right(blocks: Sequence[_Block], px: float, wide: float) -> float:
    ends = [(role, width(text, size, weight)) for b in blocks for text, size, weight, _, role in b.words]
    beside = [sum(width(w[0], w[1], w[2]) for w in b.words) + px * 0.5 for b in blocks if b.beside]
    words = max([room for _, room in ends] + beside, default=0.0) + px * 1.2
    figures = max((room for role, room in ends if role == "last"), default=0.0) + px * 1.2
    return max(min(words, wide * RIGHT_SHARE), min(figures, wide * 0.7))


def _inside(block: _Block, chart: Chart, px: float, plot: float) -> bool:
    """Whether the words of the leading line have room right at its end, because it ends before the others: this year so far."""
    if block.ends is None or not chart.periods:
        return False
    room = plot * (len(chart.periods) - 1 - block.ends) / len(chart.periods)
    return max(width(text, size, weight) for text, size, weight, *_ in block.words) + px * 1.4 <= room


## Above and below the plot


def _headline(rect: QRectF, chart: Chart, px: float) -> list[Placed]:
    """Subject, then the headline, each in at most two lines."""
    found, top = [], rect.top()
    for line in wrapped(chart.subject, px, PLAIN, rect.width(), 2):
        found.append(placed("subject", line, rect.left(), top, rect.width(), px, "soft"))
        top += px * ROW
    big, top = px * HEADLINE, top + px * 0.15
    for line in wrapped(chart.headline, big, BOLD, rect.width(), 2):
        found.append(placed("headline", line, rect.left(), top, rect.width(), big, "ink", BOLD))
        top += big * ROW
    return found


def _source(rect: QRectF, chart: Chart, px: float) -> list[Placed]:
    said = (chart.marked, chart.caveat, chart.source)
    lines = [line for words in said for line in wrapped(words, px, PLAIN, rect.width(), 2)]
    top = rect.bottom() - len(lines) * px * ROW
    return [
        placed("source", line, rect.left(), top + i * px * ROW, rect.width(), px, "faint")
        for i, line in enumerate(lines)
    ]


def _empty(plot: QRectF, px: float) -> Placed:
    words = tr("No data in these periods")
    wide = width(words, px)
    return placed("empty", words, plot.center().x() - wide / 2, plot.center().y() - px, plot.width(), px, "faint")


## Axes


def _values(frame: Frame, body: QRectF) -> list[Placed]:
    """The values of the gridlines, right-aligned; where they would touch, some stay unsaid."""
    px, right = frame.px, frame.plot.left() - frame.px * 0.7
    ticks = [(t, frame.y(t.at)) for t in frame.chart.y_ticks]
    kept = thinned([y for _, y in ticks], px * ROW)
    return [
        placed("value", ticks[i][0].label, right - width(ticks[i][0].label, px), ticks[i][1] - px * ROW / 2,
                right - body.left() + 1, px, "faint")
        for i in kept
        if ticks[i][0].label and ticks[i][1] - px * ROW / 2 >= body.top()
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
        placed(role, words[i][0], centres[i] - widths[i] / 2, top, widths[i] + 1, px, colour)
        for i in fitting(centres, widths, [major for _, _, major in words], px * 0.7)
    ]


## The lines' ends


@dataclass(frozen=True)
class _Block:
    """What stands at one line's end: words (text, size, weight, colour, role) in rows, and the value they belong to.

    beside: the words stand side by side in one row, as where many lines are named · ends: the place of the leading line's last
    value among several lines, where its words may stand.
    """

    at: float
    words: tuple[tuple[str, float, QFont.Weight, str, str], ...]
    beside: bool = False
    ends: int | None = None


def _blocks(chart: Chart, px: float) -> list[_Block]:
    found = []
    for line in chart.lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if not len(known) or line.quiet or not (line.last or line.period):
            continue
        value = [(line.last, px * LAST, BOLD, "ink", "last")] if line.last else []
        rows = (*value, (line.period, px, PLAIN, "soft", "part"))
        alone = line.leads and len(chart.lines) > 1 and not chart.others
        found.append(_Block(float(line.values[known[-1]]), rows, bool(chart.others), int(known[-1]) if alone else None))
    if chart.ahead is not None:
        fan, words = chart.ahead, tr("{period}, expected", period=chart.ahead.period)
        rows = ((fan.last, px, BOLD, "soft", "last"), (words, px, PLAIN, "soft", "part"))
        found.append(_Block(float(fan.mean[-1]), rows))
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
    blocks = _blocks(frame.chart, px)
    inside = [b for b in blocks if _inside(b, frame.chart, px, frame.plot.width())]
    blocks = _fitting_blocks([b for b in blocks if b not in inside], high - low, px)
    heights = [_height(block) for block in blocks]
    wishes = [frame.y(block.at) for block in blocks]
    labels, leaders = [words for b in inside for words in _at_its_end(frame, b)], []
    held = next((n for n, block in enumerate(blocks) if block.words[0][-1] == "target"), None)
    for block, wish, height, centre in zip(
        blocks, wishes, heights, spread(wishes, heights, low, high, held), strict=True
    ):
        top, at = centre - height / 2, left - _bearing(*block.words[0][:3])
        for text, size, weight, colour, role in block.words:
            row = height if block.beside else 0.0
            labels.append(placed(role, text, at, top, body.right() - at + 1, size, colour, weight, row))
            if block.beside:
                at += labels[-1].rect.width() + px * 0.5
            else:
                top += size * ROW
        of_line = block.words[0][-1] != "others"
        if of_line and abs(centre - wish) > px * 0.8 and len(frame.chart.lines) > 1:
            leaders.append(Leader(QPointF(frame.plot.right(), wish), QPointF(left - px * 0.2, centre)))
    return labels, leaders


def _at_its_end(frame: Frame, block: _Block) -> list[Placed]:
    """The words of the leading line in the plot, right of its last value, as they stand beside the plot otherwise."""
    px, high = frame.px, _height(block)
    top = min(max(frame.y(block.at) - high / 2, frame.plot.top()), frame.plot.bottom() - high)
    found, left = [], frame.x(block.ends or 0) + px * 0.9
    for text, size, weight, colour, role in block.words:
        made = placed(role, text, left, top, frame.plot.right() - left, size, colour, weight)
        found.append(replace(made, ground=True))
        top += size * ROW
    return found


def _bearing(text: str, size: float, weight: QFont.Weight) -> float:
    """Empty pixels at the left of the first letter: "1" stands further in than "9", and an edge would not look like one."""
    return metrics(size, weight).leftBearing(text[0]) if text else 0.0


def _fitting_blocks(blocks: list[_Block], room: float, px: float) -> list[_Block]:
    """All of them; without their second rows where that is too much; then as many as fit, the first ones first."""
    if sum(map(_height, blocks)) <= room:
        return blocks
    kept = blocks if blocks[0].beside else [replace(b, words=b.words[:1]) for b in blocks]
    while kept and sum(map(_height, kept)) > room:
        kept = kept[:-1]
    return kept


def _height(block: _Block) -> float:
    rows = [size * ROW for _, size, *_ in block.words]
    return max(rows) if block.beside else sum(rows)
