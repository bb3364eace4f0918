"""citystat new, backup, restore, check, upgrade: the city file itself."""

from __future__ import annotations

import argparse
import json
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words

USUAL_START = 7  # July, as in most US cities and states; `new` says what it took


def add_parser(commands: Any) -> None:
    """Declare the five commands."""
    new = _command(commands, "new", "make an empty city, or the sample city", _new)
    new.add_argument("file", type=words.new_file)
    new.add_argument("--sample", action="store_true", help="Riverton, with seven years of figures")
    new.add_argument("--name", default="", help="the city's name")
    new.add_argument(
        "--fiscal-year-start", type=int, choices=range(1, 13), metavar="MONTH", help="1 to 12; July unless said"
    )
    for name, does, run in (
        ("backup", "write a whole copy", _backup),
        ("restore", "put a copy in its place", _restore),
    ):
        command = _command(commands, name, does, run)
        command.add_argument("copy", type=words.new_file)
        command.add_argument("--city", type=words.file, required=True)
    for name, does, run in (
        ("check", "verify the city", _check),
        ("upgrade", "bring it up to this version", _upgrade),
    ):
        _command(commands, name, does, run).add_argument("--city", type=words.file, required=True)


def _command(commands: Any, name: str, does: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=does)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)
    return parser


def _new(arguments: argparse.Namespace) -> int:
    if arguments.sample:
        from citystat.sample.riverton import make

        city = make(arguments.file)
    else:
        name = arguments.name or arguments.file.stem
        city = City.create(arguments.file, name, fiscal_year_start=arguments.fiscal_year_start or USUAL_START)
    with city:
        settings = city.settings
        begins = f"Its fiscal year begins in {periods.MONTH_NAMES_LONG[settings.fiscal_year_start - 1]}"
        taken = not arguments.fiscal_year_start and not arguments.sample
        how = "; --fiscal-year-start takes another month, Settings in the window changes it" if taken else ""
        _say(
            arguments,
            {"city": settings.name, "file": str(arguments.file), "fiscal_year_start": settings.fiscal_year_start},
            f"Made {settings.name} in {arguments.file}. {begins}{how}",
        )
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from citystat.city.backup import save_copy_of

    City.open(arguments.city).close()
    save_copy_of(arguments.city, arguments.copy)
    _say(arguments, {"copy": str(arguments.copy)}, f"Copied {arguments.city} to {arguments.copy}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from citystat.city.backup import restore

    restore(arguments.copy, arguments.city)
    _say(arguments, {"city": str(arguments.city)}, f"Restored {arguments.city} from {arguments.copy}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from citystat.city.backup import check

    problems = check(arguments.city)
    _say(arguments, {"sound": not problems, "problems": problems}, "\n".join(problems) or f"{arguments.city} is sound")
    return 1 if problems else 0


def _upgrade(arguments: argparse.Namespace) -> int:
    City.open(arguments.city).close()
    _say(arguments, {"city": str(arguments.city)}, f"{arguments.city} is up to date")
    return 0


def _say(arguments: argparse.Namespace, machine: dict[str, object], people: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if arguments.json else people)
