"""Closing a period: what closes, doing it, and opening it again. What closing means for a change stands in city/closing.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.doubts import doubts
from citystat.measures.series import Definition, definitions
from citystat.models import Act, ClosedPeriod, Department, ImportRun, Measure, Observation
from citystat.models.observations import WITHDRAWN
from citystat.texts import plural, tr

OFFERED = 18  # months to choose from


@dataclass(frozen=True)
class Scope:
    """Whose periods are meant: one measure's (by its code), a department's (by its name), or the whole city's."""

    code: str = ""
    department: str = ""

    @property
    def words(self) -> str:
        """ "FI-03", "Fire"; "" for the whole city."""
        return self.code or self.department


@dataclass(frozen=True)
class Closing:
    """What closing a month would close.

    measures: those whose last period that has ended by then is not closed yet · missing: of them, those without a figure for
    it · doubtful: figures of it that a check still holds open.
    """

    month: date
    measures: tuple[Definition, ...]
    missing: tuple[Definition, ...]
    doubtful: int


@dataclass(frozen=True)
class ClosedRow:
    """A measure's closed periods: the last of them, by whom and when it was closed."""

    measure: Definition
    through: date
    at: datetime
    who: str

    def reaches(self, month: date) -> bool:
        """Whether a period that holds or follows `month` is closed."""
        return self.through > last_ended(self.measure, month - timedelta(days=1))

    @property
    def words(self) -> str:
        """ "Jun 2026"."""
        return periods.label(self.through, self.measure.frequency, self.measure.year_start)


@dataclass(frozen=True)
class Corrected:
    """A figure of a closed period that was changed, and why."""

    measure: int
    period: date
    cell: int
    at: datetime
    who: str
    source: str
    reason: str


## Asking


def last_ended(m: Definition, day: date) -> date:
    """The first day of the last period of `m` that has ended by `day`."""
    return periods.move(periods.start_of(day + timedelta(days=1), m.frequency, m.year_start), m.frequency, -1)


def meant(read: Session, scope: Scope) -> list[Definition]:
    """The measures of `scope` that figures are brought in for; CityStatError where there is no such measure or department."""
    known = [m for m in definitions(read) if not m.formula]
    code, department = scope.code.lower(), scope.department.lower()
    found = [m for m in known if code in ("", m.code.lower()) and department in ("", m.department.lower())]
    if found:
        return found
    if department and read.scalar(select(Department.id).where(func.lower(Department.name) == department)) is None:
        names = read.scalars(select(Department.name).order_by(Department.name))
        raise CityStatError(tr("There is no department “{name}”", name=scope.department), do=tr("There is {names}", names=", ".join(names)))  # fmt: skip
    if code:
        raise CityStatError(
            tr("There is no measure {code} that figures are brought in for", code=scope.code),
            do=tr("Derived measures follow the measures they rest on; close those"),
        )
    raise CityStatError(tr("There is no measure whose period could be closed"), do=tr("Bring figures in first"))


def closed(read: Session, scope: Scope | None = None) -> list[ClosedRow]:
    """The measures with closed periods, by code."""
    rows = {row.measure_id: row for row in read.scalars(select(ClosedPeriod))}
    known = meant(read, scope) if scope else definitions(read)
    return [ClosedRow(m, rows[m.id].through, rows[m.id].at, rows[m.id].who) for m in known if m.id in rows]


def closing(read: Session, month: date, scope: Scope) -> Closing:
    """What closing `month` (its first day) would close, and what it would leave behind."""
    already = {row.measure.id: row.through for row in closed(read)}
    measures = meant(read, scope)
    wanted = {m.id: last_ended(m, _last_day(month)) for m in measures}
    open_ = tuple(m for m in measures if already.get(m.id, date.min) < wanted[m.id])
    query = select(Observation.measure_id, Observation.period).where(
        Observation.measure_id.in_([m.id for m in open_]), Observation.superseded_by.is_(None), Observation.period.in_(set(wanted.values()))
    )  # fmt: skip
    there = {(measure, period) for measure, period in read.execute(query.distinct())}
    missing = tuple(m for m in open_ if (m.id, wanted[m.id]) not in there)
    doubtful = sum(d.period <= wanted[d.measure_id] for d in doubts(read, [m.id for m in open_]))
    return Closing(month, open_, missing, doubtful)


def closed_months(read: Session, scope: Scope) -> list[tuple[str, date]]:
    """The months that can be opened again, by name, newest first."""
    rows = closed(read, scope)
    ends = [periods.end_of(row.through, row.measure.frequency).replace(day=1) for row in rows]
    if not ends:
        return []
    return [(_month(m), m) for n in range(OFFERED) for m in [periods.add_months(max(ends), -n)]]


def ended_months(today: date) -> list[tuple[str, date]]:
    """The months that have ended, by name, newest first."""
    first = today.replace(day=1)
    return [(_month(m), m) for n in range(1, OFFERED + 1) for m in [periods.add_months(first, -n)]]


