"""citystat quality, and what citystat import says of the checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citystat.city import City
from citystat.cli import main
from tests.collect.test_checks import MONTHS, STEADY, bring

RECIPE = {"period": "period", "measures": [{"code": "V", "value": "value"}]}


@pytest.fixture
def files(city: City, tmp_path: Path) -> Path:
    """A city with four years, a map, and next month's file with a slip."""
    bring(city, tmp_path, list(zip(MONTHS, STEADY, strict=True)))
    (tmp_path / "map.json").write_text(json.dumps(RECIPE))
    (tmp_path / "next.csv").write_text("period,value\n2026-02,640\n2026-03,50300\n")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(list(words)) == 0
    return json.loads(capsys.readouterr().out)


def test_the_import_reports_by_cell_and_a_dry_run_says_the_same(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        "import",
        str(files / "next.csv"),
        "--map",
        str(files / "map.json"),
        "--city",
        str(files / "Test.citystat"),
    )
    dry = run(capsys, *words, "--dry-run", "--json")
    real = run(capsys, *words, "--json")
    assert dry == real
    assert real["observations_new"] == 1
    assert [e["place"] for e in real["errors"]] == ["B3"] and "another unit" in real["errors"][0]["reason"]
    assert [w["place"] for w in real["warnings"]] == ["B2"] and "jump" in real["warnings"][0]["reason"]


def test_in_words_what_is_held_back_is_said(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "import",
        str(files / "next.csv"),
        "--map",
        str(files / "map.json"),
        "--city",
        str(files / "Test.citystat"),
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "1 figure held back, because of the checks:\n  B3: 50,300 is about 100 times" in said
    assert main([*words, "--believe", "a new count"]) == 0
    assert "1 figure taken in all the same" in capsys.readouterr().out


def test_quality_as_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = str(files / "Test.citystat")
    run(capsys, "import", str(files / "next.csv"), "--map", str(files / "map.json"), "--city", city, "--json")
    found = run(capsys, "quality", "--city", city, "--on", "2026-04-30", "--json")
    (one,) = found["measures"]
    assert (one["code"], len(one["periods"])) == ("V", 12)
    assert one["validity"] == {"good": 10, "of": 11, "per_cent": 90.9}
    assert [(o["period"], o["rule"], o["level"]) for o in one["open"]] == [("2026-03", "unit", "error"), ("2026-02", "jump", "warning")]  # fmt: skip
    assert found["departments"][0]["completeness"] == {"good": 11, "of": 12, "per_cent": 91.7}


def test_quality_in_words(sample_city: City, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["quality", "--city", str(sample_city.path), "--on", "2026-03-10"]
    assert main([*words, "--department", "parks and libraries"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["score", "on", "time", "complete", "valid", "open"]
    assert "PK-06" in lines[2] and len(lines) == 10
    assert main([*words, "PK-06"]) == 0
    assert "2025-12  late, 18 days late, 1 of 1 figures" in capsys.readouterr().out


def test_nobody_s_department_is_refused(sample_city: City, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "--city", str(sample_city.path), "--department", "Zoo"]) == 1
    assert "There is no department “Zoo”" in capsys.readouterr().err
