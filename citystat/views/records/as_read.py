"""Records as they are read: what becomes of them and what wants a look at the left, how they are read at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from citystat.collect.reading import Folded
from citystat.measures.series import Definition
from citystat.records.recipe import RecordRecipe
from citystat.texts import tr
from citystat.views.collect.remarks import Remarks
from citystat.views.records.how import HowRecordsAreRead
from citystat.views.records.keep import Keep
from citystat.views.records.made import Made, MadeList
from citystat.views.records.measures import Measures
from citystat.views.records.paged import PagedTable
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import fold
from citystat.views.widgets.marks import label

SIDE, NARROW = 336, 680  # pixels of the column at the right; of the width below which it stands underneath
FIRST_ROWS = 5  # of the file, that are seen at once


class RecordsAsRead(QScrollArea):
    """Signals: changed(recipe) after a correction. known: the city's measures by code."""

    changed = Signal(object)

    def __init__(self, recipe: RecordRecipe, known: Mapping[str, Definition]) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._recipe = recipe
        self._words: Mapping[str, Sequence[str]] = {}
        self._numbers: Sequence[str] = ()
        self.made, self.remarks, self.how, self.keep = MadeList(), Remarks(), HowRecordsAreRead(), Keep()
        self.measures = Measures(self.made, known, self)
        for part in (self.how, self.measures, self.keep):
            part.changed.connect(self.changed)
        self.rows = PagedTable(tr("The first records of the file"))
        self.rows.setSortingEnabled(False)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.name = QLineEdit(recipe.name)
        self.name.setAccessibleName(tr("Name of the recipe"))
        self._lay_out()

    def show_file(
        self, columns: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Sequence[str], words: Mapping[str, Sequence[str]]
    ) -> None:  # fmt: skip
        """What stands in the file: titles, first rows, columns of figures, and the words of those that have few different ones."""
        self._columns, self._numbers, self._words = tuple(columns), numbers, words
        self.rows.begin(columns, [at for at, title in enumerate(columns) if title in numbers], len(rows), rows)
        head = self.rows.horizontalHeader().sizeHint().height()
        self.rows.setFixedHeight(
            head + self.rows.verticalHeader().defaultSectionSize() * min(FIRST_ROWS, len(rows)) + 12
        )

    def show_recipe(self, recipe: RecordRecipe) -> None:
        """Say how they are read."""
        self._recipe = recipe
        self.how.show_recipe(recipe, self._columns, self._words)
        self.keep.show_recipe(recipe)
        self.measures.show_recipe(recipe, self._numbers, self._words)

    def show_made(self, rows: Sequence[Made]) -> None:
        """What becomes of them."""
        self.made.show_rows(rows)

    def show_wrong(self, kinds: Sequence[Folded], total: int = 0) -> None:
        """What cannot be read, or wants a look; total: how many there are, where not all are listed. Errors stand first."""
        self.remarks.show_kinds(kinds)
        found = bool(self.remarks.model_.rows)
        placed = any(r.place for kind in kinds for r in kind.members)
        for column in (0, 2):  # where, and the way to it
            self.remarks.setColumnHidden(column, not placed)
        self.remarks.setVisible(found)
        listed = sum(len(kind.members) for kind in kinds)
        some = tr("Please look at the first {n} of {all}", n=listed, all=f"{total:,}")
        words = (some if total > listed else tr("Please look at")) if found else tr("Nothing needs a look")
        self._look.setText(words)
        self._left.removeWidget(self._wanted)
        self._left.insertWidget(0 if any(kind.error for kind in kinds) else 1, self._wanted)
        each = self.remarks.verticalHeader().defaultSectionSize()
        self.remarks.setFixedHeight(each * min(5, max(1, len(self.remarks.model_.rows))) + 2)

    ## Layout

    def _lay_out(self) -> None:
        self._look = label("", "heading")
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
        self._wanted, wanted = QWidget(), QVBoxLayout()
        wanted.setContentsMargins(0, 0, 0, 8)
        wanted.setSpacing(8)
        wanted.addWidget(self._look)
        wanted.addWidget(self.remarks)
        self._wanted.setLayout(wanted)
        self._left = left
        for widget in (self.made, self._wanted, label(tr("The first records of the file"), "heading"), self.rows):
            left.addWidget(widget)
        left.addStretch(1)
        right.addWidget(label(tr("How they are read"), "heading"))
        right.addWidget(self.how)
        right.addWidget(self.keep)
        right.addSpacing(12)
        right.addWidget(label(tr("Recipe for next month's file"), "soft", wrap=True))
        right.addWidget(self.name)
        right.addStretch(1)
        self._side, inside = QWidget(), QWidget()
        self._side.setLayout(right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setContentsMargins(0, 0, 12, 0)  # room for the scroll bar
        self._both.setSpacing(28)
        self._both.addLayout(left, 1)
        self._both.addWidget(self._side)
        inside.setLayout(self._both)
        self.setWidget(inside)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """As wide as there is room, and never higher: what is larger scrolls, and the head above stays in sight."""
        return QSize(super().sizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside, how they are read stands below."""
        super().resizeEvent(event)
        fold(self._both, self._side, narrow=self.width() < theme().px(NARROW), width=SIDE)
