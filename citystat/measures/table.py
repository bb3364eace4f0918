"""A measure's values as a table: newest first, with target, remarks and what was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.measures.series import Series
from citystat.models import ImportRun, Observation
from citystat.models.observations import WITHDRAWN
from citystat.numbers import change, number, quantity
from citystat.texts import tr


@dataclass(frozen=True)
class ValueRow:
    """One period in words; start: its first day."""

    start: date
    period: str
    value: str
    numerator: str
    denominator: str
    to_target: str
    note: str


def value_table(read: Session, series: Series) -> list[ValueRow]:
    """Every period, newest first."""
    revised = _revisions(read, series)
    return [_row(series, i, revised) for i in reversed(range(len(series.periods)))]


def _row(series: Series, i: int, revised: dict[date, str]) -> ValueRow:
    measure, start, value = series.measure, series.periods[i], float(series.values[i])
    target = series.target_at(start)
    gap = (
        change(value - target.value, measure.decimals)
        if target and target.upper is None and not np.isnan(value)
        else ""
    )
    notes = [
        tr("preliminary") if series.status[i] == "preliminary" else "",
        tr("missing") if np.isnan(value) else "",
        revised.get(start, ""),
        series.note[i],
        *(r.text for r in series.remarks if r.period == start),
    ]
    return ValueRow(
        start, series.label(i), quantity(value, measure.unit, measure.decimals), _count(series.numerator[i]),
        _count(series.denominator[i]), gap, " · ".join(n for n in notes if n),
    )  # fmt: skip


def _count(value: float) -> str:
    return "" if np.isnan(value) else number(float(value))


def _revisions(read: Session, series: Series) -> dict[date, str]:
    """ "revised 8 Jan 2026: 9.8 % → 97.6 %" for whole values that were corrected, the latest correction of each."""
    o, m = Observation, series.measure
    query = (
        select(o.period, o.value, ImportRun.at)
        .join(ImportRun, ImportRun.id == o.superseded_by)
        .where(o.measure_id == m.id, o.cell_id == 1, o.superseded_by > WITHDRAWN)
        .order_by(o.period, o.revision)
    )
    now = dict(zip(series.periods, series.values, strict=True))
    found = {}
    for period, before, at in read.execute(query):
        words = (
            f"{quantity(before, m.unit, m.decimals)} → {quantity(float(now.get(period, np.nan)), m.unit, m.decimals)}"
        )
        found[period] = tr("revised {day}: {change}", day=periods.day_label(at.date()), change=words)
    return found
