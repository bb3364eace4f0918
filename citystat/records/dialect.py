"""Words of a file as dates and numbers, for each engine: where engines read text alike it is said once, else by engine.

DuckDB reads the forms that cities use with its own parsers, which is many times as quick as taking words apart; PostgreSQL and
Spark mostly hold dates as dates, and text is read there in the commonest forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from citystat import periods
from citystat.collect.words import MISSING
from citystat.records.recipe import RecordRecipe

if TYPE_CHECKING:
    import ibis.expr.types as ir

DUCKDB, POSTGRES, SPARK = "duckdb", "postgres", "pyspark"

_MONTH_FIRST, _DAY_FIRST = ("%m/%d/%Y", "%m-%d-%Y"), ("%d/%m/%Y", "%d-%m-%Y")
_EITHER = ("%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y")
_TIMES = ("", " %I:%M:%S %p", " %H:%M:%S", " %H:%M", " %I:%M %p", " %H:%M:%S.%f")
_THOUSANDS = {
    ".": r"^[-+−]?[$€£]? ?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?( ?[%€])?$",
    ",": r"^[-+−]?[$€£]? ?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?( ?[%€])?$",
}  # fmt: skip
_PLAIN = {".": r"^[-+−]?[$€£]? ?[0-9]+(\.[0-9]+)?( ?[%€])?$", ",": r"^[-+−]?[$€£]? ?[0-9]+(,[0-9]+)?( ?[%€])?$"}
HUGE = 1e15


@dataclass(frozen=True)
class Dialect:
    """An engine, by the name that Ibis has for it. forms: of a column's dates, as a look at some of them showed; "" is ISO's."""

    name: str
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sql(self, expression: ir.Table) -> str:
        """The query of `expression` as this engine writes it."""
        import ibis

        return str(ibis.to_sql(expression, dialect=self.name, pretty=False))

    ## In three steps, because engines would work out again and again what a later step names twice

    def said(self, column: ir.Column, recipe: RecordRecipe) -> ir.Column:
        """What a column of dates or numbers says: typed as it is, or as text."""
        kind = column.type()
        if kind.is_timestamp():
            return self._moved(column, recipe).date()
        if kind.is_date() or kind.is_numeric():
            return column
        return self.trimmed(column).nullif("")

    def trimmed(self, column: ir.Column) -> ir.StringValue:
        """A column as text, without spaces at its ends."""
        text = column.cast("string")
        return builtin("trim", "string", 1)(text) if self.name == DUCKDB else text.strip()  # three times as quick

    def unread(self, said: ir.Column, read: ir.Column, recipe: RecordRecipe) -> ir.BooleanValue:
        """Where something is said that can be read neither as what it should be nor as missing."""
        if not said.type().is_string():
            return said.notnull() & read.isnull()
        words = [*MISSING, *(w.strip().lower() for w in recipe.missing)]
        return (said.notnull() & read.isnull()).ifelse(~said.lower().isin(words), False)

    def tried_as_day(self, said: ir.Column, title: str, recipe: RecordRecipe) -> ir.DateValue:
        """A first try at a date."""
        import ibis

        if not said.type().is_string():
            return said.cast("date")
        if self.name != DUCKDB:
            return _portable_day(said, recipe)
        usual = [self._duckdb_day(said, self.forms[title], recipe)] if self.forms.get(title) else []
        return ibis.coalesce(*usual, self._duckdb_day(said, ("", *all_forms(recipe)), recipe))

    def tried_as_number(self, said: ir.Column, recipe: RecordRecipe) -> ir.FloatingValue:
        """A first try at a number."""
        if self.name == DUCKDB and said.type().is_string() and recipe.decimal == ".":
            return said.try_cast("float64")
        return _number(said, recipe)

    def day(self, said: ir.Column, tried: ir.DateValue, recipe: RecordRecipe) -> ir.DateValue:
        """A day that a city speaks of, missing where nothing can be read: others are slips of the pen."""
        import ibis

        fits = tried.between(ibis.date(periods.EARLIEST), ibis.date(periods.LATEST))
        if self.name != DUCKDB or not said.type().is_string():
            return fits.ifelse(tried, None)
        short = [f.replace("%Y", "%y") + t for f in (*_forms(recipe), "%d.%m.%Y", "%d-%b-%Y") for t in _TIMES]
        return ibis.cases(
            (fits, tried), (tried.isnull() | (tried.year() < 100), _strptime(said, short).date()), else_=None
        )

    def number(self, said: ir.Column, tried: ir.FloatingValue, recipe: RecordRecipe) -> ir.FloatingValue:
        """A number that a city may have, missing where nothing can be read."""
        found = tried.coalesce(_number(said, recipe)) if self.name == DUCKDB and said.type().is_string() else tried
        return (found.abs() < HUGE).ifelse(found, None)

    def _duckdb_day(self, said: Any, forms: Sequence[str], recipe: RecordRecipe) -> Any:
        """Text as days by these forms, tried in their order."""
        timed = said.contains(":")  # a day alone is in no time zone
        written = _strptime(said, [f for f in forms if f])
        iso, instant = said.try_cast("date"), said.try_cast("timestamp('UTC')")  # what says no zone is in the session's
        if recipe.zone:
            iso = timed.ifelse(self._moved(instant, recipe).date(), iso)
        if recipe.file_zone:
            written = timed.ifelse(self._moved(written, recipe), written)
        if "" not in forms:
            return written.date()
        return iso.coalesce(written.date()) if any(forms) else iso

    def _moved(self, column: Any, recipe: RecordRecipe) -> Any:
        """A time in the city's zone."""
        aware = column.type().timezone is not None
        if not recipe.zone or not (aware or recipe.file_zone):
            return column
        if self.name == SPARK:  # its session has the city's zone: a time that says its own is in it already
            convert = builtin("convert_timezone", "timestamp", 3)
            return column if aware else convert(recipe.file_zone, recipe.zone, column)
        zoned = builtin("timezone", "timestamp")
        if aware:
            return zoned(recipe.zone, column)
        known = builtin("timezone", "timestamp('UTC')")
        return zoned(recipe.zone, known(recipe.file_zone, column))


