"""A recipe applied to a file: candidate observations, each knowing its cell, and everything wrong by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from citystat import periods
from citystat.collect.readers import Sheet, Source
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.values import Cell, Number, When, number, period
from citystat.collect.words import AVERAGES, MONTHS, TOTALS, folded
from citystat.errors import CityStatError
from citystat.texts import tr

Breakdown = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Remark:
    """Something at a place; error: it stands in the way of the import."""

    place: str
    reason: str
    error: bool = False


@dataclass(frozen=True)
class Candidate:
    """One value for a measure (by its place in the recipe), a period and a cell of the breakdowns."""

    measure: int
    start: date
    frequency: str
    breakdown: Breakdown
    value: float | None
    numerator: float | None
    denominator: float | None
    place: str


@dataclass
class Batch:
    """All that a file brings, and what is to be said about it."""

    rows_read: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def errors(self) -> list[Remark]:
        """What stands in the way."""
        return [r for r in self.remarks if r.error]

    @property
    def value_count(self) -> int:
        """How many observations come of it, after adding up."""
        return len({(c.measure, c.start, c.breakdown) for c in self.candidates})

    @property
    def measure_count(self) -> int:
        """How many measures have at least one value."""
        return len({c.measure for c in self.candidates})

    def takes(self, sheet_name: str, row: int, column: int) -> bool:
        """Whether the cell (counted from 0) becomes a value."""
        return Sheet(sheet_name, ()).place(row, column) in self._taken

    @cached_property
    def _taken(self) -> set[str]:
        return {c.place for c in self.candidates}


def apply(source: Source, recipe: Recipe) -> Batch:
    """Read `source` by `recipe`. Nothing is written; CityStatError where the recipe does not fit the file at all."""
    batch = Batch()
    for sheet in _sheets(source, recipe):
        titles = heading(sheet, recipe.header)
        _check_titles(source, sheet, recipe, titles)
        LAYOUTS[recipe.layout](sheet, recipe, titles, batch)
    if not batch.candidates and not batch.errors:
        raise CityStatError(
            tr("No numbers were found"), where=source.name, do=tr("Check heading row, sheet and columns")
        )
    return batch


def heading(sheet: Sheet, rows: tuple[int, ...]) -> list[str]:
    """The titles of the columns: heading rows joined by a space; an empty upper cell takes what stands left of it."""
    parts: list[list[str]] = []
    for number_, row in enumerate(rows):
        cells = list(sheet.rows[row - 1]) if 0 < row <= len(sheet.rows) else []
        texts, last = [], ""
        for cell in cells:
            text = _title(cell)
            last = text or (last if number_ < len(rows) - 1 else "")
            texts.append(last)
        parts.append(texts)
    width = max((len(p) for p in parts), default=0)
    return [" ".join(p[i] for p in parts if i < len(p) and p[i]).strip() for i in range(width)]


def _title(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split())


def _sheets(source: Source, recipe: Recipe) -> list[Sheet]:
    if not recipe.sheets:
        return [s for s in source.sheets if not s.hidden]
    known = {s.name: s for s in source.sheets}
    for name in recipe.sheets:
        if name not in known:
            raise CityStatError(
                tr("There is no sheet “{name}”", name=name),
                where=source.name,
                do=tr("It has: {names}", names=", ".join(known)),
            )
    return [known[name] for name in recipe.sheets]


def _check_titles(source: Source, sheet: Sheet, recipe: Recipe, titles: list[str]) -> None:
    """Columns that the recipe names must be there, and be one."""
    wanted = [recipe.period if recipe.layout != "wide" else "", recipe.measure, *recipe.breakdowns, *recipe.where]
    if recipe.layout == "long":
        for m in recipe.measures:
            wanted += [t for text in (m.value, m.numerator, m.denominator) for t in _terms(text, titles)]
    for name in filter(None, wanted):
        count = titles.count(name)
        where = f"{source.name}, {sheet.name}" if sheet.name else source.name
        if count == 0:
            raise CityStatError(
                tr("There is no column “{name}”", name=name),
                where=where,
                do=tr("It has: {names}", names=", ".join(filter(None, titles))[:300]),
            )
        if count > 1:
            raise CityStatError(
                tr("Two columns are called “{name}”", name=name), where=where, do=tr("Rename one of them in the file")
            )


def _terms(text: str, titles: list[str]) -> list[str]:
    """ "attendances - breaches" names two columns, unless a column is called just that."""
    return [text] if text in titles or not text else [t.strip() for t in text.split(" - ")]


## Long: a row is a period


def _long(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    column = {title: i for i, title in enumerate(titles) if title}
    for at in range(max(recipe.header), len(sheet.rows)):
        row = sheet.rows[at]
        if all(c is None for c in row):
            continue
        batch.rows_read += 1
        if _left_out(row, recipe) or not _wanted(row, column, recipe):
            continue
        when = _when(sheet, at, row, column, recipe, batch)
        if when is None:
            continue
        breakdown = tuple(sorted((b, _title(_cell(row, column[b])) or tr("not stated")) for b in recipe.breakdowns))
        for place, measure in _row_measures(row, column, recipe):
            found = _figures(sheet, at, row, column, measure, recipe, batch)
            if found is not None:
                cell = column[_terms(measure.value or measure.numerator, titles)[0]]
                batch.candidates.append(Candidate(place, *when, breakdown, *found, sheet.place(at, cell)))


def _row_measures(row: tuple[Cell, ...], column: dict[str, int], recipe: Recipe) -> Iterator[tuple[int, MeasureMap]]:
    """The measures that this row speaks of."""
    said = folded(_title(_cell(row, column[recipe.measure]))) if recipe.measure else ""
    for place, measure in enumerate(recipe.measures):
        if recipe.measure and folded(measure.name or measure.code) != said:
            continue
        if all(
            folded(_title(_cell(row, column[c]))) == folded(str(w)) for c, w in measure.where.items() if c in column
        ):
            yield place, measure


def _when(
    sheet: Sheet, at: int, row: tuple[Cell, ...], column: dict[str, int], recipe: Recipe, batch: Batch
) -> tuple[date, str] | None:
    place = column[recipe.period]
    cell = _cell(row, place)
    when = period(cell, year_start=recipe.year_start, day_first=recipe.day_first, fiscal=recipe.fiscal)
    if when is None:
        words = folded(_title(cell))
        if cell is None or words in TOTALS or words in AVERAGES:
            batch.remarks.append(Remark(sheet.place(at, place), tr("No period: the row is left out")))
        else:
            batch.remarks.append(
                Remark(sheet.place(at, place), tr("“{text}” is not a period", text=str(cell)[:60]), True)
            )
        return None
    return _regular(when, recipe)


def _regular(when: When, recipe: Recipe) -> tuple[date, str]:
    """The period in the recipe's frequency."""
    frequency = recipe.frequency or when.frequency
    return periods.start_of(
        when.start,
        frequency,
        recipe.year_start
        if recipe.fiscal
        else when.start.month
        if frequency == "year" and when.frequency == "year"
        else 1,
    ), frequency


