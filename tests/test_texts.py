"""English first, Spanish complete: nothing a person reads is missing in the catalogue."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.texts import set_language
from citystat.views import jobs
from citystat.views.shell.recent import Remembered
from citystat.views.shell.theme import dress
from citystat.views.shell.window import MainWindow

TOOL = Path(__file__).resolve().parent.parent / "installer" / "texts.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The collector of texts; it is no part of the package."""
    spec = importlib.util.spec_from_file_location("collector_of_texts", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def spanish() -> Iterator[None]:
    """Spanish for one test."""
    set_language("es")
    yield
    set_language("en")


def test_every_text_is_there_in_spanish(tool: ModuleType) -> None:
    known = tool.catalogue()
    assert [text for text in tool.collect() if text not in known] == []


def test_nothing_is_translated_that_nobody_says(tool: ModuleType) -> None:
    said = tool.collect()
    assert [text for text in tool.catalogue() if text not in said] == []


def test_each_translation_has_words_and_the_same_places_to_fill(tool: ModuleType) -> None:
    assert tool.broken(tool.catalogue()) == []


def test_a_lost_place_to_fill_is_found(tool: ModuleType) -> None:
    assert tool.broken({"{n} open": "{n} en curso", "{n} late": "atrasado", "Save": " "}) == ["{n} late", "Save"]


def test_no_text_is_translated_while_a_module_is_imported(tool: ModuleType) -> None:
    frozen = []
    for path, tree in tool.modules():
        inside = {
            id(call)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for part in (node.body if isinstance(node.body, list) else [node.body])
            for call in tool.called(part)
        }
        frozen += [f"{path.name}:{call.lineno}" for call in tool.called(tree) if id(call) not in inside]
    assert frozen == []


@pytest.mark.parametrize(
    "place",
    [
        "today",
        "goals",
        "measures",
        "data",
        "meetings",
        "actions",
        "people",
        "settings",
        "contracts",
        "contract:2",
        "renewal:2",
    ],
)
def test_a_page_in_spanish_shows_no_english(
    place: str, sample_city: City, spanish: None, tool: ModuleType, qtbot: QtBot, tmp_path: Path
) -> None:
    remembered = Remembered(tmp_path / "window.json")
    remembered.set("language", "es")
    dress(remembered)
    window = MainWindow(remembered)
    qtbot.addWidget(window)
    window.show_open(sample_city)
    window.go(place)
    jobs.wait()
    QApplication.processEvents()
    known = tool.catalogue()
    shown = [w.text() for w in window.findChildren(QLabel)] + [w.text() for w in window.findChildren(QAbstractButton)]
    assert set(shown) & set(known.values()), "the page speaks Spanish at all"
    assert [text for text in shown if known.get(text, text) != text] == []
