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
from citystat.models import CheckRule, ImportRun, Total
from citystat.texts import tr

QUIET = 183  # days after which a figure that was due is no longer merely late; of what comes once a year or in half twice that
STILL = "still collected"  # the check_rule that keeps the answer: no rule of collect.checks is called so


def stopped(read: Session, measures: Sequence[Definition], today: date) -> dict[int, date]:
    """By measure the first day of its newest period, of those whose next figure had been due for so long when something was
    brought in last: where nothing at all comes any more, it is not the measure that stopped."""
    query = select(Total.measure_id, func.max(Total.period)).group_by(Total.measure_id)
    newest = {row[0]: row[1] for row in read.execute(query)}
    brought = read.scalar(select(func.max(ImportRun.at)).where(ImportRun.undone_at.is_(None)))
    seen = min(today, brought.date()) if brought else today
    answered = set(read.scalars(select(CheckRule.measure_id).where(CheckRule.rule == STILL)))
    found = {}
    for m in measures:
        last = newest.get(m.id)
        if last is None or m.formula or m.id in answered:
            continue
        quiet = timedelta(days=QUIET * (2 if periods.PER_YEAR[m.frequency] < 4 else 1))
        if m.due(periods.move(last, m.frequency, 1)) + quiet < seen:
            found[m.id] = last
    return found


def keep_asking(city: City, measure_id: int) -> None:
    """It is still collected: its figures are owed again."""
    with city.change(tr("Keep asking for figures")) as change:
        change.add(CheckRule(measure_id=measure_id, rule=STILL, level="off"))


def retire(city: City, measure_id: int) -> None:
    """It is not collected any more; what there is of it stays."""
    save_measure(city, measure_id, retired=True)
