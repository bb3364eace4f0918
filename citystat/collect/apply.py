"""A recipe applied to a file: candidate observations, each knowing its cell, and everything wrong by cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from citystat.collect import crossed, dated, long, wide
from citystat.collect.batch import Batch, Remark
from citystat.collect.columns import said_words, title
from citystat.collect.readers import Progress, Sheet, Source
from citystat.collect.recipe import Recipe, check, terms
from citystat.errors import CityStatError
from citystat.texts import tr

__all__ = ["Batch", "Remark", "apply", "heading", "sheets_of", "titles_of"]

LAYOUTS = {"long": long.take, "wide": wide.take, "crossed": crossed.take}


def apply(source: Source, recipe: Recipe, progress: Progress | None = None) -> Batch:
    """Read `source` by `recipe`. Nothing is written; CityStatError where the recipe does not fit the file at all."""
    check(recipe, source.name)
    batch = Batch()
    sheets = sheets_of(source, recipe)
    for n, sheet in enumerate(sheets):
        if progress:
            progress.report(n / len(sheets), sheet.name)
        if not sheet.columns:
            batch.remarks.append(Remark(sheet.name, tr("The sheet is empty")))
            continue
        titles = titles_of(sheet, recipe)
        _check_titles(source, sheet, recipe, titles)
        sheet = said_words(_meant(sheet, recipe, titles), recipe, titles, batch)
        batch.sheets.append(sheet)
        read_by = recipe
        if recipe.dated:
            sheet = dated.with_period(source.name, sheet, recipe)
            titles = [*titles, *[""] * (len(sheet.columns) - 1 - len(titles)), dated.PERIOD]
            read_by = replace(recipe, period=dated.PERIOD)
        try:
            LAYOUTS[recipe.layout](sheet, read_by, titles, batch)
        except CityStatError as error:
            error.where = ", ".join(filter(None, [source.name, error.where]))
            raise
    if not batch.parts and not batch.errors:
        raise CityStatError(
            tr("No numbers were found"), where=source.name, do=tr("Check heading row, sheet and columns")
        )
    return batch


def heading(sheet: Sheet, rows: tuple[int, ...]) -> list[str]:
    """The titles of the columns: heading rows joined by a space; an empty upper cell takes what stands left of it."""
    parts: list[list[str]] = []
    for number_, row in enumerate(rows):
        texts, last = [], ""
        for cell in sheet.rows[row - 1] if 0 < row <= sheet.height else ():
            text = title(cell)
            last = text or (last if number_ < len(rows) - 1 else "")
            texts.append(last)
        parts.append(texts)
    width = max((len(p) for p in parts), default=0)
    return [" ".join(p[i] for p in parts if i < len(p) and p[i]).strip() for i in range(width)]


def titles_of(sheet: Sheet, recipe: Recipe) -> list[str]:
    """The titles of the columns as the recipe calls them: one that was renamed in the file keeps its old name."""
    found = heading(sheet, recipe.header)
    return [recipe.titles[t] if t in recipe.titles and recipe.titles[t] not in found else t for t in found]


def _meant(sheet: Sheet, recipe: Recipe, titles: list[str]) -> Sheet:
    """`sheet` with the words that the recipe says are meant; every cell keeps its place."""
    body = max(recipe.header)
    sheet = sheet.unmerged(body)
    spoken = {titles.index(name): meant for name, meant in recipe.words.items() if name in titles}
    if not spoken:
        return sheet
    columns = list(sheet.columns)
    for at, meant in spoken.items():
        codes, cells = sheet.distinct(at)
        words = np.array([meant.get(title(c), c) for c in cells], dtype=object)
        columns[at] = np.concatenate([sheet.columns[at][:body], words[codes][body:]])
    return sheet.holding(columns)


def sheets_of(source: Source, recipe: Recipe) -> list[Sheet]:
    """The sheets that the recipe takes in; CityStatError where one is not there."""
    known = {s.name: s for s in source.sheets}
    for name in recipe.sheets:
        if name not in known:
            raise CityStatError(
                tr("There is no sheet “{name}”", name=name),
                where=source.name,
                do=tr("It has: {names}", names=", ".join(known)),
            )
    return taken(source, recipe)


def taken(source: Source, recipe: Recipe) -> list[Sheet]:
    """The sheets that the recipe takes in, as far as they are there: those it names, else all that are visible and not left out."""
    if recipe.sheets:
        known = {s.name: s for s in source.sheets}
        return [known[name] for name in recipe.sheets if name in known]
    return [s for s in source.sheets if not s.hidden and s.name not in recipe.skip_sheets]


def _check_titles(source: Source, sheet: Sheet, recipe: Recipe, titles: list[str]) -> None:
    """Columns that the recipe names must be there, and be one."""
    wanted = [
        recipe.period if recipe.layout != "wide" and not recipe.dated else "",
        recipe.measure,
        *recipe.breakdowns,
        *recipe.where,
    ]
    for m in recipe.measures:
        wanted += m.where
        if recipe.layout == "long":
            wanted += [t for text in (m.value, m.numerator, m.denominator) for t in terms(text, titles)]
    where = f"{source.name}, {sheet.name}" if sheet.name else source.name
    if recipe.layout == "long" and not recipe.period and not recipe.dated:
        raise CityStatError(
            tr("Which column holds the period is not said"),
            where=where,
            do=tr("It has: {names}", names=", ".join(filter(None, titles))[:300]),
        )
    for name in filter(None, wanted):
        count = titles.count(name)
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
