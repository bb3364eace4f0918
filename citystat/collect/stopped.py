"""Measures that figures stopped coming for: nobody owes them until a person says that they are still collected.

An old file brings measures whose last figure is years old. Asked for month by month they would be a year of debts that bury the
real ones; so one question stands in their place, and its answer is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.measures.edit import save_measure
from citystat.measures.series import Definition
from citystat.models import CheckRule, ImportRun, Observation, Total
from citystat.texts import tr

QUIET = 183  # days after which a figure that was due is no longer merely late; of what comes once a year or in half twice that
STILL = "still collected"  # the check_rule that keeps the answer: no rule of collect.checks is called so


def stopped(read: Session, measures: Sequence[Definition], today: date) -> dict[int, date]:
    """By measure the first day of its newest period, of those that may not be collected any more.

    Their next figure has been due for long: when the newest was brought in already (an old file), or while most other measures
    still come. Where most do not, it is the office that has brought nothing in, and the figures are owed.
    """
    query = select(Total.measure_id, func.max(Total.period)).group_by(Total.measure_id)
    newest = {row[0]: row[1] for row in read.execute(query)}
    answered = set(read.scalars(select(CheckRule.measure_id).where(CheckRule.rule == STILL)))
    coming = [m for m in measures if m.id in newest and not m.formula and m.id not in answered]
    silent = {m.id: _given_up(m, newest[m.id]) for m in coming if _given_up(m, newest[m.id]) < today}
    brought = _brought(read, {m: newest[m] for m in silent})
    old = {m for m, day in silent.items() if brought.get(m, day) > day}
    most_come = 2 * (len(silent) - len(old)) < len(coming) - len(old)
    return {m: newest[m] for m in silent if m in old or most_come}


def _given_up(m: Definition, last: date) -> date:
    """The day from which on a measure whose newest period is `last` seems to have stopped."""
    quiet = timedelta(days=QUIET * (2 if periods.PER_YEAR[m.frequency] < 4 else 1))
    return m.due(periods.move(last, m.frequency, 1)) + quiet


def _brought(read: Session, newest: dict[int, date]) -> dict[int, date]:
    """By measure the day on which the figure of its newest period was brought in."""
    o = Observation
    query = (
        select(o.measure_id, o.period, func.min(ImportRun.at)).join(ImportRun, ImportRun.id == o.run_id)
        .where(o.measure_id.in_(newest), o.period.in_(set(newest.values())), o.superseded_by.is_(None))
        .group_by(o.measure_id, o.period)
    )  # fmt: skip
    return {m: at.date() for m, period, at in read.execute(query) if newest[m] == period}


def keep_asking(city: City, measure_id: int) -> None:
    """It is still collected: its figures are owed again."""
    with city.change(tr("Keep asking for figures")) as change:
        change.add(CheckRule(measure_id=measure_id, rule=STILL, level="off"))


def retire(city: City, measure_id: int) -> None:
    """It is not collected any more; what there is of it stays."""
    save_measure(city, measure_id, retired=True)
