"""A recipe for records, in words that change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat.measures.series import Definition
from citystat.records.recipe import RecordRecipe, check
from citystat.texts import tr
from citystat.views.records.how import HowRecordsAreRead
from citystat.views.records.keep import Keep
from citystat.views.records.made import MadeList
from citystat.views.records.measures import Measures
from citystat.views.records.preview import made_of
from citystat.views.widgets.marks import label


class RecordsTold(QWidget):
    """How records are read and what becomes of them. Signal: changed(recipe)."""

    changed = Signal(object)

    def __init__(self, known: Mapping[str, Definition]) -> None:
        super().__init__()
        self._known = known
        self.how, self.made, self.keep = HowRecordsAreRead(), MadeList(lines=False), Keep()
        self.measures = Measures(self.made, known, self)
        for part in (self.how, self.measures, self.keep):
            part.changed.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("How they are read"), "heading"))
        column.addWidget(self.how)
        column.addWidget(self.keep)
        column.addSpacing(8)
        column.addWidget(self.made)
        column.addStretch(1)

    def show_recipe(self, recipe: RecordRecipe) -> None:
        """Say it; of the file only the columns are known that it speaks of."""
        self.how.show_recipe(recipe, recipe.columns, {})
        self.keep.show_recipe(recipe)
        self.measures.show_recipe(recipe, recipe.numbers, {})
        self.made.show_rows(made_of(recipe, self._known, None, date.today()))

    def ready(self, recipe: RecordRecipe) -> None:
        """CityStatError where it cannot be kept as it is."""
        check(recipe, recipe.name)
