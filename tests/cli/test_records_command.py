"""citystat import of records, citystat recipes of both kinds, citystat records."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from citystat.cli import main

RECIPE = {
    "kind": "records", "name": "Requests", "opened": "Opened", "closed": "Closed", "key": "Request", "breakdowns": ["District"],
    "measures": [{"code": "N", "name": "Requests opened", "kind": "count"}, {"code": "DAYS", "kind": "median"}],
}  # fmt: skip
HEAD = "Request,Opened,Closed,District"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("recipe.json").write_text(json.dumps(RECIPE))
    Path("requests-2026-01.csv").write_text(f"{HEAD}\n1,01/05/2026,01/07/2026,North\n2,01/06/2026,,South\n")
    Path("requests-2026-02.csv").write_text(f"{HEAD}\n2,01/06/2026,02/06/2026,South\n3,02/06/2026,,South\n")
    assert main(["new", "C.citystat", "--name", "C"]) == 0
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, object]:
    """What a command prints with --json."""
    capsys.readouterr()
    assert main([*words, "--json", "--city", "C.citystat"]) == status
    return dict(json.loads(capsys.readouterr().out))


def test_a_file_comes_in_by_a_map_and_the_next_by_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tried = said(capsys, "import", "requests-2026-01.csv", "--map", "recipe.json", "--dry-run")
    assert said(capsys, "import", "requests-2026-01.csv", "--map", "recipe.json") == tried
    assert set(tried) == {
        "rows_read",
        "observations_new",
        "observations_revised",
        "observations_unchanged",
        "errors",
        "warnings",
    }
    assert tried["rows_read"] == 2 and tried["observations_new"] == 5
    again = said(capsys, "import", "requests-2026-02.csv")  # it is called like January's
    assert again["rows_read"] == 2 and again["observations_revised"] == 1
    assert said(capsys, "import", "requests-2026-02.csv", "--recipe", "Requests")["observations_new"] == 0


def test_what_has_changed_in_a_file_is_refused_and_taken_as_proposed_with_accept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "import", "requests-2026-01.csv", "--map", "recipe.json")
    Path("requests-2026-03.csv").write_text(
        "Request,Opened on,Closed,District\n7,03/06/2026,,Sou th\n8,03/07/2026,,Harbor\n9,03/08/2026,,North\n"
    )
    refused = said(capsys, "import", "requests-2026-03.csv", status=1)
    assert refused["errors"] == [{"place": "Opened", "reason": "There is no column “Opened”: “Opened on” is proposed"}]
    tried = said(capsys, "import", "requests-2026-03.csv", "--accept", "--dry-run")
    assert said(capsys, "import", "requests-2026-03.csv", "--accept") == tried
    recipe = said(capsys, "recipe", "show", "Requests")["recipe"]
    assert recipe["titles"] == {"Opened on": "Opened"} and recipe["words"] == {"District": {"Sou th": "South"}}  # type: ignore[index]
    north = said(capsys, "measure", "N", "--by", "District")["breakdowns"]
    assert set(north) == {"North", "South", "Harbor"}  # type: ignore[arg-type]


def test_recipes_of_both_kinds_are_listed_shown_and_exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "import", "requests-2026-01.csv", "--map", "recipe.json")
    Path("trips-2026.csv").write_text("month,value\n2026-01,5\n2026-02,6\n")
    said(capsys, "import", "trips-2026.csv")
    listed = said(capsys, "recipes")["recipes"]
    assert {(r["name"], r["kind"]) for r in listed} >= {("Requests", "records")} and len(listed) == 2  # type: ignore[index, attr-defined, arg-type]
    assert said(capsys, "recipe", "show", "Requests")["recipe"] == {k: v for k, v in RECIPE.items() if k != "name"} | {
        "name": "Requests"
    }
    assert main(["recipe", "export", "Requests", "-o", "out.json", "--city", "C.citystat"]) == 0
    assert main(["recipe", "load", "out.json", "--name", "Other", "--city", "C.citystat"]) == 0
    assert main(["recipe", "show", "Other", "--city", "C.citystat"]) == 0
    assert "DAYS: DAYS: median of days from opened to closed, opened in the period" in capsys.readouterr().out
    assert [v["version"] for v in said(capsys, "recipe", "history", "Other")["versions"]] == [1]  # type: ignore[attr-defined]
    assert main(["recipe", "retire", "Other", "--city", "C.citystat"]) == 0


def test_the_records_behind_a_number(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "import", "requests-2026-01.csv", "--map", "recipe.json")
    found = said(capsys, "records", "N", "2026-01", "--of", "District=South")
    assert found["count"] == 1 and found["records"] == [["2", "01/06/2026", "", "South"]]
    assert (
        main(["records", "N", "2026-01", "--sort", "Opened", "--descending", "-o", "out.csv", "--city", "C.citystat"])
        == 0
    )
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 3


def test_what_cannot_be_read_stands_in_the_report_with_its_row(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("odd.csv").write_text(f"{HEAD}\n1,soon,,North\n2,01/06/2026,later,North\n")
    report = said(capsys, "import", "odd.csv", "--map", "recipe.json", status=1)
    assert report["errors"] == [
        {"place": "row 2, Opened", "reason": "“soon” is not a date"}, {"place": "row 3, Closed", "reason": "“later” is not a date"},
    ]  # fmt: skip


def test_sources_of_records_folder_and_database(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "recipe", "load", "recipe.json")
    (folder / "in").mkdir()
    for file in folder.glob("requests-*.csv"):
        file.rename(folder / "in" / file.name)
    said(capsys, "source", "add", "Desk", "folder", "in", "--recipe", "Requests")
    tried = said(capsys, "import", "Desk", "--dry-run")
    assert said(capsys, "import", "Desk") == tried and tried["rows_read"] == 4
    assert said(capsys, "import", "Desk")["rows_read"] == 0
    with sqlite3.connect("permits.db") as database:
        database.execute('CREATE TABLE permit ("Request" TEXT, "Opened" TEXT, "Closed" TEXT, "District" TEXT)')
        database.executemany(
            "INSERT INTO permit VALUES (?, '2026-01-05', NULL, 'North')", [(str(n),) for n in range(7)]
        )
    database.close()
    Path("permits.json").write_text(
        json.dumps(RECIPE | {"name": "Permits", "measures": [{"code": "P", "kind": "backlog"}]})
    )
    said(capsys, "recipe", "load", "permits.json")
    said(
        capsys,
        "source",
        "add",
        "Office",
        "database",
        "sqlite:///permits.db",
        "--sql",
        "select * from permit",
        "--recipe",
        "Permits",
    )
    assert said(capsys, "import", "Office")["rows_read"] == 7
    assert said(capsys, "records", "P", "2026-01")["count"] == 7
