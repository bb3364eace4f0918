"""From a batch to observations: added up where several rows mean one value, stored as one act that can be undone."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.collect import recipes
from citystat.collect.batch import FAR, Batch, Breakdown, Floats, Ints
from citystat.collect.checks import ERROR, Finding, Report, check, keep
from citystat.collect.readers import Progress, Source, letters
from citystat.collect.recipe import MeasureMap, Recipe, to_json
from citystat.errors import CityStatError
from citystat.measures.series import Definition, definitions
from citystat.models import Cell, CheckFinding, CitySettings, ImportRun, Measure, Total
from citystat.models.observations import WHOLE
from citystat.printable import one_line
from citystat.texts import plural, tr

KEPT_REMARKS = 200


@dataclass(frozen=True)
class Imported:
    """What an import did. run_id None: nothing was new, nothing was written."""

    run_id: int | None
    added: int
    revised: int
    unchanged: int
    measures: tuple[str, ...]
    findings: tuple[Finding, ...] = ()  # of the checks: errors were held back, warnings taken in and marked
    rows_read: int = 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What was held back, unless somebody said why it is right."""
        return tuple(f for f in self.findings if f.level == ERROR)


def store(
    city: City, source: Source, recipe: Recipe, batch: Batch, *, now: datetime, dry: bool = False,
    progress: Progress | None = None, why: str = "", source_id: int | None = None, believed: str = "", reason: str = "",
) -> Imported:  # fmt: skip
    """Keep a batch without errors and its recipe, in one transaction; dry: count what would happen and keep nothing.

    why: what changed in the recipe, for its new version · source_id: where the file came from; then an import that
    brings nothing new is kept, too, so that the file is known.

    Figures that a check calls an error are held back, unless `believed` says why they are taken in all the same.
    reason: why figures of closed periods change; closing.ReasonWanted where they do and there is none.

    CityStatError where the batch has errors: nothing is written.
    """
    if batch.errors:
        first = batch.errors[0]
        raise CityStatError(
            plural(
                len(batch.errors),
                "{n} cell cannot be read: {reason}",
                "{n} cells cannot be read, the first: {reason}",
                reason=first.reason,
            ),
            where=f"{source.name}, {first.place}",
            do=tr("Correct them in the file, or change how it is read; nothing was written"),
        )
    try:
        with uncollected(), city.change(tr("Import {source}", source=source.name)) as change:
            recipe = recipes.noted(recipe, source)
            version = recipes.learn(change, recipe, who=city.who, now=now, why=why, source_id=source_id)
            done = _keep(change, city.who, source, recipe, batch, now, progress, (source_id, version), believed, reason)
            if dry or (done.run_id is None and source_id is None):
                raise _NothingToKeep(done)
            return done
    except _NothingToKeep as nothing:
        if not dry and recipe.name:  # the file brought nothing new, but how it is read may have been corrected
            recipes.keep(city, recipe, now=now, why=why)
        return nothing.done


@contextmanager
def uncollected() -> Iterator[None]:
    """Python looks for no cycles meanwhile: a million rows are none, and to look through them takes a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


class _NothingToKeep(Exception):
    """Leaves the change without keeping it."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _keep(
    change: Change, who: str, source: Source, recipe: Recipe, batch: Batch, now: datetime, progress: Progress | None,
    known_as: tuple[int | None, int | None], believed: str, reason: str,
) -> Imported:  # fmt: skip
    ids, made = measures_of(change, source.name, recipe.measures, batch.frequencies)
    run = ImportRun(
        at=now, who=who, source=source.name, sha256=source.sha256, recipe=to_json(recipe), rows_read=batch.rows_read, made=made,
        remarks=[{"place": r.place, "reason": r.reason} for r in batch.remarks[:KEPT_REMARKS]],
        source_id=known_as[0], recipe_version_id=known_as[1], reason=reason,
    )  # fmt: skip
    change.add(run)
    change.flush()
    columns, repeated = _incoming(ids, partial(observed.cells, change), recipe, batch)
    if (np.diff(columns.measure) < 0).any():  # a recipe need not name measures in the order of their ids
        order = np.argsort(columns.measure, kind="stable")
        columns, repeated = columns.taken(order), repeated[order]
    codes = tuple(m.code for m in recipe.measures)
    return take_in(change, run, columns, codes, repeated=repeated, believed=believed, progress=progress)


