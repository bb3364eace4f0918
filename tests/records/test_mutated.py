"""Files of records that were damaged in every way: never a crash, always figures or a sentence with what to do."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from counting import HEAD, REQUESTS, ROWS

from citystat.errors import CityStatError
from citystat.records import files
from citystat.records.count import counted
from citystat.records.duck import duck
from citystat.records.in_file import InFile

WHOLE = ("\n".join([HEAD, *ROWS]) + "\n").encode()
JUNK = (
    b'"', b",", b"\n", b"\r\n", b"\xff", b"\x00", b";", b"\t", b'""', b"2026-13-45", b"=1+1", b"1e400", b"nan", b"inf", b"-", b"9" * 20, b"0001-01-01",
    b"9999-12-31", b"\xef\xbb\xbf", "Ünïcødé".encode(), b" " * 50, b"x" * 3000, b"\n\n\n", b"12:00", b"Z", b"01/05/2026 25:61:00",
)  # fmt: skip


def damaged(chance: random.Random) -> bytes:
    data = bytearray(WHOLE)
    for _ in range(chance.randint(1, 4)):
        at, way = chance.randrange(len(data) + 1), chance.random()
        if way < 0.5:
            data[at:at] = chance.choice(JUNK)
        elif way < 0.75:
            del data[at : at + chance.randint(1, 30)]
        else:
            data[at:at] = data[chance.randrange(len(data)) :][: chance.randint(1, 60)]
    return bytes(data)


def survive(path: Path, first: int, last: int) -> tuple[int, int]:
    """How many of the damaged files gave figures, and how many a sentence."""
    told = refused = 0
    for seed in range(first, last):
        chance = random.Random(seed)
        path.write_bytes(damaged(chance))
        recipe = replace(
            REQUESTS, zone=chance.choice(["", "America/Chicago"]), decimal=chance.choice([".", ","]),
            crossed=chance.random() < 0.5, frequency=chance.choice(["month", "day", "week", "year"]),
        )  # fmt: skip
        try:
            with duck() as d:
                file = files.as_known(files.open_file(path, d), recipe)
                try:
                    counted(InFile(d, file, recipe), recipe, date(2026, 3, 10), whole=True)
                    told += 1
                except d.errors as error:
                    raise files.reason(error, file.name) from error
        except CityStatError as error:
            assert error.what and error.do, seed
            refused += 1
    return told, refused


def test_damaged_files_of_records(tmp_path: Path) -> None:
    told, refused = survive(tmp_path / "damaged.csv", 0, 25)
    assert told and refused


@pytest.mark.faults
def test_many_damaged_files_of_records(tmp_path: Path) -> None:
    told, refused = survive(tmp_path / "damaged.csv", 25, 1500)
    assert told > 50 and refused > 50
