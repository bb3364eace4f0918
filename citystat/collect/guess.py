"""A first recipe for a file nobody has described yet; a person corrects it before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from citystat.collect import dated
from citystat.collect.apply import heading
from citystat.collect.coding import apart
from citystat.collect.columns import frequency_of, when
from citystat.collect.columns import title as title_of
from citystat.collect.readers import Source
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.sheet import Row, Sheet
from citystat.collect.values import Cell, guess_decimal, number, period
from citystat.collect.words import AVERAGES, MONTHS, TOTALS, folded
from citystat.errors import CityStatError
from citystat.measures.code import new_code
from citystat.printable import printable
from citystat.texts import tr

LOOK = 30  # rows that are looked at
MOST_BREAKDOWNS = 3
MONEY = {"$": "USD", "€": "EUR", "£": "GBP"}
CODE_WORDS = re.compile(r"\b(code|id|no|nr|type|fund|number|ward|district|zip|area|precinct|beat|org|unit|account)\b")
MEASURE_WORDS = re.compile(r"measure|indicator|metric|zeile|kennzahl|indicador|medida|line item")
AVERAGED = re.compile(  # figures of parts that do not add up to the whole's
    r"\b(average|avg|mean|median|durchschnitt\w*|mittel|promedio|mediana)\b|\b(time|minutes|hours|days) (to|until|from)\b"
)
YEAR_SPAN = re.compile(r"([^\W\d_]{3,})\.?(?: \d{1,2}\b)?,? ?(?:to|through|thru|bis|until|a|-|–|—) ?([^\W\d_]{3,})")
SENTENCE = 300  # signs of a cell that are read for words: what is longer says nothing of the year, and takes long
FOOT = 12  # rows at the end, where notes stand
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
    said = _year_said(sheet, rows)
    year_start = said or year_start
    fiscal = said is not None or any(
        re.match(r"fy ?\d|\d{4}[-/](1[3-9]|[2-9]\d)$", folded(t)) for t in (sheet.name, *titles)
    )
    across = [t for t in titles if _is_period(t, sheet, year_start)]
    same = tuple(s.name for s in visible if heading(s, rows)[:1] == titles[:1]) if len(visible) > 1 else ()
    base = Recipe(
        name=name_for(source.name), sheets=same, header=rows, fiscal=fiscal,
        year_start=year_start, decimal=_decimal(sheet, rows),
    )  # fmt: skip
    if len(across) < 3 and not _dates(sheet, titles, rows):
        base = _dated_elsewhere(source.name, [s for s in visible if s.name in same] or [sheet], visible, base)
    return _settled(_by_layout(sheet, base, titles, across), year_start)


def _dated_elsewhere(file: str, alike: list[Sheet], visible: list[Sheet], base: Recipe) -> Recipe:
    """`base` that takes the period from the sheets' names, the lines above or the file's name, where one of them says it.

    alike: the sheets headed as the one that is read. A sheet a month: every sheet that is called after a period is taken in.
    """
    base = replace(base, fiscal=base.fiscal or dated.in_fiscal_year(file, alike[0], base))
    by_name = [s for s in alike if dated.stated(file, s, base, dated.SHEET)]
    if by_name and (len(by_name) == len(alike) or len(by_name) > 1):
        others = tuple(s.name for s in visible if s not in by_name)
        return replace(base, dated=dated.SHEET, sheets=(), skip_sheets=others)
    for where in (dated.ABOVE, dated.FILE):
        if all(dated.stated(file, s, base, where) for s in alike) and (len(alike) == 1 or where == dated.ABOVE):
            return replace(base, dated=where)
    return base


def _year_said(sheet: Sheet, header: tuple[int, ...]) -> int | None:
    """The first month of the fiscal year where the words around the table name it: "July to June" is 7."""
    top, foot = sheet.rows[: max(header)], sheet.rows[max(max(header), sheet.height - FOOT) :]
    words = [sheet.name, *(str(cell) for row in (*top, *foot) for cell in row[:LOOK] if isinstance(cell, str))]
    for found in (pair for text in words for pair in YEAR_SPAN.finditer(folded(text[:SENTENCE]))):
        first, last = MONTHS.get(found[1]), MONTHS.get(found[2])
        if first and last and first > 1 and last == first - 1:
            return first
    return None


def begin(source: Source, *, year_start: int = 7) -> Recipe:
    """As `guess`; where no column of periods is found, headings and figures alone: a person points at the period."""
    try:
        return guess(source, year_start=year_start)
    except CityStatError:
        sheet = max((s for s in source.sheets if not s.hidden and s.rows), key=_numbers, default=None)
        if sheet is None or not _numbers(sheet):
            raise
    rows = _header_rows(sheet)
    titles, decimal = heading(sheet, rows), _decimal(sheet, rows)
    columns = {
        t: list(sheet.columns[i][max(rows) :][:2000]) for i, t in enumerate(titles) if titles.count(t) == 1 and t
    }
    figures = tuple(
        _long_measure(t, cells, decimal) for t, cells in columns.items() if _mostly_numbers([c for c in cells if c != ""], decimal)
    )  # fmt: skip
    return Recipe(
        name=name_for(source.name),
        header=rows,
        decimal=decimal,
        sheets=(sheet.name,) if sheet.name else (),
        measures=apart(figures),
    )


def name_for(file: str) -> str:
    """A recipe's name from the name of its first file, without the date that stands at its end."""
    stem = re.sub(r"\.[A-Za-z]{1,4}$", "", file)
    month = "|".join(sorted(MONTHS, key=len, reverse=True))
    bare = re.sub(
        rf"[-_ .(]+(?:(?:{month})[-_ .]*)?(?:19|20)\d\d(?:[-_ .]?\d{{1,2}}){{0,2}}\)?$", "", stem, flags=re.IGNORECASE
    )
    return bare or stem


