"""Promises as they stood when a meeting ended, whatever became of them since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from citystat.meetings.actions import ActionRow, actions, promises_for
from citystat.meetings.forms import OPEN
from citystat.meetings.meeting import MeetingRow, previous_meeting
from citystat.models import ActionUpdate


def made_in(read: Session, row: MeetingRow, today: date) -> list[ActionRow]:
    """What was promised in the meeting, in the chair's order; as it stood at its end, or stands today before that."""
    rows = _as_held(read, actions(read, today, meeting=row.id), row)
    return sorted(rows, key=lambda a: (a.rank is None, a.rank or 0, a.number))


def looked_back_at(read: Session, row: MeetingRow, today: date) -> list[ActionRow]:
    """Promises of earlier meetings of the series: open at the meeting's end, or closed since the one before."""
    rows = _as_held(read, promises_for(read, row.id, today), row)
    before = previous_meeting(read, row)
    return [a for a in rows if a.open or (before and a.closed_on and a.closed_on >= before.day)]


def _as_held(read: Session, rows: Sequence[ActionRow], row: MeetingRow) -> list[ActionRow]:
    """Every step taken after the meeting's end is taken back, but for those that were recorded as the meeting's own."""
    if row.ended_at is None:
        return list(rows)
    u = ActionUpdate
    later = select(u).where(
        u.at > row.ended_at,
        u.action_id.in_([a.id for a in rows]),
        or_(u.meeting_id.is_(None), u.meeting_id != row.id),
    )
    before: dict[int, dict[str, object]] = {}
    for step in read.scalars(later.order_by(u.at.desc(), u.id.desc())):
        known = before.setdefault(step.action_id, {})
        if step.status_after:
            known["status"] = step.status_before
        if step.due_after:
            known["due"] = step.due_before
    return [_at_the_end(a, before.get(a.id, {}), row.day) for a in rows]


def _at_the_end(action: ActionRow, before: dict[str, object], day: date) -> ActionRow:
    then: ActionRow = replace(action, **before)  # type: ignore[arg-type]
    late = (day - then.due).days if then.due and then.status in OPEN else 0
    return replace(then, closed_on=None if then.open else then.closed_on, days_late=max(0, late))
