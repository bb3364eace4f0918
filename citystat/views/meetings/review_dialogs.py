"""Small dialogs after a meeting: who was there, approval, an amendment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget

from citystat.city import City
from citystat.city.city import login
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow
from citystat.meetings.approve import amend
from citystat.meetings.meeting import MeetingRow, attendance, set_present
from citystat.meetings.people import people
from citystat.texts import plural, tr
from citystat.views.widgets.fields import Fields, FieldsDialog, choice, line, paragraph
from citystat.views.widgets.marks import label

if TYPE_CHECKING:
    from citystat.views.meetings.prepare import MeetingPage

STATES = ("present", "absent", "excused")


class ApproveDialog(FieldsDialog):
    """Who approves; what is unfinished is named, and does not hinder the minutes (it hinders the follow-up memo)."""

    def __init__(self, page: MeetingPage, row: MeetingRow, lacking: Sequence[ActionRow]) -> None:
        super().__init__(tr("Approve minutes"), page, done=tr("Approve and lock"))
        self._page = page
        self.who = line(row.chair, hint=tr("Name of who approves"))
        self.fields.field(tr("Approved by"), self.who)
        words = tr("From then on the record is locked; what must be corrected is added as a numbered amendment.")
        self.fields.wide(label(words, "soft", wrap=True))
        if lacking:
            head = plural(len(lacking), "◆ {n} promise is unfinished:", "◆ {n} promises are unfinished:")
            listed = "\n".join(f"{a.code} {tr('wants {what}', what=', '.join(a.unfinished))}" for a in lacking[:8])
            self.fields.wide(label(f"{head}\n{listed}", wrap=True))

    def save(self) -> None:
        """Approve."""
        self._page.approve(self.who.text())


class AmendDialog(FieldsDialog):
    """An amendment to approved minutes."""

    def __init__(self, city: City, meeting_id: int, parent: QWidget) -> None:
        super().__init__(tr("Amend the minutes"), parent, done=tr("Add amendment"))
        self._city, self._id = city, meeting_id
        self.words, self.who = paragraph(lines=5), line("" if city.who == login() else city.who)
        self.fields.field(tr("Correction"), self.words)
        self.fields.field(tr("By"), self.who)

    def save(self) -> None:
        """Add it."""
        if not self.who.text().strip():
            raise CityStatError(tr("An amendment is signed"), do=tr("Write the name of who amends"))
        amend(self._city, self._id, self.words.toPlainText(), self.who.text().strip(), datetime.now())


class AttendanceDialog(FieldsDialog):
    """Who was there, put right; somebody who came unexpected is added as a guest."""

    def __init__(self, city: City, meeting_id: int, parent: QWidget) -> None:
        super().__init__(tr("Attendance"), parent)
        self._city, self._id = city, meeting_id
        with city.read() as read:
            there, everyone = attendance(read, meeting_id), people(read)
        self.states: dict[int, tuple[QComboBox, str]] = {}
        offers = [(tr(s), s) for s in STATES]
        inside = Fields()
        for p in there:
            known = p.status if p.status in STATES else "absent"
            self.states[p.person_id] = (choice(f"{p.name}: {tr('attendance')}", offers, known), p.status)
            inside.field(f"{p.name}, {tr(p.role)}", self.states[p.person_id][0])
        inside.setMinimumWidth(440)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setMinimumHeight(min(420, 44 * len(there) + 12))
        self.body.insertWidget(1, area)
        expected = {p.person_id for p in there}
        self.guest = choice(
            tr("Also came"), [(tr("nobody else"), None), *((p.name, p.id) for p in everyone if p.id not in expected)]
        )
        self.fields.field(tr("Also came"), self.guest)

    def save(self) -> None:
        """Write what differs."""
        for person_id, (box, before) in self.states.items():
            if box.currentData() != before:
                set_present(self._city, self._id, person_id, box.currentData())
        if self.guest.currentData() is not None:
            set_present(self._city, self._id, self.guest.currentData(), "present")
