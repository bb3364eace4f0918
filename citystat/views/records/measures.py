"""The measures of a recipe for records: changed, left out and added from the list that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from citystat.measures.series import Definition
from citystat.records.recipe import RecordMeasure, RecordRecipe
from citystat.views.records.made import MadeList
from citystat.views.records.measure_dialog import RecordMeasureDialog


class Measures(QObject):
    """Signal: changed(recipe). shown: the list; known: the city's measures by code."""

    changed = Signal(object)

    def __init__(self, shown: MadeList, known: Mapping[str, Definition], parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._known, self._recipe = parent, known, RecordRecipe()
        self._numbers: Sequence[str] = ()
        self._words: Mapping[str, Sequence[str]] = {}
        self.dialog: RecordMeasureDialog | None = None
        shown.edit.connect(self.edit)
        shown.remove.connect(self.leave_out)
        shown.add.connect(self.add)

    def show_recipe(self, recipe: RecordRecipe, numbers: Sequence[str], words: Mapping[str, Sequence[str]]) -> None:
        """The recipe as it is now, with the file's columns of figures and the words of its columns."""
        self._recipe, self._numbers, self._words = recipe, numbers, words

    def edit(self, code: str) -> None:
        """What a measure says."""
        measure = next((m for m in self._recipe.measures if m.code == code), None)
        if measure is not None:
            self._ask(measure, lambda new: self._put(measure, new), lambda: self.leave_out(code))

    def add(self) -> None:
        """A measure more."""
        self._ask(RecordMeasure(""), lambda new: self._tell([*self._recipe.measures, new]), None)

    def leave_out(self, code: str) -> None:
        """One fewer."""
        self._tell([m for m in self._recipe.measures if m.code != code])

    def _put(self, old: RecordMeasure, new: RecordMeasure) -> None:
        self._tell([new if m is old else m for m in self._recipe.measures])

    def _ask(
        self, m: RecordMeasure, changed: Callable[[RecordMeasure], None], out: Callable[[], object] | None
    ) -> None:
        if self.dialog is None or not self.dialog.isVisible():  # the second click of two finds it open
            self.dialog = RecordMeasureDialog(
                m, self._recipe, self._numbers, self._words, self._known, changed, out, self._parent
            )
            self.dialog.open()

    def _tell(self, measures: Sequence[RecordMeasure]) -> None:
        self.changed.emit(replace(self._recipe, measures=tuple(measures)))
