"""The long layout: a row is a period."""

from __future__ import annotations

import numpy as np

from citystat.collect import columns
from citystat.collect.batch import Batch, Floats, Ints, Remark, Values
from citystat.collect.columns import Bools
from citystat.collect.recipe import MeasureMap, Recipe, terms
from citystat.collect.sheet import Sheet
from citystat.collect.values import Number, number
from citystat.collect.words import AVERAGES, folded
from citystat.printable import shown
from citystat.texts import plural, tr

Figures = tuple[Floats, Floats, Floats]


def take(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    """The values of a sheet, one or several of each row."""
    column = {t: i for i, t in enumerate(titles) if t}
    rows = columns.body(sheet, recipe, column, batch)
    rows, day, start, frequency = _periods(sheet, rows, column[recipe.period], recipe, batch)
    if not len(rows):
        return
    cell = columns.cells(sheet, rows, recipe, column, batch)
    spoken = np.zeros(len(rows), dtype=bool)
    for place, m in enumerate(recipe.measures):
        mine = _speaks(sheet, rows, column, recipe, m)
        spoken |= mine
        at = np.flatnonzero(mine)
        value, top, bottom, used = _figures(sheet, rows[at], column, m, recipe, titles, batch)
        kept = ~np.isnan(bottom + top if m.denominator else value)
        at = at[kept]
        if not len(at):
            continue
        full = np.full(len(at), 0, dtype=np.int64)
        batch.frequencies.setdefault(place, frequency)
        batch.parts.append(
            Values(
                full + place, day[at], start[at], cell[at], value[kept], top[kept], bottom[kept],
                full + len(batch.sheets) - 1, rows[at], full + used[0],
            )
        )  # fmt: skip
        batch.cells_taken += [(sheet.name, rows[at], full + u) for u in used]
    if recipe.measure:
        unmapped(sheet, rows[~spoken], column[recipe.measure], batch)


def _periods(sheet: Sheet, rows: Ints, place: int, recipe: Recipe, batch: Batch) -> tuple[Ints, Ints, Ints, str]:
    """The rows that have a period, with the day said and the period's start, as ordinals, and the frequency."""
    codes, cells = sheet.distinct(place)
    used = np.unique(codes[rows]).tolist()
    found = {code: columns.when(cells[code], sheet, recipe) for code in used}
    frequency = columns.frequency_of([w for w in found.values() if w], recipe)
    day, start = np.zeros(len(cells), dtype=np.int64), np.zeros(len(cells), dtype=np.int64)
    odd: dict[int, Remark] = {}
    for code, when in found.items():
        if when is None:
            odd[code] = _no_period(cells[code])
        elif columns.misfit(when, frequency):
            reason = tr("“{text}” is a {kind}, the others are a {usual}", text=columns.title(cells[code]), kind=tr(when.frequency), usual=tr(frequency))  # fmt: skip
            odd[code] = Remark("", reason, True)
        else:
            day[code], start[code] = when.start.toordinal(), columns.regular(when, frequency, recipe).toordinal()
    out = np.isin(codes[rows], list(odd))
    for row in rows[out].tolist():
        remark = odd[int(codes[row])]
        note = remark.error and _is_note(sheet, row, place)
        reason = tr("A note: the row is left out") if note else remark.reason
        batch.remarks.append(Remark(sheet.place(row, place), reason, remark.error and not note))
    rows = rows[~out]
    return rows, day[codes[rows]], start[codes[rows]], frequency


def _no_period(cell: object) -> Remark:
    text = folded(columns.title(cell))  # type: ignore[arg-type]
    if number(text or None) == Number(None) or text in AVERAGES or (number(text).remark and not number(text).bad):
        return Remark("", tr("No period: the row is left out"))
    return Remark("", tr("“{text}” is not a period", text=shown(cell)), True)


def _is_note(sheet: Sheet, row: int, place: int) -> bool:
    """Words that stand alone in a row below a table are a note."""
    cells = [(i, c) for i, c in enumerate(sheet.rows[row]) if c is not None]
    return len(sheet.columns) > 1 and len(cells) == 1 and isinstance(cells[0][1], str) and not cells[0][1][:1].isdigit()


def _speaks(sheet: Sheet, rows: Ints, column: dict[str, int], recipe: Recipe, m: MeasureMap) -> Bools:
    """Which rows speak of a measure."""
    mine = np.ones(len(rows), dtype=bool)
    if recipe.measure:
        mine &= columns.saying(sheet, rows, column[recipe.measure], columns.said(m.name or m.code))
    for name, wanted in m.where.items():
        mine &= columns.saying(sheet, rows, column[name], columns.said(wanted))
    return mine


def _figures(
    sheet: Sheet, rows: Ints, column: dict[str, int], m: MeasureMap, recipe: Recipe, titles: list[str], batch: Batch
) -> tuple[Floats, Floats, Floats, list[int]]:
    """Value, numerator and denominator of each row, and the columns they stand in."""
    none = np.full(len(rows), np.nan)
    if m.aggregation == "count" and not m.denominator:
        if not m.value:
            return np.ones(len(rows)), none, none, [0 if recipe.dated else column[recipe.period]]
        there = sheet.columns[column[m.value]][rows] != ""
        return np.where(there, 1.0, np.nan), none, none, [column[m.value]]
    read, used = [], []
    for text in (m.numerator, m.denominator) if m.denominator else (m.value,):
        parts = [column[t] for t in terms(text, titles)]
        read.append(_difference(sheet, rows, parts, recipe, batch))
        used += parts
    used = list(dict.fromkeys(used))
    return (none, read[0], read[1], used) if m.denominator else (read[0], none, none, used)


def _difference(sheet: Sheet, rows: Ints, parts: list[int], recipe: Recipe, batch: Batch) -> Floats:
    """The first column less the others; two columns of days give the days between them."""
    if len(parts) == 2:
        later, earlier = (columns.dates(sheet, rows, p, recipe) for p in parts)
        if later is not None and earlier is not None:
            return later - earlier
    known = batch.remarks.copy()
    read = [columns.numbers(sheet, rows, p, recipe, batch) for p in parts]
    said = set(known)
    batch.remarks[len(known) :] = [r for r in batch.remarks[len(known) :] if r not in said]  # a column read twice
    return np.asarray(read[0] - sum(read[1:])) if len(read) > 1 else read[0]


def unmapped(sheet: Sheet, rows: Ints, column: int, batch: Batch) -> None:
    """Say, once for each word, which rows speak of no measure of the recipe."""
    codes, titles = columns.words(sheet, rows, column)
    for code in np.unique(codes).tolist():
        mine = rows[codes == code]
        reason = plural(
            len(mine), "“{text}” is not mapped: the row is left out", "“{text}” is not mapped: {n} rows are left out",
            text=titles[code][:60],
        )  # fmt: skip
        batch.remarks.append(Remark(sheet.place(int(mine[0]), column), reason))
