"""Findings: what is new in the whole city, a sentence with its chart each, answered with one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from citystat import periods
from citystat.charts.chart import Chart
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.measures.picture import chart_of_series, default_since
from citystat.meetings.meeting import next_meeting
from citystat.meetings.suggest import take_finding
from citystat.screening.ahead import with_forecasts
from citystat.screening.answers import ACCEPTED, DISMISSED, ON_AGENDA, Answer, answer, answers, said_of, unanswered
from citystat.screening.finding import AHEAD, CHANGE, ENDANGERED, MISSED, ODD, SIGNAL, Finding, Key
from citystat.screening.found import Screened, screen
from citystat.screening.rank import why
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.view import ChartView
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import ReasonDialog, choice, offer_again
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList

KIND_WORDS = {
    SIGNAL: "signals", ENDANGERED: "endangered targets", AHEAD: "endangered by forecast", MISSED: "missed targets",
    CHANGE: "changes of level", ODD: "odd single values",
}  # fmt: skip
STATE_WORDS = {ACCEPTED: "accepted", DISMISSED: "dismissed", ON_AGENDA: "on an agenda"}
TOUCHES = ("observation", "target", "annotation", "measure", "goal", "priority", "goal_measure", "import_run")
WAITING, ALL = "waiting", "all"


@dataclass(frozen=True)
class Look:
    """One look at the city. said: what was answered, by the key that a finding had then · charts: by finding."""

    found: Screened
    said: dict[Key, Answer]
    charts: dict[Key, Chart]


class FindingsPage(Page):
    """The findings at the left, the chosen one's chart at the right; A accepts, X dismisses, G puts on the agenda.

    What charts show stands first; targets endangered by their forecasts, which take longer, join it.
    """

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self._look: Look | None = None
        self._held: dict[Key, Answer] = {}
        self._shown: dict[str, Finding] = {}
        self._work = jobs.Newest(self)
        self.title = tr("Findings")
        self.list = RowList(tr("Findings"))
        self.list.chosen.connect(lambda _: self._tell())
        self.list.opened.connect(lambda _: self.open())
        self.department, self.goal, self.kind, self.state, self.fold = (
            choice(tr("Department"), [(tr("Every department"), "")]),
            choice(tr("Goal"), [(tr("Every goal"), 0)]),
            choice(tr("Kind"), [(tr("Every kind"), ""), *((tr(words).capitalize(), kind) for kind, words in KIND_WORDS.items())]),
            choice(tr("Answered"), [(tr("Waiting"), WAITING), (tr("All"), ALL), *((tr(w).capitalize(), s) for s, w in STATE_WORDS.items())]),
            choice(tr("Told once"), [(tr("Each told once"), False), (tr("With what each tells of parts and targets"), True)]),
        )  # fmt: skip
        for box in self._filters():
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMinimumWidth(round(theme().px(110)))
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

    def _filters(self) -> Sequence[Any]:
        return self.department, self.goal, self.kind, self.state, self.fold

    def _lay_out(self) -> None:
        left, right, acts = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(8)
        for pair in ((self.department, self.goal), (self.kind, self.state), (self.fold,)):
            filters = QHBoxLayout()
            filters.setSpacing(8)
            for box in pair:
                filters.addWidget(box, 1)
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
            if touched.any("finding_answer") and self._look is not None:
                with self._city.read() as read:
                    self._take(replace(self._look, said=answers(read)))
            return
        city = self._city

        def work(progress: jobs.Progress) -> Look:
            with city.read() as read:
                return self._looked(screen(read, progress), answers(read))

        self._work.run(work, self._came, lambda error: self.said.emit(str(error)), tr("Looking at every measure"))

    def _came(self, look: Look) -> None:
        """What the charts show stands; now the forecasts."""
        if self._look is None:
            self._take(look)
            self.list.setFocus()
        elif not any(f.kind == AHEAD for f in self._look.found.findings):
            self._take(look)  # else what is chosen may be a forecast: it stays until all is here
        city = self._city

        def work(progress: jobs.Progress) -> Look:
            found = with_forecasts(look.found, progress)
            with city.read() as read:
                return self._looked(found, answers(read))

        self._work.run(work, self._take, lambda error: self.said.emit(str(error)), tr("Forecasting what has a target"))

    def _looked(self, found: Screened, said: dict[Key, Answer]) -> Look:
        """With the charts, in the background."""
        return Look(found, said, {f.key: self._chart(f) for f in found.findings})

    def _chart(self, f: Finding) -> Chart:
        s = f.standing.series
        since = default_since(s)
        return chart_of_series(
            s, f.standing.judgement, as_of=self._today, since=since, ahead=f.chance is not None
        )  # fmt: skip

    def _take(self, look: Look) -> None:
        """Show another look; what is chosen stays."""
        self._look, self._held = look, said_of(look.found.findings, look.said)
        findings = look.found.findings
        units = sorted({f.measure.department for f in findings} - {""})
        goals = {g.goal_id: g.goal for f in findings for g in f.goals}
        offer_again(self.department, [(tr("Every department"), ""), *((u, u) for u in units)])
        offer_again(
            self.goal,
            [(tr("Every goal"), 0), *((name, key) for key, name in sorted(goals.items(), key=lambda g: g[1]))],
        )
        self._show()

    def _show(self) -> None:
        """The findings that the filters leave."""
        if self._look is None:
            return
        found = self._look.found
        unit, goal, kind, state, deep = (box.currentData() for box in self._filters())
        self._shown = {
            str(f.key): f
            for f in found.findings
            if (deep or f.under is None)
            and (not unit or f.measure.department == unit)
            and (not goal or any(g.goal_id == goal for g in f.goals))
            and (not kind or f.kind == kind)
            and self._fits(f, state)
        }
        waiting = unanswered(found.findings, self._look.said)
        n = sum(f.kind != AHEAD for f in waiting)
        said = (
            plural(n, "{n} finding waits for an answer", "{n} findings wait for an answer")
            if n
            else tr("Every finding is answered")
        )
        ahead = len(waiting) - n
        self.head(
            plural(ahead, "{said}, and {n} forecast", "{said}, and {n} forecasts", said=said) if ahead else said,
            " ".join(filter(None, _counted(found, sum(f.signal == "concern" for f in waiting)))),
        )  # fmt: skip
        before, at, keys = self.list.current(), max(0, self.list.currentIndex().row()), list(self._shown)
        chosen = before if before in self._shown else keys[min(at, len(keys) - 1)] if keys else None
        self.list.show_rows([self._row(key, f) for key, f in self._shown.items()], chosen)
        self._tell()

    def _fits(self, f: Finding, state: str) -> bool:
        """Whether a finding, or the one it stands beneath, was answered so."""
        said = self._held.get(f.key) or (self._held.get(f.under) if f.under is not None else None)
        return state == ALL or (said is None if state == WAITING else said is not None and said.state == state)

    def _row(self, key: str, f: Finding) -> Row:
        said = self._held.get(f.key)
        assert self._look is not None, "rows are made of what was found"
        return Row(
            key, f"{f.measure.name}{f' · {f.category}' if f.category else ''}", f.words,
            mark=f.signal if f.signal in ("concern", "improvement") else "", right=tr(STATE_WORDS[said.state]) if said else "",
            right_under=f.measure.code, tone="soft", chart=self._look.charts[f.key], inset=f.under is not None,
        )  # fmt: skip

    def _chosen(self) -> Finding | None:
        return self._shown.get(str(self.list.current()))

    def _tell(self) -> None:
        """The chosen finding: sentence, chart, why it stands where it stands, what was said of it."""
        f = self._chosen()
        for part in (self.chart, self.accept_button, self.dismiss_button, self.agenda_button):
            part.setVisible(f is not None)
        if f is None or self._look is None:
            self.name.setText(tr("Nothing is left by what you look for") if self._look else "")
            self.words.setText("")
            self.why.setText("")
            return
        self.name.setText(f.name)
        self.words.setText(f.words)
        self.chart.set_chart(self._look.charts[f.key])
        self.why.setText(
            "\n".join([tr("Why here: {why}", why=why(f)), _tested(f), *self._beneath(f), *self._answered(f)])
        )

    def _beneath(self, f: Finding) -> list[str]:
        """What it tells besides."""
        assert self._look is not None, "asked of what was found"
        told = [b for b in self._look.found.findings if b.under == f.key]
        parts = sorted({b.category for b in told if b.category})
        more = [tr("its target is missed")] if any(b.kind == MISSED for b in told) else []
        return [tr("It tells of {list}, too", list=", ".join([*parts, *more]))] if told else []

    def _answered(self, f: Finding) -> list[str]:
        said = self._held.get(f.key)
        if said is None:
            return []
        by = tr("{state}: {who}, {day}", state=tr(STATE_WORDS[said.state]).capitalize(), who=said.who, day=periods.day_label(said.at.date()))  # fmt: skip
        return [" · ".join(filter(None, (by, said.reason)))]

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
        """On the next meeting's agenda, with questions, and answered so: one step to take back."""
        f = self._chosen()
        if f is None:
            return
        with self._city.read() as read:
            meeting = next_meeting(read, self._today)
        if meeting is None:
            self.said.emit(tr("No meeting is planned; plan one under Meetings"))
            return
        take_finding(self._city, meeting.id, f, now=datetime.now())
        self.said.emit(tr("On the agenda of {series}", series=meeting.series))

    def open(self) -> None:
        """The measure of the chosen finding; of a part, its breakdown with that part."""
        f = self._chosen()
        if f is not None:
            self.go.emit(f"measure:{f.measure.code}" + (f":{f.by}={f.category}" if f.by else ""))

    def _answer(self, state: str) -> None:
        f = self._chosen()
        if f is None:
            return
        try:
            answer(self._city, f, state, now=datetime.now())
        except CityStatError as error:
            self.said.emit(str(error))


