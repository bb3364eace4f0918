"""Records of a file, or kept beside the city, asked with DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from citystat.collect.batch import Remark
from citystat.records import query
from citystat.records.count import MOST_SAID
from citystat.records.dialect import DUCKDB, Dialect, all_forms
from citystat.records.duck import Duck, name
from citystat.records.files import RecordFile
from citystat.records.query import Question
from citystat.records.recipe import RecordRecipe
from citystat.texts import tr

LOOKED_AT = 200  # rows for the forms of their dates


class InFile:
    """The records of `rows` (a query): of the file alone, or of all that is kept with it."""

    def __init__(self, duck: Duck, file: RecordFile, recipe: RecordRecipe, rows: str = "") -> None:
        import ibis

        self._duck, self._file, self._recipe, self._rows = duck, file, recipe, rows or file.sql
        self.name = file.name
        duck.run(f"SET TimeZone = '{recipe.file_zone or recipe.zone or 'UTC'}'")
        self._dialect = Dialect(DUCKDB, forms_of(duck, file.sql, recipe))
        self._columns = dict.fromkeys(file.titles, "string")
        self._woven = query.cleaned(ibis.schema(self._columns), recipe, self._dialect)

    def facts(self) -> dict[str, int]:
        self._duck.report(0.3, tr("Reading dates and numbers"))
        self._duck.run(f"CREATE TABLE clean_rows AS {self._woven.sql(self._rows)}")
        answer = self._duck.ask(self._dialect.sql(query.facts(self._woven.table(), self._recipe)))
        return {fact: int(column[0]) for fact, column in answer.items()}

    def rows_read(self, facts: Mapping[str, int]) -> int:
        if self._rows == self._file.sql and not (self._recipe.where or self._recipe.skip):
            return facts["rows"]
        return int(self._duck.rows(f"SELECT count(*) FROM ({self._file.sql})")[0][0])

    def unread(self) -> list[Remark]:
        import ibis

        self._duck.run("SET preserve_insertion_order = true")
        numbered = f'SELECT *, row_number() OVER () + 1 AS "row of" FROM ({self._file.sql})'
        schema = ibis.schema(self._columns | {"row of": "int64"})
        woven = query.cleaned(schema, self._recipe, self._dialect, carry={"row of": "row of"}).without_last()
        found = []
        for column in query.read_columns(self._recipe):
            bad = query.unread(woven.table(), column, self._recipe, self._dialect)
            asked = bad.select(row="row of", said=f"said_{column.name}").order_by("row").limit(MOST_SAID)
            for row, words in self._duck.rows(woven.sql(numbered, asked)):
                found.append((row, query.remark(column, words, tr("row {n}", n=row))))
        return [remark for _, remark in sorted(found, key=lambda f: f[0])][:MOST_SAID]

    def span(self) -> tuple[date, date] | None:
        days = ["opened", *(["closed"] if self._recipe.closed and self._recipe.key else [])]
        newest = f"greatest({', '.join(f'max({d})' for d in days)})"
        found = self._duck.rows(f"SELECT min(opened)::DATE, {newest}::DATE FROM clean_rows")[0]
        return None if None in found else found

    def words(self, column: str) -> list[str]:
        said = f"trim({name(column)})"
        sql = f"SELECT {said} FROM ({self._rows}) WHERE {said} <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 8"
        return [words for (words,) in self._duck.rows(sql)]

    def answers(self, again: bool, as_of: date) -> Iterator[tuple[Question, Mapping[str, Any]]]:
        import ibis

        once = query.once(self._woven.table(), self._recipe, again)
        self._duck.run(f"CREATE {'TABLE' if again else 'VIEW'} once_rows AS {self._dialect.sql(once)}")
        asked = query.questions(ibis.table(once.schema(), name="once_rows"), self._recipe, as_of)
        for n, question in enumerate(asked):
            self._duck.report(0.5 + 0.3 * n / len(asked), tr("Counting"))
            yield question, self._duck.ask(self._dialect.sql(question.expression))


def forms_of(duck: Duck, rows: str, recipe: RecordRecipe) -> dict[str, tuple[str, ...]]:
    """The forms of dates in some of the rows, the commonest first: a form that fails takes longer than one that fits."""
    titles = [t for t in (recipe.opened, recipe.closed) if t]
    some = duck.rows(f"SELECT {', '.join(map(name, titles))} FROM ({rows}) LIMIT {LOOKED_AT}")
    forms = ("", *all_forms(recipe))
    tests = ["count(try_cast(day AS DATE))", *(f"count(try_strptime(day, '{f}'))" for f in forms[1:])]
    found = {}
    for title, words in zip(titles, zip(*some, strict=True), strict=False):
        days = [w.strip() for w in words if w and w.strip()]
        counts = duck.rows(f"SELECT {', '.join(tests)} FROM (SELECT unnest(?) AS day)", [days])[0]
        fits = sorted(((n, -i) for i, n in enumerate(counts) if n), reverse=True)
        found[title] = tuple(forms[-i] for _, i in fits)
    return found
