"""What tests of the import window share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.shell.window import MainWindow

Opened = Callable[..., ImportPage]


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path) -> Opened:
    """(text or bytes, name) → the import page on a file of that content."""

    def open_(content: str | bytes, name: str = "transit.csv") -> ImportPage:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        window.go("import")
        window.go(f"import:{tmp_path / name}")
        jobs.wait()
        return window.page

    return open_