def take_in(
    change: Change, run: ImportRun, columns: observed.Columns, codes: tuple[str, ...], *, repeated: Ints | None = None,
    believed: str = "", progress: Progress | None = None,
) -> Imported:  # fmt: skip
    """Hold values against the checks and keep those that are believed as values of `run`, with what was found of all.

    columns: sorted by measure; codes: of its measures · repeated: see case.Case · believed: as for store().
    """
    about = {m.id: m for m in definitions(change, retired=True)}
    report = check(change, columns, about, today=run.at.date(), repeated=repeated)
    if report.held.any() and not believed:
        columns = columns.taken(~report.held)
    counts = observed.store_columns(change, run, columns, progress)
    keep(change, run, report.new, believed=believed)
    change.run_id = run.id
    new = counts.added + counts.revised + len(report.new) > 0
    return Imported(run.id if new else None, *counts, codes, report.findings, run.rows_read)


def checked(read: Session, recipe: Recipe, batch: Batch, *, today: date) -> Report:
    """What the checks would say of a batch, before anything is written. Measures and cells that are new have ids below 0."""
    known = {m.code: m for m in definitions(read, retired=True)}
    start = read.scalar(select(CitySettings.fiscal_year_start)) or 1
    found = [
        known.get(m.code) or _to_be(m, -1 - place, batch.frequencies.get(place, "month"), start)
        for place, m in enumerate(recipe.measures)
    ]
    made: dict[int, Breakdown] = {}

    def cells(wanted: list[Breakdown]) -> dict[Breakdown, int]:
        ids = {row.label: row.id for row in read.execute(select(Cell.label, Cell.id))}
        here = {b: ids.get(observed.cell_label(b), -1 - n) if b else WHOLE for n, b in enumerate(wanted)}
        made.update({key: b for b, key in here.items()})
        return here

    columns, repeated = _incoming([m.id for m in found], cells, recipe, batch)
    order = np.argsort(columns.measure, kind="stable")  # new ones have ids in falling order
    return check(
        read, columns.taken(order), {m.id: m for m in found}, today=today, repeated=repeated[order], breakdowns=made
    )


def _to_be(m: MeasureMap, key: int, frequency: str, year_start: int) -> Definition:
    """A measure that the import would make."""
    usual = {
        "definition": "", "not_measured": "", "limits": "", "over_time": "", "formula": "", "fiscal": True, "kind": "output",
        "zero_baseline": False, "reporting_lag": 15, "source": "", "department": "",
        "department_id": None, "owner": "", "owner_id": None, "public": True, "retired": False, "chart": {}, "year_start": year_start,
    }  # fmt: skip
    return Definition(id=key, **usual, **_new(m, frequency))  # type: ignore[arg-type]


def measures_of(
    change: Change,
    where: str,
    measures: Sequence[MeasureMap],
    frequencies: Mapping[int, str],
    usual: Sequence[Mapping[str, object]] = (),
) -> tuple[list[int], list[int]]:
    """The ids of `measures`, and of those that are new; they are part of the run, not rows of the journal.

    where: the file · frequencies: in which they come, by their place · usual: more words for each, where it is new.
    """
    known = {m.code: (m.id, m.frequency) for m in change.scalars(select(Measure))}
    made = []
    ids = []
    for place, m in enumerate(measures):
        frequency = frequencies.get(place)
        if m.code not in known:
            new = _new(m, frequency or "month") | dict(usual[place] if usual else {})
            known[m.code] = change.execute(insert(Measure).values(**new).returning(Measure.id)).scalar_one(), ""
            made.append(known[m.code][0])
        elif frequency and known[m.code][1] not in ("", frequency):
            raise CityStatError(
                tr(
                    "{code} is kept by {kept}, but the file brings it by {brought}",
                    code=m.code, kept=tr(known[m.code][1]), brought=tr(frequency),
                ),
                where=where, do=tr("Set the frequency of the import, or give the measure another code"),
            )  # fmt: skip
        ids.append(known[m.code][0])
    for again in change.scalars(select(Measure).where(Measure.id.in_(ids), Measure.retired.is_(True))):
        again.retired = False  # a row of the journal: undo puts it out of use again
    return ids, made