def _figures(
    sheet: Sheet,
    at: int,
    row: tuple[Cell, ...],
    column: dict[str, int],
    measure: MeasureMap,
    recipe: Recipe,
    batch: Batch,
) -> tuple[float | None, float | None, float | None] | None:
    """Value, numerator and denominator of a row; None where there is nothing to keep."""
    titles = list(column)
    read = [
        _sum([_number(sheet, at, row, column[t], recipe, batch) for t in _terms(text, titles)]) if text else None
        for text in (measure.value, measure.numerator, measure.denominator)
    ]
    if measure.denominator:
        return None if read[1] is None or read[2] is None else (None, read[1], read[2])
    return None if read[0] is None else (read[0], None, None)


def _sum(parts: list[float | None]) -> float | None:
    """The first less the others; missing where one is missing."""
    known = [p for p in parts if p is not None]
    return known[0] - sum(known[1:]) if parts and len(known) == len(parts) else None


def _number(sheet: Sheet, at: int, row: tuple[Cell, ...], place: int, recipe: Recipe, batch: Batch) -> float | None:
    cell = _cell(row, place)
    found = number(cell, recipe.decimal, recipe.missing)
    _note(sheet.place(at, place), cell, found, batch)
    return found.value


def _note(place: str, cell: Cell, found: Number, batch: Batch) -> None:
    """What a person should know of a cell."""
    if found.bad:
        batch.remarks.append(Remark(place, tr("“{text}” is not a number", text=str(cell)[:60]), True))
    elif found.remark:
        batch.remarks.append(Remark(place, found.remark))


## Wide: periods stand across


