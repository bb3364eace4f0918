"""What is written down in a meeting: notes, questions, decisions, action items and what became of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Entry(Keyed):
    """What every captured line carries: its words, when, and what was on the wall."""

    __abstract__ = True
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    text: Mapped[str]
    line: Mapped[str] = mapped_column(default="")  # as typed
    at: Mapped[datetime]
    as_shown: Mapped[str] = mapped_column(default="")  # "93.3 %, Feb 2026"


class Note(Entry):
    """kind: note, win (good news) or parked (parking lot)."""

    __tablename__ = "note"
    kind: Mapped[str] = mapped_column(default="note")


class Question(Entry):
    """A question to somebody; its answer comes in the room or later."""

    __tablename__ = "question"
    asked_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due: Mapped[date | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


class Decision(Entry):
    """A decision, numbered through the city's years."""

    __tablename__ = "decision"
    number: Mapped[int]


class ActionItem(Entry):
    """A promise: who does what, in which form, by when.

    number: through the city's years ("A-112"). form: see citystat.meetings.forms.
    status: open, in progress, blocked, done (awaits verification), verified, dropped.
    rank: the chair's order at the read-back, 1 first. read_back: read aloud and agreed.
    """

    __tablename__ = "action_item"
    number: Mapped[int] = mapped_column(unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    form: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="open")
    priority: Mapped[str] = mapped_column(default="")
    rank: Mapped[int | None]
    read_back: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]


class ActionUpdate(Keyed):
    """One step in an action item's history; fields that did not change stay empty."""

    __tablename__ = "action_update"
    action_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    at: Mapped[datetime]
    who: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    status_before: Mapped[str] = mapped_column(default="")
    status_after: Mapped[str] = mapped_column(default="")
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
