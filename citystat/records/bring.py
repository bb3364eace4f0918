"""Records brought in: counted and measured, checked, and stored as one act that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.city.observations import Progress
from citystat.collect import checks, recipes
from citystat.collect.batch import Remark
from citystat.collect.store import Imported, measures_of
from citystat.errors import CityStatError
from citystat.measures.series import definitions
from citystat.models import ImportRun
from citystat.printable import one_line
from citystat.records import files, kept, query
from citystat.records.dialect import DUCKDB, Dialect
from citystat.records.duck import Duck, duck
from citystat.records.duck import name as column_name
from citystat.records.figures import COUNTED, Figures, as_map, figures, place
from citystat.records.query import Question
from citystat.records.recipe import RECORDS, RecordRecipe, check, in_words, said, to_json
from citystat.texts import plural, tr

MOST_SAID = 20  # places of what cannot be read
KEPT_REMARKS = 200


@dataclass(frozen=True)
class Brought:
    """What became of records. rows_read: of the file or query; remarks: what is odd about some; imported: what was stored."""

    rows_read: int
    imported: Imported
    remarks: tuple[Remark, ...] = ()


class Unread(CityStatError):
    """Dates or numbers that cannot be read; remarks: the first of them, each with its row. Nothing was written."""

    def __init__(self, where: str, total: int, remarks: Sequence[Remark]) -> None:
        self.remarks, self.total = tuple(remarks), total
        first = remarks[0]
        super().__init__(
            plural(total, "{n} cell cannot be read: {reason}", "{n} cells cannot be read, the first: {reason}", reason=first.reason),
            where=f"{where}, {first.place}",
            do=tr("Correct them in the file, or change how it is read; nothing was written"),
        )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What records came to, before anything of it is stored. records: their Parquet, not yet under its own name."""

    name: str
    sha256: str
    rows_read: int
    figures: Figures
    remarks: tuple[Remark, ...]
    records: Path | None = None


def bring(
    city: City, path: Path, recipe: RecordRecipe, *, now: datetime, dry: bool = False, progress: Progress | None = None,
    why: str = "", source_id: int | None = None, believed: str = "",
) -> Brought:  # fmt: skip
    """Bring the records of a file in by `recipe`; dry: say what would happen and keep nothing.

    why: what changed in the recipe · source_id: where the file came from · believed: why figures are taken in that a check holds back.
    CityStatError where file and recipe do not fit, Unread where dates or numbers cannot be read: nothing is written.
    """
    with counting(city, path, recipe, today=now.date(), dry=dry, progress=progress) as (d, counted, before):
        return _store(city, counted, recipe, before, now, dry, d, why, source_id, believed)


def preview(city: City, path: Path, recipe: RecordRecipe, *, today: date, progress: Progress | None = None) -> Counted:
    """What the records of a file would come to, with those kept before; nothing is written, and nobody waits for the city."""
    with counting(city, path, recipe, today=today, dry=True, progress=progress) as (_, counted, _before):
        return counted


@contextmanager
def counting(
    city: City, path: Path, recipe: RecordRecipe, *, today: date, dry: bool, progress: Progress | None
) -> Iterator[tuple[Duck, Counted, list[kept.KeptFile]]]:
    """The records of a file, counted; their Parquet, where they are kept, is there until the end."""
    check(recipe, path.name)
    with city.read() as read:
        before = kept.files(read, city.path, recipe.name) if recipe.grown else []
    with duck(progress) as d:
        file = files.as_known(files.open_file(path, d), recipe)
        try:
            if not recipe.keep:
                yield d, _counted(d, file, file.sql, recipe, today), before
                return
            paths = kept.there(before)
            d.report(0.1, tr("Keeping the records"))
            with kept.written(city, d, kept.changed_sql(file, paths, recipe, d), dry=dry) as part:
                yield d, _counted(d, file, kept.rows_sql([*paths, part], recipe), recipe, today, part), before
        except d.errors as error:
            raise files.reason(error, file.name) from error


## Counting


def _counted(
    d: Duck, file: files.RecordFile, rows: str, recipe: RecordRecipe, today: date, part: Path | None = None
) -> Counted:
    """What the records in `rows` come to; rows: of the file alone, or with all that is kept."""
    import ibis

    dialect = Dialect(DUCKDB)
    woven = query.cleaned(ibis.schema(dict.fromkeys(file.titles, "string")), recipe, dialect)
    d.report(0.3, tr("Reading dates and numbers"))
    d.run(f"SET TimeZone = '{recipe.file_zone or recipe.zone or 'UTC'}'")
    d.run(f"CREATE TABLE clean_rows AS {woven.sql(rows)}")
    facts = {k: int(v[0]) for k, v in d.ask(dialect.sql(query.facts(woven.table(), recipe))).items()}
    rows_read = facts["rows"] if rows == file.sql and not (recipe.where or recipe.skip) else _rows(d, file, part)
    if facts["unread"]:
        raise Unread(file.name, facts["unread"], _unread(d, file, recipe, dialect))
    if not facts["dated"]:
        raise _nothing(d, file, rows, recipe, rows_read)
    d.run(
        f"CREATE {'TABLE' if facts['again'] else 'VIEW'} once_rows AS {dialect.sql(query.once(woven.table(), recipe, bool(facts['again'])))}"
    )
    asked = query.questions(ibis.table(woven.table().schema(), name="once_rows"), recipe)
    answers: list[tuple[Question, Mapping[str, Any]]] = []
    for n, question in enumerate(asked):
        d.report(0.5 + 0.3 * n / len(asked), tr("Counting"))
        answers.append((question, d.ask(dialect.sql(question.expression))))
    now = query.key_at(periods.start_of(today, recipe.frequency, recipe.year_start), recipe.frequency)
    found = figures(recipe, answers, today=now)
    return Counted(
        file.name, file.sha256, rows_read, found, _remarks(file.name, facts, found, recipe, today, now), part
    )


