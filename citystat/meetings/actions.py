"""The action register: every promise, who owes it, in which form, by when, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.meetings.due import believable
from citystat.meetings.forms import OPEN, STATUSES
from citystat.meetings.marks import wanting
from citystat.meetings.meeting import editable
from citystat.models import ActionItem, ActionUpdate, AgendaItem, Department, Measure, Meeting, MeetingSeries, Person
from citystat.texts import tr


@dataclass(frozen=True)
class ActionRow:
    """A promise. days_late: past its due date and still open, 0 otherwise; unfinished: what it still lacks."""

    id: int
    number: int
    text: str
    owner: str
    owner_id: int | None
    department: str
    department_id: int | None
    form: str
    due: date | None
    status: str
    rank: int | None
    read_back: bool
    closed_on: date | None
    days_late: int
    meeting_id: int | None
    meeting: str
    meeting_day: date | None
    item_id: int | None
    topic: str
    measure_code: str
    as_shown: str
    line: str
    at: datetime

    @property
    def code(self) -> str:
        """ "A-112"."""
        return f"A-{self.number:03d}"

    @property
    def open(self) -> bool:
        """Still owed."""
        return self.status in OPEN

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What a promise must have before it can be sent out."""
        return wanting("action", {"owner": self.owner_id, "form": self.form, "due date": self.due}, self.line)


@dataclass(frozen=True)
class StepRow:
    """One step of an action item's history, in words."""

    at: datetime
    who: str
    words: str
    comment: str


# when it is due → whether a promise is
DUE: dict[str, tuple[str, Callable[[ActionRow, date], bool]]] = {
    "overdue": ("Overdue", lambda a, today: a.days_late > 0),
    "week": ("Due this week", lambda a, today: a.due is not None and _week(a.due) == _week(today)),
    "month": (
        "Due this month",
        lambda a, today: a.due is not None and (a.due.year, a.due.month) == (today.year, today.month),
    ),
    "none": ("No date", lambda a, today: a.due is None),
}


def actions(
    read: Session,
    today: date,
    *,
    department: str | None = None,
    owner: str | None = None,
    status: str | None = None,
    overdue: bool = False,
    meeting: int | None = None,
    measure: str | None = None,
    series: int | None = None,
    only_open: bool = False,
) -> list[ActionRow]:
    """Promises that fit all that is asked, overdue first, then by due date and number."""
    a = ActionItem
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (department, or_(Department.name == department, Department.code == department)),
        (owner, Person.name == owner),
        (status, a.status == status),
        (overdue, (a.due < today) & a.status.in_(OPEN)),
        (meeting, a.meeting_id == meeting),
        (measure, Measure.code == measure),
        (series, Meeting.series_id == series),
        (only_open, a.status.in_(OPEN)),
    ]
    return _rows(read, today, [clause for value, clause in asked if value])


def action(read: Session, action_id: int, today: date) -> ActionRow:
    """One promise; CityStatError where there is none."""
    found = _rows(read, today, [ActionItem.id == action_id])
    if not found:
        raise CityStatError(tr("There is no such action item"), do=tr("Look at the register again"))
    return found[0]


def promises_for(read: Session, meeting_id: int, today: date) -> list[ActionRow]:
    """What a meeting must look back at: its series' open promises made before it, and those closed since the last."""
    meeting = read.get(Meeting, meeting_id)
    if meeting is None:
        return []
    last = _last_day(read, meeting)
    a = ActionItem
    recent = a.status.in_(OPEN) | ((a.closed_on >= last) if last else a.status.in_(OPEN))
    return _rows(
        read,
        today,
        [Meeting.series_id == meeting.series_id, Meeting.day < meeting.day, recent, a.meeting_id != meeting_id],
    )


def unanswered(read: Session, meeting_id: int, today: date) -> list[ActionRow]:
    """Promises that fall due by the meeting and of which nothing was heard since the last one."""
    meeting = read.get(Meeting, meeting_id)
    if meeting is None:
        return []
    due = [a for a in promises_for(read, meeting_id, today) if a.open and a.due and a.due <= meeting.day]
    last = _last_day(read, meeting) or date.min
    heard = set(
        read.scalars(
            select(ActionUpdate.action_id).where(
                ActionUpdate.action_id.in_([a.id for a in due]),
                ActionUpdate.at >= datetime.combine(last, datetime.min.time()),
            )
        )
    )
    return [a for a in due if a.id not in heard]


def history(read: Session, action_id: int) -> list[StepRow]:
    """What became of a promise, oldest first."""
    query = select(ActionUpdate).where(ActionUpdate.action_id == action_id).order_by(ActionUpdate.at, ActionUpdate.id)
    return [StepRow(u.at, u.who, _step(u), u.comment) for u in read.scalars(query)]


