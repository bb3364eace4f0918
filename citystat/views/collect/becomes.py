"""The measures that a file fills: a click or Enter changes one, leaves one out, takes it in again, adds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.collect.readers import Sheet
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.collect.measure_dialog import Changed, MeasureMapDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.table import ROW, Column, Table

ACT = 2  # the column whose click leaves out or takes in


class Becomes(QWidget):
    """Signal: changed(measures), a tuple. known: the city's measures by code."""

    changed = Signal(object)

    def __init__(self, known: Mapping[str, Definition]) -> None:
        super().__init__()
        self._known, self._recipe, self._sheet = known, Recipe(), Sheet("", ())
        self._left_out: list[tuple[int, MeasureMap]] = []  # with their place in the list
        self.dialog: MeasureMapDialog | None = None
        self.table = _Measures(
            [
                Column(tr("Measure"), lambda m: m.name or m.code, colour=self._faint, struck=self.is_out, tip=_tip),
                Column(tr("Code"), self._code_words, width=80, right=True, colour=self._code_colour, tip=lambda m: m.code),
                Column("", self._act_words, width=84, right=True, colour=lambda _: "accent", tip=self._act_tip),
            ],
            tr("Becomes"), sortable=False,
        )  # fmt: skip
        self.table.horizontalHeader().hide()
        self.table.clicked.connect(self._clicked)
        self.table.opened.connect(self.edit)
        self.table.turned.connect(self.turn)
        self.table.added.connect(self.add)
        self.table.setMinimumHeight(round(theme().px(100)))
        head = QHBoxLayout()
        head.addWidget(label(tr("Becomes"), "heading"))
        head.addStretch(1)
        head.addWidget(button(tr("Add a measure"), self.add, kind="link", tip=tr("Insert")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(label(tr("Enter changes · Del leaves out · Ins adds"), "faint"))  # fmt: skip

    def show_recipe(self, sheet: Sheet, recipe: Recipe) -> None:
        """The recipe's measures and those that were left out, each where it stood."""
        self._sheet, self._recipe = sheet, recipe
        self._left_out = [(at, m) for at, m in self._left_out if m not in recipe.measures]
        self.table.set_rows(self._rows())

    def is_out(self, measure: MeasureMap) -> bool:
        """Whether it was left out."""
        return any(m is measure for _, m in self._left_out)

    def turn(self, measure: MeasureMap) -> None:
        """Leave a measure out, or take it in again."""
        rows = self._rows()
        if self.is_out(measure):
            self._left_out = [(at, m) for at, m in self._left_out if m is not measure]
        else:
            self._left_out.append((rows.index(measure), measure))
            self._left_out.sort(key=lambda left: left[0])
        self._tell(rows)

    def edit(self, measure: MeasureMap) -> None:
        """What a measure is made of; one that was left out is taken in by that."""

        def changed(new: MeasureMap) -> None:
            rows = [new if m is measure else m for m in self._rows()]
            self._left_out = [(at, m) for at, m in self._left_out if m is not measure]
            self._tell(rows)

        self._ask(measure, changed, partial(self.turn, measure))

    def add(self) -> None:
        """A measure more: another column, or a ratio of two."""
        self._ask(MeasureMap(""), lambda new: self._tell([*self._rows(), new]))

    def _ask(self, measure: MeasureMap, changed: Changed, turn: Callable[[], object] | None = None) -> None:
        if self.dialog is None or not self.dialog.isVisible():  # the second click of two finds it open
            out = turn if turn is not None and not self.is_out(measure) else None
            self.dialog = MeasureMapDialog(measure, self._sheet, self._recipe, self._known, changed, out, self)
            self.dialog.open()

    def _rows(self) -> list[MeasureMap]:
        rows = list(self._recipe.measures)
        for at, measure in self._left_out:
            rows.insert(at, measure)
        return rows

    def _tell(self, rows: list[MeasureMap]) -> None:
        self.changed.emit(tuple(m for m in rows if not self.is_out(m)))

    def _clicked(self, index: QModelIndex) -> None:
        (self.turn if index.column() == ACT else self.edit)(index.data(ROW))

    ## Words

    def _code_words(self, m: MeasureMap) -> str:
        return tr("left out") if self.is_out(m) else m.code if m.code in self._known else tr("new")

    def _code_colour(self, m: MeasureMap) -> str:
        return "faint" if self.is_out(m) else "soft" if m.code in self._known else "accent"

    def _faint(self, m: MeasureMap) -> str:
        return "faint" if self.is_out(m) else ""

    def _act_words(self, m: MeasureMap) -> str:
        return tr("Take in") if self.is_out(m) else tr("Leave out")

    def _act_tip(self, m: MeasureMap) -> str:
        return tr("Bring this measure in after all (Delete)") if self.is_out(m) else tr("Do not bring this measure in (Delete)")  # fmt: skip


class _Measures(Table):
    """Signals: turned(measure) on Delete, added() on Insert."""

    turned = Signal(object)
    added = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete leaves out or takes in, Insert adds."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.current() is not None:
            self.turned.emit(self.current())
        elif event.key() == Qt.Key.Key_Insert:
            self.added.emit()
        else:
            super().keyPressEvent(event)


def _tip(m: MeasureMap) -> str:
    """Name, and what it is made of."""
    made = f"{m.numerator} / {m.denominator}" if m.denominator else m.value
    return f"{m.name or m.code}: {made}" if made and made != m.name else m.name or m.code
