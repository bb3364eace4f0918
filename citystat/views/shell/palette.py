"""Ctrl+K: go anywhere and do anything by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from citystat.texts import tr

MOST = 60


class Offer(NamedTuple):
    """Something to go to or do: words to find it by, and what it does."""

    words: str
    hint: str
    act: Callable[[], object]


class CommandPalette(QDialog):
    """A search line over a list; up and down choose while typing goes on, Enter does it."""

    def __init__(self, offers: Sequence[Offer], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Go to or do…"))
        self.resize(560, 420)
        self._offers = offers
        self._found: list[Offer] = []
        self._words = QLineEdit()
        self._words.setPlaceholderText(tr("Go to or do…"))
        self._words.setAccessibleName(tr("Go to or do"))
        self._words.textChanged.connect(self._narrow)
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Places and acts"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(lambda _: self._do())
        layout = QVBoxLayout(self)
        layout.addWidget(self._words)
        layout.addWidget(self._list)
        self._narrow("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list, Enter does what is chosen."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if steps is not None:
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + steps)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        else:
            super().keyPressEvent(event)

    def _narrow(self, words: str) -> None:
        wanted = words.lower().split()
        self._found = [o for o in self._offers if all(w in f"{o.words} {o.hint}".lower() for w in wanted)][:MOST]
        self._list.clear()
        for offer in self._found:
            QListWidgetItem(f"{offer.words}    {offer.hint}", self._list)
        self._list.setCurrentRow(0)

    def _do(self) -> None:
        at = self._list.currentRow()
        if 0 <= at < len(self._found):
            self.accept()
            self._found[at].act()
