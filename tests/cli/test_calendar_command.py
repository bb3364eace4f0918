"""citystat calendar: who owes what, as words and as JSON; drafts and the calendar file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from citystat import periods
from citystat.city import City
from citystat.cli import main
from tests.collect.owing import arrive, works

ON = ("--on", "2026-03-20")


@pytest.fixture
def late(city: City) -> list[str]:
    """The words that name a city in which two figures of each measure are late."""
    works(city)
    for code in "VWZN":
        arrive(city, code, *periods.run(date(2025, 1, 1), date(2025, 12, 1), "month"))
    return ["calendar", "--city", str(city.path), *ON]


def run(capsys: pytest.CaptureFixture[str], words: list[str]) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_in_words_who_owes_what_by_which_day(late: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(late) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "8 figures are late, 4 fall due by Wednesday 15 April"
    assert "Ana Ruiz, Public Works" in lines and "  1 figure was due Sunday 15 February: W Jan 2026" in lines


def test_as_json(late: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, [*late, "--department", "public works"])
    assert [d["who"] for d in found["owed"]] == ["Ana Ruiz", "Ben Ñandú, Jr."]
    first = found["owed"][1]["figures"][0]
    assert first == {
        "code": "V", "name": "Potholes; filled", "period": "2026-01", "due": "2026-02-15", "state": "missing",
        "days_late": 33, "as": "owner", "reminded": None,
    }  # fmt: skip
    assert [m["code"] for m in found["measures"]] == ["V", "W"]
    assert found["measures"][0]["periods"][-2] == {
        "period": "2026-02", "state": "missing", "due": "2026-03-15", "days_late": 5, "figures": 0, "closed": False,
    }  # fmt: skip


def test_drafts_for_those_who_are_late_and_a_second_time_warns(
    late: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*late, "--reminders", str(tmp_path / "drafts")]
    first, second = run(capsys, words), run(capsys, [*words, "--person", "ana ruiz"])
    assert len(first["reminders"]) == 3 and all(Path(p).exists() for p in first["reminders"])
    assert first["warnings"] == ["Zoo has no e-mail address: To is empty"]
    assert second["warnings"] == ["Ana Ruiz was reminded today already"]


def test_the_calendar_file_and_a_name_that_is_none(
    late: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(capsys, [*late, "--ics", str(tmp_path / "due.ics"), "--language", "es"])
    assert found["calendar"] and b"SUMMARY:1 figure due" not in (tmp_path / "due.ics").read_bytes()
    assert main([*late, "--ics", str(tmp_path / "due.txt")]) == 1
    assert "ends in .ics" in capsys.readouterr().err


def test_a_department_or_a_person_that_is_not_there_is_refused(
    late: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*late, "--department", "Harbour"]) == 1
    assert main([*late, "--person", "Zoe"]) == 1
    said = capsys.readouterr().err
    assert "no department “Harbour”" in said and "nobody called “Zoe”" in said
