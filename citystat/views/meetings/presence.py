"""Who is in the room: one key each, by initials or by space bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from citystat.city import City
from citystat.meetings.meeting import Attendee, attendance, set_present
from citystat.texts import tr

PERSON = Qt.ItemDataRole.UserRole


class PresenceDialog(QDialog):
    """Type initials to mark somebody present; the space bar turns the chosen one."""

    def __init__(self, city: City, meeting_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._city, self._meeting = city, meeting_id
        self.setWindowTitle(tr("Who is present"))
        self.resize(420, 520)
        self._initials = QLineEdit(self)
        self._initials.setPlaceholderText(tr("Initials"))
        self._initials.setAccessibleName(tr("Initials of somebody who is present"))
        self._initials.textChanged.connect(self._typed)
        self._list = QListWidget(self)
        self._list.setAccessibleName(tr("People expected"))
        self._list.itemChanged.connect(self._turned)
        words = QLabel(tr("Initials mark somebody present. Escape closes."), self)
        words.setObjectName("faint")
        layout = QVBoxLayout(self)
        layout.addWidget(self._initials)
        layout.addWidget(self._list)
        layout.addWidget(words)
        self._fill()

    def _fill(self) -> None:
        with self._city.read() as read:
            self._people: list[Attendee] = attendance(read, self._meeting)
        self._list.blockSignals(True)
        self._list.clear()
        for person in self._people:
            row = QListWidgetItem(f"{person.initials.upper()}   {person.name} · {tr(person.role)}", self._list)
            row.setData(PERSON, person.person_id)
            row.setCheckState(Qt.CheckState.Checked if person.status == "present" else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)

    def _typed(self, text: str) -> None:
        person = next((p for p in self._people if p.initials.lower() == text.strip().lower()), None)
        longer = any(p.initials.lower().startswith(text.lower()) and len(p.initials) > len(text) for p in self._people)
        if person is not None and not longer:
            set_present(self._city, self._meeting, person.person_id, "present")
            self._initials.clear()
            self._fill()

    def _turned(self, row: QListWidgetItem) -> None:
        status = "present" if row.checkState() == Qt.CheckState.Checked else "absent"
        set_present(self._city, self._meeting, row.data(PERSON), status)