def _wide(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    column = {title: i for i, title in enumerate(titles) if title}
    across = [(i, w) for i, t in enumerate(titles) if (w := _across(t, sheet, recipe)) and t not in recipe.skip_columns]
    if not across:
        raise CityStatError(
            tr("No column is headed by a period"),
            where=sheet.name,
            do=tr("Check the heading rows, or choose the long layout"),
        )
    first = across[0][0]
    names = column.get(recipe.measure, 0 if first else -1)
    by_name = {folded(m.value or m.name or m.code): i for i, m in enumerate(recipe.measures)}
    for at in range(max(recipe.header), len(sheet.rows)):
        row = sheet.rows[at]
        if all(c is None for c in row):
            continue
        batch.rows_read += 1
        if _left_out(row, recipe) or not _wanted(row, column, recipe):
            continue
        measure = _wide_measure(row, column, names, by_name, recipe)
        if measure is None:
            if any(number(_cell(row, i), recipe.decimal).value is not None for i, _ in across):
                batch.remarks.append(
                    Remark(
                        sheet.place(at, max(names, 0)),
                        tr("“{text}” is not mapped: the row is left out", text=_title(_cell(row, names))[:60]),
                    )
                )
            continue
        breakdown = tuple(sorted((b, _title(_cell(row, column[b])) or tr("not stated")) for b in recipe.breakdowns))
        for i, when in across:
            cell = _cell(row, i)
            found = number(cell, recipe.decimal, recipe.missing)
            place = sheet.place(at, i)
            _note(place, cell, found, batch)
            if isinstance(cell, str) and found.value is not None and sheet.name:
                batch.remarks.append(
                    Remark(place, tr("A number kept as text: read as {value}", value=f"{found.value:,.10g}"))
                )
            if found.value is not None:
                value = found.value * recipe.measures[measure].multiplier
                batch.candidates.append(
                    Candidate(measure, *_regular(when, recipe), breakdown, value, None, None, place)
                )


def _across(title: str, sheet: Sheet, recipe: Recipe) -> When | None:
    """A heading as a period; a bare month takes its year from the sheet's fiscal year ("FY22")."""
    if folded(title) in AVERAGES or any(folded(title).startswith(w) for w in AVERAGES):
        return None
    when = period(title, year_start=recipe.year_start, fiscal=recipe.fiscal)
    if when:
        return when
    words = re.findall(r"[^\W\d_]+|\d{4}", folded(title))
    month = next((MONTHS[w] for w in words if w in MONTHS), None)
    year = next((int(w) for w in words if w.isdigit()), None)
    if month and year:
        return When(date(year, month, 1), "month")
    whole = period(sheet.name, year_start=recipe.year_start, fiscal=True)
    if month and len(words) == 1 and whole and whole.frequency == "year":
        start = whole.start
        return When(date(start.year + (month < start.month), month, 1), "month")
    return None


def _wide_measure(
    row: tuple[Cell, ...], column: dict[str, int], names: int, by_name: dict[str, int], recipe: Recipe
) -> int | None:
    """Which measure a row is: by its words, or the only one there is."""
    if names >= 0 and recipe.measure:
        return by_name.get(folded(_title(_cell(row, names))))
    fits = [
        i for i, m in enumerate(recipe.measures)
        if all(folded(_title(_cell(row, column[c]))) == folded(str(w)) for c, w in m.where.items() if c in column)
    ]  # fmt: skip
    return fits[0] if fits else None


## Crossed: years down, months across


def _crossed(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    """The year stands in the period's column, the month in the heading, beside the words of a measure."""
    column = {title: i for i, title in enumerate(titles) if title}
    across = [(i, month, measure) for i, t in enumerate(titles) for month, measure in _month_and_measure(t, recipe)]
    if not across:
        raise CityStatError(tr("No column is headed by a month"), where=sheet.name, do=tr("Check the heading rows"))
    for at in range(max(recipe.header), len(sheet.rows)):
        row = sheet.rows[at]
        year = period(_cell(row, column.get(recipe.period, 0)))
        if year is None or year.frequency != "year":
            continue
        batch.rows_read += 1
        for i, month, measure in across:
            found = number(_cell(row, i), recipe.decimal, recipe.missing)
            _note(sheet.place(at, i), _cell(row, i), found, batch)
            if found.value is not None:
                start = date(year.start.year, month, 1)
                batch.candidates.append(
                    Candidate(measure, start, "month", (), found.value, None, None, sheet.place(at, i))
                )


def _month_and_measure(title: str, recipe: Recipe) -> Iterator[tuple[int, int]]:
    words = re.findall(r"[^\W\d_]+", folded(title))
    month = next((MONTHS[w] for w in words if w in MONTHS), None)
    for place, measure in enumerate(recipe.measures):
        if month and all(w in words for w in folded(measure.value).split()):
            yield month, place
            return


LAYOUTS = {"long": _long, "wide": _wide, "crossed": _crossed}


## Both


def _cell(row: tuple[Cell, ...], place: int) -> Cell:
    return row[place] if 0 <= place < len(row) else None


def _left_out(row: tuple[Cell, ...], recipe: Recipe) -> bool:
    """Rows that the recipe skips, and total rows."""
    words = folded(_title(next((c for c in row if c is not None), None)))
    return words in TOTALS or any(words == folded(s) for s in recipe.skip_rows)


def _wanted(row: tuple[Cell, ...], column: dict[str, int], recipe: Recipe) -> bool:
    return all(folded(_title(_cell(row, column[c]))) == folded(str(w)) for c, w in recipe.where.items())
