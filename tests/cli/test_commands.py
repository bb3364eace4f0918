"""The command line keeps its promises: shapes, exit statuses, one sentence on standard error, nothing changed when refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from citystat.cli import main

Out = pytest.CaptureFixture[str]
POINT = {"period", "value", "numerator", "denominator", "status", "revision"}


def run(capsys: Out, *words: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    try:
        status = main([str(w) for w in words])
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def asked(capsys: Out, *words: object) -> dict[str, Any]:
    """The JSON object that a command prints."""
    status, out, err = run(capsys, *words, "--json")
    assert (status, err) == (0, "")
    return dict(json.loads(out))


def test_a_measure_is_printed_in_the_agreed_shape(sample_file: Path, capsys: Out) -> None:
    found = asked(capsys, "measure", "EC-01", "--city", sample_file)
    assert {"code", "name", "unit", "frequency", "aggregation", "series"} <= set(found)
    assert (found["code"], found["unit"], found["frequency"], found["aggregation"]) == (
        "EC-01",
        "percent",
        "month",
        "ratio",
    )
    last = found["series"][-1]
    assert set(last) == POINT
    assert (last["period"], last["status"]) == ("2026-02", "preliminary")
    assert last["value"] == pytest.approx(100 * last["numerator"] / last["denominator"])
    assert {p["revision"] for p in found["series"]} == {0, 1}


def test_breakdowns_add_up_to_the_whole(sample_file: Path, capsys: Out) -> None:
    found = asked(capsys, "measure", "PD-03", "--by", "Ward", "--city", sample_file)
    assert sorted(found["breakdowns"]) == [f"Ward {n}" for n in range(1, 7)]
    for at, point in enumerate(found["series"]):
        assert sum(part[at]["value"] for part in found["breakdowns"].values()) == point["value"]
        assert all(set(part[at]) == POINT for part in found["breakdowns"].values())


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("measure", "XX-99"), 1, "no measure XX-99"),
        (("measure", "EC-01", "--by", "Moon"), 1, "no breakdown"),
        (("chart", "EC-01", "-o", "chart.gif"), 1, ".png or .svg"),
        (("chart", "EC-01", "-o", "chart.png", "--since", "soon"), 2, "--since"),
        (("meeting", "show", "9999"), 1, "no meeting 9999"),
        (("meeting", "new", "--series", "Moonstat", "--on", "2030-01-01"), 1, "no series"),
        (("import", "absent.csv"), 1, "absent.csv"),
        (("frobnicate", "now"), 2, "citystat --help"),
    ],
)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    words: tuple[str, ...],
    status: int,
    says: str,
    sample_file: Path,
    tmp_path: Path,
    capsys: Out,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = hashlib.sha256(sample_file.read_bytes()).hexdigest()
    got, out, err = run(capsys, *words, "--city", sample_file)
    assert (got, out) == (status, "")
    assert says in err and (status == 2 or err.strip().count("\n") == 0)
    assert hashlib.sha256(sample_file.read_bytes()).hexdigest() == before
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_word_is_no_city(capsys: Out) -> None:
    status, out, err = run(capsys, "mesures")
    assert (status, out) == (2, "") and "no command and no city" in err


@pytest.mark.parametrize("command", ["measures", "check", "upgrade"])
def test_a_file_that_is_no_city_is_said_to_be_none(command: str, tmp_path: Path, capsys: Out) -> None:
    other = tmp_path / "notes.citystat"
    other.write_text("shopping: milk", encoding="utf-8")
    status, _, err = run(capsys, command, "--city", other)
    assert status == 1
    assert other.read_text(encoding="utf-8") == "shopping: milk"
    assert "Traceback" not in err


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: Out) -> None:
    city, table = tmp_path / "A.citystat", tmp_path / "trips.csv"
    table.write_text("Month,Trips\n2025-01,10\n2025-02,12\n", encoding="utf-8")
    assert run(capsys, "new", city)[0] == 0
    assert asked(capsys, "import", table, "--dry-run", "--city", city)["observations_new"] == 2
    assert asked(capsys, "measures", "--city", city) == {"measures": []}
    assert asked(capsys, "import", table, "--city", city)["observations_new"] == 2
    assert asked(capsys, "import", table, "--city", city)["observations_unchanged"] == 2


def test_thousands_of_points_are_judged(tmp_path: Path, capsys: Out) -> None:
    table = tmp_path / "days.csv"
    table.write_text("value\n" + "\n".join(str(100 + n * 7919 % 13) for n in range(3000)), encoding="utf-8")
    assert asked(capsys, "analyse", "spc", table, "--value", "value")["n"] == 3000


def test_a_copy_is_restored(tmp_path: Path, capsys: Out) -> None:
    city, copy = tmp_path / "A.citystat", tmp_path / "copy.citystat"
    run(capsys, "new", city, "--name", "Ashford")
    assert run(capsys, "backup", copy, "--city", city)[0] == 0
    assert run(capsys, "restore", copy, "--city", city)[0] == 0
    assert asked(capsys, "check", "--city", city) == {"sound": True, "problems": []}