def corrected(read: Session, measures: Sequence[int] | None = None, since: date = date.min) -> list[Corrected]:
    """The figures of closed periods that were changed, the newest change of each that stands, newest first."""
    o, r = Observation, ImportRun
    query = (
        select(o.measure_id, o.period, o.cell_id, r.at, r.who, r.source, r.reason)
        .join(r, r.id == o.run_id)
        .where(r.reason != "", o.superseded_by.is_(None), func.instr(o.note, r.reason) > 0, o.period >= since)
        .order_by(r.id.desc(), o.period, o.cell_id)
    )
    if measures is not None:
        query = query.where(o.measure_id.in_(measures))
    return [Corrected(*row) for row in read.execute(query)]


@dataclass(frozen=True)
class Told:
    """One value of a figure in its history. state: "now", "replaced" or "taken back" · why: the reason or note with it."""

    at: datetime
    who: str
    source: str
    value: float | None
    state: str
    why: str


def told(read: Session, measure: int, period: date, cell: int = 1) -> list[Told]:
    """Every value that a figure ever had, the newest first; of one that was taken back, how and why."""
    o, r = Observation, ImportRun
    mine = (o.measure_id == measure, o.period == period, o.cell_id == cell)
    query = select(o, r).join(r, r.id == o.run_id).where(*mine).order_by(o.id.desc())
    found = read.execute(query).all()
    undone = select(Act.run_id, Act.id).where(Act.run_id.in_([run.id for _, run in found]))
    acts = {act: run or 0 for run, act in read.execute(undone)}
    steps = read.execute(select(Act.undoes, Act.what).where(Act.undoes.in_(acts)).order_by(Act.id))
    words = {acts[of or 0]: what for of, what in steps}
    return [
        Told(
            run.at, run.who, run.source, row.value,
            "now" if row.superseded_by is None else "taken back" if row.superseded_by == WITHDRAWN else "replaced",
            words.get(run.id, row.note) if row.superseded_by == WITHDRAWN else row.note,
        )
        for row, run in found
    ]  # fmt: skip


## Changing


def close(city: City, month: date, scope: Scope, *, now: datetime) -> Closing:
    """Close the periods that have ended with `month` (its first day), for all measures of `scope`, as one act."""
    named = _month(month)
    if _last_day(month) >= now.date():
        raise CityStatError(tr("{month} has not ended yet", month=named), do=tr("Close it when its figures are in"))
    with city.read() as read:
        found = closing(read, month, scope)
    if not found.measures:
        raise CityStatError(tr("{month} is closed already", month=named), where=scope.words)
    with city.change(_named(tr("Close {month}", month=named), scope)) as change:
        rows = {row.measure_id: row for row in change.scalars(select(ClosedPeriod))}
        for m in found.measures:
            ended = last_ended(m, _last_day(month))
            row = rows.get(m.id) or ClosedPeriod(measure_id=m.id, through=ended, at=now, who=city.who)
            row.through, row.at, row.who = ended, now, city.who
            change.add(row)
    return found


def reopen(city: City, month: date, scope: Scope, reason: str, *, now: datetime) -> tuple[Definition, ...]:
    """Open the periods of `month` and all after it again, as one act; returns the measures that were closed.

    CityStatError without a reason, and where nothing of it is closed.
    """
    named = _month(month)
    if not reason.strip():
        raise CityStatError(
            tr("Opening a closed period needs a reason"), do=tr("Say why; it stands in the audit trail")
        )
    with city.read() as read:
        measures = {m.id: m for m in meant(read, scope)}
    with city.change(_named(tr("Reopen {month}", month=named), scope) + f" · {reason.strip()}") as change:
        query = select(ClosedPeriod).join(Measure, Measure.id == ClosedPeriod.measure_id).order_by(Measure.code)
        opened = []
        for row in change.scalars(query.where(ClosedPeriod.measure_id.in_(measures))):
            before = last_ended(measures[row.measure_id], month - timedelta(days=1))
            if row.through > before:
                row.through, row.at, row.who = before, now, city.who
                opened.append(measures[row.measure_id])
        if not opened:
            raise CityStatError(tr("{month} is not closed", month=named), where=scope.words)
    return tuple(opened)


def said(done: Closing) -> str:
    """ "June 2026 is closed for 12 measures; 2 have no figure, 1 figure is in doubt"."""
    n = len(done.measures)
    words = plural(
        n, "{month} is closed for {n} measure", "{month} is closed for {n} measures", month=_month(done.month)
    )
    left = left_behind(done)
    return f"{words}; {left}" if left else words


def left_behind(found: Closing) -> str:
    """ "2 have no figure, 1 figure is in doubt"; "" where nothing is missing."""
    missing, doubtful = len(found.missing), found.doubtful
    parts = [
        plural(missing, "{n} has no figure", "{n} have no figure") if missing else "",
        plural(doubtful, "{n} figure is in doubt", "{n} figures are in doubt") if doubtful else "",
    ]
    return ", ".join(filter(None, parts))


def _named(words: str, scope: Scope) -> str:
    return f"{words}: {scope.words}" if scope.words else words


def _month(month: date) -> str:
    return f"{tr(periods.MONTH_NAMES_LONG[month.month - 1])} {month.year}"


def _last_day(month: date) -> date:
    return periods.end_of(month, "month")
