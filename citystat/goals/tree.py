"""The goal tree: priority → goal → measure; asked in three queries, changed in named acts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import Goal, GoalMeasure, Person, Priority
from citystat.texts import tr


@dataclass(frozen=True)
class GoalRow:
    """A goal with its owner and the ids of its measures in order."""

    id: int
    name: str
    owner: str
    measure_ids: tuple[int, ...]


@dataclass(frozen=True)
class PriorityRow:
    """A priority with its goals in order."""

    id: int
    name: str
    goals: tuple[GoalRow, ...]


def tree(read: Session) -> list[PriorityRow]:
    """All priorities in order."""
    measures: dict[int, list[int]] = {}
    for link in read.scalars(select(GoalMeasure).order_by(GoalMeasure.position)):
        measures.setdefault(link.goal_id, []).append(link.measure_id)
    goals: dict[int, list[GoalRow]] = {}
    query = select(Goal, Person.name).outerjoin(Person, Person.id == Goal.owner_id).order_by(Goal.position, Goal.id)
    for goal, owner in read.execute(query):
        row = GoalRow(goal.id, goal.name, owner or "", tuple(measures.get(goal.id, ())))
        goals.setdefault(goal.priority_id, []).append(row)
    query_priorities = select(Priority).order_by(Priority.position, Priority.id)
    return [PriorityRow(p.id, p.name, tuple(goals.get(p.id, ()))) for p in read.scalars(query_priorities)]


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


def link_measure(city: City, goal_id: int, measure_id: int) -> None:
    """Let a measure show progress towards a goal."""
    with city.change(tr("Add measure to goal")) as change:
        if change.get(GoalMeasure, (goal_id, measure_id)) is None:
            count = (
                change.scalar(select(func.count()).select_from(GoalMeasure).where(GoalMeasure.goal_id == goal_id)) or 0
            )
            change.add(GoalMeasure(goal_id=goal_id, measure_id=measure_id, position=count))


def unlink_measure(city: City, goal_id: int, measure_id: int) -> None:
    """A measure serves a goal no longer; the measure stays."""
    with city.change(tr("Take measure from goal")) as change:
        row = change.get(GoalMeasure, (goal_id, measure_id))
        if row is not None:
            change.delete(row)


def move(city: City, kind: str, row_id: int, steps: int) -> None:
    """A priority among priorities, or a goal within its priority, up (−1) or down (1)."""
    table = {"priority": Priority, "goal": Goal}[kind]
    with city.change(tr("Move {kind}", kind=tr(kind))) as change:
        row = change.get(table, row_id)
        if row is None:
            return
        query = select(table).order_by(table.position, table.id)  # type: ignore[attr-defined]
        if isinstance(row, Goal):
            query = query.where(Goal.priority_id == row.priority_id)
        rows = list(change.scalars(query))
        at = rows.index(row)
        rows.insert(max(0, min(len(rows) - 1, at + steps)), rows.pop(at))
        for place, each in enumerate(rows):
            each.position = place  # type: ignore[attr-defined]


def remove(city: City, kind: str, row_id: int) -> None:
    """Remove an empty priority, or a goal with its links; undo brings it back."""
    with city.change(tr("Remove {kind}", kind=tr(kind))) as change:
        if kind == "priority":
            if change.scalar(select(Goal.id).where(Goal.priority_id == row_id).limit(1)):
                raise CityStatError(tr("This priority still has goals"), do=tr("Move or remove them first"))
            row: object = change.get(Priority, row_id)
        else:
            for link in change.scalars(select(GoalMeasure).where(GoalMeasure.goal_id == row_id)):
                change.delete(link)
            row = change.get(Goal, row_id)
        if row is not None:
            change.delete(row)


def _named(name: str) -> str:
    if not name.strip():
        raise CityStatError(tr("A name is needed"), do=tr("Type one"))
    return name.strip()
