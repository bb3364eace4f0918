"""From a batch to observations: added up where several rows mean one value, stored as one act that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.collect.apply import Batch, Breakdown, Candidate
from citystat.collect.readers import Source
from citystat.collect.recipe import MeasureMap, Recipe, from_json, to_json
from citystat.errors import CityStatError
from citystat.models import ImportRun, Measure
from citystat.texts import plural, tr

Values = Sequence[float]
SPREAD: dict[str, Callable[[Values], float]] = {
    "sum": sum, "mean": fmean, "median": median, "last": lambda v: v[-1], "count": len, "ratio": sum,
}  # fmt: skip
KEPT_REMARKS = 200


@dataclass(frozen=True)
class Imported:
    """What an import did. run_id None: nothing was new, nothing was written."""

    run_id: int | None
    added: int
    revised: int
    unchanged: int
    measures: tuple[str, ...]


def store(city: City, source: Source, recipe: Recipe, batch: Batch, *, now: datetime, dry: bool = False) -> Imported:
    """Keep a batch without errors, in one transaction; dry: count what would happen and keep nothing.

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
            done = _keep(change, city.who, source, recipe, batch, now)
            if dry or done.run_id is None:
                raise _NothingToKeep(done)
            return done
    except _NothingToKeep as nothing:
        return nothing.done


class _NothingToKeep(Exception):
    """Leaves the change without keeping it."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _keep(change: Change, who: str, source: Source, recipe: Recipe, batch: Batch, now: datetime) -> Imported:
    ids, made = _measures(change, recipe, batch)
    run = ImportRun(
        at=now, who=who, source=source.name, sha256=source.sha256, recipe=to_json(recipe), rows_read=batch.rows_read, made=made,
        remarks=[{"place": r.place, "reason": r.reason} for r in batch.remarks[:KEPT_REMARKS]],
    )  # fmt: skip
    change.add(run)
    change.flush()
    rows = _added_up(batch.candidates, recipe)
    cells = observed.cells(change, {c.breakdown for c, *_ in rows})
    incoming = [
        observed.Incoming(ids[c.measure], c.start, cells[c.breakdown], value, top, bottom, "final", "", c.place)
        for c, value, top, bottom in rows
    ]
    counts = observed.store(change, run, incoming)
    change.run_id = run.id
    new = counts.added + counts.revised > 0
    codes = tuple(m.code for m in recipe.measures)
    return Imported(run.id if new else None, *counts, codes)


def _measures(change: Change, recipe: Recipe, batch: Batch) -> tuple[list[int], list[int]]:
    """The ids of the recipe's measures, and of those that are new; they are part of the run, not rows of the journal."""
    known = {m.code: m.id for m in change.scalars(select(Measure))}
    made = []
    frequency: dict[int, str] = {c.measure: c.frequency for c in batch.candidates}
    ids = []
    for place, m in enumerate(recipe.measures):
        if m.code not in known:
            new = _new(m, frequency.get(place, "month"))
            known[m.code] = change.execute(insert(Measure).values(**new).returning(Measure.id)).scalar_one()
            made.append(known[m.code])
        ids.append(known[m.code])
    change.execute(update(Measure).where(Measure.id.in_(ids), Measure.retired.is_(True)).values(retired=False))
    return ids, made


def _new(m: MeasureMap, frequency: str) -> dict[str, object]:
    ratio = bool(m.denominator)
    return {
        "code": m.code, "name": m.name or m.code, "unit": m.unit, "direction": m.direction, "frequency": frequency,
        "decimals": m.decimals or (1 if m.unit == "percent" else 0), "aggregation": "ratio" if ratio else m.aggregation,
        "multiplier": _scale(m) if ratio else 1.0,
    }  # fmt: skip


def _added_up(
    candidates: Sequence[Candidate], recipe: Recipe
) -> list[tuple[Candidate, float | None, float | None, float | None]]:
    """One row for each measure, period and cell, by the measure's aggregation."""
    groups: dict[tuple[int, object, Breakdown], list[Candidate]] = {}
    for c in candidates:
        groups.setdefault((c.measure, c.start, c.breakdown), []).append(c)
    return [(group[0], *_figures(group, recipe.measures[group[0].measure])) for group in groups.values()]


def _figures(group: list[Candidate], m: MeasureMap) -> tuple[float | None, float | None, float | None]:
    if m.denominator:
        top = sum(c.numerator or 0.0 for c in group)
        bottom = sum(c.denominator or 0.0 for c in group)
        return (_scale(m) * top / bottom if bottom else None, top, bottom)
    values = [c.value for c in group if c.value is not None]
    if m.aggregation == "mean" and len(values) > 1:
        return fmean(values), None, None
    return (float(SPREAD[m.aggregation](values)) if values else None), None, None


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


def recipe_named(read: Session, name: str) -> Recipe:
    """The recipe that the newest import of this name used."""
    named = func.json_extract(ImportRun.recipe, "$.name") == name
    row = read.scalars(select(ImportRun).where(named).order_by(ImportRun.id.desc()).limit(1)).first()
    if row is None:
        raise CityStatError(
            tr("There is no recipe “{name}”", name=name), do=tr("Import once with --map, then its name works")
        )
    return from_json(dict(row.recipe))
