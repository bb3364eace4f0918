"""How good the data is: timeliness, completeness and validity of every measure over its last twelve periods.

timeliness: of the periods whose day came since the city has had the measure, the share that came by that day ·
completeness: the figures that are there, of those that should be (each period as many as in its usual period) ·
validity: of the periods that are there, the share without an open finding · score: the mean of the three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_high

from sqlalchemy import text
from sqlalchemy.orm import Session

from citystat import periods
from citystat.collect.stopped import stopped
from citystat.measures.doubts import Doubt, doubts
from citystat.measures.series import Definition, definitions

PERIODS = 12
ON_TIME, LATE, MISSING, BEFORE = "on time", "late", "missing", "before"


@dataclass(frozen=True)
class Period:
    """One period. came: on time, late, missing, or before (it fell due before the city had the measure) ·
    days: late by, 0 otherwise · there, expected: figures · doubts: open findings.
    """

    start: date
    came: str
    days: int
    there: int
    expected: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Share:
    """So many of so many; nothing to count is no share."""

    good: int
    of: int

    @property
    def per_cent(self) -> float | None:
        """0 to 100; None where there is nothing to count."""
        return 100 * self.good / self.of if self.of else None


@dataclass(frozen=True)
class Quality:
    """A measure, or a department (measure None) with all of its measures."""

    name: str
    measure: Definition | None
    measures: int
    periods: tuple[Period, ...]
    timeliness: Share
    completeness: Share
    validity: Share
    open: tuple[Doubt, ...]

    @property
    def score(self) -> float | None:
        """The mean of those of the three that there are, 0 to 100."""
        known = [p for s in (self.timeliness, self.completeness, self.validity) if (p := s.per_cent) is not None]
        return sum(known) / len(known) if known else None


def quality(read: Session, today: date, measures: Sequence[Definition] | None = None) -> list[Quality]:
    """Every measure in use, the worst first; those without a score last."""
    known = definitions(read) if measures is None else measures
    found: dict[int, list[Doubt]] = {}
    for doubt in doubts(read, None if measures is None else [m.id for m in known]):
        found.setdefault(doubt.measure_id, []).append(doubt)
    silent = stopped(read, known, today)
    came = arrivals(read, known, {f: _since(f, today) for f in periods.FREQUENCIES})
    return worst_first(_of(m, came.get(m.id, {}), tuple(found.get(m.id, ())), today, silent.get(m.id)) for m in known)


def by_department(rows: Iterable[Quality], nobody: str) -> list[Quality]:
    """The departments, each with all the periods and figures of its measures together; nobody: the name of none."""
    grouped: dict[str, list[Quality]] = {}
    for row in rows:
        grouped.setdefault((row.measure.department if row.measure else "") or nobody, []).append(row)
    return worst_first(_together(name, mine) for name, mine in grouped.items())


def _together(name: str, mine: Sequence[Quality]) -> Quality:
    times, figures, valid = (
        _sum(getattr(q, part) for q in mine) for part in ("timeliness", "completeness", "validity")
    )
    return Quality(name, None, len(mine), (), times, figures, valid, tuple(d for q in mine for d in q.open))


def worst_first(rows: Iterable[Quality]) -> list[Quality]:
    """By score; of equal ones that with more open findings."""
    return sorted(rows, key=lambda q: (q.score is None, q.score or 0.0, -len(q.open), q.name))


def _sum(shares: Iterable[Share]) -> Share:
    all_of = list(shares)
    return Share(sum(s.good for s in all_of), sum(s.of for s in all_of))


@dataclass(frozen=True)
class Arrival:
    """How many figures of a period are there, when the first came, and whether any was corrected since."""

    there: int
    first: datetime
    corrected: bool = False


def _of(m: Definition, came: dict[date, Arrival], open_: tuple[Doubt, ...], today: date, ended: date | None) -> Quality:
    """ended: the newest period of a measure that figures stopped coming for: nothing after it counts."""
    begun = min((a.first for a in came.values()), default=None)
    if begun is None:
        return Quality(m.name, m, 1, (), Share(0, 0), Share(0, 0), Share(0, 0), open_)
    usual = median_high(a.there for a in came.values())
    by_period: dict[date, list[Doubt]] = {}
    for doubt in open_:
        by_period.setdefault(doubt.period, []).append(doubt)
    rows = tuple(
        _period(m, start, came.get(start), usual, begun.date(), tuple(by_period.get(start, ())))
        for start in _shown(m, min(came), max(came), today)
        if ended is None or start <= ended
    )
    counted = [p for p in rows if p.came != BEFORE]
    there = [p for p in rows if p.there]
    return Quality(
        m.name, m, 1, rows,
        Share(sum(p.came == ON_TIME for p in counted), len(counted)),
        Share(sum(min(p.there, p.expected) for p in rows), sum(p.expected for p in rows)),
        Share(sum(not p.doubts for p in there), len(there)),
        open_,
    )  # fmt: skip


def _shown(m: Definition, first: date, newest: date, today: date) -> list[date]:
    """The last twelve periods whose figures are due or there already, none before the first that is there."""
    last = periods.start_of(today - timedelta(days=m.reporting_lag), m.frequency, m.year_start)
    last = max(periods.move(last, m.frequency, -1), min(newest, periods.start_of(today, m.frequency, m.year_start)))
    starts = (periods.move(last, m.frequency, -n) for n in reversed(range(PERIODS)))
    return [s for s in starts if s >= first]


def _period(
    m: Definition, start: date, came: Arrival | None, usual: int, begun: date, found: tuple[Doubt, ...]
) -> Period:
    if came is None:
        return Period(start, MISSING, 0, 0, usual, found)
    kind, days = timely(m.due(start), came.first.date(), begun)
    return Period(start, kind, days, came.there, usual, found)


def timely(due: date, came: date, begun: date) -> tuple[str, int]:
    """How figures came that were wanted by `due`: on time, late by so many days, or before the city had the measure."""
    if due < begun:
        return BEFORE, 0
    late = (came - due).days
    return (LATE, late) if late > 0 else (ON_TIME, 0)


# Two questions, each by its own index: what is current, and when the first value came of what was corrected since.
_NOW = """
SELECT o.measure_id, o.period, count(*), min(o.run_id), sum(o.revision > 0)
FROM measure AS m JOIN observation AS o
  ON o.measure_id = m.id AND o.superseded_by IS NULL
 AND o.period >= CASE m.frequency {cases} END
