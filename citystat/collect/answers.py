"""How sources answered when they were asked by themselves since the application started.

Kept in memory only: a night without the network leaves nothing in the city, and a new start tries again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

FIRST_PAUSE = timedelta(minutes=15)  # after a failure; twice as long after each further one
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True)
class Outcome:
    """One source. why: what stood in the way, "" where nothing did · reached: whether it answered · again: not asked before."""

    source: str
    why: str
    reached: bool
    tries: int
    again: datetime


_outcomes: dict[str, dict[int, Outcome]] = {}  # by the address of the city's database, then by the source's id


def outcomes(read: Session) -> dict[int, Outcome]:
    """How the sources of this city answered, by id."""
    return dict(_outcomes.get(_place(read), {}))


def note(read: Session, source_id: int, name: str, *, why: str, reached: bool, now: datetime) -> None:
    """Remember an answer: one that came is not asked for again before tomorrow, one that failed after a while."""
    known = _outcomes.setdefault(_place(read), {})
    before = known.get(source_id)
    tries = 0 if reached else 1 + (before.tries if before else 0)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time())
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE) if not reached else tomorrow - now
    known[source_id] = Outcome(name, why, reached, tries, now + pause)


def forget(read: Session, source_id: int) -> None:
    """Somebody dealt with it."""
    _outcomes.get(_place(read), {}).pop(source_id, None)


def _place(read: Session) -> str:
    return str(read.get_bind().engine.url)
