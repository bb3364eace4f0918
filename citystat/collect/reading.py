"""How a file is read, as a person sees and corrects it: the role of each column, the words of a recipe, remarks folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from citystat.collect import dated
from citystat.collect.apply import Batch, Remark, heading, taken, titles_of
from citystat.collect.coding import apart
from citystat.collect.guess import code_for, guess
from citystat.collect.readers import Sheet, Source, letters
from citystat.collect.recipe import MeasureMap, Recipe, fit, terms
from citystat.collect.values import Cell, number
from citystat.collect.words import folded
from citystat.errors import CityStatError
from citystat.printable import one_line
from citystat.texts import tr

LOOK = 300  # rows that are looked at to say what a column is
WORDS = 60  # different words in a column that can be chosen from

PERIOD, VALUE, MEASURE, BREAKDOWN = "period", "value", "measure", "breakdown"
NUMERATOR, DENOMINATOR, FILTER, LEFT_OUT = "numerator", "denominator", "filter", "left out"
FIGURES = (VALUE, NUMERATOR, DENOMINATOR)
# which roles a column may be given, by the recipe's layout
OFFERED = {
    "long": (PERIOD, VALUE, MEASURE, BREAKDOWN, NUMERATOR, DENOMINATOR, LEFT_OUT),
    "wide": (MEASURE, VALUE, BREAKDOWN, LEFT_OUT),
    "crossed": (PERIOD,),
}


def roles(sheet: Sheet, recipe: Recipe, batch: Batch | None) -> tuple[str, ...]:
    """The first role of each column of `sheet`, from the left."""
    return tuple(played[0] for played in plays(sheet, recipe, batch))


def plays(sheet: Sheet, recipe: Recipe, batch: Batch | None) -> tuple[tuple[str, ...], ...]:
    """All roles of each column of `sheet`, from the left: one may be a value and the denominator of a ratio."""
    titles = padded_titles(sheet, recipe)
    found = tuple(_played(title, at, titles, recipe) for at, title in enumerate(titles))
    if recipe.layout == "long" or batch is None:
        return found
    body = range(max(recipe.header), min(sheet.height, max(recipe.header) + LOOK))
    return tuple(
        (VALUE,) if played == (LEFT_OUT,) and any(batch.takes(sheet.name, row, at) for row in body) else played
        for at, played in enumerate(found)
    )


def padded_titles(sheet: Sheet, recipe: Recipe) -> list[str]:
    """A title for every column of the sheet, "" where it has none."""
    titles = titles_of(sheet, recipe)
    return titles + [""] * (len(sheet.columns) - len(titles))


def _played(title: str, at: int, titles: list[str], recipe: Recipe) -> tuple[str, ...]:
    """The roles that the recipe gives a title."""
    if recipe.layout == "crossed" and (title == recipe.period if recipe.period else at == 0):
        return (PERIOD,)
    if recipe.layout == "wide" and not title and at == 0 and not recipe.measure:
        return (MEASURE,)
    if not title:
        return (LEFT_OUT,)
    long = recipe.layout == "long"
    named = {
        PERIOD: long and title == recipe.period,
        MEASURE: title == recipe.measure,
        BREAKDOWN: title in recipe.breakdowns,
        **{part: long and bool(_speaking(recipe, title, part, titles)) for part in FIGURES},
        FILTER: title in recipe.where or any(title in m.where for m in recipe.measures),
    }
    return tuple(role for role, so in named.items() if so) or (LEFT_OUT,)


def _speaking(recipe: Recipe, title: str, part: str, titles: list[str]) -> list[MeasureMap]:
    """The measures whose value, numerator or denominator is made of the column."""
    return [m for m in recipe.measures if title in terms(getattr(m, part), titles)]


def unknown(text: str, titles: list[str]) -> list[str]:
    """What `text` ("attendances", or "attendances - breaches") calls a column, and no title is."""
    return [term for term in terms(text, titles) if term not in titles]


## Corrections: each gives another recipe


def with_role(sheet: Sheet, recipe: Recipe, column: int, role: str) -> Recipe:
    """`recipe` with another role for a column (from 0); CityStatError where the column has no heading to know it by.

    A column of figures may be value, numerator and denominator at once: such a role comes to the others, and one that
    it has already is taken from it.
    """
    titles = padded_titles(sheet, recipe)
    title = titles[column]
    if not title:
        raise CityStatError(
            tr("Column {column} has no heading", column=letters(column)),
            do=tr("Say first in which row the headings are: click the row's number"),
        )
    if role in FIGURES and recipe.layout == "long" and any(_speaking(recipe, title, part, titles) for part in FIGURES):
        gone = _speaking(recipe, title, role, titles)
        if gone:
            return replace(recipe, measures=tuple(m for m in recipe.measures if m not in gone))
        bare = recipe
    else:
        bare = without_column(recipe, title)
    if role == LEFT_OUT:
        return replace(bare, skip_columns=(*bare.skip_columns, title)) if recipe.layout == "wide" else bare
    if role == PERIOD:
        return replace(bare, period=title, dated="")
    if role == BREAKDOWN:
        return replace(bare, breakdowns=(*bare.breakdowns, title))
    if role == MEASURE:
        return _by_words(sheet, bare, column, title)
    if role == VALUE:
        new = () if recipe.layout == "wide" else (MeasureMap(code_for(title), title, value=title),)
        return replace(bare, measures=apart(bare.measures + new))
    return _part_of_ratio(bare, title, role)


def with_sheet(source: Source, recipe: Recipe, sheet: Sheet) -> Recipe:
    """`recipe` that leaves `sheet` out where it was taken in, or takes it in; of a sheet a month, whatever comes next comes in."""
    if recipe.dated == dated.SHEET and not recipe.sheets and not sheet.hidden:
        left = recipe.skip_sheets
        rest = tuple(n for n in left if n != sheet.name)
        return replace(recipe, skip_sheets=rest if sheet.name in left else (*left, sheet.name))
    names = {s.name for s in taken(source, recipe)} ^ {sheet.name}
    return replace(recipe, sheets=tuple(s.name for s in source.sheets if s.name in names))


def without_column(recipe: Recipe, title: str) -> Recipe:
    """`recipe` that no longer speaks of the column called `title`."""
    return replace(
        recipe,
        period="" if recipe.period == title and recipe.layout == "long" else recipe.period,
        measure="" if recipe.measure == title else recipe.measure,
        breakdowns=tuple(b for b in recipe.breakdowns if b != title),
        where={k: v for k, v in recipe.where.items() if k != title},
        skip_columns=tuple(c for c in recipe.skip_columns if c != title),
        measures=tuple(
            m for m in recipe.measures if not any(title in terms(getattr(m, part), [title]) for part in FIGURES)
        )
        if recipe.layout == "long"
        else recipe.measures,
    )


def _by_words(sheet: Sheet, recipe: Recipe, column: int, title: str) -> Recipe:
    """The column's words are the measures; known ones keep what was said of them."""
    known = {folded(m.value if recipe.layout == "wide" else m.name): m for m in recipe.measures}
    value = next((m.value for m in recipe.measures if m.value), "")
    made = tuple(
        known.get(folded(word)) or MeasureMap(code_for(word), word, value=word if recipe.layout == "wide" else value)
        for word in words_in(sheet, recipe, column, with_numbers=recipe.layout == "wide")
    )
    return replace(recipe, measure=title, measures=apart(made))


