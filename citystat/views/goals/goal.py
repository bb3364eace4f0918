"""One goal as one would put it before a mayor: where it stands, what shows it, where it is heading, and how that was found."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.goals.progress import Counted, headline, in_points, rule
from citystat.goals.standing import GoalStanding, goal_standing, moved_words, owners
from citystat.measures.definition import promised_words
from citystat.measures.outlook import Outlook, brief_words, outlooks
from citystat.measures.picture import chart_of_series, default_since
from citystat.measures.progress import BEHIND, NEAR, ON_TRACK, UNJUDGED, figures, state_words
from citystat.measures.standing import Standing
from citystat.texts import dotted, tr
from citystat.views import jobs
from citystat.views.acts import told
from citystat.views.chart.view import ChartView
from citystat.views.goals.goal_dialog import GoalDialog, WeightsDialog
from citystat.views.goals.way import WayBar
from citystat.views.measures.facts import Link
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import FieldsDialog
from citystat.views.widgets.marks import Rule, label, mark
from citystat.views.widgets.page import Page, clear

WORST_FIRST = (BEHIND, NEAR, ON_TRACK, UNJUDGED)
PICTURE = 150  # pixels at 100 %
LOOKS_AT = (
    "priority",
    "goal",
    "goal_measure",
    "goal_contributor",
    "measure",
    "observation",
    "target",
    "annotation",
    "person",
    "department",
)


class GoalPage(Page):
    """The goal with this id."""

    def __init__(self, city: City, goal_id: int) -> None:
        super().__init__()
        self._city, self._id = city, goal_id
        self._found: GoalStanding | None = None
        self._work = jobs.Newest(self)
        self.title = f"{tr('Goals')} › {tr('Goal')}"
        self._inside = QVBoxLayout()
        self._inside.setSpacing(16)
        self.body.addLayout(self._inside)
        self.body.addStretch(1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Results chain"), lambda: self.go.emit(f"chain:goal-{self._id}"), ""),
            (tr("Weights…"), self.weigh, ""),
            (tr("Among the goals"), lambda: self.go.emit(f"goals:{self._id}"), ""),
            (tr("Change…"), self.change, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; where it is heading follows."""
        if touched is not None and not touched.any(*LOOKS_AT):
            return
        clear(self._inside)
        try:
            with self._city.read() as read:
                self._found = goal_standing(read, self._id)
        except CityStatError as error:
            self._found = None
            self.head(str(error), "")
            return
        self._show(self._found)

    def change(self) -> None:
        """Its name, owner, contributors and meaning."""
        if self._found is not None:
            self._open(
                GoalDialog(self._city, self._found.goal, self), tr("{goal} is changed", goal=self._found.goal.name)
            )

    def weigh(self) -> None:
        """How much each of its measures counts."""
        if self._found is not None and self._found.standings:
            words = tr("The weights of {goal} are set", goal=self._found.goal.name)
            self._open(WeightsDialog(self._city, self._found.goal, self), words)
        else:
            self.said.emit(tr("Add measures first"))

    def _open(self, dialog: FieldsDialog, words: str) -> None:
        """The dialog; once it has saved, what was done, with a way back."""
        dialog.accepted.connect(lambda: told(self, words, self._city.undo))
        dialog.open()

    def _show(self, found: GoalStanding) -> None:
        self.title = f"{tr('Goals')} › {found.goal.name}"
        self.head(headline(found.goal.name, found.progress), owners(found.goal, found.priority.name))
        if found.goal.description:
            self._inside.addWidget(label(found.goal.description, wrap=True))
        self._ahead: dict[int, Any] = {}
        together = zip(found.progress.measures, found.standings, strict=True)
        for counted, standing in sorted(together, key=lambda both: WORST_FIRST.index(both[0].progress.state)):
            self._inside.addWidget(Rule())
            self._inside.addWidget(self._measure(counted, standing, found))
        if not found.standings:
            self._inside.addWidget(
                label(
                    tr("No measure shows progress towards this goal yet. “Among the goals” adds one with Insert."),
                    "soft",
                    wrap=True,
                )
            )
        self._inside.addWidget(Rule())
        self._inside.addLayout(_working(found))
        self._look_ahead(found)

    def _measure(self, counted: Counted, standing: Standing, found: GoalStanding) -> QWidget:
        """One measure: what it is and how far on the left, its chart on the right; one that is not judged is one line."""
        m, p = standing.measure, counted.progress
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(6)
        link = Link(m.name, "", code=m.code)
        link.clicked.connect(lambda *_: self.go.emit(f"measure:{m.code}"))
        left.addWidget(link)
        left.addWidget(_state(counted))
        if p.state == UNJUDGED:
            left.setContentsMargins(0, 0, 0, 0)
            held = QWidget()
            held.setLayout(left)
            return held
        if promised := promised_words(standing.series):
            left.addWidget(label(promised, "soft", wrap=True))
        if p.gone is not None:
            left.addSpacing(4)
            left.addWidget(WayBar(p))
        self._ahead[m.id] = ahead = label("", "soft", wrap=True)
        left.addWidget(ahead)
        for one in found.moved:
            if one.measure_id == m.id:
                left.addWidget(label(f"◆ {moved_words(one, m)}", "soft", wrap=True))
        left.addStretch(1)
        picture = ChartView()
        picture.setMinimumHeight(round(theme().px(PICTURE)))
        picture.setMaximumHeight(round(theme().px(PICTURE)))
        picture.set_chart(
            chart_of_series(standing.series, standing.judgement, as_of=None, since=default_since(standing.series))
        )
        picture.opened.connect(lambda _: self.go.emit(f"measure:{m.code}"))
        right.addWidget(picture)
        return Beside(left, right, shares=(1, 1), gap=36, narrow=760)

    def _look_ahead(self, found: GoalStanding) -> None:
        """Where each measure is heading, in the background."""

        def work(progress: jobs.Progress) -> dict[int, str]:
            judged = [s for s in found.standings if s.measure.id in self._ahead]
            ahead = outlooks([s.series for s in judged], progress)
            return {s.measure.id: _heading(s, o) for s, o in zip(judged, ahead, strict=True)}

        self._work.run(work, self._headed, lambda error: self.said.emit(str(error)), tr("Looking ahead"))

    def _headed(self, said: dict[int, str]) -> None:
        for measure_id, words in said.items():
            if measure_id in self._ahead:
                self._ahead[measure_id].setText(words)


