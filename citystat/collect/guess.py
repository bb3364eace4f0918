"""A first recipe for a file nobody has described yet; a person corrects it before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from citystat.collect.apply import heading
from citystat.collect.readers import Source
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.sheet import Row, Sheet
from citystat.collect.values import Cell, guess_decimal, number, period
from citystat.collect.words import AVERAGES, MONTHS, TOTALS, folded
from citystat.errors import CityStatError
from citystat.texts import tr

LOOK = 30  # rows that are looked at
CATEGORIES = 400  # a column of more words than this names things, it does not break down


def guess(source: Source, *, year_start: int = 7) -> Recipe:
    """How the file is probably meant; CityStatError where there is no number in it."""
    visible = [s for s in source.sheets if not s.hidden and s.rows]
    sheet = max(visible, key=_numbers, default=None)
    if sheet is None or not _numbers(sheet):
        raise CityStatError(
            tr("There are no numbers in this file"), where=source.name, do=tr("Check that it is the right file")
        )
    rows = _header_rows(sheet)
    titles = heading(sheet, rows)
    fiscal = any(folded(t).startswith("fy") for t in (sheet.name, *titles))
    across = [t for t in titles if _is_period(t, sheet, year_start)]
    same = tuple(s.name for s in visible if heading(s, rows)[:1] == titles[:1]) if len(visible) > 1 else ()
    base = Recipe(
        name=source.name.rsplit(".", 1)[0], sheets=same, header=rows, fiscal=fiscal,
        year_start=year_start if fiscal else 1, decimal=_decimal(sheet, rows),
    )  # fmt: skip
    if sum(_month_in(t) for t in titles) >= 12 and _years_down(sheet, rows):
        return _crossed(sheet, base, titles)
    return _wide(sheet, base, titles) if len(across) >= 3 else _long(sheet, base, titles)


def _wide(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """Periods across: the first column names the measures."""
    body = sheet.rows[max(base.header) :]
    names = list(dict.fromkeys(
        str(row[0]).strip() for row in body
        if row and isinstance(row[0], str) and folded(row[0]) not in TOTALS and _has_number(row[1:], base.decimal)
    ))  # fmt: skip
    measures = tuple(_wide_measure(name, body, base.decimal) for name in names)
    return replace(base, layout="wide", measure=titles[0] if titles and titles[0] else "", measures=measures)


def _long(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """A row is a period: the period column, columns of numbers, columns of words."""
    body = sheet.rows[max(base.header) :][:2000]
    columns = {t: [row[i] if i < len(row) else None for row in body] for i, t in enumerate(titles) if t}
    time = next((t for t, cells in columns.items() if _periods(cells)), "")
    if not time:
        raise CityStatError(tr("No column of periods was found"), where=sheet.name, do=tr("Name it in the recipe"))
    day_first = any(re.fullmatch(r"(1[3-9]|2\d|3[01])[/.\-]\d{1,2}[/.\-]\d{2,4}.*", str(c)) for c in columns[time])
    values, groups = [], []
    for title, cells in columns.items():
        if title == time:
            continue
        if _mostly_numbers(cells, base.decimal) and not _codes(title, cells):
            values.append(title)
        elif 1 < len({str(c) for c in cells}) <= CATEGORIES:
            groups.append(title)
    measures = tuple(
        _measure(t, value=t, unit="percent" if _percent(t) else "count", aggregation="mean" if _percent(t) else "sum")
        for t in values
    )
    return replace(base, layout="long", period=time, measures=measures, breakdowns=tuple(groups), day_first=day_first)


def _wide_measure(name: str, body: Sequence[Row], decimal: str) -> MeasureMap:
    """A row's words as a measure; shares kept as 0.45 become per cent."""
    made = _measure(name, value=name, unit="percent" if _percent(name) else "count")
    row = next(r for r in body if r and isinstance(r[0], str) and r[0].strip() == name)
    values = [v for c in row[1:] if (v := number(c, decimal).value) is not None]
    small = made.unit == "percent" and bool(values) and max(abs(v) for v in values) <= 1.5
    return replace(made, multiplier=100.0) if small else made


