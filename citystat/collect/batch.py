"""What a file brings, by column: values with their measure, period, cell of the breakdowns and place; and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citystat.collect.sheet import Sheet

Breakdown = tuple[tuple[str, str], ...]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Remark:
    """Something at a place; error: it stands in the way of the import; many: the reason where it stands for several."""

    place: str
    reason: str
    error: bool = False
    many: str = ""


@dataclass(frozen=True)
class Values:
    """Values as arrays[n]. measure: its place in the recipe; day, start: ordinals of the day the file says and of its period;

    cell: place in Batch.breakdowns; sheet: place in Batch.sheets; row, column: where it stands; nan where there is no figure.
    """

    measure: Ints
    day: Ints
    start: Ints
    cell: Ints
    value: Floats
    numerator: Floats
    denominator: Floats
    sheet: Ints
    row: Ints
    column: Ints

    @classmethod
    def joined(cls, parts: Sequence[Values]) -> Values:
        """All of `parts`, one after the other."""
        names = cls.__dataclass_fields__
        if not parts:
            return cls(*(np.empty(0, float if n in ("value", "numerator", "denominator") else np.int64) for n in names))
        return cls(*(np.concatenate([getattr(p, n) for p in parts]) for n in names))


@dataclass
class Batch:
    """All that a file brings, and what is to be said about it."""

    rows_read: int = 0
    remarks: list[Remark] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    frequencies: dict[int, str] = field(default_factory=dict)  # of each measure, by its place in the recipe
    parts: list[Values] = field(default_factory=list)
    cells_taken: list[tuple[str, Ints, Ints]] = field(default_factory=list)  # sheet name, rows, columns

    @property
    def errors(self) -> list[Remark]:
        """What stands in the way."""
        return [r for r in self.remarks if r.error]

    @cached_property
    def values(self) -> Values:
        """All values, in the order of the file; once the file is read through."""
        return Values.joined(self.parts)

    @cached_property
    def keys(self) -> Ints:
        """One number for each value that is the same for the same measure, period and cell, and sorts like them."""
        v = self.values
        first = int(v.start.min()) if len(v.start) else 0
        days = (int(v.start.max()) - first + 1) if len(v.start) else 1
        return np.asarray((v.measure * days + (v.start - first)) * max(1, len(self.breakdowns)) + v.cell)

    @cached_property
    def value_count(self) -> int:
        """Distinct values: several rows may be added up to one."""
        return len(np.unique(self.keys))

    @property
    def measure_count(self) -> int:
        """Measures that receive values."""
        return len(np.unique(self.values.measure))

    def takes(self, sheet_name: str, row: int, column: int) -> bool:
        """Whether the cell (row, column), counted from 0, is taken in."""
        return row * FAR + column in self._taken.get(sheet_name, set())

    @cached_property
    def _taken(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for sheet, rows, columns in self.cells_taken:
            found.setdefault(sheet, set()).update((rows * FAR + columns).tolist())
        return found

    def cell(self, breakdown: Breakdown) -> int:
        """The place of `breakdown` in `breakdowns`, where it is put if it is new."""
        place = self._cells.setdefault(breakdown, len(self._cells))
        if place == len(self.breakdowns):
            self.breakdowns.append(breakdown)
        return place

    @cached_property
    def _cells(self) -> dict[Breakdown, int]:
        return {}


FAR = 1 << 20  # more columns than any sheet has
