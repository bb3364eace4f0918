"""What a column or a row becomes: code, name, figures, unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from citystat.collect.recipe import MeasureMap
from citystat.errors import CityStatError
from citystat.numbers import UNITS
from citystat.texts import tr
from citystat.views.measures.edit import FormDialog

TEXTS = ("code", "name", "value", "numerator", "denominator")


class MeasureMapDialog(FormDialog):
    """Calls `changed` with the corrected map."""

    def __init__(self, measure: MeasureMap, changed: Callable[[MeasureMap], None], parent: QWidget) -> None:
        super().__init__(tr("What it becomes"), parent)
        self._measure, self._changed = measure, changed
        self._lines = {name: QLineEdit(getattr(measure, name)) for name in TEXTS}
        words = (tr("Code"), tr("Name"), tr("Value column or row"), tr("Numerator"), tr("Denominator"))
        for name, said in zip(TEXTS, words, strict=True):
            self.field(said, self._lines[name])
        self._unit, self._over, self._better = QComboBox(), QComboBox(), QComboBox()
        self._unit.setEditable(True)
        self._unit.addItems(["count", *UNITS, "days"])
        self._unit.setCurrentText(measure.unit)
        for box, values, now in (
            (self._over, ("sum", "mean", "last", "median", "count"), measure.aggregation),
            (self._better, ("none", "higher", "lower", "range"), measure.direction),
        ):
            for value in values:
                box.addItem(tr(value), value)
            box.setCurrentIndex(box.findData(now))
        self.field(tr("Unit"), self._unit)
        self.field(tr("Added up by"), self._over)
        self.field(tr("Better is"), self._better)
        self.finish()

    def save(self) -> None:
        """Hand the corrected map on."""
        texts = {name: line.text().strip() for name, line in self._lines.items()}
        if not texts["code"]:
            raise CityStatError(tr("A measure needs a code"), do=tr("Write a short one, such as EC-01"))
        self._changed(
            replace(
                self._measure, **texts, unit=self._unit.currentText(), aggregation=self._over.currentData(),
                direction=self._better.currentData(),
            )
        )  # fmt: skip
