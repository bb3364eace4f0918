"""Every measure's last value and target in two queries: what a list can show before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.headline import place_words
from citystat.measures.series import Definition
from citystat.models import Target, Total


@dataclass(frozen=True)
class Latest:
    """One measure before it is judged; signal, words and headline are empty, and otherwise it reads as a Standing."""

    measure: Definition
    last: float | None
    period: date | None
    last_period: str
    target: float | None
    place: str
    signal: str = ""
    words: str = ""
    headline: str = ""


def latest(read: Session, measures: Sequence[Definition]) -> list[Latest]:
    """The measures in their order."""
    newest = select(Total.measure_id, func.max(Total.period).label("period")).where(Total.value.is_not(None))
    found = newest.group_by(Total.measure_id).subquery()
    query = select(Total.measure_id, Total.period, Total.value).join(
        found, (found.c.measure_id == Total.measure_id) & (found.c.period == Total.period)
    )
    values = {measure: (period, value) for measure, period, value in read.execute(query)}
    targets: dict[int, list[tuple[date, float, float | None]]] = {}
    for row in read.execute(select(Target.measure_id, Target.since, Target.value, Target.upper).order_by(Target.since)):
        targets.setdefault(row.measure_id, []).append((row.since, row.value, row.upper))
    return [_latest(m, values.get(m.id), targets.get(m.id, [])) for m in measures]


def _latest(
    m: Definition, newest: tuple[date, float | None] | None, targets: list[tuple[date, float, float | None]]
) -> Latest:
    period, value = newest or (None, None)
    if period is None or value is None:
        return Latest(m, None, None, "", None, "")
    reached = [(target, upper) for since, target, upper in targets if since <= period]
    label = periods.label(period, m.frequency, m.year_start)
    if not reached:
        return Latest(m, value, period, label, None, "")
    target, upper = reached[-1]
    return Latest(m, value, period, label, target, place_words(value, target, upper))
