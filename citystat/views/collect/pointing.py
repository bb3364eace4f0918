"""What can be said of a column, a row or a cell that a person points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from citystat.collect import reading
from citystat.collect.apply import Remark
from citystat.collect.readers import Sheet
from citystat.collect.recipe import Recipe
from citystat.texts import tr
from citystat.views.collect.preview import ROLE_WORDS

Change = Callable[[Recipe], object]
ROLE_HINTS = {
    reading.PERIOD: "The date, month or year that a row is about", reading.VALUE: "Figures that become a measure",
    reading.MEASURE: "Words that say which measure a row is about", reading.BREAKDOWN: "Words that split the figures: district, type",
    reading.NUMERATOR: "The upper part of a share: answered on time", reading.DENOMINATOR: "The lower part of a share: all answered",
    reading.LEFT_OUT: "Not brought in",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A line of a menu. holds: whether it is so now, None where that is no question."""

    words: str
    do: Callable[[], object]
    tip: str = ""
    holds: bool | None = None


def at_column(recipe: Recipe, played: tuple[str, ...], set_role: Callable[[str], object]) -> list[Act]:
    """The roles that a column may have; figures may have several at once."""
    return [
        Act(tr(ROLE_WORDS[role]), lambda r=role: set_role(r), tr(ROLE_HINTS[role]), role in played)
        for role in reading.OFFERED[recipe.layout]
    ]


def at_row(sheet: Sheet, recipe: Recipe, row: int, change: Change) -> list[Act]:
    """Headings here, there too, no longer here; rows that begin so are left out. row: from 0."""
    header, n = recipe.header, row + 1
    found = [Act(tr("Headings are here"), lambda: change(replace(recipe, header=(n,))))]
    if n in header and len(header) > 1:
        fewer = tuple(h for h in header if h != n)
        found.append(Act(tr("No headings here"), lambda: change(replace(recipe, header=fewer))))
    elif n not in header:
        more = tuple(sorted((*header, n)))
        found.append(Act(tr("Headings are here, too"), lambda: change(replace(recipe, header=more))))
    words = reading.Place(sheet, row, 0).row_words
    return [*found, _skip(recipe, words, change)] if words and n > max(header) else found


def at_remark(
    place: reading.Place, recipe: Recipe, remark: Remark, change: Change, set_role: Callable[[int, str], object]
) -> list[Act]:
    """What can be done about a cell."""
    found = []
    word = " ".join(str(place.cell).lower().split())
    if isinstance(place.cell, str) and remark.error:
        missing = (*recipe.missing, word)
        found.append(Act(tr("“{word}” means missing", word=place.cell[:40]), lambda: change(replace(recipe, missing=missing))))  # fmt: skip
    if place.row_words:
        found.append(_skip(recipe, place.row_words, change))
    if reading.LEFT_OUT in reading.OFFERED[recipe.layout]:
        found.append(Act(tr("Leave the column out"), lambda: set_role(place.column, reading.LEFT_OUT)))
    return found


def _skip(recipe: Recipe, words: str, change: Change) -> Act:
    return Act(
        tr("Leave out rows that begin with “{words}”", words=words[:40]),
        lambda: change(replace(recipe, skip_rows=(*recipe.skip_rows, words))),
    )
