"""What a measure of records says: chosen part by part, read as one sentence while it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QDialogButtonBox, QDoubleSpinBox, QLineEdit, QWidget

from citystat.collect.guess import code_for
from citystat.errors import CityStatError
from citystat.measures.series import Definition
from citystat.numbers import UNITS
from citystat.records.recipe import RecordMeasure, RecordRecipe, fit
from citystat.records.sentence import sentence
from citystat.texts import tr
from citystat.views.collect.measure_dialog import BETTER, box_of
from citystat.views.records.how import WORDS_OFFERED, listed
from citystat.views.widgets.fields import FieldsDialog, choice
from citystat.views.widgets.marks import Button, label, mark

# what a measure can be, as it stands in the dialog
WHAT = {
    "count": "How many records", "share": "The share within a standard", "median": "The median", "mean": "The average",
    "percentile": "A percentile", "sum": "The sum", "backlog": "Still open at the end of the period",
}  # fmt: skip
Changed = Callable[[RecordMeasure], None]


class RecordMeasureDialog(FieldsDialog):
    """Calls `changed` with the corrected measure, or `leave_out`. numbers: columns of figures; words: column → its words; known: the city's measures."""

    def __init__(
        self, measure: RecordMeasure, recipe: RecordRecipe, numbers: Sequence[str], words: Mapping[str, Sequence[str]],
        known: Mapping[str, Definition], changed: Changed, leave_out: Callable[[], object] | None, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(tr("Change the measure") if measure.code else tr("Add a measure"), parent)
        self._measure, self._recipe, self._known, self._changed = measure, recipe, known, changed
        self._sentence = label("", "text", wrap=True)
        self.body.insertWidget(1, self._sentence)
        self._figures(numbers)
        self._only(words)
        self._kind()
        if leave_out is not None:
            out = Button(tr("Leave it out"))
            self._buttons.addButton(out, QDialogButtonBox.ButtonRole.ResetRole)
            out.setAutoDefault(False)
            out.clicked.connect(lambda: (leave_out(), self.reject()))
        self._say()

    def _figures(self, numbers: Sequence[str]) -> None:
        m, timed = self._measure, bool(self._recipe.closed)
        kinds = [(tr(words), kind) for kind, words in WHAT.items() if timed or kind != "backlog"]
        self.what = choice(tr("What"), kinds, m.kind)
        days = [(tr("days from opened to closed"), "")] if timed else []
        columns = [*days, *((c, c) for c in dict.fromkeys([*numbers, *([m.value] if m.value else [])]))]
        self.of = choice(tr("Of"), columns, m.value)
        self.percentile = _spin(m.percentile, 0, 100, " %")
        self.within = _spin(5 if m.within is None else m.within, -1e9, 1e9, "")
        self.by = choice(
            tr("Counted in the period in which it is"), [(tr("opened"), "opened"), (tr("closed"), "closed")], m.by
        )
        self.fields.field(tr("What"), self.what)
        self.fields.field(tr("Of"), self.of)
        self.fields.field(tr("Per cent of them"), self.percentile)
        self.fields.field(tr("At most"), self.within)
        self.fields.field(tr("Counted when"), self.by)
        for box in (self.what, self.of, self.by):
            box.currentIndexChanged.connect(self._say)
        for spin in (self.percentile, self.within):
            spin.valueChanged.connect(self._say)

    def _only(self, words: Mapping[str, Sequence[str]]) -> None:
        """All records, or those in which a column says a word; a filter of several words is kept as it is."""
        now = self._measure.where
        offers: list[tuple[str, Any]] = [(tr("all"), {})]
        if now:
            offers.append((", ".join(f"{c}: {' / '.join(listed(w))}" for c, w in now.items()), now))
        for column, said in words.items():
            offers += [(f"{column}: {w}", {column: w}) for w in said[:WORDS_OFFERED] if {column: w} != now]
        self.only = choice(tr("Only records"), offers, now)
        self.only.currentIndexChanged.connect(self._say)
        self.fields.field(tr("Only records"), self.only)

    def _kind(self) -> None:
        m = self._measure
        self.name = QLineEdit(m.name)
        self.name.setPlaceholderText(tr("What it is called on charts"))
        self.code = box_of([m.code, *self._known], m.code, tr("A short one, such as EC-01"))
        self._told = label("", "faint", wrap=True)
        self.unit = box_of(["", "count", *UNITS, "days"], m.unit, tr("by itself"))
        self.better = choice(tr("Better is"), [(tr(words), key) for key, words in BETTER], m.direction)
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Code"), self.code)
        self.fields.wide(self._told)
        self.fields.field(tr("Unit"), self.unit)
        self.fields.field(tr("Better is"), self.better)
        self.code.currentTextChanged.connect(self._tell)
        self.code.lineEdit().setAccessibleName(tr("Code"))
        self.unit.lineEdit().setAccessibleName(tr("Unit"))
        if not m.code:
            self.name.textEdited.connect(lambda words: self.code.setCurrentText(code_for(words) if words else ""))
        self._tell(m.code)

    def _tell(self, code: str) -> None:
        """Whether the code is a measure of the city already, whose unit then holds."""
        measure = self._known.get(code.strip())
        self._told.setText(tr("In the city: {name}", name=measure.name) if measure else tr("A new measure"))
        self.unit.setEnabled(measure is None)

    def _say(self) -> None:
        """The sentence, and only the fields that it needs."""
        made = self._made()
        rows = self.fields.show_row
        rows(self.of, made.kind not in ("count", "backlog"))
        rows(self.percentile, made.kind == "percentile")
        rows(self.within, made.kind == "share")
        rows(self.by, made.kind != "backlog" and bool(self._recipe.closed))
        self.within.setSuffix(f" {tr('days')}" if made.timed else "")
        self._sentence.setText(f"{sentence(made, self._recipe)}.")
        mark(self._sentence, "tone", "accent")

    def _made(self) -> RecordMeasure:
        """The measure as it stands in the fields."""
        kind = self.what.currentData()
        code = self.code.currentText().strip() if hasattr(self, "code") else self._measure.code
        return replace(
            self._measure, kind=kind, value="" if kind in ("count", "backlog") else self.of.currentData() or "",
            percentile=self.percentile.value(), within=self.within.value() if kind == "share" else None,
            by="opened" if kind == "backlog" else self.by.currentData(),
            where=self.only.currentData() if hasattr(self, "only") else self._measure.where, code=code,
        )  # fmt: skip

    def save(self) -> None:
        """Hand the corrected measure on; CityStatError where it cannot be so."""
        made = self._made()
        unit = self.unit.currentText().strip()
        decimals = self._measure.decimals or (1 if made.kind in ("share", "mean", "median", "percentile") else 0)
        made = replace(
            made, name=self.name.text().strip() or made.code, unit=unit, direction=self.better.currentData(), decimals=decimals
        )  # fmt: skip
        if made.kind in ("mean", "median", "percentile", "share") and not made.value and not self._recipe.closed:
            raise CityStatError(tr("It is not said of what"), do=tr("Choose a column of numbers under “Of”"))
        fit(made, self._recipe, [m for m in self._recipe.measures if m is not self._measure])
        self._changed(made)


def _spin(value: float, least: float, most: float, suffix: str) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(least, most)
    made.setDecimals(1)
    made.setValue(value)
    made.setSuffix(suffix)
    return made
