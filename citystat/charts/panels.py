"""Several charts on the same periods: the parts of a measure in a grid with one common axis, or measures below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from citystat import periods
from citystat.charts.axis import period_ticks, year_spans
from citystat.charts.chart import Chart, Line, Mark, Tick
from citystat.charts.describe import (
    Data,
    Subject,
    begun,
    facts_of,
    scaled,
    steps_of,
    target_words,
    with_reading,
    with_rings,
)
from citystat.charts.parts import Part, called, parts_headline
from citystat.numbers import quantity
from citystat.texts import plural, tr

SHOWN = 12  # parts that have a panel of their own


def small_multiples(subject: Subject, data: Data, parts: Sequence[Part], by: str, start: int) -> Chart:
    """Each part, from index `start` on, in a panel of its own; all have one value axis. parts: the largest first.

    Of rates and means all together stand faintly behind each part, and the target is drawn; a total would dwarf its parts.
    """
    data, shown = replace(data, rebase=None), parts[:SHOWN]
    facts = facts_of(subject, data)
    begin = begun(subject, data, facts, start, by)
    steps = () if subject.adds_up else steps_of(data, start)
    whole = () if subject.adds_up else (Line(tr("all together"), data.values[start:], (), quiet=True),)
    lines = tuple(_line(part, by, begin, start) for part in shown)
    common = scaled(replace(begin, lines=(*lines, *whole), targets=steps), from_zero=subject.zero_baseline)
    panels = tuple(
        replace(common, subject=line.name, lines=(line, *whole), flags=(), years=(), doubts=(), source="")
        for line in lines
    )
    chart = replace(
        common,
        headline=parts_headline(parts, by, lambda v: quantity(v, subject.unit, subject.decimals))
        or tr("No two parts have a figure in the same period"),
        lines=(),
        flags=(),
        target_label=target_words(subject, steps),
        panels=panels,
        caveat=_said(bool(whole), target_words(subject, steps), len(parts) - len(shown)),
    )
    return with_reading(with_rings(chart, None, start))


def _said(faint: bool, target: str, left: int) -> str:
    """What the faint and the dashed line are, and how many parts are not drawn."""
    said = [
        tr("The faint line is all together.") if faint else "",
        tr("The dashed line is the {target}.", target=target) if target else "",
        plural(left, "{n} part is not drawn.", "{n} parts are not drawn: those with the lowest newest values.") if left else "",
    ]  # fmt: skip
    return " ".join(filter(None, said))


def _line(part: Part, by: str, chart: Chart, start: int) -> Line:
    values = part.values[start:]
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return Line(called(by, part.name), values, ())
    last = int(known[-1])
    words = quantity(float(values[last]), chart.unit, chart.decimals)
    return Line(called(by, part.name), values, (), words, chart.periods[last], doubts=part.ringed(start))


def below_each_other(charts: Sequence[Chart], headline: str, caveat: str) -> Chart:
    """Charts of several measures over the same time, the axis under the lowest; the shortest periods count.

    Each keeps its limits, marks, target and words; the periods of each fill the time exactly.
    """
    finest = max(charts, key=lambda chart: len(chart.periods))
    chart = replace(
        finest, code="+".join(c.code for c in charts), headline=headline,
        subject=tr("{codes} over the same time", codes=", ".join(c.code for c in charts)), lines=(), bands=(), targets=(),
        target_label="", flags=(), doubts=(), explained=(), outlook=(), panels=tuple(_named(c) for c in charts), stacked=True,
        marked="; ".join(f"{c.code}: {c.marked}" for c in charts if c.marked), caveat=caveat,
        source=" · ".join(f"{c.source} ({c.code})" for c in charts),
    )  # fmt: skip
    return with_reading(chart)


def _named(chart: Chart) -> Chart:
    """A panel under its code and name; its line by its code, in a table with others."""
    head = replace(chart.lines[0], name=chart.code)
    return replace(chart, subject=f"{chart.code} · {chart.subject}", lines=(head, *chart.lines[1:]))


def stretched(chart: Chart, before: int, after: int, *, starts: tuple[date, ...], frequency: str, year_start: int) -> Chart:  # fmt: skip
    """The chart with so many empty periods before its first and after its last; starts: the first days of all of them."""

    def moved(mark: Mark) -> Mark:
        return replace(mark, x=mark.x + before)

    lines = tuple(
        replace(
            line, values=np.pad(line.values, (before, after), constant_values=np.nan), marks=tuple(map(moved, line.marks)),
            breaks=tuple(i + before for i in line.breaks), doubts=tuple(i + before for i in line.doubts),
        )
        for line in chart.lines
    )  # fmt: skip
    return replace(
        chart, lines=lines, starts=starts, periods=tuple(periods.label(p, frequency, year_start) for p in starts),
        bands=tuple(replace(b, x0=b.x0 + before, x1=b.x1 + before) for b in chart.bands),
        targets=tuple(replace(t, x0=t.x0 + before, x1=t.x1 + before) for t in chart.targets),
        flags=tuple(replace(f, x=f.x + before) for f in chart.flags),
        doubts=tuple((x + before, words) for x, words in chart.doubts),
        x_ticks=period_ticks(starts, frequency, year_start), years=year_spans(starts, frequency, year_start),
    )  # fmt: skip


def unsaid(ticks: Sequence[Tick]) -> tuple[Tick, ...]:
    """Gridlines without words, for panels beside the first."""
    return tuple(Tick(tick.at, "", tick.major) for tick in ticks)
