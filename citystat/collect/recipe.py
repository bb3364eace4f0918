"""How a file becomes observations: a recipe is plain data that is guessed, corrected, kept and used again."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

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
    measure: the column of the measure's words (long with one value column, or wide) · measures: what becomes what ·
    breakdowns: column titles · frequency: of the observations, "" as the file has them · where: column title → wanted word, or a list of them ·
    skip_rows, skip_columns: left out, by their words · missing: more words for missing · decimal: "." or "," ·
    fiscal: years and months stand for fiscal years beginning in month year_start · day_first: 31/12/2021.
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


def to_json(recipe: Recipe) -> dict[str, Any]:
    """Plain values, without what is at its default."""
    usual = asdict(Recipe())
    found = {k: v for k, v in asdict(recipe).items() if v != usual[k] or k in ("layout", "header")}
    plain = {f.name: f.default for f in fields(MeasureMap) if f.name != "where"}
    found["measures"] = [
        {k: v for k, v in asdict(m).items() if v not in ({}, plain.get(k, {})) or k == "code"} for m in recipe.measures
    ]
    return dict(json.loads(json.dumps(found)))


def from_json(data: dict[str, Any], where: str = "") -> Recipe:
    """A recipe from plain values; CityStatError names a word that no recipe has."""
    known, parts = {f.name for f in fields(Recipe)}, {f.name for f in fields(MeasureMap)}
    for name in data.keys() - known:
        raise CityStatError(
            tr("A recipe has no “{name}”", name=name),
            where=where,
            do=tr("It has: {names}", names=", ".join(sorted(known))),
        )
    measures = []
    for measure in data.get("measures", []):
        for name in measure.keys() - parts:
            raise CityStatError(
                tr("A measure in a recipe has no “{name}”", name=name),
                where=where,
                do=tr("It has: {names}", names=", ".join(sorted(parts))),
            )
        if not measure.get("code"):
            raise CityStatError(
                tr("A measure in the recipe has no code"), where=where, do=tr("Give each measure a code")
            )
        _check_types(measure, where)
        measures.append(MeasureMap(**measure))
    rest: dict[str, Any] = {k: _tuple(v) if k in LISTS else v for k, v in data.items() if k != "measures"}
    recipe = Recipe(**rest, measures=tuple(measures))
    check(recipe, where)
    return recipe


def _check_types(measure: dict[str, Any], where: str) -> None:
    """Words are words, decimals a small whole number, the multiplier a number: what else comes in breaks every list later."""
    for name, value in measure.items():
        fits = {
            "decimals": isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6,
            "multiplier": isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
            "where": isinstance(value, dict),
        }.get(name, isinstance(value, str))
        if not fits:
            raise CityStatError(
                tr("“{name}” of {code} cannot be {value}", name=name, code=measure["code"], value=str(value)[:40]),
                where=where, do=tr("docs/cli.md says what each word of a map may be"),
            )  # fmt: skip


LISTS = ("sheets", "header", "breakdowns", "skip_rows", "skip_columns", "missing")
CHOICES = {
    "layout": ("long", "wide", "crossed"), "frequency": ("", *FREQUENCIES), "decimal": (".", ","),
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


def load(path: Path) -> Recipe:
    """A recipe from a JSON file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CityStatError(
            tr("The map cannot be read: {why}", why=str(error)), where=path.name, do=tr("Give a JSON file")
        ) from error
    if not isinstance(data, dict):
        raise CityStatError(
            tr("The map is not a JSON object"), where=path.name, do=tr("Begin it with { and end it with }")
        )
    return from_json(data, path.name)


def terms(text: str, titles: list[str]) -> list[str]:
    """ "attendances - breaches" names two columns, unless a column is called just that."""
    if not text:
        return []
    return [text] if text in titles else [t.strip() for t in text.split(" - ")]
