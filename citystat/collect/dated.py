"""A sheet per month, where the month stands in the sheet's title only: the title becomes a column that holds the period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from citystat.collect.readers import Sheet, Source
from citystat.collect.recipe import Recipe

SHEET = "(sheet)"  # a recipe's period where the sheet's title says it; no column of a file is called so


def dated(source: Source, recipe: Recipe) -> Source:
    """`source` with the title of each sheet in a last column, where the recipe takes its periods from there."""
    if recipe.period != SHEET:
        return source
    return replace(source, sheets=tuple(with_title(s, recipe.header) for s in source.sheets))


def with_title(sheet: Sheet, header: tuple[int, ...]) -> Sheet:
    """The sheet with a column more: headed SHEET, its title in every row below that says anything."""
    if not sheet.columns:
        return sheet
    top = max(header)
    title = np.full(sheet.height, "", dtype=object)
    said = np.zeros(sheet.height, dtype=bool)
    for column in sheet.columns:
        said |= column != ""
    title[said] = sheet.name
    title[:top] = ""
    if top <= sheet.height:
        title[top - 1] = SHEET
    return Sheet(sheet.name, [*sheet.columns, title], sheet.hidden)
