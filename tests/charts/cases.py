"""Charts of every awkward kind, made by code: for the tests, and for a sheet to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from citystat import periods
from citystat.analysis.spc import Judgement, Point, judge
from citystat.charts.chart import Chart
from citystat.charts.describe import Data, Subject, describe
from citystat.charts.parts import Part

NAN = float("nan")
LONG = "Median working days from a complete application to a building permit for small residential alterations"


def chart(
    values: ArrayLike,
    *,
    name: str = "Emergency calls answered within 10 seconds",
    unit: str = "percent",
    decimals: int = 1,
    frequency: str = "month",
    first: date = date(2023, 3, 1),
    direction: str = "higher",
    target: ArrayLike = NAN,
    upper: ArrayLike = NAN,
    hollow: tuple[int, ...] = (),
    flags: tuple[tuple[int, str, str], ...] = (),
    exclude: tuple[int, ...] = (),
    parts: tuple[Part, ...] = (),
    zero: bool = False,
    form: str = "line",
    year_start: int = 7,
    adds_up: bool = True,
    since: date | None = None,
) -> Chart:
    """A chart of `values`, judged as a measure's would be."""
    data = np.asarray(values, float)
    n = len(data)
    starts = tuple(periods.move(periods.start_of(first, frequency, year_start), frequency, i) for i in range(n))
    subject = Subject(
        "EC-01", name, unit, decimals, frequency, direction, "Dispatch system", year_start, zero, form, adds_up,
    )  # fmt: skip
    rebases = [(i, words.partition(",")[0]) for i, kind, words in flags if kind == "rebase"]
    given = Data(
        starts, data, np.broadcast_to(np.asarray(target, float), n).copy(),
        np.broadcast_to(np.asarray(upper, float), n).copy(), tuple(i in {h % n for h in hollow} for i in range(n)),
        flags, rebases[-1] if rebases else None, date(2026, 3, 9),
    )  # fmt: skip
    return describe(
        subject, given, judged(given, direction, exclude), since=since, parts=parts, by="District" if parts else ""
    )


def judged(data: Data, direction: str, exclude: tuple[int, ...] = ()) -> Judgement:
    """As citystat.measures.judge does it: preliminary values are shown and not judged."""
    final = np.where(data.hollow, NAN, data.values)
    found = judge(
        final, improvement={"higher": "up", "lower": "down"}.get(direction, "neither"),
        rebase=[i for i, kind, _ in data.flags if kind == "rebase"], exclude=exclude,
    )  # fmt: skip
    points = tuple(
        Point(p.index, float(data.values[p.index]), p.centre, p.lower, p.upper, (), "common", p.excluded)
        if data.hollow[p.index]
        else p
        for p in found.points
    )
    return Judgement(**{**found.__dict__, "points": points})


def noise(n: int, centre: float, spread: float, seed: int = 1) -> np.ndarray:
    """n values around `centre`."""
    return np.random.default_rng(seed).normal(centre, spread, n)


