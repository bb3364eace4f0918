"""The goal tree: priority → goal → measure; asked in four queries, changed in named acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.measures.latest import Latest
from citystat.measures.standing import Standing
from citystat.models import Department, Goal, GoalContributor, GoalMeasure, Person, Priority
from citystat.texts import tr


@dataclass(frozen=True)
class GoalRow:
    """A goal with its owner, the ids of its measures in order, and how much each counts.

    contributors: who else it needs, as (department's id or None, its name, program); both may be said.
    """

    id: int
    name: str
    owner: str
    measure_ids: tuple[int, ...]
    weights: tuple[float, ...]
    owner_id: int | None = None
    department_id: int | None = None
    department: str = ""
    description: str = ""
    contributors: tuple[tuple[int | None, str, str], ...] = ()


@dataclass(frozen=True)
class PriorityRow:
    """A priority with its goals in order."""

    id: int
    name: str
    goals: tuple[GoalRow, ...]


def tree(read: Session) -> list[PriorityRow]:
    """All priorities in order."""
    measures: dict[int, list[tuple[int, float]]] = {}
    for link in read.scalars(select(GoalMeasure).order_by(GoalMeasure.position)):
        measures.setdefault(link.goal_id, []).append((link.measure_id, link.weight))
    others = _contributors(read)
    goals: dict[int, list[GoalRow]] = {}
    query = (
        select(Goal, Person.name, Department.name)
        .outerjoin(Person, Person.id == Goal.owner_id)
        .outerjoin(Department, Department.id == Goal.department_id)
        .order_by(Goal.position, Goal.id)
    )
    for goal, owner, department in read.execute(query):
        ids, weights = zip(*measures[goal.id], strict=True) if goal.id in measures else ((), ())
        row = GoalRow(
            goal.id, goal.name, owner or "", ids, weights, goal.owner_id, goal.department_id, department or "",
            goal.description, tuple(others.get(goal.id, ())),
        )  # fmt: skip
        goals.setdefault(goal.priority_id, []).append(row)
    query_priorities = select(Priority).order_by(Priority.position, Priority.id)
    return [PriorityRow(p.id, p.name, tuple(goals.get(p.id, ()))) for p in read.scalars(query_priorities)]


def _contributors(read: Session) -> dict[int, list[tuple[int | None, str, str]]]:
    """By goal, who else it needs."""
    query = select(GoalContributor, Department.name).outerjoin(
        Department, Department.id == GoalContributor.department_id
    )
    found: dict[int, list[tuple[int | None, str, str]]] = {}
    for row, name in read.execute(query.order_by(GoalContributor.id)):
        found.setdefault(row.goal_id, []).append((row.department_id, name or "", row.program))
    return found


@dataclass(frozen=True)
class Summary:
    """What the goals come to. better, worse: goals under which a measure got better, got worse (one may be in both) ·
    measures: that show progress · bare: goals without a measure of an outcome."""

    priorities: int
    goals: int
    better: int
    worse: int
    measures: int
    bare: int


def summary(rows: Sequence[PriorityRow], stand: Mapping[int, Standing | Latest]) -> Summary:
    """The goals of `rows` counted by where their measures stand; stand: by a measure's id."""
    every = [goal for priority in rows for goal in priority.goals]
    under = [[stand[m] for m in goal.measure_ids if m in stand] for goal in every]
    better, worse = (
        sum(any(s.signal == kind for s in found) for found in under) for kind in ("improvement", "concern")
    )
    bare = sum(all(s.measure.kind != "outcome" for s in found) for found in under)
    used = {m for goal in every for m in goal.measure_ids if m in stand}
    return Summary(len(rows), len(every), better, worse, len(used), bare)


def goals_of(read: Session, measure_id: int) -> list[tuple[int, str]]:
    """Ids and names of the goals towards which a measure shows progress."""
    query = select(Goal.id, Goal.name).join(GoalMeasure, GoalMeasure.goal_id == Goal.id)
    found = read.execute(query.where(GoalMeasure.measure_id == measure_id).order_by(Goal.position, Goal.id))
    return [(row.id, row.name) for row in found]


def add_priority(city: City, name: str) -> int:
    """A new priority at the end; returns its id."""
    with city.change(tr("Add priority")) as change:
        row = Priority(name=_named(name), position=change.scalar(select(func.count()).select_from(Priority)) or 0)
        change.add(row)
        change.flush()
        return row.id


def add_goal(city: City, priority_id: int, name: str) -> int:
    """A new goal at the end of a priority; returns its id."""
    with city.change(tr("Add goal")) as change:
        count = change.scalar(select(func.count()).select_from(Goal).where(Goal.priority_id == priority_id)) or 0
        row = Goal(priority_id=priority_id, name=_named(name), position=count)
        change.add(row)
        change.flush()
        return row.id


def rename(city: City, kind: str, row_id: int, name: str) -> None:
    """Another name for a priority or a goal."""
    with city.change(tr("Rename {kind}", kind=tr(kind))) as change:
        row = change.get({"priority": Priority, "goal": Goal}[kind], row_id)
        if row is not None:
            row.name = _named(name)  # type: ignore[attr-defined]


def save_goal(
    city: City, goal_id: int, *, name: str, owner_id: int | None, description: str, department_id: int | None = None,
    contributors: Sequence[tuple[int | None, str]] = (),
) -> None:  # fmt: skip
    """Everything about a goal but its place and its measures.

    contributors: departments (by id) and programs that it needs besides. CityStatError where the name is missing.
    """
    with city.change(tr("Change goal")) as change:
        row = change.get(Goal, goal_id)
        if row is None:
            return
        row.name, row.owner_id, row.description = _named(name), owner_id, description.strip()
        row.department_id = department_id
        _contribute(change, goal_id, contributors)


def set_weights(city: City, goal_id: int, weights: Mapping[int, float]) -> None:
    """How much measures (by id) count in a goal. CityStatError where a weight is negative, or none counts."""
    if not weights or min(weights.values()) < 0 or not any(weights.values()):
        raise CityStatError(
            tr("A weight says how much a measure counts: zero or more, and one of them more than zero"),
            do=tr("Mend the weights"),
        )
    with city.change(tr("Set weights")) as change:
        for measure_id, weight in weights.items():
            link = change.get(GoalMeasure, (goal_id, measure_id))
            if link is not None:
                link.weight = weight


def _contribute(change: Change, goal_id: int, wanted: Sequence[tuple[int | None, str]]) -> None:
    """The contributors as wanted; those that stay are not touched."""
    rows = list(change.scalars(select(GoalContributor).where(GoalContributor.goal_id == goal_id)))
    known = {(r.department_id, r.program): r for r in rows}
    for key in known.keys() - set(wanted):
        change.delete(known[key])
    for department_id, program in dict.fromkeys(wanted):
        if (department_id, program) not in known:
            change.add(GoalContributor(goal_id=goal_id, department_id=department_id, program=program))


def link_measure(city: City, goal_id: int, measure_id: int) -> None:
    """Let a measure show progress towards a goal."""
    with city.change(tr("Add measure to goal")) as change:
        if change.get(GoalMeasure, (goal_id, measure_id)) is None:
            change.add(GoalMeasure(goal_id=goal_id, measure_id=measure_id, position=_end_of(change, goal_id)))


def _end_of(change: Change, goal_id: int) -> int:
    """The place after the last measure of a goal, whatever was taken out before."""
    last = change.scalar(select(func.max(GoalMeasure.position)).where(GoalMeasure.goal_id == goal_id))
    return 0 if last is None else last + 1


def unlink_measure(city: City, goal_id: int, measure_id: int) -> None:
    """A measure serves a goal no longer; the measure stays."""
    with city.change(tr("Take measure from goal")) as change:
        row = change.get(GoalMeasure, (goal_id, measure_id))
        if row is not None:
            change.delete(row)


def move(city: City, kind: str, row_id: int, steps: int) -> None:
    """A priority or a goal up (−1) or down (1); a goal at the edge of its priority goes on into the next one."""
    with city.read() as read:
        rows = tree(read)
    if kind == "priority":
        at = next((i for i, p in enumerate(rows) if p.id == row_id), None)
        if at is not None and 0 <= at + steps < len(rows):
            put_priority(city, row_id, at + steps)
        return
    for above, priority in enumerate(rows):
        ids = [g.id for g in priority.goals]
        if row_id not in ids:
            continue
        place, beside = ids.index(row_id) + steps, above + steps
        if 0 <= place < len(ids):
            put_goal(city, row_id, priority.id, place)
        elif 0 <= beside < len(rows):
            put_goal(city, row_id, rows[beside].id, 0 if steps > 0 else len(rows[beside].goals))


def put_priority(city: City, priority_id: int, place: int) -> None:
    """A priority at this place (from 0) among the priorities."""
    with city.change(tr("Move priority")) as change:
        rows = list(change.scalars(select(Priority).order_by(Priority.position, Priority.id)))
        row = next(r for r in rows if r.id == priority_id)
        rows.remove(row)
        rows.insert(place, row)
        for at, each in enumerate(rows):
            each.position = at


def put_goal(city: City, goal_id: int, priority_id: int, place: int) -> None:
    """A goal under this priority, at this place (from 0) among its other goals."""
    with city.change(tr("Move goal")) as change:
        row = change.get(Goal, goal_id)
        if row is None:
            return
        others = select(Goal).where(Goal.priority_id == priority_id, Goal.id != goal_id)
        rows = list(change.scalars(others.order_by(Goal.position, Goal.id)))
        row.priority_id = priority_id
        rows.insert(place, row)
        for at, each in enumerate(rows):
            each.position = at


def move_measure(city: City, measure_id: int, from_goal: int, to_goal: int) -> None:
    """A measure shows progress towards another goal."""
    with city.change(tr("Move measure to another goal")) as change:
        link = change.get(GoalMeasure, (from_goal, measure_id))
        if link is None or from_goal == to_goal:
            return
        change.delete(link)
        if change.get(GoalMeasure, (to_goal, measure_id)) is None:
            change.add(GoalMeasure(goal_id=to_goal, measure_id=measure_id, position=_end_of(change, to_goal)))


def remove(city: City, kind: str, row_id: int) -> None:
    """Remove an empty priority, or a goal with its links; undo brings it back."""
    with city.change(tr("Remove {kind}", kind=tr(kind))) as change:
        if kind == "priority":
            if change.scalar(select(Goal.id).where(Goal.priority_id == row_id).limit(1)):
                raise CityStatError(tr("This priority still has goals"), do=tr("Move or remove them first"))
            row: object = change.get(Priority, row_id)
        else:
            for table in (GoalMeasure, GoalContributor):
                for link in change.scalars(select(table).where(table.goal_id == row_id)):
                    change.delete(link)
            from citystat.goals import chain  # its tables are read when they are wanted

            chain.drop(change, chain.chain_of(change, row_id))
            change.flush()
            row = change.get(Goal, row_id)
        if row is not None:
            change.delete(row)


def _named(name: str) -> str:
    if not name.strip():
        raise CityStatError(tr("A name is needed"), do=tr("Type one"))
    return name.strip()
