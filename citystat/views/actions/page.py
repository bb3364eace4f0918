"""The action register: filters, an update with a comment, and the history of the chosen promise."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow, actions, history, update_action
from citystat.meetings.forms import STATUSES
from citystat.texts import plural, tr
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table


class ActionsPage(Page):
    """All promises of all meetings."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today if isinstance(today, date) else date.today()
        self.title = tr("Actions")
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search words, owner, number or measure"))
        self._search.setAccessibleName(tr("Search actions"))
        self._department, self._status = QComboBox(), QComboBox()
        self._department.setAccessibleName(tr("Department"))
        self._status.setAccessibleName(tr("Status"))
        self._status.addItem(tr("Still owed"), "owed")
        self._status.addItem(tr("All"), "")
        for status, (words, _) in STATUSES.items():
            self._status.addItem(tr(words), status)
        self._late = QCheckBox(tr("Overdue only"))
        row = QHBoxLayout()
        for widget, share in ((self._search, 1), (self._department, 0), (self._status, 0), (self._late, 0)):
            row.addWidget(widget, share)
        self._search.textChanged.connect(lambda _: self._narrow())
        for box in (self._department, self._status):
            box.currentIndexChanged.connect(lambda _: self._narrow())
        self._late.toggled.connect(lambda _: self._narrow())
        self.table = Table(_columns(), tr("Action items"))
        self.table.chosen.connect(self._show)
        self._side = QVBoxLayout()
        self._side.setSpacing(8)
        lists = QHBoxLayout()
        lists.setSpacing(32)
        lists.addWidget(self.table, 1)
        lists.addLayout(self._side)
        self.body.addLayout(row)
        self.body.addLayout(lists, 1)
        self._chosen: ActionRow | None = None
        self.refresh()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            rows = actions(read, self._today)
        self.table.set_rows(rows)
        owed = [r for r in rows if r.open]
        late = sum(1 for r in owed if r.days_late)
        self.head(
            plural(len(owed), "{n} promise is open, {late} late", "{n} promises are open, {late} late", late=late)
            if rows
            else tr("Nothing has been promised yet"),
            tr("{n} in all, over every meeting", n=len(rows))
            if rows
            else tr("Promises are written down in a meeting and stand here until they are kept."),
        )
        self._fill_departments(rows)
        self._narrow()
        chosen = next((r for r in rows if self._chosen and r.id == self._chosen.id), None)
        self._show(chosen)

    def _narrow(self) -> None:
        words = self._search.text().lower().split()
        department = self._department.currentText() if self._department.currentIndex() > 0 else ""
        status, late = self._status.currentData(), self._late.isChecked()

        def fits(r: ActionRow) -> bool:
            text = f"{r.code} {r.text} {r.owner} {r.measure_code}".lower()
            return (
                all(w in text for w in words)
                and (not department or r.department == department)
                and (not status or r.status == status or (status == "owed" and r.open))
                and (not late or r.days_late > 0)
            )

        self.table.keep(fits)

    def _show(self, row: ActionRow | None) -> None:
        """The chosen promise at the right: update and history."""
        self._chosen = row
        clear(self._side)
        if row is None:
            self._side.addWidget(
                _wide(label(tr("Choose a promise to update it and see its history."), "soft", wrap=True))
            )
            self._side.addStretch(1)
            return
        with self._city.read() as read:
            steps = history(read, row.id)
        self._side.addWidget(_wide(label(f"{row.code}  {row.text}", "heading", wrap=True)))
        said = [
            row.owner,
            tr(row.form) if row.form else "",
            row.measure_code,
            f"{row.meeting}, {periods.day_label(row.meeting_day)}" if row.meeting_day else "",
        ]
        self._side.addWidget(_wide(label(" · ".join(filter(None, said)), "soft", wrap=True)))
        self._status_box, self._due, self._comment = QComboBox(), QDateEdit(), QPlainTextEdit()
        for status, (words, _) in STATUSES.items():
            self._status_box.addItem(tr(words), status)
        self._status_box.setCurrentIndex(self._status_box.findData(row.status))
        self._due.setCalendarPopup(True)
        self._due.setDisplayFormat("d MMM yyyy")
        self._due.setDate(QDate(*(row.due or self._today).timetuple()[:3]))
        self._comment.setPlaceholderText(tr("What happened?"))
        self._comment.setFixedHeight(80)
        for widget, name in ((self._status_box, tr("Status")), (self._due, tr("Due")), (self._comment, tr("Comment"))):
            widget.setAccessibleName(name)
            self._side.addWidget(widget)
        self._side.addWidget(button(tr("Update"), self.update_chosen, kind="primary"), 0, Qt.AlignmentFlag.AlignLeft)
        self._side.addSpacing(12)
        self._side.addWidget(label(tr("History"), "heading"))
        for step in reversed(steps):
            self._side.addWidget(
                _wide(label(f"{periods.day_label(step.at.date())} · {step.who} · {step.words}", "soft", wrap=True))
            )
            if step.comment:
                self._side.addWidget(_wide(label(step.comment, wrap=True)))
        if not steps:
            self._side.addWidget(label(tr("Nothing happened yet."), "soft"))
        self._side.addStretch(1)

    def update_chosen(self) -> None:
        """Write the update; what was typed stays if it is refused."""
        if self._chosen is None:
            return
        due = self._due.date().toPython()
        try:
            update_action(
                self._city, self._chosen.id, now=datetime.now(), comment=self._comment.toPlainText(),
                status=self._status_box.currentData(), due=due if due != self._chosen.due and (self._chosen.due or due != self._today) else None,
            )  # fmt: skip
        except CityStatError as error:
            self.said.emit(str(error))

    def _fill_departments(self, rows: list[ActionRow]) -> None:
        chosen = self._department.currentText()
        self._department.blockSignals(True)
        self._department.clear()
        self._department.addItems([tr("All departments"), *sorted({r.department for r in rows if r.department})])
        self._department.setCurrentText(chosen)
        self._department.blockSignals(False)


def _columns() -> list[Column]:
    return [
        Column(tr("No."), lambda r: r.code, width=70, key=lambda r: r.number, colour=lambda _: "faint"),
        Column(tr("What"), lambda r: r.text, bold=True, tip=lambda r: r.text),
        Column(tr("Who"), lambda r: r.owner, width=150),
        Column(tr("Form"), lambda r: tr(r.form) if r.form else "", width=110, colour=lambda _: "soft"),
        Column(tr("Due"), lambda r: periods.day_label(r.due) if r.due else "–", width=110, key=lambda r: r.due),
        Column(tr("Status"), _status, width=150, colour=lambda r: "concern" if r.days_late else "soft"),
    ]


def _status(row: ActionRow) -> str:
    if row.days_late:
        return "◆ " + plural(row.days_late, "{n} day late", "{n} days late")
    return tr(STATUSES[row.status][0])


def _wide(widget: object) -> object:
    widget.setFixedWidth(320)
    return widget
