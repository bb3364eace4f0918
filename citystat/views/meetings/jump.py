"""Any measure on the wall in a few letters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from citystat.measures.find import found
from citystat.measures.series import definitions
from citystat.texts import tr

CODE = Qt.ItemDataRole.UserRole


class JumpDialog(QDialog):
    """Signals: chosen(code)."""

    chosen = Signal(str)

    def __init__(self, read: Session, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title or tr("Another measure"))
        self.resize(520, 420)
        self._words = QLineEdit(self)
        self._words.setPlaceholderText(tr("Code or name"))
        self._words.setAccessibleName(tr("Search measures"))
        self._words.textChanged.connect(self._narrow)
        self._list = QListWidget(self)
        self._list.setAccessibleName(tr("Measures"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addWidget(self._list)
        self._all = [(m.code, m.name) for m in definitions(read)]
        self._narrow("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list while typing goes on; Enter takes."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if steps is not None:
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + steps)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._list.currentItem())
        else:
            super().keyPressEvent(event)

    def _narrow(self, words: str) -> None:
        self._list.clear()
        for code, name in found(words, self._all, lambda measure: measure):
            QListWidgetItem(f"{code}   {name}", self._list).setData(CODE, code)
        self._list.setCurrentRow(0)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(CODE))
            self.accept()
