"""Meetings: planned, running, adjourned, approved, or cancelled; and who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.models import Attendance, Department, Meeting, MeetingSeries, Person, SeriesMember
from citystat.texts import tr


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with its series' name and its chair's."""

    id: int
    series_id: int
    series: str
    number: int
    day: date
    starts: time
    minutes: int
    place: str
    chair: str
    chair_id: int | None
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    memo_sent_at: datetime | None
    followup_sent_at: datetime | None
    answers_due: date | None


@dataclass(frozen=True)
class Attendee:
    """Somebody expected at a meeting. status: expected, present, absent, excused."""

    person_id: int
    name: str
    initials: str
    title: str
    department: str
    role: str
    status: str
    stands_in: str


def meetings(read: Session) -> list[MeetingRow]:
    """All meetings, newest first."""
    return _rows(read, _query().order_by(Meeting.day.desc(), Meeting.id.desc()))


def meeting(read: Session, meeting_id: int) -> MeetingRow:
    """One meeting; CityStatError where there is none."""
    found = _rows(read, _query().where(Meeting.id == meeting_id))
    if not found:
        raise CityStatError(tr("There is no meeting {id}", id=meeting_id), do=tr("“citystat meeting list” lists them"))
    return found[0]


def next_meeting(
    read: Session, today: date, *, series_id: int | None = None, after: date | None = None
) -> MeetingRow | None:
    """The running meeting, or the nearest planned one from `today` on (of a series, after a day)."""
    query = _query().where(Meeting.status.in_(("planned", "running")), Meeting.day >= (after or today))
    if series_id is not None:
        query = query.where(Meeting.series_id == series_id)
    if after is not None:
        query = query.where(Meeting.day > after)
    found = _rows(read, query.order_by(Meeting.status.desc(), Meeting.day, Meeting.starts).limit(1))
    return found[0] if found else None


def previous_meeting(read: Session, row: MeetingRow) -> MeetingRow | None:
    """The one before it in its series."""
    query = _query().where(Meeting.series_id == row.series_id, Meeting.day < row.day, Meeting.status != "cancelled")
    found = _rows(read, query.order_by(Meeting.day.desc()).limit(1))
    return found[0] if found else None


def awaiting(read: Session) -> list[tuple[int, str, date]]:
    """Meetings held whose minutes nobody approved, newest first: (id, series, day)."""
    query = select(Meeting.id, MeetingSeries.name, Meeting.day).join(
        MeetingSeries, MeetingSeries.id == Meeting.series_id
    )
    found = read.execute(query.where(Meeting.status == "adjourned").order_by(Meeting.day.desc(), Meeting.id.desc()))
    return [(key, series, day) for key, series, day in found]


def plan_meeting(city: City, series_id: int, day: date) -> int:
    """Put the series' next meeting on `day`, its members expected; returns its id."""
    with city.change(tr("Plan meeting")) as change:
        return planned(change, series_id, day)


def planned(change: Change, series_id: int, day: date) -> int:
    """`plan_meeting` as a part of a larger act."""
    series = change.get(MeetingSeries, series_id)
    if series is None:
        raise CityStatError(tr("There is no such series"), do=tr("Make the series first"))
    if not periods.EARLIEST <= day <= periods.LATEST:
        raise CityStatError(tr("Nobody meets on {day}", day=day.isoformat()), do=tr("Choose another day"))
    free_day(change, series, day)
    number = 1 + (change.scalar(select(func.max(Meeting.number)).where(Meeting.series_id == series_id)) or 0)
    row = Meeting(
        series_id=series_id, number=number, day=day, starts=series.starts, minutes=series.minutes,
        place=series.place, chair_id=series.chair_id,
    )  # fmt: skip
    change.add(row)
    change.flush()
    members = change.execute(
        select(SeriesMember.person_id, SeriesMember.role).where(SeriesMember.series_id == series_id)
    )
    change.add_all(Attendance(meeting_id=row.id, person_id=p, role=role) for p, role in members)
    return row.id


def free_day(read: Session, series: MeetingSeries, day: date, but: int | None = None) -> None:
    """CityStatError where the series already meets on `day` (in another meeting than `but`)."""
    same = select(Meeting.id).where(
        Meeting.series_id == series.id, Meeting.day == day, Meeting.status != "cancelled", Meeting.id != (but or 0)
    )
    if read.scalar(same.limit(1)) is not None:
        raise CityStatError(
            tr("{series} already meets on {day}", series=series.name, day=periods.weekday_label(day)),
            do=tr("Choose another day"),
        )


def attendance(read: Session, meeting_id: int) -> list[Attendee]:
    """Who is expected or came; chair first, then by role and name."""
    query = (
        select(Attendance, Person, Department.name)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Attendance.meeting_id == meeting_id)
        .order_by(Attendance.role != "chair", Attendance.role, Person.name)
    )
    return [
        Attendee(p.id, p.name, p.initials, p.title, department or "", a.role, a.status, a.stands_in)
        for a, p, department in read.execute(query)
    ]


def set_present(city: City, meeting_id: int, person_id: int, status: str, role: str = "guest") -> None:
    """Record that somebody is present, absent or excused; who was not expected comes as a guest."""
    with city.change(tr("Mark {status}", status=tr(status))) as change:
        meeting = change.get(Meeting, meeting_id)
        if meeting is not None:
            editable(meeting)
        row = change.get(Attendance, (meeting_id, person_id))
        if row is None:
            row = Attendance(meeting_id=meeting_id, person_id=person_id, role=role)
            change.add(row)
        row.status = status


def editable(row: MeetingRow | Meeting) -> None:
    """CityStatError where the minutes are approved: their record is locked."""
    if row.status == "approved":
        raise CityStatError(
            tr("The minutes of this meeting are approved and locked"), do=tr("Add an amendment; it will be marked")
        )


def _query() -> Select[Meeting, str, str]:
    return (
        select(Meeting, MeetingSeries.name, Person.name)
        .join(MeetingSeries, MeetingSeries.id == Meeting.series_id)
        .outerjoin(Person, Person.id == Meeting.chair_id)
    )


def _rows(read: Session, query: Select[Meeting, str, str]) -> list[MeetingRow]:
    return [
        MeetingRow(
            m.id, m.series_id, series, m.number, m.day, m.starts, m.minutes, m.place, chair or "", m.chair_id, m.status,
            m.started_at, m.ended_at, m.memo_sent_at, m.followup_sent_at, m.answers_due,
        )
        for m, series, chair in read.execute(query)
    ]  # fmt: skip
