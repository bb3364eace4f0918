"""The results check: where the city measures activity only, or measures without knowing what for; each leads to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.goals.chain import Chain, chains, counted, missing
from citystat.goals.tree import GoalRow, tree
from citystat.measures.series import Definition, definitions
from citystat.models import Target
from citystat.texts import plural, tr

OUTCOMES = ("outcome", "intermediate outcome")
RESULTS = (*OUTCOMES, "quality")  # what tells how well people are served; the others count activity and means


@dataclass(frozen=True)
class Finding:
    """One thing that is missing. place: the address where it is mended · about: whose it is, or what there is instead ·
    near: words by which the catalogue may have an answer, "" where it is no answer."""

    place: str
    title: str
    about: str
    near: str = ""


@dataclass(frozen=True)
class Rule:
    """A question of the check with its findings. asked: what is asked · of: how many were asked about."""

    asked: str
    why: str
    findings: tuple[Finding, ...]
    of: int

    @property
    def passed(self) -> int:
        """How many have what is asked for."""
        return self.of - len(self.findings)


def check(read: Session, today: date) -> list[Rule]:
    """All rules, those about goals first."""
    measures = definitions(read)
    goals = [goal for priority in tree(read) for goal in priority.goals]
    serving = {m for goal in goals for m in goal.measure_ids}
    wanted = set(read.scalars(select(Target.measure_id).where(Target.since <= today).distinct()))
    judged = [m for m in measures if m.kind != "input"]
    return [
        _goals_without_outcome(goals, {m.id: m for m in measures}),
        _departments_of_activity(measures),
        _rule(tr("Measures that serve no goal"), tr("A measure that no goal needs costs its owner work every month."),
              measures, [m for m in measures if m.id not in serving]),
        _rule(tr("Measures with no direction"), tr("Nobody can say whether a change is good or bad."),
              judged, [m for m in judged if m.direction == "none"]),
        _rule(tr("Measures with no target"), tr("The room cannot tell whether a value is good enough."),
              judged, [m for m in judged if m.id not in wanted and m.direction != "none"]),
        _rule(tr("Measures with no owner"), tr("Nobody answers for them, and nobody brings the figures."),
              measures, [m for m in measures if m.owner_id is None]),
        _rule(tr("Measures with no definition"), tr("Two people would count two things."),
              measures, [m for m in measures if not m.definition.strip()]),
        _chains_without_outcome(chains(read)),
    ]  # fmt: skip


def summary(rules: Sequence[Rule]) -> str:
    """The first sentence: how many goals can show a result."""
    goals = rules[0]
    if not goals.of:
        return tr("No goals yet")
    lacking = len(goals.findings)
    if not lacking:
        return tr("Every goal has an outcome measure")
    return plural(
        lacking, "{n} of {all} goals has no outcome measure", "{n} of {all} goals have no outcome measure", all=goals.of
    )


def _rule(asked: str, why: str, of: Sequence[Definition], lacking: Sequence[Definition]) -> Rule:
    findings = [Finding(f"measure:{m.code}", f"{m.code}  {m.name}", _whose(m)) for m in lacking]
    return Rule(asked, why, tuple(findings), len(of))


def _goals_without_outcome(goals: Sequence[GoalRow], measures: dict[int, Definition]) -> Rule:
    findings = []
    for goal in goals:
        own = [measures[m] for m in goal.measure_ids if m in measures]
        kinds = [m.kind for m in own]
        if not any(kind in OUTCOMES for kind in kinds):
            about = plural(len(kinds), "{n} measure, of activity only", "{n} measures, of activity only")
            near = " ".join((goal.name, goal.description, *(m.name for m in own)))
            findings.append(Finding(f"goals:{goal.id}", goal.name, about if kinds else tr("no measure at all"), near))
    why = tr("It can be worked for, but nobody will see whether it is reached.")
    return Rule(tr("Goals with no outcome measure"), why, tuple(findings), len(goals))


def _chains_without_outcome(drawn: Sequence[Chain]) -> Rule:
    """By the chains' own rule; what else a chain lacks is said beside its diagram."""
    lacking = [c for c in drawn if any(lack.kind in ("no boxes", "no outcome") for lack in missing(c))]
    findings = tuple(Finding(f"chain:{c.id}", c.name, counted(c)) for c in lacking)
    why = tr("They show the work, and not what it is for.")
    return Rule(tr("Results chains that reach no outcome"), why, findings, len(drawn))


def _departments_of_activity(measures: Sequence[Definition]) -> Rule:
    by_department: dict[str, list[Definition]] = {}
    for m in measures:
        if m.department:
            by_department.setdefault(m.department, []).append(m)
    findings = []
    for name, own in sorted(by_department.items()):
        if not any(m.kind in RESULTS for m in own):
            n = len(own)
            about = plural(n, "{n} measure, no outcome or quality", "{n} measures, no outcome or quality")
            near = " ".join((name, *(m.name for m in own)))
            findings.append(Finding(f"measures:{name}", name, about, near))
    why = tr("They know how much they do, and not what comes of it.")
    return Rule(tr("Departments that only count activity"), why, tuple(findings), len(by_department))


def _whose(m: Definition) -> str:
    return " · ".join(filter(None, (m.department, m.owner, tr(m.kind))))