def _part_of_ratio(recipe: Recipe, title: str, role: str) -> Recipe:
    """Numerator or denominator: completes the ratio that lacks one, or begins another."""
    half = next((m for m in recipe.measures if (m.numerator or m.denominator) and not getattr(m, role)), None)
    if half is not None:
        whole = _with_part(half, title, role)
        return replace(recipe, measures=tuple(whole if m is half else m for m in recipe.measures))
    name = tr("Share of {title}", title=title)
    begun = _with_part(MeasureMap(code_for(name), name, unit="percent", decimals=1), title, role)
    return replace(recipe, measures=apart((*recipe.measures, begun)))


def _with_part(measure: MeasureMap, title: str, role: str) -> MeasureMap:
    return replace(measure, numerator=title) if role == NUMERATOR else replace(measure, denominator=title)


def words_in(sheet: Sheet, recipe: Recipe, column: int, *, with_numbers: bool = False) -> list[str]:
    """The different words of a column, as they come; with_numbers: only of rows that hold a number further on."""
    found: dict[str, None] = {}
    for row in sheet.rows[max(recipe.header) :]:
        cell = row[column] if column < len(row) else None
        if cell is None or (with_numbers and not _has_number(row[column + 1 :], recipe.decimal)):
            continue
        found[shown(cell)] = None
        if len(found) >= WORDS:
            break
    return list(found)


