"""Where the panels of a chart stand: in a grid with one common value axis, or below each other with one common time axis."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QRectF

from citystat.charts.chart import Chart
from citystat.charts.panels import unsaid
from citystat.views.chart.frame import BOLD, PLAIN, ROW, Frame, Placed, placed, width
from citystat.views.chart.layout import arrange, axis_height, framed, margins_of

BROAD = 1.7  # of a panel in a grid: so many times as wide as high
EMPTY = 1.5  # how much empty places count beside the shape
NARROWEST = 8  # text sizes that a panel in a grid is wide at least
GAP, BETWEEN = 1.4, 0.7  # text sizes from column to column, from row to row


def laid_out(rect: QRectF, chart: Chart, px: float, *, words: bool = False, source: bool = False) -> Frame:
    """Everything in its place, of one chart or of several; the rest as in layout.arrange."""
    if not chart.panels:
        return arrange(rect, chart, px, words=words, source=source)
    body, around = framed(rect, chart, px, words=words, source=source)
    panels = _below_each_other(body, chart, px) if chart.stacked else _in_a_grid(body, chart, px)
    plot = panels[0][0].plot
    for frame, _ in panels:
        plot = plot.united(frame.plot)
    titles = [title for _, each in panels for title in each]
    return Frame(plot, chart, px, (*around, *titles), panels=tuple(frame for frame, _ in panels))


def _below_each_other(body: QRectF, chart: Chart, px: float) -> list[tuple[Frame, list[Placed]]]:
    """Plots of the same height and width; only the lowest says the periods."""
    each = [margins_of(panel, px, body.width()) for panel in chart.panels]
    margins = max(left for left, _ in each), max(right for _, right in each)
    axis, n = axis_height(chart, px), len(chart.panels)
    high = (body.height() - axis - px * BETWEEN * (n - 1)) / n
    found = []
    for at, panel in enumerate(chart.panels):
        last = at == n - 1
        top = body.top() + at * (high + px * BETWEEN)
        title = placed("panel", panel.subject, body.left(), top, body.width(), px, "ink", BOLD)
        room = QRectF(
            body.left(), top + px * ROW, body.width(), max(px, high - px * ROW) + (axis if last else px * 0.7)
        )
        shown = _with_axis(chart, panel) if last else replace(panel, x_ticks=(), years=())
        found.append((arrange(room, shown, px, margins=margins), [title]))
    return found


def _with_axis(chart: Chart, panel: Chart) -> Chart:
    """The panel with the axis of the shortest periods, in its own."""
    scale = len(panel.periods) / max(1, len(chart.periods))
    ticks = tuple(replace(t, at=(t.at + 0.5) * scale - 0.5) for t in chart.x_ticks)
    years = tuple(replace(y, x0=(y.x0 + 0.5) * scale - 0.5, x1=(y.x1 + 0.5) * scale - 0.5) for y in chart.years)
    return replace(panel, x_ticks=ticks, years=years)


def _in_a_grid(body: QRectF, chart: Chart, px: float) -> list[tuple[Frame, list[Placed]]]:
    """Plots of one size; values are said at the left of each row, periods under the lowest of each column."""
    n, left = len(chart.panels), margins_of(chart, px, body.width())[0]
    columns = _columns(body, n, px)
    rows, axis = math.ceil(n / columns), axis_height(chart.panels[0], px)
    wide = (body.width() - left - px * GAP * (columns - 1)) / columns
    high = (body.height() - axis - px * BETWEEN * (rows - 1)) / rows
    found = []
    for at, panel in enumerate(chart.panels):
        row, column = divmod(at, columns)
        first, lowest = column == 0, at + columns >= n
        before = left if first else 0.0
        x = body.left() + left + column * (wide + px * GAP) - before
        top = body.top() + row * (high + px * BETWEEN)
        room = QRectF(x, top + px * ROW, wide + before, max(px, high - px * ROW) + (axis if lowest else px * 0.7))
        found.append(
            (
                arrange(room, _bare(panel, first, lowest), px, margins=(before, 0.0)),
                _title(panel, x + before, top, wide, px),
            )
        )
    return found


def _columns(body: QRectF, n: int, px: float) -> int:
    """So many that panels are neither slits nor towers, and few places stay empty."""

    def off(columns: int) -> float:
        rows = math.ceil(n / columns)
        shape = (body.width() / columns) / max(1.0, body.height() / rows)
        return abs(math.log(shape / BROAD)) + EMPTY * (1 - n / (rows * columns))

    wide = [c for c in range(1, n + 1) if body.width() / c >= px * NARROWEST] or [1]
    return min(wide, key=off)


def _bare(panel: Chart, first: bool, lowest: bool) -> Chart:
    """Without what its neighbours say; its last value stands in its title."""
    lines = tuple(replace(line, last="", period="") for line in panel.lines)
    return replace(
        panel,
        lines=lines,
        y_ticks=panel.y_ticks if first else unsaid(panel.y_ticks),
        x_ticks=panel.x_ticks if lowest else (),
    )


def _title(panel: Chart, left: float, top: float, wide: float, px: float) -> list[Placed]:
    """ "Ward 3   48"."""
    last = panel.lines[0].last
    room = width(last, px, PLAIN)
    name = placed("panel", panel.subject, left, top, wide - room - px, px, "ink", BOLD)
    return [name, placed("last", last, left + wide - room - 1, top, room + 1, px, "soft")] if last else [name]
