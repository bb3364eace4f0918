"""A process that is killed in the middle of a meeting loses no line that was shown as kept."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from citystat.city import City
from citystat.city.backup import check
from citystat.meetings.capture import captured

WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from citystat.city import City
from citystat.meetings.capture import context, keep, parse
with City.open(Path(sys.argv[1])) as city:
    for n in range(10_000):
        with city.read() as read:
            entry = parse(f"action promise {sys.argv[2]}-{n} @dw ^friday =memo", context(read, int(sys.argv[3]), datetime.now().date()))
        keep(city, int(sys.argv[3]), entry, item_id=None, now=datetime.now())
        print(entry.text, flush=True)
"""


def kill_while_capturing(city_file: Path, meeting: int, times: int, seed: int, program: str = WRITER) -> None:
    """Start the writer and kill it at random moments; every line it showed as kept must be in the city."""
    rng = random.Random(seed)
    shown: set[str] = set()
    for turn in range(times):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(city_file), str(turn), str(meeting)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            shown.add(writer.stdout.readline().strip())  # it is under way
            time.sleep(rng.uniform(0, 0.25))  # the random moment itself, not a wait for something
            os.kill(writer.pid, signal.SIGKILL)
            shown |= {line.strip() for line in writer.stdout if line.endswith("\n")}
    with City.open(city_file) as city, city.read() as read:
        kept = {entry.text for entry in captured(read, meeting)}
    assert shown and shown - kept == set()
    assert check(city_file) == []


@pytest.fixture
def planned(sample_city: City) -> tuple[Path, int]:
    sample_city.close()
    return sample_city.path, _planned_meeting(sample_city.path)


def _planned_meeting(path: Path) -> int:
    from citystat.meetings.meeting import meetings

    with City.open(path) as city, city.read() as read:
        return next(m.id for m in meetings(read) if m.status == "planned")


def test_three_kills_lose_nothing(planned: tuple[Path, int]) -> None:
    kill_while_capturing(*planned, times=3, seed=1)


@pytest.mark.faults
def test_fifty_kills_lose_nothing(planned: tuple[Path, int]) -> None:
    kill_while_capturing(*planned, times=50, seed=2)


CONSOLE = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from citystat.city import City
from citystat.views.meetings.console import Console
app = QApplication([])
with City.open(Path(sys.argv[1])) as city:
    console = Console(city, int(sys.argv[3]))
    city.subscribe(console.refresh)
    console.show()
    console.begin()
    for box in console.findChildren(QMessageBox):  # planned for another day: held today
        box.defaultButton().click()
    for n in range(10_000):
        words = f"promise {sys.argv[2]}-{n}"
        QTest.keyClick(console, Qt.Key.Key_Slash)
        QTest.keyClicks(console.capture.line, f"action {words} @dw ^friday =memo")
        QTest.keyClick(console.capture.line, Qt.Key.Key_Return)
        if "kept" in console.capture.said and not console.capture.line.text():
            print(words, flush=True)
"""


def test_a_console_killed_while_somebody_types_loses_nothing_it_called_kept(planned: tuple[Path, int]) -> None:
    kill_while_capturing(*planned, times=2, seed=3, program=CONSOLE)


@pytest.mark.faults
def test_a_console_killed_fifty_times_loses_nothing_it_called_kept(planned: tuple[Path, int]) -> None:
    kill_while_capturing(*planned, times=50, seed=4, program=CONSOLE)
