"""DuckDB at work: in little memory, stopped within a moment, and nothing left in its folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citystat.city.observations import Progress
from citystat.records.waiting import stopped_by

if TYPE_CHECKING:
    import duckdb

MEMORY = "350MB"  # of DuckDB itself; what needs more goes to its folder


class Duck:
    """A database of the moment. folder: where it puts what does not fit into memory, and where files of the moment go."""

    def __init__(self, folder: Path, progress: Progress | None) -> None:
        import duckdb

        self.folder, self._progress = folder, progress
        self._share, self._words = 0.0, ""
        usual: dict[str, Any] = {
            "memory_limit": MEMORY, "temp_directory": str(folder / "spill"), "threads": os.cpu_count() or 1,
            "preserve_insertion_order": False,
        }  # fmt: skip
        self.errors = duckdb.Error
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(config=usual)

    def report(self, share: float, words: str = "") -> None:
        """How far the work is; raises Cancelled to stop it."""
        self._share, self._words = share, words or self._words
        if self._progress:
            self._progress.report(share, self._words)

    def run(self, sql: str, values: list[Any] | None = None) -> None:
        """Carry `sql` out; whoever waits may stop it."""
        report = (lambda: self.report(self._share)) if self._progress else None
        stopped_by(report, lambda: self.connection.execute(sql, values), self.connection.interrupt)

    def ask(self, sql: str, values: list[Any] | None = None) -> dict[str, Any]:
        """The answer by column, arrays (masked where something is missing)."""
        self.run(sql, values)
        return dict(self.connection.fetchnumpy())

    def rows(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """The answer by row."""
        self.run(sql, values)
        return list(self.connection.fetchall())


@contextmanager
def duck(progress: Progress | None = None) -> Iterator[Duck]:
    """DuckDB with a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="citystat-records-") as folder:
        found = Duck(Path(folder), progress)
        try:
            yield found
        finally:
            found.connection.close()


def quoted(text: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


def name(text: str) -> str:
    """The name of a column as SQL writes it."""
    return '"' + text.replace('"', '""') + '"'
