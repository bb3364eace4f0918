"""citystat return-sheet, close, reopen, and what citystat import says of return sheets and closed periods."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citystat.city import City
from citystat.cli import main
from tests.collect.sheets import blank, fill

GOOD = {("FD-08", "", "value"): 301, ("FD-03", "Ward 2", "value"): 4}


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(list(words)) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def city(sample_city: City) -> str:
    return str(sample_city.path)


def test_a_sheet_is_written_and_reads_back_with_one_command(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["return-sheet", "--department", "fire", "--period", "2026-02", "--city", city]
    told = run(capsys, *words, "--out", str(tmp_path), "--json")
    assert told["file"].endswith("Return Fire Feb 2026.xlsx") and len(told["rows"]) == 19
    assert {"code": "FD-02", "period": "2026-02", "category": "", "asks": ["numerator", "denominator"]} in told["rows"]
    path = fill(Path(told["file"]), GOOD)
    dry = run(capsys, "import", str(path), "--city", city, "--dry-run", "--json")
    real = run(capsys, "import", str(path), "--city", city, "--json")
    assert dry == real
    assert (real["rows_read"], real["observations_revised"], real["errors"]) == (19, 2, [])
    assert run(capsys, "import", str(path), "--city", city, "--json")["observations_unchanged"] == 2


def test_a_person_s_sheet_in_spanish(city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["return-sheet", "--person", "Raymond Hall", "--on", "2026-04-10", "--language", "es", "--city", city]
    assert main([*words, "-o", str(tmp_path / "hoja.xlsx")]) == 0
    assert "rows for Raymond Hall" in capsys.readouterr().out
    assert (tmp_path / "hoja.xlsx").exists()


def test_a_sheet_for_every_department(city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["return-sheet", "--all", "--period", "2026-02", "--out", str(tmp_path / "sheets"), "--city", city]
    assert main(words) == 1
    assert "This is not a folder" in capsys.readouterr().err
    (tmp_path / "sheets").mkdir()
    told = run(capsys, *words, "--json")
    assert len(told["sheets"]) == len(list((tmp_path / "sheets").iterdir())) == 9
    assert sum(len(sheet["rows"]) for sheet in told["sheets"]) > 90


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--department", "Zoo"], "There is no department “Zoo”"),
        (["--person", "Nobody"], "There is nobody called “Nobody”"),
        (["--department", "fire", "--on", "2026-03-01"], "nothing to ask of Fire"),
        (["--department", "fire", "--period", "2026-02", "-o", "x.docx"], "ends in .xlsx"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    words: list[str], said: str, city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["return-sheet", *words, "--city", city]) == 1
    assert said in capsys.readouterr().err


def test_a_cell_that_cannot_be_read_is_refused_with_its_place(
    sample_city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank(sample_city, tmp_path / "f.xlsx", department="Fire")
    path = fill(tmp_path / "f.xlsx", {("FD-08", "", "value"): "some"})
    assert main(["import", str(path), "--city", str(sample_city.path), "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["errors"][0]["place"].startswith("Return!F")
    assert "“some” is not a number" in said.err


def test_a_closed_period_is_refused_with_how_to_say_why(
    sample_city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(sample_city.path)
    closed = run(capsys, "close", "2026-02", "--department", "fire", "--city", city, "--json")
    assert len(closed["closed"]) == 9 and closed["without_figure"] == []
    blank(sample_city, tmp_path / "f.xlsx", department="Fire")
    path = str(fill(tmp_path / "f.xlsx", GOOD))
    for extra in ([], ["--dry-run"]):
        assert main(["import", path, "--city", city, *extra]) == 1
        said = capsys.readouterr().err
        assert "f.xlsx: 2 figures of closed periods change" in said and "--reason" in said
    told = run(capsys, "import", path, "--city", city, "--reason", "a late sheet", "--json")
    assert told["observations_revised"] == 2
    listed = run(capsys, "close", "--city", city, "--json")
    assert {c["through"] for c in listed["closed"]} == {"2026-02"}
    assert {(c["code"], c["reason"]) for c in listed["corrected"]} == {
        ("FD-03", "a late sheet"),
        ("FD-08", "a late sheet"),
    }
    assert main(["close", "--city", city]) == 0
    assert "FD-08    Feb 2026 corrected by" in capsys.readouterr().out


def test_an_ordinary_file_is_held_to_closed_periods_too(
    sample_city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(sample_city.path)
    assert main(["close", "2026-02", "--measure", "FD-08", "--city", city]) == 0
    (tmp_path / "m.json").write_text(json.dumps({"period": "month", "measures": [{"code": "FD-08", "value": "n"}]}))
    (tmp_path / "f.csv").write_text("month,n\n2026-02,301\n")
    words = ["import", str(tmp_path / "f.csv"), "--map", str(tmp_path / "m.json"), "--city", city]
    assert main(words) == 1
    assert "1 figure of a closed period changes (FD-08, Feb 2026)" in capsys.readouterr().err
    assert main([*words, "--reason", "a late receipt"]) == 0


def test_reopening_needs_a_reason_and_says_what_it_opened(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reopen", "2026-02", "--reason", "audit", "--city", city]) == 1
    assert "February 2026 is not closed" in capsys.readouterr().err
    assert main(["close", "2026-02", "--measure", "FD-08", "--city", city]) == 0
    assert "February 2026 is closed for 1 measure" in capsys.readouterr().out
    with pytest.raises(SystemExit) as misused:
        main(["reopen", "2026-02", "--city", city])
    assert misused.value.code == 2
    capsys.readouterr()
    assert run(capsys, "reopen", "2026-02", "--reason", "audit", "--city", city, "--json") == {"opened": ["FD-08"]}