def _has_number(cells: Sequence[Cell], decimal: str) -> bool:
    return any(c is not None and number(c, decimal).value is not None for c in cells)


def with_headings(source: Source, sheet: Sheet, recipe: Recipe, rows: tuple[int, ...], year_start: int) -> Recipe:
    """`recipe` with the headings in `rows` (from 1): what the columns are is guessed anew from there."""
    top = min(rows) - 1
    cut = sheet.below(top)
    try:
        found = guess(replace(source, sheets=(cut,)), year_start=year_start)
    except CityStatError:
        found = recipe
    moved = dict(zip(heading(sheet, found.header), heading(sheet, rows), strict=False))
    return replace(
        _renamed(found, moved), header=rows, name=recipe.name, sheets=recipe.sheets, missing=recipe.missing,
        skip_rows=recipe.skip_rows,
    )  # fmt: skip


def _renamed(recipe: Recipe, titles: dict[str, str]) -> Recipe:
    """The same columns under other titles."""

    def new(title: str) -> str:
        return titles.get(title, title)

    measures = recipe.measures
    if recipe.layout == "long":
        measures = tuple(
            replace(
                m, value=new(m.value), name=new(m.name), code=code_for(new(m.name)) if new(m.name) != m.name else m.code
            )
            for m in measures
        )
    return replace(
        recipe, period=new(recipe.period), measure=new(recipe.measure), measures=apart(measures),
        breakdowns=tuple(filter(None, map(new, recipe.breakdowns))),
    )  # fmt: skip


def cautions(sheets: Iterable[Sheet], recipe: Recipe) -> list[Remark]:
    """What no cell tells: averages that lose their weight when they are broken down, columns that share a name."""
    split = ", ".join(recipe.breakdowns)
    found = [
        Remark("", tr("“{name}”: its averages by {split} count alike in the whole. Leave {split} out for the exact figure", name=m.name or m.code, split=split))
        for m in recipe.measures
        if split and not m.denominator and m.aggregation in ("mean", "median")
    ]  # fmt: skip
    if recipe.layout != "long":
        return found
    for sheet in sheets:
        titles = padded_titles(sheet, recipe)
        for title in dict.fromkeys(t for t in titles if t and titles.count(t) > 1):
            at = [i for i, t in enumerate(titles) if t == title]
            reason = tr(
                "Two columns are called “{name}”: neither is brought in. Rename one of them in the file", name=title
            )
            found.append(Remark(sheet.place(max(recipe.header) - 1, at[1]), reason))
    return found


