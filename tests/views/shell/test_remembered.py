"""What a person likes on this machine is read from a file that anybody may have written in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from citystat.views.shell.recent import FITS, Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**40, "", "x", "../es", "\x07", "\ud800", [], [None], [1, "x"], {}, {"a": []},
)  # fmt: skip
USUAL = {
    "half_written": {},
    "half_noted": {},
    "cities": [],
    "lately": [],
    "days": {},
    "folders": {},
    "who": "",
    "language": "en",
    "theme": None,
    "scale": 1.0,
}


def written(path: Path, values: object) -> Remembered:
    path.write_text(json.dumps(values), encoding="utf-8")
    return Remembered(path)


def test_every_remembered_value_is_known() -> None:
    assert set(FITS) == set(USUAL)


@pytest.mark.parametrize("name", USUAL)
def test_a_value_of_another_kind_counts_as_not_remembered(name: str, tmp_path: Path, qapp: QApplication) -> None:
    for odd in ODD:
        remembered = written(tmp_path / "window.json", {name: odd})
        assert FITS[name](remembered.get(name, USUAL[name])), odd
        assert all(isinstance(p, Path) for p in remembered.cities())
        if name == "scale":
            dress(remembered)


@pytest.mark.parametrize("odd", [float("nan"), "x", [None], {"a": 1}], ids=repr)
def test_the_window_opens_whatever_stands_there(odd: Any, tmp_path: Path, qtbot: QtBot) -> None:
    remembered = written(tmp_path / "window.json", dict.fromkeys(USUAL, odd))
    dress(remembered)
    window = MainWindow(remembered)
    qtbot.addWidget(window)
    window.show()
    assert window.isVisible()


@pytest.mark.parametrize("text", ["", "[]", "7", "null", "{", "[" * 100_000, '{"scale": 1e999}', "\x00"])
def test_a_file_that_is_no_settings_counts_as_empty(text: str, tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text(text, encoding="utf-8")
    remembered = Remembered(path)
    assert remembered.get("scale", 1.0) == 1.0
    remembered.set("scale", 1.5)
    assert Remembered(path).get("scale", 1.0) == 1.5
