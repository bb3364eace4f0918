"""The results check: each question with how many pass it; at the right what is missing, one key from its place."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from citystat.city import City, Touched
from citystat.goals.results import Rule, check, summary
from citystat.measures.catalogue import near
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.rows import Row, RowList

LOOKS_AT = (
    "results_chain",
    "chain_step",
    "chain_link",
    "measure",
    "goal",
    "goal_measure",
    "target",
    "department",
    "person",
    "priority",
)


class ResultsPage(Page):
    """What the city knows of results."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self.title = tr("Results")
        self._rules: list[Rule] = []
        self.rules, self.findings = RowList(tr("Questions")), RowList(tr("What is missing"))
        self.rules.chosen.connect(self._show)
        self.rules.opened.connect(lambda _: self.findings.setFocus())
        self.findings.opened.connect(lambda place: self.go.emit(place))
        self._asked, self._why = label("", "section", wrap=True), label("", "soft", wrap=True)
        self._good = label("", "text", wrap=True)
        self._near_head = label(tr("In the catalogue"), "heading")
        self._near = QVBoxLayout()
        self._near.setSpacing(4)
        self._hint = label(tr("Enter opens the place where it is mended"), "faint")
        self._first = EmptyPlace(
            tr("Nothing to check yet"),
            tr("Measures that are brought in, made or taken from the catalogue are checked here."),
            (tr("Look in the catalogue"), lambda: self.go.emit("catalogue")),
        )
        left, right = QVBoxLayout(), QVBoxLayout()
        self.rules.setMinimumHeight(round(theme().px(8 * 52 + 4)))
        left.addWidget(self.rules, 1)
        right.setSpacing(8)
        for widget in (self._asked, self._why, self._good):
            right.addWidget(widget)
        right.addWidget(self.findings, 1)
        right.addWidget(self._hint)
        right.addSpacing(8)
        right.addWidget(self._near_head)
        right.addLayout(self._near)
        right.addStretch(0)
        self.findings.chosen.connect(lambda _: self._suggest())
        self._both = Beside(left, right, shares=(4, 5), gap=44)
        self.body.addWidget(self._both, 1)
        self.body.addWidget(self._first, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Results chains"), lambda: self.go.emit("chains"), ""),
            (tr("Catalogue"), lambda: self.go.emit("catalogue"), "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; the question chosen stays."""
        if touched is not None and not touched.any(*LOOKS_AT):
            return
        with self._city.read() as read:
            self._rules = check(read, self._today)
        asked = any(rule.of for rule in self._rules)
        self._both.setVisible(asked)
        self._first.setVisible(not asked)
        open_ = sum(bool(rule.findings) for rule in self._rules)
        self.head(
            summary(self._rules),
            plural(open_, "{n} of {all} questions is open", "{n} of {all} questions are open", all=len(self._rules))
            if open_ else tr("Every question is answered"),
        )  # fmt: skip
        chosen = self.rules.current()
        first = next((i for i, rule in enumerate(self._rules) if rule.findings), 0)
        chosen = chosen if chosen is not None else first
        self.rules.show_rows([_row(i, rule) for i, rule in enumerate(self._rules)], chosen)
        self._show(chosen)

    def _show(self, key: Any) -> None:
        """What is missing by one question."""
        rule = self._rules[key]
        self._asked.setText(rule.asked)
        self._why.setText(rule.why)
        self._good.setText("" if rule.findings else tr("✓ None. {n} looked at.", n=rule.of))
        self._good.setVisible(not rule.findings)
        self.findings.setVisible(bool(rule.findings))
        self._hint.setVisible(bool(rule.findings))
        first = rule.findings[0].place if rule.findings else None
        self.findings.show_rows([Row(f.place, f.title, f.about) for f in rule.findings], first)
        self.findings.setMaximumHeight(self.findings.height_of_rows())
        self._suggest()

    def _suggest(self) -> None:
        """Outcome measures of the catalogue that may answer what is chosen."""
        clear(self._near)
        here = self.findings.current()
        words = next((f.near for rule in self._rules for f in rule.findings if f.place == here and f.near), "")
        found = near(words) if self.findings.isVisibleTo(self) and words else []
        for s in found:
            to = f"catalogue:{s.key}"
            link = button(f"{s.name} · {s.service}", lambda to=to: self.go.emit(to), kind="link")
            self._near.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self._near_head.setVisible(bool(found))


def _row(at: int, rule: Rule) -> Row:
    """The question, how many pass, and how many do not."""
    lacking = len(rule.findings)
    said = tr("{n} of {all} are in order", n=rule.passed, all=rule.of)
    right = f"◆ {lacking}" if lacking else "✓"
    return Row(at, rule.asked, said if rule.of else tr("nothing to look at"), right=right if rule.of else "",
               tone="concern" if lacking else "soft")  # fmt: skip
