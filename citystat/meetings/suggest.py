"""What the data proposes for an agenda, in the order of a stat meeting: promises, measures, what crosses, what was parked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.measures.standing import Standing, standings
from citystat.meetings.actions import promises_for
from citystat.meetings.agenda import Item, add_item, agenda, extend_item, parked, place_item
from citystat.meetings.meeting import MeetingRow, meeting, next_meeting
from citystat.meetings.series import remit
from citystat.models import Meeting, Note, SeriesMeasure
from citystat.screening.answers import ON_AGENDA, keep
from citystat.screening.finding import Finding
from citystat.texts import plural, tr

SINGLE = ("promises", "cross-department", "parking-lot")  # an agenda has one of these; a suggestion joins it
RANK = {"concern": 0, "neither": 2, "common": 3, "too few": 4, "improvement": 1}
MINUTES = 10  # for a measure
SIDE_BY_SIDE = 3  # charts that a room can compare


@dataclass(frozen=True)
class Suggestion:
    """Something for the agenda. mark: improvement, concern or ""; reason: why; questions: to ask in the room."""

    kind: str
    title: str
    reason: str
    minutes: int
    mark: str
    measure_ids: tuple[int, ...]
    questions: tuple[str, ...]

    @property
    def measure_id(self) -> int | None:
        """Its first measure."""
        return self.measure_ids[0] if self.measure_ids else None


def suggestions(
    read: Session, meeting_id: int, today: date, stand: Sequence[Standing] | None = None
) -> list[Suggestion]:
    """What is not on the agenda yet: late promises, what got worse, misses its target, got better, crosses, was parked.

    A measure is proposed once, with its finding. stand: every measure's standing, where the caller has it already.
    """
    row = meeting(read, meeting_id)
    items = agenda(read, meeting_id)
    on_it = {chart.measure_id for item in items for chart in item.measures}
    wanted = set(remit(read, row.series_id))
    mine = [s for s in (standings(read) if stand is None else stand) if not wanted or s.measure.id in wanted]
    found = [s for s in mine if s.measure.id not in on_it]
    return [
        *_promises(read, meeting_id, today, items),
        *(_worse(s) for s in found if s.signal == "concern"),
        *(_missed(s) for s in found if s.meets == "misses" and s.signal != "concern"),
        *(_better(s) for s in found if s.signal == "improvement" and s.meets != "misses"),
        *_crossing(mine, items),
        *_parked(read, meeting_id, items),
    ]


def take(city: City, meeting_id: int, suggestion: Suggestion) -> int:
    """Put a suggestion on the agenda, or join it to the item of its kind; returns the item's id."""
    with city.read() as read:
        there = next((i for i in agenda(read, meeting_id) if i.kind == suggestion.kind in SINGLE), None)
    if there is not None:
        extend_item(city, there.id, suggestion.measure_ids, suggestion.questions)
        return there.id
    return add_item(
        city, meeting_id, suggestion.kind, suggestion.title, suggestion.minutes, suggestion.measure_ids,
        questions=suggestion.questions,
    )  # fmt: skip


def take_finding(city: City, meeting_id: int, finding: Finding, *, now: datetime) -> int:
    """Put a finding's measure on the agenda, with what to ask, and keep that as the answer to it: one act. Returns the item's id."""

    with city.change(tr("Put {code} on the agenda", code=finding.measure.code)) as change:
        item = place_item(
            change, meeting_id, "measure", finding.measure.name, MINUTES, [finding.measure.id],
            questions=questions_for(finding.standing),
        )  # fmt: skip
        keep(change, finding, ON_AGENDA, city.who, now, item_id=item)
        return item


def suggestion_for(standing: Standing) -> Suggestion:
    """One measure as a suggestion, whatever it says."""
    if standing.signal == "improvement":
        return _better(standing)
    return _worse(standing) if standing.signal == "concern" else _missed(standing)


def meeting_for(read: Session, measure_id: int, today: date) -> MeetingRow | None:
    """The next meeting whose remit holds the measure; without one the next meeting at all."""
    in_remit = select(SeriesMeasure.series_id).where(SeriesMeasure.measure_id == measure_id)
    query = select(Meeting.series_id).where(
        Meeting.status == "planned", Meeting.day >= today, Meeting.series_id.in_(in_remit)
    )
    series_id = read.scalar(query.order_by(Meeting.day).limit(1))
    return next_meeting(read, today, series_id=series_id)


def note_win(city: City, measure_id: int, words: str, now: datetime) -> None:
    """Keep an improvement on the list of wins; it belongs to no meeting until one speaks of it."""
    with city.change(tr("Note as a win")) as change:
        change.add(Note(kind="win", text=words, line=words, measure_id=measure_id, at=now, meeting_id=None))


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


def _promises(read: Session, meeting_id: int, today: date, items: Sequence[Item]) -> list[Suggestion]:
    rows = promises_for(read, meeting_id, today)
    if not rows or any(i.kind == "promises" for i in items):
        return []
    late = sum(1 for r in rows if r.days_late)
    reason = plural(len(rows), "{n} open promise, {late} late", "{n} open promises, {late} late", late=late)
    return [Suggestion("promises", tr("Promises from last time"), reason, 15, "concern" if late else "", (), ())]


def _worse(s: Standing) -> Suggestion:
    return Suggestion("measure", s.measure.name, s.headline, MINUTES, "concern", (s.measure.id,), questions_for(s))


def _missed(s: Standing) -> Suggestion:
    better = "improvement" if s.signal == "improvement" else ""
    return Suggestion("measure", s.measure.name, s.headline, MINUTES, better, (s.measure.id,), questions_for(s))


def _better(s: Standing) -> Suggestion:
    return Suggestion("measure", s.measure.name, s.headline, 5, "improvement", (s.measure.id,), questions_for(s))


def _crossing(mine: Sequence[Standing], items: Sequence[Item]) -> list[Suggestion]:
    """Measures of different departments that are in trouble at the same time, side by side."""
    if any(i.kind == "cross-department" and i.measures for i in items):
        return []
    trouble = [s for s in mine if s.signal == "concern" or s.meets == "misses"]
    first: dict[str, Standing] = {}
    for s in sorted(trouble, key=lambda s: RANK[s.signal]):
        if s.measure.department:
            first.setdefault(s.measure.department, s)
    chosen = list(first.values())[:SIDE_BY_SIDE]
    if len(chosen) < 2:
        return []
    names = ", ".join(f"{s.measure.name} ({s.measure.department})" for s in chosen)
    return [
        Suggestion(
            "cross-department", tr("What crosses departments"),
            tr("In trouble at the same time: {measures}", measures=names), 13, "concern",
            tuple(s.measure.id for s in chosen),
            (tr("Does one of these cause the other, or do they share a cause?"), tr("What can one department do for the other?")),
        )
    ]  # fmt: skip


def _parked(read: Session, meeting_id: int, items: Sequence[Item]) -> list[Suggestion]:
    """What the last meeting put into its parking lot and this agenda does not speak of."""
    asked = {q for item in items for q in item.questions}
    left = tuple(text for text in parked(read, meeting_id) if text not in asked)
    if not left:
        return []
    reason = plural(len(left), "{n} thing left from last time: ", "{n} things left from last time: ") + "; ".join(left)
    return [Suggestion("parking-lot", tr("Parking lot"), reason, 5, "", (), left)]
