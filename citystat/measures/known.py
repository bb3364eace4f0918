"""What was worked out of a series and holds as long as the series is the same: kept in memory by its digest, for all threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Known(Generic[V]):
    """Values by digest; beyond `most` of them, those that were asked for longest ago are forgotten."""

    def __init__(self, most: int) -> None:
        self._most, self._values, self._lock = most, dict[bytes, V](), Lock()

    def among(self, keys: Iterable[bytes]) -> dict[bytes, V]:
        """Those of `keys` that are known."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key, value in found.items():
                del self._values[key]
                self._values[key] = value
        return found

    def keep(self, found: Mapping[bytes, V]) -> None:
        """Remember these."""
        with self._lock:
            self._values.update(found)
            for key in list(self._values)[: max(0, len(self._values) - self._most)]:
                del self._values[key]