def _settled(recipe: Recipe, year_start: int) -> Recipe:
    """The first month of the year matters only where years are fiscal."""
    return replace(recipe, year_start=year_start if recipe.fiscal else 1)


def _by_layout(sheet: Sheet, base: Recipe, titles: list[str], across: list[str]) -> Recipe:
    if sum(_month_in(t) for t in titles) >= 12 and _years_down(sheet, base.header):
        return _crossed(sheet, base, titles)
    return _wide(sheet, base, titles) if len(across) >= 3 else _long(sheet, base, titles)


def _wide(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """Periods across: one column names the measures, others of few words break down."""
    body = sheet.rows[max(base.header) :]
    lead = next((i for i, t in enumerate(titles) if t and _is_period(t, sheet, base.year_start)), 1)
    worded = [i for i in range(lead) if titles[i] and _worded(sheet, i, base)]
    at = next((i for i in worded if MEASURE_WORDS.search(folded(titles[i]))), worded[0] if worded else 0)
    names = list(dict.fromkeys(
        str(row[at]).strip() for row in body
        if isinstance(row[at], str) and folded(str(row[at])) not in TOTALS and _has_number(row[lead:], base.decimal)
    ))  # fmt: skip
    measures = tuple(_wide_measure(name, at, body, base.decimal) for name in names)
    groups = [titles[i] for i in _fewest(sheet, [i for i in worded if i != at], base)]
    title = titles[at] if at < len(titles) else ""
    return replace(base, layout="wide", measure=title, measures=apart(measures), breakdowns=tuple(groups))


def _long(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """A row is a period: the period column, columns of numbers, columns of words."""
    body = sheet.rows[max(base.header) :][:2000]
    columns = {i: [row[i] for row in body] for i, t in enumerate(titles) if t and titles.count(t) == 1}
    times = [] if base.dated else _dates(sheet, titles, base.header)
    if not times and not base.dated:
        raise CityStatError(tr("No column of periods was found"), where=sheet.name, do=tr("Name it in the recipe"))
    time = columns[times[0]] if times else []
    said = [str(c) for c in time if c is not None]
    fiscal = base.fiscal or any(re.match(r"fy|\d{4}[-/](1[3-9]|[2-9]\d)$", folded(c)) for c in said)
    base = replace(
        base, layout="long", period=titles[times[0]] if times else "", fiscal=fiscal, year_start=base.year_start,
        day_first=any(re.fullmatch(r"(1[3-9]|2\d|3[01])[/.\-]\d{1,2}[/.\-]\d{2,4}.*|\d{1,2}\.\d{1,2}\.\d{2,4}", c) for c in said),
    )  # fmt: skip
    found = [w for c in set(time) if (w := when(c, sheet, base))]
    figures, worded = [], []
    for i, cells in columns.items():
        if _mostly_numbers(cells, base.decimal) and i not in times and not _codes(titles[i], cells):
            figures.append(i)
        elif i not in times:
            worded.append(i)
    named = next((i for i in worded if MEASURE_WORDS.search(folded(titles[i]))), None)
    if base.dated and named is not None and len(figures) == 1:  # a list of measures with one column of figures
        return _listed(base, titles[named], columns[named], titles[figures[0]])
    measures = [_long_measure(titles[i], columns[i], base.decimal) for i in figures]
    frequency = frequency_of(found, base)
    if not measures:  # records: what can be said of them is how many there are
        measures = [replace(_measure(base.name, value="", unit="count"), aggregation="count")]
        frequency = "month" if frequency == "day" else frequency
    groups = tuple(titles[i] for i in _fewest(sheet, worded, base))
    return replace(base, measures=apart(tuple(measures)), breakdowns=groups, frequency=frequency)


def _listed(base: Recipe, title: str, words: list[Cell], value: str) -> Recipe:
    """A row is a measure, called in the column `title`; its figure stands under `value`."""
    names = dict.fromkeys(printable(title_of(c)) for c in words if isinstance(c, str) and folded(c) not in TOTALS)
    measures = tuple(_measure(n, value=value, unit="percent" if _percent(n) else "count") for n in names)
    return replace(base, measure=title, measures=apart(measures))


def _dates(sheet: Sheet, titles: list[str], header: tuple[int, ...]) -> list[int]:
    """The columns of periods."""
    body = sheet.rows[max(header) :][:2000]
    named = [i for i, t in enumerate(titles) if t and titles.count(t) == 1]
    return [i for i in named if _periods([row[i] for row in body])]


def _long_measure(title: str, cells: list[Cell], decimal: str) -> MeasureMap:
    """A column of numbers as a measure: per cent, averages and days to something are averaged, the rest is added up."""
    texts = [c for c in cells[:300] if isinstance(c, str)]
    sign = next((sign for sign in MONEY if sign in title or any(sign in t for t in texts)), "")
    percent = _percent(title) or any(t.rstrip().endswith("%") for t in texts)
    read = [v for c in cells[:300] if (v := number(c, decimal).value) is not None]
    made = _measure(title, value=title, unit="percent" if percent else MONEY.get(sign, "count"))
    whole = all(v.is_integer() for v in read)
    return made if percent or whole else replace(made, decimals=2 if sign else 1)


def _fewest(sheet: Sheet, columns: list[int], base: Recipe) -> list[int]:
    """Up to three columns of few words, as they stand in the file: more would cut the values too fine to be read."""
    top = max(base.header)
    words = {i: len({c for c in sheet.columns[i][top:].tolist() if c != ""}) for i in columns}
    most = min(CATEGORIES, max(20, (sheet.height - top) // 3))  # words that hardly repeat name things
    good = [i for i in columns if 1 < words[i] <= most]
    return sorted(sorted(good, key=lambda i: words[i])[:MOST_BREAKDOWNS])


def _worded(sheet: Sheet, column: int, base: Recipe) -> bool:
    """A column of words, not of numbers or codes."""
    cells = [c for c in sheet.columns[column][max(base.header) :][:300].tolist() if c != ""]
    return bool(cells) and sum(number(c, base.decimal).bad for c in cells) > len(cells) / 2


def _wide_measure(name: str, at: int, body: Sequence[Row], decimal: str) -> MeasureMap:
    """A row's words as a measure; shares kept as 0.45 become per cent."""
    made = _measure(printable(name), value=printable(name), unit="percent" if _percent(name) else "count")
    row = next(r for r in body if isinstance(r[at], str) and str(r[at]).strip() == name)
    values = [v for c in row[at + 1 :] if (v := number(c, decimal).value) is not None]
    small = made.unit == "percent" and bool(values) and max(abs(v) for v in values) <= 1.5
    return replace(made, multiplier=100.0) if small else made


def _crossed(sheet: Sheet, base: Recipe, titles: list[str]) -> Recipe:
    """Years down, months across: what stands under each month are the measures."""
    first = next(i for i, t in enumerate(titles) if _month_in(t))
    kinds = list(dict.fromkeys(t.split()[-1] if " " in t else "" for t in titles[first:] if _month_in(t)))
    measures = tuple(_measure(kind or base.name, value=kind, unit="count") for kind in kinds)
    return replace(base, layout="crossed", period=titles[0], measures=apart(measures))


def _years_down(sheet: Sheet, rows: tuple[int, ...]) -> bool:
    below = [row[0] for row in sheet.rows[max(rows) : max(rows) + 5] if row]
    return bool(below) and all(c is None or _year_like(c) for c in below)


def _measure(name: str, *, value: str, unit: str, aggregation: str = "sum") -> MeasureMap:
    return MeasureMap(
        code=code_for(name), name=name, value=value, unit=unit, decimals=1 if unit == "percent" else 0,
        aggregation="mean" if unit == "percent" or AVERAGED.search(folded(name)) else aggregation,
    )  # fmt: skip


def code_for(name: str) -> str:
    """A short code from a name: "Bus rides (avg weekday)" → "BRAW-01"; coding.coded() fits it into the city."""
    return new_code(name, ())


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
        any(number(c, d).value is not None for d in ".,") and not _year_like(c)
        for c in row
        if c is not None and not isinstance(c, bool)
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
    return bool(known) and sum(bool(period(c) or period(c, day_first=True)) for c in known) >= 0.8 * len(known)


def _mostly_numbers(cells: list[Cell], decimal: str) -> bool:
    known = [c for c in cells if c is not None][:300]
    return bool(known) and sum(not number(c, decimal).bad for c in known) >= 0.9 * len(known)


def _codes(title: str, cells: list[Cell]) -> bool:
    """A column of few small whole numbers, or called a code, sorts rather than counts."""
    if CODE_WORDS.search(folded(title).replace("_", " ")):
        return True
    texts = {title_of(c) for c in cells if c is not None}
    if len(texts) > 5 and all(re.fullmatch(r"[0-9]{4,}|0[0-9]+", t) for t in texts) and len(set(map(len, texts))) == 1:
        return True  # all of one length, as numbers of accounts and areas are
    return len({str(c) for c in cells}) <= 3 and len(cells) > 20


def _percent(name: str) -> bool:
    return any(word in folded(name) for word in ("%", "percent", "per cent", "share", "anteil", "rate"))
