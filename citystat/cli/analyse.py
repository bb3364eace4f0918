"""citystat analyse METHOD FILE.csv: one statistical method on a table."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from citystat.analysis import spc
from citystat.cli import words
from citystat.errors import CityStatError
from citystat.files import read_bytes

Row = dict[str, str]


def add_parser(commands: Any) -> None:
    """Declare `analyse` with its methods."""
    parser = commands.add_parser("analyse", help="run one statistical method on a table")
    methods = parser.add_subparsers(dest="method", required=True, metavar="METHOD")
    for name, (declare, run) in METHODS.items():
        method = methods.add_parser(name)
        method.add_argument("file", type=words.file)
        method.add_argument("--json", action="store_true")
        declare(method)
        method.set_defaults(run=run)


def _declare_spc(parser: argparse.ArgumentParser) -> None:
    for column in ("period", "value", "numerator", "denominator", "by"):
        parser.add_argument(f"--{column}", default=None, help=f"name of the {column} column")
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


def _spc(arguments: argparse.Namespace) -> int:
    """Judge one series, or one a group with --by."""
    table = _read(arguments.file)
    _need(table, arguments, ("period", "value", "numerator", "denominator", "by"))
    if arguments.by:
        groups: dict[str, list[Row]] = {}
        for row in table:
            groups.setdefault(row[arguments.by], []).append(row)
        answer: dict[str, Any] = {"series": {name: _judged(rows, arguments) for name, rows in groups.items()}}
    else:
        answer = _judged(table, arguments)
    options = {k: v for k, v in vars(arguments).items() if k not in ("run", "file", "json", "method")}
    options["screening"] = options["screening"] or ("on" if arguments.rules == "nhs" else "off")
    whole = {"method": "spc", "n": len(table), "options": options, "warnings": [], **answer}
    print(json.dumps(whole, ensure_ascii=False, allow_nan=False) if arguments.json else _for_people(whole))
    return 0


METHODS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]] = {
    "spc": (_declare_spc, _spc),
}


def _judged(rows: list[Row], arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.period:
        rows = sorted(rows, key=lambda row: _period_key(row[arguments.period]))
    periods = [row[arguments.period] if arguments.period else str(i) for i, row in enumerate(rows)]
    columns = {name: _column(rows, getattr(arguments, name)) for name in ("value", "numerator", "denominator")}
    if columns["value"] is None and columns["numerator"] is None:
        raise CityStatError("No column of values was named", where=str(arguments.file), do="Give --value NAME")
    values, top = columns["value"], columns["numerator"]
    if top is None and arguments.chart in ("p", "u", "p-prime", "u-prime"):
        top, values = values, None
    judgement = spc.judge(
        values or top or [],
        numerator=top,
        denominator=columns["denominator"],
        chart=arguments.chart,
        rules=arguments.rules,
        improvement=arguments.improvement,
        target=arguments.target,
        screening=None if arguments.screening is None else arguments.screening == "on",
        baseline=arguments.baseline,
        rebase=_indices(periods, arguments.rebase, arguments.file),
        exclude=_indices(periods, arguments.exclude, arguments.file),
        multiply=arguments.multiply,
        centre=arguments.centre,
        sigma=arguments.sigma,
    )
    return _printed(judgement, periods)


def _printed(judgement: spc.Judgement, periods: list[str]) -> dict[str, Any]:
    whole = _plain(asdict(judgement))
    for point in whole["points"]:
        point["period"] = periods[point["index"]]
    for segment in whole["segments"]:
        segment["from"], segment["to"] = periods[segment.pop("start")], periods[segment.pop("stop") - 1]
    whole["kinds"] = [point["kind"] for point in whole["points"]]
    whole["n"] = len(periods)
    return dict(whole)


def _plain(value: Any) -> Any:
    """JSON has no NaN: what cannot be computed is null."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _for_people(whole: dict[str, Any]) -> str:
    lines = []
    for name, one in whole.get("series", {"": whole}).items():
        head = f"{name}: " if name else ""
        lines.append(
            f"{head}{one['chart']} chart, {one['n']} points; centre {one['centre']}, limits {one['lower']} to {one['upper']}"
        )
        lines.append(f"  variation {one['variation']}, assurance {one['assurance'] or 'none'}")
        lines += [f"  {p['period']}: {p['value']} {', '.join(p['rules'])}" for p in one["points"] if p["rules"]]
    return "\n".join(lines)


def _read(path: Path) -> list[Row]:
    try:
        text = read_bytes(path).decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CityStatError(
            f"The table cannot be read: {error}", where=path.name, do="Give a CSV file in UTF-8"
        ) from error
    if not rows:
        raise CityStatError("The table is empty", where=path.name, do="Give a CSV file with a heading row and data")
    for at, row in enumerate(rows, 2):
        if "" in row and isinstance(row[""], list):
            raise CityStatError(
                "The row has more cells than the heading", where=f"{path.name}, row {at}", do="Correct the row"
            )
    return rows


def _need(table: list[Row], arguments: argparse.Namespace, columns: tuple[str, ...]) -> None:
    for option in columns:
        name = getattr(arguments, option)
        if name is not None and name not in table[0]:
            raise CityStatError(
                f"There is no column “{name}”",
                where=arguments.file.name,
                do=f"Its columns are: {', '.join(table[0])[:300]}",
            )


def _column(rows: list[Row], name: str | None) -> list[float] | None:
    if name is None:
        return None
    return [_number(row[name], f"column {name}, row {i}") for i, row in enumerate(rows, 2)]


def _number(text: str, where: str) -> float:
    if text.strip() in ("", "NA", "NaN", "null"):
        return math.nan
    try:
        found = float(text)
        if math.isfinite(found) and abs(found) >= 1e15:
            raise ValueError(text)
        return found
    except ValueError:
        raise CityStatError(f"“{text}” is not a number", where=where, do="Correct the cell or leave it empty") from None


def _period_key(text: str) -> tuple[int, float, str]:
    try:
        number = float(text)
    except ValueError:
        number = math.nan  # which cannot be put in order
    return (1, 0.0, text) if math.isnan(number) else (0, number, "")


def _indices(periods: list[str], wanted: list[str], file: Path) -> list[int]:
    for period in wanted:
        if period not in periods:
            raise CityStatError(
                f"There is no period {period}", where=file.name, do="Name periods as the file writes them"
            )
    return [periods.index(period) for period in wanted]
