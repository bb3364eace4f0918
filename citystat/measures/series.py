"""A measure's observations as a Series: one value a period, gaps kept as gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.errors import CityStatError
from citystat.models import Annotation, CellPart, CitySettings, Department, Measure, Observation, Person, Target, Total

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Definition:
    """What a measure is. Fields as in citystat.models.Measure; department and owner by name, ids beside them."""

    id: int
    code: str
    name: str
    definition: str
    unit: str
    decimals: int
    frequency: str
    aggregation: str
    direction: str
    kind: str
    multiplier: float
    zero_baseline: bool
    reporting_lag: int
    source: str
    department: str
    department_id: int | None
    owner: str
    owner_id: int | None
    public: bool
    retired: bool
    year_start: int  # the city's fiscal-year month, for labels and years


@dataclass(frozen=True)
class TargetStep:
    """The value wanted from `since` on; upper is set for a range."""

    since: date
    value: float
    upper: float | None = None


@dataclass(frozen=True)
class Remark:
    """Words at a period. kind: note, rebase, exclude."""

    period: date
    kind: str
    text: str


@dataclass(frozen=True)
class Series:
    """A measure through time: every period from the first to the last observed one, nan where missing.

    periods: n first days · values, numerator, denominator: array[n] float, unit of the measure ·
    status: n of "final", "preliminary" or "" (missing) · note: n texts · revision: n (0: never corrected) ·
    category: the breakdown's category when this is a part ("" for the whole).
    """

    measure: Definition
    periods: tuple[date, ...]
    values: Floats
    numerator: Floats
    denominator: Floats
    status: tuple[str, ...]
    note: tuple[str, ...]
    revision: tuple[int, ...]
    targets: tuple[TargetStep, ...] = ()
    remarks: tuple[Remark, ...] = ()
    category: str = ""
    as_of: date | None = field(default=None)

    @property
    def last(self) -> int | None:
        """Index of the last period with a value; None where there is none."""
        found = np.flatnonzero(~np.isnan(self.values))
        return int(found[-1]) if len(found) else None

    def target_at(self, period: date) -> TargetStep | None:
        """The target in force in the period that begins on `period`."""
        reached = [step for step in self.targets if step.since <= period]
        return reached[-1] if reached else None

    def label(self, index: int) -> str:
        """The period at `index` as a person writes it."""
        return periods.label(self.periods[index], self.measure.frequency, self.measure.year_start)

    def window(self, since: date) -> Series:
        """The same series from the period `since` on (for a zoomed view); limits are judged before cutting."""
        keep = [i for i, p in enumerate(self.periods) if p >= since]
        return self._taken(keep)

    def _taken(self, keep: Sequence[int]) -> Series:
        rows = list(keep)
        return Series(
            self.measure, tuple(self.periods[i] for i in rows), self.values[rows], self.numerator[rows],
            self.denominator[rows], tuple(self.status[i] for i in rows), tuple(self.note[i] for i in rows),
            tuple(self.revision[i] for i in rows), self.targets, self.remarks, self.category, self.as_of,
        )  # fmt: skip


def definition(read: Session, code_or_id: str | int) -> Definition:
    """The measure with this code (or id); CityStatError where there is none."""
    if isinstance(code_or_id, int):
        match = Measure.id == code_or_id
    else:  # SQLite's lower() knows ASCII only: a code such as MÄNNLICH is found as it is written
        match = or_(Measure.code == code_or_id, func.lower(Measure.code) == code_or_id.lower())
    found = _definitions(read, match)
    if not found:
        raise CityStatError(f"There is no measure {code_or_id}", do="“citystat measures” lists them")
    return found[0]


def definitions(read: Session, *, retired: bool = False) -> list[Definition]:
    """All measures by code; those retired only when asked for."""
    return _definitions(read, or_(Measure.retired.is_(False), Measure.retired.is_(retired)))


def series(read: Session, measure: Definition, *, as_of: int | None = None) -> Series:
    """The measure over all its breakdowns, by its own aggregation.

    as_of: the last import run to know of, for "as shown in the meeting"; None for now.
    """
    if as_of is None:
        found = [row[1:] for row in _totals(read, [measure.id])]
    else:
        found = _added_up(_cells_as_of(read, measure, as_of), measure)
    return _series(measure, found, *_targets_and_remarks(read, [measure.id]).get(measure.id, ((), ())))


def all_series(read: Session, measures: Sequence[Definition]) -> list[Series]:
    """The current series of many measures, in three queries for all of them."""
    ids = [m.id for m in measures]
    rows: dict[int, list[Figures]] = {m.id: [] for m in measures}
    for measure_id, *figures in _totals(read, ids):
        rows[measure_id].append(tuple(figures))  # type: ignore[arg-type]
    about = _targets_and_remarks(read, ids)
    return [_series(m, rows[m.id], *about.get(m.id, ((), ()))) for m in measures]


def dimensions(read: Session, measure: Definition) -> list[str]:
    """The breakdowns this measure has ("District", "Type")."""
    cells = select(Observation.cell_id).where(Observation.measure_id == measure.id, Observation.superseded_by.is_(None))
    query = select(CellPart.dimension).where(CellPart.cell_id.in_(cells)).distinct().order_by(CellPart.dimension)
    return list(read.scalars(query))


def broken_down(read: Session, measure: Definition, by: str, *, as_of: int | None = None) -> list[Series]:
    """One series a category of the breakdown `by`, added up over the other breakdowns, biggest last value first."""
    known = _as_of(as_of)
    o = Observation
    query = (
        select(CellPart.category, o.period, o.value, o.numerator, o.denominator, o.status, o.note, o.revision)
        .join(CellPart, CellPart.cell_id == o.cell_id)
        .where(o.measure_id == measure.id, CellPart.dimension == by, known)
    )
    grouped: dict[str, list[Figures]] = {}
    for category, *figures in read.execute(query):
        grouped.setdefault(category, []).append(tuple(figures))  # type: ignore[arg-type]
    about = _targets_and_remarks(read, [measure.id]).get(measure.id, ((), ()))
    parts = [_series(measure, _added_up(rows, measure), (), about[1], category) for category, rows in grouped.items()]
    return sorted(parts, key=lambda s: -(s.values[s.last] if s.last is not None else -np.inf))


def last_run(read: Session) -> int | None:
    """The newest import run: what a chart drawn now can know of."""
    return read.scalar(select(func.max(Observation.run_id)))


# period, value, numerator, denominator, status, note, revision
Figures = tuple[date, float | None, float | None, float | None, str, str, int]


def _definitions(read: Session, where: ColumnElement[bool]) -> list[Definition]:
    query = (
        select(Measure, Department.name, Person.name, CitySettings.fiscal_year_start)
        .outerjoin(Department, Department.id == Measure.department_id)
        .outerjoin(Person, Person.id == Measure.owner_id)
        .join(CitySettings, CitySettings.id.is_not(None))
        .where(where)
        .order_by(Measure.code)
    )
    return [
        Definition(
            m.id, m.code, m.name, m.definition, m.unit, m.decimals, m.frequency, m.aggregation, m.direction, m.kind,
            m.multiplier, m.zero_baseline, m.reporting_lag, m.source, department or "", m.department_id,
            owner or "", m.owner_id, m.public, m.retired, year_start,
        )
        for m, department, owner, year_start in read.execute(query)
    ]  # fmt: skip


def _totals(
    read: Session, ids: Iterable[int]
) -> list[tuple[int, date, float | None, float | None, float | None, str, str, int]]:
    t = Total
    query = (
        select(t.measure_id, t.period, t.value, t.numerator, t.denominator, t.status, t.note, t.revision)
        .where(t.measure_id.in_(list(ids)))
        .order_by(t.measure_id, t.period)
    )
    return [tuple(row) for row in read.execute(query)]  # type: ignore[misc]


def _as_of(run_id: int | None) -> ColumnElement[bool]:
    """What counts as current: now, or when `run_id` was the newest import."""
    o = Observation
    if run_id is None:
        return o.superseded_by.is_(None)
    return (o.run_id <= run_id) & (o.superseded_by.is_(None) | (o.superseded_by > run_id))


def _cells_as_of(read: Session, measure: Definition, run_id: int) -> list[Figures]:
    o = Observation
    query = select(o.period, o.value, o.numerator, o.denominator, o.status, o.note, o.revision, o.cell_id).where(
        o.measure_id == measure.id,
        _as_of(run_id),
    )
    rows = [tuple(row) for row in read.execute(query)]
    whole = {row[0] for row in rows if row[7] == 1}
    return [row[:7] for row in rows if row[7] == 1 or row[0] not in whole]  # type: ignore[misc]


def _added_up(rows: list[Figures], measure: Definition) -> list[Figures]:
    """Rows of several cells as one row a period, by the rule of the kept totals (citystat.city.observations)."""
    by_period: dict[date, list[Figures]] = {}
    for row in rows:
        by_period.setdefault(row[0], []).append(row)
    return [_one(period, by_period[period], measure) for period in sorted(by_period)]


def _one(period: date, rows: list[Figures], measure: Definition) -> Figures:
    value, top, bottom = (_known(rows, 1), _known(rows, 2), _known(rows, 3))
    if measure.aggregation == "ratio" and bottom:
        total = measure.multiplier * sum(top) / sum(bottom) if sum(bottom) else None
    elif measure.aggregation in ("mean", "median", "ratio"):
        total = sum(value) / len(value) if value else None
    else:
        total = sum(value) if value else None
    status = "preliminary" if any(row[4] == "preliminary" for row in rows) else "final"
    note = rows[0][5] if len(rows) == 1 else ""
    return (
        period,
        total,
        sum(top) if top else None,
        sum(bottom) if bottom else None,
        status,
        note,
        max(r[6] for r in rows),
    )


def _known(rows: list[Figures], column: int) -> list[float]:
    return [row[column] for row in rows if row[column] is not None]  # type: ignore[misc]


def _targets_and_remarks(
    read: Session, ids: Sequence[int]
) -> dict[int, tuple[tuple[TargetStep, ...], tuple[Remark, ...]]]:
    steps: dict[int, list[TargetStep]] = {}
    for t in read.scalars(select(Target).where(Target.measure_id.in_(ids)).order_by(Target.since)):
        steps.setdefault(t.measure_id, []).append(TargetStep(t.since, t.value, t.upper))
    remarks: dict[int, list[Remark]] = {}
    for a in read.scalars(select(Annotation).where(Annotation.measure_id.in_(ids)).order_by(Annotation.period)):
        remarks.setdefault(a.measure_id, []).append(Remark(a.period, a.kind, a.text))
    return {i: (tuple(steps.get(i, ())), tuple(remarks.get(i, ()))) for i in ids}


def _series(
    measure: Definition,
    rows: Sequence[Figures],
    targets: tuple[TargetStep, ...],
    remarks: tuple[Remark, ...],
    category: str = "",
) -> Series:
    by_period = {row[0]: row for row in rows}
    starts = periods.run(rows[0][0], rows[-1][0], measure.frequency) if rows else []
    filled = [by_period.get(p) or (p, None, None, None, "", "", 0) for p in starts]
    values, top, bottom = (np.array([np.nan if r[c] is None else r[c] for r in filled], dtype=float) for c in (1, 2, 3))
    return Series(
        measure, tuple(starts), values, top, bottom, tuple(r[4] for r in filled), tuple(r[5] for r in filled),
        tuple(r[6] for r in filled), targets, remarks, category,
    )  # fmt: skip
