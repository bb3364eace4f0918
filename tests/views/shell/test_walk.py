"""Every place on the sample city, at every text size and in every light: nothing is cut, everything has a name and a key."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QDialog, QLabel, QLineEdit, QWidget

from citystat.city import City
from citystat.collect import recipes, sources
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.secrets import Keyring
from citystat.meetings.meeting import meetings
from citystat.records.recipe import RECORDS, RecordMeasure, RecordRecipe
from citystat.views import jobs
from citystat.views.shell.menus import Keys
from citystat.views.shell.palette import CommandPalette, Offer, find
from citystat.views.shell.places import PLACES
from citystat.views.shell.window import MainWindow

WALKED = [
    p.prefix for p in PLACES if p.prefix not in ("console", "records", "memo")
]  # those: tests/views/{records,meetings}
LOOKS = [(False, 1.0), (True, 1.0), ("contrast", 1.0), (False, 2.0)]


def settle() -> None:
    for _ in range(8):  # words that arrive ask for a new layout, which asks for a new paint
        jobs.wait()
        QApplication.processEvents()


def address(prefix: str, city: City) -> str:
    if prefix == "data":
        sources.save(city, "Other returns", "folder", str(city.path.parent), {}, secrets=Keyring(), watched=True)
        sources.save(city, "Finance", "file", "/nowhere/share/monthly.xlsx", {}, secrets=Keyring())
    if prefix == "ask-records":
        asked = {"sql": "select substr(at, 1, 10) as opened, what as kind from act"}
        recipe = RecordRecipe("Acts", opened="opened", breakdowns=("kind",), measures=(RecordMeasure("ACTS", "Acts"),))
        kept = recipes.keep_as(city, "Acts", recipe, RECORDS, now=datetime(2026, 3, 10), why="The first file")
        url = f"sqlite:///{city.path}"
        row = sources.save(city, "Acts", "database", url, asked, secrets=Keyring(), recipe=kept.name)
        return f"ask-records:{row.id}"
    if prefix == "recipe":
        words = {"District": {"Nort h": "North"}}
        recipe = Recipe(
            "Trips", period="Month", breakdowns=("District",), measures=(MeasureMap("T", value="Trips"),), words=words
        )
        return f"recipe:{recipes.keep(city, recipe, now=datetime(2026, 3, 10), why='A district was spelled otherwise').name}"
    with city.read() as read:
        places = {
            "measure": "measure:EC-01", "meeting": f"meeting:{meetings(read)[0].id}", "contract": "contract:2",
            "drivers": "drivers:PW-31", "together": "together:1+2+3", "compared": "compared:PW-31", "renewal": "renewal:2", "contractors": "contractors:Solid waste collection", "chain": "chain:goal-1", "goal": "goal:1",
        }  # fmt: skip
        return places.get(prefix, prefix)


def unnamed(window: QWidget) -> list[str]:
    """What takes the keyboard and says nothing to a screen reader; the line inside a spin box speaks by its box."""
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in window.findChildren(QWidget)
        if w.isVisible()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(w.parent(), QAbstractSpinBox)
        and not (w.accessibleName() or getattr(w, "text", str)())
    ]


def cut(window: QWidget) -> list[str]:
    """Labels that are narrower than their words, or too low for their lines."""
    return [
        f"{w.text()} ({w.width()}×{w.height()} of {w.sizeHint().width()})"
        for w in window.findChildren(QLabel)
        if w.isVisible()
        and w.text()
        and (
            w.height() + 1 < w.heightForWidth(w.width())
            if w.wordWrap()
            else w.width() + 1 < w.minimumSizeHint().width()
        )
    ]


@pytest.mark.parametrize("prefix", WALKED)
def test_every_place_speaks_and_cuts_nothing(window: MainWindow, prefix: str) -> None:
    wrong = []
    window.go(address(prefix, window.city))
    for look, scale in LOOKS:
        window.remembered.set("scale", scale)
        window.redress("theme", look)
        settle()
        wrong += [f"{look} {scale}: {what}" for what in [*unnamed(window), *cut(window)]]
    assert wrong == []


def test_no_place_shows_a_part_outside_itself(window: MainWindow, sample_city: City, strays: list[str]) -> None:
    for prefix in WALKED:
        window.go(address(prefix, sample_city))
        settle()
    assert strays == []


def test_f1_lists_the_keys(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    shown = next(d for d in window.findChildren(QDialog) if isinstance(d, Keys) and d.isVisible())
    words = [w.text() for w in shown.findChildren(QLabel)]
    assert words[words.index("Bring in a file") + 1] == "Ctrl+I"
    assert cut(shown) == []
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_f6_goes_from_part_to_part_and_back(window: MainWindow) -> None:
    window.activateWindow()
    window.page.setFocus()
    visited = []
    for _ in range(3):
        window.next_part(1)
        visited.append(window.focusWidget())
    assert visited == [window._sidebar.place(), window._top.search, window.page]
    window.next_part(-1)
    assert window.focusWidget() is window._top.search


def test_ctrl_f_takes_the_search_field_and_alt_left_goes_back(window: MainWindow) -> None:
    window.go("measures")
    settle()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.focusWidget(), QLineEdit)
    assert window.focusWidget().accessibleName() == "Search measures"
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window._address == "today"


def test_a_page_that_must_not_be_left_keeps_the_window_open_and_its_words(window: MainWindow) -> None:
    window.go("settings")
    page = window.page
    page.leave = lambda: False
    window.redress("theme", True)
    assert window.page is page
    assert not window.close()
    assert window.city is not None
    page.leave = lambda: True


def palette(window: MainWindow) -> CommandPalette:
    window.offer_everything()
    return next(d for d in window.findChildren(CommandPalette) if d.isVisible())


@pytest.mark.parametrize("typed", ["A-112", "safety public meeting", "whitfield person", "minutes last", "new measure"])
def test_the_palette_finds_by_words_in_any_order(window: MainWindow, typed: str) -> None:
    shown = palette(window)
    QTest.keyClicks(shown._words, typed)
    first = shown.found()[0]
    assert all(w in f"{first.words} {first.hint}".lower() for w in typed.lower().split())


def test_enter_goes_there_and_it_comes_first_next_time(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown._words, "ec-01 measure")
    QTest.keyClick(shown._words, Qt.Key.Key_Return)
    settle()
    assert window._address == "measure:EC-01"
    window.go("today")
    assert palette(window).found()[0].words.startswith("EC-01")


def test_words_that_begin_so_come_before_words_that_hold_it() -> None:
    offers = [Offer("Recent", "do", int), Offer("Central", "do", int), Offer("Cents", "do", int)]
    assert [o.words for o in find(offers, "cent", [])] == ["Central", "Cents", "Recent"]
    assert find(offers, "cent", ["do:Cents"])[0].words == "Cents"