WHERE m.retired = 0
GROUP BY o.measure_id, o.period"""
_CORRECTED = """
SELECT o.measure_id, o.period, min(o.run_id) FROM observation AS o
WHERE o.superseded_by > 0 AND o.revision = 0 AND o.period >= :oldest
GROUP BY o.measure_id, o.period"""


def arrivals(
    read: Session, measures: Sequence[Definition], since: Mapping[str, date]
) -> dict[int, dict[date, Arrival]]:
    """What came of each measure, by the period's first day. since: by frequency, the first period that is asked for."""
    cases = " ".join(f"WHEN '{f}' THEN '{day.isoformat()}'" for f, day in since.items())
    at = {row.id: row.at for row in read.execute(text("SELECT id, at FROM import_run"))}
    corrected = {
        (measure, period): run
        for measure, period, run in read.execute(text(_CORRECTED), {"oldest": min(since.values()).isoformat()})
    }
    wanted = {m.id for m in measures}
    found: dict[int, dict[date, Arrival]] = {}
    days: dict[str, date] = {}
    moments = {key: datetime.fromisoformat(when) for key, when in at.items()}
    for measure, period, n, run, revised in read.execute(text(_NOW.format(cases=cases))):
        if measure in wanted:
            first = min(run, corrected.get((measure, period), run)) if revised else run
            day = days.get(period) or days.setdefault(period, date.fromisoformat(period))
            found.setdefault(measure, {})[day] = Arrival(n, moments[first], bool(revised))
    return found


def _since(frequency: str, today: date) -> date:
    """Early enough for twelve due periods whatever the lag (up to two years), and to know when a measure began."""
    start = periods.start_of(today, frequency)
    return periods.move(start, frequency, -(PERIODS + 2)) - timedelta(days=731)
