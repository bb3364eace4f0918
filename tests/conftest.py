"""What tests share: an empty city, the sample city, a day that is today, and the folder of real data."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from citystat.city import City

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(autouse=True)
def nothing_is_left_over() -> Iterator[None]:
    """Widgets that a test let go are gone before the next one, or every change of look would style thousands of them;
    cycles are collected in this thread as in the application."""
    from PySide6.QtCore import QCoreApplication, QEvent

    from citystat.views.cycles import collect_what_is_due

    gc.disable()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs here that would do it
    collect_what_is_due()


@pytest.fixture
def today() -> date:
    """The day on which tests take place."""
    return date(2026, 3, 10)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A new, empty city."""
    with City.create(tmp_path / "Test.citystat", "Test", who="tester") as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Riverton, made once for all tests; take `sample_city` for a copy to change."""
    from citystat.sample.riverton import make

    path = tmp_path_factory.mktemp("sample") / "Riverton.citystat"
    make(path, today=date(2026, 3, 10)).close()
    return path


@pytest.fixture
def sample_city(sample_file: Path, tmp_path: Path) -> Iterator[City]:
    """A copy of Riverton."""
    path = tmp_path / "Riverton.citystat"
    shutil.copy(sample_file, path)
    with City.open(path, who="tester") as opened:
        yield opened


@pytest.fixture
def shared() -> Path:
    """The folder of real city data beside the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder of real data (../shared/data) is not beside the project")
    return SHARED / "data"


def pytest_sessionfinish() -> None:
    """Let go of what a test copied: the offscreen clipboard would do it after Python has ended, which ends badly."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


# marker → what did not run where its tests were skipped
MARKED = {"office": "pages of the Word files", "realwindow": "real windows"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly which checks were left out because a program is missing."""
    left_out: dict[str, set[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        for marker in MARKED.keys() & report.keywords.keys():
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            left_out.setdefault(marker, set()).add(reason.removeprefix("Skipped: "))
    for marker, reasons in sorted(left_out.items()):
        terminalreporter.write_line(f"NOT RUN: {MARKED[marker]} ({'; '.join(sorted(reasons))})", yellow=True)


class Heard(dict[str, str]):
    """A catalogue that remembers what it was asked for."""

    asked: set[str] = set()

    def get(self, text: str, otherwise: str | None = None) -> str | None:  # type: ignore[override]
        """The translation; the question is written down."""
        self.asked.add(text)
        return super().get(text, otherwise)


def pytest_addoption(parser: pytest.Parser) -> None:
    """--texts=FILE: write down every text tr() was asked for, for installer/texts.py --heard FILE."""
    parser.addoption("--texts", metavar="FILE", help="write the texts that were asked for into a JSON file")


def pytest_configure(config: pytest.Config) -> None:
    """Listen where it was asked for."""
    if config.getoption("--texts"):
        from citystat import texts

        texts._catalogue = Heard(texts._catalogue)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write down what was heard."""
    if config.getoption("--texts"):
        Path(config.getoption("--texts")).write_text(json.dumps(sorted(Heard.asked)), encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walk through every place changes the look of the whole application again and again, and each change styles
    every widget that still lives: it goes first, while there are none."""
    items.sort(key=lambda item: "test_walk" not in item.nodeid)
