"""The records behind one number: those that a measure counted in a period and a breakdown, page by page, or all as a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.city.observations import Breakdown, Progress, cell_label
from citystat.collect import sources
from citystat.collect.secrets import Secrets
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.measures.series import definition
from citystat.models import Cell, ImportRun, NamedRecipe, Observation, RecipeVersion
from citystat.records import files, kept, query, warehouse
from citystat.records.dialect import DUCKDB, Dialect
from citystat.records.duck import duck, name
from citystat.records.in_file import forms_of
from citystat.records.recipe import RecordRecipe, from_json, is_records
from citystat.texts import tr

AT_ONCE = 50_000  # records between two reports while a CSV is written
MOST_SAVED = 5_000_000


@dataclass(frozen=True)
class Number:
    """A number on a chart. period: its first day; breakdown: (("District", "3"),), empty for the whole."""

    code: str
    period: date
    breakdown: Breakdown = ()


@dataclass(frozen=True)
class Behind:
    """Where the records behind a number are. recipe: by which they were counted, run_id: in which import; records: its file, if any;
    source_id: of its source, if any; value: of the number."""

    number: Number
    recipe: RecordRecipe
    run_id: int
    records: str
    source_id: int | None
    value: float | None


def behind(read: Session, number: Number) -> Behind | None:
    """Where the records behind a number are; None where it came from none."""
    measure = definition(read, number.code)
    of_cell = select(Cell.id).where(Cell.label == cell_label(tuple(sorted(number.breakdown)))).scalar_subquery()
    query_ = (
        select(Observation.value, ImportRun, NamedRecipe.name)
        .join(ImportRun, ImportRun.id == Observation.run_id)
        .outerjoin(RecipeVersion, RecipeVersion.id == ImportRun.recipe_version_id)
        .outerjoin(NamedRecipe, NamedRecipe.id == RecipeVersion.recipe_id)
        .where(
            Observation.measure_id == measure.id, Observation.period == number.period, Observation.cell_id == of_cell
        )
        .where(Observation.superseded_by.is_(None))
    )
    found = read.execute(query_).first()
    if found is None or not is_records(found[1].recipe):
        return None
    value, run, called = found
    recipe = from_json({**run.recipe, "name": called or str(run.recipe.get("name", ""))})
    return Behind(number, recipe, run.id, run.records, run.source_id, value)


class Records:
    """The records behind a number, opened; close it, or use it with `with`.

    columns: titles, those of the file and, of a measure of durations, the days last · count: how many records there are.
    """

    def __init__(self, columns: Sequence[str], count: int, ask: Any, stack: ExitStack) -> None:
        self.columns, self.count = tuple(columns), count
        self._ask, self._stack = ask, stack

    def page(
        self, start: int = 0, size: int = 100, *, sort: str = "", descending: bool = False, like: str = ""
    ) -> list[tuple[Any, ...]]:
        """Records from `start` on, sorted by a column; numbers and dates by what they say, "" where nothing is said.

        like: only those of which some column says this, capitals or not.
        """
        if sort and sort not in self.columns:
            raise CityStatError(
                tr("There is no column “{name}”", name=sort), do=tr("It has: {names}", names=", ".join(self.columns))
            )
        rows = self._ask(start, size, self.columns.index(sort) if sort else None, descending, like.lower())
        return [tuple("" if v is None else v for v in row) for row in rows]

    def count_of(self, like: str) -> int:
        """How many say `like` somewhere."""
        return self.count if not like else int(self._ask(0, 0, None, False, like.lower())[0][0])

    def save(
        self, path: Path, progress: Progress | None = None, *, sort: str = "", descending: bool = False, like: str = ""
    ) -> int:
        """All of them, or those that say `like`, as a CSV; how many. A file that stands there is replaced only by the finished one."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.columns)
        wanted = min(self.count_of(like), MOST_SAVED)
        for start in range(0, wanted, AT_ONCE):
            if progress:
                progress.report(start / wanted, tr("Saving the records"))
            rows = self.page(start, AT_ONCE, sort=sort, descending=descending, like=like)
            writer.writerows([_harmless(v) for v in row] for row in rows)
        write_bytes(path, text.getvalue().encode("utf-8-sig"))
        return wanted

    def close(self) -> None:
        """Let go of what they were read from."""
        self._stack.close()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _harmless(value: Any) -> Any:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@", "\t") else value


def records(city: City, number: Number, *, secrets: Secrets | None = None, progress: Progress | None = None) -> Records:
    """Open the records behind `number`; CityStatError says why there are none.

    secrets: of the sources, where records stand in the city's warehouse.
    """
    with city.read() as read:
        found = behind(read, number)
        if found is None:
            raise CityStatError(
                tr("This number was not counted from records"), where=number.code, do=tr("It stands as its file or a person gave it")
            )  # fmt: skip
        if found.recipe.grown:
            paths = kept.there(kept.files(read, city.path, found.recipe.name))
        else:
            paths = kept.there(
                [kept.KeptFile(found.run_id, kept.folder(city.path) / found.records)] if found.records else []
            )
        known = {s.id: s for s in sources.sources(read)}
    source = known.get(found.source_id or 0)
    stack = ExitStack()
    try:
        if paths:
            return _kept(found, paths, stack, progress)
        if source is not None and secrets is not None and warehouse.counts(source):
            return _in_warehouse(
                found, stack.enter_context(warehouse.opened(source, secrets, found.recipe, progress)), stack
            )
    except BaseException:
        stack.close()
        raise
    raise CityStatError(
        tr("The records behind this number were not kept"), where=number.code,
        do=tr("Let the recipe “{name}” keep its records, and bring the file in again", name=found.recipe.name),
    )  # fmt: skip