def ready(recipe: Recipe) -> None:
    """CityStatError where the recipe lacks what every reading needs, before the file is asked."""
    if recipe.layout == "long" and not recipe.period and not recipe.dated:
        raise CityStatError(
            tr("No column is the period"), do=tr("Click the head of the column with the dates and choose “Period”")
        )
    if not recipe.measures:
        raise CityStatError(
            tr("Nothing becomes a measure"), do=tr("Click the head of a column with figures and choose “Value”")
        )
    for n, measure in enumerate(recipe.measures):
        fit(measure, recipe.layout, recipe.measures[:n])


def check_columns(text: str, titles: list[str]) -> None:
    """CityStatError where `text`, a column or one less another, speaks of a column that the file has not."""
    lacking = unknown(text, titles)
    if lacking and all(part.strip() in titles for part in text.split("-")):
        raise CityStatError(tr("“{text}” is not understood", text=text), do=tr("Put a space on each side of the minus"))
    if lacking:
        names = ", ".join(t for t in titles if t)[:160]
        raise CityStatError(
            tr("There is no column “{name}”", name=lacking[0]), do=tr("The file has: {names}", names=names)
        )


## Places and remarks


@dataclass(frozen=True)
class Place:
    """A cell: its sheet, row and column from 0."""

    sheet: Sheet
    row: int
    column: int

    @property
    def cell(self) -> Cell:
        """What stands there."""
        row = self.sheet.rows[self.row] if self.row < len(self.sheet.rows) else ()
        return row[self.column] if self.column < len(row) else None

    @property
    def row_words(self) -> str:
        """What the row begins with: the words by which it is left out."""
        row = self.sheet.rows[self.row] if self.row < len(self.sheet.rows) else ()
        return shown(next((c for c in row if c is not None), None))


def locate(source: Source, place: str) -> Place | None:
    """The cell called "FY22!C9"; None where `place` is none."""
    name, _, cell = place.rpartition("!")
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    sheet = next((s for s in source.sheets if s.name == name), None)
    if found is None or sheet is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return Place(sheet, int(found[2]) - 1, column - 1)


@dataclass(frozen=True)
class Folded:
    """Remarks of one kind. reason: of the first, and how many are like it, or a sentence that fits all."""

    reason: str
    error: bool
    members: tuple[Remark, ...]


def fold(remarks: Iterable[Remark]) -> list[Folded]:
    """Remarks of the same kind together, errors first, otherwise in the file's order."""
    groups: dict[tuple[bool, str], list[Remark]] = {}
    for remark in remarks:
        groups.setdefault((remark.error, re.sub(r"[\d.,]*\d", "#", remark.reason)), []).append(remark)
    made = [Folded(_for_all(members), error, tuple(members)) for (error, _), members in groups.items()]
    return sorted(made, key=lambda group: not group.error)


def _for_all(members: Sequence[Remark]) -> str:
    """The sentence for many of them, or the first one's where the reasons differ in their figures."""
    first = members[0].reason
    if all(m.reason == first for m in members):
        return first
    return members[0].many or tr("{first} · and {n} like it", first=first, n=len(members) - 1)


## Words


def shown(cell: Cell) -> str:
    """A cell as words: whole numbers without a point, days without midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return one_line(str(cell).replace(" 00:00:00", ""))


def row_words(rows: Sequence[int]) -> str:
    """ "row 1", "rows 4 and 5"."""
    if len(rows) == 1:
        return tr("row {n}", n=rows[0])
    return tr("rows {some} and {last}", some=", ".join(map(str, rows[:-1])), last=rows[-1])


def span_words(columns: Sequence[int]) -> str:
    """ "column A", "columns B to M", "columns B, D"; columns from 0."""
    if not columns:
        return tr("none")
    if len(columns) == 1:
        return tr("column {a}", a=letters(columns[0]))
    if columns[-1] - columns[0] == len(columns) - 1:
        return tr("columns {a} to {b}", a=letters(columns[0]), b=letters(columns[-1]))
    return tr("columns {all}", all=", ".join(letters(c) for c in columns[:6]) + (" …" if len(columns) > 6 else ""))
