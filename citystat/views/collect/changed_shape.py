"""The file is not as its recipe knows it: each difference with what is proposed, for a person to accept, choose or leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from citystat.collect import drift
from citystat.collect.drift import Drift
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import choice
from citystat.views.widgets.marks import button, label, mark

CHOICE = 300  # pixels of what is chosen from


class ChangedShape(QWidget):
    """guess: whether the file can be guessed anew instead. Signals: settled(answers), a map from each difference to what it means, "" to leave it; guess_wanted()."""

    settled = Signal(object)
    guess_wanted = Signal()

    def __init__(self, changes: Sequence[Drift], *, guess: bool = True) -> None:
        super().__init__()
        self._asked: list[tuple[Drift, QComboBox]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(2, 1)
        for change in changes:
            self._ask(change)
        self._lacks = label("", "soft", wrap=True)
        self.go_on = button(tr("Read it so"), self.accept, kind="primary", tip="Ctrl+Enter")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.go_on)
        if guess:
            row.addWidget(button(tr("Guess anew instead"), self.guess_wanted.emit))
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.setSpacing(16)
        whole.addLayout(self._grid)
        whole.addWidget(self._lacks)
        whole.addLayout(row)
        whole.addWidget(
            label(tr("What you accept is kept as the recipe's next version. Nothing is brought in yet."), "faint")
        )
        whole.addStretch(1)
        self._judge()

    def _ask(self, change: Drift) -> None:
        at = self._grid.rowCount()
        said = label(change.words, "strong" if change.kind in (drift.COLUMN, drift.SHEET, drift.HEADING) else "text")
        box = choice(change.words, _offers(change), change.proposed)
        box.setFixedWidth(round(theme().px(CHOICE)))
        box.currentIndexChanged.connect(self._judge)
        self._grid.addWidget(said, at, 0)
        self._grid.addWidget(box, at, 1)
        self._grid.addWidget(label(_hint(change), "faint"), at, 2, Qt.AlignmentFlag.AlignVCenter)
        self._asked.append((change, box))

    def answers(self) -> Mapping[Drift, str]:
        """Each difference with what was chosen."""
        return {change: str(box.currentData() or "") for change, box in self._asked}

    def accept(self) -> None:
        """Take what is chosen, where nothing that is needed lacks."""
        if self.go_on.isEnabled():
            self.settled.emit(self.answers())

    def _judge(self) -> None:
        """Say what still has to be chosen."""
        lacks = [c for c, answer in self.answers().items() if not answer and not c.leave]
        self.go_on.setEnabled(not lacks)
        words = tr("Choose what stands for “{name}” in this file", name=lacks[0].was) if lacks else ""
        self._lacks.setText(f"◆ {words}" if words else "")
        self._lacks.setVisible(bool(words))
        mark(self._lacks, "tone", "concern" if words else "")


def _offers(change: Drift) -> list[tuple[str, str]]:
    """What can be chosen: the proposal first, then the others, then leaving it."""
    if change.kind == drift.NEW_SHEET and change.choices:
        return [(tr("take it in"), change.found), (change.leave, "")]
    words = [w for w in (change.proposed, *change.choices) if w]
    shown = [(_said(change, w), w) for w in dict.fromkeys(words)]
    leave = [(change.leave or tr("choose…"), "")] if change.leave or not change.proposed else []
    return shown + leave


def _said(change: Drift, word: str) -> str:
    if change.kind == drift.HEADING:
        return tr("row {n}", n=word)
    return tr("the same as “{word}”", word=word) if change.kind == drift.CATEGORY else word


def _hint(change: Drift) -> str:
    if change.kind == drift.NEW_COLUMN:
        return tr("Click its head afterwards to bring it in")
    return tr("proposed") if change.proposed else ""
