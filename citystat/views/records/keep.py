"""Whether the records are kept beside the city, and what that means."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from citystat.records.recipe import RecordRecipe
from citystat.texts import tr
from citystat.views.widgets.marks import label


class Keep(QWidget):
    """Signal: changed(recipe)."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._recipe = RecordRecipe()
        self.box = QCheckBox(tr("Keep the records beside the city"))
        self.box.clicked.connect(lambda on: self.changed.emit(replace(self._recipe, keep=on)))
        self._note = label("", "faint", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self._note)

    def show_recipe(self, recipe: RecordRecipe) -> None:
        """As the recipe has it."""
        self._recipe = recipe
        self.box.setChecked(recipe.keep)
        self._note.setText(_meant(recipe))
        self.box.setAccessibleDescription(_meant(recipe))


def _meant(recipe: RecordRecipe) -> str:
    if not recipe.keep:
        return tr("Only the figures are kept: no number opens into its records")
    if recipe.grown:
        return tr("On this machine only. A number opens into them; next month's file adds to them and changes some")
    return tr("On this machine only. A number opens into them; next month's file takes their place")
