"""What was said of a finding: accepted, dismissed with a reason, or put on an agenda. Findings are worked out anew; answers are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.models import FindingAnswer
from citystat.screening.finding import CHANGE, ENDANGERED, SIGNAL, Finding, Key
from citystat.texts import tr

ACCEPTED, DISMISSED, ON_AGENDA = "accepted", "dismissed", "on agenda"
LEVEL = (SIGNAL, ENDANGERED, CHANGE)  # names of one thing: a level that moved
NEAR = 2  # periods by which the beginning of the same finding may move as limits are worked out anew


@dataclass(frozen=True)
class Answer:
    """state: ACCEPTED, DISMISSED or ON_AGENDA · reason: of one dismissed."""

    state: str
    reason: str
    who: str
    at: datetime


def answers(read: Session) -> dict[Key, Answer]:
    """By the key that a finding had when it was answered, what was said of it."""
    return {
        (a.measure_id, a.cell_id, a.kind, a.period): Answer(a.state, a.reason, a.who, a.at)
        for a in read.scalars(select(FindingAnswer))
    }


def said_of(found: Sequence[Finding], said: dict[Key, Answer]) -> dict[Key, Answer]:
    """By finding the answer that holds for it: that of the same finding, whose name or beginning may have moved meanwhile.

    A finding that began after it was answered is another, though it is of the same measure.
    """
    of: dict[tuple[int, int], list[tuple[Key, Answer]]] = {}
    for key, one in said.items():
        of.setdefault(key[:2], []).append((key, one))
    held = {f.key: _answer_to(f, of.get(f.key[:2], [])) for f in found}
    return {key: one for key, one in held.items() if one is not None}


def unanswered(found: Sequence[Finding], said: dict[Key, Answer]) -> list[Finding]:
    """Those that wait: they stand by themselves, and nothing was said of them since they began."""
    held = said_of(found, said)
    return [f for f in found if f.key not in held and f.under is None]


def _answer_to(f: Finding, said: Sequence[tuple[Key, Answer]]) -> Answer | None:
    """The newest answer to what `f` is."""
    mine = [one for key, one in said if key == f.key or _same(f, key, one.at.date())]
    return max(mine, key=lambda one: one.at, default=None)


def _same(f: Finding, key: Key, day: date) -> bool:
    """Whether what was answered on `day` is `f`: a level that moved, or the same kind, and begun at about the same time, before that day."""
    kind, began, frequency = key[2], key[3], f.measure.frequency
    alike = kind == f.kind or (kind in LEVEL and f.kind in LEVEL)
    apart = abs(periods.between(began, f.since, frequency))
    return alike and apart <= NEAR and f.since < periods.start_of(day, frequency, f.measure.year_start)


def answer(city: City, finding: Finding, state: str, *, now: datetime, reason: str = "") -> None:
    """Keep what is said of a finding, in place of what was said before. CityStatError: dismissed without a reason."""
    if state == DISMISSED and not reason.strip():
        raise CityStatError(tr("A finding is dismissed with a reason"), do=tr("Say why it is none"))
    with city.change(tr("Answer a finding on {code}", code=finding.measure.code)) as change:
        keep(change, finding, state, city.who, now, reason=reason.strip())


def keep(
    change: Change,
    finding: Finding,
    state: str,
    who: str,
    now: datetime,
    *,
    reason: str = "",
    item_id: int | None = None,
) -> None:
    """`answer` as a part of a larger act. item_id: of the agenda item that it was put into."""
    measure, cell, kind, period = finding.key
    same = select(FindingAnswer).where(
        FindingAnswer.measure_id == measure, FindingAnswer.cell_id == cell, FindingAnswer.kind == kind,
        FindingAnswer.period == period,
    )  # fmt: skip
    row = change.scalars(same).first()
    if row is None:
        row = FindingAnswer(measure_id=measure, cell_id=cell, kind=kind, period=period, state=state, who=who, at=now)
        change.add(row)
    row.state, row.reason, row.item_id, row.who, row.at = state, reason, item_id, who, now
