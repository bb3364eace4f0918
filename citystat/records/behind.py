"""The records behind a number: those that its measure counted or measured, of its period and its part, in a table of the moment."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.city.observations import Progress
from citystat.errors import CityStatError
from citystat.files import cannot, replaceable
from citystat.measures.series import definition
from citystat.models import Cell, CellPart, Observation
from citystat.numbers import quantity
from citystat.records import files, kept, query
from citystat.records.dialect import DUCKDB, Dialect
from citystat.records.duck import Duck, name, quoted
from citystat.records.in_file import forms_of
from citystat.records.recipe import RecordMeasure, RecordRecipe, from_json
from citystat.records.which import source
from citystat.texts import tr

ROW = "row of"  # the number of a record, which gives those that are alike in the chosen order an order of their own


@dataclass(frozen=True)
class Neighbour:
    """Another period of the same measure and part."""

    start: date
    words: str


class Behind:
    """The records behind a number. open() finds them, which may take a moment; close() lets go of them.

    columns: their titles · dates, figures: those that hold days and numbers · period_words, about: what the number is ·
    before, after: the periods beside it that have a number.
    """

    def __init__(self, read: Session, city: City, measure_id: int, start: date | None, part: str = "") -> None:
        self.measure = m = definition(read, measure_id)
        found = source(read, m.code)
        if found is None:
            raise CityStatError(
                tr("No records are kept of {name}", name=m.name),
                do=tr("Bring its file in with each row as a record, and keep the records beside the city"),
            )
        called, data = found
        self._recipe = replace(from_json(data), name=called)
        self.start, self._cell = start, _cell(read, part)
        self._paths = kept.there(kept.files(read, city.path, called))
        numbers = _numbers(read, m.id, part)
        at = [s for s, _ in numbers].index(start) if start in dict(numbers) else None
        beside = (at - 1, at + 1) if at is not None else (-1, -1)
        self.before, self.after = (self._neighbour(numbers[i][0]) if 0 <= i < len(numbers) else None for i in beside)
        self.period_words = self._words(start) if start else tr("all periods")
        value = dict(numbers).get(start) if start else None
        said = quantity(value, m.unit, m.decimals) if value is not None else ""
        self.about = " · ".join(filter(None, [m.called, ", ".join(f"{d} {c}" for d, c in self._cell), said]))
        self.file_name = " ".join(
            filter(None, [m.code, periods.key(start, m.frequency) if start else "", *(c for _, c in self._cell)])
        )
        self.columns: tuple[str, ...] = ()
        self.dates: frozenset[str] = frozenset()
        self.figures: frozenset[str] = frozenset()
        self._lock, self._unwanted = threading.Lock(), False
        self._duck: Duck | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def _words(self, start: date) -> str:
        return periods.label(start, self.measure.frequency, self.measure.year_start)

    def _neighbour(self, start: date) -> Neighbour:
        return Neighbour(start, self._words(start))

    ## Finding them

    def open(self, progress: Progress | None = None) -> None:
        """Find the records; once they are found, at once."""
        with self._lock:
            if self._duck is not None:
                return
            folder = tempfile.TemporaryDirectory(prefix="citystat-records-", ignore_cleanup_errors=True)
            self._duck, self._folder = Duck(Path(folder.name), progress), folder
            try:
                self._find(self._duck)
            except self._duck.errors as error:
                raise files.reason(error, self.measure.name) from error
            finally:
                if not self.columns or self._unwanted:
                    self._let_go()

    def close(self) -> None:
        """Let go of them; while they are being looked for, as soon as that ends (whoever looks is to be stopped first)."""
        self._unwanted = True
        if self._lock.acquire(blocking=False):
            self._let_go()
            self._lock.release()

    def _let_go(self) -> None:
        if self._duck is not None and self._folder is not None:
            self._duck.connection.close()
            self._folder.cleanup()
            self._duck, self.columns = None, ()

    def _find(self, duck: Duck) -> None:
        """The records in a table: days as days, numbers as numbers, everything else as it stands in the file."""
        import ibis

        recipe, m = self._of_this()
        duck.run("SET preserve_insertion_order = true")
        duck.run(f"SET TimeZone = '{recipe.file_zone or recipe.zone or 'UTC'}'")
        rows = kept.rows_sql(self._paths, recipe)
        titles = [row[0] for row in duck.rows(f"DESCRIBE {rows}")]
        kind = "VIEW" if len(self._paths) == 1 else "TABLE"  # of several, the order would not be the same twice
        duck.run(f"CREATE {kind} kept_rows AS SELECT *, row_number() OVER () AS {name(ROW)} FROM ({rows})")
        dialect = Dialect(DUCKDB, forms_of(duck, rows, recipe))
        woven = query.cleaned(
            ibis.schema(dict.fromkeys(titles, "string") | {ROW: "int64"}), recipe, dialect, carry={ROW: ROW}
        )
        duck.report(0.2, tr("Looking for the records"))
        duck.run(f"CREATE TABLE clean_rows AS {woven.sql('SELECT * FROM kept_rows')}")
        records = query.once(woven.table(), recipe)
        duck.run(f"CREATE TABLE picked AS SELECT * FROM ({dialect.sql(records)}) WHERE {self._test(m)}")
        duck.run("DROP TABLE clean_rows")
        duck.report(0.7, tr("Looking for the records"))
        typed = {recipe.opened: "p.opened", recipe.closed: "p.closed"} | {
            t: f"p.n{n}" for n, t in enumerate(recipe.numbers)
        }
        shown = [f"{typed.get(t, f'r.{name(t)}')} AS {name(t)}" for t in titles]
        days = _free(tr("days"), titles) if recipe.closed else ""
        extra = [f"p.days AS {name(days)}"] if days else []
        duck.run(
            f"CREATE TABLE behind_rows AS SELECT {', '.join([*shown, *extra, f'r.{name(ROW)}'])} "
            f"FROM kept_rows AS r JOIN picked AS p USING ({name(ROW)})"
        )
        duck.run("DROP TABLE picked")
        self.dates = frozenset(filter(None, (recipe.opened, recipe.closed)))
        self.figures = frozenset([*recipe.numbers, *([days] if days else [])])
        self.columns = (*titles, *([days] if days else []))

    def _of_this(self) -> tuple[RecordRecipe, RecordMeasure]:
        m = next(m for m in self._recipe.measures if m.code == self.measure.code)
        return replace(self._recipe, measures=(m,)), m

    def _test(self, m: RecordMeasure) -> str:
        """Which of the cleaned records the number is of."""
        tests = ["true"]
        if self.start is not None:
            key = query.key_at(self.start, self._recipe.frequency)
            of = {"backlog": f"begun <= {key} AND (ended IS NULL OR ended > {key})"}
            tests.append(of.get(m.kind, f"{'over' if m.by == 'closed' else 'begun'} = {key}"))
        elif m.kind == "backlog":
            tests.append("ended IS NULL")
        elif m.by == "closed":
            tests.append("over IS NOT NULL")
        if m.where:
            tests.append("m0")
        if m.kind in ("mean", "median", "percentile") or m.value:
            tests.append("n0 IS NOT NULL" if m.value else "days IS NOT NULL")
        elif m.kind == "share":
            tests.append("NOT odd")
        for dimension, category in self._cell:
            tests.append(f"c{self._recipe.breakdowns.index(dimension)} = {quoted(category)}")
        return " AND ".join(f"({t})" for t in tests)

    ## Asking

    def count(self, like: str = "") -> int:
        """How many there are, of those that say `like` somewhere."""
        return int(self._ask(f"SELECT count(*) FROM behind_rows {self._says(like)}", like)[0][0])

    def rows(
        self, first: int, n: int, *, by: str = "", descending: bool = False, like: str = ""
    ) -> list[tuple[Any, ...]]:
        """`n` records from the place `first` on, in the order of column `by` (missing last), as they stand in the file without one."""
        shown = ", ".join(map(name, self.columns))
        return self._ask(
            f"SELECT {shown} FROM behind_rows {self._says(like)} {self._order(by, descending)} LIMIT {n} OFFSET {first}",
            like,
        )

    def save(
        self, path: Path, *, by: str = "", descending: bool = False, like: str = "", progress: Progress | None = None
    ) -> int:
        """Write them as CSV; returns how many. Days are written as 2026-03-31; a file that cannot be finished is not left."""
        shown = ", ".join(map(name, self.columns))
        sql = f"SELECT {shown} FROM behind_rows {self._says(like)} {self._order(by, descending)}"
        part = path.with_name(f".{path.name}.part")
        replaceable(path)
        try:
            self._ask(f"COPY ({sql}) TO {quoted(part)} (FORMAT csv, HEADER)", like, progress)
            part.replace(path)
        except OSError as error:
            raise cannot(path, error) from error
        finally:
            part.unlink(missing_ok=True)
        return self.count(like)

    def _says(self, like: str) -> str:
        """Rows in which a column holds `like`, capitals or not; days as they are shown and as 2026-03-31."""
        if not like:
            return ""
        whole = ", ' ', ".join(f"coalesce(lower({name(c)}::VARCHAR), '')" for c in self.columns)
        return f"WHERE contains(concat({whole}), ?)"

    def _order(self, by: str, descending: bool) -> str:
        chosen = f"{name(by)} {'DESC' if descending else 'ASC'} NULLS LAST, " if by in self.columns else ""
        return f"ORDER BY {chosen}{name(ROW)}"

    def _ask(self, sql: str, like: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        self.open(progress)
        assert self._duck is not None
        asked = self._duck.beside(progress)  # pages are asked for while another question is being answered
        return asked.rows(sql, [like.lower()] if like else None)


def _cell(read: Session, label: str) -> list[tuple[str, str]]:
    """Dimensions and categories of the cell with this label; CityStatError where there is no such one."""
    query = (
        select(CellPart.dimension, CellPart.category).join(Cell, Cell.id == CellPart.cell_id).where(Cell.label == label)
    )
    found = [(d, c) for d, c in read.execute(query)]
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


def _free(title: str, titles: Sequence[str]) -> str:
    """`title`, with a mark where a column of the file is called so."""
    return title if title.lower() not in {t.lower() for t in titles} else f"{title} *"
