"""A series of a table: its periods in order, how far they lie apart, and how the next ones are called."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from citystat.cli.analyse.table import finite, need, once, read
from citystat.errors import CityStatError


@dataclass(frozen=True)
class Series:
    """periods: as the file writes them, in order; values: array[n], nan where a cell is empty."""

    periods: list[str]
    values: NDArray[np.float64]

    @property
    def season(self) -> int:
        """Periods in the usual season: 12 months, 4 quarters, 7 days; 1 where the periods say none."""
        kind, step = _pace(self.periods)
        return {("month", 1): 12, ("month", 3): 4, ("quarter", 1): 4, ("day", 1): 7}.get((kind, step), 1)

    def after(self, steps: int) -> list[str]:
        """The names of the next periods, written as the file writes them; +1, +2 … where its names follow no count."""
        kind, step = _pace(self.periods)
        if not kind:
            return [f"+{i}" for i in range(1, steps + 1)]
        last = KINDS[kind].number(self.periods[-1])
        return [KINDS[kind].name(last + step * i, self.periods[-1]) for i in range(1, steps + 1)]


def read_series(arguments: argparse.Namespace) -> Series:
    """The columns --period and --value in order of the period; a period that stands twice or is left out is refused."""
    table = read(arguments.file)
    need(table, arguments, "period", "value")
    periods = once([row[arguments.period] for row in table], "Period")
    values = finite(table, arguments.value, empty=True)
    order = sorted(range(len(periods)), key=lambda i: period_key(periods[i]))
    series = Series([periods[i] for i in order], values[order])
    _need_all(series.periods)
    return series


def period_key(text: str) -> tuple[int, float, str]:
    """What periods are put in order by: numbers as numbers, everything else as written."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan  # which cannot be put in order
    return (1, 0.0, text) if math.isnan(number) else (0, number, "")


@dataclass(frozen=True)
class Kind:
    """A way to write periods: the whole number a name stands for, and back."""

    pattern: str
    number: Callable[[str], int]
    name: Callable[[int, str], str]


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


KINDS = {
    "number": Kind(r"-?\d{1,9}", int, lambda n, _: str(n)),
    "month": Kind(
        r"\d{4}-(0[1-9]|1[0-2])(-01)?",  # the first day of a month stands for the month
        lambda t: int(t[:4]) * 12 + int(t[5:7]) - 1,
        lambda n, like: f"{n // 12}-{n % 12 + 1:02d}{like[7:]}",
    ),
    "quarter": Kind(
        r"\d{4}-?Q[1-4]",
        lambda t: int(t[:4]) * 4 + int(t[-1]) - 1,
        lambda n, like: f"{n // 4}{like[4:-1]}{n % 4 + 1}",
    ),
    "day": Kind(r"\d{4}-\d\d-\d\d", _day, lambda n, _: date.fromordinal(n).isoformat()),
}


def _pace(periods: list[str]) -> tuple[str, int]:
    """How the periods are written and how far they lie apart; ("", 1) where they follow no count."""
    for kind, way in KINDS.items():
        if all(re.fullmatch(way.pattern, p, re.ASCII) for p in periods):
            try:
                steps = [b - a for a, b in pairwise(map(way.number, periods))]
            except ValueError:
                return "", 1
            return kind, min((s for s in steps if s > 0), default=1)
    return "", 1


def _need_all(periods: list[str]) -> None:
    kind, step = _pace(periods)
    if not kind:
        return
    for a, b in pairwise(periods):
        if KINDS[kind].number(b) - KINDS[kind].number(a) != step:
            missing = KINDS[kind].name(KINDS[kind].number(a) + step, a)
            raise CityStatError(
                f"Period {missing} is left out between {a} and {b}", do="Add a row for it; its value may be empty"
            )
