"""Databases and services are asked by themselves from the day on which a measure's next figures are due, once a day until they came.

What their recipe does not know waits for a person; one that does not answer is asked again later, each time later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.collect import answers, recipes, sources, watching
from citystat.collect.answers import Outcome
from citystat.collect.readers import Progress
from citystat.collect.secrets import Secrets
from citystat.collect.sources import SourceRow
from citystat.collect.watching import Arrival, Taken
from citystat.models import ImportRun, Measure, Total
from citystat.texts import plural, tr


@dataclass(frozen=True)
class Due:
    """What a source owes next. measure: a code · period: its first day · on: the day from which the source is asked."""

    source: SourceRow
    measure: str
    period: date
    on: date


@dataclass(frozen=True)
class State:
    """How it stands with a source that is asked by itself, in words; concern: a person must look; tip: why."""

    words: str
    concern: bool = False
    tip: str = ""


def expected(read: Session) -> list[Due]:
    """For each database and service that a recipe reads, the figures that are due first; the earliest day first."""
    rows = {s.id: s for s in sources.sources(read) if s.kind not in ("file", "folder")}
    theirs = [k for k in recipes.kept(read) if k.source_id in rows] if rows else []
    owed = _owed(read, {m.code for k in theirs for m in k.recipe.measures})
    found: dict[int, Due] = {}
    for kept in theirs:
        for on, period, code in sorted(owed[m.code] for m in kept.recipe.measures if m.code in owed):
            due = Due(rows[kept.source_id or 0], code, period, on)
            if due.source.id not in found or on < found[due.source.id].on:
                found[due.source.id] = due
            break
    return sorted(found.values(), key=lambda d: (d.on, d.source.name))


def due(read: Session, now: datetime, *, watched: bool = True) -> list[Due]:
    """The sources to be asked now: their figures are due, and they were not asked today. watched: only those that a person wants asked."""
    last = select(ImportRun.source_id, func.max(ImportRun.at)).where(ImportRun.source_id.is_not(None))
    came = {row[0]: row[1] for row in read.execute(last.group_by(ImportRun.source_id))}
    said = answers.outcomes(read)
    return [
        d for d in expected(read)
        if d.on <= now.date() and (d.source.watched or not watched)
        and not (d.source.id in came and came[d.source.id].date() >= now.date())
        and not (d.source.id in said and said[d.source.id].again > now)
    ]  # fmt: skip


def ask(city: City, secrets: Secrets, *, now: datetime, progress: Progress | None = None) -> list[Taken]:
    """Ask every watched source that is due, and bring in what needs no person."""
    with city.read() as read:
        wanted = due(read, now)
    found = []
    for each in wanted:
        taken = watching.take_in(city, Arrival(each.source), secrets, now=now, progress=progress, by_itself=True)
        with city.read() as read:
            answers.note(read, each.source.id, each.source.name, why=taken.why, reached=taken.reached, now=now)
        found.append(taken)
    return found


def states(read: Session, now: datetime) -> dict[int, State]:
    """How it stands with each source that is asked by itself, by its id."""
    said = answers.outcomes(read)
    return {d.source.id: _state(d, said.get(d.source.id), now) for d in expected(read) if d.source.watched}


def _state(due: Due, said: Outcome | None, now: datetime) -> State:
    if said is not None and not said.reached:
        return State(tr("◆ no answer; again at {time}", time=f"{said.again:%H:%M}"), True, said.why)
    if said is not None and said.why:
        return State(tr("◆ waits for you"), True, said.why)
    day = periods.day_label(due.on)
    return State(tr("due since {day}", day=day)) if due.on <= now.date() else State(tr("is asked on {day}", day=day))


def told(taken: Iterable[Taken]) -> str:
    """What came and what did not, a sentence for each source; "" where nothing did."""
    words = []
    for t in taken:
        name = t.arrival.source.name
        if t.why and t.reached:
            words.append(tr("{name} waits for you: {why}.", name=name, why=t.why.rstrip(".")))
        elif t.why:
            words.append(tr("{name} did not answer; it is asked again later.", name=name))
        elif t.done and t.done.added + t.done.revised:
            n = t.done.added + t.done.revised
            words.append(
                plural(n, "{name}: {some} value came in by itself.", "{name}: {some} values came in by themselves.", name=name, some=f"{n:,}")
            )  # fmt: skip
    return " ".join(words)


def _owed(read: Session, codes: set[str]) -> dict[str, tuple[date, date, str]]:
    """For each measure in use the day its next figures are due, their period, and its code; at once where it has none yet."""
    newest = (
        select(Total.measure_id, func.max(Total.period).label("period")).where(Total.value.is_not(None)).group_by(Total.measure_id).subquery()
    )  # fmt: skip
    query = select(Measure.code, Measure.frequency, Measure.reporting_lag, newest.c.period).outerjoin(
        newest, newest.c.measure_id == Measure.id
    )
    found = {}
    for code, frequency, lag, period in read.execute(query.where(Measure.code.in_(codes), Measure.retired.is_(False))):
        following = periods.move(period, frequency, 1) if period else date.min
        on = periods.end_of(following, frequency) + timedelta(days=lag) if period else date.min
        found[code] = (on, following, code)
    return found
