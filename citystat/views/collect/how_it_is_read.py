"""How the file is read, in words; each line opens a menu or a small field that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from citystat import periods
from citystat.collect import reading
from citystat.collect.readers import Sheet
from citystat.collect.recipe import Recipe
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog
from citystat.views.widgets.marks import label
from citystat.views.widgets.said import SaidLines

LAYOUTS = {
    "long": "one row for each date", "wide": "months or years across the top",
    "crossed": "years down, months on top",
}  # fmt: skip
FREQUENCIES = {"": "whatever the file has", "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}  # fmt: skip
FIRSTS = (7, 10, 4)  # months in which most fiscal years begin


class HowItIsRead(SaidLines):
    """Signal: changed(recipe). breakdowns: say them, too, where no preview of a file shows them above its columns."""

    changed = Signal(object)

    def __init__(self, *, breakdowns: bool = False) -> None:
        super().__init__()
        for name, words in (
            ("header", tr("Headings")), ("layout", tr("Layout")), ("measure", tr("Measures")), ("period", tr("Dates in")), ("breakdowns", tr("Broken down by")),
            ("frequency", tr("One value per")), ("year", tr("Years")), ("dates", tr("Dates written")), ("decimal", tr("Decimals")),
            ("missing", tr("Missing means")), ("where", tr("Only rows")), ("out", tr("Left out")),
        ):  # fmt: skip
            if breakdowns or name != "breakdowns":
                self.line(name, words, partial(self._open, name))

    def show_recipe(self, sheet: Sheet, recipe: Recipe, roles: tuple[str, ...], year_start: int) -> None:
        """Say `recipe`, as it reads `sheet`; year_start: the city's fiscal month."""
        self._sheet, self._recipe, self._roles, self._year_start = sheet, recipe, roles, year_start
        self.say(_said(recipe, roles))

    def _open(self, name: str) -> None:
        if name == "missing":
            WordsDialog(self._recipe.missing, lambda words: self._change(missing=words), self).open()
            return
        menu = QMenu(self)
        for words, on, changes in self._choices(name):
            action = menu.addAction(words)
            action.setCheckable(on is not None)
            action.setChecked(bool(on))
            action.triggered.connect(lambda _=False, c=changes: self._change(**c))
        line = self.lines[name]
        menu.popup(line.mapToGlobal(QPoint(0, line.height())))
        self.menu = menu

    def _choices(self, name: str) -> Iterable[tuple[str, bool | None, dict[str, Any]]]:
        """(words, whether it holds now or None, what choosing it changes)."""
        r = self._recipe
        if name == "header":
            return [(reading.row_words([n]), n in r.header, {"header": _toggled(r.header, n)}) for n in range(1, 16)]
        if name == "layout":
            return [(tr(words), r.layout == kind, {"layout": kind}) for kind, words in LAYOUTS.items()]
        if name in ("measure", "period"):
            titles = filter(None, reading.padded_titles(self._sheet, r))
            return [(t, getattr(r, name) == t, {name: t}) for t in ("", *titles) if t or name == "measure"]
        if name == "breakdowns":
            known = dict.fromkeys(t for t in (*reading.padded_titles(self._sheet, r), *r.breakdowns) if t)
            others = [t for t in known if t not in (r.period, r.measure)]
            return [(t, t in r.breakdowns, {"breakdowns": _switched(r.breakdowns, t)}) for t in others]
        if name == "frequency":
            return [(tr(words), r.frequency == f, {"frequency": f}) for f, words in FREQUENCIES.items()]
        if name == "year":
            return [
                (tr("calendar"), not r.fiscal or r.year_start == 1, {"fiscal": False, "year_start": 1}),
                *(
                    (_fiscal(m), r.fiscal and r.year_start == m, {"fiscal": True, "year_start": m})
                    for m in self._firsts()
                ),
            ]
        if name == "dates":
            return [(date_order(first), r.day_first == first, {"day_first": first}) for first in (False, True)]
        if name == "decimal":
            return [(_decimal(sign), r.decimal == sign, {"decimal": sign}) for sign in (".", ",")]
        if name == "where":
            return self._filters()
        return [
            *((tr("Take “{what}” in again", what=c), None, {"skip_columns": _without(r.skip_columns, c)}) for c in r.skip_columns),
            *((tr("Take “{what}” in again", what=w), None, {"skip_rows": _without(r.skip_rows, w)}) for w in r.skip_rows),
        ] or [(tr("Click a column's head, or a row's number, to leave it out"), None, {})]  # fmt: skip

    def _firsts(self) -> list[int]:
        """First months of fiscal years: the city's, the file's and the usual ones."""
        return [m for m in dict.fromkeys((self._year_start, self._recipe.year_start, *FIRSTS)) if m > 1]

    def _filters(self) -> list[tuple[str, bool | None, dict[str, Any]]]:
        """All rows, or those in which the column under a breakdown or filter says a word."""
        r = self._recipe
        found: list[tuple[str, bool | None, dict[str, Any]]] = [(tr("all"), not r.where, {"where": {}})]
        for at, title in enumerate(reading.padded_titles(self._sheet, r)):
            if self._roles[at] in (reading.BREAKDOWN, reading.FILTER):
                for word in reading.words_in(self._sheet, r, at)[:12]:
                    found.append((f"{title}: {word}", r.where.get(title) == word, {"where": {**r.where, title: word}}))
        return found

    def _change(self, **fields: Any) -> None:
        self.changed.emit(replace(self._recipe, **fields))


