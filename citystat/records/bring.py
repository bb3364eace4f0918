"""Records brought in: counted and measured, checked, and stored as one act that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.city.observations import Progress
from citystat.collect import recipes
from citystat.collect.batch import Remark
from citystat.collect.secrets import Secrets
from citystat.collect.sources import SourceRow, fetch
from citystat.collect.store import Imported, measures_of, take_in
from citystat.errors import CityStatError
from citystat.models import ImportRun
from citystat.printable import one_line
from citystat.records import changed, files, kept, query
from citystat.records.count import Counted, counted
from citystat.records.duck import duck
from citystat.records.figures import COUNTED, Figures, as_map, place
from citystat.records.in_file import InFile
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe, check, to_json, what
from citystat.texts import tr


@dataclass(frozen=True)
class Brought:
    """What became of records. rows_read: of the file or query; remarks: what is odd about some; imported: what was stored."""

    rows_read: int
    imported: Imported
    remarks: tuple[Remark, ...] = ()


def bring(
    city: City, path: Path, recipe: RecordRecipe, *, now: datetime, dry: bool = False, progress: Progress | None = None,
    why: str = "", source_id: int | None = None, believed: str = "", reason: str = "", asking: bool = False,
) -> Brought:  # fmt: skip
    """Bring the records of a file in by `recipe`; dry: say what would happen and keep nothing.

    why: what changed in the recipe · source_id: where the file came from · believed: why figures are taken in that a check holds back ·
    reason: why figures of closed periods change · asking: new categories are refused (changed.Changed), for somebody to be asked.
    CityStatError where file and recipe do not fit, Unread where dates or numbers cannot be read: nothing is written.
    """
    with _counting(city, path, recipe, now.date(), dry, progress) as (found, records, sha256, before):
        if asking:
            _ask_of_categories(city, recipe, found)
        act = _Act(city, recipe, now, dry, progress, why, source_id, believed, reason, sha256, before)
        return act.store(found, records)


def _ask_of_categories(city: City, recipe: RecordRecipe, found: Counted) -> None:
    with city.read() as read:
        new = changed.categories(read, recipe, found.figures)
    if new:
        raise changed.Changed(found.name, recipe, new)


def preview(city: City, path: Path, recipe: RecordRecipe, *, today: date, progress: Progress | None = None) -> Counted:
    """What the records of a file would come to, with those that are kept; nothing is written, and nobody waits for the city."""
    with _counting(city, path, recipe, today, True, progress) as (found, *_):
        return found


Counting = tuple[
    Counted, Path | None, str, tuple[kept.KeptFile, ...]
]  # its records, the file's digest, what was kept before


@contextmanager
def _counting(
    city: City, path: Path, recipe: RecordRecipe, today: date, dry: bool, progress: Progress | None
) -> Iterator[Counting]:
    """The records of a file, counted; their Parquet, where they are kept, is there until the end."""
    check(recipe, path.name)
    with city.read() as read:
        before = tuple(kept.files(read, city.path, recipe.name)) if recipe.grown else ()
    with duck(progress) as d:
        file = files.as_known(files.open_file(path, d), recipe)
        try:
            if not recipe.keep:
                yield counted(InFile(d, file, recipe), recipe, today, whole=recipe.whole), None, file.sha256, before
                return
            paths = kept.there(before)
            d.report(0.1, tr("Keeping the records"))
            with kept.written(city, d, kept.changed_sql(file, paths, recipe, d), dry=dry) as part:
                rows = kept.rows_sql([*paths, part], recipe)
                yield (
                    counted(InFile(d, file, recipe, rows), recipe, today, whole=recipe.whole),
                    part,
                    file.sha256,
                    before,
                )
        except d.errors as error:
            raise files.reason(error, file.name) from error


def ask(
    city: City, source: SourceRow, recipe: RecordRecipe, *, secrets: Secrets, now: datetime, dry: bool = False,
    progress: Progress | None = None, why: str = "", believed: str = "", reason: str = "", asking: bool = False,
) -> Brought:  # fmt: skip
    """As bring(), of a source that is asked: a warehouse counts its records itself, and only the figures travel.

    What no warehouse counts (SQLite, an open-data service) is fetched and counted here.
    """
    from citystat.records import warehouse  # SQLAlchemy's drivers, Spark: only where they are used

    check(recipe, source.name)
    if not warehouse.counts(source):
        with fetched(source, secrets, progress) as path:
            return bring(
                city, path, recipe, now=now, dry=dry, progress=progress, why=why, source_id=source.id, believed=believed,
                reason=reason, asking=asking,
            )  # fmt: skip
    with warehouse.opened(source, secrets, recipe, progress) as there:
        found = counted(there, recipe, now.date(), whole=True)
    if asking:
        _ask_of_categories(city, recipe, found)
    act = _Act(city, recipe, now, dry, progress, why, source.id, believed, reason, found.figures.digest())
    return act.store(found)


@contextmanager
def fetched(source: SourceRow, secrets: Secrets, progress: Progress | None) -> Iterator[Path]:
    """What a source has, as a file of the moment that is called like it."""
    sheet = fetch(source, secrets, progress).sheets[0]
    with TemporaryDirectory(prefix="citystat-records-") as folder:
        path = Path(folder) / f"{source.name.replace('/', ' ')}.csv"
        files.write_sheet(sheet, path)
        yield path


## Storing


class _NothingToKeep(Exception):
    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


@dataclass(frozen=True)
class _Act:
    """One import: who asked for what. sha256: of what it read; before: the kept records on which it stands."""

    city: City
    recipe: RecordRecipe
    now: datetime
    dry: bool
    progress: Progress | None
    why: str
    source_id: int | None
    believed: str
    reason: str
    sha256: str
    before: tuple[kept.KeptFile, ...] = ()

    def store(self, counted: Counted, records: Path | None = None) -> Brought:
        """Keep what was counted, in one transaction. records: their Parquet, which gets its own name with the import."""
        name = one_line(self.recipe.name)
        try:
            with self.city.change(tr("Import {source}", source=counted.name)) as change:
                if self.recipe.grown and kept.files(change, self.city.path, name) != list(self.before):
                    raise CityStatError(
                        tr("Somebody else brought records in meanwhile"), where=counted.name, do=tr("Try again")
                    )
                version = recipes.learn_as(
                    change,
                    name,
                    self.recipe,
                    RECORDS,
                    who=self.city.who,
                    now=self.now,
                    why=self.why,
                    source_id=self.source_id,
                )
                done = self._keep(change, counted, records, version)
                if self.dry or (done.run_id is None and self.source_id is None):
                    raise _NothingToKeep(done)
        except _NothingToKeep as nothing:
            done = nothing.done
            if not self.dry and name:
                recipes.keep_as(self.city, name, self.recipe, RECORDS, now=self.now, why=self.why)
        return Brought(counted.rows_read, done, counted.remarks)

    def _keep(self, change: Change, counted: Counted, records: Path | None, version: int | None) -> Imported:
        maps = [as_map(m) for m in self.recipe.measures]
        frequencies = dict.fromkeys(range(len(maps)), self.recipe.frequency)
        ids, made = measures_of(change, counted.name, maps, frequencies, [_usual(m) for m in self.recipe.measures])
        run = self._run(change, counted, made, version)
        columns = _columns(ids, partial(observed.cells, change), counted.figures, counted.partial)
        columns = _with_those_gone(change, ids, columns, self.recipe, version if counted.whole else None)
        if self.progress:
            self.progress.report(0.85, tr("Checking"))
        codes = tuple(m.code for m in maps)
        done = take_in(change, run, columns, codes, believed=self.believed, progress=self.progress)
        changed = records is not None and kept.has_rows(records)
        if records is not None and changed and not self.dry:
            run.records = kept.settle(records)
        return replace(done, run_id=run.id) if changed else done

    def _run(self, change: Change, counted: Counted, made: list[int], version: int | None) -> ImportRun:
        run = ImportRun(
            at=self.now, who=self.city.who, source=counted.name, sha256=self.sha256, recipe=to_json(self.recipe),
            rows_read=counted.rows_read, made=made, source_id=self.source_id, recipe_version_id=version, reason=self.reason,
            remarks=[{"place": r.place, "reason": r.reason} for r in counted.remarks],
        )  # fmt: skip
        change.add(run)
        change.flush()
        return run


def _usual(m: RecordMeasure) -> dict[str, object]:
    """What a new measure has beside what a table would give it: what it is, and that medians are not added up over months."""
    return {"definition": what(m), "over_time": "none" if m.aggregation == "median" else ""}


def _columns(ids: Sequence[int], cells_of: Any, found: Figures, since: int | None) -> observed.Columns:
    """The figures for the store, sorted by measure, period and cell. since: the key from which on they are preliminary.

    A share is preliminary from the first period on with open records that may still meet its standard.
    """
    cell_ids = cells_of(found.breakdowns)
    cell_id = np.array([cell_ids[b] for b in found.breakdowns], dtype=np.int64)
    parts = [(ids[n], part) for n, part in sorted(found.parts.items())]
    key = np.concatenate([p.period for _, p in parts])
    local = np.concatenate([p.cell for _, p in parts])
    measure = np.concatenate([np.full(len(p.period), i, dtype=np.int64) for i, p in parts])
    order = np.lexsort((cell_id[local], key, measure))
    used, back = np.unique(key, return_inverse=True)
    recipe = found.recipe
    starts = np.array([query.start_of(k, recipe.frequency).toordinal() for k in used.tolist()], dtype=np.int64)
    when = [place(recipe, k, ()) for k in used.tolist()]
    what = [", ".join(["", *(f"{d} {c}" for d, c in b)]) for b in found.breakdowns]
    value, top, bottom = (
        np.concatenate([getattr(p, name) for _, p in parts])[order] for name in ("value", "numerator", "denominator")
    )
    never = np.iinfo(np.int64).max
    firm = [
        min(never if since is None else since, found.young[n].since if n in found.young else never)
        for n in sorted(found.parts)
    ]
    until = np.concatenate([np.full(len(p.period), k, dtype=np.int64) for k, (_, p) in zip(firm, parts, strict=True)])
    at, cell = back[order].tolist(), local[order].tolist()
    return observed.Columns(
        measure=measure[order], period=starts[back][order], cell=cell_id[local][order], value=value, numerator=top, denominator=bottom,
        place=[when[a] + what[c] for a, c in zip(at, cell, strict=True)],
        status=np.where(key >= until, "preliminary", "final")[order].tolist(),
    )  # fmt: skip


def _with_those_gone(
    read: Session, ids: Sequence[int], columns: observed.Columns, recipe: RecordRecipe, version: int | None
) -> observed.Columns:
    """With figures that stand, and of which these records say nothing more: nought where records are counted, else none.

    Of the time that the records span; version: of the recipe where all records are known: then of whatever it brought before.
    """
    gone: list[tuple[int, int, int, float, str]] = []
    for measure, m in zip(ids, recipe.measures, strict=True):
        mine = columns.measure == measure
        if not mine.any():
            continue
        first, last = int(columns.period[mine].min()), int(columns.period[mine].max())
        told = set(zip(columns.period[mine].tolist(), columns.cell[mine].tolist(), strict=True))
        for period, cell, value, ours in read.connection().exec_driver_sql(_STANDING, (version or 0, measure)):
            day = date.fromisoformat(period).toordinal()
            if (day, cell) in told or not (first <= day <= last or ours):
                continue
            nought = 0.0 if m.kind in COUNTED else np.nan
            if value != nought:
                gone.append((measure, day, cell, nought, tr("no record is left")))
    if not gone:
        return columns
    more = list(zip(*gone, strict=True))
    none = np.full(len(gone), np.nan)
    both = observed.Columns(
        measure=np.concatenate([columns.measure, more[0]]), period=np.concatenate([columns.period, more[1]]),
        cell=np.concatenate([columns.cell, more[2]]), value=np.concatenate([columns.value, more[3]]),
        numerator=np.concatenate([columns.numerator, none]), denominator=np.concatenate([columns.denominator, none]),
        place=[*columns.place, *more[4]], status=[*(columns.status or ()), *["final"] * len(gone)],
    )  # fmt: skip
    return both.taken(np.lexsort((both.cell, both.period, both.measure)))


_STANDING = """
SELECT o.period, o.cell_id, o.value, r.recipe_version_id IN (
    SELECT other.id FROM recipe_version AS other JOIN recipe_version AS mine ON mine.recipe_id = other.recipe_id WHERE mine.id = ?)
FROM observation AS o JOIN import_run AS r ON r.id = o.run_id
WHERE o.measure_id = ? AND o.superseded_by IS NULL AND o.value IS NOT NULL"""
