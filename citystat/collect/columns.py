"""A column read in one go: numbers, periods and words, each distinct cell once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.collect.batch import Batch, Floats, Ints, Remark
from citystat.collect.recipe import Recipe
from citystat.collect.sheet import Sheet
from citystat.collect.values import HUGE, Cell, Number, When, failure, number, period
from citystat.collect.words import AVERAGES, MONTHS, TOTALS, folded
from citystat.printable import one_line, shown
from citystat.texts import tr

Bools = NDArray[np.bool_]


def numbers(sheet: Sheet, rows: Ints, column: int, recipe: Recipe, batch: Batch) -> Floats:
    """The numbers in `rows` of a column, nan where missing; what is odd is remarked by cell."""
    cells = sheet.columns[column][rows].tolist()
    plain = _plain(cells) if recipe.decimal == "." else None
    if plain is not None:
        return plain
    seen: dict[Cell, int] = {}
    codes = np.array([seen.setdefault(c, len(seen)) for c in cells], dtype=np.intp)
    read = [number(c, recipe.decimal, recipe.missing) for c in seen]
    _remark(sheet, rows, column, codes, list(seen), read, batch)
    values = np.array([np.nan if n.value is None else n.value for n in read], dtype=float)
    return np.asarray(values[codes]) if read else np.empty(0)


def _plain(cells: list[Cell]) -> Floats | None:
    """Cells that are text of digits, point and minus only; None where one is anything else."""
    try:
        if "".join(cells).strip("0123456789.-"):  # type: ignore[arg-type]
            return None
        read = np.array([float(c) if c else np.nan for c in cells])  # type: ignore[arg-type]
        return None if (np.abs(read) >= HUGE).any() else read
    except (TypeError, ValueError):
        return None


def _remark(
    sheet: Sheet, rows: Ints, column: int, codes: NDArray[np.intp], words: list[Cell], read: list[Number], batch: Batch
) -> None:
    """What a person should know of a cell: not a number, taken as missing, a number kept as text in a workbook."""
    said: dict[int, Remark] = {}
    for code, (cell, found) in enumerate(zip(words, read, strict=True)):
        if found.bad:
            reason = found.remark or tr("“{text}” is not a number", text=shown(cell))
            said[code] = Remark("", reason, True)
        elif found.remark:
            said[code] = Remark("", found.remark)
        elif sheet.name and isinstance(cell, str) and found.value is not None:
            reason = tr("A number kept as text: read as {value}", value=f"{found.value:,.10g}")
            said[code] = Remark("", reason, many=tr("Numbers kept as text, read as numbers"))
    if said:
        odd = np.flatnonzero(np.isin(codes, list(said)))
        for at in odd.tolist():
            remark = said[int(codes[at])]
            batch.remarks.append(replace(remark, place=sheet.place(int(rows[at]), column)))


def dates(sheet: Sheet, rows: Ints, column: int, recipe: Recipe) -> Floats | None:
    """Days as ordinals, nan where empty; None where a cell is no day."""
    codes, words = sheet.distinct(column)
    found = [when(c, sheet, recipe) for c in words]
    if any(c != "" and (w is None or w.frequency != "day") for c, w in zip(words, found, strict=True)):
        used = set(codes[rows].tolist())
        if any(words[u] != "" and (found[u] is None or getattr(found[u], "frequency", "") != "day") for u in used):
            return None
    return np.asarray(np.array([w.start.toordinal() if w else np.nan for w in found])[codes[rows]])


def when(cell: Cell, sheet: Sheet, recipe: Recipe) -> When | None:
    """A cell as a period; a bare month takes its year from the sheet's fiscal year ("FY22")."""
    found = period(cell, year_start=recipe.year_start, day_first=recipe.day_first, fiscal=recipe.fiscal)
    if found or not isinstance(cell, str):
        return found
    text = folded(cell).strip(" .")
    if any(text.startswith(w) or text.endswith(w) for w in AVERAGES):
        return None
    words = re.findall(r"[^\W\d_]+|\d+", text)
    month = next((MONTHS[w] for w in words if w in MONTHS), None)
    year = next((int(w) for w in words if re.fullmatch(r"[0-9]{4}", w)), None)
    if month and year and len(words) == 2:
        return When(date(year, month, 1), "month")
    whole = period(sheet.name, year_start=recipe.year_start, fiscal=True)
    if month and len(words) == 1 and text in MONTHS and whole and whole.frequency == "year":
        return When(date(whole.start.year + (month < whole.start.month), month, 1), "month")
    return None


def regular(found: When, frequency: str, recipe: Recipe) -> date:
    """The first day of the period of `frequency` that `found` falls in."""
    if recipe.fiscal:
        return periods.start_of(found.start, frequency, recipe.year_start)
    same_year = frequency == "year" and found.frequency == "year"
    return periods.start_of(found.start, frequency, found.start.month if same_year else 1)