def _counted(found: Screened, worse: int) -> list[str]:
    """What was tested, how many of the findings may be false, and what that counts."""
    beneath = len(found.findings) - len(found.told)
    ahead = sum(f.chance is not None for f in found.told)
    return [
        tr("{tests} tests on {series} measures and parts.", tests=found.tests, series=found.series),
        tr(
            "Of all that is found at most {rate} is false on average (Benjamini–Hochberg), the parts of a measure counted as one.",
            rate=f"{found.rate:.0%}".replace("%", " %"),
        ),
        plural(beneath, "{n} more is told by another and stands beneath it.", "{n} more are told by others and stand beneath them.") if beneath else "",
        plural(ahead, "{n} is a forecast, no test.", "{n} are forecasts, no tests.") if ahead else "",
        plural(worse, "{n} means that something got worse.", "{n} mean that something got worse."),
    ]  # fmt: skip


def _tested(f: Finding) -> str:
    """How sure it is."""
    if f.chance is not None:
        return tr("A forecast says so itself: it is no test, and not counted in the rate")
    return tr("Chance alone makes it with p {p}; it stands down to a rate of {q}", p=_small(f.p), q=_small(f.adjusted))


def _small(p: float) -> str:
    """A probability as people read it."""
    return "< 0.0001" if p < 0.0001 else f"{p:.2g}"
