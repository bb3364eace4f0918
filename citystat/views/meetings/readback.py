"""The read-back: every promise read aloud, ranked, with owner, form and due date, before the meeting adjourns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.meetings.actions import ActionRow, rank, read_back
from citystat.texts import tr

ACTION = Qt.ItemDataRole.UserRole


class ReadBack(QWidget):
    """The list beside the wall's. Signals: reading(action id or None); editing(kind, id)."""

    reading = Signal(object)
    editing = Signal(str, int)

    def __init__(self, city: City, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._city = city
        self._actions: Sequence[ActionRow] = ()
        self._words = QLabel(self)
        self._words.setObjectName("soft")
        self._words.setWordWrap(True)
        title = QLabel(tr("Read back every promise"), self)
        title.setObjectName("section")
        self._list = _Ranked(self)
        self._list.setWordWrap(True)
        self._list.setSpacing(2)
        self._list.setAccessibleName(tr("Promises to read back"))
        self._list.currentRowChanged.connect(self._chosen)
        self._list.ranked.connect(self._move)
        self._list.itemActivated.connect(lambda row: self._edit(row.data(ACTION)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(self._words)
        layout.addWidget(self._list, 1)

    def show_actions(self, actions: Sequence[ActionRow]) -> None:
        """The promises of this meeting in the chair's order."""
        chosen = self._list.currentRow()
        self._actions = sorted(actions, key=lambda a: (a.rank is None, a.rank or 0, a.number))
        self._list.blockSignals(True)
        self._list.clear()
        for place, action in enumerate(self._actions, 1):
            row = QListWidgetItem(f"{place}   {_words(action)}", self._list)
            row.setData(ACTION, action.id)
        self._list.setCurrentRow(min(max(chosen, 0), len(self._actions) - 1))
        self._list.blockSignals(False)
        left = sum(1 for a in self._actions if not a.read_back)
        self._words.setText(
            tr("{n} to read. R marks one read and goes on · Alt ↑ ↓ ranks · Enter changes it", n=left)
            if left
            else tr("All promises are read back. Adjourn when the chair agrees.")
        )

    def move(self, steps: int) -> None:
        """The next (1) or the previous (−1) promise."""
        if self._actions:
            self._list.setCurrentRow(max(0, min(len(self._actions) - 1, self._list.currentRow() + steps)))

    def next_unread(self) -> None:
        """Mark the promise on the wall as read and turn to the next unread one."""
        at = self._list.currentRow()
        if 0 <= at < len(self._actions) and not self._actions[at].read_back:
            read_back(self._city, self._actions[at].id)
        unread = next((i for i, a in enumerate(self._actions) if not a.read_back and i != at), None)
        if unread is not None:
            self._list.setCurrentRow(unread)

    def _chosen(self, row: int) -> None:
        self.reading.emit(self._actions[row].id if 0 <= row < len(self._actions) else None)

    def _move(self, steps: int) -> None:
        at = self._list.currentRow()
        to = at + steps
        if 0 <= at < len(self._actions) and 0 <= to < len(self._actions):
            order = [a.id for a in self._actions]
            order.insert(to, order.pop(at))
            rank(self._city, order)
            self._list.setCurrentRow(to)

    def _edit(self, action_id: int) -> None:
        self.editing.emit("action", action_id)


class _Ranked(QListWidget):
    """A list whose rows move with Alt and the arrow keys. Signals: ranked(steps)."""

    ranked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.ranked.emit(steps)
        else:
            super().keyPressEvent(event)


def _words(action: ActionRow) -> str:
    due = periods.weekday_label(action.due) if action.due else tr("date?")
    who = action.owner or tr("owner?")
    form = tr(action.form) if action.form else tr("form?")
    read = tr("✓ read") if action.read_back else tr("to read")
    missing = " · ◆ " + tr("wants {what}", what=", ".join(action.unfinished)) if action.unfinished else ""
    return f"{action.code}   {action.text}\n       {who} · {form} · {due} · {read}{missing}"
