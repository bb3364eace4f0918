"""A measure's observations as a Series: one value a period, gaps kept as gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city.journal import runs_absent, runs_turned_since, values_at
from citystat.errors import CityStatError
from citystat.measures.target import Baseline, TargetStep, wanted
from citystat.models import (
    Annotation,
    CellPart,
    CitySettings,
    Department,
    ImportRun,
    Measure,
    Observation,
    Person,
    Target,
    Total,
)  # fmt: skip
from citystat.models.observations import GONE, WHOLE
from citystat.texts import tr

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Definition:
    """What a measure is. Fields as in citystat.models.Measure; department and owner by name, ids beside them;
    source says the formula of a derived one."""

    id: int
    code: str
    name: str
    definition: str
    not_measured: str
    limits: str
    over_time: str
    formula: str
    fiscal: bool
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
    chart: Mapping[str, Any]  # how it is judged, where that was set (citystat.measures.charting)
    year_start: int  # the month its years begin in: the city's fiscal one, or 1 where its years are the calendar's
    baseline: Baseline | None = None

    @property
    def called(self) -> str:
        """ "EC-01 · Emergency calls answered within 10 seconds"."""
        return f"{self.code} · {self.name}"

    def due(self, period: date) -> date:
        """The day by which figures of the period that begins on `period` are wanted: its end and the reporting lag.

        A weekend is no exception: the city's working days are not known here, so days are named, never moved.
        """
        return periods.end_of(period, self.frequency) + timedelta(days=self.reporting_lag)

    def label(self, period: date) -> str:
        """The period that begins on `period` as a person writes it."""
        return periods.label(period, self.frequency, self.year_start)


@dataclass(frozen=True)
class Remark:
    """Words at a period. kind: note, rebase, exclude, definition."""

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

    @property
    def last_final(self) -> int | None:
        """Index of the newest value that will stay: the one that is judged; a preliminary one is shown, and waits."""
        known = np.flatnonzero(~np.isnan(self.values))
        return next((int(i) for i in known[::-1] if self.status[i] != "preliminary"), None)

    def target_at(self, period: date) -> TargetStep | None:
        """What is wanted in the period that begins on `period`."""
        return wanted(self.targets, self.measure.baseline, period, self.measure.frequency)

    def label(self, index: int) -> str:
        """The period at `index` as a person writes it."""
        return periods.label(self.periods[index], self.measure.frequency, self.measure.year_start)

    @property
    def digest(self) -> bytes:
        """Tells this series from every other, and from itself with another value, target, remark or setting: what was worked out of it holds
        as long as this does."""
        words = repr((self.measure, self.category, self.periods[:1], self.status, self.targets, self.remarks))
        columns = (np.ascontiguousarray(c).tobytes() for c in (self.values, self.numerator, self.denominator))
        return blake2b(b"|".join((words.encode(), *columns)), digest_size=16).digest()

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


def series(read: Session, measure: Definition, *, as_of: int | None = None, act: int | None = None) -> Series:
    """The measure over all its breakdowns, by its own aggregation; as_of and act as in all_series()."""
    return all_series(read, [measure], as_of=as_of, act=act)[0]


def all_series(
    read: Session, measures: Sequence[Definition], *, as_of: int | None = None, act: int | None = None
) -> list[Series]:
    """The series of many measures, in a few queries for all of them.

    as_of: the newest import run to know of, act: the newest act, for "as shown in the meeting"; None for now.
    An import taken back after `act` still counts then; targets and remarks are those that stood then.
    """
    ids = [m.id for m in measures]
    rows: dict[int, list[Figures]] = {m.id: [] for m in measures}
    if as_of is None or _nothing_since(read, as_of, act):
        for measure_id, *figures in _totals(read, ids):
            rows[measure_id].append(tuple(figures))  # type: ignore[arg-type]
    else:
        cells = _cells_as_of(read, ids, as_of, act)
        rows = {m.id: _added_up(_whole_or_parts(cells[m.id]), m) for m in measures}
    about = _targets_and_remarks(read, ids, act)
    return [_series(m, rows[m.id], *about[m.id]) for m in measures]


def dimensions(read: Session, measure: Definition) -> list[str]:
    """The breakdowns this measure has ("District", "Type")."""
    cells = select(Observation.cell_id).where(Observation.measure_id == measure.id, Observation.superseded_by.is_(None))
    query = select(CellPart.dimension).where(CellPart.cell_id.in_(cells)).distinct().order_by(CellPart.dimension)
    return list(read.scalars(query))


def broken_down(
    read: Session, measure: Definition, by: str, *, as_of: int | None = None, act: int | None = None
) -> list[Series]:
    """One series a category of the breakdown `by`, added up over the other breakdowns, biggest last value first.

    Where a category has a figure of its own beside those of the breakdowns crossed with it, its own is taken.
    """
    grouped: dict[str, list[Figures]] = {}
    parts = select(CellPart.cell_id, CellPart.category).where(CellPart.dimension == by)
    category = {row.cell_id: row.category for row in read.execute(parts)}
    rows = _cells_as_of(read, [measure.id], as_of, act, by)[measure.id]
    alone = _alone(read, {cell for _, cell in rows})
    told = {(category[cell], figures[0]) for figures, cell in rows if cell in alone}
    for figures, cell in rows:
        if cell in alone or (category[cell], figures[0]) not in told:
            grouped.setdefault(category[cell], []).append(figures)
    remarks = _targets_and_remarks(read, [measure.id], act)[measure.id][1]
    found = [_series(measure, _added_up(rows, measure), (), remarks, name) for name, rows in grouped.items()]
    return sorted(found, key=lambda s: -(s.values[s.last] if s.last is not None else -np.inf))


def all_parts(read: Session, measures: Sequence[Definition]) -> list[tuple[Series, str, int]]:
    """Every category of one breakdown of many measures, in one question: its series, the breakdown's name, its cell."""
    ids = [m.id for m in measures]
    single = select(CellPart.cell_id).group_by(CellPart.cell_id).having(func.count() == 1)
    parts = select(CellPart.cell_id, CellPart.dimension, CellPart.category).where(CellPart.cell_id.in_(single))
    called = {row.cell_id: (row.dimension, row.category) for row in read.execute(parts)}
    rows, about = _cells_as_of(read, ids, None, None), _targets_and_remarks(read, ids)
    found = []
    for m in measures:
        by_cell: dict[int, list[Figures]] = {}
        for figures, cell in rows[m.id]:
            if cell in called:
                by_cell.setdefault(cell, []).append(figures)
        for cell, mine in by_cell.items():
            dimension, category = called[cell]
            found.append((_series(m, sorted(mine), (), about[m.id][1], category), dimension, cell))
    return found