def _heading(standing: Standing, ahead: Outlook | None) -> str:
    if ahead is None:
        return tr("Where it is heading cannot be said: its values are too few, or have gaps at the end.")
    return f"{brief_words(standing.series, ahead)}."


def _state(counted: Counted) -> QWidget:
    """ "◆ behind  90.8 %, 92.0 % wanted · FY26 to Feb 2026 · weight 3"."""
    p = counted.progress
    held, row = QWidget(), QHBoxLayout()
    held.setLayout(row)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    state = label(state_words(p.state), "strong", wrap=True)  # lines as high as those beside it
    state.setWordWrap(False)
    mark(state, "tone", "concern" if p.state == BEHIND else "")
    row.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
    words = dotted((figures(p), "" if counted.weight == 1 else _weight(counted)))
    row.addWidget(label(words, "soft", wrap=True), 1, Qt.AlignmentFlag.AlignTop)
    return held


def _working(found: GoalStanding) -> QVBoxLayout:
    """How the goal's state and that of each measure was found."""
    lines = QVBoxLayout()
    lines.setSpacing(6)
    lines.addWidget(label(tr("How this is found"), "heading"))
    lines.addWidget(label(f"{found.progress.working} {rule()}", "soft", wrap=True))
    for c in found.progress.measures:
        said = f"{c.progress.measure.code} ({_weight(c)}): {' '.join(c.progress.working)}"
        lines.addWidget(label(said, "soft", wrap=True))
    return lines


def _weight(counted: Counted) -> str:
    return tr("weight {n}", n=in_points(counted.weight))
