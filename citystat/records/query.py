"""What records come to, written once with Ibis: the same recipe gives the same numbers on DuckDB, PostgreSQL and Spark.

`cleaned` turns the rows of a file or table into records with dates, numbers and words; `questions` counts and measures them. Periods are whole numbers here (see `key_of`), because every engine counts alike but each truncates dates its own way.

A median or percentile lies between the two middle records where it falls between them (linear interpolation, SQL's
`percentile_cont`, numpy's default): of 1, 2, 3, 10 the median is 2.5 and the 90th percentile 7.9. Neither can be added up, so the
whole and every breakdown are asked of the records themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from citystat import periods
from citystat.collect.batch import Remark
from citystat.records.dialect import POSTGRES, Dialect, builtin
from citystat.records.recipe import RecordMeasure, RecordRecipe
from citystat.texts import tr

if TYPE_CHECKING:
    import ibis.expr.types as ir

FIRST = date(1, 1, 1)  # a Monday: weeks are sevens of the days since


## Records out of rows


def cleaned(
    rows: ir.Schema, recipe: RecordRecipe, dialect: Dialect, *, carry: Mapping[str, str] | None = None
) -> Woven:  # fmt: skip
    """The records that the recipe wants of the table `rows`, whose columns have the recipe's titles and any types.

    id: the key · opened, closed: dates · days: between them, missing where open or closed before opened · odd: closed before opened ·
    begun, over: the periods of both · ended: as over, but no earlier than begun (of these only what is asked) · c0, c1 …: categories of the breakdowns ·
    n0, n1 …: numbers · m0, m1 …: whether a measure's own condition holds · unread: 0, or which column says something that cannot
    be read, as `read_columns` counts them · carry: more columns: the name here → the column of `rows`.
    """
    import ibis

    source = ibis.table(rows, name="source_rows")
    read, wanted = read_columns(recipe), _wanted(source, recipe, dialect)
    words = _words(source, recipe, dialect) | {name: source[title] for name, title in (carry or {}).items()}
    said = {f"said_{r.name}": dialect.said(source[r.title], recipe) for r in read}
    woven = Woven(dialect, [("said_rows", (source.filter(wanted) if wanted else source).select(**said, **words))])
    t = woven.table()
    tried = {
        f"tried_{r.name}": dialect.tried_as_number(t[f"said_{r.name}"], recipe)
        if r.number
        else dialect.tried_as_day(t[f"said_{r.name}"], r.title, recipe)
        for r in read
    }
    woven = woven.then("tried_rows", t.mutate(**tried))
    t = woven.table()
    found = {
        r.name: (dialect.number if r.number else dialect.day)(t[f"said_{r.name}"], t[f"tried_{r.name}"], recipe)
        for r in read
    }
    closed = {} if recipe.closed else {"closed": ibis.null("date")}
    woven = woven.then("read_rows", t.select(*said, *words, **found, **closed))
    t = woven.table()
    unread = [(dialect.unread(t[f"said_{r.name}"], t[r.name], recipe), n) for n, r in enumerate(read, 1)]
    odd = (t.closed < t.opened).fill_null(False)
    known = {
        "odd": odd,
        "days": odd.ifelse(None, t.closed.delta(t.opened, unit="day")).cast("int32"),
        "begun": key_of(t.opened, recipe),
        "over": key_of(t.closed, recipe),
        "ended": key_of(odd.ifelse(t.opened, t.closed), recipe),
        "opened": t.opened,
        "closed": t.closed,
    }
    needed = set(known) if carry else _needed(recipe)  # who carries more wants to see all of a record
    records = t.select(
        *words,
        *(name for name in found if name not in known),
        unread=ibis.cases(*unread, else_=0).cast("int8"),
        **{name: value for name, value in known.items() if name in needed},
    )
    return woven.then("clean_rows", records)


def _needed(recipe: RecordRecipe) -> set[str]:
    """Of what is known of a record's dates, only what is asked: a million records are as many bytes for each column."""
    needed = {"begun", "odd", "opened"} | ({"closed"} if recipe.key else set())
    for m in recipe.measures:
        needed |= {"days"} if m.timed else set()
        needed |= {"closed"} if ages(m) else set()
        needed |= {"ended"} if m.kind == "backlog" else {"over"} if m.by == "closed" else set()
    return needed


def ages(m: RecordMeasure) -> bool:
    """Whether a record must be so old before the measure can judge it."""
    return m.kind == "share" and m.timed and m.by == "opened"


class Read(NamedTuple):
    """A column whose words are read. name: what it becomes; title: in the file; number: else it is a date."""

    name: str
    title: str
    number: bool


def read_columns(recipe: RecordRecipe) -> list[Read]:
    """The columns that are read as dates or numbers; `unread` counts them from 1."""
    dates = [Read("opened", recipe.opened, False), *([Read("closed", recipe.closed, False)] if recipe.closed else [])]
    return dates + [Read(f"n{n}", title, True) for n, title in enumerate(recipe.numbers)]


