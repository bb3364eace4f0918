"""citystat analyse contribution: which parts drive a change, and whether by rate or by mix (Kitagawa)."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import numpy as np

from citystat.analysis import contribution
from citystat.cli import words
from citystat.cli.analyse.table import Floats, Row, finite, named_columns, need, once, read
from citystat.errors import CityStatError


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, "period", "part")
    named_columns(parser, "value", "numerator", "denominator", required=False)
    parser.add_argument("--from", dest="from_", required=True, help="the period before", metavar="PERIOD")
    parser.add_argument("--to", required=True, help="the period after", metavar="PERIOD")
    parser.add_argument("--multiply", type=words.positive, default=1.0)


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """The change from one period to another, part by part."""
    ratio = arguments.numerator is not None
    if ratio == (arguments.value is not None) or ratio != (arguments.denominator is not None):
        arguments.misused("give --value, or --numerator and --denominator")
    columns = ("numerator", "denominator") if ratio else ("value",)
    table = read(arguments.file)
    need(table, arguments, "period", "part", *columns)
    sides = [[row for row in table if row[arguments.period] == at] for at in (arguments.from_, arguments.to)]
    for at, rows in zip((arguments.from_, arguments.to), sides, strict=True):
        if not rows:
            raise CityStatError(f"There is no period {at}", do="Name periods as the file writes them")
        once([row[arguments.part] for row in rows], f"In {at}, part")
    parts = list(dict.fromkeys(row[arguments.part] for rows in sides for row in rows))
    figures = [_figures(table, arguments, rows, parts, getattr(arguments, name)) for rows in sides for name in columns]
    if ratio:
        found = contribution.of_ratio(parts, figures[0], figures[1], figures[2], figures[3], arguments.multiply)
    else:
        found = contribution.of_total(parts, *(f * arguments.multiply for f in figures))
    alone = [part for part in parts if any(part not in {row[arguments.part] for row in rows} for rows in sides)]
    printed = asdict(found)
    return {
        "n": sum(map(len, sides)),
        "warnings": [f"“{part}” is in one of the periods only; it counts as 0 in the other" for part in alone]
        + (["The rates move against the whole (Simpson's paradox): look at the parts"] if found.reversal else []),
        **printed,
        "parts": {part.pop("name"): part for part in printed["parts"]},
    }


def for_people(whole: dict[str, Any]) -> str:
    """The change, and the parts with the largest contribution first."""
    lines = [f"{whole['before']:g} to {whole['after']:g}: {whole['change']:+g}"]
    if whole["rate_effect"] is not None:
        lines.append(f"  rates {whole['rate_effect']:+.4g}, mix {whole['mix_effect']:+.4g}")
    return "\n".join(lines + [f"  {name}: {whole['parts'][name]['contribution']:+.4g}" for name in whole["ranked"]])


def _figures(table: list[Row], arguments: argparse.Namespace, rows: list[Row], parts: list[str], column: str) -> Floats:
    """array[k]: the column's number for each part, 0 where the part is not in these rows."""
    kept = {id(row) for row in rows}
    places = [i for i, row in enumerate(table) if id(row) in kept]
    numbers = finite(table, column, empty=True)[places]
    for row, number in zip(rows, numbers, strict=True):
        if np.isnan(number):
            raise CityStatError(f"“{row[arguments.part]}” has no {column} in {row[arguments.period]}", do="Give one")
    known = {row[arguments.part]: number for row, number in zip(rows, numbers, strict=True)}
    return np.array([known.get(part, 0.0) for part in parts])
