"""Today: what wants a person now; every line leads to its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.meetings.actions import ActionRow
from citystat.texts import plural, tr
from citystat.today.wanted import Line, NextMeeting, Wanted, at_once, in_days, wanted
from citystat.views import jobs
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES, Rule, button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear

MOST = 5  # lines a section shows; the rest is one click away


class TodayPage(Page):
    """Opens first."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city = city
        self._today = today
        self._known: Wanted | None = None
        self._asked = 0
        self.title = tr("Today")
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self.refresh()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again: what is cheap at once; the judgement of all measures follows from the background."""
        today = self._today or date.today()
        with self._city.read() as read:
            found = at_once(read, today)
        if self._known is not None:  # until the new judgement comes, the last one stands
            known = self._known
            found = replace(found, signals=known.signals, missed=known.missed, data=known.data, judged=True)
        self._show(found)
        if not found.empty:
            self._asked += 1
            asked = self._asked
            jobs.run(
                self,
                lambda _progress: self._judge(today),
                lambda judged: self._judged(judged, asked),
                failed=lambda error: self.under.setText(str(error)),
                title=tr("Looking at the measures"),
            )

    def _judge(self, today: date) -> Wanted:
        with self._city.read() as read:
            return wanted(read, today)

    def _judged(self, found: Wanted, asked: int) -> None:
        if asked == self._asked:  # a later question has the newer answer
            self._known = found
            self._show(found)

    def _show(self, found: Wanted) -> None:
        today = found.today
        clear(self._inside)
        day = f"{tr(periods.WEEKDAYS[today.weekday()])} {today.day} {tr(periods.MONTH_NAMES_LONG[today.month - 1])}"
        n = found.count
        self.head(
            day,
            tr("Looking at the measures…")
            if not found.judged and not found.empty
            else tr("Nothing wants you today")
            if not n
            else plural(n, "{n} thing wants you today", "{n} things want you today"),
        )
        if found.empty:
            self._inside.addWidget(self._first_steps())
        else:
            self._inside.addLayout(self._columns(found))
        self._inside.addStretch(1)

    def _first_steps(self) -> QWidget:
        return EmptyPlace(
            tr("There is no data in this city yet"),
            tr(
                "Bring in a spreadsheet as the department sends it. Nothing is written before you have seen how it is read."
            ),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )

    def _columns(self, found: Wanted) -> QGridLayout:
        left, right = QVBoxLayout(), QVBoxLayout()
        if found.meeting is not None:
            left.addWidget(self._meeting(found.meeting))
        self._section(left, tr("New in the data"), found.signals)
        self._section(left, tr("Missed targets"), found.missed)
        self._section(left, tr("Data wanted"), found.data)
        left.addStretch(1)
        self._promises(right, found)
        right.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(52)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 4)
        return grid

    def _meeting(self, meeting: NextMeeting) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        words = QVBoxLayout()
        words.addWidget(label(meeting.title, "section"))
        words.addWidget(label(" · ".join((*meeting.facts, *meeting.lacks)), "soft", wrap=True))
        row = QHBoxLayout(card)
        row.setContentsMargins(20, 16, 20, 16)
        row.addLayout(words, 1)
        row.addWidget(button(tr("Prepare"), lambda: self.go.emit(f"meeting:{meeting.id}"), kind="primary"))
        return card

    def _section(self, into: QVBoxLayout, title: str, lines: Sequence[Line]) -> None:
        if not lines:
            return
        into.addSpacing(20)
        into.addWidget(label(title, "heading"))
        for line in lines[:MOST]:
            into.addLayout(
                _two_lines(line.title, line.words, line.mark, line.act, lambda a=line.address: self.go.emit(a))
            )
            into.addWidget(Rule())
        if len(lines) > MOST:
            into.addWidget(
                button(tr("{n} more", n=len(lines) - MOST), lambda: self.go.emit("measures"), kind="link"),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )

    def _promises(self, into: QVBoxLayout, found: Wanted) -> None:
        into.addWidget(label(tr("Promises"), "heading"))
        if not found.promises:
            into.addWidget(label(tr("No promise is open."), "soft"))
        for action in found.promises[: MOST + 3]:
            into.addLayout(self._promise(action, found.today))
            into.addWidget(Rule())
        row = QHBoxLayout()
        row.addWidget(label(found.promises_words, "soft"))
        row.addStretch(1)
        row.addWidget(button(tr("All actions"), lambda: self.go.emit("actions"), kind="link"))
        into.addLayout(row)

    def _promise(self, action: ActionRow, today: date) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(action.text, wrap=True))
        words.addWidget(label(" · ".join(filter(None, [action.owner, action.department])), "soft"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(label(action.code, "code"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        late = action.days_late > 0
        when = (
            tr("{n} days late", n=action.days_late)
            if late
            else in_days((action.due - today).days)
            if action.due
            else tr("no date")
        )
        due = label(("◆ " if late else "") + when)
        due.setStyleSheet(f"color: {theme().palette.concern if late else theme().palette.soft}")
        row.addWidget(due, 0, Qt.AlignmentFlag.AlignTop)
        return row


def _two_lines(title: str, words: str, mark: str, act: str, do: Callable[[], object]) -> QHBoxLayout:
    """A mark, a strong line over a soft one, and a link at the right."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 4, 0, 4)
    row.setSpacing(10)
    shape = label(SHAPES.get(mark, ""))
    shape.setFixedWidth(16)
    if mark:
        shape.setStyleSheet(f"color: {getattr(theme().palette, mark)}")
        shape.setAccessibleName(tr(mark))
    row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(label(title, "strong", wrap=True))
    column.addWidget(label(words, "soft", wrap=True))
    row.addLayout(column, 1)
    if act:
        link = button(act, do, kind="link")
        link.setAccessibleName(f"{act}: {title}")
        row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
    return row
