"""The collection calendar: what came of every measure in every period, what is owed, by whom, and by when.

A period is owed from its end on; it is due when the measure's reporting lag has run out too. Derived measures owe nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.city.closing import through
from citystat.collect.checks import ERROR
from citystat.collect.close import last_ended
from citystat.collect.quality import BEFORE, LATE, MISSING, ON_TIME, Arrival, arrivals, due_day, timely
from citystat.measures.doubts import doubts
from citystat.measures.series import Definition, definitions
from citystat.models import ImportRun, Observation, Reminder, Total
from citystat.people.roster import PersonRow, everyone
from citystat.texts import plural, tr

__all__ = ["BEFORE", "LATE", "MISSING", "ON_TIME", "due_day"]

OPEN, SOON, FAILED, CORRECTED = "open", "due soon", "failed", "corrected"
AHEAD = 45  # days within which what falls due is named
SOON_DAYS = 7
BACK = {"day": 31, "week": 26, "month": 24, "quarter": 12, "half-year": 8, "year": 8}  # periods that the heat map shows


@dataclass(frozen=True)
class Square:
    """One measure in one period.

    state: on time, late, missing, failed (it came and the checks hold it back), corrected, before (it fell due before the city
    had the measure), due soon, open (not due yet) or "" (before its first figure) · came: when its first figure came ·
    days: late by · figures: how many are there · closed: its changes are corrections.
    """

    start: date
    state: str
    due: date
    came: datetime | None = None
    days: int = 0
    figures: int = 0
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


@dataclass(frozen=True)
class Owed:
    """A period that is not there. state: missing, failed, due soon or open · days: overdue by, below 0 still to go ·
    reminded: when its debtor was reminded last."""

    measure: Definition
    start: date
    due: date
    state: str
    days: int
    reminded: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether its day is over."""
        return self.days > 0

    @property
    def when(self) -> str:
        """ "Feb 2026"."""
        return periods.label(self.start, self.measure.frequency, self.measure.year_start)


@dataclass(frozen=True)
class Debtor:
    """Who owes figures. person None: nobody is named; then `department` has neither an owner nor a head, or there is none ·
    owns: as the measures' owner, else as head of the department."""

    person: PersonRow | None
    department: str
    owns: bool
    owed: tuple[Owed, ...]

    @property
    def key(self) -> str:
        """What tells debtors apart."""
        return f"{self.person.id if self.person else self.department}"

    @property
    def name(self) -> str:
        """The person's name, or in words that there is nobody."""
        return self.person.name if self.person else tr("Nobody is named")

    @property
    def late(self) -> tuple[Owed, ...]:
        """What is overdue."""
        return tuple(o for o in self.owed if o.late)

    @property
    def reminded(self) -> datetime | None:
        """When the debtor was reminded last of anything that is owed."""
        return max((o.reminded for o in self.owed if o.reminded), default=None)


## The heat map


def heat(read: Session, today: date) -> list[Section]:
    """Every measure in use that figures are brought in for, with what came of its last periods."""
    known = _asked(read)
    since = {f: periods.move(periods.start_of(today, f), f, -BACK[f] - 1) for f in periods.FREQUENCIES}
    came = arrivals(read, known, _whole_years(since))
    failed, closed = _failed(read), through(read)
    groups: dict[tuple[str, int], list[Definition]] = {}
    for m in known:
        groups.setdefault((m.frequency, m.year_start if periods.PER_YEAR[m.frequency] < 12 else 1), []).append(m)
    found = []
    for (frequency, year_start), members in sorted(groups.items(), key=lambda g: (-periods.PER_YEAR[g[0][0]], g[0][1])):
        last = periods.start_of(today, frequency, year_start)
        starts = tuple(periods.move(last, frequency, n) for n in range(1 - BACK[frequency], 1))
        lines = tuple(
            _line(m, starts, came.get(m.id, {}), failed.get(m.id, set()), closed.get(m.id, ""), today)
            for m in sorted(members, key=lambda m: (m.department == "", m.department, m.code))
        )
        found.append(Section(frequency, year_start, starts, lines))
    return found


def _whole_years(since: Mapping[str, date]) -> dict[str, date]:
    """A year earlier: fiscal years and quarters may begin before those of the calendar."""
    return {frequency: periods.add_months(day, -12) for frequency, day in since.items()}


