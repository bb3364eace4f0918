"""The capture line: one line of typing, read back in chips before Enter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from citystat.meetings.capture import Entry
from citystat.texts import tr
from citystat.views.widgets.marks import Chip
from citystat.views.widgets.page import clear

LONGEST = 10_000  # characters; a line this long is a pasted document


class CaptureLine(QWidget):
    """Takes a line, shows how it is understood, and hands it over on Enter.

    parse: line → Entry, called at every key; it must be quick and never raise.
    Signals: kept(line) on Enter with words in it; left() on Escape in an empty line.
    """

    kept = Signal(str)
    left = Signal()
    turned = Signal(int)  # Page Down (1), Page Up (−1): the presenter's keys work while typing, too

    def __init__(self, parse: Callable[[str], Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parse = parse
        self.setObjectName("capture")
        self.line = QLineEdit(self)
        self.line.setObjectName("captureLine")
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText(tr("action, decision, question or note … @owner ^due #measure =form"))
        self.line.setAccessibleName(tr("Capture line"))
        self.line.setAccessibleDescription(tr("Enter keeps the line; Escape clears it"))
        self.line.textChanged.connect(self._read_back)
        self.line.installEventFilter(self)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        self._state = QLabel(self)
        self._state.setObjectName("faint")
        below = QHBoxLayout()
        below.addLayout(self._chips)
        below.addStretch(1)
        below.addWidget(self._state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 14)
        layout.setSpacing(8)
        layout.addWidget(self.line)
        layout.addLayout(below)
        self.say("")

    def focus(self) -> None:
        """Begin to type."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put(self, line: str) -> None:
        """Take a line back to be changed."""
        self.line.setText(line)
        self.focus()

    def say(self, words: str) -> None:
        """A line of state at the right: what was just kept; empty: the keys."""
        self._state.setText(words or tr("Enter keeps it · Esc clears · Ctrl Z takes back"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Escape and the presenter's keys; everything else is typing."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            act = {
                Qt.Key.Key_Return: self._keep,
                Qt.Key.Key_Enter: self._keep,
                Qt.Key.Key_Escape: self._clear,
                Qt.Key.Key_PageDown: lambda: self.turned.emit(1),
                Qt.Key.Key_PageUp: lambda: self.turned.emit(-1),
            }.get(Qt.Key(event.key()))
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def _keep(self) -> None:
        """The line is cleared by the console, and only when it is on disk."""
        if self.line.text().strip():
            self.kept.emit(self.line.text())

    def _clear(self) -> None:
        if self.line.text():
            self.line.clear()
        else:
            self.left.emit()

    def _read_back(self, text: str) -> None:
        """Show owner, due date, form and measure as understood; what was not understood says why."""
        clear(self._chips)
        if not text.strip():
            return
        entry = self._parse(text)
        self._chips.addWidget(Chip(tr(entry.kind), kind="accent"))
        for chip in entry.chips:
            words = chip.value if chip.ok else f"{chip.value}: {chip.why}"
            self._chips.addWidget(Chip(words, label=chip.label, kind="plain" if chip.ok else "concern"))
