"""One meeting outside the room: its agenda before, its record and minutes after."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import agenda, approve, meeting, minutes, suggest
from citystat.meetings.actions import unfinished
from citystat.meetings.capture import captured, edit_captured, remove_captured
from citystat.meetings.forms import KINDS
from citystat.meetings.papers import write_paper
from citystat.meetings.people import people
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.picture import document_picture
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES, Rule, button, label
from citystat.views.widgets.page import Page, clear

ITEM = Qt.ItemDataRole.UserRole


class MeetingPage(Page):
    """Before: agenda, suggestions, briefing memo, start. After: record, follow-up, minutes, approval."""

    def __init__(self, city: City, meeting_id: int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._id, self._today = city, meeting_id, today or date.today()
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self._item_id: int | None = None
        self._load()
        self._lay_out()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right, by the meeting's state."""
        if self._row.status in ("planned", "running"):
            start = tr("Go on with the meeting") if self._row.status == "running" else tr("Start meeting")
            return [
                (tr("Briefing memo…"), lambda: self._ask_document("briefing"), ""),
                (start, lambda: self.go.emit(f"console:{self._id}"), "primary"),
            ]
        words = [
            (tr("Follow-up memo…"), lambda: self._ask_document("followup"), ""),
            (tr("Minutes…"), lambda: self._ask_document("minutes"), ""),
        ]
        if self._row.status == "adjourned":
            return [*words, (tr("Approve minutes"), self._ask_approve, "primary")]
        return [*words, (tr("Amend…"), self._ask_amend, "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; the item that is edited stays chosen."""
        if touched is not None and not touched.any(f"meeting:{self._id}", "action_item", "observation"):
            return
        before = self._row.status
        self._load()
        if self._row.status != before:
            clear(self._inside)
            self._lay_out()
        elif self._row.status in ("planned", "running"):
            self._show_agenda()
        else:
            clear(self._inside)
            self._lay_out()

    def leave(self) -> bool:
        """Keep what was typed in the item's fields."""
        if self._row.status in ("planned", "running"):
            self._save_item()
        return True

    def write_document(self, which: str, to: Path) -> None:
        """Write briefing, followup or minutes to `to` in the background."""

        def work(_progress: jobs.Progress) -> Path:
            return write_paper(
                self._city, which, self._id, to, picture=document_picture, today=self._today, now=datetime.now()
            )

        jobs.run(self, work, self._written, title=tr("Writing {file}", file=to.name))

    def approve(self, who: str) -> None:
        """Lock the minutes as they read now."""
        with self._city.read() as read:
            content = minutes.compose(read, self._id, today=self._today)
        try:
            done = approve.approve(self._city, self._id, content, who, datetime.now())
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.said.emit(tr("Approved and locked · {hash}", hash=done.short))

    ## Reading

    def _load(self) -> None:
        with self._city.read() as read:
            self._row = meeting.meeting(read, self._id)
            self._items = agenda.agenda(read, self._id)
            self._people = people(read)
            planned = self._row.status in ("planned", "running")
            self._suggestions = suggest.suggestions(read, self._id, self._today) if planned else []
            self._entries = captured(read, self._id)
            self._unfinished = unfinished(read, self._id, self._today)
            self._approval = approve.approval(read, self._id)
            self._amendments = approve.amendments(read, self._id)
        self.title = f"{tr('Meetings')} › {self._row.series} › {periods.day_label(self._row.day)}"
        self._headline()

    def _headline(self) -> None:
        row, planned = self._row, agenda.planned_minutes(self._items)
        under = [f"{row.series}, {periods.weekday_label(row.day)}, {row.starts:%H:%M}", row.place]
        if row.status in ("planned", "running"):
            over = planned - row.minutes
            words = (
                plural(over, "The agenda is {n} minute too long", "The agenda is {n} minutes too long") if over > 0
                else tr("{n} items in {planned} of {length} minutes", n=len(self._items), planned=planned, length=row.minutes)
            )  # fmt: skip
        elif row.status == "adjourned":
            open_ = len(self._unfinished)
            words = (
                plural(open_, "{n} promise is unfinished", "{n} promises are unfinished")
                if open_
                else tr("Everything is complete; the minutes can be approved")
            )
        else:
            words = (
                tr(
                    "Approved by {who} on {day}",
                    who=self._approval.who,
                    day=periods.day_label(self._approval.at.date()),
                )
                if self._approval
                else tr("Approved")
            )
        self.head(words, " · ".join(filter(None, under)))

    ## Before the meeting

    def _lay_out(self) -> None:
        if self._row.status in ("planned", "running"):
            self._lay_out_agenda()
        else:
            self._lay_out_record()

    def _lay_out_agenda(self) -> None:
        self.agenda = AgendaList()
        self.agenda.setAccessibleName(tr("Agenda"))
        self.agenda.moved.connect(lambda item, to: agenda.move_item(self._city, item, to))
        self.agenda.removed.connect(self._remove)
        self.agenda.currentRowChanged.connect(self._choose)
        left = QVBoxLayout()
        left.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(label(tr("Agenda"), "heading"))
        row.addStretch(1)
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Kind of item"))
        for kind, (words, _) in KINDS.items():
            self._kind.addItem(tr(words), kind)
        row.addWidget(self._kind)
        row.addWidget(button(tr("Add"), lambda: agenda.add_item(self._city, self._id, self._kind.currentData())))
        left.addLayout(row)
        left.addWidget(self.agenda, 1)
        left.addWidget(label(tr("Drag, or Alt ↑ ↓, moves · Delete removes · Ctrl Z takes back"), "faint"))
        self._editor = QVBoxLayout()
        self._editor.setSpacing(8)
        self._proposed = QVBoxLayout()
        self._proposed.setSpacing(6)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(self._editor)
        right.addSpacing(16)
        right.addWidget(label(tr("Proposed from the data"), "heading"))
        right.addLayout(self._proposed)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(44)
        both.addLayout(left, 5)
        both.addLayout(right, 5)
        self._inside.addLayout(both, 1)
        self._show_agenda()

    def _show_agenda(self) -> None:
        self.agenda.show_items(self._items, self._item_id)
        if self._item_id is None and self._items:
            self.agenda.setCurrentRow(0)
        clear(self._proposed)
        for s in self._suggestions[:7]:
            self._proposed.addLayout(self._suggestion(s))
            self._proposed.addWidget(Rule())
        if not self._suggestions:
            self._proposed.addWidget(
                label(tr("Nothing more in the remit of this series wants the room's time."), "soft", wrap=True)
            )

    def _suggestion(self, s: suggest.Suggestion) -> QHBoxLayout:
        row = QHBoxLayout()
        mark = label(SHAPES.get(s.mark, ""))
        mark.setFixedWidth(16)
        if s.mark:
            mark.setStyleSheet(f"color: {getattr(theme().palette, s.mark)}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(s.title, "strong", wrap=True))
        words.addWidget(label(s.reason, "soft", wrap=True))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        take = button(tr("Put on agenda"), lambda: suggest.take(self._city, self._id, s), kind="link")
        take.setAccessibleName(f"{tr('Put on agenda')}: {s.title}")
        row.addWidget(take, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _choose(self, at: int) -> None:
        """Edit the chosen item at the right."""
        if not 0 <= at < len(self._items):
            return
        item = self._items[at]
        if item.id == self._item_id and self._editor.count():
            return
        self._save_item()
        self._item_id = item.id
        clear(self._editor)
        self._title, self._minutes, self._presenter = QLineEdit(item.title), QSpinBox(), QComboBox()
        self._minutes.setRange(0, 240)
        self._minutes.setValue(item.minutes)
        self._minutes.setSuffix(" " + tr("min"))
        self._presenter.addItem(tr("nobody yet"), None)
        for person in self._people:
            self._presenter.addItem(person.name, person.id)
        self._presenter.setCurrentIndex(max(0, self._presenter.findData(item.presenter_id)))
        self._questions, self._narrative = QPlainTextEdit("\n".join(item.questions)), QPlainTextEdit(item.narrative)
        for box in (self._questions, self._narrative):
            box.setFixedHeight(round(theme().px(72)))
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        line.addWidget(self._minutes)
        line.addWidget(self._presenter)
        self._editor.addLayout(line)
        for widget, name in (
            (self._title, tr("Title")),
            (self._minutes, tr("Minutes")),
            (self._presenter, tr("Presents")),
            (self._questions, tr("Questions to ask, one a line")),
            (self._narrative, tr("Narrative for the briefing memo")),
        ):
            widget.setAccessibleName(name)
        self._title.editingFinished.connect(self._save_item)
        self._minutes.editingFinished.connect(self._save_item)
        self._presenter.activated.connect(lambda _: self._save_item())
        for words, box in (
            (tr("Questions to ask, one a line"), self._questions),
            (tr("Narrative for the briefing memo"), self._narrative),
        ):
            self._editor.addWidget(label(words, "caption"))
            self._editor.addWidget(box)
        charts = QHBoxLayout()
        charts.addWidget(label(", ".join(c.code for c in item.measures) or tr("no chart"), "soft"), 1)
        charts.addWidget(button(tr("Add a chart…"), self._add_chart, kind="link"))
        self._editor.addLayout(charts)

    def _save_item(self) -> None:
        """Write what was typed, if it differs."""
        item = next((i for i in self._items if i.id == self._item_id), None)
        if item is None or not self._editor.count():
            return
        typed = {
            "title": self._title.text().strip() or item.title, "minutes": self._minutes.value(),
            "presenter_id": self._presenter.currentData(), "narrative": self._narrative.toPlainText().strip(),
            "questions": self._questions.toPlainText().strip(),
        }  # fmt: skip
        known = {**{k: getattr(item, k) for k in typed}, "questions": "\n".join(item.questions)}
        if typed != known:
            agenda.change_item(self._city, item.id, **typed)

    def _add_chart(self) -> None:
        from citystat.measures.series import definition
        from citystat.views.meetings.jump import JumpDialog

        item = next(i for i in self._items if i.id == self._item_id)

        def chosen(code: str) -> None:
            with self._city.read() as read:
                added = definition(read, code).id
            agenda.change_item(self._city, item.id, measures=[*(c.measure_id for c in item.measures), added])

        with self._city.read() as read:
            dialog = JumpDialog(read, self)
        dialog.chosen.connect(chosen)
        dialog.open()

    def _remove(self, item_id: int) -> None:
        self._item_id = None
        try:
            agenda.remove_item(self._city, item_id)
        except CityStatError as error:
            self.said.emit(str(error))

    ## After the meeting

    def _lay_out_record(self) -> None:
        """What was written down, to be completed and put right before approval."""
        locked = self._row.status == "approved"
        self._inside.addWidget(label(tr("Written down"), "heading"))
        for entry in self._entries:
            row = QHBoxLayout()
            row.addWidget(
                label(tr(entry.kind) + (f" {entry.number}" if entry.number else ""), "code"),
                0,
                Qt.AlignmentFlag.AlignTop,
            )
            facts = [
                entry.owner,
                tr(entry.form) if entry.form else "",
                periods.day_label(entry.due) if entry.due else "",
                entry.measure_code,
            ]
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(entry.text, wrap=True))
            lacks = tr("◆ wants {what}", what=", ".join(entry.unfinished)) if entry.unfinished else ""
            words.addWidget(label(" · ".join(filter(None, [*facts, lacks])), "soft", wrap=True))
            row.addLayout(words, 1)
            if not locked:
                change = button(tr("Change"), lambda e=entry: self._change(e), kind="link")
                change.setAccessibleName(f"{tr('Change')}: {entry.text}")
                row.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
                row.addWidget(
                    button(tr("Remove"), lambda e=entry: remove_captured(self._city, e.kind, e.id), kind="link"),
                    0,
                    Qt.AlignmentFlag.AlignTop,
                )
            self._inside.addLayout(row)
            self._inside.addWidget(Rule())
        if not self._entries:
            self._inside.addWidget(label(tr("Nothing was written down in this meeting."), "soft"))
        for a in self._amendments:
            self._inside.addWidget(
                label(
                    tr("Amendment {n}, {day}: {text}", n=a.number, day=periods.day_label(a.at.date()), text=a.text),
                    wrap=True,
                )
            )
        self._inside.addStretch(1)

    def _change(self, entry: Any) -> None:
        """The entry in the capture grammar again; what is not named stays."""
        from citystat.meetings.capture import context, parse

        line, sure = QInputDialog.getText(
            self,
            tr("Change {kind}", kind=tr(entry.kind)),
            tr("Words, @owner ^due =form"),
            text=entry.line or entry.text,
        )
        if not sure or not line.strip():
            return
        with self._city.read() as read:
            found = parse(line, context(read, self._id, self._row.day))
        fields: dict[str, object] = {"text": found.text or entry.text, "line": line}
        if entry.kind in ("action", "question"):
            fields |= {k: v for k, v in (("owner_id", found.owner_id), ("due", found.due)) if v}
        if entry.kind == "action" and found.form:
            fields["form"] = found.form
        edit_captured(self._city, entry.kind, entry.id, **fields)

    ## Documents

    def _ask_document(self, which: str) -> None:
        name = f"{self._row.series} {self._row.day} {which}.docx"
        path, _ = QFileDialog.getSaveFileName(self, tr("Save as Word file"), name, "Word (*.docx)")
        if path:
            self.write_document(which, Path(path))

    def _written(self, to: Path) -> None:
        self.said.emit(tr("Wrote {file}", file=to.name))

    def _ask_approve(self) -> None:
        name, sure = QInputDialog.getText(self, tr("Approve minutes"), tr("Approved by"), text=self._row.chair)
        if sure and name.strip():
            self.approve(name.strip())

    def _ask_amend(self) -> None:
        text, sure = QInputDialog.getMultiLineText(self, tr("Amend"), tr("What is to be added or corrected?"))
        if sure and text.strip():
            approve.amend(self._city, self._id, text, self._city.who, datetime.now())


class AgendaList(QListWidget):
    """Items that move by drag or by Alt and arrows. Signals: moved(item id, to), removed(item id)."""

    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)

    def show_items(self, items: list[agenda.Item], chosen: int | None) -> None:
        """The agenda in order."""
        self.blockSignals(True)
        self.clear()
        for number, item in enumerate(items, 1):
            codes = "  " + ", ".join(c.code for c in item.measures) if item.measures else ""
            row = QListWidgetItem(f"{number}   {item.title}   {item.minutes} {tr('min')}{codes}", self)
            row.setData(ITEM, item.id)
            if item.id == chosen:
                self.setCurrentItem(row)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move; Delete removes."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        row = self.currentItem()
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and row is not None:
            self.moved.emit(row.data(ITEM), max(0, self.currentRow() + steps))
        elif event.key() == Qt.Key.Key_Delete and row is not None:
            self.removed.emit(row.data(ITEM))
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Where the item was let go."""
        row = self.currentItem()
        if row is None:
            return
        at = self.indexAt(event.position().toPoint()).row()
        self.moved.emit(row.data(ITEM), at if at >= 0 else self.count() - 1)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