def came_from(read: Session, measure: int, start: date) -> str:
    """File and cell of the figures of a period, and who brought them; "" where there are none."""
    o = Observation
    query = select(ImportRun.source, func.min(o.place), func.count(), ImportRun.who).join(
        ImportRun, ImportRun.id == o.run_id
    )
    query = query.where(o.measure_id == measure, o.period == start, o.superseded_by.is_(None)).group_by(o.run_id)
    found = read.execute(query.order_by(o.run_id.desc()).limit(1)).first()
    if found is None:
        return ""
    source, place, n, who = found
    more = plural(n, "{n} figure", "{n} figures") if n > 1 else ""
    return tr("from {source}", source=", ".join(filter(None, (source, place if n == 1 else more, who))))


def _asked(read: Session) -> list[Definition]:
    return [m for m in definitions(read) if not m.formula]


def _failed(read: Session) -> dict[int, set[date]]:
    """By measure, the periods of which the checks hold figures back."""
    found: dict[int, set[date]] = {}
    for doubt in doubts(read):
        if doubt.level == ERROR:
            found.setdefault(doubt.measure_id, set()).add(doubt.period)
    return found


def _line(
    m: Definition, starts: Sequence[date], came: Mapping[date, Arrival], failed: set[date], closed: str, today: date
) -> Line:
    first = min(came, default=None)
    begun = min((a.first for a in came.values()), default=None)
    squares = []
    for start in starts:
        due, arrival = due_day(m, start), came.get(start)
        state, days = _state(m, start, arrival, due, begun.date() if begun else today, today)
        if first is not None and start < first and arrival is None:
            state, days = "", 0
        if start in failed:
            state, days = FAILED, 0
        shut = bool(closed) and start.isoformat() <= closed
        squares.append(
            Square(start, state, due, arrival.first if arrival else None, days, arrival.there if arrival else 0, shut)
        )
    return Line(m, tuple(squares))


def _state(m: Definition, start: date, arrival: Arrival | None, due: date, begun: date, today: date) -> tuple[str, int]:
    """How a period stands, and by how many days it is or was late."""
    if arrival is not None:
        kind, days = timely(due, arrival.first.date(), begun)
        return (CORRECTED if arrival.corrected else kind), days
    if due < today:
        return MISSING, (today - due).days
    ended = periods.end_of(start, m.frequency) < today
    return (SOON if ended and (due - today).days <= SOON_DAYS else OPEN), 0


## What is owed


def debtors(read: Session, today: date, *, ahead: int = AHEAD) -> list[Debtor]:
    """Who owes figures that are late or fall due within `ahead` days, the most overdue first; nobody at the end.

    A measure is owed from its newest figure on, at most a year back; one that never had any, for its last period.
    """
    known = _asked(read)
    newest = _newest(read)
    failed, reminded = _failed(read), _reminded(read)
    people = [p for p in everyone(read) if p.active]
    by_id = {p.id: p for p in people}
    heads = {p.department_id: p for p in people if p.heads}
    owed: dict[tuple[int, str, bool], list[Owed]] = {}
    for m in known:
        found = _owed(m, newest.get(m.id), failed.get(m.id, set()), reminded, today, ahead)
        if not found:
            continue
        owner = by_id.get(m.owner_id or 0)
        person = owner or heads.get(m.department_id)
        key = (person.id if person else 0, "" if person else m.department, owner is not None)
        owed.setdefault(key, []).extend(found)
    return sorted((_debtor(by_id, *key, found) for key, found in _of_one(owed).items()), key=_urgency)


Key = tuple[int, str, bool]


def _of_one(owed: Mapping[Key, list[Owed]]) -> dict[Key, list[Owed]]:
    """Who owns measures and heads a department is one debtor."""
    joined: dict[tuple[int, str], Key] = {}
    found: dict[Key, list[Owed]] = {}
    for key in sorted(owed, key=lambda k: not k[2]):
        at = joined.setdefault(key[:2], key)
        found.setdefault(at, []).extend(owed[key])
    return found


def _debtor(people: Mapping[int, PersonRow], person: int, department: str, owns: bool, owed: list[Owed]) -> Debtor:
    who = people.get(person)
    ordered = tuple(sorted(owed, key=lambda o: (o.due, o.measure.code)))
    return Debtor(who, who.department if who else department, owns, ordered)


def _urgency(d: Debtor) -> tuple[bool, date, str]:
    return d.person is None, d.owed[0].due, d.name


