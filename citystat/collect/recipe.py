"""How a file becomes observations: a recipe is plain data that is guessed, corrected, kept and used again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from citystat.errors import CityStatError
from citystat.files import read_bytes
from citystat.periods import FREQUENCIES
from citystat.printable import printable
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
    data = _of_kinds(data, RECIPE, tr("The recipe"), where)
    measures = []
    for n, one in enumerate(data.get("measures", ()), 1):
        measure = _of_kinds(one, MEASURE, tr("Measure {n}", n=n), where)
        if not measure.get("code", "").strip():
            raise CityStatError(
                tr("A measure in the recipe has no code"), where=where, do=tr("Give each measure a code")
            )
        measures.append(MeasureMap(**measure))
    rest: dict[str, Any] = {k: _tuple(v) if k in LISTS else v for k, v in data.items() if k != "measures"}
    recipe = Recipe(**rest, measures=tuple(measures))
    check(recipe, where)
    return recipe


def _of_kinds(data: Any, kinds: dict[str, Callable[[Any], bool]], thing: str, where: str) -> dict[str, Any]:
    """`data`; CityStatError unless it is an object whose words are known and of their kind; else every list breaks later."""
    if not isinstance(data, dict):
        raise CityStatError(
            tr("{thing} cannot be {value}", thing=thing, value=_said(data)), where=where, do=tr("Begin it with { and end it with }")
        )  # fmt: skip
    for name, value in data.items():
        if name not in kinds:
            raise CityStatError(
                tr("{thing} has no “{name}”", thing=thing, name=name),
                where=where, do=tr("It has: {names}", names=", ".join(sorted(kinds))),
            )  # fmt: skip
        if not kinds[name](value):
            raise CityStatError(
                tr("{thing}: “{name}” cannot be {value}", thing=thing, name=name, value=_said(value)),
                where=where, do=tr("docs/cli.md says what each word of a map may be"),
            )  # fmt: skip
    return data


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, default=str)[:40]


## What each word of a recipe may be


def _word(value: Any) -> bool:
    return isinstance(value, str) and printable(value) == value


def _words(value: Any) -> bool:
    return _word(value) or isinstance(value, list | tuple) and all(_word(v) for v in value)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(value: Any, first: int, last: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and first <= value <= last


def _rows(value: Any) -> bool:
    rows = value if isinstance(value, list | tuple) else [value]
    return 0 < len(rows) <= 20 and all(_whole(v, 1, MOST_ROWS) for v in rows)


def _factor(value: Any) -> bool:
    """A number; not nan, nor so large or small that values would run over."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST_FACTOR <= value <= LARGEST_FACTOR


def _pairs(value: Any) -> bool:
    """Words and what each stands for."""
    return isinstance(value, dict) and all(_word(name) and _word(meant) for name, meant in value.items())


def _pairs_by_column(value: Any) -> bool:
    return isinstance(value, dict) and all(_word(name) and _pairs(pairs) for name, pairs in value.items())


def _conditions(value: Any) -> bool:
    """Columns and the words wanted in them."""
    return isinstance(value, dict) and all(
        _word(name) and name and all(_word(w) or isinstance(w, int | float) for w in (wanted if isinstance(wanted, list | tuple) else [wanted]))
        for name, wanted in value.items()
    )  # fmt: skip


MOST_ROWS = 1_048_576
LARGEST_FACTOR = 1e9
MEASURE: dict[str, Callable[[Any], bool]] = dict.fromkeys(
    ("code", "name", "value", "numerator", "denominator", "aggregation", "unit", "direction"), _word
) | {"decimals": lambda value: _whole(value, 0, 6), "multiplier": _factor, "where": _conditions}
RECIPE: dict[str, Callable[[Any], bool]] = (
    dict.fromkeys(("name", "layout", "period", "dated", "measure", "frequency", "decimal"), _word)
    | dict.fromkeys(("sheets", "skip_rows", "skip_columns", "missing", "skip_sheets", "columns"), _words)
    | dict.fromkeys(("fiscal", "day_first"), _truth)
    | {
        "breakdowns": lambda value: _words(value) and "" not in _tuple(value), "header": _rows, "where": _conditions, "year_start": lambda value: _whole(value, 1, 12),
        "measures": lambda value: isinstance(value, list | tuple), "titles": _pairs, "words": _pairs_by_column,
    }
)  # fmt: skip
LISTS = ("sheets", "header", "breakdowns", "skip_rows", "skip_columns", "missing", "skip_sheets", "columns")
CHOICES = {
    "layout": ("long", "wide", "crossed"), "frequency": ("", *FREQUENCIES), "decimal": (".", ","), "dated": ("", "sheet", "above", "file"),
    "aggregation": ("sum", "mean", "median", "last", "count", "ratio"), "direction": ("none", "higher", "lower", "range"),
}  # fmt: skip


def _tuple(value: Any) -> tuple[Any, ...]:
    """One word stands for a list of one."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


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
    data = read_bytes(path)
    try:
        return from_json(json.loads(data.decode("utf-8-sig")), path.name)
    except (ValueError, RecursionError) as error:
        raise CityStatError(
            tr("The map cannot be read: {why}", why=str(error)), where=path.name, do=tr("Give a JSON file")
        ) from error


def terms(text: str, titles: list[str]) -> list[str]:
    """ "attendances - breaches" names two columns, unless a column is called just that."""
    if not text:
        return []
    return [text] if text in titles else [t.strip() for t in text.split(" - ")]