@dataclass(frozen=True)
class Woven:
    """A query in steps, each of which sees the table of the step before by its name."""

    dialect: Dialect
    steps: list[tuple[str, Any]]

    def table(self) -> Any:
        """The last step as a table."""
        import ibis

        name, expression = self.steps[-1]
        return ibis.table(expression.schema(), name=name)

    def then(self, name: str, expression: Any) -> Woven:
        """One step more."""
        return Woven(self.dialect, [*self.steps, (name, expression)])

    def without_last(self) -> Woven:
        """One step less."""
        return Woven(self.dialect, self.steps[:-1])

    def sql(self, source: str, last: Any = None) -> str:
        """The whole query; source: the query that gives `source_rows`; last: what is asked of the last step, else all of it."""
        return self.around(source, self.dialect.sql(last) if last is not None else f"SELECT * FROM {self.steps[-1][0]}")

    def around(self, source: str, asked: str) -> str:
        """As sql(), of a question that is SQL already."""
        as_ = (
            "AS MATERIALIZED" if self.dialect.name == POSTGRES else "AS"
        )  # it would work a step out wherever it is named
        steps = [f"{name} {as_} (\n{self.dialect.sql(expression)}\n)" for name, expression in self.steps]
        return ",\n".join([f"WITH source_rows AS (\n{source}\n)", *steps]) + "\n" + asked


def _words(source: ir.Table, recipe: RecordRecipe, dialect: Dialect) -> dict[str, Any]:
    """The columns of words: key, categories, and whether each measure's own condition holds."""
    found: dict[str, Any] = {"id": text(source[recipe.key], recipe, dialect)} if recipe.key else {}
    for n, name in enumerate(recipe.breakdowns):
        found[f"c{n}"] = meant(source[name], name, recipe, dialect).coalesce(tr("not stated"))
    for n, m in enumerate(recipe.measures):
        if m.where:
            found[f"m{n}"] = _all(says(source[name], name, words, recipe, dialect) for name, words in m.where.items())
    return found


def unread(read_rows: ir.Table, column: Read, recipe: RecordRecipe, dialect: Dialect) -> ir.Table:
    """The rows (of the last step but one) where `column` says something that cannot be read."""
    return read_rows.filter(dialect.unread(read_rows[f"said_{column.name}"], read_rows[column.name], recipe))


def remark(column: Read, words: object, place: str) -> Remark:
    """What is to be said of a cell that cannot be read."""
    text_ = str(words)[:60]
    reason = tr("“{text}” is not a number", text=text_) if column.number else tr("“{text}” is not a date", text=text_)
    return Remark(f"{place}, {column.title}", reason, True)


def facts(records: ir.Table, recipe: RecordRecipe) -> ir.Table:
    """One row about records as cleaned: how many there are, have a date, have none, cannot be read, are odd, come again, lack a key;
    newest: the day of the newest date in them, since FIRST, where a measure asks how old they are."""
    import ibis
    from ibis import _

    newest = ibis.greatest(_.opened.max(), _.closed.max()).delta(FIRST, unit="day").fill_null(0)
    dated = _.begun.notnull()
    return records.aggregate(
        rows=_.count(), dated=_.count(where=dated), undated=_.count(where=~dated & (_.unread == 0)),
        unread=_.count(where=_.unread > 0), odd=_.count(where=_.odd),
        again=(_.id.count(where=dated) - _.id.nunique(where=dated)) if recipe.key else 0,
        unkeyed=_.count(where=_.id.isnull() & dated) if recipe.key else 0,
        newest=newest if any(map(ages, recipe.measures)) else 0,
    )  # fmt: skip


def once(records: ir.Table, recipe: RecordRecipe, again: bool = True) -> ir.Table:
    """The records that have a date, every key once: where it stands more often, the one that was closed last counts.

    again: whether any key stands more than once, where that is known.
    """
    import ibis

    records = records.filter(records.begun.notnull())
    if not recipe.key or not again:
        return records
    best = [records.closed.desc(nulls_first=False), records.opened.desc()]
    best += [
        builtin("md5", "string", 1)(records[f"c{n}"]) for n in range(len(recipe.breakdowns))
    ]  # engines sort words otherwise
    ranked = records.mutate(nth=ibis.row_number().over(ibis.window(group_by=[records.id], order_by=best)))
    return ranked.filter((ranked.nth == 0) | ranked.id.isnull()).drop("nth")


def _wanted(rows: ir.Table, recipe: RecordRecipe, dialect: Dialect) -> list[ir.BooleanValue]:
    tests = [says(rows[name], name, words, recipe, dialect) for name, words in recipe.where.items()]
    return tests + [~says(rows[name], name, words, recipe, dialect) for name, words in recipe.skip.items()]


def says(column: ir.Column, name: str, words: Any, recipe: RecordRecipe, dialect: Dialect) -> ir.BooleanValue:
    """Whether a column says one of `words`; capitals and spaces at the ends do not matter."""
    wanted = [str(w).strip().lower() for w in (words if isinstance(words, list | tuple) else [words])]
    return meant(column, name, recipe, dialect).lower().coalesce("").isin(wanted)


