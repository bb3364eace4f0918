"""A sheet: cells by column, as the file has them; nothing is judged yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from citystat.collect.values import Cell
from citystat.printable import printable

RETURN = "CityStat return sheet"  # the first cell of a return sheet's hidden sheet
Cells = NDArray[np.object_]
Row = tuple[Cell, ...]
Merged = tuple[int, int, int]


class Sheet:
    """Cells by column: `columns[c][r]`, all of one length, "" where a cell is empty. hidden: the workbook does not show it ·

    merged: (top, bottom, column) of cells merged downwards, of which the top one holds what they say ·
    failed: (row, column) of formulas that give an error, or whose value is not in the file; both as the text that stands there.

    By column, because a hundred thousand dates are a few hundred distinct words: each is read once.
    """

    def __init__(
        self,
        name: str,
        columns: Sequence[Cells],
        hidden: bool = False,
        merged: Sequence[Merged] = (),
        failed: Collection[tuple[int, int]] = (),
    ) -> None:
        self.name = printable(name)
        self.columns = tuple(columns)
        self.hidden = hidden
        self.merged = tuple(merged)
        self.failed = frozenset(failed)
        self.height = len(columns[0]) if columns else 0
        self._distinct: dict[int, tuple[NDArray[np.intp], list[Cell]]] = {}

    @classmethod
    def of_rows(cls, name: str, rows: Sequence[Sequence[Cell]], hidden: bool = False) -> Sheet:
        """A sheet from rows of any length."""
        width = max(map(len, rows), default=0)
        table: Cells = np.full((width, len(rows)), "", dtype=object)
        for at, row in enumerate(rows):
            table[: len(row), at] = ["" if c is None else c for c in row]
        return cls(name, list(table), hidden)

    @cached_property
    def rows(self) -> Rows:
        """The same cells by row, made as they are asked for; None where a cell is empty."""
        return Rows(self.columns, self.height)

    def below(self, top: int) -> Sheet:
        """The same sheet with its first `top` rows empty, so that every cell keeps its name."""
        blank: Cells = np.full(min(top, self.height), "", dtype=object)
        return self.holding([np.concatenate([blank, column[top:]]) for column in self.columns])

    def holding(self, columns: Sequence[Cells]) -> Sheet:
        """The same sheet with other cells."""
        return Sheet(self.name, columns, self.hidden, self.merged, self.failed)

    def unmerged(self, top: int) -> Sheet:
        """The same sheet: below its first `top` rows, a word or a day in merged cells stands in each of their rows.

        A figure is left where it is: it would be counted as often as there are rows.
        """
        columns: dict[int, Cells] = {}
        for first, last, at in self.merged:
            if first >= top and at < len(self.columns) and isinstance(self.columns[at][first], str | date):
                column = columns.setdefault(at, self.columns[at].copy())
                below = column[first + 1 : last + 1]
                below[below == ""] = column[first]
        if not columns:
            return self
        return self.holding([columns.get(at, c) for at, c in enumerate(self.columns)])

    def place(self, row: int, column: int) -> str:
        """ "FY22!C9" for cell (row, column), counted from 0."""
        return f"{self.prefix}{letters(column)}{row + 1}"

    @property
    def marked(self) -> bool:
        """Whether it is the hidden sheet by which a return sheet is known."""
        return self.height > 0 and self.columns[0][0] == RETURN

    @property
    def prefix(self) -> str:
        """What stands before the name of a cell: "FY22!", nothing for a file of text."""
        return f"{self.name}!" if self.name else ""

    def distinct(self, column: int) -> tuple[NDArray[np.intp], list[Cell]]:
        """A column as (number of the word by row, words)."""
        if column not in self._distinct:
            seen: dict[Cell, int] = {}
            codes = [seen.setdefault(c, len(seen)) for c in self.columns[column].tolist()]
            self._distinct[column] = np.array(codes, dtype=np.intp), list(seen)
        return self._distinct[column]

    def empty(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of `rows` hold nothing at all."""
        blank = np.ones(len(rows), dtype=bool)
        for column in self.columns:
            if not blank.any():
                break
            blank[blank] = column[rows[blank]] == ""
        return blank


class Rows(Sequence[Row]):
    """The rows of a sheet."""

    def __init__(self, columns: tuple[Cells, ...], height: int) -> None:
        self._columns = columns
        self._height = height

    def __len__(self) -> int:
        return self._height

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(self._height))]
        if not -self._height <= at < self._height:
            raise IndexError(at)
        return tuple(None if (cell := column[at]) == "" else cell for column in self._columns)


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
