"""From a batch to observations: added up where several rows mean one value, stored as one act that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.collect import recipes
from citystat.collect.batch import FAR, Batch, Floats, Ints
from citystat.collect.readers import Progress, Source, letters
from citystat.collect.recipe import MeasureMap, Recipe, to_json
from citystat.errors import CityStatError
from citystat.models import ImportRun, Measure
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


def store(
    city: City, source: Source, recipe: Recipe, batch: Batch, *, now: datetime, dry: bool = False,
    progress: Progress | None = None, why: str = "", source_id: int | None = None,
) -> Imported:  # fmt: skip
    """Keep a batch without errors and its recipe, in one transaction; dry: count what would happen and keep nothing.

    why: what changed in the recipe, for its new version · source_id: where the file came from; then an import that
    brings nothing new is kept, too, so that the file is known.

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
        with city.change(tr("Import {source}", source=source.name)) as change:
            recipe = recipes.noted(recipe, source)
            version = recipes.learn(change, recipe, who=city.who, now=now, why=why, source_id=source_id)
            done = _keep(change, city.who, source, recipe, batch, now, progress, (source_id, version))
            if dry or (done.run_id is None and source_id is None):
                raise _NothingToKeep(done)
            return done
    except _NothingToKeep as nothing:
        if not dry and recipe.name:  # the file brought nothing new, but how it is read may have been corrected
            recipes.keep(city, recipe, now=now, why=why)
        return nothing.done


class _NothingToKeep(Exception):
    """Leaves the change without keeping it."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _keep(
    change: Change, who: str, source: Source, recipe: Recipe, batch: Batch, now: datetime, progress: Progress | None,
    known_as: tuple[int | None, int | None],
) -> Imported:  # fmt: skip
    ids, made = _measures(change, source, recipe, batch)
    run = ImportRun(
        at=now, who=who, source=source.name, sha256=source.sha256, recipe=to_json(recipe), rows_read=batch.rows_read, made=made,
        remarks=[{"place": r.place, "reason": r.reason} for r in batch.remarks[:KEPT_REMARKS]],
        source_id=known_as[0], recipe_version_id=known_as[1],
    )  # fmt: skip
    change.add(run)
    change.flush()
    counts = observed.store_columns(change, run, _incoming(change, ids, recipe, batch), progress)
    change.run_id = run.id
    new = counts.added + counts.revised > 0
    codes = tuple(m.code for m in recipe.measures)
    return Imported(run.id if new else None, *counts, codes)


def _measures(change: Change, source: Source, recipe: Recipe, batch: Batch) -> tuple[list[int], list[int]]:
    """The ids of the recipe's measures, and of those that are new; they are part of the run, not rows of the journal."""
    known = {m.code: (m.id, m.frequency) for m in change.scalars(select(Measure))}
    made = []
    ids = []
    for place, m in enumerate(recipe.measures):
        frequency = batch.frequencies.get(place)
        if m.code not in known:
            new = _new(m, frequency or "month")
            known[m.code] = change.execute(insert(Measure).values(**new).returning(Measure.id)).scalar_one(), ""
            made.append(known[m.code][0])
        elif frequency and known[m.code][1] not in ("", frequency):
            raise CityStatError(
                tr(
                    "{code} is kept by {kept}, but the file brings it by {brought}",
                    code=m.code, kept=tr(known[m.code][1]), brought=tr(frequency),
                ),
                where=source.name, do=tr("Set the frequency of the import, or give the measure another code"),
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


def _incoming(change: Change, ids: list[int], recipe: Recipe, batch: Batch) -> observed.Columns:
    """One value for each measure, period and cell, added up by the measure's aggregation and sorted by the three."""
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
    known = observed.cells(change, [batch.breakdowns[c] for c in used.tolist()])
    cells = np.array([known[batch.breakdowns[c]] for c in used.tolist()], dtype=np.int64)
    return observed.Columns(
        measure=np.array(ids, dtype=np.int64)[measures], period=v.start[first], cell=cells[back],
        value=value, numerator=top, denominator=bottom, place=_places(batch, first),
    )  # fmt: skip


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
    """A past import; undone: it was taken back."""

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


def runs(read: Session, limit: int = 200) -> list[RunRow]:
    """Past imports, newest first."""
    query = select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)
    return [
        RunRow(
            r.id, r.at, r.who, r.source, r.rows_read, r.added, r.revised, r.unchanged,
            tuple((m["place"], m["reason"]) for m in r.remarks), r.undone_at is not None,
        )
        for r in read.scalars(query)
    ]  # fmt: skip
