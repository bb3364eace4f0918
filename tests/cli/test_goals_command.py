"""citystat goals: what every goal comes to, for a person, for a program, and as a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from citystat.city import City
from citystat.cli import main


@pytest.fixture
def path(sample_city: City) -> str:
    sample_city.close()
    return str(sample_city.path)


def test_a_person_reads_where_every_goal_stands(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["goals", "--city", path]) == 0
    said = capsys.readouterr().out
    assert (
        "  Help arrives in time is nearly on track: 6 on track, 1 near, 2 behind, 3 not judged (Dana Whitfield" in said
    )
    assert "    behind      FD-01: 9.2 min, 9.0 min wanted · FY26 to Feb 2026" in said


def test_a_program_reads_the_same(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["goals", "--json", "--city", path]) == 0
    safe = json.loads(capsys.readouterr().out)["priorities"][0]
    goal = safe["goals"][0]
    assert (safe["name"], goal["name"], goal["state"], goal["share"]) == (
        "Safe streets",
        "Help arrives in time",
        "near",
        9.5 / 14,
    )
    crimes = next(m for g in safe["goals"] for m in g["measures"] if m["code"] == "PD-02")
    assert crimes["state"] == "on track"
    assert crimes["due"] == pytest.approx(0.1, abs=0.01)


def test_goals_at_a_glance_is_written_beside_it(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "glance.pdf"
    assert main(["goals", "--out", str(to), "--city", path]) == 0
    assert "Goals at a glance" in " ".join(PdfReader(to).pages[0].extract_text().split())
    assert main(["goals", "--out", str(tmp_path / "glance.odt"), "--city", path]) == 1
    assert ".docx or .pdf" in capsys.readouterr().err
