"""One meeting outside the room: before it the agenda builder, after it the review; its documents in both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import agenda, approve, memo, minutes, plan
from citystat.meetings.actions import unfinished
from citystat.meetings.meeting import meeting
from citystat.meetings.papers import write_paper
from citystat.numbers import begin_in_words
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.picture import document_picture
from citystat.views.documents.paper import say_written
from citystat.views.meetings.builder import Builder
from citystat.views.meetings.plan_dialog import MoveDialog
from citystat.views.meetings.review import Review
from citystat.views.meetings.review_dialogs import AmendDialog, ApproveDialog
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear

BEFORE = ("planned", "running")
# a change in one of these may change what the page shows
SHOWN = ("meeting", "agenda_item", "item_measure", "action_item", "note", "question", "person", "observation", "target")
SENT = {"briefing": "memo", "followup": "followup"}


class MeetingPage(Page):
    """Before: agenda and briefing memo. After: record, follow-up memo, minutes, approval."""

    def __init__(self, city: City, meeting_id: int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._id, self._today = city, meeting_id, today or date.today()
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self.builder: Builder | None = None
        self.review: Review | None = None
        self._laid_out = ""
        self.refresh()

    def acts(self) -> list[tuple[str, Callable[[], Any], str]]:
        """At the top right, by the meeting's state."""
        status = self._row.status
        if status == "cancelled":
            return [(tr("Plan it again"), lambda: self._try(lambda: plan.plan_again(self._city, self._id)), "primary")]
        if status in BEFORE:
            briefing = (tr("Briefing memo…"), lambda: self._ask_document("briefing"), "")
            analysis = (tr("Analysis memo"), self.open_memo, "")
            if status == "running":
                return [briefing, (tr("Go on with the meeting"), self._start, "primary")]
            move = (tr("Move or cancel…"), lambda: MoveDialog(self._city, self._row, self).open(), "")
            return [move, analysis, briefing, (tr("Start meeting"), self._start, "primary")]
        words = [
            (tr("Follow-up memo…"), lambda: self._ask_document("followup"), ""),
            (tr("Minutes…"), lambda: self._ask_document("minutes"), ""),
        ]
        if status == "adjourned":
            return [
                *words,
                (tr("Approve minutes"), lambda: ApproveDialog(self, self._row, self._lacking).open(), "primary"),
            ]
        return [*words, (tr("Amend…"), lambda: AmendDialog(self._city, self._id, self).open(), "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; what is chosen and typed stays."""
        if touched is not None and not touched.any(f"meeting:{self._id}", *SHOWN):
            return
        with self._city.read() as read:
            self._row = meeting(read, self._id)
            self._planned = agenda.planned_minutes(agenda.agenda(read, self._id))
            self._lacking = unfinished(read, self._id, self._today)
            self._approval = approve.approval(read, self._id)
        self.title = f"{tr('Meetings')} › {self._row.series} › {periods.day_label(self._row.day)}"
        row = self._row
        self.head(
            self._sentence(),
            " · ".join(
                filter(None, [f"{row.series}, {periods.weekday_label(row.day)}, {row.starts:%H:%M}", row.place,
                              tr("chair: {name}", name=row.chair) if row.chair else ""])
            ),
        )  # fmt: skip
        self._lay_out()
        part = self.builder or self.review
        if part is not None:
            part.refresh(self._row, self._today)

    def leave(self) -> bool:
        """Write what was typed; False where it cannot be written, so that it is not lost."""
        part = self.builder or self.review
        try:
            if part is not None:
                part.save()
        except CityStatError as error:
            self.said.emit(str(error))
            return False
        return True

    def approve(self, who: str) -> None:
        """Lock the minutes as they read now."""
        with self._city.read() as read:
            content = minutes.compose(read, self._id, today=self._today)
        done = approve.approve(self._city, self._id, content, who, datetime.now())
        self.said.emit(tr("Approved and locked · {hash}", hash=done.short))

    ## Before or after

    def _lay_out(self) -> None:
        """One part or the other; a page is laid out anew only when the meeting's state moves on."""
        state = "before" if self._row.status in BEFORE else self._row.status
        if state == self._laid_out:
            return
        if not self.leave():
            return
        self._laid_out = state
        clear(self._inside)
        self.builder = self.review = None
        if state == "cancelled":
            words = tr("Its agenda is kept. Plan it again to hold it after all.")
            self._inside.addWidget(EmptyPlace(tr("This meeting is not held"), words))
            self._inside.addStretch(1)
            return
        part: Builder | Review
        if state == "before":
            part = self.builder = Builder(self._city, self._row, self._today)
        else:
            part = self.review = Review(self._city, self._row, self._today)
        part.said.connect(self.said)
        self._inside.addWidget(part, 1)

    def _sentence(self) -> str:
        status, lacking = self._row.status, len(self._lacking)
        if status == "cancelled":
            return tr("Cancelled")
        if status in BEFORE:
            return self._fit()
        if status == "adjourned":
            if not lacking:
                return tr("Everything is complete; the minutes can be approved")
            return plural(
                lacking,
                "{count} promise is unfinished",
                "{count} promises are unfinished",
                count=begin_in_words(lacking),
            )
        if self._approval is None:
            return tr("Approved")
        return tr("Approved by {who} on {day}", who=self._approval.who, day=periods.day_label(self._approval.at.date()))

    def _fit(self) -> str:
        """Whether the agenda fits its time, and by how much not."""
        spare = self._row.minutes - self._planned
        if not self._planned:
            return tr("The agenda is empty")
        if spare < 0:
            return plural(
                -spare, "The agenda is {count} minute too long", "The agenda is {count} minutes too long", count=-spare
            )
        if not spare:
            return tr("The agenda fits to the minute")
        return plural(
            spare, "The agenda fits, with {count} minute to spare", "The agenda fits, with {count} minutes to spare",
            count=begin_in_words(spare).lower(),
        )  # fmt: skip

    def _start(self) -> None:
        self.go.emit(f"console:{self._id}")

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except CityStatError as error:
            self.said.emit(str(error))

    def open_memo(self) -> None:
        """The memo on what the measures of the agenda do, to be edited before it is written."""
        title = tr(
            "{series}, {day}: what the measures say", series=self._row.series, day=periods.day_label(self._row.day)
        )
        try:
            memo_id = memo.for_meeting(self._city, self._id, title, now=datetime.now())
        except CityStatError as error:
            self.said.emit(str(error))
        else:
            self.go.emit(f"memo:{memo_id}")

    ## Documents

    def write_document(self, which: str, to: Path) -> None:
        """Write briefing, followup or minutes to `to` in the background."""
        if not self.leave():
            return

        def work(_progress: jobs.Progress) -> Path:
            return write_paper(
                self._city, which, self._id, to, picture=document_picture, today=self._today, now=datetime.now()
            )

        jobs.run(self, work, lambda path: self._written(which, path), title=tr("Writing {file}", file=to.name))

    def _ask_document(self, which: str) -> None:
        name = f"{self._row.series} {self._row.day} {which}.docx"
        path = file_to_write(self, tr("Save as Word file"), name, "Word (*.docx)")
        if path is not None:
            self.write_document(which, path)

    def _written(self, which: str, to: Path) -> None:
        """Say where it was written, and offer to open it; a memo that is written counts as sent out."""
        if which in SENT:
            approve.set_sent(self._city, self._id, SENT[which], datetime.now())
        say_written(self, to)
