"""Closed periods: from then on a change of a figure is a correction, and a correction gives a reason.

The rule stands beside `observations`, because every way of storing goes through there: an import, a value typed by hand,
a return sheet, records, a figure accepted after a check, and undo. Computed values follow what they rest on and are free.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from citystat import periods
from citystat.errors import CityStatError
from citystat.texts import plural, tr

WITHIN = "{note} · {reason}"  # a correction's note and reason, where it has both


class ReasonWanted(CityStatError):
    """Figures of closed periods would change and nobody said why. n: how many; first: one of them, in words."""

    def __init__(self, n: int, first: str) -> None:
        self.n, self.first = n, first
        what = plural(
            n, "{n} figure of a closed period changes ({first})", "{n} figures of closed periods change (the first: {first})",
            first=first,
        )  # fmt: skip
        super().__init__(what, do=tr("Say why; the reason is kept with them. Nothing was written"))

    @property
    def asks(self) -> str:
        """The question to a person: "4 figures of closed periods change: why?"."""
        return plural(
            self.n, "{n} figure of a closed period changes: why?", "{n} figures of closed periods change: why?"
        )


def through(session: Session) -> dict[int, str]:
    """Up to which period each measure is closed, its first day as YYYY-MM-DD; only those that are."""
    found = session.connection().exec_driver_sql("SELECT measure_id, through FROM closed_period")
    return {measure: day for measure, day in found}


def told(session: Session, n: int, measure: int, period: str, reason: str) -> None:
    """ReasonWanted unless there is a reason for changing `n` figures, one of them that of `measure` in `period`."""
    if n and not reason.strip():
        code, frequency = session.connection().exec_driver_sql(_CALLED, (measure,)).one()
        raise ReasonWanted(n, f"{code}, {periods.label(date.fromisoformat(period), frequency)}")


def told_of_run(session: Session, run_id: int, superseded_by: str, reason: str) -> bool:
    """As told(), for the values of a run that go or come; superseded_by: "IS NULL" or "= 0". Whether any period is closed."""
    query = text(_OF_RUN.format(superseded_by=superseded_by))
    n, measure, period = session.execute(query, {"run": run_id}).one()
    told(session, n, measure, period, reason)
    return bool(n)


_CALLED = "SELECT code, frequency FROM measure WHERE id = ?"

_OF_RUN = """
SELECT count(*), min(o.measure_id), min(o.period) FROM observation AS o
JOIN closed_period AS c ON c.measure_id = o.measure_id AND o.period <= c.through
WHERE o.run_id = :run AND o.superseded_by {superseded_by} AND o.place NOT LIKE '=%'"""
