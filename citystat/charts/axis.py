"""Axes: few ticks, at values and periods a person would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from citystat import periods
from citystat.charts.chart import Tick, YearSpan
from citystat.numbers import compact
from citystat.texts import tr

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def value_axis(low: float, high: float, *, from_zero: bool, wanted: int = 4) -> tuple[float, float, tuple[Tick, ...]]:
    """A range that holds low to high with some air, and about `wanted` ticks at round values inside it."""
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        low, high = low - (abs(low) * 0.1 or 1.0), high + (abs(high) * 0.1 or 1.0)
    step = nice_step((high - low) / wanted)
    air = (high - low) * 0.06
    bottom = low if from_zero and low == 0 else low - air
    top = high + air
    first = math.ceil(bottom / step - 1e-9)
    ticks = [i * step for i in range(first, math.floor(top / step + 1e-9) + 1)]
    return bottom, top, tuple(Tick(value, compact(value, step)) for value in ticks)


def nice_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `rough`."""
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in STEPS if step * size >= rough - 1e-12 * size)


def period_ticks(starts: Sequence[date], frequency: str, year_start: int) -> tuple[Tick, ...]:
    """Where the axis speaks: January with its year and July for months; every year or quarter otherwise."""
    return tuple(
        Tick(float(x), label, major)
        for x, day in enumerate(starts)
        for label, major in _tick(day, frequency, year_start)
    )


def year_spans(starts: Sequence[date], frequency: str, year_start: int) -> tuple[YearSpan, ...]:
    """Fiscal years under the axis, from border to border; none where every point is a year."""
    if frequency == "year" or not starts:
        return ()
    years = [periods.fiscal_year(day, year_start) for day in starts]
    edges = [0, *(i for i in range(1, len(years)) if years[i] != years[i - 1]), len(years)]
    name = "FY{:02d}" if year_start > 1 else "{}"
    return tuple(
        YearSpan(a - 0.5, b - 0.5, name.format(years[a] % 100 if year_start > 1 else years[a]))
        for a, b in zip(edges, edges[1:], strict=False)
    )


def _tick(day: date, frequency: str, year_start: int) -> list[tuple[str, bool]]:
    if frequency in ("day", "week"):
        first = day.day == 1 if frequency == "day" else day.day <= 7
        return [(periods.label(day.replace(day=1), "month"), day.month == 1)] if first else []
    if frequency == "month":
        if day.month == 1:
            return [(f"{tr('Jan')} {day.year % 100:02d}", True)]
        return [(tr("Jul"), False)] if day.month == 7 else []
    label = periods.label(day, frequency, year_start)
    return [(label, frequency == "year" or periods.start_of(day, "year", year_start) == day)]