def update_action(
    city: City,
    action_id: int,
    *,
    now: datetime,
    comment: str = "",
    status: str | None = None,
    due: date | None = None,
    owner_id: int | None = None,
    form: str | None = None,
    text: str | None = None,
    meeting_id: int | None = None,
) -> None:
    """Change a promise and put the step into its history; what is None stays. CityStatError where nothing changes.

    Follow-up goes on after the minutes are approved: status, comment, due date, owner, and a form where none was named.
    Content is locked by then, because the minutes say it: the words, and the form that was promised.
    """
    with city.change(tr("Update action item")) as change:
        row = _row(change, action_id)
        if (text and text.strip() != row.text) or (form and row.form and form != row.form):
            row = _editable_row(change, action_id)
        step = ActionUpdate(action_id=action_id, meeting_id=meeting_id, at=now, who=city.who, comment=comment.strip())
        if status and status != row.status:
            _set_status(row, step, status, now)
        if due and due != row.due:
            step.due_before, step.due_after, row.due = row.due, believable(due), due
        if owner_id and owner_id != row.owner_id:
            step.comment = " ".join(filter(None, [_handed_over(change, row.owner_id, owner_id), step.comment]))
            row.owner_id, row.department_id = owner_id, change.scalar(_department_of(owner_id))
        if form:
            row.form = form
        if text and text.strip():
            row.text = text.strip()
        if step.comment or step.status_after or step.due_after:
            change.add(step)
        elif not change.dirty:
            raise CityStatError(
                tr("Nothing was changed"), do=tr("Write what happened, or change status, date or owner")
            )


def _set_status(row: ActionItem, step: ActionUpdate, status: str, now: datetime) -> None:
    """Another status, and the day on which the promise was closed; nothing is dropped without a reason."""
    if status == "dropped" and not step.comment:
        raise CityStatError(tr("A promise is dropped with a reason"), do=tr("Write it in the comment"))
    step.status_before, step.status_after, row.status = row.status, status, status
    row.closed_on = None if status in OPEN else now.date()


def rank(city: City, ids: Sequence[int]) -> None:
    """The chair's order of a meeting's promises: `ids` from first to last."""
    with city.change(tr("Rank promises")) as change:
        for place, action_id in enumerate(ids, 1):
            _editable_row(change, action_id).rank = place


def read_back(city: City, action_id: int, *, read: bool = True) -> None:
    """Mark a promise as read aloud and agreed."""
    with city.change(tr("Read back")) as change:
        _editable_row(change, action_id).read_back = read


def unfinished(read: Session, meeting_id: int, today: date) -> list[ActionRow]:
    """A meeting's promises that lack owner, form or due date."""
    return [a for a in actions(read, today, meeting=meeting_id) if a.unfinished]


def _week(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def _last_day(read: Session, meeting: Meeting) -> date | None:
    """When the series met before."""
    before = select(Meeting.day).where(
        Meeting.series_id == meeting.series_id, Meeting.day < meeting.day, Meeting.status != "cancelled"
    )
    return read.scalar(before.order_by(Meeting.day.desc()).limit(1))


def _rows(read: Session, today: date, where: Sequence[ColumnElement[bool]]) -> list[ActionRow]:
    a = ActionItem
    query = (
        select(a, Person.name, Department.name, MeetingSeries.name, Meeting.day, AgendaItem.title, Measure.code)
        .outerjoin(Person, Person.id == a.owner_id)
        .outerjoin(Department, Department.id == a.department_id)
        .outerjoin(Meeting, Meeting.id == a.meeting_id)
        .outerjoin(MeetingSeries, MeetingSeries.id == Meeting.series_id)
        .outerjoin(AgendaItem, AgendaItem.id == a.item_id)
        .outerjoin(Measure, Measure.id == a.measure_id)
        .where(*where)
        .order_by(a.due.is_(None), a.due, a.number)
    )
    return [
        ActionRow(
            r.id, r.number, r.text, owner or "", r.owner_id, department or "", r.department_id, r.form, r.due, r.status,
            r.rank, r.read_back, r.closed_on, _late(r, today), r.meeting_id, series or "", day, r.item_id, topic or "",
            code or "", r.as_shown, r.line, r.at,
        )
        for r, owner, department, series, day, topic, code in read.execute(query)
    ]  # fmt: skip


def _late(row: ActionItem, today: date) -> int:
    return max(0, (today - row.due).days) if row.due and row.status in OPEN else 0


def _row(change: Change, action_id: int) -> ActionItem:
    row = change.get(ActionItem, action_id)
    if row is None:
        raise CityStatError(tr("There is no such action item"), do=tr("Look at the register again"))
    return row


def _editable_row(change: Change, action_id: int) -> ActionItem:
    row = _row(change, action_id)
    meeting = change.get(Meeting, row.meeting_id) if row.meeting_id else None
    if meeting is not None:
        editable(meeting)
    return row


def _handed_over(change: Change, before: int | None, after: int) -> str:
    """The history has no field for owners; its words say who had it before."""
    found = change.execute(select(Person.id, Person.name).where(Person.id.in_([before or 0, after])))
    names = {key: name for key, name in found}  # noqa: C416  (a result has keys(): dict() would take it for a mapping)
    return tr("Owner: {before} → {after}.", before=names.get(before or 0) or tr("nobody"), after=names.get(after, ""))


def _department_of(person_id: int) -> Select[int | None]:
    return select(Person.department_id).where(Person.id == person_id)


def _step(update: ActionUpdate) -> str:
    words = []
    if update.status_after in STATUSES and update.status_before in STATUSES:
        words.append(f"{tr(STATUSES[update.status_before][0])} → {tr(STATUSES[update.status_after][0])}")
    if update.due_after:
        before = periods.day_label(update.due_before) if update.due_before else tr("no date")
        words.append(tr("due {before} → {after}", before=before, after=periods.day_label(update.due_after)))
    return " · ".join(words) or tr("comment")
