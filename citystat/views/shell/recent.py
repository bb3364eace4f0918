"""Cities opened lately, and how the window was left: one small file in the person's settings folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_config_path

from citystat.printable import printable
from citystat.texts import LANGUAGES

MOST = 8


class Recent(NamedTuple):
    """A city opened lately, and the day, where it is known."""

    path: Path
    day: date | None


def _word(value: Any) -> bool:
    return isinstance(value, str) and printable(value) == value


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(_word(v) and v for v in value)


def _days(value: Any) -> bool:
    return isinstance(value, dict) and all(_day(d) for d in value.values())


def _folders(value: Any) -> bool:
    return isinstance(value, dict) and all(_word(kind) and _word(folder) for kind, folder in value.items())


def _lines(value: Any) -> bool:
    return isinstance(value, dict) and all(_words(line) for line in value.values())


# what each remembered value may be
FITS: dict[str, Callable[[Any], bool]] = {
    "cities": _words,
    "lately": _words,
    "days": _days,
    "half_written": _lines,
    "half_noted": _lines,
    "folders": _folders,
    "who": _word,
    "language": lambda value: isinstance(value, str) and value in LANGUAGES,
    "theme": lambda value: value is None or value is True or value is False or value == "contrast",
    "scale": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0.5 <= value <= 4,
}


class Remembered:
    """Settings of this person on this machine; a file that cannot be read counts as empty."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path("CityStat", appauthor=False) / "window.json"
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            found = {}
        self._values: dict[str, Any] = found if isinstance(found, dict) else {}

    def get(self, name: str, default: Any) -> Any:
        """A remembered value; `default` where nothing is remembered that fits, whoever wrote the file."""
        value = self._values.get(name, default)
        return value if name not in FITS or FITS[name](value) else default

    def set(self, name: str, value: Any) -> None:
        """Remember a value; a folder that cannot be written makes CityStat forgetful, not broken."""
        self._values[name] = value
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self._values), encoding="utf-8")
        except OSError:
            return

    def cities(self) -> list[Path]:
        """Recent cities, newest first; not looked for, because a network share that is gone answers slowly."""
        return [Path(p) for p in self.get("cities", [])]

    def lately(self) -> list[Recent]:
        """Recent cities, newest first, each with the day on which it was opened last."""
        days = self.get("days", {})
        return [Recent(p, _day(days.get(str(p), ""))) for p in self.cities()]

    def forget(self, path: Path) -> None:
        """Leave `path` out of the recent cities."""
        self.set("cities", [str(p) for p in self.cities() if p != path])

    def opened(self, path: Path, today: date | None = None) -> None:
        """Put `path` first among the recent cities."""
        named = str(path.resolve())
        cities = [named, *(str(p) for p in self.cities() if str(p) != named)][:MOST]
        known = self.get("days", {})
        self._values["days"] = {c: d for c, d in (known | {named: str(today or date.today())}).items() if c in cities}
        self.set("cities", cities)


def _day(words: object) -> date | None:
    try:
        return date.fromisoformat(str(words))
    except ValueError:
        return None
