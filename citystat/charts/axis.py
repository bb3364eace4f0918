"""Axes: few ticks, at values and periods a person would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from citystat import periods
from citystat.charts.chart import Tick, YearSpan
from citystat.numbers import compact
from citystat.texts import tr

SHORT = 14  # so many months or fewer are all named
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def value_axis(low: float, high: float, *, from_zero: bool, wanted: int = 4) -> tuple[float, float, tuple[Tick, ...]]:
    """A range that holds low to high with some air, and about `wanted` ticks at round values inside it."""
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= max(abs(low), abs(high), 1e-90) * 1e-9:  # one level, or too small to be told from it
        low, high = (low - abs(low) * 0.1, high + abs(high) * 0.1) if abs(low) > 1e-90 else (0.0, 1.0)
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
    """Where the axis speaks. Months: January with its year and July; of a short series every one.

    Weeks and days speak at the first of a month; quarters by number over the fiscal years in the row beneath.
    """
    if frequency in ("quarter", "half-year"):
        return _part_ticks(starts, frequency, year_start)
    if frequency == "year":
        return tuple(Tick(float(x), periods.label(day, "year", year_start)) for x, day in enumerate(starts))
    if frequency in ("day", "week") and len(starts) <= (31 if frequency == "day" else 10):
        every = 7 if frequency == "day" and len(starts) > 10 else 1
        return tuple(Tick(float(x), _day(day), x % every == 0) for x, day in enumerate(starts) if x % every == 0)
    return _month_ticks(starts, frequency)


def ticks_of_a_year(starts: Sequence[date], frequency: str, year_start: int) -> tuple[Tick, ...]:
    """The periods of any year: "Jul" … "Jun", "Q1" … "Q4"."""
    if frequency in ("quarter", "half-year"):
        return _part_ticks(starts, frequency, year_start)
    firsts = [
        (x, day) for x, day in enumerate(starts) if frequency == "month" or day.day <= (1 if frequency == "day" else 7)
    ]
    return tuple(
        Tick(float(x), tr(periods.MONTH_NAMES[day.month - 1]), place % 3 == 0) for place, (x, day) in enumerate(firsts)
    )


def place_in_year(start: date, place: int, frequency: str, year_start: int) -> str:
    """What the period is called in any year: "Feb", "Q3", "week 9", "9 Mar"."""
    if frequency == "month":
        return tr(periods.MONTH_NAMES[start.month - 1])
    if frequency == "week":
        return tr("week {n}", n=place + 1)
    return _day(start) if frequency == "day" else periods.label(start, frequency, year_start).split()[0]


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


def _month_ticks(starts: Sequence[date], frequency: str) -> tuple[Tick, ...]:
    """The first period of each month that speaks; a short series speaks every month, and begins with a year."""
    firsts = [
        (x, day) for x, day in enumerate(starts)
        if frequency == "month" or day.day <= (1 if frequency == "day" else 7)
    ]  # fmt: skip
    short = len(firsts) <= SHORT
    named = any(day.month == 1 for _, day in firsts)
    ticks = []
    for place, (x, day) in enumerate(firsts):
        dated = day.month == 1 or (not named and place == 0)
        if dated or day.month == 7 or short:
            words = tr(periods.MONTH_NAMES[day.month - 1])
            ticks.append(Tick(float(x), f"{words} {day.year % 100:02d}" if dated else words, dated))
    return tuple(ticks)


def _part_ticks(starts: Sequence[date], frequency: str, year_start: int) -> tuple[Tick, ...]:
    """ "Q1" … "Q4" of a series that has room for them; of a long one the fiscal years alone speak."""
    if len(starts) > 2 * SHORT:
        return ()
    labels = [periods.label(day, frequency, year_start).split()[0] for day in starts]
    return tuple(Tick(float(x), words, words[1] == "1") for x, words in enumerate(labels))


def _day(day: date) -> str:
    return f"{day.day} {tr(periods.MONTH_NAMES[day.month - 1])}"
