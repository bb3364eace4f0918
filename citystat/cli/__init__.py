"""The command line: the same work without a window, for schedulers and scripts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from citystat import __version__
from citystat.errors import CityStatError

# subcommand → (module, what it does); a module is imported only when its command is asked for
COMMANDS = {
    "new": ("city", "make an empty city, or the sample city"),
    "backup": ("city", "write a whole copy of a city"),
    "restore": ("city", "put a copy in the city's place"),
    "check": ("city", "verify that a city is sound"),
    "upgrade": ("city", "bring a city up to this version"),
    "import": ("data", "bring data in"),
    "measures": ("measures", "list the measures"),
    "measure": ("measures", "one measure: definition, status, values"),
    "chart": ("measures", "draw a measure as PNG or SVG"),
    "analyse": ("analyse", "run one statistical method on a table"),
    "meeting": ("meetings", "agendas, memos, minutes"),
    "actions": ("meetings", "the action register"),
    "demo": ("demo", "the main job from start to end, without a screen"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 done, 1 refused, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0] not in COMMANDS and not words[0].startswith("-")):
        return _window(words)
    parser = _parser(words[0])
    arguments = parser.parse_args(words)
    try:
        return int(arguments.run(arguments))
    except CityStatError as error:
        print(f"citystat: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def _window(words: list[str]) -> int:
    if len(words) > 1:
        print("citystat: one city file at a time; “citystat --help” lists the commands", file=sys.stderr)
        return 2
    if words and not Path(words[0]).exists() and not words[0].endswith(".citystat"):
        print(
            f"citystat: there is no command and no city “{words[0]}”; “citystat --help” lists the commands",
            file=sys.stderr,
        )
        return 2
    from citystat.views.shell.app import run

    return run(Path(words[0]) if words else None)


def _parser(command: str) -> argparse.ArgumentParser:
    """The whole parser for --help, and only the asked command's options otherwise."""
    parser = argparse.ArgumentParser(
        prog="citystat", description="Run a city's stat meetings. Without a command: open the window on FILE."
    )
    parser.add_argument("--version", action="version", version=f"citystat {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    if command in COMMANDS:
        import_module(f"citystat.cli.{COMMANDS[command][0]}").add_parser(commands)
    else:
        for name, (_, words) in COMMANDS.items():
            commands.add_parser(name, help=words)
    return parser
