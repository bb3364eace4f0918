"""A measure by year, fiscal or calendar, as its own rule over time says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from citystat import periods
from citystat.measures.series import Series
from citystat.over_time import Figure, together, way_of
from citystat.texts import tr


@dataclass(frozen=True)
class YearRow:
    """One year. value: None where there is none, and `note` says why; note also tells of a year that is not over.

    A year in which the definition changed has no value: its parts are not of one kind.
    """

    start: date
    label: str
    value: float | None
    note: str


def years(series: Series) -> list[YearRow]:
    """Every year with a value in it, newest first; none for a measure that is yearly, or has no yearly figure."""
    m = series.measure
    way = way_of(m.over_time, m.aggregation)
    if m.frequency == "year" or way == "none" or series.last is None:
        return []
    known = {p: figure_at(series, i) for i, p in enumerate(series.periods) if counts(series, i)}
    newest = periods.start_of(series.periods[series.last], "year", m.year_start)
    starts = sorted({periods.start_of(p, "year", m.year_start) for p in known}, reverse=True)
    return [_year(series, start, known, way, running=start == newest) for start in starts]


def _year(series: Series, start: date, known: dict[date, Figure], way: str, *, running: bool) -> YearRow:
    m = series.measure
    among = within(start, m.frequency)
    here = [known.get(p) for p in among]
    so_far = [f for f in here if f is not None]
    label = periods.label(start, "year", m.year_start)
    if any(r.kind == "definition" and start < r.period <= among[-1] for r in series.remarks):
        return YearRow(start, label, None, tr("definition changed"))
    if running and len(so_far) < len(among):
        figure, why = together(so_far, way, m.multiplier)
        return YearRow(start, label, figure.value, why or tr("{n} of {all} periods", n=len(so_far), all=len(among)))
    figure, why = together(here, way, m.multiplier)
    lacking = len(so_far) < len(among) and figure.value is None
    return YearRow(
        start, label, figure.value, tr("{n} of {all} periods", n=len(so_far), all=len(among)) if lacking else why
    )


def within(start: date, frequency: str) -> list[date]:
    """The periods that begin in the year that begins on `start`; a week belongs to the year in which it begins."""
    end = periods.end_of(start, "year")
    first = periods.start_of(start, frequency, start.month)
    first = first if first >= start else periods.move(first, frequency, 1)
    return periods.run(first, end, frequency)


def counts(series: Series, i: int) -> bool:
    """Whether the period at index `i` has a figure: a value, or nothing out of nothing (0 by 0) in a ratio of sums."""
    m = series.measure
    nothing = series.numerator[i] == 0 and series.denominator[i] == 0
    return bool(np.isfinite(series.values[i]) or (nothing and way_of(m.over_time, m.aggregation) == "ratio"))


def figure_at(series: Series, i: int) -> Figure:
    """The period at index `i` as a figure that can be put together with others."""
    top, bottom = (None if np.isnan(c[i]) else float(c[i]) for c in (series.numerator, series.denominator))
    value = None if np.isnan(series.values[i]) else float(series.values[i])
    return Figure(value, top, bottom, series.status[i] == "preliminary")
