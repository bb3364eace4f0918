"""A chart's values as a table: the periods that it shows, newest first, every line that speaks, and the target."""

from __future__ import annotations

from dataclasses import dataclass

from citystat.charts.chart import Chart, Line, Step
from citystat.numbers import brief, quantity
from citystat.texts import tr


@dataclass(frozen=True)
class ChartTable:
    """header: one text a column; rows: as many each, newest first."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(chart: Chart) -> ChartTable:
    """What the chart draws, in figures; "○" before one that is ringed."""
    lines = [(line, c) for c in chart.drawn for line in c.lines if not line.quiet]
    several = len(lines) > 1
    header = [tr("Period"), *(line.name if several else tr("Value") for line, _ in lines)]
    if several and not chart.panels and lines[0][0].marks and not lines[0][0].leads:  # the measure beside another time
        header[1] = tr("Value")
    if chart.targets:
        header.append(tr("Target"))
    rows = []
    for i in reversed(range(len(chart.periods))):
        values = [_value(chart, line, c, i) for line, c in lines]
        rows.append((chart.periods[i], *values, *([_target(chart, i)] if chart.targets else [])))
    return ChartTable(tuple(header), tuple(rows))


def _value(whole: Chart, line: Line, panel: Chart, i: int) -> str:
    """A figure; one of a longer period stands beside the last of the periods in it."""
    x = whole.x_in(panel, i)
    if i + 1 < len(whole.periods) and whole.x_in(panel, i + 1) == x:
        return ""
    return ("○ " if x in line.doubts else "") + quantity(float(line.values[x]), panel.unit, panel.decimals)


def _target(chart: Chart, x: int) -> str:
    step = next((s for s in chart.targets if s.x0 <= x <= s.x1), None)
    return _said(chart, step) if step else "–"


def _said(chart: Chart, step: Step) -> str:
    low = brief(step.value, chart.unit, chart.decimals)
    return low if step.upper is None else f"{low} – {brief(step.upper, chart.unit, chart.decimals)}"
