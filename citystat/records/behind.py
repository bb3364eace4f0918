"""What a number is, for the page of the records behind it: in words, with its neighbours in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.errors import CityStatError
from citystat.measures.series import definition
from citystat.models import Cell, CellPart, Observation
from citystat.numbers import quantity
from citystat.records.open import Number
from citystat.texts import tr


@dataclass(frozen=True)
class Neighbour:
    """Another period of the same measure and part."""

    start: date
    words: str


@dataclass(frozen=True)
class Told:
    """number: as records() takes it · period: in words · about: measure, part and value · file_name: for a CSV, without its ending ·
    before, after: the periods beside it that have a number."""

    number: Number
    period: str
    about: str
    file_name: str
    before: Neighbour | None
    after: Neighbour | None


def told(read: Session, measure_id: int, start: date, part: str = "") -> Told:
    """The number of a measure, the period that begins on `start`, and a part (the label of its cell, "" for the whole)."""
    m, cell = definition(read, measure_id), _cell(read, part)
    numbers = _numbers(read, m.id, part)
    starts = [s for s, _ in numbers]
    at = starts.index(start) if start in starts else None

    def words(day: date) -> str:
        return periods.label(day, m.frequency, m.year_start)

    def beside(step: int) -> Neighbour | None:
        place = -1 if at is None else at + step
        return Neighbour(starts[place], words(starts[place])) if 0 <= place < len(starts) else None

    value = quantity(numbers[at][1], m.unit, m.decimals) if at is not None else ""
    about = " · ".join(filter(None, [m.called, ", ".join(f"{d} {c}" for d, c in cell), value]))
    file_name = " ".join([m.code, periods.key(start, m.frequency), *(c for _, c in cell)]).replace("/", "-")
    return Told(Number(m.code, start, cell), words(start), about, file_name, beside(-1), beside(1))


def _cell(read: Session, label: str) -> tuple[tuple[str, str], ...]:
    """Dimensions and categories of the cell with this label; CityStatError where there is no such one."""
    query = (
        select(CellPart.dimension, CellPart.category)
        .join(Cell, Cell.id == CellPart.cell_id)
        .where(Cell.label == label)
        .order_by(CellPart.dimension)
    )
    found = tuple((d, c) for d, c in read.execute(query))
    if label and not found:
        raise CityStatError(tr("There is no part “{name}”", name=label))
    return found


def _numbers(read: Session, measure_id: int, part: str) -> list[tuple[date, float]]:
    """Periods and values of a measure's part, oldest first."""
    o = Observation
    asked = (
        select(o.period, o.value)
        .join(Cell, Cell.id == o.cell_id)
        .where(o.measure_id == measure_id, Cell.label == part, o.superseded_by.is_(None), o.value.is_not(None))
        .order_by(o.period)
    )
    return [(start, float(value or 0)) for start, value in read.execute(asked)]