class WordsDialog(FieldsDialog):
    """Words that mean that a value is missing."""

    def __init__(self, words: tuple[str, ...], changed: Callable[[tuple[str, ...]], None], parent: QWidget) -> None:
        super().__init__(tr("Words for missing"), parent)
        self._changed, self.line = changed, QLineEdit(", ".join(words))
        self.fields.field(tr("Also missing, with commas"), self.line)
        self.fields.wide(label(tr("n/a, -, …, not available and the like are known already."), "faint", wrap=True))

    def save(self) -> None:
        """Hand the words on."""
        self._changed(tuple(w.strip().lower() for w in self.line.text().split(",") if w.strip()))


def _said(r: Recipe, roles: tuple[str, ...]) -> dict[str, str]:
    """Each line of the panel in words."""
    values = [i for i, role in enumerate(roles) if role == reading.VALUE]
    words = [i for i, role in enumerate(roles) if role == reading.MEASURE]
    out = [reading.span_words([i for i, role in enumerate(roles) if role == reading.LEFT_OUT])]
    own = tr("one for each column of figures") if r.layout == "long" else tr("the words under each month")
    return {
        "header": reading.row_words(r.header),
        "layout": tr(LAYOUTS[r.layout]),
        "measure": r.measure or (reading.span_words(words) if words else own),
        "period": reading.span_words(values) if r.layout == "wide" else r.period or reading.span_words([0]) if r.layout == "crossed" else r.period or tr("not chosen yet"),
        "breakdowns": ", ".join(r.breakdowns) or tr("none"),
        "frequency": tr(FREQUENCIES.get(r.frequency, r.frequency)),
        "year": _fiscal(r.year_start) if r.fiscal and r.year_start > 1 else tr("calendar"),
        "dates": date_order(r.day_first),
        "decimal": _decimal(r.decimal),
        "missing": " · ".join(("n/a", "-", *r.missing)) + (" …" if not r.missing else ""),
        "where": ", ".join(f"{k}: {v}" for k, v in r.where.items()) or tr("all"),
        "out": ", ".join([*out, *(tr("rows “{words}”", words=w) for w in r.skip_rows)]),
    }  # fmt: skip


def _fiscal(first: int) -> str:
    return tr("fiscal, from {month}", month=tr(periods.MONTH_NAMES_LONG[first - 1]))


def date_order(day_first: bool) -> str:
    return tr("day first: 31/12/2025") if day_first else tr("month first: 12/31/2025")


def _decimal(sign: str) -> str:
    return tr("point: 1,234.5") if sign == "." else tr("comma: 1.234,5")


def _without(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(w for w in words if w != word)


def _switched(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    """With `word`, or without it where it is among them."""
    return _without(words, word) if word in words else (*words, word)


def _toggled(rows: tuple[int, ...], n: int) -> tuple[int, ...]:
    left = tuple(sorted({*rows} ^ {n}))
    return left or rows
