"""`citystat demo` leaves what it promises: three Word files, and every screen in both lights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]
BOTH = (
    "welcome", "today", "goals", "measures", "measure", "data", "import-empty", "import-file", "meetings", "agenda",
    "review", "approved", "actions", "actions-chosen", "palette",
)  # fmt: skip


def walk(out: Path, *words: str) -> dict[str, object]:
    """Run the demonstration as a person does; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "citystat", "demo", "--out", str(out), "--json", *words],
        env=os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def complete(out: Path, screens: object, absent: str = "") -> None:
    for name in ("briefing.docx", "followup.docx", "minutes.docx"):
        assert (out / name).stat().st_size > 20_000, name
    assert isinstance(screens, list)
    for name in (n for n in BOTH if n != absent):
        assert {f"{name}-light.png", f"{name}-dark.png"} <= set(screens)
    walls = [s for s in screens if s.startswith("audience")]
    assert len(walls) > 6
    for wall in walls:
        assert QImage(str(out / "screens" / wall)).size().toTuple() == (1920, 1080), wall
    assert {p.suffix for p in (out / "screens").iterdir()} == {".png"}
    assert [s for s in screens if blank(QImage(str(out / "screens" / s)))] == ["audience-blank-light.png"]


def blank(image: QImage) -> bool:
    """Whether there is one colour only beneath the menu bar."""
    below = image.copy(0, 40, image.width(), image.height() - 40).convertToFormat(QImage.Format.Format_RGB32)
    return len(set(memoryview(below.constBits()).cast("B").cast("I"))) == 1


def test_the_demonstration_is_complete(tmp_path: Path) -> None:
    done = walk(tmp_path)
    complete(tmp_path, done["screens"])
    assert "import-errors-light.png" in str(done["screens"])


@pytest.mark.parametrize("file", ["nhs-ae-attendances.csv", "cologne-unemployment.xls"])
def test_the_same_way_on_a_real_file(file: str, shared: Path, tmp_path: Path) -> None:
    # a new city has no promise to choose before its first meeting
    complete(tmp_path, walk(tmp_path, "--with", str(shared / file))["screens"], absent="actions-chosen")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("Dear mayor\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "citystat", "demo", "--out", str(tmp_path / "out"), "--with", str(tmp_path / "letter.csv")],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("citystat: ") and "Traceback" not in done.stderr
