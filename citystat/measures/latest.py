"""Every measure's last value and target in three queries: what a list can show before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from citystat.charts.headline import place_words
from citystat.measures.series import Definition
from citystat.measures.target import TargetStep, wanted
from citystat.measures.targets import all_targets
from citystat.models import Total


@dataclass(frozen=True)
class Latest:
    """One measure before it is judged; signal, words and headline are empty, and otherwise it reads as a Standing."""

    measure: Definition
    last: float | None
    period: date | None
    last_period: str
    target: float | None
    place: str
    judged_period: str = ""
    meets: str = ""
    signal: str = ""
    words: str = ""
    headline: str = ""
    upper: float | None = None


def latest(read: Session, measures: Sequence[Definition]) -> list[Latest]:
    """The measures in their order."""
    newest = _newest(read)
    final = _newest(read, Total.status != "preliminary")
    targets = all_targets(read)
    return [_latest(m, newest.get(m.id), final.get(m.id), targets.get(m.id, [])) for m in measures]


Point = tuple[date, float]


def _newest(read: Session, *among: ColumnElement[bool]) -> dict[int, Point]:
    """Period and value of every measure's newest value among these."""
    newest = select(Total.measure_id, func.max(Total.period).label("period")).where(Total.value.is_not(None), *among)
    found = newest.group_by(Total.measure_id).subquery()
    query = select(Total.measure_id, Total.period, Total.value).join(
        found, (found.c.measure_id == Total.measure_id) & (found.c.period == Total.period)
    )
    return {measure: (period, value) for measure, period, value in read.execute(query) if value is not None}


def _latest(m: Definition, newest: Point | None, final: Point | None, targets: Sequence[TargetStep]) -> Latest:
    if newest is None:
        return Latest(m, None, None, "", None, "")
    aim, judged = wanted(targets, m.baseline, newest[0], m.frequency), ("", "")
    if final is not None:
        held = wanted(targets, m.baseline, final[0], m.frequency)
        judged = place_words(final[1], held.value, held.upper) if held else "", m.label(final[0])
    return Latest(
        m,
        newest[1],
        newest[0],
        m.label(newest[0]),
        aim.value if aim else None,
        *judged,
        upper=aim.upper if aim else None,
    )
