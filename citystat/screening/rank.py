"""In which order findings stand, and why: by size, importance and novelty, every factor said as it was applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from citystat.goals.tree import tree
from citystat.measures.outlook import chance_words
from citystat.screening.finding import ENDANGERED, MISSED, Finding, Serves
from citystat.texts import plural, tr

LARGEST = 6.0  # sigmas beyond which a finding counts no more
WORTH = {"concern": 1.5, "improvement": 1.0, "neither": 0.8}
PART = 0.6
HALF = 3  # periods after which a finding counts half
STEP, LEAST = 0.1, 0.5  # by how much a goal counts less with each priority before its own, and how much at least
HEAVIEST = 1.5  # how many times as much as the goal's other measures a measure can count


def serving(read: Session) -> Mapping[int, tuple[Serves, ...]]:
    """By measure the goals that rest on it, the one for which it counts most first: weight in the goal × order of the priority."""
    found: dict[int, list[Serves]] = {}
    for place, priority in enumerate(tree(read), 1):
        for goal in priority.goals:
            for measure_id, weight in zip(goal.measure_ids, goal.weights, strict=True):
                worth = _worth(weight, goal.weights, place)
                found.setdefault(measure_id, []).append(Serves(goal.id, goal.name, place, worth))
    return {m: tuple(sorted(goals, key=lambda g: -g.worth)) for m, goals in found.items()}


def _worth(weight: float, weights: Sequence[float], place: int) -> float:
    """What a finding counts more for a goal: of the measure's weight among the goal's `weights`, under the priority at `place`."""
    usual = sum(weights) / len(weights)
    share = min(HEAVIEST, weight / usual) if usual > 0 else 1.0
    return 1 + share * max(LEAST, 1 - STEP * (place - 1))


def score(f: Finding) -> float:
    """The product of its factors."""
    total = 1.0
    for _, factor in _factors(f):
        total *= factor
    return total


def why(f: Finding) -> str:
    """The whole rule as it was applied: how many sigmas, then each factor with its number, and the score that they make."""
    (size, _), *rest = _factors(f)
    return " · ".join(
        [size, *(f"{words} × {factor:.2g}" for words, factor in rest), tr("score {n}", n=f"{f.score:.1f}")]
    )


def _factors(f: Finding) -> Iterator[tuple[str, float]]:
    """What the score is made of: in words, and the number."""
    yield _size(f)
    if f.chance is not None or f.kind in (MISSED, ENDANGERED):
        yield (tr("missed target") if f.kind == MISSED else tr("endangered target")), WORTH["concern"]
    else:
        words = {"concern": tr("worse"), "improvement": tr("better")}.get(f.signal, tr("neither better nor worse"))
        yield words, WORTH.get(f.signal, WORTH["neither"])
    if f.goals:
        yield tr("goal “{goal}”, priority {n}", goal=f.goals[0].goal, n=f.goals[0].place), f.goals[0].worth
    if f.category:
        yield tr("a part"), PART
    yield (plural(f.age, "{n} period old", "{n} periods old") if f.age else tr("new")), 1 / (1 + f.age / HALF)


def _size(f: Finding) -> tuple[str, float]:
    """Sigmas, counted from one to LARGEST."""
    counted = min(LARGEST, max(1.0, f.size))
    words = tr("{n} sigmas", n=f"{f.size:.1f}")
    if f.chance is not None:
        words = tr("a chance of the target of {chance}, {n} sigmas out", chance=chance_words(f.chance), n=f"{f.size:.1f}")  # fmt: skip
    if counted != f.size:
        words = tr("{size}, counted as {n}", size=words, n=f"{counted:.1f}")
    return words, counted
