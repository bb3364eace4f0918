"""Setting what is wanted of a measure: targets, trajectories, its baseline; and seeing that a target was moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.measures.series import Definition, Series, definition, series
from citystat.measures.target import REACH, TargetStep
from citystat.measures.years import figure_at
from citystat.models import Act, ActRow, Measure, Target
from citystat.numbers import brief
from citystat.over_time import together, way_of
from citystat.texts import tr


def targets(read: Session, measure_id: int) -> list[TargetStep]:
    """The measure's targets, newest first."""
    query = select(Target).where(Target.measure_id == measure_id).order_by(Target.since.desc())
    return [_step(row) for row in read.scalars(query)]


def all_targets(read: Session) -> dict[int, list[TargetStep]]:
    """Every measure's targets, oldest first, by the measure's id."""
    found: dict[int, list[TargetStep]] = {}
    for row in read.scalars(select(Target).order_by(Target.since)):
        found.setdefault(row.measure_id, []).append(_step(row))
    return found


def set_target(
    city: City, measure_id: int, step: TargetStep, *, start: TargetStep | None = None, direction: str | None = None
) -> None:
    """Set or correct (where it has an id) a target; replaces one for the same period.

    start: where the way to a target that is to be reached sets out, written down as a target of its own; None for the target, or
    the baseline, before it · direction: which way is better, where that is said with it. CityStatError for a range upside down, a
    negative tolerance, a way from nowhere.
    """
    _checked(step)
    if step.kind == REACH:
        with city.read() as read:
            _check_start(series(read, definition(read, measure_id)), step, start)
    with city.change(tr("Set target")) as change:
        if start is not None:
            _put(change, measure_id, start)
        _put(change, measure_id, step)
        measure = change.get(Measure, measure_id)
        if measure is not None and direction is not None:
            measure.direction = direction


def ways(whole: Series) -> list[tuple[str, TargetStep | None]]:
    """From where the way to a target may set out, in words, as set_target() takes it: the likeliest first."""
    m, last = whole.measure, whole.last_final
    found: list[tuple[str, TargetStep | None]] = []
    if last is not None:
        now, when = whole.periods[last], whole.label(last)
        here, there = TargetStep(now, float(whole.values[last])), whole.target_at(now)
        found.append((tr("in {period}, where it stands: {value}", period=when, value=_said(here, m)), here))
        if there is not None:
            wanted = TargetStep(now, there.value, there.upper)
            found.append((tr("in {period}, at what was wanted: {value}", period=when, value=_said(wanted, m)), wanted))
    if whole.targets or m.baseline is not None or not found:
        found.append((tr("at the target, or the baseline, before it; what came since is judged by it"), None))
    return found


def _said(step: TargetStep, m: Definition) -> str:
    return " – ".join(brief(v, m.unit, m.decimals) for v in (step.value, step.upper) if v is not None)


def year_mean(whole: Series, period: date) -> float | None:
    """What a period of the year around `period` brought on average, by the measure's own rule over time; None without final values."""
    m = whole.measure
    year = periods.start_of(period, "year", m.year_start)
    here = [
        i for i, p in enumerate(whole.periods)
        if periods.start_of(p, "year", m.year_start) == year and np.isfinite(whole.values[i]) and whole.status[i] != "preliminary"
    ]  # fmt: skip
    if not here:
        return None
    way = way_of(m.over_time, m.aggregation)
    figure, _ = together(
        [figure_at(whole, i) for i in here], way if way in ("ratio", "weighted") else "mean", m.multiplier
    )
    return figure.value if figure.value is not None else float(np.mean(whole.values[here]))


def remove_target(city: City, target_id: int) -> None:
    """Take a target away; the one before it holds on."""
    with city.change(tr("Remove target")) as change:
        row = change.get(Target, target_id)
        if row is not None:
            change.delete(row)


def set_baseline(city: City, measure_id: int, value: float | None, period: date | None) -> None:
    """What the measure started from, in which period; None for both takes it away."""
    with city.change(tr("Set baseline")) as change:
        row = change.get(Measure, measure_id)
        if row is not None:
            row.baseline, row.baseline_period = value, period


