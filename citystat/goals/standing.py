"""Where one goal stands: its measures with their progress, and which of their targets were moved."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from citystat import periods
from citystat.errors import CityStatError
from citystat.goals.progress import GoalProgress, goal_progress
from citystat.goals.tree import GoalRow, PriorityRow, tree
from citystat.measures.definition import target_words
from citystat.measures.progress import progress
from citystat.measures.series import Definition, Series, all_series, definitions
from citystat.measures.standing import Standing, standings_of
from citystat.measures.targets import Moved, easier, moved
from citystat.texts import tr


@dataclass(frozen=True)
class GoalStanding:
    """A goal under its priority; standings: of its measures, in their order · moved: targets that are not what was agreed."""

    priority: PriorityRow
    goal: GoalRow
    progress: GoalProgress
    standings: tuple[Standing, ...]
    moved: tuple[Moved, ...]


def goal_standing(read: Session, goal_id: int) -> GoalStanding:
    """One goal; CityStatError where there is none."""
    found = next(((p, g) for p in tree(read) for g in p.goals if g.id == goal_id), None)
    if found is None:
        raise CityStatError(tr("This goal is gone"), do=tr("Look for it among the goals"))
    priority, goal = found
    known = {m.id: m for m in definitions(read)}
    standings = standings_of(read, [known[m] for m in goal.measure_ids if m in known])
    far = {s.measure.id: progress(s.series) for s in standings}
    return GoalStanding(
        priority,
        goal,
        goal_progress(goal, far),
        tuple(standings),
        tuple(moved(read, list(known.keys() & set(goal.measure_ids)))),
    )


def every_goal(read: Session) -> tuple[list[PriorityRow], dict[int, Series], dict[int, GoalProgress]]:
    """All priorities, the series of the measures under them and the progress of the goals, by id."""
    rows = tree(read)
    used = {m for p in rows for g in p.goals for m in g.measure_ids}
    series = {s.measure.id: s for s in all_series(read, [m for m in definitions(read) if m.id in used])}
    far = {key: progress(s) for key, s in series.items()}
    return rows, series, {g.id: goal_progress(g, far) for p in rows for g in p.goals}


def moved_words(one: Moved, m: Definition) -> str:
    """ "Target moved on 3 Jul 2025 by Ana Reyes: 95 % from Jul 2024 → 92 % from Jul 2024, easier than before"."""
    before, after = target_words(m, one.before), target_words(m, one.after) if one.after else tr("none")
    said = tr(
        "Target moved on {day} by {who}: {before} → {after}",
        day=periods.day_label(one.at.date()), who=one.who, before=before, after=after,
    )  # fmt: skip
    return tr("{moved}, easier than before", moved=said) if easier(one.before, one.after, m.direction) else said


def owners(goal: GoalRow, priority: str) -> str:
    """ "Safe streets · Ana Reyes, Police · with Fire, Public Works (Street lighting)"."""
    whose = ", ".join(filter(None, (goal.owner, goal.department)))
    others = [f"{name} ({program})" if name and program else name or program for _, name, program in goal.contributors]
    helped = tr("with {others}", others=", ".join(others)) if others else ""
    return " · ".join(filter(None, (priority, whose or tr("nobody owns it"), helped)))
