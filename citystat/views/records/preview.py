"""From what records come to, to the rows of the list: each measure with its line and its newest figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from citystat import periods
from citystat.measures.series import Definition
from citystat.numbers import number, quantity
from citystat.records.figures import Figures, as_map
from citystat.records.query import start_of, step
from citystat.records.recipe import RecordMeasure, RecordRecipe
from citystat.records.sentence import sentence
from citystat.texts import tr
from citystat.views.records.made import Made

WHOLE = 0  # the place of the whole among the breakdowns


def made_of(
    recipe: RecordRecipe, known: Mapping[str, Definition], found: Figures | None, today: date, *, waits: bool = False
) -> list[Made]:
    """A row for each measure; found None: there are no figures, or (waits) they are being counted."""
    rows = [
        _made(n, m, recipe, known.get(m.code), found if found is not None and n in found.parts else None, today)
        for n, m in enumerate(recipe.measures)
    ]
    return [replace(row, waits=waits) for row in rows]


def _made(
    n: int, m: RecordMeasure, recipe: RecordRecipe, known: Definition | None, found: Figures | None, today: date
) -> Made:
    name, words = known.name if known else m.name or m.code, sentence(m, recipe)
    if found is None:
        return Made(m.code, name, words)
    keys, values = _whole(found, n, step(recipe.frequency))
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        return Made(m.code, name, words, latest=tr("no figure"))
    new = as_map(m)
    unit, decimals = (known.unit, known.decimals) if known else (new.unit, new.decimals)
    start = start_of(int(keys[there[-1]]), recipe.frequency)
    ended = periods.end_of(start, recipe.frequency) < today
    value = float(values[there[-1]])
    latest = number(value, decimals) if unit in ("", "count") else quantity(value, unit, decimals)
    period = periods.label(start, recipe.frequency, recipe.year_start)
    more = "" if ended else tr("{period} has not ended yet", period=period)
    return Made(m.code, name, words, tuple(values.tolist()), latest, period, more, unsettled=not ended)


def _whole(found: Figures, n: int, by: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys of the periods without a gap, and their values, nan where there is none."""
    part = found.parts[n]
    mine = part.cell == WHOLE
    keys, values = part.period[mine], part.value[mine]
    if not len(keys):
        return np.empty(0, dtype=np.int64), np.empty(0)
    every = np.arange(int(keys.min()), int(keys.max()) + 1, by)
    along = np.full(len(every), np.nan)
    along[(keys - every[0]) // by] = values
    return every, along
