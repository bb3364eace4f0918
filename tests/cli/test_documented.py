"""Every command that docs/cli.md shows is run, as it stands there."""

from __future__ import annotations

import json
import re
import shlex
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
    rows = [f"{d},2025-0{m}-01,1,{100 + m},{10 + m}" for d in ("RJ1", "RQM") for m in range(1, 7)]
    (made / "attendances.csv").write_text("org_code,period,type,attendances,breaches\n" + "\n".join(rows) + "\n")
    return made


@pytest.mark.parametrize("example", RUN)
def test_an_example_of_the_page_works(
    example: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    if example not in RUN[:2] and not (folder / "Riverton.citystat").exists():
        prepare(folder, capsys)
    words = shlex.split(example)
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
        assert Path(words[words.index(option) + 1]).stat().st_size > 2000


def prepare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cities that the page's examples stand in, where one example is run alone."""
    assert main(["new", str(folder / "Riverton.citystat"), "--sample"]) == 0
    assert main(["new", str(folder / "Ashford.citystat")]) == 0
    capsys.readouterr()


def test_every_command_stands_on_the_page() -> None:
    missing = [c for c in COMMANDS if f"citystat {c}" not in PAGE]
    assert missing == []
