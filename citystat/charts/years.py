"""A measure's years laid over each other: this one strong, those before it faint and named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from citystat.charts.axis import place_in_year, ticks_of_a_year
from citystat.charts.chart import Chart, Line, Mark, Step
from citystat.charts.describe import Data, Subject, begun, facts_of, scaled, with_reading
from citystat.numbers import quantity
from citystat.texts import tr

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Year:
    """label: "FY26" · values: array[m] float by place in the year, nan where missing · hollow: places of preliminary ones."""

    label: str
    values: Floats
    hollow: tuple[int, ...] = ()


def years_together(
    subject: Subject,
    data: Data,
    starts: Sequence[date],
    years: Sequence[Year],
    *,
    what: str,
    headline: str,
    from_zero: bool = False,
    targets: tuple[Step, ...] = (),
    target_label: str = "",
    caveat: str = "",
) -> Chart:
    """years: newest first, m values each · starts: m first days of the newest one's periods · what: in the line of the subject."""
    data = replace(data, rebase=None, hollow=tuple(bool(year.hollow) for year in years))
    begin = begun(subject, data, facts_of(subject, replace(data, hollow=())), 0, "")
    chart = replace(
        begin,
        headline=headline,
        subject=f"{begin.subject}, {what}",
        lines=tuple(_line(subject, year, starts, newest=place == 0) for place, year in enumerate(years)),
        periods=tuple(place_in_year(s, i, subject.frequency, subject.year_start) for i, s in enumerate(starts)),
        starts=(),
        flags=(),
        x_ticks=ticks_of_a_year(starts, subject.frequency, subject.year_start),
        years=(),
        targets=targets,
        target_label=target_label,
        caveat=caveat,
    )
    return with_reading(scaled(chart, from_zero=subject.zero_baseline or from_zero))


def _line(subject: Subject, year: Year, starts: Sequence[date], *, newest: bool) -> Line:
    """The newest with its last value; those before it with their names alone."""
    if not newest:
        return Line(year.label, year.values, (), "", year.label)
    finite = np.flatnonzero(np.isfinite(year.values))
    if not len(finite):
        return Line(year.label, year.values, (), "", year.label)
    last = int(finite[-1])
    marks = tuple(
        Mark(float(i), float(v), hollow=i in year.hollow) for i, v in enumerate(year.values) if np.isfinite(v)
    )
    when = tr("{year}, through {period}", year=year.label, period=place_in_year(starts[last], last, subject.frequency, subject.year_start))  # fmt: skip
    words = quantity(float(year.values[last]), subject.unit, subject.decimals)
    return Line(year.label, year.values, marks, words, when, leads=True)
