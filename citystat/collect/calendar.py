"""The collection calendar: what came of every measure in every period, what is owed, by whom, and by when.

A figure is due when its period has ended and the measure's reporting lag is over. Its owner owes it, else the head of the
measure's department. Derived measures owe nothing, nor does one that is retired or never had a figure, nor any period before
the first figure; nor one whose figures stopped coming, until somebody says that it is still collected (stopped).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.city.closing import through
from citystat.collect.checks import ERROR
from citystat.collect.quality import BEFORE, LATE, MISSING, ON_TIME, Arrival, arrivals, timely
from citystat.collect.stopped import stopped
from citystat.measures.doubts import Doubt, doubts
from citystat.measures.series import Definition, definitions
from citystat.models import ImportRun, Observation, Reminder, Total
from citystat.people.roster import PersonRow, everyone
from citystat.texts import plural, tr

__all__ = ["BEFORE", "LATE", "MISSING", "ON_TIME"]

OPEN, SOON, FAILED, CORRECTED, PARTIAL = "open", "due soon", "failed", "corrected", "partial"
STOPPED = "stopped"
AHEAD, SOON_DAYS = 45, 7  # days within which what falls due is named, and is due soon
A_YEAR = 366  # days: as far back as a figure is asked for, and as far ahead as a calendar file reaches
BACK = {"day": 92, "week": 104, "month": 84, "quarter": 28, "half-year": 14, "year": 10}  # periods on the heat map
STEADY = 0.75  # where so many of the twelve periods before had as many figures, one with fewer came in part


class Square(NamedTuple):
    """One measure in one period.

    state: on time, late, missing, failed (the checks hold some of it back), partial (fewer categories than ever before it),
    corrected, before (it fell due before the city had the measure), due soon, open (not due yet), stopped (no figure has come for so
    long that it may not be collected any more) or "" (before its first figure) · came: when its first figure came · days: late by · figures, usual: how many are there, and mostly were ·
    closed: its changes are corrections.
    """

    start: date
    state: str
    due: date
    came: datetime | None = None
    days: int = 0
    figures: int = 0
    usual: int = 1
    closed: bool = False


@dataclass(frozen=True)
class Line:
    """A measure's squares, the oldest first."""

    measure: Definition
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Section:
    """The measures of one frequency and year, by department and code. starts: first days, the columns of the squares."""

    frequency: str
    year_start: int
    starts: tuple[date, ...]
    lines: tuple[Line, ...]