def meant(column: ir.Column, name: str, recipe: RecordRecipe, dialect: Dialect) -> ir.StringValue:
    """The word that is meant in a column, missing where there is none."""
    said = text(column, recipe, dialect)
    renamed = recipe.words.get(name)
    return said.substitute(renamed, else_=said) if renamed else said


def text(column: ir.Column, recipe: RecordRecipe, dialect: Dialect) -> ir.StringValue:
    """A column as text, missing where it is empty or says that it is."""
    said = dialect.trimmed(column)
    away = ["", *(w for w in recipe.missing if w)]
    return said.nullif("") if len(away) == 1 else said.isin(away).ifelse(None, said)


def _all(tests: Iterator[ir.BooleanValue]) -> ir.BooleanValue:
    found = next(tests)
    for test in tests:
        found = found & test
    return found


## Periods


def key_of(day: ir.DateValue, recipe: RecordRecipe) -> ir.IntegerValue:
    """The period of `day` as a whole number: days, weeks or months since the year 0; quarters and years by their first month."""
    if recipe.frequency in ("day", "week"):
        days = day.delta(FIRST, unit="day")
        return (days if recipe.frequency == "day" else days // 7).cast("int32")
    months = periods.MONTHS_IN[recipe.frequency]
    since = day.year() * 12 + day.month() - 1
    if months > 1:
        since = since - (day.month() - recipe.year_start + 12) % months
    return since.cast("int32")


def start_of(key: int, frequency: str) -> date:
    """The first day of the period that `key_of` gives."""
    if frequency in ("day", "week"):
        return date.fromordinal(1 + key * (7 if frequency == "week" else 1))
    return date(key // 12, key % 12 + 1, 1)


def key_at(start: date, frequency: str) -> int:
    """As key_of, of one day that begins a period."""
    if frequency in ("day", "week"):
        return (start.toordinal() - 1) // (7 if frequency == "week" else 1)
    return start.year * 12 + start.month - 1


def step(frequency: str) -> int:
    """How far apart the keys of two neighbouring periods are."""
    return periods.MONTHS_IN.get(frequency, 1)


## Measures out of records


@dataclass(frozen=True)
class Question:
    """One query: records by period ("begun", "over" or "ended") and by the breakdowns at these places.

    Its answer has the columns period, c0 … of `by`, rows, and of measure n either its value vn, or topn and bottomn (and youngn,
    open records that the standard of a share has not run out for).
    """

    of: str
    by: tuple[int, ...]
    expression: Any


def groupings(recipe: RecordRecipe) -> list[tuple[int, ...]]:
    """The whole, each breakdown, and all of them together where they are crossed."""
    n = len(recipe.breakdowns)
    found: list[tuple[int, ...]] = [(), *((i,) for i in range(n))]
    return [*found, tuple(range(n))] if recipe.crossed and n > 1 else found


def questions(records: ir.Table, recipe: RecordRecipe, as_of: date) -> list[Question]:
    """All that is to be asked of `records` (cleaned, each key once). as_of: the day until which they are known."""
    asks: dict[str, dict[str, Any]] = {}
    for n, m in enumerate(recipe.measures):
        for of in ("begun", "ended") if m.kind == "backlog" else ("begun" if m.by == "opened" else "over",):
            asks.setdefault(of, {}).update(_figures(recipe, n, m, as_of))
    return [Question(of, by, _grouped(records, of, by, what)) for by in groupings(recipe) for of, what in asks.items()]


def _grouped(records: ir.Table, of: str, by: Sequence[int], figures: dict[str, Any]) -> Any:
    import ibis

    there = records.filter(records[of].notnull()).rename(period=of)
    return there.group_by("period", *(f"c{i}" for i in by)).aggregate(rows=ibis._.count(), **figures)


def _figures(recipe: RecordRecipe, n: int, m: RecordMeasure, as_of: date) -> dict[str, Any]:
    """What gives measure `n`: its value, or the top and the bottom of a fraction; of a share how many may still meet it."""
    import ibis
    from ibis import _

    holds = _[f"m{n}"] if m.where else None
    if m.kind in ("count", "backlog"):
        return {f"v{n}": _.count(where=holds)}
    of = _[f"n{recipe.numbers.index(m.value)}"] if m.value else _.days
    of = of if holds is None else holds.ifelse(of, None)
    if m.kind == "share":
        met = (of <= m.within).fill_null(False).ifelse(1, 0).sum()
        judged = ~_.odd if holds is None else holds & ~_.odd
        found = {f"top{n}": met, f"bottom{n}": of.count() if m.value else _.count(where=judged)}
        if ages(m):
            grown = as_of - timedelta(days=floor(m.within or 0))
            waits = judged & _.days.isnull() & (_.opened >= ibis.date(grown.isoformat()))
            found[f"young{n}"] = _.count(where=waits)
        return found
    if m.kind == "mean":
        return {f"top{n}": of.sum(), f"bottom{n}": of.count()}
    if m.kind == "sum":
        return {f"v{n}": of.sum()}
    return {f"v{n}": of.quantile(0.5 if m.kind == "median" else m.percentile / 100)}