def cases() -> Iterator[tuple[str, Chart]]:
    """Every kind of chart that a city will draw one day, by name."""
    shift = np.r_[noise(24, 86.3, 1.0), noise(12, 93, 0.8, 2)]
    step = np.r_[np.full(5, 88), np.full(12, 90), np.full(19, 92)]
    yield "as designed", chart(shift, target=step, hollow=(-1,), flags=((24, "rebase", "New shift plan, Mar 2025"),))
    gaps = noise(36, 50, 4)
    gaps[[7, 8, 20, 22]] = NAN
    yield "gaps stay gaps", chart(gaps, target=52, unit="count", decimals=0)
    yield "two flags close together", chart(shift, flags=(
        (22, "note", "Snow storm closes the hall, Jan 2025"), (24, "rebase", "New shift plan, Mar 2025"),
        (25, "note", "Second academy class, Apr 2025")))  # fmt: skip
    yield "flags at both ends", chart(shift, flags=(
        (0, "note", "A new way of counting, Mar 2023"), (35, "note", "Two posts filled, Feb 2026")))  # fmt: skip
    yield "a point left out", chart(np.r_[noise(20, 10, 1), 30, noise(15, 10, 1, 3)], unit="days", exclude=(20,),
                                    direction="lower", flags=((20, "exclude", "Flood, Nov 2024"),))  # fmt: skip
    yield "range target", chart(noise(36, 21, 1.5), unit="percent", direction="range", target=20, upper=23)
    yield "bars", chart(noise(24, 300, 40), unit="count", decimals=0, form="bars", target=320, hollow=(-1,))
    yield "bars below zero", chart(noise(24, 5, 40), unit="USD", decimals=0, form="bars")
    yield "84 months", chart(noise(84, 86, 2), first=date(2019, 3, 1), target=88)
    yield "400 weeks", chart(noise(400, 86, 2), first=date(2018, 3, 1), frequency="week")
    yield "three months", chart([91, 93, 92], target=92)
    yield "one month", chart([91.0])
    yield "twelve months", chart(noise(12, 50, 5), first=date(2025, 3, 1))
    yield "constant", chart([100.0] * 20, target=98)
    yield "all zero", chart([0.0] * 20, unit="count", decimals=0, direction="lower")
    yield "all missing", chart([NAN] * 12)
    yield "huge", chart(noise(30, 4.2e12, 3e11), unit="USD", decimals=0, direction="lower")
    yield "tiny", chart(noise(30, 0.00042, 0.00003), unit="count", decimals=6)
    yield "negative", chart(noise(30, -40, 12), unit="USD", decimals=0, zero=True)
    yield "one outlier", chart(np.r_[noise(30, 5, 1), 900], unit="days", decimals=0, direction="lower")
    yield "days", chart(noise(28, 300, 30), frequency="day", unit="count", decimals=0, first=date(2026, 2, 1))
    yield (
        "a year of days",
        chart(noise(365, 300, 30), frequency="day", unit="count", decimals=0, first=date(2025, 3, 1)),
    )
    yield "weeks", chart(noise(52, 300, 30), frequency="week", unit="count", decimals=0, first=date(2025, 3, 1))
    yield "quarters", chart(noise(20, 60, 5), frequency="quarter", first=date(2021, 7, 1), target=62)
    yield "half-years", chart(noise(14, 60, 5), frequency="half-year", first=date(2019, 7, 1))
    yield "years", chart(noise(12, 60, 5), frequency="year", first=date(2014, 7, 1), target=62)
    yield "calendar years", chart(noise(36, 60, 5), year_start=1, first=date(2023, 1, 1))
    for n in (2, 3, 4, 40):
        yield f"{n} parts", chart(noise(36, 60, 3), parts=tuple(
            Part(f"District {i + 1}", noise(36, 60 + 30 / n * i, 2, i)) for i in range(n)))  # fmt: skip
    for adds_up in (True, False):
        yield f"216 parts, sum {adds_up}", chart(noise(36, 60, 3), adds_up=adds_up, target=70, parts=tuple(
            Part(f"Provider {i + 1} of hospitals", noise(36, 30 + 0.3 * i, 2, i)) for i in range(216)))  # fmt: skip
    yield "long flags", chart(shift, flags=(
        (20, "note", "The council moves the dispatch centre into the new building at the harbour, Nov 2024"),
        (24, "rebase", "New shift plan agreed with the union after a year of talks, Mar 2025"),
        (27, "note", "Second academy class of forty people begins its work, Jun 2025")))  # fmt: skip
    yield "parts close together", chart(noise(36, 60, 3), parts=tuple(
        Part(f"Ward {i + 1}, the part north of the river", noise(36, 60 + 0.1 * i, 0.5, i)) for i in range(4)))  # fmt: skip
    yield "long name", chart(noise(36, 19, 3), name=LONG, unit="days", direction="lower", target=15)
