"""What plain values from outside may be: a recipe that somebody wrote is held against this before it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from citystat.errors import CityStatError
from citystat.files import read_bytes
from citystat.printable import printable
from citystat.texts import tr

MOST_ROWS = 1_048_576
LARGEST_FACTOR = 1e9


def loaded(path: Path) -> Any:
    """What a JSON file holds; CityStatError where it is none."""
    data = read_bytes(path)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CityStatError(
            tr("The map cannot be read: {why}", why=str(error)), where=path.name, do=tr("Give a JSON file")
        ) from error


def of_kinds(data: Any, kinds: dict[str, Callable[[Any], bool]], thing: str, where: str) -> dict[str, Any]:
    """`data`; CityStatError unless it is an object whose words are known and of their kind; else every list breaks later."""
    if not isinstance(data, dict):
        raise CityStatError(
            tr("{thing} cannot be {value}", thing=thing, value=_said(data)), where=where, do=tr("Begin it with { and end it with }")
        )  # fmt: skip
    for name, value in data.items():
        if name not in kinds:
            raise CityStatError(
                tr("{thing} has no “{name}”", thing=thing, name=name),
                where=where, do=tr("It has: {names}", names=", ".join(sorted(kinds))),
            )  # fmt: skip
        if not kinds[name](value):
            raise CityStatError(
                tr("{thing}: “{name}” cannot be {value}", thing=thing, name=name, value=_said(value)),
                where=where, do=tr("docs/cli.md says what each word of a map may be"),
            )  # fmt: skip
    return data


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, default=str)[:40]


def word(value: Any) -> bool:
    """A text that can be shown."""
    return isinstance(value, str) and printable(value) == value


def words(value: Any) -> bool:
    """One word, or a list of them."""
    return word(value) or isinstance(value, list | tuple) and all(word(v) for v in value)


def truth(value: Any) -> bool:
    """true or false."""
    return isinstance(value, bool)


def whole(value: Any, first: int, last: int) -> bool:
    """A whole number from `first` to `last`."""
    return isinstance(value, int) and not isinstance(value, bool) and first <= value <= last


def rows(value: Any) -> bool:
    """Numbers of rows, counted from 1."""
    found = listed(value)
    return 0 < len(found) <= 20 and all(whole(v, 1, MOST_ROWS) for v in found)


def factor(value: Any) -> bool:
    """A number; not nan, nor so large or small that values would run over."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST_FACTOR <= value <= LARGEST_FACTOR


def pairs(value: Any) -> bool:
    """Words and what each stands for."""
    return isinstance(value, dict) and all(word(name) and word(meant) for name, meant in value.items())


def pairs_by_column(value: Any) -> bool:
    """For each column, words and what each stands for."""
    return isinstance(value, dict) and all(word(name) and pairs(meant) for name, meant in value.items())


def conditions(value: Any) -> bool:
    """Columns and the words wanted in them."""
    return isinstance(value, dict) and all(
        word(name) and name and all(word(w) or isinstance(w, int | float) for w in (wanted if isinstance(wanted, list | tuple) else [wanted]))
        for name, wanted in value.items()
    )  # fmt: skip


def listed(value: Any) -> tuple[Any, ...]:
    """One word stands for a list of one."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)
