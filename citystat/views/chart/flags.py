"""The flags of a chart: words at the top with their hairlines, in as few rows as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from citystat.charts.chart import Flag
from citystat.views.chart.frame import PLAIN, ROW, Frame, Hair, Placed, elided, placed, width, wrapped

FLAG_ROWS = 3
FIRM = ("definition", "split")  # kinds whose hairline parts what is not alike


def place_flags(across: Frame, body: QRectF) -> tuple[list[Placed], int, list[Hair]]:
    """Words at the top in as few rows as they need; where there is no room for all, the oldest keep only their hairline."""
    px, high = across.px, across.px * (ROW + 0.1)
    flags = sorted(across.chart.flags, key=lambda f: f.x)
    tries = ((n, _places(flags[n:], across, body, most)) for n in range(len(flags) + 1) for most in (2, 1))
    silent, chosen = next((n, places) for n, places in tries if len(places) == len(flags) - n)
    rows = 1 + max((flag.top for flag in chosen), default=-1)
    top = [body.top() + (rows - 1 - flag.top) * high for flag in chosen]
    labels = [
        placed("flag", line, flag.right - width(line, px) if flag.right <= flag.x else flag.left, y + n * high,
                body.right() - flag.left + 1, px, "soft")
        for flag, y in zip(chosen, top, strict=True)
        for n, line in enumerate(flag.lines)
    ]  # fmt: skip
    firm = [flag.kind in FIRM for flag in flags]
    hairs = [Hair(flag.x, y + px * 0.25, broken) for flag, y, broken in zip(chosen, top, firm[silent:], strict=True)]
    below = body.top() + rows * high
    return labels, rows, hairs + [Hair(across.x(f.x), below, f.kind in FIRM) for f in flags[:silent]]


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


def _places(flags: Sequence[Flag], across: Frame, body: QRectF, most: int) -> list[_Flag]:
    """Places for these flags from left to right, in at most so many lines each; fewer than asked where one found no room."""
    taken: list[_Flag] = []
    for n, flag in enumerate(flags, 1):
        wishes = _wishes(flag.text, across.x(flag.x), body, across.px, last=n == len(flags))
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


def _wishes(text: str, x: float, body: QRectF, px: float, *, last: bool) -> Iterator[_Flag]:
    """Left of the hairline in the lowest row, or right of it; in two lines; shortened as a last resort.

    Only the last flag goes to the right before it goes up: words there would stand under the next flag's hairline.
    """
    gap = px * 0.5
    for lines in _lines(text, px, body.width() - px):
        wide, up = max(width(line, px) for line in lines), range(FLAG_ROWS + 1 - len(lines))
        order = [(row, side) for row in up for side in "lr"] if last else [(row, side) for side in "lr" for row in up]
        for row, side in order:
            left = x - gap - wide if side == "l" else x + gap
            if left >= body.left() and left + wide <= body.right():
                yield _Flag(row, left, left + wide, x, lines)


def _lines(text: str, px: float, room: float) -> Iterator[tuple[str, ...]]:
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
