"""What was promised in Riverton, and what became of it: most kept in time, some late, the newest still owed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlalchemy import select

from citystat.city import Change
from citystat.models import ActionItem, ActionUpdate
from citystat.sample.tables import M
from citystat.sample.words import BLOCKED, DROPPED, KEPT, UNDER_WAY

TERMS = (21, 28, 42, 56, 70)  # days until a promise is due
LATE = 0.2  # share of promises kept after their day
DROPPED_EVERY = 19
VERIFIED_AFTER = 20  # days between "done" and "verified"
LATE_NOW = (12, 3, 19, 6)  # the handful that is late today, by so many days
SHORTEST, LONGEST = 14, 60  # days that the handful was given

Step = tuple[date, str, str]  # day, status, comment


@dataclass
class Promise:
    """A promise and its future. steps: what becomes of it, oldest first; done: how many of them happened."""

    id: int
    steps: list[Step]
    done: int = 0


@dataclass
class Register:
    """Riverton's promises as they are made and kept until `today`."""

    today: date
    rng: np.random.Generator
    promises: list[Promise] = field(default_factory=list)
    owed: list[int] = field(default_factory=lambda: list(LATE_NOW))

    def write(
        self, change: Change, words: str, form: str, m: M, owner: str, at: datetime, about: dict[str, object]
    ) -> None:
        """Write a promise down as the capture line would, and decide what will become of it.

        about: the columns that say who, where and on which measure.
        """
        number = len(self.promises) + 1
        text = words.format(m=f"“{m.name}”", ward=number % 6 + 1)
        due = weekday(at.date() + timedelta(days=int(self.rng.choice(TERMS)) + number % 5))
        owed = self._owed(number, at.date())
        due = owed or due
        line = f"action {text} @{owner} ^{due.isoformat()} ={form}"
        change.add(
            ActionItem(
                id=number, number=number, at=at, form=form, due=due, text=text, line=line, read_back=True, **about
            )
        )
        self.promises.append(Promise(number, self._future(number, at.date(), due, owed is not None)))

    def keep_up(self, change: Change, day: date) -> None:
        """Everything that became of the promises before `day`."""
        moving = {p.id: p for p in self.promises if p.done < len(p.steps) and p.steps[p.done][0] < day}
        for row in change.scalars(select(ActionItem).where(ActionItem.id.in_(moving))).all():
            promise = moving[row.id]
            while promise.done < len(promise.steps) and promise.steps[promise.done][0] < day:
                _take(change, row, promise.steps[promise.done])
                promise.done += 1

    def _future(self, number: int, made: date, due: date, owed: bool) -> list[Step]:
        """Under way after a third of the time; kept, most of the time by the day; a few dropped, a handful late today."""
        late = int(self.rng.integers(2, 18)) if self.rng.random() < LATE else -int(self.rng.integers(0, 5))
        if number % DROPPED_EVERY == 0 and not owed:
            return [(due - timedelta(days=4), "dropped", DROPPED[number // DROPPED_EVERY % len(DROPPED)])]
        begun = made + (due - made) / 3
        steps = [(begun, "in progress", UNDER_WAY[number % len(UNDER_WAY)])] if number % 3 else []
        if number % 11 == 0 or (owed and (self.today - due).days >= max(LATE_NOW)):
            steps = [(begun, "blocked", BLOCKED[number // 11 % len(BLOCKED)])]
        if owed:
            return steps
        closed = max(due + timedelta(days=late), begun + timedelta(days=2))
        if due < self.today:
            closed = min(closed, self.today - timedelta(days=1))
        verified = closed + timedelta(days=VERIFIED_AFTER)
        return [*steps, (closed, "done", KEPT[number % len(KEPT)]), (verified, "verified", "")]

    def _owed(self, number: int, made: date) -> date | None:
        """The day on which one of the handful was due that is late today; None for all other promises."""
        for late in self.owed if number % 3 else ():
            due = weekday(self.today - timedelta(days=late))
            if SHORTEST <= (due - made).days <= LONGEST:
                self.owed.remove(late)
                return due
        return None


def weekday(day: date) -> date:
    """`day`, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _take(change: Change, row: ActionItem, step: Step) -> None:
    """One step of a promise, with its line in the history; the chief of staff verifies, the analyst keeps the rest."""
    day, status, comment = step
    who = "Tomás Aguilar" if status == "verified" else "Mina Haddad"
    at = datetime.combine(day, time(16, 0))
    change.add(
        ActionUpdate(action_id=row.id, at=at, who=who, comment=comment, status_before=row.status, status_after=status)
    )
    row.status = status
    if status in ("done", "dropped"):
        row.closed_on = day
