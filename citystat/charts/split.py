"""A series split at a period: the average and the spread of both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from citystat.analysis.before_after import Difference, Side
from citystat.charts.chart import Band, Chart, Flag, Line, Mark
from citystat.charts.describe import Data, Subject, begun, facts_of, scaled, steps_of, target_words, with_reading
from citystat.numbers import quantity
from citystat.texts import tr


def split_chart(
    subject: Subject, data: Data, left_out: frozenset[int], stretch: tuple[int, int, int], found: Difference, *,
    headline: str, caveat: str,
) -> Chart:  # fmt: skip
    """stretch: indices first, split and end (exclusive) of what is shown and compared · left_out: shown, but not counted."""
    first, at, end = stretch
    data = _until(replace(data, rebase=None), end)
    begin = begun(subject, data, facts_of(subject, data), first, "")
    steps = steps_of(data, first)
    bands = (_band(found.before, 0, at - first), _band(found.after, at - first, end - first))
    chart = replace(
        begin,
        headline=headline,
        subject=f"{begin.subject}, {tr('before and after {period}', period=begin.periods[at - first])}",
        lines=(_line(subject, data, left_out, begin, first),),
        bands=bands,
        targets=steps,
        target_label=target_words(subject, steps),
        flags=_flags(begin, at - first),
        caveat=caveat,
    )
    return with_reading(scaled(chart, from_zero=subject.zero_baseline))


def _until(data: Data, end: int) -> Data:
    """Without what lies after the stretch."""
    definition = data.definition if data.definition and data.definition[0] < end else None
    return replace(
        data, periods=data.periods[:end], values=data.values[:end], targets=data.targets[:end], uppers=data.uppers[:end],
        hollow=data.hollow[:end], flags=tuple(f for f in data.flags if f[0] < end),
        doubts=tuple(d for d in data.doubts if d[0] < end), definition=definition,
    )  # fmt: skip


def _line(subject: Subject, data: Data, left_out: frozenset[int], chart: Chart, first: int) -> Line:
    values = data.values[first:]
    marks = tuple(
        Mark(float(i), float(v), hollow=data.hollow[first + i], excluded=first + i in left_out)
        for i, v in enumerate(values)
        if not np.isnan(v)
    )
    last = int(marks[-1].x)
    return Line(
        subject.name, values, marks, quantity(float(values[last]), subject.unit, subject.decimals), chart.periods[last]
    )


def _band(side: Side, start: int, stop: int) -> Band:
    """The average, and one standard deviation to each side of it."""
    level = np.full(stop - start, side.mean)
    return Band(start - 0.5, stop - 0.5, level - side.spread, level + side.spread, level)


def _flags(chart: Chart, at: int) -> tuple[Flag, ...]:
    """What is written on the chart; the split is drawn firmly, whether anything is written there or not."""
    here = [flag for flag in chart.flags if flag.x == at - 0.5]
    others = tuple(flag for flag in chart.flags if flag.x != at - 0.5)
    words = here[0].text if here else tr("from {period} on", period=chart.periods[at])
    return (*others, Flag(at - 0.5, words, "split"))