def all_forms(recipe: RecordRecipe) -> list[str]:
    """The forms of dates that are known, but for ISO's own."""
    return [f + t for f in dict.fromkeys((*_forms(recipe), *_EITHER)) for t in _TIMES]


def _forms(recipe: RecordRecipe) -> tuple[str, ...]:
    return _DAY_FIRST if recipe.day_first else _MONTH_FIRST


def _portable_day(said: Any, recipe: RecordRecipe) -> Any:
    import ibis

    forms = (
        (r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "%Y-%m-%d"), (r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", _forms(recipe)[0]),
        (r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", "%d.%m.%Y"),
    )  # fmt: skip
    return ibis.cases(*((said.re_search(p), said.re_extract(p, 0).as_date(form)) for p, form in forms), else_=None)


def _number(said: Any, recipe: RecordRecipe) -> Any:
    if said.type().is_numeric():
        return said.cast("float64")
    cleaned = said.re_replace(r"[$€£% ]", "").replace("−", "-")
    cleaned = cleaned.replace(",", "") if recipe.decimal == "." else cleaned.replace(".", "").replace(",", ".")
    regular = said.re_search(_PLAIN[recipe.decimal]) | said.re_search(_THOUSANDS[recipe.decimal])
    return regular.ifelse(cleaned, None).cast("float64")


def _strptime(said: Any, forms: list[str]) -> Any:
    return builtin("try_strptime", "timestamp")(said, forms)


@lru_cache(maxsize=16)
def builtin(name: str, gives: str, takes: int = 2) -> Any:
    """A function that the engine itself has, of so many arguments."""
    import ibis

    call = {1: lambda a: None, 2: lambda a, b: None, 3: lambda a, b, c: None}[takes]
    return ibis.udf.scalar.builtin(call, name=name, signature=((None,) * takes, gives))
