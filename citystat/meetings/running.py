"""A meeting under way: which item, for how long, and what was on the wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.city.journal import last_act
from citystat.errors import CityStatError
from citystat.meetings.agenda import Item
from citystat.meetings.meeting import MeetingRow, editable, free_day
from citystat.models import AgendaItem, Attendance, Meeting, MeetingSeries, Observation, Shown
from citystat.texts import tr


@dataclass(frozen=True)
class Running:
    """Where a meeting is; read back after a crash, too."""

    status: str
    current_item_id: int | None


@dataclass(frozen=True)
class Clock:
    """Time used. seconds: by item id; behind_minutes: positive when behind the plan, negative when ahead."""

    spent_minutes: float
    behind_minutes: float
    seconds: dict[int, int]


def start(city: City, meeting_id: int, now: datetime, *, day: date | None = None) -> None:
    """Begin; everybody expected counts as present until said otherwise. A running meeting goes on.

    day: on which it is really held, where that is not the planned one; CityStatError where the series meets then anyway.
    """
    with city.change(tr("Start meeting")) as change:
        row = _meeting(change, meeting_id)
        if row.status == "running":
            return
        if row.status != "planned":
            raise CityStatError(tr("This meeting has been held"), do=tr("Plan the next one"))
        if day is not None and day != row.day:
            free_day(change, change.get_one(MeetingSeries, row.series_id), day, but=row.id)
            row.day = day
        row.status, row.started_at = "running", now
        expected = select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.status == "expected")
        for person in change.scalars(expected):
            person.status = "present"


def enter(city: City, meeting_id: int, item_id: int, now: datetime) -> None:
    """The room turns to an item; the clock of the one before stops. No step of undo: nothing was typed."""
    with city.change(tr("Turn to agenda item"), undoable=False) as change:
        row = _meeting(change, meeting_id)
        editable(row)
        if row.status != "running" or row.current_item_id == item_id:
            return
        _stop_clock(change, row, now)
        item = change.get(AgendaItem, item_id)
        if item is not None:
            item.entered_at = now
        row.current_item_id = item_id


def show(
    city: City, meeting_id: int, item_id: int | None, measure_id: int, view: Mapping[str, str], now: datetime
) -> None:
    """Record that a chart was on the wall, with the newest import and act it could know of. No step of undo."""
    with city.change(tr("Show chart"), undoable=False) as change:
        editable(_meeting(change, meeting_id))
        run, act = change.scalar(select(func.max(Observation.run_id))), last_act(change)
        change.add(
            Shown(
                meeting_id=meeting_id, item_id=item_id, measure_id=measure_id, view=dict(view), at=now,
                run_id=run, act_id=act,
            )
        )  # fmt: skip


def adjourn(city: City, meeting_id: int, now: datetime) -> None:
    """End the meeting."""
    with city.change(tr("Adjourn")) as change:
        row = _meeting(change, meeting_id)
        editable(row)
        if row.status == "running":
            _stop_clock(change, row, now)
            row.status, row.ended_at, row.current_item_id = "adjourned", now, None


def state(read: Session, meeting_id: int) -> Running:
    """Where the meeting is."""
    found = read.execute(select(Meeting.status, Meeting.current_item_id).where(Meeting.id == meeting_id)).one()
    return Running(found[0], found[1])


def clock(items: Sequence[Item], meeting: MeetingRow, now: datetime) -> Clock:
    """Time used by each item and in all.

    Behind: what the items that are done took beyond their plan, and what an item that is not done took beyond its own.
    Going back to an item, or skipping one, moves no other item's account.
    """
    seconds = {i.id: i.seconds + (int((now - i.entered_at).total_seconds()) if i.entered_at else 0) for i in items}
    spent = (now - meeting.started_at).total_seconds() / 60 if meeting.started_at else 0.0
    reached = max((n for n, i in enumerate(items) if seconds[i.id] or i.entered_at), default=-1)
    over = [seconds[i.id] / 60 - i.minutes for i in items[: reached + 1]]
    done = [n < reached and not i.entered_at for n, i in enumerate(items[: reached + 1])]
    return Clock(spent, sum(m if d else max(0.0, m) for m, d in zip(over, done, strict=True)), seconds)


def _meeting(change: Change, meeting_id: int) -> Meeting:
    row = change.get(Meeting, meeting_id)
    if row is None:
        raise CityStatError(tr("There is no meeting {id}", id=meeting_id))
    return row


def _stop_clock(change: Change, meeting: Meeting, now: datetime) -> None:
    item = change.get(AgendaItem, meeting.current_item_id) if meeting.current_item_id else None
    if item is not None and item.entered_at is not None:
        item.seconds += max(0, int((now - item.entered_at).total_seconds()))
        item.entered_at = None
