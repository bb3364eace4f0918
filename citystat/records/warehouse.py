"""Records in the city's own warehouse: the query runs there, on PostgreSQL or Spark, and only its answers travel.

A source of kind "database" is one where its address begins with `postgresql`, or with `spark` or `sc` for a cluster:
`spark://local` (this computer), `spark://master:7077`, `sc://server:15002` (Spark Connect). Its `sql` says which rows are records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from citystat.city.observations import Progress
from citystat.collect import database
from citystat.collect.batch import Remark
from citystat.collect.secrets import Secrets
from citystat.collect.sources import SourceRow
from citystat.errors import CityStatError
from citystat.records import query
from citystat.records.count import MOST_SAID
from citystat.records.dialect import POSTGRES, SPARK, Dialect
from citystat.records.files import need
from citystat.records.query import Question, Woven
from citystat.records.recipe import RecordRecipe
from citystat.records.waiting import stopped_by
from citystat.texts import tr

DRIVERS = {"postgresql": POSTGRES, "spark": SPARK, "sc": SPARK}


def counts(source: SourceRow) -> bool:
    """Whether a source counts its records itself."""
    return source.kind == "database" and database.address_of(source.location).get_backend_name() in DRIVERS


@contextmanager
def opened(
    source: SourceRow, secrets: Secrets, recipe: RecordRecipe, progress: Progress | None = None
) -> Iterator[InWarehouse]:
    """The records of a warehouse; CityStatError says what it refused, without the password."""
    sql, password = str(source.options.get("sql") or "").strip().rstrip(";"), secrets.get(source.name)
    database.only_reads(source.name, sql)
    way = {POSTGRES: _postgres, SPARK: _spark}[DRIVERS[database.address_of(source.location).get_backend_name()]]
    report = (lambda: progress.report(0.5)) if progress else None
    with way(source, password, recipe, report) as engine:
        try:
            yield InWarehouse(source.name, engine, sql, recipe, progress)
        except engine.errors as error:
            raise database.refused(source.name, error, password) from error


Answer = list[dict[str, Any]]  # rows by column


@dataclass(frozen=True)
class Engine:
    """A warehouse at work; what it does can be stopped.

    schema: of a query, column → Ibis's type · rows: the answer to a query · all: the answers to several questions about the last
    step of a woven query, which is worked out once · errors: what it raises.
    """

    dialect: Dialect
    schema: Callable[[str], dict[str, str]]
    rows: Callable[[str], Sequence[Sequence[Any]]]
    all: Callable[[Woven, str, Sequence[str]], Iterator[Answer]]
    errors: tuple[type[Exception], ...]


class InWarehouse:
    """The records that `sql` gives in a warehouse."""

    def __init__(self, name: str, engine: Engine, sql: str, recipe: RecordRecipe, progress: Progress | None) -> None:
        import ibis

        self.name, self._engine, self._recipe, self._progress = name, engine, recipe, progress
        there = engine.schema(sql)
        known = {recipe.titles[t] if t in recipe.titles and recipe.titles[t] not in there else t: t for t in there}
        need(name, tuple(known), recipe)
        self.columns = {title: there[old] for title, old in known.items()}
        self.sql = renamed(sql, known, engine.dialect)
        self.woven = query.cleaned(ibis.schema(self.columns), recipe, engine.dialect)

    def facts(self) -> dict[str, int]:
        self._report(0.1, tr("Asking {name}", name=self.name))
        asked = query.facts(self.woven.table(), self._recipe)
        rows = self._engine.rows(self.woven.sql(self.sql, asked))
        return {fact: int(value or 0) for fact, value in zip(asked.columns, rows[0], strict=True)}

    def span(self) -> None:
        return None

    def rows_read(self, facts: Mapping[str, int]) -> int:
        if not (self._recipe.where or self._recipe.skip):
            return facts["rows"]
        return int(self._engine.rows(f"SELECT count(*) FROM ({self.sql}) AS t")[0][0])

    def unread(self) -> list[Remark]:
        read = self.woven.without_last()
        found: list[Remark] = []
        for column in query.read_columns(self._recipe):
            bad = query.unread(read.table(), column, self._recipe, self._engine.dialect)
            place = {"place": bad.id} if self._recipe.key else {}
            asked = bad.select(said=bad[f"said_{column.name}"].cast("string"), **place).limit(MOST_SAID)
            for said, *key in self._engine.rows(read.sql(self.sql, asked)):
                place_ = f"{self._recipe.key} {key[0]}" if key else self.name
                found.append(query.remark(column, said, place_))
        return found[:MOST_SAID]

    def words(self, column: str) -> list[str]:
        import ibis

        table = ibis.table(self.columns, name="source_rows")
        said = table[column].cast("string").strip().nullif("")
        counted = table.group_by(said=said).aggregate(n=ibis._.count())
        asked = counted.filter(counted.said.notnull()).order_by(ibis.desc("n"), "said").limit(8).select("said")
        rows = Woven(self._engine.dialect, []).sql(self.sql, asked)
        return [str(row[0]) for row in self._engine.rows(rows)]

    def answers(self, again: bool, as_of: date) -> Iterator[tuple[Question, Mapping[str, Any]]]:
        once = self.woven.then("once_rows", query.once(self.woven.table(), self._recipe, again))
        asked = query.questions(once.table(), self._recipe, as_of)
        answers = self._engine.all(once, self.sql, [self.dialect.sql(question.expression) for question in asked])
        for n, (question, rows) in enumerate(zip(asked, answers, strict=True)):
            self._report(0.2 + 0.6 * n / len(asked))
            yield question, {name: [row[name] for row in rows] for name in question.expression.columns}

    def page(self, woven: Woven, expression: Any) -> Sequence[Sequence[Any]]:
        """Rows of the answer to `expression`."""
        return self._engine.rows(woven.sql(self.sql, expression))

    @property
    def dialect(self) -> Dialect:
        """How this warehouse writes a query."""
        return self._engine.dialect

    def _report(self, share: float, words: str = "") -> None:
        if self._progress:
            self._progress.report(share, words)


def renamed(sql: str, known: Mapping[str, str], dialect: Dialect) -> str:
    """The query of `sql` with its columns as the recipe calls them. known: new title → old."""
    mark = "`" if dialect.name == SPARK else '"'

    def name(text: str) -> str:
        return mark + text.replace(mark, mark * 2) + mark

    columns = ", ".join(f"{name(old)} AS {name(new)}" for new, old in known.items())
    return f"SELECT {columns} FROM ({sql}) AS t"


## PostgreSQL

# type oids of PostgreSQL, which are the same in every one of them
OIDS = {
    16: "boolean", 20: "int64", 21: "int16", 23: "int32", 700: "float32", 701: "float64", 1700: "decimal(38, 9)", 1082: "date",
    1114: "timestamp", 1184: "timestamp('UTC')",
}  # fmt: skip


@contextmanager
def _postgres(source: SourceRow, password: str, _: RecordRecipe, report: Callable[[], None] | None) -> Iterator[Engine]:
    from sqlalchemy.exc import SQLAlchemyError

    url = database.address_of(source.location)
    door = database.engine_of(url.set(password=password) if password else url, source.name)
    try:
        with door.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, no_parameters=True
        ) as connection:

            def ask(sql: str) -> tuple[Any, Sequence[Any]]:
                def work() -> tuple[Any, Sequence[Any]]:
                    answer = connection.exec_driver_sql(sql)
                    described = answer.cursor.description if answer.cursor else ()
                    return [(column[0], column[1]) for column in described], answer.fetchall()

                driver: Any = connection.connection.driver_connection
                return stopped_by(report, work, driver.cancel)

            def schema(sql: str) -> dict[str, str]:
                described, _ = ask(f"SELECT * FROM ({sql}) AS t LIMIT 0")
                return {name: OIDS.get(oid, "string") for name, oid in described}

            def rows(sql: str) -> Sequence[Sequence[Any]]:
                return ask(sql)[1]

            def together(woven: Woven, source: str, asked: Sequence[str]) -> Iterator[Answer]:
                """In one statement: a table of the moment could be kept only by one who may write."""
                parts = [
                    f"SELECT {n} AS question, to_jsonb(a) AS answer FROM (\n{sql}\n) AS a"
                    for n, sql in enumerate(asked)
                ]
                found: list[Answer] = [[] for _ in asked]
                for question, answer in rows(woven.around(source, "\nUNION ALL\n".join(parts))):
                    found[question].append(answer)
                yield from found

            yield Engine(Dialect(POSTGRES), schema, rows, together, (SQLAlchemyError,))
            connection.rollback()
    except SQLAlchemyError as error:
        raise database.refused(source.name, error, password) from error
    finally:
        door.dispose()


## Spark


@contextmanager
def _spark(
    source: SourceRow, password: str, recipe: RecordRecipe, report: Callable[[], None] | None
) -> Iterator[Engine]:
    try:
        import ibis
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CityStatError(
            tr("Spark is not installed here"),
            where=source.name,
            do=tr("Install CityStat with its extra “spark”, and Java"),
        ) from error
    url = database.address_of(source.location)
    builder = SparkSession.builder.appName("CityStat").config("spark.ui.enabled", "false")
    if url.drivername == "sc":
        session = builder.remote(source.location).getOrCreate()
    else:
        session = builder.master("local[*]" if url.host == "local" else source.location).getOrCreate()
    zone = session.conf.get("spark.sql.session.timeZone")
    session.conf.set("spark.sql.session.timeZone", recipe.zone or "UTC")
    ibis.pyspark.connect(session)  # without it Ibis does not know how Spark writes

    def schema(sql: str) -> dict[str, str]:
        found = session.sql(f"SELECT * FROM ({sql}) AS t LIMIT 0").schema
        return {field.name: _spark_type(field.dataType.simpleString()) for field in found.fields}

    def rows(sql: str) -> Sequence[Sequence[Any]]:
        return stopped_by(report, session.sql(sql).collect, session.interruptAll)

    def together(woven: Woven, source: str, asked: Sequence[str]) -> Iterator[Answer]:
        table = session.sql(woven.sql(source)).persist()
        try:
            table.createOrReplaceTempView(woven.steps[-1][0])
            for sql in asked:
                yield [row.asDict() for row in stopped_by(report, session.sql(sql).collect, session.interruptAll)]
        finally:
            table.unpersist()

    try:
        yield Engine(Dialect(SPARK), schema, rows, together, (PySparkException,))
    finally:
        session.conf.set("spark.sql.session.timeZone", zone)


def _spark_type(said: str) -> str:
    if said.startswith("decimal"):
        return said
    kinds = {
        "date": "date", "timestamp": "timestamp('UTC')", "timestamp_ntz": "timestamp", "boolean": "boolean", "tinyint": "int8", "smallint": "int16",
        "int": "int32", "bigint": "int64", "float": "float32", "double": "float64",
    }  # fmt: skip
    return kinds.get(said, "string")
