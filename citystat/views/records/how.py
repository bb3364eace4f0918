"""How the records are read, in words; each line opens a menu that changes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu

from citystat.records.recipe import RecordRecipe
from citystat.records.sentence import conditions
from citystat.texts import tr
from citystat.views.collect.how_it_is_read import FREQUENCIES, date_order
from citystat.views.widgets.menu import TickMenu
from citystat.views.widgets.said import SaidLines

WORDS_OFFERED = 16  # of a column, the most frequent first
Choice = tuple[str, bool | None, dict[str, Any]]  # words, whether it holds or None, what choosing it changes


class HowRecordsAreRead(SaidLines):
    """Signal: changed(recipe)."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._recipe = RecordRecipe()
        self._columns: tuple[str, ...] = ()
        self._words: dict[str, Sequence[str]] = {}
        for name, words in (
            ("opened", tr("A record begins")), ("closed", tr("and ends")), ("key", tr("Its own number")),
            ("breakdowns", tr("Broken down by")), ("crossed", tr("Breakdowns")), ("frequency", tr("One value per")),
            ("where", tr("Only records")), ("dates", tr("Dates written")), ("complete", tr("Next month's file")),
        ):  # fmt: skip
            self.line(name, words, partial(self._open, name))

    def show_recipe(self, recipe: RecordRecipe, columns: Sequence[str], words: dict[str, Sequence[str]]) -> None:
        """Say `recipe`; columns: the titles of the file; words: what stands in those that have few different ones."""
        self._recipe, self._columns, self._words = recipe, tuple(columns), words
        r = recipe
        self.say(
            {
                "opened": r.opened or tr("not chosen yet"), "closed": r.closed or tr("never: there is no such date"),
                "key": r.key or tr("none: every row is a record"), "breakdowns": ", ".join(r.breakdowns) or tr("none"),
                "crossed": _crossed(r.crossed), "frequency": tr(FREQUENCIES.get(r.frequency, r.frequency)),
                "where": _filters(r), "dates": date_order(r.day_first), "complete": _complete(r.complete),
            }
        )  # fmt: skip

    def _open(self, name: str) -> None:
        if name == "breakdowns":
            self._tick_breakdowns()
            return
        menu = QMenu(self)
        for words, on, changes in self._choices(name):
            action = menu.addAction(words)
            action.setCheckable(on is not None)
            action.setChecked(bool(on))
            action.triggered.connect(lambda _=False, c=changes: self.changed.emit(replace(self._recipe, **c)))
        if name == "where":
            self._filters_by_column(menu)
        self._popup(menu, name)

    def _popup(self, menu: QMenu, name: str) -> None:
        line = self.lines[name]
        menu.popup(line.mapToGlobal(QPoint(0, line.height())))
        self.menu = menu

    def _tick_breakdowns(self) -> None:
        """Several columns are ticked, and the records counted once, when the menu closes."""
        r, menu = self._recipe, TickMenu(self)
        for column in (c for c in self._columns if c not in (r.opened, r.closed, r.key)):
            action = menu.addAction(column)
            action.setCheckable(True)
            action.setChecked(column in r.breakdowns)

        def closed() -> None:
            ticked = [a.text() for a in menu.actions() if a.isChecked()]
            kept = [c for c in r.breakdowns if c in ticked]
            wanted = (*kept, *(c for c in ticked if c not in kept))
            if wanted != r.breakdowns:
                self.changed.emit(replace(r, breakdowns=wanted))

        menu.aboutToHide.connect(closed)
        self._popup(menu, "breakdowns")

    def _choices(self, name: str) -> Iterable[Choice]:
        r = self._recipe
        if name in ("opened", "closed", "key"):
            none = {"closed": tr("never: there is no such date"), "key": tr("none: every row is a record")}
            first = [(none[name], not getattr(r, name), {name: ""})] if name in none else []
            return [*first, *((c, getattr(r, name) == c, {name: c}) for c in self._columns)]
        if name == "frequency":
            return [(tr(words), r.frequency == f, {"frequency": f}) for f, words in FREQUENCIES.items() if f]
        if name == "dates":
            return [(date_order(first), r.day_first == first, {"day_first": first}) for first in (False, True)]
        if name == "crossed":
            return [(_crossed(on), r.crossed == on, {"crossed": on}) for on in (False, True)]
        if name == "complete":
            return [(_complete(on), r.complete == on, {"complete": on}) for on in (False, True)]
        return [(tr("all"), not r.where and not r.skip, {"where": {}, "skip": {}})]

    def _filters_by_column(self, menu: QMenu) -> None:
        """A menu a column: each of its words can be wanted."""
        r = self._recipe
        for column, words in self._words.items():
            inner = menu.addMenu(column)
            wanted = listed(r.where.get(column, ()))
            for word in words[:WORDS_OFFERED]:
                action = inner.addAction(word)
                action.setCheckable(True)
                action.setChecked(word in wanted)
                left = _switched(wanted, word)
                where = {k: v for k, v in r.where.items() if k != column} | ({column: list(left)} if left else {})
                action.triggered.connect(lambda _=False, w=where: self.changed.emit(replace(self._recipe, where=w)))


def listed(value: Any) -> tuple[str, ...]:
    """One word or a list of them, as words."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _switched(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(w for w in words if w != word) if word in words else (*words, word)


def _crossed(on: bool) -> str:
    return tr("each by itself and all together") if on else tr("each by itself")


def _complete(on: bool) -> str:
    return tr("has all records again") if on else tr("adds records and changes some")


def _filters(r: RecordRecipe) -> str:
    left_out = [tr("not {words}", words=words) for words in conditions(r.skip)]
    return ", ".join([*conditions(r.where), *left_out]) or tr("all")