def last_import(read: Session, measure: Definition) -> tuple[str, date] | None:
    """File name and day of the import that brought the measure's newest figures; None where all was typed by hand."""
    brought = select(Observation.run_id).where(
        Observation.measure_id == measure.id, Observation.superseded_by.is_(None)
    )
    query = select(ImportRun.source, ImportRun.at).where(ImportRun.id.in_(brought), ImportRun.sha256 != "")
    found = read.execute(query.order_by(ImportRun.id.desc()).limit(1)).first()
    return (found.source, found.at.date()) if found else None


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
            m.id, m.code, m.name, m.definition, m.not_measured, m.limits, m.over_time, m.formula, m.fiscal, m.unit, m.decimals, m.frequency, m.aggregation, m.direction, m.kind,
            m.multiplier, m.zero_baseline, m.reporting_lag,
            tr("computed, {formula}", formula=m.formula) if m.formula else m.source, department or "", m.department_id,
            owner or "", m.owner_id, m.public, m.retired, m.chart, year_start if m.fiscal else 1,
            Baseline(m.baseline_period, m.baseline) if m.baseline is not None and m.baseline_period else None,
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


def _nothing_since(read: Session, run_id: int, act: int | None) -> bool:
    """Whether the kept totals are what was known at `run_id`: no import came or went since."""
    return (last_run(read) or 0) <= run_id and not (act is not None and runs_turned_since(read, act))


