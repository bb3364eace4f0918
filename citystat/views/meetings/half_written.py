"""A line that was half written when the console was left: kept on this machine, for each meeting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget


class HalfWritten:
    """Of one meeting, among what the main window remembers; where there is no such window, nothing is kept."""

    def __init__(self, owner: QWidget, city: Path, meeting_id: int) -> None:
        self._remembered: Any = getattr(owner.window(), "remembered", None)
        self._key = f"{city}#{meeting_id}"

    def keep(self, line: str, editing: tuple[str, int] | None) -> None:
        """The line as it stands, and the entry that it changes; an empty one is forgotten."""
        if self._remembered is None:
            return
        known = dict(self._remembered.get("half_written", {}))
        known.pop(self._key, None)
        if line.strip():
            known[self._key] = [line, *map(str, editing or ())]
        if known != self._remembered.get("half_written", {}):
            self._remembered.set("half_written", known)

    def take(self) -> tuple[str, tuple[str, int] | None]:
        """What was kept: the line, and the entry that it changes."""
        found = self._remembered.get("half_written", {}).get(self._key, []) if self._remembered is not None else []
        line, *editing = found or [""]
        return line, (editing[0], int(editing[1])) if len(editing) == 2 and editing[1].isdigit() else None
