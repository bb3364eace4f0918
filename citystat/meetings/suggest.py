"""What the data proposes for an agenda, in the order of a stat meeting: promises, missed targets and signals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.measures.standing import Standing, standings
from citystat.meetings.actions import promises_for
from citystat.meetings.agenda import add_item, agenda
from citystat.meetings.meeting import meeting
from citystat.meetings.series import remit
from citystat.texts import plural, tr


@dataclass(frozen=True)
class Suggestion:
    """Something for the agenda. mark: improvement, concern or ""; questions: to ask in the room."""

    kind: str
    title: str
    reason: str
    minutes: int
    mark: str
    measure_id: int | None
    questions: tuple[str, ...]


def suggestions(read: Session, meeting_id: int, today: date) -> list[Suggestion]:
    """What is not on the agenda yet: late promises first, then what got worse, misses its target, got better."""
    row = meeting(read, meeting_id)
    items = agenda(read, meeting_id)
    on_it = {chart.measure_id for item in items for chart in item.measures}
    wanted = set(remit(read, row.series_id))
    found = [s for s in standings(read) if s.measure.id not in on_it and (not wanted or s.measure.id in wanted)]
    return [
        *_promises(read, meeting_id, today, any(i.kind == "promises" for i in items)),
        *(_worse(s) for s in found if s.signal == "concern"),
        *(_missed(s) for s in found if s.meets == "misses" and s.signal != "concern"),
        *(_better(s) for s in found if s.signal == "improvement"),
    ]


def take(city: City, meeting_id: int, suggestion: Suggestion) -> int:
    """Put a suggestion on the agenda; returns the item's id."""
    return add_item(
        city, meeting_id, suggestion.kind, suggestion.title, suggestion.minutes,
        [suggestion.measure_id] if suggestion.measure_id else [],
        questions=suggestion.questions, narrative=suggestion.reason,
    )  # fmt: skip


def questions_for(standing: Standing) -> tuple[str, ...]:
    """Two or three questions that a panel would ask of this finding."""
    m = standing.measure.name
    if standing.signal == "concern":
        since = standing.since or standing.last_period
        return (
            tr("What changed in {since}?", since=since),
            tr("Which part of “{measure}” drives it?", measure=m),
            tr("What will bring it back, and by when shall we see it?"),
        )
    if standing.meets == "misses":
        return (
            tr("The process as it runs does not reach the target. What would have to change in it?"),
            tr("Who decides on that, and by when?"),
        )
    if standing.signal == "improvement":
        return (tr("What was done, and where else can it be done?"), tr("What keeps it from slipping back?"))
    return (tr("What do we expect by the next meeting?"),)


def _promises(read: Session, meeting_id: int, today: date, there: bool) -> list[Suggestion]:
    rows = promises_for(read, meeting_id, today)
    if there or not rows:
        return []
    late = sum(1 for r in rows if r.days_late)
    reason = plural(len(rows), "{n} open promise, {late} late", "{n} open promises, {late} late", late=late)
    return [Suggestion("promises", tr("Promises from last time"), reason, 15, "concern" if late else "", None, ())]


def _worse(s: Standing) -> Suggestion:
    return Suggestion("measure", s.measure.name, s.headline, 10, "concern", s.measure.id, questions_for(s))


def _missed(s: Standing) -> Suggestion:
    return Suggestion("measure", s.measure.name, s.headline, 10, "", s.measure.id, questions_for(s))


def _better(s: Standing) -> Suggestion:
    return Suggestion("measure", s.measure.name, s.headline, 5, "improvement", s.measure.id, questions_for(s))
