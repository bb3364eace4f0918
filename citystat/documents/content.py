"""A document as plain content: subjects compose it, citystat.documents.word writes it.

Frozen and made of plain values (and Chart), so that approved minutes can be kept and written again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citystat.charts.chart import Chart


@dataclass(frozen=True)
class Heading:
    """level 1 to 3; the document's title is not a heading."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Text with an optional bold beginning ("Decision 26."). style: body, lead or small; keep: with what follows."""

    text: str
    lead: str = ""
    style: str = "body"
    keep: bool = False


@dataclass(frozen=True)
class Items:
    """A list; numbered or with bullets."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """header: one text a column; rows: as many each, "\\n" begins a line. widths: shares of the text width;
    right: columns of numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    right: tuple[int, ...] = ()
    summary: str = ""  # what the table holds, for a screen reader


@dataclass(frozen=True)
class Figure:
    """A chart as wide as the text; its alt text is the chart's reading. caption comes with "Figure n."."""

    chart: Chart
    caption: str
    height: float = 0.42  # of its width


@dataclass(frozen=True)
class Image:
    """A finished picture (PNG) as wide as the text; alt: what it shows, for who cannot see it."""

    data: bytes
    alt: str
    caption: str
    height: float = 0.42  # of its width


@dataclass(frozen=True)
class Signatures:
    """The approval block: for each role its name and the day of signing; a line to sign on where that is empty."""

    lines: tuple[tuple[str, str, str], ...]  # (role, name, day)


Block = Heading | Paragraph | Items | Table | Figure | Image | Signatures


@dataclass(frozen=True)
class Document:
    """kind: minutes, briefing or followup. over: the small line above the title; under: the line beneath it.

    language: "en" or "es", in which it is written. compact: drawn together to stay on one page.
    wide: on pages laid across.
    stamp: the dates in the file's properties, for what shall be written again identically; None: when it is written.
    """

    kind: str
    title: str
    over: str
    under: str
    footer: str
    language: str
    blocks: tuple[Block, ...]
    compact: bool = False
    stamp: datetime | None = None
    wide: bool = False