def _rows(d: Duck, file: files.RecordFile, part: Path | None) -> int:
    return int(d.rows(f"SELECT count(*) FROM ({file.sql})")[0][0])


def _unread(d: Duck, file: files.RecordFile, recipe: RecordRecipe, dialect: Dialect) -> list[Remark]:
    """The first cells that cannot be read, with their rows as a spreadsheet counts them."""
    import ibis

    d.run("SET preserve_insertion_order = true")
    numbered = f'SELECT *, row_number() OVER () + 1 AS "row of" FROM ({file.sql})'
    schema = ibis.schema(dict.fromkeys(file.titles, "string") | {"row of": "int64"})
    woven = query.cleaned(schema, recipe, dialect, place="row of").without_last()
    found = []
    for column in query.read_columns(recipe):
        t = woven.table()
        bad = t.filter(t[f"said_{column.name}"].notnull() & t[column.name].isnull())
        asked = bad.select(row="row of", said=f"said_{column.name}").order_by("row").limit(MOST_SAID)
        for row, words in d.rows(woven.sql(numbered, asked)):
            reason = (
                tr("“{text}” is not a number", text=words[:60])
                if column.number
                else tr("“{text}” is not a date", text=words[:60])
            )
            found.append((row, Remark(tr("row {n}, {column}", n=row, column=column.title), reason, True)))
    return [remark for _, remark in sorted(found, key=lambda f: f[0])][:MOST_SAID]


def _nothing(d: Duck, file: files.RecordFile, rows: str, recipe: RecordRecipe, rows_read: int) -> CityStatError:
    """Why no record is left."""
    if not rows_read:
        return CityStatError(
            tr("There are no records below the headings"),
            where=file.name,
            do=tr("Choose another file, or ask the sender"),
        )
    if not (recipe.where or recipe.skip):
        return CityStatError(
            tr("No record has a date in “{column}”", column=recipe.opened), where=file.name, do=tr("Choose another column of dates")
        )  # fmt: skip
    column = next(iter(recipe.where or recipe.skip))
    name = column_name(column)
    words = d.rows(f"SELECT {name} FROM ({rows}) WHERE {name} <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 8")
    return CityStatError(
        tr("No record is left by “{filter}”", filter=said(recipe.where or recipe.skip)), where=file.name,
        do=tr("“{column}” says: {words}", column=column, words=", ".join(w[0][:40] for w in words)) if words
        else tr("“{column}” is empty throughout", column=column),
    )  # fmt: skip


def _remarks(
    name: str, facts: Mapping[str, int], found: Figures, recipe: RecordRecipe, today: date, now: int
) -> tuple[Remark, ...]:
    told = []
    if facts["undated"]:
        told.append(
            plural(
                facts["undated"],
                "{n} record has no date in “{column}” and is left out",
                "{n} records have no date in “{column}” and are left out",
                column=recipe.opened,
            )
        )
    if facts["odd"]:
        told.append(
            plural(
                facts["odd"],
                "{n} record was closed before it was opened: it counts, its days do not",
                "{n} records were closed before they were opened: they count, their days do not",
            )
        )
    if facts["again"]:
        told.append(
            plural(
                facts["again"],
                "{n} row repeats a record of the same {key}: the one that was closed last counts",
                "{n} rows repeat records of the same {key}: the one that was closed last counts",
                key=recipe.key,
            )
        )
    if facts["unkeyed"]:
        told.append(
            plural(
                facts["unkeyed"],
                "{n} record has no {key}: it cannot be known again",
                "{n} records have no {key}: they cannot be known again",
                key=recipe.key,
            )
        )
    if any((part.period == now).any() for part in found.parts.values()):
        start = query.start_of(now, recipe.frequency)
        told.append(
            tr(
                "{period} has not ended: its figures are of a part of it",
                period=periods.label(start, recipe.frequency, recipe.year_start),
            )
        )
    return tuple(Remark("", words) for words in told)


## Storing


