"""The wide layout: periods stand across."""

from __future__ import annotations

import numpy as np

from citystat.collect import columns
from citystat.collect.batch import Batch, Ints, Remark, Values
from citystat.collect.long import unmapped
from citystat.collect.recipe import Recipe
from citystat.collect.sheet import Sheet
from citystat.collect.values import When, number
from citystat.errors import CityStatError
from citystat.texts import tr


def take(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    """The values of a sheet, one for each row and period."""
    column = {t: i for i, t in enumerate(titles) if t}
    across = _across(sheet, recipe, titles, batch)
    names = column.get(recipe.measure, -1)
    rows = columns.body(sheet, recipe, column, batch)
    measure = _measures(sheet, rows, column, names, recipe)
    if names >= 0:
        _left_over(sheet, rows[measure < 0], [i for i, _ in across], names, recipe, batch)
    rows, measure = rows[measure >= 0], measure[measure >= 0]
    if not len(rows) or not across:
        return
    cell = columns.cells(sheet, rows, recipe, column, batch)
    frequency = columns.frequency_of([w for _, w in across], recipe)
    scale = np.array([m.multiplier for m in recipe.measures])
    for i, when in across:
        value = columns.numbers(sheet, rows, i, recipe, batch)
        at = np.flatnonzero(~np.isnan(value))
        if not len(at):
            continue
        full, none = np.zeros(len(at), dtype=np.int64), np.full(len(at), np.nan)
        start = columns.regular(when, frequency, recipe).toordinal()
        batch.parts.append(
            Values(
                measure[at], full + when.start.toordinal(), full + start, cell[at], value[at] * scale[measure[at]], none, none,
                full + len(batch.sheets) - 1, rows[at], full + i,
            )
        )  # fmt: skip
        batch.cells_taken.append((sheet.name, rows[at], full + i))
        for m in np.unique(measure[at]).tolist():
            batch.frequencies.setdefault(m, frequency)


def _across(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> list[tuple[int, When]]:
    """The columns that are headed by a period; a year among months is said and left out."""
    found = [
        (i, w) for i, t in enumerate(titles) if t not in recipe.skip_columns and (w := columns.when(t, sheet, recipe))
    ]
    if not found:
        raise CityStatError(
            tr("No column is headed by a period"),
            where=sheet.name,
            do=tr("Check the heading rows, or choose the long layout"),
        )
    frequency = columns.frequency_of([w for _, w in found], recipe)
    kept = []
    for i, when in found:
        if columns.misfit(when, frequency):
            reason = tr("“{text}” is a {kind}, the others are a {usual}: the column is left out", text=titles[i], kind=tr(when.frequency), usual=tr(frequency))  # fmt: skip
            batch.remarks.append(Remark(sheet.place(max(recipe.header) - 1, i), reason))
        else:
            kept.append((i, when))
    return kept


def _measures(sheet: Sheet, rows: Ints, column: dict[str, int], names: int, recipe: Recipe) -> Ints:
    """Which measure each row is, by its words or by the measure's own condition; -1 where none."""
    found = np.full(len(rows), -1, dtype=np.int64)
    for place, m in reversed(list(enumerate(recipe.measures))):
        mine = np.ones(len(rows), dtype=bool)
        if names >= 0:
            mine &= columns.saying(sheet, rows, names, columns.said(m.value or m.name or m.code))
        for name, wanted in m.where.items():
            mine &= columns.saying(sheet, rows, column[name], columns.said(wanted))
        found[mine] = place
    return found


def _left_over(sheet: Sheet, rows: Ints, across: list[int], names: int, recipe: Recipe, batch: Batch) -> None:
    """Rows with numbers that no measure of the recipe wants; group headings and notes have none."""
    holds = [
        any(number(sheet.columns[i][row], recipe.decimal, recipe.missing).value is not None for i in across)
        for row in rows.tolist()
    ]
    unmapped(sheet, rows[np.array(holds, dtype=bool)], names, batch)
