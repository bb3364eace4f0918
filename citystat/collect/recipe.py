"""How a file becomes observations: a recipe is plain data that is guessed, corrected, kept and used again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from citystat.collect import plain
from citystat.errors import CityStatError
from citystat.periods import FREQUENCIES
from citystat.texts import tr


@dataclass(frozen=True)
class MeasureMap:
    """A measure that the file holds.

    code, name: what it becomes · value: column title, or for wide files the row's own words ·
    numerator, denominator: column titles, or a difference "attendances - breaches" · aggregation: over breakdowns and rows ·
    unit, decimals, direction: for a measure that is new · multiplier: times the value (wide), or the ratio (100 for per cent).
    """

    code: str
    name: str = ""
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    aggregation: str = "sum"
    unit: str = "count"
    decimals: int = 0
    direction: str = "none"
    multiplier: float = 1.0
    where: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """How to read a file.

    layout: "long" (a row is a period), "wide" (periods stand across) or "crossed" (years down, months across) · sheets: names, empty for all that are visible ·
    header: heading rows, counted from 1 · period: the column title of the period (long) or of the year (crossed) ·
    dated: what says the period where no column does (long): "sheet" (its name), "above" (the lines above the table), "file" (its name) ·
    measure: the column of the measure's words (long with one value column, or wide) · measures: what becomes what ·
    breakdowns: column titles · frequency: of the observations, "" as the file has them · where: column title → wanted word, or a list of them ·
    skip_rows, skip_columns: left out, by their words · missing: more words for missing · decimal: "." or "," ·
    fiscal: years and months stand for fiscal years beginning in month year_start · day_first: 31/12/2021 ·
    titles: column title in the file → the title that this recipe knows it by · words: column title → word in the file → the word meant ·
    skip_sheets: left out, by their names · columns: all titles that were there when it was learned, so that a new one is noticed.
    """

    name: str = ""
    layout: str = "long"
    sheets: tuple[str, ...] = ()
    header: tuple[int, ...] = (1,)
    period: str = ""
    measure: str = ""
    measures: tuple[MeasureMap, ...] = ()
    breakdowns: tuple[str, ...] = ()
    frequency: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    skip_rows: tuple[str, ...] = ()
    skip_columns: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    decimal: str = "."
    fiscal: bool = False
    year_start: int = 1
    day_first: bool = False
    titles: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    skip_sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    dated: str = ""


def to_json(recipe: Recipe) -> dict[str, Any]:
    """Plain values, without what is at its default."""
    usual = asdict(Recipe())
    found = {k: v for k, v in asdict(recipe).items() if v != usual[k] or k in ("layout", "header")}
    plain = {f.name: f.default for f in fields(MeasureMap) if f.name != "where"}
    found["measures"] = [
        {k: v for k, v in asdict(m).items() if v not in ({}, plain.get(k, {})) or k == "code"} for m in recipe.measures
    ]
    return dict(json.loads(json.dumps(found)))


def from_json(data: Any, where: str = "") -> Recipe:
    """A recipe from plain values; CityStatError names the word that no recipe has, or that is of the wrong kind."""
    data = plain.of_kinds(data, RECIPE, tr("The recipe"), where)
    measures = []
    for n, one in enumerate(data.get("measures", ()), 1):
        measure = plain.of_kinds(one, MEASURE, tr("Measure {n}", n=n), where)
        if not measure.get("code", "").strip():
            raise CityStatError(
                tr("A measure in the recipe has no code"), where=where, do=tr("Give each measure a code")
            )
        measures.append(MeasureMap(**measure))
    rest: dict[str, Any] = {k: plain.listed(v) if k in LISTS else v for k, v in data.items() if k != "measures"}
    recipe = Recipe(**rest, measures=tuple(measures))
    check(recipe, where)
    return recipe


MEASURE: dict[str, Callable[[Any], bool]] = dict.fromkeys(
    ("code", "name", "value", "numerator", "denominator", "aggregation", "unit", "direction"), plain.word
) | {"decimals": lambda value: plain.whole(value, 0, 6), "multiplier": plain.factor, "where": plain.conditions}
RECIPE: dict[str, Callable[[Any], bool]] = (
    dict.fromkeys(("name", "layout", "period", "dated", "measure", "frequency", "decimal"), plain.word)
    | dict.fromkeys(("sheets", "skip_rows", "skip_columns", "missing", "skip_sheets", "columns"), plain.words)
    | dict.fromkeys(("fiscal", "day_first"), plain.truth)
    | {
        "breakdowns": lambda value: plain.words(value) and "" not in plain.listed(value), "header": plain.rows, "where": plain.conditions, "year_start": lambda value: plain.whole(value, 1, 12),
        "measures": lambda value: isinstance(value, list | tuple), "titles": plain.pairs, "words": plain.pairs_by_column,
    }
)  # fmt: skip
LISTS = ("sheets", "header", "breakdowns", "skip_rows", "skip_columns", "missing", "skip_sheets", "columns")
CHOICES = {
    "layout": ("long", "wide", "crossed"), "frequency": ("", *FREQUENCIES), "decimal": (".", ","), "dated": ("", "sheet", "above", "file"),
    "aggregation": ("sum", "mean", "median", "last", "count", "ratio"), "direction": ("none", "higher", "lower", "range"),
}  # fmt: skip


def check(recipe: Recipe, where: str) -> None:
    """CityStatError where a word of the recipe is none of those that are known, or a measure lacks its column."""
    for thing in (recipe, *recipe.measures):
        for name, allowed in CHOICES.items():
            value = getattr(thing, name, None)
            if value is not None and value not in allowed:
                raise CityStatError(
                    tr("“{value}” is no {name}", value=value, name=name),
                    where=where, do=tr("It can be: {names}", names=", ".join(filter(None, allowed))),
                )  # fmt: skip
    if not all(isinstance(n, int) and n > 0 for n in recipe.header) or recipe.year_start not in range(1, 13):
        raise CityStatError(
            tr("Heading rows and the first month are whole numbers from 1"), where=where, do=tr("Correct header or year_start")
        )  # fmt: skip
    codes = [m.code for m in recipe.measures]
    for m in recipe.measures:
        if codes.count(m.code) > 1:
            raise CityStatError(
                tr("Two measures have the code {code}", code=m.code), where=where, do=tr("Give each a code of its own")
            )
        lacks = bool(m.numerator) != bool(m.denominator) or (
            recipe.layout == "long" and not (m.value or m.denominator or m.aggregation == "count")
        )
        if lacks:
            raise CityStatError(
                tr("The measure {code} does not say where its value stands", code=m.code),
                where=where, do=tr("Give it a value, or a numerator and a denominator"),
            )  # fmt: skip


def fit(measure: MeasureMap, layout: str, others: Iterable[MeasureMap]) -> None:
    """CityStatError, in the words of whoever corrects it, where `measure` cannot stand in a recipe beside `others`."""
    if not measure.code:
        raise CityStatError(tr("A measure needs a code"), do=tr("Write a short one, such as EC-01"))
    if measure.code in {m.code for m in others}:
        raise CityStatError(
            tr("Two measures have the code {code}", code=measure.code),
            do=tr("Give each a code of its own: open one of them under “Becomes”"),
        )
    if bool(measure.numerator) != bool(measure.denominator):
        raise CityStatError(
            tr("“{name}” lacks its other half", name=measure.name or measure.code),
            do=tr("A ratio needs a numerator and a denominator: choose the column for it"),
        )
    if measure.value and measure.denominator:
        raise CityStatError(
            tr("A measure is a value or a ratio, not both"), do=tr("Empty the value, or numerator and denominator")
        )
    if layout == "long" and not (measure.value or measure.denominator or measure.aggregation == "count"):
        raise CityStatError(
            tr("It is not said where the figures stand"), do=tr("Choose the column of the value, or of numerator and denominator")
        )  # fmt: skip


def load(path: Path) -> Recipe:
    """A recipe from a JSON file."""
    return from_json(plain.loaded(path), path.name)


def terms(text: str, titles: list[str]) -> list[str]:
    """ "attendances - breaches" names two columns, unless a column is called just that."""
    if not text:
        return []
    return [text] if text in titles else [t.strip() for t in text.split(" - ")]
