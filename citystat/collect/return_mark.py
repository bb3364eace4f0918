"""The mark of a return sheet: the hidden sheet that says of which city it is, made when, for whom, and what each line is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from citystat.collect.readers import Source
from citystat.collect.return_sheet import VERSION, Marked, check_sum
from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.texts import tr


@dataclass(frozen=True)
class Mark:
    """What the hidden sheet says; lines: by the key in their row."""

    uid: str
    city: str
    made: datetime
    who: str
    lines: Mapping[str, Marked]


def mark_of(source: Source) -> Mark:
    """The mark, whole and of an edition that is known."""
    sheet = next((s for s in source.sheets if s.marked), None)
    if sheet is None:
        raise broken(source, tr("This looks like a return sheet, but the hidden sheet by which it is known is gone"))
    try:
        version = int(_number(sheet.rows[0][1]))
        if version > VERSION:
            raise CityStatError(
                tr("This return sheet was made by a newer CityStat"), where=source.name, do=tr("Update CityStat on this computer")
            )  # fmt: skip
        rows = [[c for c in row if c is not None] for row in sheet.rows[0 : sheet.height]]
        head, (word, told), lines = rows[:3], rows[3], [row for row in rows[4:] if row]
        if word != "sum" or told != check_sum([*head, *lines]):
            raise ValueError
        marked = [_line(row) for row in lines]
        return Mark(str(head[1][0]), str(head[1][1]), datetime.fromisoformat(str(head[2][0])), str(head[2][1]), {m.key: m for m in marked})  # fmt: skip
    except (ValueError, IndexError, TypeError) as error:
        raise broken(source, tr("The hidden sheet by which this return sheet is known was changed")) from error


def _line(row: Sequence[Cell]) -> Marked:
    key, measure, code, name, unit, frequency, period, parts, kind = row
    breakdown = tuple((str(d), str(c)) for d, c in json.loads(str(parts)))
    start = date.fromisoformat(str(period))
    return Marked(str(key), int(_number(measure)), str(code), str(name), str(unit), str(frequency), start, breakdown, kind == "ratio")  # fmt: skip


def _number(cell: Cell) -> float:
    if not isinstance(cell, int | float):
        raise ValueError
    return float(cell)


def broken(source: Source, what: str) -> CityStatError:
    """That a sheet can no longer be known or read as one, and what to do."""
    return CityStatError(what, where=source.name, do=tr("Make a new sheet and copy the figures into its green cells"))
