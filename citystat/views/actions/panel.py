"""One promise at the right of the register: what it is, an update as one act, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow, StepRow, update_action
from citystat.meetings.forms import FORMS, STATUSES
from citystat.meetings.people import Someone
from citystat.texts import dotted, tr
from citystat.views import acts
from citystat.views.widgets.fields import DayField, Fields, choice, paragraph
from citystat.views.widgets.marks import Rule, button, label
from citystat.views.widgets.page import clear


class ActionPanel(QWidget):
    """Signals: said(words) · closed() when the person is done with it."""

    said = Signal(str)
    closed = Signal()

    def __init__(self, city: City, everyone: Sequence[Someone]) -> None:
        super().__init__()
        self._city = city
        self._row: ActionRow | None = None
        self._title, self._under = label("", "heading", wrap=True), label("", "soft", wrap=True)
        self.status = choice(tr("Status"), [(tr(words), status) for status, (words, _) in STATUSES.items()])
        self.owner = choice(tr("Owner"), [(tr("nobody yet"), None), *((p.name, p.id) for p in everyone)])
        self.due = DayField(tr("Due"), datetime.now().date())
        self.form = choice(tr("Form"), [(tr("none yet"), ""), *((tr(form), form) for form in FORMS)])
        self.comment = paragraph(lines=3, hint=tr("What happened?"))
        self.update_button = button(tr("Update"), self.update_action, kind="primary", tip="Ctrl+Enter")
        self._history = QVBoxLayout()
        self._history.setSpacing(2)
        self._lay_out()
        QShortcut(
            QKeySequence("Ctrl+Return"), self, self.update_action, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        QShortcut(QKeySequence("Esc"), self, self.closed.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def action_id(self) -> int | None:
        """The promise that is shown."""
        return self._row.id if self._row else None

    def show_action(self, row: ActionRow, steps: Sequence[StepRow]) -> None:
        """Show a promise; of the one that is shown already, an update that is being typed stays."""
        fresh, before = row.id != self.action_id, self._row
        self._row = row
        self._title.setText(f"{row.code}  {row.text}")
        met = f"{row.meeting}, {periods.day_label(row.meeting_day)}" if row.meeting_day else ""
        self._under.setText(dotted([tr(row.form) if row.form else "", row.measure_code, met, row.topic]))
        if fresh:
            self.comment.clear()
        for box, was, now in ((self.status, "status", row.status), (self.owner, "owner_id", row.owner_id)):
            if fresh or before is None or box.currentData() == getattr(before, was):
                box.setCurrentIndex(max(0, box.findData(now)))
        if fresh or before is None or self.due.day() == before.due:
            self.due.set(row.due)
        if fresh or row.form:
            self.form.setCurrentIndex(0)
        self._fields.show_row(self.form, not row.form)  # named once, it is what was promised
        self._show_history(row, steps)

    def forget(self) -> None:
        """Show no promise."""
        self._row = None

    def update_action(self) -> None:
        """Write status, owner, due date and comment as one act; a refusal leaves everything as typed."""
        if self._row is None:
            return
        try:
            self._write()
        except CityStatError as error:
            self.said.emit(str(error))
            return
        acts.told(self, tr("{code} is updated", code=self._row.code), self._city.undo)

    def keep(self) -> None:
        """Write what was typed and not sent; CityStatError where it cannot be."""
        if self._row is not None and self._typed():
            self._write()

    def _typed(self) -> bool:
        row = self._row
        return row is not None and (
            bool(self.comment.toPlainText().strip())
            or self.status.currentData() != row.status
            or self.owner.currentData() != row.owner_id
            or self.due.day() != row.due
            or bool(self.form.currentData())
        )

    def _write(self) -> None:
        row, words = self._row, self.comment.toPlainText()
        if row is None:
            return
        self.comment.clear()  # the refresh that follows the act must not find it typed still
        try:
            update_action(
                self._city, row.id, now=datetime.now(), comment=words, status=self.status.currentData(),
                due=self.due.day(), owner_id=self.owner.currentData(), form=self.form.currentData() or None,
            )  # fmt: skip
        except BaseException:
            self.comment.setPlainText(words)
            raise

    def _lay_out(self) -> None:
        close = button("✕", self.closed.emit, kind="link", tip=tr("Close"))
        close.setAccessibleName(tr("Close"))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        fields = self._fields = Fields()
        for words, widget in (
            (tr("Status"), self.status), (tr("Owner"), self.owner), (tr("Due"), self.due), (tr("Form"), self.form),
            (tr("Comment"), self.comment),
        ):  # fmt: skip
            fields.field(words, widget)
        fields.wide(self.update_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._under)
        whole.addSpacing(8)
        whole.addWidget(fields)
        whole.addSpacing(16)
        whole.addWidget(label(tr("History"), "heading"))
        whole.addLayout(self._history)

    def _show_history(self, row: ActionRow, steps: Sequence[StepRow]) -> None:
        clear(self._history)
        for step in reversed(steps):
            self._step(f"{periods.day_label(step.at.date())} · {step.who} · {step.words}", step.comment)
        self._step(f"{periods.day_label(row.at.date())} · {tr('promised')}", "")

    def _step(self, head: str, words: str) -> None:
        self._history.addSpacing(6)
        self._history.addWidget(label(head, "soft", wrap=True))
        if words:
            self._history.addWidget(label(words, wrap=True))
        self._history.addSpacing(6)
        self._history.addWidget(Rule())