def _new(m: MeasureMap, frequency: str) -> dict[str, object]:
    ratio = bool(m.denominator)
    return {
        "code": m.code, "name": one_line(m.name) or m.code, "unit": m.unit, "direction": m.direction, "frequency": frequency,
        "decimals": m.decimals or (1 if m.unit == "percent" else 0), "aggregation": "ratio" if ratio else m.aggregation,
        "multiplier": _scale(m) if ratio else 1.0,
    }  # fmt: skip


def _incoming(
    ids: list[int], cells_of: Callable[[list[Breakdown]], dict[Breakdown, int]], recipe: Recipe, batch: Batch
) -> tuple[observed.Columns, Ints]:
    """One value for each measure, period and cell, added up by the measure's aggregation and sorted by the three.

    ids: of the recipe's measures; cells_of: the ids of breakdowns. With it, of how many equal rows each was made.
    """
    v = batch.values
    order = np.argsort(batch.keys, kind="stable")
    begins = np.flatnonzero(np.diff(batch.keys[order], prepend=-1))
    first = order[begins]
    value, top, bottom = (np.full(len(begins), np.nan) for _ in range(3))
    measures = v.measure[first]
    for place in np.unique(measures).tolist():
        groups = np.flatnonzero(measures == place)
        end = begins[groups[-1] + 1] if groups[-1] + 1 < len(begins) else len(order)
        rows, starts = order[begins[groups[0]] : end], begins[groups] - begins[groups[0]]
        m = recipe.measures[place]
        if m.denominator:
            top[groups], bottom[groups] = (np.add.reduceat(a[rows], starts) for a in (v.numerator, v.denominator))
            with np.errstate(all="ignore"):
                value[groups] = np.where(bottom[groups] != 0, _scale(m) * top[groups] / bottom[groups], np.nan)
        else:
            value[groups] = SPREAD[m.aggregation](v.value[rows], v.day[rows], starts)
    value[~np.isfinite(value)] = np.nan
    used, back = np.unique(v.cell[first], return_inverse=True)
    known = cells_of([batch.breakdowns[c] for c in used.tolist()])
    cells = np.array([known[batch.breakdowns[c]] for c in used.tolist()], dtype=np.int64)
    columns = observed.Columns(
        measure=np.array(ids, dtype=np.int64)[measures], period=v.start[first], cell=cells[back],
        value=value, numerator=top, denominator=bottom, place=_places(batch, first),
    )  # fmt: skip
    return columns, _repeated(
        batch, order, begins, np.array([m.aggregation == "count" for m in recipe.measures])[measures]
    )


def _repeated(batch: Batch, order: Ints, begins: Ints, counted: NDArray[np.bool_]) -> Ints:
    """Of how many rows that say the same of the same day each value was made; 0 where rows are meant to be added up."""
    sizes = np.diff(begins, append=len(order))
    several = (sizes > 1) & ~counted
    if not several.any() or several.sum() * 5 > len(sizes):  # a file with many rows a value, such as one a day
        return np.zeros(len(sizes), dtype=np.int64)
    v = batch.values
    alike = several
    for column in (
        v.day.astype(float),
        np.nan_to_num(v.value),
        np.nan_to_num(v.numerator),
        np.nan_to_num(v.denominator),
    ):
        ranked = column[order]
        alike = alike & (np.maximum.reduceat(ranked, begins) == np.minimum.reduceat(ranked, begins))
    return np.where(alike, sizes, 0)


