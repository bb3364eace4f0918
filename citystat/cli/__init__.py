"""The command line: the same work without a window, for schedulers and scripts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from citystat import __version__
from citystat.errors import Cancelled, CityStatError
from citystat.files import found
from citystat.printable import one_line

# subcommand → (module, what it does); a module is imported only when its command is asked for
COMMANDS = {
    "new": ("city", "make an empty city, or the sample city"),
    "backup": ("city", "write a whole copy of a city"),
    "restore": ("city", "put a copy in the city's place"),
    "check": ("city", "verify that a city is sound"),
    "upgrade": ("city", "bring a city up to this version"),
    "import": ("data", "bring data in"),
    "sources": ("sources", "list the sources and what is new in them"),
    "source": ("sources", "add or remove a source"),
    "recipes": ("recipes", "list the recipes by which files are read"),
    "records": ("records", "the records behind a number"),
    "recipe": ("recipes", "one recipe: show, history, export, load"),
    "return-sheet": ("returns", "a blank sheet for a department to fill"),
    "close": ("returns", "close a period: later changes give a reason"),
    "reopen": ("returns", "open a closed period again"),
    "quality": ("quality", "how good the data is: late, missing, in doubt"),
    "calendar": ("calendar", "who owes which figures by when; reminders"),
    "measures": ("measures", "list the measures"),
    "measure": ("measures", "one measure: definition, status, values"),
    "inventory": ("inventory", "every measure with its definition, as Word, Excel or JSON"),
    "goals": ("goals", "every goal with its progress; Goals at a glance as Word or PDF"),
    "results": ("results", "what the city measures of results, and what is missing"),
    "chain": ("chain", "the results chain of a goal or a program, as words or as a picture"),
    "screen": ("screen", "what is new in the whole city, with few false alarms"),
    "chart": ("measures", "draw a measure as PNG or SVG"),
    "analyse": ("analyse", "run one statistical method on a table"),
    "meeting": ("meetings", "agendas, memos, minutes"),
    "actions": ("meetings", "the action register"),
    "contracts": ("contracts", "list the contracts, the most urgent first"),
    "contract": ("contracts", "one contract: scorecard, renewal, side by side"),
    "demo": ("demo", "the main job from start to end, without a screen"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 done, 1 refused, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # signs that a terminal does not know must not end the work
            stream.reconfigure(errors="backslashreplace")
    try:
        return _flushed(words)
    except CityStatError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return _refuse(str(Cancelled()))
    except OSError as error:  # the output ends in a pipe that nobody reads, or on a full disk
        if sys.stdout and not isinstance(error, BrokenPipeError):
            _refuse(
                f"{error.filename or 'The output'}: the system refused it ({error.strerror}). Check disk and folder"
            )
        _drop_output()
        return 1


def _flushed(words: list[str]) -> int:
    """The status of a command whose words have all been written."""
    try:
        return _run(words)
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _run(words: list[str]) -> int:
    odd = next((w for w in words if any("\ud800" <= sign <= "\udfff" for sign in w)), None)
    if odd is not None:
        return _misused(f"“{odd}” is not written in UTF-8; type it anew, or rename the file")
    if not words or (words[0] not in COMMANDS and not words[0].startswith("-")):
        return _window(words)
    arguments = _parser(words[0]).parse_args(words)
    return int(arguments.run(arguments))


def _window(words: list[str]) -> int:
    if len(words) > 1:
        return _misused("one city file at a time; “citystat --help” lists the commands")
    if words and (not words[0] or not words[0].endswith(".citystat") and not found(Path(words[0]))):
        return _misused(f"there is no command and no city “{words[0]}”; “citystat --help” lists the commands")
    from citystat.views.shell.app import run

    return run(Path(words[0]) if words else None)


def _refuse(words: str) -> int:
    print(f"citystat: {one_line(words)}", file=sys.stderr)
    return 1


def _misused(words: str) -> int:
    print(f"citystat: {one_line(words)}", file=sys.stderr)
    return 2


def _drop_output() -> None:
    """Python writes what is left when it ends, and would complain again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


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