class _NothingToKeep(Exception):
    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _store(
    city: City, counted: Counted, recipe: RecordRecipe, before: Sequence[kept.KeptFile], now: datetime, dry: bool, progress: Progress | None,
    why: str, source_id: int | None, believed: str,
) -> Brought:  # fmt: skip
    named = one_line(recipe.name)
    try:
        with city.change(tr("Import {source}", source=counted.name)) as change:
            if recipe.grown and kept.files(change, city.path, named) != list(before):
                raise CityStatError(
                    tr("Somebody else brought records in meanwhile"), where=counted.name, do=tr("Try again")
                )
            version = recipes.learn_as(
                change, named, recipe, RECORDS, who=city.who, now=now, why=why, source_id=source_id
            )
            done = _keep(change, city.who, counted, recipe, now, progress, (source_id, version), believed, dry)
            if dry or (done.run_id is None and source_id is None):
                raise _NothingToKeep(done)
    except _NothingToKeep as nothing:
        done = nothing.done
        if not dry and named:
            recipes.keep_as(city, named, recipe, RECORDS, now=now, why=why)
    return Brought(counted.rows_read, done, counted.remarks)


def _keep(
    change: Change, who: str, counted: Counted, recipe: RecordRecipe, now: datetime, progress: Progress | None,
    known_as: tuple[int | None, int | None], believed: str, dry: bool,
) -> Imported:  # fmt: skip
    maps = [as_map(m) for m in recipe.measures]
    usual = [
        {"definition": in_words(m), **({"over_time": "none"} if m.aggregation == "median" else {})}
        for m in recipe.measures
    ]
    ids, made = measures_of(change, counted.name, maps, dict.fromkeys(range(len(maps)), recipe.frequency), usual)
    run = ImportRun(
        at=now, who=who, source=counted.name, sha256=counted.sha256, recipe=to_json(recipe), rows_read=counted.rows_read, made=made,
        remarks=[{"place": r.place, "reason": r.reason} for r in counted.remarks[:KEPT_REMARKS]],
        source_id=known_as[0], recipe_version_id=known_as[1],
    )  # fmt: skip
    change.add(run)
    change.flush()
    columns = _columns(ids, partial(observed.cells, change), counted.figures)
    columns = _with_those_gone(change, ids, columns, recipe, known_as[1])
    about = {m.id: m for m in definitions(change, retired=True)}
    if progress:
        progress.report(0.85, tr("Checking"))
    report = checks.check(change, columns, about, today=now.date())
    if report.held.any() and not believed:
        columns = columns.taken(~report.held)
    counts = observed.store_columns(change, run, columns, progress)
    checks.keep(change, run, report.new, believed=believed)
    change.run_id = run.id
    has_records = counted.records is not None and _has_rows(counted.records)
    if has_records and not dry and counted.records is not None:
        run.records = kept.settle(counted.records)
    new = counts.added + counts.revised + len(report.new) > 0 or has_records
    return Imported(run.id if new else None, *counts, tuple(m.code for m in maps), report.findings)


def _has_rows(path: Path) -> bool:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    return bool(found and found[0])


def _columns(ids: Sequence[int], cells_of: Any, found: Figures) -> observed.Columns:
    """The figures for the store, sorted by measure, period and cell."""
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
    at, cell = back[order].tolist(), local[order].tolist()
    return observed.Columns(
        measure=measure[order], period=starts[back][order], cell=cell_id[local][order], value=value, numerator=top, denominator=bottom,
        place=[when[a] + what[c] for a, c in zip(at, cell, strict=True)],
    )  # fmt: skip


def _with_those_gone(
    read: Session, ids: Sequence[int], columns: observed.Columns, recipe: RecordRecipe, version: int | None
) -> observed.Columns:
    """With figures that stand, and of which these records say nothing more: nought where records are counted, else none.

    Of the time that the records span; where all records are known, of whatever this recipe brought before.
    """
    gone: list[tuple[int, int, int, float, str]] = []
    everything = recipe.grown or recipe.complete
    for measure, m in zip(ids, recipe.measures, strict=True):
        mine = columns.measure == measure
        if not mine.any():
            continue
        first, last = int(columns.period[mine].min()), int(columns.period[mine].max())
        told = set(zip(columns.period[mine].tolist(), columns.cell[mine].tolist(), strict=True))
        for period, cell, value, ours in read.connection().exec_driver_sql(_STANDING, (version or 0, measure)):
            day = date.fromisoformat(period).toordinal()
            if (day, cell) in told or not (first <= day <= last or (everything and ours)):
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
        place=[*columns.place, *more[4]],
    )  # fmt: skip
    return both.taken(np.lexsort((both.cell, both.period, both.measure)))


_STANDING = """
SELECT o.period, o.cell_id, o.value, r.recipe_version_id IN (
    SELECT other.id FROM recipe_version AS other JOIN recipe_version AS mine ON mine.recipe_id = other.recipe_id WHERE mine.id = ?)
FROM observation AS o JOIN import_run AS r ON r.id = o.run_id
WHERE o.measure_id = ? AND o.superseded_by IS NULL AND o.value IS NOT NULL"""