def _checked(step: TargetStep) -> None:
    if step.upper is not None and step.upper < step.value:
        raise CityStatError(tr("The upper end of the range lies below the lower one"), do=tr("Swap the two"))
    if step.tolerance is not None and step.tolerance < 0:
        raise CityStatError(tr("A tolerance is how far off still counts as near"), do=tr("Give a figure above zero"))


def _check_start(whole: Series, step: TargetStep, start: TargetStep | None) -> None:
    base = whole.measure.baseline
    before = [t.since for t in whole.targets if t.id != step.id] + ([base.period] if base else [])
    if start is not None and start.since >= step.since:
        raise CityStatError(tr("The way must begin before the target is due"), do=tr("Choose a later period"))
    if start is not None and any(start.since < t.since < step.since for t in whole.targets if t.id != step.id):
        raise CityStatError(
            tr("Another target lies between the beginning of the way and its end"),
            do=tr("Remove it, or let the way begin at it"),
        )
    if start is None and not any(day < step.since for day in before):
        raise CityStatError(
            tr("The way to this target begins nowhere"),
            do=tr("Set a baseline, or let it begin where the measure stands"),
        )


def _put(change: Change, measure_id: int, step: TargetStep) -> None:
    here = change.scalars(select(Target).where(Target.measure_id == measure_id, Target.since == step.since)).first()
    row = change.get(Target, step.id) if step.id else here
    if row is not None and here is not None and here is not row:
        change.delete(here)
    if row is None:
        row = Target(measure_id=measure_id)
        change.add(row)
    for name in TargetStep.__dataclass_fields__:
        if name != "id":
            setattr(row, name, getattr(step, name))


def _step(row: Any) -> TargetStep:
    return TargetStep(**{name: getattr(row, name) for name in TargetStep.__dataclass_fields__})


## Moved targets


@dataclass(frozen=True)
class Moved:
    """A target that was agreed and is another now. after: None where it was taken away."""

    measure_id: int
    at: datetime
    who: str
    before: TargetStep
    after: TargetStep | None


def moved(read: Session, measures: Collection[int]) -> list[Moved]:
    """Every time that a target of one of `measures` (ids) got another value or day, or was taken away; newest first.

    What was taken back since does not count, nor who agreed it or how near is near.
    """
    of = func.json_extract(ActRow.before, "$.measure_id")
    query = (
        select(Act.at, Act.who, ActRow.before, ActRow.after)
        .join(Act, Act.id == ActRow.act_id)
        .where(ActRow.table == Target.__tablename__, ActRow.before.is_not(None), of.in_(list(measures)))
        .where(Act.state == "done", Act.undoes.is_(None))
        .order_by(Act.id.desc())
    )
    found = [_moved(at, who, before, after) for at, who, before, after in read.execute(query) if before]
    return [m for m in found if m.after is None or _weighs(m.before) != _weighs(m.after)]


def easier(was: TargetStep, now: TargetStep | None, direction: str) -> bool:
    """Whether less is wanted than before, or later, even where it is more then; a target that was taken away wants nothing."""
    if now is None or now.since > was.since or (was.kind == REACH and now.kind != REACH):
        return True
    side = {"higher": 1, "lower": -1}.get(direction, 0)
    if was.upper is None and now.upper is None:
        return (now.value - was.value) * side < 0
    (low, high), (lower, higher) = ((t.value, t.value if t.upper is None else t.upper) for t in (was, now))
    return (lower, higher) != (low, high) and lower <= low and higher >= high


def _moved(at: datetime, who: str, before: dict[str, Any], after: dict[str, Any] | None) -> Moved:
    return Moved(before["measure_id"], at, who, _told(before), _told(after) if after else None)


def _told(values: dict[str, Any]) -> TargetStep:
    """A row of the journal as a target."""
    known = {name: values[name] for name in ("value", "upper", "kind", "id") if name in values}
    return TargetStep(since=date.fromisoformat(values["since"]), **known)


def _weighs(step: TargetStep) -> tuple[date, float, float | None, str]:
    return step.since, step.value, step.upper, step.kind