def _cells_as_of(
    read: Session, ids: Sequence[int], run_id: int | None, act: int | None, by: str = ""
) -> dict[int, list[tuple[Figures, int]]]:
    """By measure, every observation that counts now, or counted when `run_id` was the newest import; with its cell.

    Then is, for each period and cell, what the newest run says of those that were in by then and stood then: whatever was
    taken back and brought back since, in whatever order.
    by: only cells of this breakdown.
    """
    o = Observation
    columns = select(
        o.measure_id, o.cell_id, o.run_id, o.superseded_by, o.period, o.value, o.numerator, o.denominator, o.status, o.note, o.revision
    ).where(o.measure_id.in_(ids))  # fmt: skip
    if by:
        columns = columns.where(o.cell_id.in_(select(CellPart.cell_id).where(CellPart.dimension == by)))
    known = o.superseded_by.is_(None) if run_id is None else o.run_id <= run_id
    absent = set() if run_id is None else runs_absent(read, act)
    newest: dict[tuple[int, int, date], tuple[int, Figures | None]] = {}
    for measure_id, cell, run, by_run, *figures in read.execute(columns.where(known)):
        key = (measure_id, cell, figures[0])
        if run not in absent and (key not in newest or newest[key][0] < run):
            newest[key] = (run, None if by_run == GONE else tuple(figures))
    found: dict[int, list[tuple[Figures, int]]] = {i: [] for i in ids}
    for (measure_id, cell, _), (_, kept) in newest.items():
        if kept is not None:
            found[measure_id].append((kept, cell))
    return found


def _alone(read: Session, cells: Collection[int]) -> set[int]:
    """Those of `cells` that are of one breakdown only; all where none is of several, as nearly always."""
    several = select(CellPart.cell_id).group_by(CellPart.cell_id).having(func.count() > 1)
    return set(cells) - set(read.scalars(several))


def _whole_or_parts(rows: list[tuple[Figures, int]]) -> list[Figures]:
    """Where a period has a whole value beside its parts, the whole is taken."""
    whole = {figures[0] for figures, cell in rows if cell == WHOLE}
    return [figures for figures, cell in rows if cell == WHOLE or figures[0] not in whole]


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


STEP = tuple(TargetStep.__dataclass_fields__)
About = tuple[tuple[TargetStep, ...], tuple[Remark, ...]]


def _targets_and_remarks(read: Session, ids: Sequence[int], act: int | None = None) -> dict[int, About]:
    """By measure, its targets and the words on its chart: now, or as they stood when `act` was the newest act."""
    targets = _rows_at(read, Target, ids, act)
    remarks = _rows_at(read, Annotation, ids, act)
    steps: dict[int, list[TargetStep]] = {i: [] for i in ids}
    for t in sorted(targets, key=lambda t: t["since"]):
        steps[t["measure_id"]].append(TargetStep(**{name: t[name] for name in STEP if name in t}))
    words: dict[int, list[Remark]] = {i: [] for i in ids}
    for a in sorted(remarks, key=lambda a: a["period"]):
        words[a["measure_id"]].append(Remark(a["period"], a["kind"], a["text"]))
    return {i: (tuple(steps[i]), tuple(words[i])) for i in ids}


def _rows_at(
    read: Session, table: type[Target] | type[Annotation], ids: Sequence[int], act: int | None
) -> list[dict[str, Any]]:
    """The measures' rows of `table` by column name."""
    columns = list(table.__table__.columns)
    rows = {
        r[0]: dict(r[1])
        for r in ((m["id"], m) for m in read.execute(select(*columns).where(table.measure_id.in_(ids))).mappings())
    }
    if act is not None:
        for (_, key), values in values_at(read, [table.__tablename__], act).items():
            rows.pop(int(key), None)
            if values is not None and values["measure_id"] in ids:
                rows[int(key)] = values
    return list(rows.values())


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