def _crossed(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """Years down, months across: what stands under each month are the measures."""
    first = next(i for i, t in enumerate(titles) if _month_in(t))
    kinds = list(dict.fromkeys(t.split()[-1] for t in titles[first:] if _month_in(t)))
    measures = tuple(_measure(kind, value=kind, unit="count") for kind in kinds)
    return replace(base, layout="crossed", period=titles[0], measures=measures)


def _years_down(sheet: Sheet, rows: tuple[int, ...]) -> bool:
    below = [row[0] for row in sheet.rows[max(rows) : max(rows) + 5] if row]
    return bool(below) and all(c is None or _year_like(c) for c in below)


def _measure(name: str, *, value: str, unit: str, aggregation: str = "sum") -> MeasureMap:
    return MeasureMap(
        code=code_for(name), name=name, value=value, unit=unit, decimals=1 if unit == "percent" else 0,
        aggregation="mean" if unit == "percent" else aggregation,
    )  # fmt: skip


def code_for(name: str) -> str:
    """A short code from a name: "Subway rides (avg weekday)" → "SUBWAY-RIDES-AVG-WEEKDAY"."""
    words = re.findall(r"\w+", name.upper())
    return "-".join(words)[:40] or "MEASURE"


def _header_rows(sheet: Sheet) -> tuple[int, ...]:
    """The last row of words above the first row of numbers, and a row of years above it."""
    first = next((i for i, row in enumerate(sheet.rows[:200]) if _has_data(row)), 1)
    titles = [i for i in range(first) if sum(c is not None for c in sheet.rows[i]) >= 2]
    if not titles:
        return (max(first, 1),)
    at = titles[-1]
    months = sum(folded(str(c)) in MONTHS for c in sheet.rows[at])
    if months >= 3 and at and any(_year_like(c) for c in sheet.rows[at - 1]):
        return (at, at + 1)
    upper = next((i for i in titles if sum(_month_in(c) for c in sheet.rows[i]) >= 3), at)
    return (upper + 1, at + 1) if upper < at else (at + 1,)


def _month_in(cell: Cell) -> bool:
    """A heading that speaks of a month: "Januar (31.)"."""
    return isinstance(cell, str) and any(w in MONTHS for w in re.findall(r"[^\W\d_]+", folded(cell))[:1])


def _has_data(row: tuple[Cell, ...]) -> bool:
    """Numbers that are no years."""
    return any(
        number(c).value is not None and not _year_like(c) for c in row if c is not None and not isinstance(c, bool)
    )


def _year_like(cell: Cell) -> bool:
    text = str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip()
    return bool(re.fullmatch(r"(19|20)\d\d", text))


def _numbers(sheet: Sheet) -> int:
    return sum(_has_data(row) for row in sheet.rows[:200])


def _has_number(cells: tuple[Cell, ...], decimal: str) -> bool:
    return any(number(c, decimal).value is not None for c in cells if c is not None)


def _decimal(sheet: Sheet, rows: tuple[int, ...]) -> str:
    return guess_decimal(
        [c for row in sheet.rows[max(rows) :][:400] for c in row if isinstance(c, str) and len(c) < 24]
    )


def _is_period(title: str, sheet: Sheet, year_start: int) -> bool:
    if folded(title) in AVERAGES:
        return False
    words = folded(title).split()
    return period(title, year_start=year_start) is not None or bool(
        words and words[-1] in MONTHS or words and words[0] in MONTHS
    )


def _periods(cells: list[Cell]) -> bool:
    known = [c for c in cells if c is not None][:50]
    return bool(known) and sum(period(c) is not None for c in known) >= 0.8 * len(known)


def _mostly_numbers(cells: list[Cell], decimal: str) -> bool:
    known = [c for c in cells if c is not None][:300]
    return bool(known) and sum(not number(c, decimal).bad for c in known) >= 0.9 * len(known)


def _codes(title: str, cells: list[Cell]) -> bool:
    """A column of few small whole numbers, or called a code, sorts rather than counts."""
    if re.search(r"\b(code|id|no|nr|type|fund|number|ward|district)\b", folded(title).replace("_", " ")):
        return True
    return len({str(c) for c in cells}) <= 3 and len(cells) > 20


def _percent(name: str) -> bool:
    return any(word in folded(name) for word in ("%", "percent", "per cent", "share", "anteil", "rate"))
