"""Setting what is wanted of a measure: targets, trajectories, its baseline; and seeing that a target was moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.measures.series import Series, definition, series
from citystat.measures.target import HOLD, REACH, TargetStep
from citystat.models import Act, ActRow, Measure, Target
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
    city: City, measure_id: int, step: TargetStep, *, begins: date | None = None, direction: str | None = None
) -> None:
    """Set or correct (where it has an id) a target; replaces one for the same period.

    begins: the period in which the way to a target that is to be reached sets out, from what was wanted
    then or else from the value there; None for the target, or the baseline, before it · direction: which way is better, where
    that is said with it. CityStatError for a range upside down, a negative tolerance, a way from nowhere.
    """
    _checked(step)
    start = None
    if step.kind == REACH:
        with city.read() as read:
            start = _start(series(read, definition(read, measure_id)), step, begins)
    with city.change(tr("Set target")) as change:
        if start is not None:
            _put(change, measure_id, start)
        _put(change, measure_id, step)
        measure = change.get(Measure, measure_id)
        if measure is not None and direction is not None:
            measure.direction = direction


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


def _start(whole: Series, step: TargetStep, begins: date | None) -> TargetStep | None:
    """The target from which the way to `step` sets out; None where one stands there already."""
    others = [t for t in whole.targets if t.id != step.id]
    before = [t for t in others if t.since < step.since]
    if begins is None:
        base = whole.measure.baseline
        if not before and (base is None or base.period >= step.since):
            raise CityStatError(
                tr("The way to this target begins nowhere"),
                do=tr("Set a baseline, or choose the period in which it begins"),
            )
        return None
    if begins >= step.since:
        raise CityStatError(tr("The way must begin before the target is due"), do=tr("Choose an earlier period"))
    if any(t.since == begins for t in before):
        return None
    now = replace(whole, targets=tuple(others)).target_at(begins)
    if now is not None:
        return replace(now, since=begins, kind=HOLD, id=0)
    known = {p: float(v) for p, v in zip(whole.periods, whole.values, strict=True) if v == v}
    if begins not in known:
        raise CityStatError(
            tr("There is no value in {period} for the way to begin from", period=whole.measure.label(begins)),
            do=tr("Choose a period with a value, or set a baseline"),
        )
    return TargetStep(begins, known[begins])


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
    """Whether less is wanted than before, or later; a target that was taken away wants nothing."""
    if now is None:
        return True
    if was.upper is not None and now.upper is not None:
        return now.value <= was.value and now.upper >= was.upper and (now.value, now.upper) != (was.value, was.upper)
    side = {"higher": 1, "lower": -1}.get(direction, 0)
    less = (now.value - was.value) * side
    return less < 0 or (less == 0 and now.since > was.since)


def _moved(at: datetime, who: str, before: dict[str, Any], after: dict[str, Any] | None) -> Moved:
    return Moved(before["measure_id"], at, who, _told(before), _told(after) if after else None)


def _told(values: dict[str, Any]) -> TargetStep:
    """A row of the journal as a target."""
    known = {name: values[name] for name in ("value", "upper", "kind", "id") if name in values}
    return TargetStep(since=date.fromisoformat(values["since"]), **known)


def _weighs(step: TargetStep) -> tuple[date, float, float | None, str]:
    return step.since, step.value, step.upper, step.kind
