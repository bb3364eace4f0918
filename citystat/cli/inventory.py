"""citystat inventory: every measure with its whole definition, as Word, Excel or JSON."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.measures.inventory import write_inventory


def add_parser(commands: Any) -> None:
    """Declare `inventory`."""
    parser: argparse.ArgumentParser = commands.add_parser("inventory", help="every measure with its definition")
    parser.add_argument("--city", type=words.file, required=True)
    parser.add_argument("-o", "--out", type=words.new_file, required=True, metavar="FILE.docx|.xlsx|.json")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_inventory)


def _inventory(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        n = write_inventory(city, arguments.out, today=date.today(), now=datetime.now())
    said = {"file": str(arguments.out), "measures": n}
    print(json.dumps(said) if arguments.json else f"{arguments.out}: {n} measures")
    return 0
