"""Today: what wants a person now; every line leads to its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import Cancelled, CityStatError
from citystat.meetings.actions import ActionRow
from citystat.numbers import begin_in_words
from citystat.texts import dotted, plural, tr
from citystat.today.findings import findings
from citystat.today.wanted import FromData, Line, NextMeeting, Step, Wanted, from_data, in_days, wanted
from citystat.views import acts, jobs
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.marks import Rule, button, label, mark, signal_mark
from citystat.views.widgets.page import Page, clear

MOST = {
    "signals": 4,
    "missed": 3,
    "data": 3,
    "contracts": 3,
    "promises": 5,
}  # lines in sight; the rest is one click away
# what a line's link says, by the place that it leads to
OPENS = {
    "measure": "See the chart", "meeting": "Open the meeting", "meetings": "See the meetings", "import": "Bring in the file",
    "findings": "See the findings", "data": "See the remarks", "renewal": "See the facts", "quality": "See the figures", "calendar": "See who owes them",
}  # fmt: skip
CARD = 440  # pixels of width below which the button of the meeting stands beneath its words
EMPTY = FromData((), (), ())


class TodayPage(Page):
    """Opens first. Meetings and promises stand at once; what the data says follows from the background."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today
        self.title = tr("Today")
        self._asked = 0
        self._data: FromData | None = None
        self._findings: Line | None = None
        self._screening: jobs.Progress | None = None
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self.refresh()

    def look_again(self) -> None:
        """A source was asked by itself."""
        self.refresh()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        today = self._today or date.today()
        with self._city.read() as read:
            self._found = wanted(read, today)
        self._show()
        self._ask_data(today)

    def _ask_data(self, today: date) -> None:
        """Judging every measure takes longer than a frame."""
        self._asked += 1
        if self._screening is not None:
            self._screening.cancel()  # it looks at what is out of date
        asked, city = self._asked, self._city

        def work(_progress: jobs.Progress) -> FromData:
            with city.read() as read:
                return from_data(read, today)

        def done(answer: FromData) -> None:
            if asked != self._asked:
                return
            if answer != self._data:
                self._data = answer
                self._show()
            self._ask_findings(asked)

        jobs.run(self, work, done, quiet=True)

    def _ask_findings(self, asked: int) -> None:
        """Screening takes longer still, and is looked for last."""
        city = self._city

        def work(progress: jobs.Progress) -> Line | None:
            with city.read() as read:
                return findings(read, progress)

        def done(answer: Line | None) -> None:
            if asked == self._asked and answer != self._findings:
                self._findings = answer
                self._show()

        def failed(error: CityStatError) -> None:
            if not isinstance(error, Cancelled):  # cancelled: a newer look is on its way
                self.said.emit(str(error))

        self._screening = jobs.run(self, work, done, failed=failed, quiet=True)

    ## Laying out

    def _show(self) -> None:
        found, data = self._found, self._data or EMPTY
        clear(self._inside)
        day = found.today
        n = found.count + data.count + (self._findings is not None)
        self.head(
            f"{tr(periods.WEEKDAYS[day.weekday()])} {day.day} {tr(periods.MONTH_NAMES_LONG[day.month - 1])}",
            tr("Looking at the measures…")
            if self._data is None and not found.steps
            else plural(n, "{count} thing wants you today", "{count} things want you today", count=begin_in_words(n))
            if n else tr("Nothing wants you today") if not found.steps else plural(len(found.steps), "{count} step to the first meeting", "{count} steps to the first meeting", count=begin_in_words(len(found.steps))),
        )  # fmt: skip
        self._inside.addSpacing(8)
        if found.steps:
            self._inside.addLayout(self._steps(found.steps))
            self._inside.addSpacing(28)
        if found.meeting or found.promises or found.minutes or found.imports or data != EMPTY or self._findings:
            self._inside.addWidget(self._columns(found, data))
        self._inside.addStretch(1)

    def _steps(self, steps: Sequence[Step]) -> QVBoxLayout:
        """The first steps; what is done is ticked."""
        column = QVBoxLayout()
        column.setSpacing(0)
        first = next((s for s in steps if not s.done), None)
        for number, step in enumerate(steps, 1):
            row = QHBoxLayout()
            row.setContentsMargins(0, 14, 0, 14)
            row.setSpacing(16)
            row.addWidget(label("✓" if step.done else str(number), "section"), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(4)
            words.addWidget(label(step.title + (f" · {tr('done')}" if step.done else ""), "heading"))
            words.addWidget(label(step.words, "soft", wrap=True))
            row.addLayout(words, 1)
            if not step.done:
                kind = "primary" if step is first else ""
                row.addWidget(button(step.act, lambda a=step.address: self.go.emit(a), kind=kind))
            column.addLayout(row)
            column.addWidget(Rule())
        return column

    def _columns(self, found: Wanted, data: FromData) -> Beside:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(0)
        if found.meeting is not None:
            left.addWidget(self._meeting(found.meeting))
            left.addSpacing(28)
        self._section(left, tr("Findings"), [self._findings] if self._findings else [], 1, "findings")
        self._section(left, tr("New in the data"), data.signals, MOST["signals"], "measures")
        self._section(left, tr("Missed targets"), data.missed, MOST["missed"], "measures")
        self._section(left, tr("Data wanted"), (*found.imports, *data.late), MOST["data"], "data")
        left.addStretch(1)
        self._promises(right, found)
        self._section(right, tr("Meetings"), found.minutes, 3, "meetings")
        self._section(right, tr("Contracts"), data.contracts, MOST["contracts"], "contracts")
        right.addStretch(1)
        return Beside(left, right)

    def _meeting(self, meeting: NextMeeting) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(label(meeting.title, "section", wrap=True))
        words.addWidget(label(" · ".join(meeting.facts), "soft", wrap=True))
        if meeting.lacks:
            words.addWidget(label(tr("Still lacks: {list}", list=" · ".join(meeting.lacks)), wrap=True))
        elif not meeting.running:
            words.addWidget(label(tr("Everything is ready"), "soft"))
        act, place = (tr("Go on with the meeting"), "console") if meeting.running else (tr("Prepare"), "meeting")
        go_there = button(act, lambda: self.go.emit(f"{place}:{meeting.id}"), kind="primary")
        go_there.setAccessibleName(f"{act}: {meeting.title}")
        way = QHBoxLayout()
        way.addWidget(go_there, 0, Qt.AlignmentFlag.AlignLeft)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 18, 20, 18)
        inside.addWidget(Beside(words, way, shares=(1, 0), gap=20, narrow=CARD))
        return card

    def _section(self, into: QVBoxLayout, title: str, lines: Sequence[Line], most: int, rest: str) -> None:
        if not lines:
            return
        into.addWidget(label(title, "heading"))
        into.addSpacing(6)
        for line in lines[:most]:
            into.addLayout(self._line(line))
            into.addWidget(Rule())
        if len(lines) > most:
            more = button(tr("{n} more", n=len(lines) - most), lambda: self.go.emit(rest), kind="link")
            more.setAccessibleName(f"{more.text()}: {title}")
            into.addSpacing(6)
            into.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        into.addSpacing(28)

    def _line(self, line: Line) -> QHBoxLayout:
        """A mark, a strong line over a soft one that lead to their place, and what can be done here."""
        row = _row()
        row.addWidget(signal_mark(line.mark), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(line.title, "strong", wrap=True))
        words.addWidget(label(line.words, "soft", wrap=True))
        row.addLayout(words, 1)
        row.addWidget(self._act(line), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _act(self, line: Line) -> QWidget:
        """Done in place where that is possible; otherwise the way to its place."""
        if line.done:
            return _link(f"✓ {line.done}", line.title, lambda: self.go.emit(line.address))
        if line.act == "agenda":
            return _link(tr("Put on agenda"), line.title, lambda: self.put_on_agenda(line))
        if line.act == "win":
            return _link(tr("Note as a win"), line.title, lambda: self.note_as_win(line))
        words = OPENS[line.address.partition(":")[0]]
        return _link(tr(words), line.title, lambda: self.go.emit(line.address))

    def _promises(self, into: QVBoxLayout, found: Wanted) -> None:
        into.addSpacing(4)
        into.addWidget(label(tr("Promises"), "heading"))
        into.addSpacing(6)
        if not found.promises:
            into.addWidget(label(tr("No promise is open."), "soft"))
        for action in found.promises[: MOST["promises"]]:
            into.addLayout(self._promise(action, found.today))
            into.addWidget(Rule())
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 28)
        row.addWidget(label(found.promises_words, "soft"))
        row.addStretch(1)
        row.addWidget(button(tr("All actions"), lambda: self.go.emit("actions"), kind="link"))
        into.addLayout(row)

    def _promise(self, action: ActionRow, today: date) -> QHBoxLayout:
        row = _row()
        row.setSpacing(14)
        code = button(action.code, lambda: self.go.emit(f"actions:{action.id}"), kind="link")
        code.setAccessibleName(f"{tr('Open the promise')} {action.code}: {action.text}")
        code.setToolTip(tr("Open the promise"))
        code.setFixedWidth(round(theme().px(60)))
        row.addWidget(code, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(action.text, wrap=True))
        words.addWidget(label(dotted([action.owner, action.department]), "soft", wrap=True))
        row.addLayout(words, 1)
        late = action.days_late > 0
        due = label(_when(action, today))
        mark(due, "tone", "concern" if late else "soft")
        row.addWidget(due, 0, Qt.AlignmentFlag.AlignTop)
        return row

    ## Done in place

    def put_on_agenda(self, line: Line) -> None:
        """Put a measure on the agenda of the meeting whose remit holds it, and say which that is."""
        if line.measure_id is None:
            return
        from citystat.measures.standing import standing  # both import numpy, which the first paint does not wait for
        from citystat.meetings import suggest

        with self._city.read() as read:
            meeting = suggest.meeting_for(read, line.measure_id, self._found.today)
            found = standing(read, line.measure_id)
        if meeting is None:
            self.said.emit(tr("No meeting is planned. Plan one, then put this on its agenda"))
            return
        self._do(
            lambda: suggest.take(self._city, meeting.id, suggest.suggestion_for(found)),
            tr("On the agenda of {meeting}", meeting=f"{meeting.series}, {periods.day_label(meeting.day)}"),
        )

    def note_as_win(self, line: Line) -> None:
        """Keep an improvement on the list of wins."""
        from citystat.meetings import suggest

        if line.measure_id is not None:
            self._do(
                lambda: suggest.note_win(self._city, line.measure_id, line.title, datetime.now()), tr("Noted as a win")
            )

    def _do(self, act: Callable[[], object], said: str) -> None:
        acts.do(self, act, said, self._city.undo)


def _row() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 4, 0, 4)
    row.setSpacing(6)
    return row


def _link(words: str, title: str, do: Callable[[], object]) -> QPushButton:
    made = button(words, do, kind="link")
    made.setAccessibleName(f"{words}: {title}")
    return made


def _when(action: ActionRow, today: date) -> str:
    if action.days_late:
        return "◆ " + plural(action.days_late, "{n} day late", "{n} days late")
    return in_days((action.due - today).days) if action.due else tr("no date")
