"""The row over a chart: the ways in which a measure is looked at, its figures, and keeping what is on view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from citystat.measures.looks import LOOK_WORDS, LOOKS
from citystat.texts import tr
from citystat.views.widgets.flow import Flow
from citystat.views.widgets.marks import button, mark

KEYS = (
    ("V", "the next way to look at the chart; Shift V the one before"),
    ("T", "a table in place of the chart, or the chart again"),
    ("Z", "the last twelve periods, all, the usual"),
    ("D", "the next breakdown"),
    ("A", "before and after the period that is pointed at"),
    ("M", "other measures below this one"),
    ("K", "keep this view with the measure"),
)


class Looks(QWidget):
    """Signals: chosen(look) · split(first day of the time after, as in a view) · figures(on) · keep(): what is on view shall stay
    with the measure."""

    chosen = Signal(str)
    split = Signal(str)
    figures = Signal(bool)
    keep = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons = {look: self._one(tr(LOOK_WORDS[look]), look) for look in LOOKS}
        self.table = button(tr("Table"), lambda: self.figures.emit(self.table.isChecked()), kind="look")
        self.table.setCheckable(True)
        self.keep_button = button(tr("Keep this view"), self.keep.emit, kind="look")
        mark(self.keep_button, "does", "true")
        self._flow = Flow(self, gap=16)
        self.splits = Flow(self, gap=16)
        row, column = QHBoxLayout(), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.splits)
        row.setSpacing(16)
        row.addWidget(self._flow, 1, Qt.AlignmentFlag.AlignTop)
        for part in (self.keep_button, self.table):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        self._flow.put(list(self.buttons.values()))

    def _one(self, words: str, look: str) -> QPushButton:
        made = button(words, lambda: self.chosen.emit(look), kind="look")
        made.setCheckable(True)
        self._group.addButton(made)
        return made

    def show_view(self, look: str, offered: Sequence[str], *, table: bool, kept: bool) -> None:
        """What is on view, which looks there are, and whether it is what is kept."""
        for each, made in self.buttons.items():
            made.setVisible(each in offered)
        self._flow.arrange()
        self.buttons[look].setChecked(True)
        self.table.setChecked(table)
        self.keep_button.setVisible(not kept)

    def show_splits(self, offered: Sequence[tuple[str, str]]) -> None:
        """Where before and after may be parted: (words, first day of the time after); hidden where there is nothing to choose."""
        self.splits.setVisible(len(offered) > 1)
        self.splits.put([button(words, partial(self.split.emit, day), kind="link") for words, day in offered])
