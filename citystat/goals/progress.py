"""Progress of goals and priorities, from that of their measures, by a rule that shows its working."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citystat.goals.tree import GoalRow, PriorityRow
from citystat.measures.progress import BEHIND, NEAR, ON_TRACK, STATES, UNJUDGED, Progress
from citystat.numbers import number
from citystat.texts import plural, tr

POINTS = {ON_TRACK: 1.0, NEAR: 0.5, BEHIND: 0.0}
ON_TRACK_FROM, NEAR_FROM = 0.75, 0.5  # shares of the points that a goal can have


@dataclass(frozen=True)
class Counted:
    """One measure in its goal: its weight, and the points that it brings of as many."""

    progress: Progress
    weight: float

    @property
    def points(self) -> float | None:
        """None where it is not judged, or does not count."""
        return None if self.progress.state == UNJUDGED or not self.weight else self.weight * POINTS[self.progress.state]


@dataclass(frozen=True)
class GoalProgress:
    """share: of the points, 0 to 1, None where no measure could be judged · state: of measures.progress.STATES."""

    measures: tuple[Counted, ...]
    share: float | None
    state: str

    @property
    def working(self) -> str:
        """How the state was found, in a sentence."""
        judged = [c for c in self.measures if c.points is not None]
        if not judged:
            return tr("None of its measures can be judged yet.")
        brought, of = (
            in_points(sum(column)) for column in zip(*((c.points or 0.0, c.weight) for c in judged), strict=True)
        )
        unjudged = sum(c.progress.state == UNJUDGED for c in self.measures)
        weightless = len(self.measures) - len(judged) - unjudged
        said = [
            tr("{brought} of {all} points.", brought=brought, all=of),
            plural(unjudged, "{n} measure is not judged.", "{n} measures are not judged.") if unjudged else "",
            plural(weightless, "{n} measure has no weight.", "{n} measures have no weight.") if weightless else "",
        ]
        return " ".join(filter(None, said))


def in_points(points: float) -> str:
    """ "9.5", "14"."""
    return number(points, 0 if points == int(points) else 1)


def rule() -> str:
    """How points become a state."""
    return tr(
        "A measure on track brings its weight, one that is near half of it. From three quarters of the points on a goal is on track, from one half on nearly on track."
    )


def goal_progress(goal: GoalRow, measures: Mapping[int, Progress]) -> GoalProgress:
    """A goal by the weights of its measures; measures: progress by a measure's id."""
    counted = tuple(
        Counted(measures[m], weight) for m, weight in zip(goal.measure_ids, goal.weights, strict=True) if m in measures
    )
    judged = [c for c in counted if c.points is not None]
    of = sum(c.weight for c in judged)
    share = sum(c.points or 0.0 for c in judged) / of if of else None
    return GoalProgress(counted, share, state_of(share))


def priority_progress(priority: PriorityRow, goals: Mapping[int, GoalProgress]) -> tuple[float | None, str]:
    """Share and state of a priority: the mean of its goals, each counting alike; goals that could not be judged are left out."""
    shares = [share for g in priority.goals if g.id in goals and (share := goals[g.id].share) is not None]
    share = sum(shares) / len(shares) if shares else None
    return share, state_of(share)


def state_of(share: float | None) -> str:
    """on track, near, behind; "" for None."""
    if share is None:
        return UNJUDGED
    share += 1e-9  # a share that only arithmetic made smaller
    return ON_TRACK if share >= ON_TRACK_FROM else NEAR if share >= NEAR_FROM else BEHIND


def headline(name: str, found: GoalProgress) -> str:
    """ "Help arrives in time is behind: 1 on track, 3 behind"."""
    if not found.measures:
        return tr("Nothing shows yet whether {goal} is reached", goal=f"“{name}”")
    if found.state == UNJUDGED:
        return tr("Whether {goal} is on track cannot be said yet", goal=f"“{name}”")
    said = {ON_TRACK: tr("{goal} is on track: {counts}"), NEAR: tr("{goal} is nearly on track: {counts}")}
    sentence = said.get(found.state, tr("{goal} is behind: {counts}"))
    return sentence.format(goal=name, counts=counts([c.progress for c in found.measures]))


def counts(found: Sequence[GoalProgress | Progress]) -> str:
    """ "3 on track, 1 near, 2 behind"; what is none is left out."""
    states = [f.state for f in found]
    said = [f"{states.count(s)} {tr(STATES[s])}" for s in STATES if s in states]
    return ", ".join(said)
