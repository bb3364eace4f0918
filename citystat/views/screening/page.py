"""Findings: what is new in the whole city, a sentence with its chart each, answered with one key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.measures.picture import chart_of_series, default_since
from citystat.meetings.agenda import add_item
from citystat.meetings.meeting import next_meeting
from citystat.meetings.suggest import questions_for
from citystat.screening.answers import ACCEPTED, DISMISSED, ON_AGENDA, Answer, answer, answers
from citystat.screening.found import Finding, Screened, screen
from citystat.screening.rank import why
from citystat.screening.tested import CHANGE, ENDANGERED, MISSED, ODD, SIGNAL
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.view import ChartView
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import ReasonDialog, choice
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList

KIND_WORDS = {
    SIGNAL: "signals", ENDANGERED: "endangered targets", MISSED: "missed targets", CHANGE: "changes of level",
    ODD: "odd single values",
}  # fmt: skip
STATE_WORDS = {ACCEPTED: "accepted", DISMISSED: "dismissed", ON_AGENDA: "on an agenda"}
TOUCHES = ("observation", "target", "annotation", "measure", "goal_measure", "import_run")
WAITING, ALL = "waiting", "all"


class FindingsPage(Page):
    """The findings at the left, the chosen one's chart at the right; A accepts, X dismisses, G puts on the agenda."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self._found: Screened | None = None
        self._said: dict[Any, Answer] = {}
        self._work = jobs.Newest(self)
        self.title = tr("Findings")
        self.list = RowList(tr("Findings"))
        self.list.chosen.connect(lambda _: self._tell())
        self.list.opened.connect(lambda _: self.open())
        self.department, self.kind, self.state = (
            choice(tr("Department"), [(tr("Every department"), "")]),
            choice(tr("Kind"), [(tr("Every kind"), ""), *((tr(words).capitalize(), kind) for kind, words in KIND_WORDS.items())]),
            choice(tr("Answered"), [(tr("Waiting"), WAITING), (tr("All"), ALL), *((tr(w).capitalize(), s) for s, w in STATE_WORDS.items())]),
        )  # fmt: skip
        for box in (self.department, self.kind, self.state):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.currentIndexChanged.connect(lambda _: self._show())
        self.name, self.words, self.why = (
            label("", "section", wrap=True),
            label("", "text", wrap=True),
            label("", "soft", wrap=True),
        )
        self.chart = ChartView()
        self.accept_button = button(tr("Accept"), self.accept, tip="A")
        self.dismiss_button = button(tr("Dismiss…"), self.dismiss, tip="X")
        self.agenda_button = button(tr("On the agenda"), self.put_on_agenda, tip="G")
        self._lay_out()
        for key, act in (("A", self.accept), ("X", self.dismiss), ("G", self.put_on_agenda)):
            QShortcut(QKeySequence(key), self, act)
        self.head(tr("Looking at every measure…"), "")
        self.refresh()

    def _lay_out(self) -> None:
        left, right, filters, acts = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.kind, 1)
        filters.addWidget(self.state, 1)
        left.setSpacing(8)
        left.addWidget(self.department)
        left.addLayout(filters)
        left.addWidget(self.list, 1)
        left.addWidget(
            label(
                tr("A accepts · X dismisses · G puts on the agenda · Enter opens the measure · Ctrl Z takes back"),
                "faint",
                wrap=True,
            )
        )
        acts.setSpacing(8)
        for made in (self.accept_button, self.dismiss_button, self.agenda_button):
            acts.addWidget(made)
        acts.addStretch(1)
        right.setSpacing(8)
        for part in (self.name, self.words, self.chart, self.why):
            right.addWidget(part)
        right.addLayout(acts)
        right.addStretch(1)
        self.chart.setFixedHeight(round(theme().px(300)))
        self.list.setMinimumHeight(round(theme().px(280)))
        self.body.addWidget(Beside(left, right, shares=(5, 6), gap=36, narrow=860), 1)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("Performance wall"), lambda: self.go.emit("wall"), "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Look again, in the background; an answer alone asks for no new look."""
        if touched is not None and not touched.any(*TOUCHES):
            if touched.any("finding_answer"):
                with self._city.read() as read:
                    self._said = answers(read)
                self._show()
            return
        city = self._city

        def work(progress: jobs.Progress) -> tuple[Screened, dict[Any, Answer]]:
            with city.read() as read:
                return screen(read, progress), answers(read)

        self._work.run(work, self._came, lambda error: self.said.emit(str(error)), tr("Looking at every measure"))

    def _came(self, answer_: tuple[Screened, dict[Any, Answer]]) -> None:
        first = self._found is None
        self._found, self._said = answer_
        kept = self.department.currentData()
        units = sorted({f.measure.department for f in self._found.findings} - {""})
        self.department.blockSignals(True)
        self.department.clear()
        for words, value in [(tr("Every department"), ""), *((u, u) for u in units)]:
            self.department.addItem(words, value)
        self.department.setCurrentIndex(max(0, self.department.findData(kept)))
        self.department.blockSignals(False)
        self._show()
        if first:
            self.list.setFocus()

    def _show(self) -> None:
        """The findings that the filters leave."""
        if self._found is None:
            return
        unit, kind, state = self.department.currentData(), self.kind.currentData(), self.state.currentData()
        self._shown = {
            str(f.key): f
            for f in self._found.findings
            if (not unit or f.measure.department == unit) and (not kind or f.kind == kind) and self._fits(f, state)
        }
        waiting = [f for f in self._found.findings if f.key not in self._said]
        worse = sum(f.signal == "concern" for f in waiting)
        n = len(waiting)
        self.head(
            plural(n, "{n} finding waits for an answer", "{n} findings wait for an answer") if n else tr("Every finding is answered"),
            tr(
                "{tests} tests on {series} measures and parts; of the findings {rate} at most are false on average (Benjamini–Hochberg). {worse} mean that something got worse.",
                tests=self._found.tests, series=self._found.series, rate=f"{self._found.rate:.0%}".replace("%", " %"), worse=worse,
            ),
        )  # fmt: skip
        before, at, keys = self.list.current(), max(0, self.list.currentIndex().row()), list(self._shown)
        chosen = before if before in self._shown else keys[min(at, len(keys) - 1)] if keys else None
        self.list.show_rows([self._row(key, f) for key, f in self._shown.items()], chosen)
        self._tell()

    def _fits(self, f: Finding, state: str) -> bool:
        said = self._said.get(f.key)
        return state == ALL or (said is None if state == WAITING else said is not None and said.state == state)

    def _row(self, key: str, f: Finding) -> Row:
        said = self._said.get(f.key)
        mark = f.signal if f.signal in ("concern", "improvement") else ""
        right = tr(STATE_WORDS[said.state]) if said else ""
        return Row(
            key,
            f"{f.measure.name}{f' · {f.category}' if f.category else ''}",
            f.words,
            mark=mark,
            right=right,
            right_under=f.measure.code,
            tone="soft",
        )

    def _chosen(self) -> Finding | None:
        return self._shown.get(str(self.list.current())) if self._found else None

    def _tell(self) -> None:
        """The chosen finding: sentence, chart, why it stands where it stands, what was said of it."""
        f = self._chosen()
        for part in (self.chart, self.accept_button, self.dismiss_button, self.agenda_button):
            part.setVisible(f is not None)
        if f is None:
            self.name.setText(tr("Nothing is left by what you look for") if self._found else "")
            self.words.setText("")
            self.why.setText("")
            return
        s = f.standing.series
        self.name.setText(f.name)
        self.words.setText(f.words)
        self.chart.set_chart(chart_of_series(s, f.standing.judgement, as_of=self._today, since=default_since(s)))
        said = self._said.get(f.key)
        lines = [
            tr("Why here: {why}", why=why(f)),
            tr(
                "Chance alone makes it with p {p}; it stands down to a rate of {q}", p=_small(f.p), q=_small(f.adjusted)
            ),
        ]
        if said:
            lines.append(
                f"{tr(STATE_WORDS[said.state]).capitalize()}: {said.who}, {periods.day_label(said.at.date())}{f' · {said.reason}' if said.reason else ''}"
            )
        self.why.setText("\n".join(lines))

    ## Answers

    def accept(self) -> None:
        """It is one, and known."""
        self._answer(ACCEPTED)

    def dismiss(self) -> None:
        """It is none, for a reason."""
        f = self._chosen()
        if f is not None:
            ReasonDialog(
                tr("Dismiss the finding"), lambda reason: answer(self._city, f, DISMISSED, now=datetime.now(), reason=reason),
                self, done=tr("Dismiss"), about=f.name,
            ).open()  # fmt: skip

    def put_on_agenda(self) -> None:
        """On the next meeting's agenda, with questions, and answered so: one step to take back each."""
        f = self._chosen()
        if f is None:
            return
        with self._city.read() as read:
            meeting = next_meeting(read, self._today)
        if meeting is None:
            self.said.emit(tr("No meeting is planned; plan one under Meetings"))
            return
        questions = questions_for(f.standing)
        item = add_item(self._city, meeting.id, "measure", f.measure.name, 10, [f.measure.id], questions=questions)
        answer(self._city, f, ON_AGENDA, now=datetime.now(), item_id=item)
        self.said.emit(tr("On the agenda of {series}", series=meeting.series))

    def open(self) -> None:
        """The measure of the chosen finding."""
        f = self._chosen()
        if f is not None:
            self.go.emit(f"measure:{f.measure.code}")

    def _answer(self, state: str) -> None:
        f = self._chosen()
        if f is None:
            return
        try:
            answer(self._city, f, state, now=datetime.now())
        except CityStatError as error:
            self.said.emit(str(error))


def _small(p: float) -> str:
    """A probability as people read it."""
    return "< 0.0001" if p < 0.0001 else f"{p:.2g}"
