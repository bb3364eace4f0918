"""Periods that no column says: the sheet's name, the lines above the table, or the file's name says one for all rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePath

import numpy as np

from citystat.collect.recipe import Recipe
from citystat.collect.sheet import Sheet
from citystat.collect.values import Cell, period
from citystat.collect.words import MONTHS, folded
from citystat.errors import CityStatError
from citystat.texts import tr

SHEET, ABOVE, FILE = "sheet", "above", "file"
WHERE = {SHEET: "the sheet's name", ABOVE: "the lines above the table", FILE: "the file's name"}
PERIOD = "(period)"  # the title of the column that is laid beside the table
SHORT = 4  # words: in a longer line "may" is hardly a month
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"
FISCAL = re.compile(r"\bfy ?(?:20)?([0-9]{2})(?![0-9])")
PHRASES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9] )(?<![0-9][.,] )\b(?:{_MONTH})\.?(?:[ \-/,]*{_YEAR}|[\-' ]*'[0-9]{{2}}|-[0-9]{{2}})(?![0-9])",
        rf"(?<![0-9]){_YEAR}[ \-/,]*(?:{_MONTH})\b(?! [0-9])",
        rf"(?<![0-9\-/.]){_YEAR}[\-/. ](?:0?[1-9]|1[0-2])(?![\-/. ]?[0-9])",
        rf"\bq[1-4][ \-/]*(?:fy)? ?(?:{_YEAR}|[0-9]{{2}})(?![0-9])",
        rf"(?:\bfy)? ?{_YEAR}[ \-/]*q[1-4]\b",
        rf"\bfy ?(?:{_YEAR}|[0-9]{{2}})(?:[\-/](?:{_YEAR}|[0-9]{{2}}))?(?![0-9])",
    )
)


def with_period(file: str, sheet: Sheet, recipe: Recipe) -> Sheet:
    """`sheet` with one more column, in which every row that holds anything has its period.

    CityStatError where what the recipe points at says no month, quarter or year.
    """
    said = stated(file, sheet, recipe, recipe.dated)
    if not said:
        raise CityStatError(
            tr("{what} says no month, quarter or year", what=_what(file, sheet, recipe.dated)),
            where=f"{file}, {sheet.name}" if sheet.name else file,
            do=tr("Choose another under “Dates in”, leave the sheet out, or write the month there"),
        )
    column = np.full(sheet.height, said, dtype=object)
    column[sheet.empty(np.arange(sheet.height))] = ""
    return Sheet(sheet.name, [*sheet.columns, column], sheet.hidden)


def stated(file: str, sheet: Sheet, recipe: Recipe, where: str) -> str:
    """The period as a phrase that columns.when() reads ("Mar 2026"), "" where `where` (sheet, above, file) says none.

    A month without its year takes the year that the sheet's name, the lines above or the file's name say.
    """
    texts = list(_texts(file, sheet, recipe, where))
    for text in texts:
        found = _phrase(text, recipe)
        if found:
            return found
    month = next((m for text in texts if (m := _month_alone(text))), 0)
    return _in_year(month, file, sheet, recipe) if month else ""


def _texts(file: str, sheet: Sheet, recipe: Recipe, where: str) -> Iterator[str]:
    """The words in which a period is looked for."""
    if where == SHEET:
        yield sheet.name
    elif where == FILE:
        yield PurePath(file).stem.replace("_", " ")
    elif where == ABOVE:
        top = min(recipe.header) - 1
        yield from (_text(cell) for row in sheet.rows[:top] for cell in row if cell is not None)


def _text(cell: Cell) -> str:
    """A cell above a table; the first of a month stands for the month, as workbooks keep it."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}" if cell.day == 1 else ""
    return str(cell)


def _phrase(text: str, recipe: Recipe) -> str:
    """The part of `text` that says a month, a quarter or a year; a day says when a file was made."""
    words = folded(text)
    for part in (words, *(found[0].strip() for phrase in PHRASES if (found := phrase.search(words)))):
        part = re.sub(rf"^({_YEAR}) ([0-9]{{1,2}})$", r"\1-\2", part)
        said = period(part, year_start=recipe.year_start, fiscal=recipe.fiscal)
        if said and said.frequency != "day":
            return part
    return ""


def _month_alone(text: str) -> int:
    """The month of "Jan" or "March return", 0 where there is none or several, or a day beside it."""
    bare = FISCAL.sub("", folded(text))
    if re.search("[0-9]", re.sub(_YEAR, "", bare)):
        return 0
    words = re.findall(r"[^\W\d_]+", bare)
    months = {MONTHS[w] for w in words if w in MONTHS}
    return months.pop() if len(months) == 1 and len(words) <= SHORT else 0


def _in_year(month: int, file: str, sheet: Sheet, recipe: Recipe) -> str:
    """A month in the year that is said somewhere; in a fiscal year (FY26) where that is how it is said."""
    for where in (SHEET, ABOVE, FILE):
        for text in _texts(file, sheet, recipe, where):
            fiscal = FISCAL.search(folded(text))
            if fiscal:
                last = 2000 + int(fiscal[1])
                return f"{last - (month >= recipe.year_start > 1)}-{month:02}"
            year = re.search(rf"(?<![0-9])({_YEAR})(?![0-9])", text)
            if year:
                return f"{year[1]}-{month:02}"
    return ""


def in_fiscal_year(file: str, sheet: Sheet, recipe: Recipe) -> bool:
    """Whether a fiscal year ("FY26") is named beside the table."""
    return any(FISCAL.search(folded(text)) for where in WHERE for text in _texts(file, sheet, recipe, where))


def _what(file: str, sheet: Sheet, where: str) -> str:
    if where == SHEET:
        return tr("The sheet's name “{name}”", name=sheet.name)
    return tr("The file's name “{name}”", name=file) if where == FILE else tr("What stands above the table")
