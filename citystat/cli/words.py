"""What may stand on the command line: an open city, names of files, days and numbers, refused as wrong usage where they are none."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

from citystat import periods


def of_a_city(parser: ArgumentParser, run: Callable[..., int]) -> ArgumentParser:
    """`parser` for a subcommand that `run` does on the city it names, in words or as JSON."""
    parser.add_argument("--city", type=file, required=True)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)
    return parser


def file(text: str) -> Path:
    """The name of a file or folder that is there."""
    if not text.strip():
        raise ArgumentTypeError("the name of a file is missing")
    return Path(text)


def new_file(text: str) -> Path:
    """The name of a file that is written."""
    path = file(text)
    if path.name in ("", ".."):
        raise ArgumentTypeError(f"“{text}” is a folder; give the name of a file in it")
    return path


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day; write it as 2026-03-31") from None
    if not periods.EARLIEST <= found <= periods.LATEST:
        raise ArgumentTypeError(f"“{text}” is too far away; the last day is {periods.LATEST}")
    return found


def month(text: str) -> date:
    """A month as YYYY-MM: its first day."""
    try:
        return day(f"{text}-01")
    except ArgumentTypeError:
        raise ArgumentTypeError(f"“{text}” is not a month; write it as 2026-03") from None


def figure(text: str) -> float:
    """A number that a city may have."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not abs(found) < 1e15:
        raise ArgumentTypeError(f"“{text}” is not a number, or too large")
    return found


def positive(text: str) -> float:
    """A number above zero."""
    found = figure(text)
    if found <= 0:
        raise ArgumentTypeError(f"“{text}” is not above zero")
    return found


def count(text: str) -> int:
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and 0 < len(text.lstrip("0")) < 10):
        raise ArgumentTypeError(f"“{text}” is not a whole number from 1")
    return int(text)


def share(text: str) -> float:
    """A number between 0 and 1."""
    found = figure(text)
    if not 0 < found < 1:
        raise ArgumentTypeError(f"“{text}” is not between 0 and 1")
    return found


def penalty(text: str) -> float | None:
    """A number above zero, or None for “bic”."""
    return None if text == "bic" else positive(text)


def tail(text: str) -> float:
    """A number from 0 to below a half."""
    found = figure(text)
    if not 0 <= found < 0.5:
        raise ArgumentTypeError(f"“{text}” is not from 0 to below 0.5")
    return found
