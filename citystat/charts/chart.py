"""A picture's content: everything a painter needs, in data units; nothing about pixels, colours or fonts.

x counts periods: 0 is the first period shown, 1 the next. A period reaches half a unit to each side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A point. kind: common, improvement, concern or neither (a special cause without a wanted direction)."""

    x: float
    y: float
    kind: str = "common"
    hollow: bool = False  # preliminary or partial
    excluded: bool = False  # left out of the limits, still shown
    reason: str = ""  # why it is marked: "eight months in a row below average"


@dataclass(frozen=True)
class Line:
    """One series. values: array[n] float, nan breaks the line; x is the index. last: "93.3 %", period: "Feb 2026".

    Without `last`, the period alone stands at its end, quietly ("FY24").
    breaks: indices that are not joined to the one before them, because the definition changed there.
    doubts: indices whose figure a check doubts and nobody accepted yet: they are ringed.
    """

    name: str
    values: Floats
    marks: tuple[Mark, ...]
    last: str = ""
    period: str = ""
    quiet: bool = False  # one of several lines that serve as background
    leads: bool = False  # one of several lines that the headline names first
    breaks: tuple[int, ...] = ()
    doubts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Band:
    """Process limits of one segment. x0, x1: edges (half a period outside the points).

    lower, upper, centre: array[m] float, one for each period from x0 + ½ on. They step by period, or flow from one to the
    next where they follow a season.
    """

    x0: float
    x1: float
    lower: Floats
    upper: Floats
    centre: Floats
    flows: bool = False

    def drawn(self, *sides: Floats) -> list[tuple[Floats, ...]]:
        """Lines to draw for some of the arrays: (x, y of each side), cut where one of them is missing."""
        table = np.vstack(sides)
        known = np.concatenate([[False], ~np.isnan(table).any(axis=0), [False]])
        edges = np.flatnonzero(np.diff(known))
        return [self._stretch(table, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]

    def _stretch(self, table: Floats, a: int, b: int) -> tuple[Floats, ...]:
        part = table[:, a:b]
        if self.flows:
            x = self.x0 + np.concatenate([[a], np.arange(a, b) + 0.5, [b]])
            return x, *np.pad(part, ((0, 0), (1, 1)), mode="edge")
        steps = np.concatenate([[0], np.flatnonzero(np.diff(part, axis=1).any(axis=0)) + 1])
        x = self.x0 + a + np.repeat(np.append(steps, b - a), 2)[1:-1]
        return x, *np.repeat(part[:, steps], 2, axis=1)


@dataclass(frozen=True)
class Fan:
    """What may come. x: array[h] float; mean, lower80 … upper95: array[h] float, in data units.

    last: the mean at its end ("93.1 %"), period: when ("Jun 2026").
    """

    x: Floats
    mean: Floats
    lower80: Floats
    upper80: Floats
    lower95: Floats
    upper95: Floats
    last: str
    period: str


@dataclass(frozen=True)
class Step:
    """A stretch of target, or of the lower edge of a target range (then `upper` is set).

    sloping: one of many periods in a row that each want something else: a trajectory, drawn through their middles.
    """

    x0: float
    x1: float
    value: float
    upper: float | None = None
    sloping: bool = False

    @property
    def edges(self) -> tuple[float, float]:
        """Where its line begins and ends."""
        middle = (self.x0 + self.x1) / 2
        return (middle, middle) if self.sloping else (self.x0, self.x1)


@dataclass(frozen=True)
class Flag:
    """Words at the left edge x of a period; kind: note, rebase, exclude, definition or split (of before and after)."""

    x: float
    text: str
    kind: str = "note"


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: position in data units, label; major ticks win when there is no room for all."""

    at: float
    label: str
    major: bool = True


@dataclass(frozen=True)
class YearSpan:
    """A fiscal year under the axis: its edges and its name."""

    x0: float
    x1: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A chart as words and data.

    headline: a computed plain sentence · subject: "Emergency calls answered within 10 seconds · per cent of calls, monthly" ·
    source: "Dispatch system, through Feb 2026 · as of 9 Mar 2026 · hollow point is preliminary" ·
    standing: "improvement", "concern", "neither" or "common", with `standing_words` ("Improved, and holding") ·
    doubts: what checks found at a period and nobody accepted yet: (x, words) · marked: what the marked points on view are, and since when · others: "and 212 others", the lines in the background ·
    ahead: what is forecast, with `outlook`, sentences about it (alone where it is refused) ·
    explained: sentences that say which chart it is and why, where its limits come from, what is marked ·
    starts: the first day of every x, none where an x is no period of its own (years laid over each other) ·
    caveat: what must be said wherever the picture goes ·
    panels: charts that are drawn in place of this one, on the same periods; stacked: below each other, else in a grid ·
    reading: the whole chart in plain text for a screen reader, also the picture's alt text.
    """

    code: str
    headline: str
    subject: str
    source: str
    lines: tuple[Line, ...]
    periods: tuple[str, ...]  # label of every x, for pointing and tables
    bands: tuple[Band, ...] = ()
    targets: tuple[Step, ...] = ()
    target_label: str = ""
    ahead: Fan | None = None
    outlook: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    doubts: tuple[tuple[float, str], ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    years: tuple[YearSpan, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    y_low: float = 0.0
    y_high: float = 1.0
    unit: str = ""
    decimals: int = 0
    form: str = "line"  # line or bars
    standing: str = "common"
    standing_words: str = ""
    target_words: str = ""
    reading: str = ""
    marked: str = ""
    others: str = ""
    explained: tuple[str, ...] = ()
    starts: tuple[date, ...] = ()
    caveat: str = ""
    panels: tuple[Chart, ...] = ()
    stacked: bool = False

    @property
    def drawn(self) -> tuple[Chart, ...]:
        """The charts that are drawn: its panels, or itself."""
        return self.panels or (self,)

    def x_in(self, panel: Chart, x: int) -> int:
        """The x of a panel that holds the x of this chart: the quarter that holds a month."""
        return int((x + 0.5) * len(panel.periods) / max(1, len(self.periods)))