def _places(batch: Batch, rows: Ints) -> list[str]:
    """The cell in the file of each of `rows`."""
    v = batch.values
    sheets, columns = v.sheet[rows], v.column[rows]
    kinds, back = np.unique(sheets * FAR + columns, return_inverse=True)
    heads = [batch.sheets[k // FAR].prefix + letters(k % FAR) for k in kinds.tolist()]
    return [f"{heads[k]}{row}" for k, row in zip(back.tolist(), (v.row[rows] + 1).tolist(), strict=True)]


def _sums(values: Floats, _days: Ints, starts: Ints) -> Floats:
    return np.asarray(np.add.reduceat(values, starts))


def _means(values: Floats, days: Ints, starts: Ints) -> Floats:
    return np.asarray(_sums(values, days, starts) / np.diff(starts, append=len(values)))


def _medians(values: Floats, _days: Ints, starts: Ints) -> Floats:
    size = np.diff(starts, append=len(values))
    group = np.repeat(np.arange(len(starts)), size)
    ranked = values[np.lexsort((values, group))]
    return np.asarray((ranked[starts + (size - 1) // 2] + ranked[starts + size // 2]) / 2)


def _lasts(values: Floats, days: Ints, starts: Ints) -> Floats:
    """The value of the latest day, wherever it stands in the file."""
    size = np.diff(starts, append=len(values))
    group = np.repeat(np.arange(len(starts)), size)
    return np.asarray(values[np.lexsort((days, group))][starts + size - 1])


# how rows that mean one value become it: (values, their days, where each group begins) → one figure a group
SPREAD: dict[str, Callable[[Floats, Ints, Ints], Floats]] = {
    "sum": _sums, "mean": _means, "median": _medians, "last": _lasts, "count": _sums, "ratio": _sums,
}  # fmt: skip


def _scale(m: MeasureMap) -> float:
    """A ratio in per cent is a hundred times its parts, unless the recipe says otherwise."""
    return 100.0 if m.unit == "percent" and m.multiplier == 1.0 else m.multiplier


@dataclass(frozen=True)
class RunRow:
    """A past import; undone: it was taken back; brought: it brought figures, or what the checks said of some."""

    id: int
    at: datetime
    who: str
    source: str
    rows_read: int
    added: int
    revised: int
    unchanged: int
    remarks: tuple[tuple[str, str], ...]
    undone: bool
    brought: bool


def runs(read: Session, limit: int = 200) -> list[RunRow]:
    """Past imports, newest first."""
    judged = select(CheckFinding.id).where(CheckFinding.run_id == ImportRun.id).exists()
    query = (
        select(ImportRun, judged)
        .where(ImportRun.rows_read > 0)
        .order_by(ImportRun.at.desc(), ImportRun.id.desc())
        .limit(limit)
    )
    return [
        RunRow(
            r.id, r.at, r.who, r.source, r.rows_read, r.added, r.revised, r.unchanged,
            tuple((m["place"], m["reason"]) for m in r.remarks), r.undone_at is not None,
            bool(r.added or r.revised or found),
        )
        for r, found in read.execute(query)
    ]  # fmt: skip


def newest_month(read: Session) -> tuple[date, int, int] | None:
    """The newest month that any monthly measure has a figure for, how many have one, and how many there are."""
    monthly = (Measure.frequency == "month", Measure.retired.is_(False))
    known = select(Total.measure_id, func.max(Total.period).label("newest")).where(Total.value.is_not(None))
    each = known.group_by(Total.measure_id).subquery()
    counted = select(each.c.newest, func.count()).join(Measure, Measure.id == each.c.measure_id).where(*monthly)
    found = read.execute(counted.group_by(each.c.newest).order_by(each.c.newest.desc()).limit(1)).first()
    every = read.scalar(select(func.count()).select_from(Measure).where(*monthly)) or 0
    return (found[0], found[1], every) if found else None
