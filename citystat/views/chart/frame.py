"""The frame of a picture and the words placed in it, measured before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from citystat.charts.chart import Chart
from citystat.views.chart.fonts import font

ROW = 1.3  # a row of words
BOLD, PLAIN = QFont.Weight.Bold, QFont.Weight.Normal


@dataclass(frozen=True)
class Placed:
    """One line of words in its place. role: subject, headline, source, value, period, year, flag, last, part, others, target, panel, empty.

    rect: exactly as wide as the words; colour: a token of the palette; ground: it stands among lines, on paper of its own.
    """

    role: str
    text: str
    rect: QRectF
    size: float
    colour: str
    weight: QFont.Weight = PLAIN
    ground: bool = False


@dataclass(frozen=True)
class Hair:
    """The hairline of a flag: its x and where it begins at the top; firm: what lies on its two sides is told apart."""

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
    """The plot inside its picture, the way from data to pixels, and every label that is painted.

    panels: of a chart of several, each with its own plot; `plot` holds them all then.
    """

    plot: QRectF
    chart: Chart
    px: float  # text size
    labels: tuple[Placed, ...] = ()
    hairs: tuple[Hair, ...] = ()
    leaders: tuple[Leader, ...] = ()
    year_row: float = 0.0  # top of the row of fiscal years
    panels: tuple[Frame, ...] = ()

    @property
    def drawn(self) -> tuple[Frame, ...]:
        """The frames that hold lines: the panels, or this one."""
        return self.panels or (self,)

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


## Widths


@cache
def metrics(size: float, weight: QFont.Weight) -> QFontMetricsF:
    return QFontMetricsF(font(size, weight))


def width(text: str, size: float, weight: QFont.Weight = PLAIN) -> float:
    """How wide the words are, in pixels."""
    return metrics(size, weight).horizontalAdvance(text)


def elided(text: str, size: float, weight: QFont.Weight, room: float) -> str:
    """The words, ended by an ellipsis where they are longer than `room` pixels."""
    if width(text, size, weight) <= room:
        return text
    return metrics(size, weight).elidedText(text, Qt.TextElideMode.ElideRight, room)


def placed(
    role: str, text: str, left: float, top: float, room: float, size: float, colour: str,
    weight: QFont.Weight = PLAIN, row: float = 0.0,
) -> Placed:  # fmt: skip
    """One line of words, elided where `room` is short."""
    shown = elided(text, size, weight, room)
    return Placed(role, shown, QRectF(left, top, width(shown, size, weight), row or size * ROW), size, colour, weight)


def wrapped(text: str, size: float, weight: QFont.Weight, room: float, lines: int) -> list[str]:
    """The words in at most `lines` lines; the last one takes the rest and is elided by its place. "84.9 %" stays together."""
    found: list[str] = []
    rest = [word for word in text.replace(" %", "\u00a0%").split(" ") if word]
    while rest and len(found) < lines - 1:
        n = next((n for n in range(len(rest), 1, -1) if width(" ".join(rest[:n]), size, weight) <= room), 1)
        found.append(" ".join(rest[:n]))
        rest = rest[n:]
    return [*found, " ".join(rest)] if rest else found
