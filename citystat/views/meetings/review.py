"""The record after the meeting: what is unfinished first, every entry put right in a small form, attendance, amendments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings import agenda, approve, shown
from citystat.meetings.capture import Captured, captured, context, keep, parse, remove_captured
from citystat.meetings.meeting import MeetingRow, attendance
from citystat.meetings.people import people
from citystat.meetings.record import FIELDS, change_kind
from citystat.texts import tr
from citystat.views import acts
from citystat.views.meetings.capture_line import day_first
from citystat.views.meetings.entry_form import EntryForm
from citystat.views.meetings.review_dialogs import AttendanceDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import choice, line
from citystat.views.widgets.marks import Rule, button, label
from citystat.views.widgets.page import clear
from citystat.views.widgets.rows import Row, RowList

# the groups of the record, in their order: heading, kinds
GROUPS = (
    ("Promises", ("action",)),
    ("Decisions", ("decision",)),
    ("Questions", ("question",)),
    ("Good news, notes and parking lot", ("win", "note", "parked")),
)
USUAL = timedelta(weeks=3)  # after which answers are due where nobody said a day
NAMES = {"win": "good news", "note": "note", "parked": "parked", "question": "question"}


class Review(QWidget):
    """Signals: said(words). The page asks it to refresh() and to save()."""

    said = Signal(str)

    def __init__(self, city: City, row: MeetingRow, today: date) -> None:
        super().__init__()
        self._city, self._row, self._today = city, row, today
        with city.read() as read:
            everyone, items = people(read), agenda.agenda(read, row.id)
        self._entries: list[Captured] = []
        self.list = RowList(tr("Written down"), lead=64)
        self.list.chosen.connect(self._choose)
        self.list.removed.connect(self._remove)
        self.form = EntryForm(city, everyone, items, row.answers_due or row.day + USUAL)
        self.form.refused.connect(self.said)
        self.list.opened.connect(lambda _: self.form.begin())
        self.forgotten = line(
            hint=tr("Something was forgotten? action words @owner ^due =form"), name=tr("Write down what was forgotten")
        )
        self.forgotten.returnPressed.connect(self.add)
        self._lay_out()

    @property
    def locked(self) -> bool:
        """Approved minutes are not edited."""
        return self._row.status == "approved"

    def refresh(self, row: MeetingRow, today: date) -> None:
        """Show the record as it stands; what is chosen and typed stays."""
        self._row, self._today = row, today
        with self._city.read() as read:
            self._entries = captured(read, row.id)
            self._there = attendance(read, row.id)
            self._amendments = approve.amendments(read, row.id)
            self._looks = [] if self.locked else shown.looks(read, row.id)
        self.forgotten.setVisible(not self.locked)
        self._show()
        self._show_side()

    def save(self) -> None:
        """Write what was typed in the form."""
        self.form.save()

    ## Laying out

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.list, 1)
        left.addWidget(self.forgotten)
        self._title = label("", "heading")
        self._remove_link = button(tr("Remove"), lambda: self._remove(self.form.entry), kind="link")
        head = QHBoxLayout()
        self.kind = choice(tr("Kind"), [(tr(kind).capitalize(), kind) for kind in FIELDS])
        self.kind.activated.connect(lambda _: self.change_kind(self.kind.currentData()))
        head.addWidget(self._title, 1)
        head.addWidget(self.kind)
        head.addWidget(self._remove_link)
        self._side = QVBoxLayout()
        self._side.setSpacing(6)
        right.setSpacing(12)
        right.addLayout(head)
        right.addWidget(self.form)
        right.addSpacing(16)
        right.addLayout(self._side)
        right.addStretch(1)
        self.list.setMinimumHeight(round(theme().px(240)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Beside(left, right, shares=(6, 4)))

    def _show(self) -> None:
        keys = [(e.kind, e.id) for e in self._entries]
        ordered = [r.key for r in self._rows() if r.key]
        chosen = self.form.entry if self.form.entry in keys else next(iter(ordered), None)
        self.list.show_rows(self._rows(), chosen)
        self._choose(chosen, save=False)

    def _rows(self) -> list[Row]:
        """What lacks something first, then the rest by kind."""
        rows: list[Row] = []
        lacking = [] if self.locked else [e for e in self._entries if e.kind == "action" and e.unfinished]
        groups = [(tr("Unfinished"), lacking)]
        groups += [
            (tr(title), [e for e in self._entries if e.kind in kinds and e not in lacking]) for title, kinds in GROUPS
        ]
        for title, entries in groups:
            if entries:
                rows += [Row(None, title), *(_row(e) for e in entries)]
        return rows or [Row(None, tr("Nothing was written down in this meeting"))]

    def _choose(self, key: tuple[str, int] | None, *, save: bool = True) -> None:
        """Edit the chosen entry; what was typed in the one before is written first."""
        if save and key != self.form.entry and not self._saved():
            self.list.choose(self.form.entry)
            return
        entry = next((e for e in self._entries if (e.kind, e.id) == key), None)
        self.form.show_entry(entry, locked=self.locked)
        self._remove_link.setVisible(entry is not None and not self.locked)
        self.kind.setVisible(entry is not None and not self.locked)
        self.kind.setCurrentIndex(max(0, self.kind.findData(entry.kind if entry else "")))
        self._title.setText("" if entry is None else _code(entry) or tr(NAMES[entry.kind]).capitalize())
        if key is not None:
            self.list.choose(key)

    def _show_side(self) -> None:
        """Attendance, and what was added after approval."""
        clear(self._side)
        here = [p for p in self._there if p.status == "present"]
        row = QHBoxLayout()
        row.addWidget(label(tr("Present {n} of {all}", n=len(here), all=len(self._there)), "heading"))
        row.addStretch(1)
        if not self.locked:
            row.addWidget(button(tr("Correct…"), self._ask_attendance, kind="link", tip=tr("Correct attendance")))
        self._side.addLayout(row)
        away = [f"{p.name} ({tr(p.status)})" for p in self._there if p.status != "present"]
        words = tr("Everybody expected came.") if not away else tr("Not there: {names}", names=", ".join(away))
        if self._there:
            self._side.addWidget(label(words, "soft", wrap=True))
        self._show_looks()
        if self.locked:
            self._side.addSpacing(16)
            self._side.addWidget(label(tr("Amendments"), "heading"))
            words = tr("The minutes are approved and locked. What must be corrected is added as an amendment.")
            self._side.addWidget(label(words, "soft", wrap=True))
        for a in self._amendments:
            self._side.addSpacing(4)
            head = tr("Amendment {n} · {who}, {day}", n=a.number, who=a.who, day=periods.day_label(a.at.date()))
            self._side.addWidget(label(head, "strong"))
            self._side.addWidget(label(a.text, wrap=True))
            self._side.addWidget(Rule())

    def _show_looks(self) -> None:
        """What was on the wall, as long as a slip can be left out of the minutes."""
        if self._looks:
            self._side.addSpacing(16)
            self._side.addWidget(label(tr("Shown on the wall"), "heading"))
        for look in self._looks:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(label(look.code, "code"), 0, Qt.AlignmentFlag.AlignTop)
            how = [tr("by {dimension}", dimension=look.by)] if look.by else []
            row.addWidget(
                label(" · ".join([look.name, *how, *([tr("compared")] if look.compare else [])]), wrap=True), 1
            )
            act = button(
                tr("Leave out"), lambda look=look: self.leave_out(look), kind="link", tip=tr("Not in the minutes")
            )
            act.setAccessibleName(f"{tr('Leave out')}: {look.code} {look.name}")
            row.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
            self._side.addLayout(row)

    ## Acts

    def leave_out(self, look: shown.Look) -> None:
        """A chart shown by a slip is no part of the minutes; one click takes that back."""
        self._do(
            lambda: shown.leave_out(self._city, self._row.id, look),
            tr("{measure} is left out of the minutes", measure=look.code),
        )

    def change_kind(self, to: str) -> None:
        """Make the entry in the form another kind; what was typed in it is written first."""
        key = self.form.entry
        if key is None or key[0] == to or not self._saved():
            return
        made: list[int] = []
        self._do(
            lambda: made.append(change_kind(self._city, *key, to, self._row.day)), tr("Now it is a {kind}", kind=tr(to))
        )
        self._choose((to, made[0]) if made else key)

    def _do(self, act: Callable[[], object], said: str) -> None:
        """Do it, say so and offer to take it back; or say why not."""
        acts.do(self, act, said, self._city.undo)

    def add(self) -> None:
        """Put a forgotten entry on record; the line stays until it is kept."""
        text = self.forgotten.text().strip()
        if not text or not self._saved():
            return
        with self._city.read() as read:
            entry = parse(text, replace(context(read, self._row.id, self._row.day), day_first=day_first()))
        try:
            made = keep(self._city, self._row.id, entry, item_id=None, now=datetime.now())
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.forgotten.clear()
        if entry.guessed:
            self.said.emit(tr("kept as {kind}", kind=tr(entry.kind)).capitalize())
        self._choose((entry.kind, made.id))

    def _saved(self) -> bool:
        try:
            self.form.save()
        except CityStatError as error:
            self.said.emit(str(error))
            return False
        return True

    def _remove(self, key: tuple[str, int] | None) -> None:
        """Take an entry off the record, and offer to take that back."""
        if key is None or self.locked:
            if self.locked:
                self.said.emit(tr("The minutes of this meeting are approved and locked. Add an amendment"))
            return
        self._do(lambda: remove_captured(self._city, *key), tr("The entry is off the record"))

    def _ask_attendance(self) -> None:
        AttendanceDialog(self._city, self._row.id, self).open()


def _row(e: Captured) -> Row:
    lacks = tr("wants {what}", what=", ".join(e.unfinished)) if e.unfinished else ""
    answer = tr("Answer: {words}", words=e.answer) if e.answer else ""
    facts = [e.owner, tr(e.form) if e.form else "", e.measure_code, answer]
    return Row(
        (e.kind, e.id), e.text, " · ".join(filter(None, [lacks, *facts])), _code(e),
        "concern" if e.unfinished else "", periods.day_label(e.due) if e.due else "", f"{e.at:%H:%M}",
    )  # fmt: skip


def _code(e: Captured) -> str:
    """ "A-112", "D-16"; nothing for what has no number."""
    return {"action": f"A-{e.number or 0:03d}", "decision": f"D-{e.number or 0}"}.get(e.kind, "")
