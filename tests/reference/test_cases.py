"""Published cases of every method that `citystat analyse` has, reproduced to the tolerances given with them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from citystat.cli import main
from citystat.cli.analyse import METHODS

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
CASES = [
    p.parent
    for p in sorted(REFERENCE.glob("*/expected.json"))
    if json.loads(p.read_text(encoding="utf-8"))["method"] in METHODS
]
SETS = ("rules", "rejected")
# The table of this case keeps two decimals of what was expected; the same hospitals stand in full in funnel-square-root.
ROUNDED = {"funnel-length-of-stay": ("/points/30/ratio", "/points/53/ratio")}
MISSING = object()


@pytest.mark.skipif(not CASES, reason="the published cases (../shared/reference) are not beside the project")
@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_case_is_reproduced(case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    known = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    monkeypatch.chdir(case)
    command = known["command"]
    assert main(shlex.split(command) if isinstance(command, str) else command) == 0
    printed = json.loads(capsys.readouterr().out)
    wrong = [
        f"{at}: {found(printed, at)!r} is not {w['value']!r}"
        for at, w in known["expected"].items()
        if not agrees(printed, at, w) and at not in ROUNDED.get(case.name, ())
    ]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.skipif(not CASES, reason="the published cases (../shared/reference) are not beside the project")
def test_the_rounded_case_is_reproduced_from_the_full_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = json.loads((REFERENCE / "funnel-length-of-stay" / "expected.json").read_text(encoding="utf-8"))
    monkeypatch.chdir(REFERENCE / "funnel-square-root")
    assert main(known["command"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [at for at in ROUNDED["funnel-length-of-stay"] if not agrees(printed, at, known["expected"][at])] == []


def agrees(printed: Any, at: str, wanted: dict[str, Any]) -> bool:
    got, value = found(printed, at), wanted["value"]
    if got is MISSING:
        return bool(wanted.get("optional"))
    if at.rsplit("/", 1)[-1] in SETS:
        return set(got) == set(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return bool(got == value)
    return got is not None and abs(got - value) <= wanted.get("tolerance", 0)


def found(printed: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            printed = printed[int(name)] if isinstance(printed, list) else printed[name]
        except (KeyError, IndexError):
            return MISSING
    return printed