def _kept(found: Behind, paths: Sequence[Path], stack: ExitStack, progress: Progress | None) -> Records:
    """Those kept beside the city, chosen once into a table of the moment."""
    import ibis

    d = stack.enter_context(duck(progress))
    rows, recipe, dialect = kept.rows_sql(paths, found.recipe), found.recipe, Dialect(DUCKDB)
    d.report(0.1, tr("Looking the records up"))
    try:
        d.run(f"SET TimeZone = '{recipe.file_zone or recipe.zone or 'UTC'}'")
        titles = [row[0] for row in d.rows(f"DESCRIBE {rows}")]
        files.need(paths[-1].name, tuple(titles), recipe)
        dialect = Dialect(DUCKDB, forms_of(d, kept.rows_sql(paths[-1:], recipe), recipe))
        key = f"trim({name(recipe.key)})" if recipe.key else "NULL"
        again = d.rows(f"SELECT count({key}) > count(DISTINCT {key}) FROM ({rows}) WHERE {key} <> ''")[0][0]
        woven = _chosen(found, dict.fromkeys(titles, "string"), dialect, ibis, again=bool(again))
        d.run(f"CREATE TABLE chosen AS {woven.sql(rows)}")
        count = int(d.rows("SELECT count(*) FROM chosen")[0][0])
        columns = [row[0] for row in d.rows("DESCRIBE chosen")]
    except d.errors as error:
        raise files.reason(error, paths[-1].name) from error

    said = ", ' ', ".join(f"coalesce(lower({name(c)}::VARCHAR), '')" for c in columns)

    def ask(start: int, size: int, sort: int | None, descending: bool, like: str) -> Any:
        """size 0: how many there are."""
        order, only = "", f"WHERE contains(concat({said}), ?)" if like else ""
        values = [like] if like else []
        if not size:
            return d.connection.cursor().execute(f"SELECT count(*) FROM chosen {only}", values).fetchall()
        if sort is not None:
            column, way = name(columns[sort]), "DESC" if descending else "ASC"
            number = f"try_cast({column} AS DOUBLE)"
            order = f"ORDER BY {number} {way} NULLS LAST, {_day(column, dialect, titles[sort] if sort < len(titles) else '')} {way} NULLS LAST, {column} {way} NULLS LAST, rowid"
        return (
            d.connection.cursor()
            .execute(f"SELECT * FROM chosen {only} {order} LIMIT {size} OFFSET {start}", values)
            .fetchall()
        )

    return Records([*titles, *_more(found)], count, ask, stack)


def _day(column: str, dialect: Dialect, title: str) -> str:
    """A column as a date, where it is one of the recipe's: 12/31/2025 comes before 01/01/2026."""
    forms = [f for f in dialect.forms.get(title, ()) if f]
    return f"try_strptime({column}, {forms})" if forms else "NULL::TIMESTAMP"


def _in_warehouse(found: Behind, origin: warehouse.InWarehouse, stack: ExitStack) -> Records:
    """Those of the city's warehouse: it is asked for every page, and for no more."""
    import ibis

    woven = _chosen(found, origin.columns, origin.dialect, ibis)
    table = woven.table()
    count = int(origin.page(woven, table.aggregate(n=table.count()))[0][0])
    columns = list(table.columns)

    def ask(start: int, size: int, sort: int | None, descending: bool, like: str) -> Any:
        """size 0: how many there are."""
        some = [table[c].cast("string").lower().contains(like).fill_null(False) for c in columns]
        table_ = table.filter(ibis.or_(*some)) if like else table
        if not size:
            return origin.page(woven, table_.aggregate(n=table_.count()))
        rest = [c for n, c in enumerate(columns) if n != sort]  # so that a page is the same whenever it is asked for
        by = (
            []
            if sort is None
            else [
                ibis.desc(columns[sort], nulls_first=False)
                if descending
                else ibis.asc(columns[sort], nulls_first=False)
            ]
        )
        return origin.page(woven, table_.order_by([*by, *rest]).limit(size, offset=start))

    return Records([*origin.columns, *_more(found)], count, ask, stack)


def _more(found: Behind) -> list[str]:
    """What is told of a record beside its columns."""
    return [tr("days from opened to closed")] if _measure(found)[1].timed else []


def _measure(found: Behind) -> tuple[int, Any]:
    code = found.number.code
    measures = enumerate(found.recipe.measures)
    return next((n, m) for n, m in measures if m.code.lower() == code.lower())


def _chosen(found: Behind, columns: dict[str, str], dialect: Dialect, ibis: Any, *, again: bool = True) -> query.Woven:
    """The query of the records that the measure counted: its own columns x0, x1 …, and the days of a duration."""
    recipe, (n, m) = found.recipe, _measure(found)
    carry = {f"x{i}": title for i, title in enumerate(columns)}
    woven = query.cleaned(ibis.schema(columns), recipe, dialect, carry=carry)
    woven = woven.then("once_rows", query.once(woven.table(), recipe, again))
    t = woven.table()
    key = query.key_at(found.number.period, recipe.frequency)
    tests = [t[f"c{recipe.breakdowns.index(dimension)}"] == category for dimension, category in found.number.breakdown]
    if m.where:
        tests.append(t[f"m{n}"])
    if m.kind == "backlog":
        tests += [t.begun <= key, t.ended.isnull() | (t.ended > key)]
    else:
        tests.append((t.begun if m.by == "opened" else t.over) == key)
        if m.value:
            tests.append(t[f"n{recipe.numbers.index(m.value)}"].notnull())
        elif m.timed:
            tests.append(~t.odd if m.kind == "share" else t.days.notnull())
    return woven.then("chosen_rows", t.filter(tests).select(*carry, *(["days"] if m.timed else [])))
