"""Planning a meeting: on a day, with its agenda; moved to another day, cancelled, planned again."""

from __future__ import annotations

from datetime import date, time

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.meetings.agenda import lay_standard_agenda
from citystat.meetings.meeting import free_day, planned
from citystat.models import Meeting, MeetingSeries
from citystat.texts import tr


def plan(city: City, series_id: int, day: date) -> int:
    """Put the series' next meeting on `day`: members expected, standard agenda, what was parked carried over."""
    with city.change(tr("Plan meeting on {day}", day=periods.day_label(day))) as change:
        made = planned(change, series_id, day)
        lay_standard_agenda(change, made)
        return made


def move(
    city: City, meeting_id: int, *, day: date, starts: time, minutes: int, place: str, chair_id: int | None = None
) -> None:
    """Another day, hour, length, place or chair for a planned meeting; CityStatError where the day is taken."""
    if minutes < 1:
        raise CityStatError(tr("A meeting lasts at least a minute"), do=tr("Type its length in minutes"))
    with city.change(tr("Move meeting to {day}", day=periods.day_label(day))) as change:
        row = _planned(change, meeting_id)
        series = change.get_one(MeetingSeries, row.series_id)
        free_day(change, series, day, but=row.id)
        row.day, row.starts, row.minutes, row.place, row.chair_id = day, starts, minutes, place.strip(), chair_id


def cancel(city: City, meeting_id: int) -> None:
    """The meeting is not held; it stays on record as cancelled, with its agenda."""
    with city.change(tr("Cancel meeting")) as change:
        _planned(change, meeting_id).status = "cancelled"


def plan_again(city: City, meeting_id: int) -> None:
    """A cancelled meeting is held after all; CityStatError where its day is taken by now."""
    with city.change(tr("Plan meeting again")) as change:
        row = change.get(Meeting, meeting_id)
        if row is None or row.status != "cancelled":
            raise CityStatError(tr("Only a cancelled meeting can be planned again"), do=tr("Look at the list again"))
        free_day(change, change.get_one(MeetingSeries, row.series_id), row.day, but=row.id)
        row.status = "planned"


def _planned(change: Change, meeting_id: int) -> Meeting:
    row = change.get(Meeting, meeting_id)
    if row is None or row.status != "planned":
        raise CityStatError(
            tr("Only a planned meeting can be moved or cancelled"), do=tr("This one has begun, or is over")
        )
    return row
