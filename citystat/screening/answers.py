"""What was said of a finding: accepted, dismissed with a reason, or put on an agenda. Findings are worked out anew; answers are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import FindingAnswer
from citystat.screening.found import Finding
from citystat.texts import tr

ACCEPTED, DISMISSED, ON_AGENDA = "accepted", "dismissed", "on agenda"
Key = tuple[int, int, str, date]


@dataclass(frozen=True)
class Answer:
    """state: ACCEPTED, DISMISSED or ON_AGENDA · reason: of one dismissed."""

    state: str
    reason: str
    who: str
    at: datetime


def answers(read: Session) -> dict[Key, Answer]:
    """By the finding's key what was said of it."""
    return {
        (a.measure_id, a.cell_id, a.kind, a.period): Answer(a.state, a.reason, a.who, a.at)
        for a in read.scalars(select(FindingAnswer))
    }


def unanswered(found: Sequence[Finding], said: dict[Key, Answer]) -> list[Finding]:
    """Those that wait: nothing was said of them since they began."""
    return [f for f in found if f.key not in said]


def answer(
    city: City, finding: Finding, state: str, *, now: datetime, reason: str = "", item_id: int | None = None
) -> None:
    """Keep what is said of a finding, in place of what was said before. CityStatError: dismissed without a reason."""
    if state == DISMISSED and not reason.strip():
        raise CityStatError(tr("A finding is dismissed with a reason"), do=tr("Say why it is none"))
    measure, cell, kind, period = finding.key
    with city.change(tr("Answer a finding on {code}", code=finding.measure.code)) as change:
        same = select(FindingAnswer).where(
            FindingAnswer.measure_id == measure, FindingAnswer.cell_id == cell, FindingAnswer.kind == kind,
            FindingAnswer.period == period,
        )  # fmt: skip
        row = change.scalars(same).first()
        if row is None:
            row = FindingAnswer(
                measure_id=measure, cell_id=cell, kind=kind, period=period, state=state, who=city.who, at=now
            )
            change.add(row)
        row.state, row.reason, row.item_id, row.who, row.at = state, reason.strip(), item_id, city.who, now
