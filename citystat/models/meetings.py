"""Meeting series, meetings, their agenda, who was there and what was on the wall."""

from datetime import date, datetime, time

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed


class MeetingSeries(Keyed):
    """A stat meeting that comes again: PublicSafetyStat. rhythm: in words ("second Tuesday of the month")."""

    __tablename__ = "meeting_series"
    name: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str] = mapped_column(default="")
    rhythm: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    starts: Mapped[time] = mapped_column(default=time(10, 0))
    minutes: Mapped[int] = mapped_column(default=90)
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SeriesMeasure(Base):
    """A measure in the remit of a series."""

    __tablename__ = "series_measure"
    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)


class SeriesMember(Base):
    """Who sits in a series, as what: chair, panel, department head, budget, analyst."""

    __tablename__ = "series_member"
    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(default="panel")


class Meeting(Keyed):
    """One stat meeting. status: planned → running → adjourned → approved."""

    __tablename__ = "meeting"
    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id"), index=True)
    number: Mapped[int]
    day: Mapped[date]
    starts: Mapped[time] = mapped_column(default=time(10, 0))
    minutes: Mapped[int] = mapped_column(default=90)
    place: Mapped[str] = mapped_column(default="")
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(default="planned")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    current_item_id: Mapped[int | None]
    memo_sent_at: Mapped[datetime | None]
    followup_sent_at: Mapped[datetime | None]
    answers_due: Mapped[date | None]


class AgendaItem(Keyed):
    """One item. kind: good-news, promises, measure, topic, cross-department, parking-lot, read-back.

    narrative: a paragraph for the briefing memo. questions: one a line, to ask in the room.
    seconds: time spent on it so far in the meeting.
    """

    __tablename__ = "agenda_item"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=5)
    presenter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    narrative: Mapped[str] = mapped_column(default="")
    questions: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0)


class ItemMeasure(Keyed):
    """A chart of an item, in its order. view: {"from": "2024-07", "by": "District"} where it is not the usual one."""

    __tablename__ = "item_measure"
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    position: Mapped[int]
    view: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Attendance(Base):
    """Who was expected and who came. status: expected, present, absent, excused. stands_in: for whom somebody came."""

    __tablename__ = "attendance"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(default="panel")
    status: Mapped[str] = mapped_column(default="expected")
    stands_in: Mapped[str] = mapped_column(default="")


class Shown(Keyed):
    """A chart that was on the wall: which, when, how, and what it could know of ("as shown").

    run_id: the newest import run then; act_id: the newest act then (targets and words on the chart follow the
    journal); NULL where it was not recorded.
    """

    __tablename__ = "shown"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    at: Mapped[datetime]
    view: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    act_id: Mapped[int | None]