def _owed(
    m: Definition, newest: date | None, failed: set[date], reminded: Mapping[tuple[int, date], datetime], today: date, ahead: int
) -> list[Owed]:  # fmt: skip
    last = last_ended(m, today + timedelta(days=ahead))
    a_year = periods.move(last_ended(m, today), m.frequency, 1 - min(12, periods.PER_YEAR[m.frequency]))
    first = periods.move(newest, m.frequency, 1) if newest else last_ended(m, today - timedelta(days=1))
    starts = periods.run(max(first, a_year), last, m.frequency) if max(first, a_year) <= last else []
    found = []
    for start in sorted({*starts, *(p for p in failed if a_year <= p <= last)}):
        due = due_day(m, start)
        if (due - today).days > ahead:
            continue
        state, days = (FAILED, 0) if start in failed else _state(m, start, None, due, today, today)
        found.append(Owed(m, start, due, state, days or (today - due).days, reminded.get((m.id, start))))
    return found


def _newest(read: Session) -> dict[int, date]:
    """By measure, the first day of the newest period with a figure."""
    query = select(Total.measure_id, func.max(Total.period)).where(Total.value.is_not(None)).group_by(Total.measure_id)
    return {row[0]: row[1] for row in read.execute(query)}


def _reminded(read: Session) -> dict[tuple[int, date], datetime]:
    query = select(Reminder.measure_id, Reminder.period, func.max(Reminder.at)).group_by(
        Reminder.measure_id, Reminder.period
    )
    return {(measure, period): at for measure, period, at in read.execute(query)}


def remember(city: City, reminded: Iterable[Debtor], now: datetime) -> None:
    """Keep who was reminded of what, as one act."""
    rows = [
        Reminder(measure_id=o.measure.id, period=o.start, person_id=d.person.id if d.person else None, at=now)
        for d in reminded
        for o in d.owed
    ]
    if rows:
        with city.change(tr("Remind of figures that are owed")) as change:
            change.add_all(rows)


## In words


def sentence(rows: Sequence[Debtor], today: date) -> str:
    """ "12 figures are late, 8 fall due by 15 Dec 2026"."""
    owed = [o for d in rows for o in d.owed]
    late = sum(o.late for o in owed)
    coming = [o for o in owed if not o.late]
    if not owed:
        return tr("Nothing is owed")
    parts = [plural(late, "{n} figure is late", "{n} figures are late")] if late else []
    if coming:
        day = periods.day_label(max(o.due for o in coming))
        parts.append(plural(len(coming), "{n} falls due by {day}", "{n} fall due by {day}", day=day))
    return ", ".join(parts)


def owes(debtor: Debtor) -> str:
    """ "3 late · 2 due by 15 Dec 2026"."""
    late, coming = debtor.late, [o for o in debtor.owed if not o.late]
    parts = [tr("{n} late", n=len(late))] if late else []
    if coming:
        parts.append(tr("{n} due by {day}", n=len(coming), day=periods.day_label(max(o.due for o in coming))))
    return " · ".join(parts)


def told(m: Definition, square: Square, today: date) -> str:
    """A square in words: "Feb 2026: came on 12 Mar 2026, 3 days late"."""
    when = periods.label(square.start, m.frequency, m.year_start)
    came = periods.day_label(square.came.date()) if square.came else ""
    late = plural(square.days, "{n} day late", "{n} days late") if square.days else ""
    words = {
        ON_TIME: tr("came on {day}, in time", day=came),
        LATE: tr("came on {day}, {late}", day=came, late=late),
        CORRECTED: tr("came on {day} and was corrected since", day=came),
        BEFORE: tr("was there before the city had the measure"),
        MISSING: tr("missing, {late}", late=late),
        FAILED: tr("held back by the checks"),
        SOON: tr("due by {day}", day=periods.day_label(square.due)),
        OPEN: tr("due by {day}", day=periods.day_label(square.due)),
        "": tr("before its first figure"),
    }[square.state]
    return f"{when}: {words}" + (f" · {tr('closed')}" if square.closed else "")


# what the squares mean, for legend, table and screen reader
STATES = {
    ON_TIME: "on time", LATE: "late", MISSING: "missing", FAILED: "held back", CORRECTED: "corrected", SOON: "due within a week",
    OPEN: "not due yet", BEFORE: "before the city had it",
}  # fmt: skip