class Owed(NamedTuple):
    """A period that is not there, or not believed. state: missing, failed, due soon or open · days: overdue by, below 0 still
    to go · owner: its owner owes it, not the head of the department · reminded: when somebody was reminded of it last."""

    measure: Definition
    start: date
    due: date
    state: str
    days: int
    owner: bool
    reminded: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether its day is over."""
        return self.days > 0

    @property
    def when(self) -> str:
        """ "Feb 2026"."""
        return self.measure.label(self.start)


@dataclass(frozen=True)
class Debtor:
    """Who owes figures. person None: the department has no head, or (department "") nobody is named at all ·
    owed: by due date and code."""

    person: PersonRow | None
    department: str
    owed: tuple[Owed, ...]

    @property
    def key(self) -> str:
        """What tells debtors apart, the same from day to day."""
        return f"person-{self.person.id}" if self.person else f"department-{self.department}"

    @property
    def name(self) -> str:
        """The person, else the department; in words that there is nobody."""
        return self.person.name if self.person else self.department or tr("Nobody is named")

    @property
    def named(self) -> bool:
        """Whether there is anybody to write to."""
        return bool(self.person or self.department)

    @property
    def late(self) -> tuple[Owed, ...]:
        """What is overdue."""
        return tuple(o for o in self.owed if o.late)

    @property
    def asked(self) -> tuple[Owed, ...]:
        """What a reminder names: what is late, held back or due within a week; where that is nothing, what comes next."""
        return tuple(o for o in self.owed if o.state != OPEN) or self.owed

    @property
    def reminded(self) -> datetime | None:
        """When somebody was reminded last of anything that is owed."""
        return max((o.reminded for o in self.owed if o.reminded), default=None)

    def by_day(self) -> list[tuple[date, list[Owed]]]:
        """What is due on each day, the oldest first."""
        return [(day, list(some)) for day, some in groupby(self.owed, lambda o: o.due)]


## The heat map


def heat(read: Session, today: date) -> list[Section]:
    """Every measure in use that figures are brought in for, with what came of its last periods."""
    known = _asked(read)
    known_of = _Known(
        read, known, {f: _whole_year(periods.move(today, f, -BACK[f] - 1)) for f in periods.FREQUENCIES}, today
    )
    groups: dict[tuple[str, int], list[Definition]] = {}
    for m in known:
        groups.setdefault((m.frequency, m.year_start if periods.PER_YEAR[m.frequency] < 12 else 1), []).append(m)
    found = []
    for (frequency, year_start), members in sorted(groups.items(), key=lambda g: (-periods.PER_YEAR[g[0][0]], g[0][1])):
        last = periods.start_of(today, frequency, year_start)
        begun = min((first for m in members if (first := known_of.first(m))), default=last)
        n = max(1, min(BACK[frequency], periods.between(begun, last, frequency) + 1))
        starts = tuple(periods.move(last, frequency, i) for i in range(1 - n, 1))
        ordered = sorted(members, key=lambda m: (m.department == "", m.department, m.code))
        lines = tuple(Line(m, tuple(known_of.squares(m, starts, today))) for m in ordered)
        found.append(Section(frequency, year_start, starts, lines))
    return found


def _whole_year(day: date) -> date:
    """A year earlier: fiscal years and quarters may begin before those of the calendar."""
    return periods.add_months(day.replace(day=1), -12)


class _Known:
    """What the city knows of its measures' periods, asked once for all of them. since: by frequency, how far back."""

    def __init__(self, read: Session, measures: Sequence[Definition], since: Mapping[str, date], today: date) -> None:
        self.came = arrivals(read, measures, since)
        self.failed = _failed(read)
        self._first = _first(read)
        self._closed = through(read)
        self._silent = stopped(read, measures, today)

    def first(self, m: Definition) -> date | None:
        """The first day of its first period with a figure, or with one that the checks hold back."""
        days = (self._first.get(m.id), *self.failed.get(m.id, ()))
        return min((day for day in days if day is not None), default=None)

    def squares(self, m: Definition, starts: Sequence[date], today: date) -> Iterator[Square]:
        """What became of the periods that begin on `starts`."""
        came, failed, closed, first = self.came.get(m.id, {}), self.failed.get(m.id, ()), self._closed.get(m.id, ""), self.first(m)  # fmt: skip
        begun = min((a.first for a in came.values()), default=None)
        usual = _usual(came)
        for start in starts:
            due, arrival = m.due(start), came.get(start)
            state, days = _state(m, start, arrival, usual.get(start, 0), due, begun.date() if begun else today, today)
            if arrival is None and (first is None or start < first):
                state, days = "", 0
            elif m.id in self._silent and start > self._silent[m.id]:
                state, days = STOPPED, 0
            there = arrival.there if arrival else 0
            yield Square(
                start, FAILED if start in failed else state, due, arrival.first if arrival else None, days, there,
                max(there, usual.get(start, 1)), bool(closed) and start.isoformat() <= closed,
            )  # fmt: skip


def _asked(read: Session) -> list[Definition]:
    return [m for m in definitions(read) if not m.formula]


def _first(read: Session) -> dict[int, date]:
    """By measure, the first day of its first period with a figure."""
    query = select(Total.measure_id, func.min(Total.period)).group_by(Total.measure_id)
    return {row[0]: row[1] for row in read.execute(query)}


def _failed(read: Session) -> dict[int, set[date]]:
    """By measure, the periods of which the checks hold figures back."""
    found: dict[int, set[date]] = {}
    for doubt in doubts(read):
        if doubt.level == ERROR:
            found.setdefault(doubt.measure_id, set()).add(doubt.period)
    return found


def _usual(came: Mapping[date, Arrival]) -> dict[date, int]:
    """How many figures the twelve arrivals before a period had, where they mostly had as many: a category may come new, and in
    some measures any number comes."""
    counts = [(start, came[start].there) for start in sorted(came)]
    if len({n for _, n in counts}) < 2:
        return {}
    found = {}
    for at, (start, _) in enumerate(counts):
        before = [n for _, n in counts[max(0, at - 12) : at]]
        n, times = Counter(before).most_common(1)[0] if before else (0, 0)
        if len(before) >= 3 and times >= STEADY * len(before):
            found[start] = n
    return found


def _state(
    m: Definition, start: date, arrival: Arrival | None, usual: int, due: date, begun: date, today: date
) -> tuple[str, int]:
    """How a period stands, and by how many days it is or was late."""
    if arrival is not None:
        kind, days = timely(due, arrival.first.date(), begun)
        return (PARTIAL if arrival.there < usual else CORRECTED if arrival.corrected else kind), days
    if due < today:
        return MISSING, (today - due).days
    return (SOON if (due - today).days <= SOON_DAYS and start <= today else OPEN), 0


## What is owed


