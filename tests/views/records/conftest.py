"""What tests of records in the window share: a file of 311 requests."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

FIRST, DAYS = date(2024, 1, 1), 366
HEAD = "Request,Opened,Closed,Kind,District\n"


def write_requests(path: Path, rows: int = 2_000, *, first: date = FIRST, spoiled: bool = False) -> Path:
    """Requests of a year, some open still, one a row; spoiled: line 5 has a date that is none."""
    chance = random.Random(7)
    lines = []
    for n in range(rows):
        opened = first + timedelta(days=n * DAYS // rows)
        closed = opened + timedelta(days=chance.choice((0, 1, 2, 3, 4, 6, 9, 20)))
        done = f"{closed:%m/%d/%Y}" if chance.random() < 0.95 else ""
        kind = chance.choice(("Garbage in alley", "Garbage in yard", "Dumping"))
        lines.append(f"{first:%y}-{n + 1:07d},{opened:%m/%d/%Y},{done},{kind},{chance.randint(1, 6)}")
    if spoiled:
        number, _opened, *rest = lines[3].split(",")
        lines[3] = ",".join([number, "13/45/2024", *rest])
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """(name, rows, …) → a file of requests."""
    return lambda name, *a, **k: write_requests(tmp_path / name, *a, **k)


@pytest.fixture
def requests_file(tmp_path: Path) -> Path:
    """2,000 requests of 2024."""
    return write_requests(tmp_path / "requests-2024.csv")
