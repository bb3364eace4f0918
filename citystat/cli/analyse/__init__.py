"""citystat analyse METHOD FILE.csv: one statistical method on a table.

Each method is a module here with `declare` (its options), `answer` (what it prints as JSON) and `for_people` (the same in words).
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from citystat.cli import words
from citystat.cli.analyse import changepoints, contribution, fdr, forecast, funnel, seasonal, spc
from citystat.cli.analyse.table import plain
from citystat.errors import CityStatError

METHODS: dict[str, Any] = {
    "spc": spc,
    "fdr": fdr,
    "contribution": contribution,
    "changepoints": changepoints,
    "seasonal": seasonal,
    "funnel": funnel,
    "forecast": forecast,
}
NO_OPTIONS = ("run", "misused", "file", "json", "method")


def add_parser(commands: Any) -> None:
    """Declare `analyse` with its methods."""
    parser = commands.add_parser("analyse", help="run one statistical method on a table")
    methods = parser.add_subparsers(dest="method", required=True, metavar="METHOD")
    for name, module in METHODS.items():
        summary = module.__doc__.splitlines()[0].split(": ", 1)[1]
        method = methods.add_parser(name, help=summary, description=summary)
        method.add_argument("file", type=words.file)
        method.add_argument("--json", action="store_true")
        module.declare(method)
        method.set_defaults(run=_run, misused=method.error)


def _run(arguments: argparse.Namespace) -> int:
    method = METHODS[arguments.method]
    try:
        answer = method.answer(arguments)
    except CityStatError as error:
        error.where = error.where or arguments.file.name
        raise
    options = {name.rstrip("_"): value for name, value in vars(arguments).items() if name not in NO_OPTIONS}
    whole = {"method": arguments.method, "n": 0, "options": options, "warnings": [], **plain(answer)}
    if arguments.json:
        print(json.dumps(whole, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join([method.for_people(whole), *whole["warnings"]]))
    return 0