def debtors(read: Session, today: date, *, year: bool = False) -> list[Debtor]:
    """Who owes figures that are late, up to a year back, or fall due within the next weeks: first what nobody is named for, then
    whoever is the longest overdue.

    year: with the periods to come that fall due within a year, for calendar files; of daily measures there are none.
    """
    measures = _asked(read)
    known = _Known(
        read, measures, {f: _whole_year(today - timedelta(days=3 * A_YEAR)) for f in periods.FREQUENCIES}, today
    )
    reminded = _reminded(read)
    people = {p.id: p for p in everyone(read) if p.active}
    heads = {p.department_id: p for p in people.values() if p.heads}
    owed: dict[tuple[int, str], list[Owed]] = {}
    silent = stopped(read, measures, today)
    for m in (m for m in measures if m.id not in silent):
        owner, head = people.get(m.owner_id or 0), heads.get(m.department_id) if m.department_id else None
        person = owner or head
        key = (person.id, "") if person else (0, m.department)
        for square in known.squares(m, _wanted(m, known.first(m), today, year), today):
            if square.state == FAILED or not square.figures:
                days, at = (today - square.due).days, reminded.get((m.id, square.start))
                state = square.state
                owed.setdefault(key, []).append(Owed(m, square.start, square.due, state, days, bool(owner), at))
    return sorted((_debtor(people.get(person), unit, found) for (person, unit), found in owed.items()), key=_urgency)


def _debtor(person: PersonRow | None, unit: str, owed: Sequence[Owed]) -> Debtor:
    ordered = tuple(sorted(owed, key=lambda o: (o.due, o.measure.code)))
    return Debtor(person, person.department if person else unit, ordered)


def _urgency(d: Debtor) -> tuple[bool, date, str]:
    return d.named, d.owed[0].due, d.name


def _wanted(m: Definition, first: date | None, today: date, year: bool) -> list[date]:
    """The periods that may be owed: those since the measure's first figure that fell due at most a year ago or come due soon."""
    if first is None:
        return []
    ahead = A_YEAR if year and m.frequency != "day" else AHEAD
    earliest, latest = today - timedelta(days=A_YEAR), today + timedelta(days=ahead)
    back = periods.between(first, max(first, earliest - timedelta(days=m.reporting_lag)), m.frequency) - 1
    found, n = [], max(0, back)
    while (due := m.due(start := periods.move(first, m.frequency, n))) <= latest and (start <= today or ahead > AHEAD):
        if due >= earliest:
            found.append(start)
        n += 1
    return found


def _reminded(read: Session) -> dict[tuple[int, date], datetime]:
    query = select(Reminder.measure_id, Reminder.period, func.max(Reminder.at)).group_by(
        Reminder.measure_id, Reminder.period
    )
    return {(measure, period): at for measure, period, at in read.execute(query)}


def remember(city: City, reminded: Iterable[Debtor], now: datetime) -> None:
    """Keep who was reminded of what, as one act."""
    who = list(reminded)
    rows = [
        Reminder(measure_id=o.measure.id, period=o.start, person_id=d.person.id if d.person else None, at=now)
        for d in who
        for o in d.asked
    ]
    if rows:
        name = who[0].name
        with city.change(plural(len(who), "Remind {name}", "Remind {name} and others", name=name)) as change:
            change.add_all(rows)


## One period


class Came(NamedTuple):
    """What is there of a period: its value over all categories; of the newest import that brought some of it the source, the
    cell (of several: the first) and how many, when, by whom and, of a correction to a closed period, why; run: 0 where it
    is no import of a file."""

    value: float | None
    run: int
    source: str
    place: str
    figures: int
    at: datetime
    who: str
    reason: str


def what_came(read: Session, measure: int, start: date) -> tuple[Came | None, list[Doubt]]:
    """What is there of a measure's period, None where nothing is; and what the checks left open of it."""
    o = Observation
    query = (
        select(
            func.max(Total.value), ImportRun.id, ImportRun.rows_read, ImportRun.source, func.min(o.place), func.count(), ImportRun.at,
            ImportRun.who, ImportRun.reason,
        )
        .join(ImportRun, ImportRun.id == o.run_id)
        .outerjoin(Total, (Total.measure_id == o.measure_id) & (Total.period == o.period))
        .where(o.measure_id == measure, o.period == start, o.superseded_by.is_(None))
        .group_by(o.run_id).order_by(o.run_id.desc()).limit(1)
    )  # fmt: skip
    found = read.execute(query).first()
    open_ = [d for d in doubts(read, [measure]) if d.period == start]
    if found is None:
        return None, open_
    value, run, rows, source, place, n, at, who, reason = found
    return Came(value, run if rows else 0, source, place, n, at, who, reason), open_
