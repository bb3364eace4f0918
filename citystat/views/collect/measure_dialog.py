"""What a column or a row becomes: code, name, figures, unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLineEdit, QWidget

from citystat.collect.recipe import MeasureMap
from citystat.errors import CityStatError
from citystat.measures.series import Definition
from citystat.numbers import UNITS
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog
from citystat.views.widgets.marks import label

COLUMNS = ("value", "numerator", "denominator")


class MeasureMapDialog(FieldsDialog):
    """Calls `changed` with the corrected map, or `leave_out`. known: the city's measures by code; titles: of columns."""

    def __init__(
        self,
        measure: MeasureMap,
        known: Mapping[str, Definition],
        titles: Sequence[str],
        changed: Callable[[MeasureMap], None],
        leave_out: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(tr("What it becomes"), parent)
        self._measure, self._known, self._changed = measure, known, changed
        self.code = _box([measure.code, *known], measure.code)
        self.name = QLineEdit(measure.name)
        self._told = label("", "faint", wrap=True)
        self.fields.field(tr("Code"), self.code)
        self.fields.wide(self._told)
        self.fields.field(tr("Name"), self.name)
        self.columns = {name: _box(["", *titles], getattr(measure, name)) for name in COLUMNS}
        for name, words in zip(COLUMNS, (tr("Value"), tr("Numerator"), tr("Denominator")), strict=True):
            self.fields.field(words, self.columns[name])
        self.unit = _box(["count", *UNITS, "days"], measure.unit)
        self._over = _choice(("sum", "mean", "last", "median", "count"), measure.aggregation)
        self._better = _choice(("none", "higher", "lower", "range"), measure.direction)
        self.fields.field(tr("Unit"), self.unit)
        self.fields.field(tr("Added up by"), self._over)
        self.fields.field(tr("Better is"), self._better)
        out = self._buttons.addButton(tr("Leave it out"), QDialogButtonBox.ButtonRole.ResetRole)
        out.clicked.connect(lambda: (leave_out(), self.reject()))
        self.code.currentTextChanged.connect(self._tell)
        self._tell(measure.code)

    def _tell(self, code: str) -> None:
        """Whether the code is a measure of the city already."""
        measure = self._known.get(code.strip())
        self._told.setText(tr("In the city: {name}", name=measure.name) if measure else tr("A new measure"))

    def save(self) -> None:
        """Hand the corrected map on; CityStatError where it cannot be so."""
        code, unit = self.code.currentText().strip(), self.unit.currentText().strip()
        if not code:
            raise CityStatError(tr("A measure needs a code"), do=tr("Write a short one, such as EC-01"))
        known = self._known.get(code)
        if known is not None and known.unit != unit:
            raise CityStatError(
                tr("{code} is kept in {unit}", code=code, unit=tr(known.unit)),
                do=tr("Choose that unit, or another code"),
            )
        columns = {name: box.currentText().strip() for name, box in self.columns.items()}
        if bool(columns["numerator"]) != bool(columns["denominator"]):
            raise CityStatError(tr("A ratio needs a numerator and a denominator"), do=tr("Choose the other one, too"))
        self._changed(
            replace(
                self._measure, code=code, name=self.name.text().strip(), unit=unit, **columns,
                aggregation=self._over.currentData(), direction=self._better.currentData(),
            )
        )  # fmt: skip


def _box(words: Sequence[str], now: str) -> QComboBox:
    """Words to choose from, or to write."""
    made = QComboBox()
    made.setEditable(True)
    made.addItems(list(dict.fromkeys(words)))
    made.setCurrentText(now)
    return made


def _choice(values: Sequence[str], now: str) -> QComboBox:
    made = QComboBox()
    for value in values:
        made.addItem(tr(value), value)
    made.setCurrentIndex(made.findData(now))
    return made
