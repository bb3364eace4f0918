"""What a rule is held against: the figures of one measure that arrive, beside those that are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.analysis import jump
from citystat.city.observations import Breakdown
from citystat.measures.facts import Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEWEST = 12  # periods of an import whose figures are compared with what came before
CUSTOM = 20  # a custom of the measure: at most one figure in so many breaks it
ENOUGH = 12  # figures that make a custom
WINDOW = {"week": 320}  # periods that the comparison looks at; 84 for all other frequencies


@dataclass(frozen=True)
class Table:
    """Figures by column: arrays[n]; period: ordinals of first days; cell: ids; nan where there is none."""

    period: Ints
    cell: Ints
    value: Floats
    numerator: Floats
    denominator: Floats

    def __len__(self) -> int:
        return len(self.period)

    def taken(self, which: Bools | NDArray[np.intp]) -> Table:
        """Some of the figures."""
        return Table(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Case:
    """What arrives of one measure, beside what is kept of it.

    unit … year_start: of the measure · arriving: at most one figure for each period and cell · fresh: those that are new or
    differ from what is kept · repeated: of how many equal rows of the file each was added up, 0 where that is nothing odd ·
    kept: current figures; run: the import of each · breakdowns: of the cells, as far as they are known.
    """

    unit: str
    decimals: int
    frequency: str
    aggregation: str
    multiplier: float
    year_start: int
    arriving: Table
    fresh: Bools
    kept: Table
    today: date
    repeated: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    run: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    breakdowns: dict[int, Breakdown] = field(default_factory=dict)

    def say(self, value: float, *, finer: bool = False) -> Facts:
        """A figure with its unit; finer: two digits more than the measure has, as for one below 1."""
        finer |= 0 < abs(value) < 1
        return {"figure": float(value), "unit": self.unit, "decimals": self.decimals + 2 * int(finer)}

    def usually(self, value: float) -> Facts:
        """A figure that is only compared with."""
        return {"figure": float(value), "unit": self.unit, "decimals": self.decimals}

    def when(self, ordinal: float) -> Facts:
        """A period as a person writes it."""
        return self.of(date.fromordinal(int(ordinal)))

    def of(self, start: date) -> Facts:
        """The period that begins on `start`."""
        return {"period": start.isoformat(), "frequency": self.frequency, "year_start": self.year_start}

    @cached_property
    def known(self) -> Floats:
        """All figures, kept and arriving."""
        both = np.concatenate([self.kept.value, self.arriving.value])
        return np.asarray(both[~np.isnan(both)])

    def customary(self, breaks: Bools) -> bool:
        """Whether the measure's own figures hardly ever break it; breaks: array like `known`."""
        return len(breaks) >= ENOUGH and int(breaks.sum()) * CUSTOM <= len(breaks)

    def each(self, which: Bools) -> list[int]:
        """The fresh figures among `which`."""
        return [int(i) for i in np.flatnonzero(which & self.fresh)]

    @cached_property
    def grid(self) -> Grid:
        """The newest fresh figures beside their past."""
        return Grid.of(self)


@dataclass(frozen=True)
class Grid:
    """Cells down, periods across without gaps. values: array[n, T] · judged: columns with fresh figures, the newest last ·
    at: array[n, len(judged)], which arriving figure stands there, -1 none.
    """

    values: Floats
    judged: NDArray[np.intp]
    at: Ints

    @cached_property
    def level(self) -> Floats:
        """Where each series stood before each period."""
        return jump.levels(self.values)

    @classmethod
    def of(cls, case: Case) -> Grid:
        """From the figures that have a value and do not lie ahead."""
        now = case.fresh & ~np.isnan(case.arriving.value) & (case.arriving.period <= case.today.toordinal())
        if not now.any():
            return cls(np.empty((0, 0)), np.empty(0, dtype=np.intp), np.empty((0, 0), dtype=np.int64))
        width = WINDOW.get(case.frequency, 84)
        last = date.fromordinal(int(case.arriving.period[now].max()))
        first = periods.move(last, case.frequency, 1 - width)
        near = np.flatnonzero(now & (case.arriving.period >= first.toordinal()))
        columns = _columns(case, first, case.arriving.period)
        newest = np.unique(columns[near])[-NEWEST:]
        near = near[np.isin(columns[near], newest)]
        cells = np.unique(case.arriving.cell[near])
        values = np.full((len(cells), width), np.nan)
        for table in (case.kept, case.arriving):
            mine = np.isin(table.cell, cells) & (table.period >= first.toordinal()) & (table.period <= last.toordinal())
            row = np.searchsorted(cells, table.cell[mine])
            values[row, _columns(case, first, table.period[mine])] = table.value[mine]
        at = np.full((len(cells), len(newest)), -1, dtype=np.int64)
        at[np.searchsorted(cells, case.arriving.cell[near]), np.searchsorted(newest, columns[near])] = near
        return cls(values, newest, at)


def _columns(case: Case, first: date, ordinals: Ints) -> NDArray[np.intp]:
    """How many periods after `first` each begins."""
    days, back = np.unique(ordinals, return_inverse=True)
    between = [periods.between(first, date.fromordinal(d), case.frequency) for d in days.tolist()]
    return np.array(between, dtype=np.intp)[back] if between else np.empty(0, dtype=np.intp)