def frequency_of(found: Collection[When], recipe: Recipe) -> str:
    """The recipe's, or the commonest; days that are all the first of a month mean months."""
    if recipe.frequency or not found:
        return recipe.frequency
    kinds = [w.frequency for w in found]
    usual = max(dict.fromkeys(kinds), key=kinds.count)
    starts = {w.start for w in found if w.frequency == "day"}
    if (usual == "day" or "month" in kinds) and len(starts) > 1 and all(d.day == 1 for d in starts):
        return "month"
    return usual


def misfit(found: When, frequency: str) -> bool:
    """A period that cannot become one of `frequency`: a year is no month."""
    order = periods.FREQUENCIES
    return order.index(found.frequency) > order.index(frequency) or (found.frequency == "week" and frequency != "week")


def words(sheet: Sheet, rows: Ints, column: int) -> tuple[Ints, list[str]]:
    """The titles in `rows` of a column as (number of the title by row, titles)."""
    codes, cells = sheet.distinct(column)
    seen: dict[str, int] = {}
    by_code = np.array([seen.setdefault(title(c), len(seen)) for c in cells], dtype=np.int64)
    return np.asarray(by_code[codes[rows]]), list(seen)


def saying(sheet: Sheet, rows: Ints, column: int, test: Callable[[str], bool]) -> Bools:
    """Which of `rows` say in a column what passes `test` (small letters, single spaces)."""
    codes, titles = words(sheet, rows, column)
    return np.asarray(np.array([test(folded(t)) for t in titles], dtype=bool)[codes])


def said(wanted: object) -> Callable[[str], bool]:
    """A test for a word, or for one of several."""
    several: Any = wanted if isinstance(wanted, list | tuple) else [wanted]
    allowed = {folded(title(w)) for w in several}
    return lambda text: text in allowed


def title(cell: Cell) -> str:
    """A cell as words in one line; whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return one_line(str(cell))


def body(sheet: Sheet, recipe: Recipe, column: dict[str, int], batch: Batch) -> Ints:
    """The rows below the headings that are meant: not empty, not totals, not left out by the recipe."""
    rows = np.arange(min(max(recipe.header), sheet.height), sheet.height)
    first = sheet.columns[0][rows] == ""
    blank = np.zeros(len(rows), dtype=bool)
    blank[first] = sheet.empty(rows[first])
    rows = rows[~blank]
    batch.rows_read += len(rows)
    for name, wanted in recipe.where.items():
        rows = rows[saying(sheet, rows, column[name], said(wanted))]
    if recipe.skip_rows:
        rows = rows[~_first_says(sheet, rows, said(recipe.skip_rows))]
    total = _first_says(sheet, rows, lambda text: text.rstrip(":") in TOTALS)
    for name in recipe.breakdowns:
        total |= saying(sheet, rows, column[name], lambda text: text.rstrip(":") in TOTALS)
    batch.remarks.extend(
        Remark(sheet.place(row, 0), tr("A total: the row is left out, the parts are added up")) for row in rows[total]
    )
    return rows[~total]


def _first_says(sheet: Sheet, rows: Ints, test: Callable[[str], bool]) -> Bools:
    """Which of `rows` say it in their first cell that is not empty."""
    found, open_ = np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for column in range(len(sheet.columns)):
        at = np.flatnonzero(open_)
        if not len(at):
            break
        here = sheet.columns[column][rows[at]] != ""
        found[at[here]] = saying(sheet, rows[at[here]], column, test)
        open_[at[here]] = False
    return found


def cells(sheet: Sheet, rows: Ints, recipe: Recipe, column: dict[str, int], batch: Batch) -> Ints:
    """The cell of the breakdowns of each of `rows`, as its place in the batch."""
    names = sorted(recipe.breakdowns)
    joined, lists = np.zeros(len(rows), dtype=np.int64), []
    for name in names:
        codes, titles = words(sheet, rows, column[name])
        joined = joined * len(titles) + codes
        lists.append(titles)
    distinct, back = np.unique(joined, return_inverse=True)
    places = []
    for code in distinct.tolist():
        parts = []
        for name, titles in zip(reversed(names), reversed(lists), strict=True):
            code, at = divmod(code, len(titles))
            parts.append((name, titles[at] or tr("not stated")))
        places.append(batch.cell(tuple(reversed(parts))))
    return np.array(places, dtype=np.int64)[back]


def said_words(sheet: Sheet, recipe: Recipe, titles: list[str], batch: Batch) -> Sheet:
    """`sheet` with its failed formulas out of the columns of words: an error is no category, and an unsaid word no condition."""
    if not sheet.failed:
        return sheet
    asked = {recipe.measure, *recipe.breakdowns, *recipe.where, *(name for m in recipe.measures for name in m.where)}
    columns = list(sheet.columns)
    for row, at in sorted(sheet.failed):
        if row < max(recipe.header) or at >= len(titles) or titles[at] not in asked - {""}:
            continue
        word = str(sheet.columns[at][row])
        reason, unsaid = failure(word), word.startswith("=")
        batch.remarks.append(Remark(sheet.place(row, at), reason, unsaid, many=tr("Formulas that give an error instead of a word: not stated")))  # fmt: skip
        if columns[at] is sheet.columns[at]:
            columns[at] = columns[at].copy()
        columns[at][row] = ""
    return sheet.holding(columns)
