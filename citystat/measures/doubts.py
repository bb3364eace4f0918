"""What checks found and nobody has settled: figures held back, and figures that stand but are not yet believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from citystat.city.journal import runs_withdrawn_since, values_at
from citystat.measures.facts import worded
from citystat.models import Cell, CheckFinding, ImportRun, Measure, Observation
from citystat.models.observations import WHOLE, WITHDRAWN


@dataclass(frozen=True)
class Doubt:
    """One open finding. level: "error" (held back) or "warning" (stands, marked) · category: "Ward 3", "" for the whole; cell: (("Ward", "3"),) ·
    value: as it came, None where something is missing · source, place: file and cell · at: when it came.
    """

    id: int
    measure_id: int
    period: date
    rule: str
    level: str
    words: str
    category: str
    value: float | None
    source: str
    place: str
    at: datetime
    cell: tuple[tuple[str, str], ...] = ()


def doubts(
    read: Session, measures: Sequence[int] | None = None, *, as_of: int | None = None, act: int | None = None
) -> list[Doubt]:
    """The open findings of these measures (None: of all in use), the newest period first.

    A finding is open until a person settles it, its import is taken back, or a later import brings the figure anew.
    as_of, act: as for citystat.measures.series.all_series; None for now.
    """
    f = CheckFinding
    query = (
        select(f, Cell.label, ImportRun.source, ImportRun.at)
        .join(ImportRun, ImportRun.id == f.run_id)
        .join(Cell, Cell.id == f.cell_id)
        .join(Measure, Measure.id == f.measure_id)
        .where(_stands(read, act), ~_brought_anew(as_of))
        .order_by(f.period.desc(), f.level, f.id)
    )
    query = query.where(Measure.retired.is_(False)) if measures is None else query.where(f.measure_id.in_(measures))
    query = query.where(f.run_id <= as_of) if as_of is not None else query
    open_then = _settled_since(read, act)
    query = query.where(or_(f.settled_at.is_(None), f.id.in_(open_then)))
    return [
        Doubt(
            row.id, row.measure_id, row.period, row.rule, row.level, worded(row.facts) or row.words, _named(label), row.value, source,
            row.place, at, _parted(label),
        )
        for row, label, source, at in read.execute(query)
    ]  # fmt: skip


def open_count(read: Session) -> tuple[int, int]:
    """How many figures of measures in use are held back, and how many stand but wait to be accepted."""
    f = CheckFinding
    query = (
        select(f.level, func.count())
        .join(ImportRun, ImportRun.id == f.run_id)
        .join(Measure, Measure.id == f.measure_id)
        .where(f.settled_at.is_(None), ImportRun.undone_at.is_(None), Measure.retired.is_(False), ~_brought_anew(None))
        .group_by(f.level)
    )
    counts = {str(row[0]): int(row[1]) for row in read.execute(query)}
    return counts.get("error", 0), counts.get("warning", 0)


def _stands(read: Session, act: int | None) -> ColumnElement[bool]:
    """The finding's import was not taken back, or only after `act`."""
    standing: ColumnElement[bool] = ImportRun.undone_at.is_(None)
    withdrawn = runs_withdrawn_since(read, act) if act is not None else []
    return or_(standing, ImportRun.id.in_(withdrawn)) if withdrawn else standing


def _brought_anew(as_of: int | None) -> ColumnElement[bool]:
    """A later import has the figure; of a missing period any figure will do."""
    o, f = Observation, CheckFinding
    standing: ColumnElement[bool] = o.superseded_by.is_(None)
    if as_of is not None:
        standing = and_(or_(standing, o.superseded_by > WITHDRAWN), o.run_id <= as_of)
    cell = or_(o.cell_id == f.cell_id, and_(f.cell_id == WHOLE, f.value.is_(None)))
    return exists().where(
        o.measure_id == f.measure_id, o.period == f.period, o.run_id > f.run_id, cell, standing
    )  # fmt: skip


def _settled_since(read: Session, act: int | None) -> list[int]:
    """Findings that were open when `act` was the newest act."""
    if act is None:
        return []
    then = values_at(read, [CheckFinding.__tablename__], act)
    return [int(key) for (_, key), values in then.items() if values is not None and values["settled_at"] is None]


def _parted(label: str) -> tuple[tuple[str, str], ...]:
    """ "Ward=3|Type=1" as ("Ward", "3"), ("Type", "1")."""
    found = (part.partition("=") for part in label.split("|"))
    return tuple((name, word) for name, _, word in found if name)


def _named(label: str) -> str:
    """ "Ward=3|Type=Type 1" as a person reads it: "Ward 3 · Type 1"."""
    parts = [part.partition("=") for part in label.split("|")]
    return " · ".join(word if word.startswith(name) else f"{name} {word}" for name, _, word in parts if name)
