"""citystat analyse spc: tell signal from noise by a control chart and its rules."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from citystat.analysis import spc
from citystat.cli import words
from citystat.cli.analyse.series import period_key
from citystat.cli.analyse.table import Row, column, named_columns, need, plain, read
from citystat.errors import CityStatError

COLUMNS = ("period", "value", "numerator", "denominator", "by")


def declare(parser: argparse.ArgumentParser) -> None:
    """The options of the method."""
    named_columns(parser, *COLUMNS, required=False)
    parser.add_argument("--chart", choices=("auto", *spc.CHARTS), default="auto")
    parser.add_argument("--rules", choices=("nhs", "anhoej", "western-electric"), default="nhs")
    parser.add_argument("--improvement", choices=("up", "down", "neither"), default="neither")
    parser.add_argument("--screening", choices=("on", "off"), default=None)
    for number, kind in (("target", words.figure), ("centre", words.figure), ("sigma", words.positive)):
        parser.add_argument(f"--{number}", type=kind)
    parser.add_argument("--multiply", type=words.positive, default=1.0)
    parser.add_argument("--baseline", type=words.count)
    for periods in ("rebase", "exclude"):
        parser.add_argument(f"--{periods}", type=lambda text: text.split(","), default=[])


def answer(arguments: argparse.Namespace) -> dict[str, Any]:
    """Judge one series, or one a group with --by."""
    arguments.screening = arguments.screening or ("on" if arguments.rules == "nhs" else "off")
    table = read(arguments.file)
    need(table, arguments, *COLUMNS)
    if not arguments.by:
        return _judged(table, arguments)
    groups: dict[str, list[Row]] = {}
    for row in table:
        groups.setdefault(row[arguments.by], []).append(row)
    return {"n": len(table), "series": {name: _judged(rows, arguments) for name, rows in groups.items()}}


def for_people(whole: dict[str, Any]) -> str:
    """Centre, limits and icons, and every point that a rule marks."""
    lines = []
    for name, one in whole.get("series", {"": whole}).items():
        head = f"{name}: " if name else ""
        lines.append(
            f"{head}{one['chart']} chart, {one['n']} points; centre {one['centre']}, limits {one['lower']} to {one['upper']}"
        )
        lines.append(f"  variation {one['variation']}, assurance {one['assurance'] or 'none'}")
        lines += [f"  {p['period']}: {p['value']} {', '.join(p['rules'])}" for p in one["points"] if p["rules"]]
    return "\n".join(lines)


def _judged(rows: list[Row], arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.period:
        rows = sorted(rows, key=lambda row: period_key(row[arguments.period]))
    periods = [row[arguments.period] if arguments.period else str(i) for i, row in enumerate(rows)]
    values, top, bottom = (
        column(rows, name) if name else None for name in (arguments.value, arguments.numerator, arguments.denominator)
    )
    if values is None and top is None:
        raise CityStatError("No column of values was named", where=str(arguments.file), do="Give --value NAME")
    if top is None and arguments.chart in ("p", "u", "p-prime", "u-prime"):
        top, values = values, None
    judgement = spc.judge(
        values or top or [],
        numerator=top,
        denominator=bottom,
        chart=arguments.chart,
        rules=arguments.rules,
        improvement=arguments.improvement,
        target=arguments.target,
        screening=arguments.screening == "on",
        baseline=arguments.baseline,
        rebase=_indices(periods, arguments.rebase, arguments.file),
        exclude=_indices(periods, arguments.exclude, arguments.file),
        multiply=arguments.multiply,
        centre=arguments.centre,
        sigma=arguments.sigma,
    )
    return _printed(judgement, periods)


def _printed(judgement: spc.Judgement, periods: list[str]) -> dict[str, Any]:
    whole = plain(asdict(judgement))
    for point in whole["points"]:
        point["period"] = periods[point["index"]]
    for segment in whole["segments"]:
        segment["from"], segment["to"] = periods[segment.pop("start")], periods[segment.pop("stop") - 1]
    whole["kinds"] = [point["kind"] for point in whole["points"]]
    whole["n"] = len(periods)
    return dict(whole)


def _indices(periods: list[str], wanted: list[str], file: Path) -> list[int]:
    for period in wanted:
        if period not in periods:
            raise CityStatError(
                f"There is no period {period}", where=file.name, do="Name periods as the file writes them"
            )
    return [periods.index(period) for period in wanted]
