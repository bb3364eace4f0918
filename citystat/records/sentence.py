"""A measure of records as one sentence that can be read aloud."""

from __future__ import annotations

from typing import Any

from citystat.records.recipe import RecordMeasure, RecordRecipe
from citystat.texts import tr

EACH = {
    "day": "each day", "week": "each week", "month": "each month", "quarter": "each quarter",
    "half-year": "each half-year", "year": "each year",
}  # fmt: skip


def sentence(m: RecordMeasure, recipe: RecordRecipe) -> str:
    """ "Half of the records opened each month were closed within so many days, where Kind is Garbage in alley"."""
    each = tr(EACH.get(recipe.frequency, recipe.frequency))
    which = tr("records closed {each}", each=each) if m.by == "closed" else tr("records opened {each}", each=each)
    told = _what(m, which, each)
    told = told[:1].upper() + told[1:]
    return ", ".join([told, *conditions(m.where)])


def conditions(where: dict[str, Any]) -> list[str]:
    """ "where Kind is Garbage in alley or Garbage in yard", one a column."""
    found = []
    for column, wanted in where.items():
        words = [str(w) for w in wanted] if isinstance(wanted, list | tuple) else [str(wanted)]
        found.append(tr("where {column} is {words}", column=column, words=tr(" or ").join(words)))
    return found


def _what(m: RecordMeasure, which: str, each: str) -> str:
    days = not m.value
    n, within = f"{m.percentile:g}", f"{m.within or 0:g}"
    if m.kind == "count":
        how = (
            tr("how many records were closed {each}") if m.by == "closed" else tr("how many records were opened {each}")
        )
        return how.format(each=each)
    if m.kind == "backlog":
        return tr("how many records are still open at the end of {each}", each=each)
    if m.kind == "share":
        if days:
            return tr("the share of {records} that were closed within {n} days", records=which, n=within)
        return tr("the share of {records} with “{column}” of at most {n}", records=which, column=m.value, n=within)
    if m.kind == "percentile" and days:
        return tr("the days within which {n} % of {records} were closed", records=which, n=n)
    what = tr("days from opened to closed") if days else f"“{m.value}”"
    if m.kind == "percentile":
        return tr("the {n}th percentile of {what}, of {records}", n=n, what=what, records=which)
    if m.kind == "sum":
        return tr("the sum of {what}, of {records}", what=what, records=which)
    if m.kind == "mean":
        return tr("the average of {what}, of {records}", what=what, records=which)
    return tr("the median of {what}, of {records}", what=what, records=which)
