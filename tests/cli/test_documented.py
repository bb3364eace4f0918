"""Every command that docs/cli.md shows is run, as it stands there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest

from citystat.cli import COMMANDS, main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
EXAMPLES = [
    line[2:]
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
# cities first, then what looks at them; the demonstration has a test of its own (tests/journeys)
RUN = sorted((e for e in EXAMPLES if " demo " not in e), key=lambda e: e.split()[1] != "new")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("documented")
    rows = [f"2025-{m:02d},{9 + m % 3}" for m in range(1, 13)]
    (made / "values.csv").write_text("month,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (made / "findings.csv").write_text("finding,p\nA,0.001\nB,0.3\nC,0.02\n")
    rows = [f"{y},{d},{40 + y % 5 * i},{4 + i}" for y in (2024, 2025) for i, d in enumerate(("North", "South", "East"))]
    (made / "districts.csv").write_text("period,district,requests,late\n" + "\n".join(rows) + "\n")
    rows = [f"{2021 + n // 12}-{n % 12 + 1:02d},{50 + n % 12 + n * 7 % 5 + n // 30 * 9}" for n in range(48)]
    (made / "months.csv").write_text("month,value\n" + "\n".join(rows) + "\n")
    rows = [f"S{n},{20 + n * 7 % 11},{22 + n},{60 + n}" for n in range(1, 13)]
    (made / "stations.csv").write_text("station,observed,expected,staffed\n" + "\n".join(rows) + "\n")
    rows = [f"{d},2025-0{m}-01,1,{100 + m},{10 + m}" for d in ("RJ1", "RQM") for m in range(1, 7)]
    (made / "attendances.csv").write_text("org_code,period,type,attendances,breaches\n" + "\n".join(rows) + "\n")
    rows = [f"{d},2025-07-01,1,{110},{12}" for d in ("RJ1", "RQM")]
    (made / "attendances-2025-07.csv").write_text(
        "org_code,period,type,attendances,breaches\n" + "\n".join(rows) + "\n"
    )
    (made / "attendances.json").write_text(
        next(b for b in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)), encoding="utf-8"
    )
    rows = [
        f"{n},2025-0{1 + n % 6}-03,2025-0{1 + n % 6}-09,{'North' if n % 3 else 'South'},{'x' * 40}" for n in range(60)
    ]
    (made / "requests.csv").write_text("Request,Opened,Closed,District,Words\n" + "\n".join(rows) + "\n")
    recipe = {
        "kind": "records",
        "opened": "Opened",
        "closed": "Closed",
        "key": "Request",
        "breakdowns": ["District"],
        "measures": [{"code": "RQ-A"}],
    }
    (made / "requests.json").write_text(json.dumps(recipe))
    (made / "returns").mkdir()
    shutil.copy(made / "attendances-2025-07.csv", made / "returns")
    with sqlite3.connect(made / "permits.db") as database:
        database.execute("CREATE TABLE permit (month TEXT)")
        database.executemany("INSERT INTO permit VALUES (?)", [(f"2025-{1 + n % 6:02d}",) for n in range(60)])
    database.close()
    return made


@pytest.mark.parametrize("example", RUN)
def test_an_example_of_the_page_works(
    example: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    words = shlex.split(example)
    if words[1] != "new" and not (folder / "returns" / "prepared").exists():
        prepare(folder, capsys)
    assert words[0] == "citystat"
    if words[1] == "new":
        Path(words[2]).unlink(missing_ok=True)
    if words[1] == "restore" and not Path(words[2]).exists():
        main(["backup", words[2], "--city", words[-1]])
        capsys.readouterr()
    assert main(words[1:]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    if "--json" in words:
        assert isinstance(json.loads(said.out), dict)
    for option in {"-o", "--out"} & set(words):
        assert Path(words[words.index(option) + 1]).stat().st_size > (
            2000 if words[1] not in ("recipe", "records") else 200
        )


def prepare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cities that the page's examples stand in, where one example is run alone."""
    for left in folder.glob("*.citystat"):
        left.unlink()
    assert main(["new", str(folder / "Riverton.citystat"), "--sample"]) == 0
    assert main(["new", str(folder / "Ashford.citystat")]) == 0
    city = ["--city", str(folder / "Riverton.citystat")]
    assert main(["import", str(folder / "attendances.csv"), "--map", str(folder / "attendances.json"), *city]) == 0
    assert main(["import", str(folder / "requests.csv"), "--map", str(folder / "requests.json"), *city]) == 0
    assert main(["recipe", "load", str(folder / "attendances.json"), "--name", "Old return", *city]) == 0
    assert main(["recipe", "export", "Emergency departments", "-o", str(folder / "map.json"), *city]) == 0
    for name, kind, place, option in (
        ("Service requests", "socrata", "https://data.example.gov", ["--dataset", "h9gi-nx95"]),
        ("Permits", "database", f"sqlite:///{folder / 'permits.db'}", ["--sql", "select month, count(*) as permits from permit group by month"]),
        ("Hospitals", "folder", str(folder / "returns"), ["--recipe", "Emergency departments"]),
    ):  # fmt: skip
        assert main(["source", "add", name, kind, place, *option, *city]) == 0
    (folder / "returns" / "prepared").touch()
    capsys.readouterr()


def test_every_command_stands_on_the_page() -> None:
    missing = [c for c in COMMANDS if f"citystat {c}" not in PAGE]
    assert missing == []
