"""The crossed layout: years down, months across, the words of a measure beside the month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from citystat.collect import columns
from citystat.collect.batch import Batch, Values
from citystat.collect.recipe import Recipe
from citystat.collect.sheet import Sheet
from citystat.collect.values import period
from citystat.collect.words import MONTHS, folded
from citystat.errors import CityStatError
from citystat.texts import tr


def take(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> None:
    """The values of a sheet; rows that do not begin with a year are headings and notes."""
    column = {t: i for i, t in enumerate(titles) if t}
    months = across(titles, recipe)
    if not months:
        raise CityStatError(tr("No column is headed by a month"), where=sheet.name, do=tr("Check the heading rows"))
    codes, cells = sheet.distinct(column.get(recipe.period, 0))
    found = [period(c) for c in cells]
    years = np.array([w.start.year if w and w.frequency == "year" else 0 for w in found], dtype=np.int64)[codes]
    rows = np.flatnonzero(years)
    rows = rows[rows >= max(recipe.header)]
    batch.rows_read += len(rows)
    whole = batch.cell(())
    for i, month, measure in months:
        value = columns.numbers(sheet, rows, i, recipe, batch)
        at = np.flatnonzero(~np.isnan(value))
        if not len(at):
            continue
        starts = np.array([date(int(y), month, 1).toordinal() for y in years[rows[at]]], dtype=np.int64)
        full, none = np.zeros(len(at), dtype=np.int64), np.full(len(at), np.nan)
        batch.parts.append(
            Values(
                full + measure, starts, starts, full + whole, value[at] * recipe.measures[measure].multiplier, none, none,
                full + len(batch.sheets) - 1, rows[at], full + i,
            )
        )  # fmt: skip
        batch.cells_taken.append((sheet.name, rows[at], full + i))
        batch.frequencies[measure] = "month"


def across(titles: list[str], recipe: Recipe) -> list[tuple[int, int, int]]:
    """Column, month and measure of each title that speaks of them."""
    return [(i, month, m) for i, t in enumerate(titles) for month, m in _month_and_measure(t, recipe)]


def _month_and_measure(title: str, recipe: Recipe) -> Iterator[tuple[int, int]]:
    words = re.findall(r"[^\W\d_]+", folded(title))
    month = next((MONTHS[w] for w in words if w in MONTHS), None)
    for place, measure in enumerate(recipe.measures):
        if month and all(w in words for w in folded(measure.value).split()):
            yield month, place
            return
