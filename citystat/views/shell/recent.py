"""Cities opened lately, and how the window was left: one small file in the person's settings folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from citystat.printable import printable
from citystat.texts import LANGUAGES

MOST = 8


def _word(value: Any) -> bool:
    return isinstance(value, str) and printable(value) == value


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(_word(v) and v for v in value)


# what each remembered value may be
FITS: dict[str, Callable[[Any], bool]] = {
    "cities": _words,
    "lately": _words,
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

    def forget(self, path: Path) -> None:
        """Leave `path` out of the recent cities."""
        self.set("cities", [str(p) for p in self.cities() if p != path])

    def opened(self, path: Path) -> None:
        """Put `path` first among the recent cities."""
        kept = [str(p) for p in self.cities() if p != path.resolve()]
        self.set("cities", [str(path.resolve()), *kept][:MOST])
