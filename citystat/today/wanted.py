"""What wants a person today: the next meeting and what it lacks, new signals, missed targets, promises, data.

Later rooms add their lines here; every line carries the address of its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.meetings.actions import ActionRow, actions
from citystat.meetings.agenda import agenda, planned_minutes
from citystat.meetings.meeting import MeetingRow, next_meeting
from citystat.models import ActionItem, ImportRun, Measure
from citystat.numbers import quantity
from citystat.texts import plural, tr

if TYPE_CHECKING:
    from citystat.measures.standing import Standing

CLOSED = ("verified", "dropped")


@dataclass(frozen=True)
class Line:
    """One thing that wants a person. mark: improvement, concern or ""; address: where it is dealt with."""

    title: str
    words: str
    address: str
    mark: str = ""
    act: str = ""  # the word of the link: "Put on agenda"


@dataclass(frozen=True)
class NextMeeting:
    """The meeting that comes next; lacks: what it still needs, a phrase each."""

    id: int
    title: str
    when: str
    facts: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Everything on the Today page. promises: overdue first, then by due date.

    judged: whether the measures were looked at; without that signals, missed and late data are not known yet.
    """

    today: date
    empty: bool
    meeting: NextMeeting | None
    signals: tuple[Line, ...]
    missed: tuple[Line, ...]
    promises: tuple[ActionRow, ...]
    promises_words: str
    data: tuple[Line, ...]
    judged: bool = True

    @property
    def count(self) -> int:
        """How many things want a person."""
        late = sum(1 for p in self.promises if p.days_late > 0)
        return (self.meeting is not None) + len(self.signals) + len(self.missed) + len(self.data) + late


def wanted(read: Session, today: date) -> Wanted:
    """What the open city wants on `today`."""
    from citystat.measures.standing import standings  # numpy is slow to import, and the window stands before it

    return _wanted(read, today, standings(read))


def at_once(read: Session, today: date) -> Wanted:
    """What can be told before the measures are judged, in some milliseconds: the meeting, promises, the last import."""
    return _wanted(read, today, None)


def _wanted(read: Session, today: date, judged: Sequence[Standing] | None) -> Wanted:
    measures = judged or ()
    promises = [a for a in actions(read, today) if a.status not in (*CLOSED, "done")]
    promises.sort(key=lambda a: (a.due is None, a.due or today))
    return Wanted(
        today=today,
        empty=not read.scalar(select(func.count()).select_from(Measure).where(Measure.retired.is_(False))),
        meeting=_meeting(read, today),
        signals=tuple(_signal(s) for s in measures if s.new_signal),
        missed=tuple(_missed(s) for s in measures if s.meets == "misses" and not s.new_signal),
        promises=tuple(promises),
        promises_words=_kept(read, len(promises), today),
        data=(*_late(measures, today), *_last_import(read)),
        judged=judged is not None,
    )


def _meeting(read: Session, today: date) -> NextMeeting | None:
    found = next_meeting(read, today)
    if found is None:
        return None
    items = agenda(read, found.id)
    facts = (
        f"{tr(periods.WEEKDAYS[found.day.weekday()])} {found.starts:%H:%M}",
        *((found.place,) if found.place else ()),
        plural(len(items), "{n} item", "{n} items")
        + ", "
        + tr("{planned} of {length} minutes", planned=planned_minutes(items), length=found.minutes),
    )
    title = tr("{series}, {when}", series=found.series, when=in_days((found.day - today).days))
    return NextMeeting(found.id, title, periods.day_label(found.day), facts, tuple(_lacks(found, items)))


def _lacks(meeting: MeetingRow, items: Sequence[object]) -> list[str]:
    """What the meeting still needs before its day."""
    lacks = []
    if not items:
        lacks.append(tr("no agenda yet"))
    if meeting.memo_sent_at is None:
        lacks.append(tr("memo not yet sent"))
    return lacks


def in_days(days: int) -> str:
    """ "today", "tomorrow", "in 5 days", "in 3 weeks"."""
    near = {0: tr("today"), 1: tr("tomorrow"), 2: tr("in two days")}
    if days in near:
        return near[days]
    return tr("in {n} days", n=days) if days < 14 else tr("in {n} weeks", n=round(days / 7))


def _signal(standing: Standing) -> Line:
    mark = standing.signal if standing.signal in ("improvement", "concern") else ""
    words = tr("{last} in {period}", last=_last(standing), period=standing.last_period)
    return Line(
        f"{standing.measure.name}: {standing.words.lower()}",
        f"{words} · {standing.headline}",
        f"measure:{standing.measure.code}",
        mark,
        tr("Note as a win") if mark == "improvement" else tr("Put on agenda"),
    )


def _missed(standing: Standing) -> Line:
    return Line(
        standing.measure.name,
        f"{_last(standing)}, {standing.last_period} · {standing.headline}",
        f"measure:{standing.measure.code}",
        "",
        tr("Look"),
    )


def _last(standing: Standing) -> str:
    return quantity(standing.last, standing.measure.unit, standing.measure.decimals)


def _kept(read: Session, open_count: int, today: date) -> str:
    """ "14 open · 71 % kept on time this year", of the promises closed in the past twelve months."""
    a = ActionItem
    year = (a.closed_on > today - timedelta(days=365), a.status != "dropped")
    closed = read.scalar(select(func.count()).select_from(a).where(*year)) or 0
    kept = read.scalar(select(func.count()).select_from(a).where(*year, a.closed_on <= a.due)) or 0
    words = tr("{n} open", n=open_count)
    return words if not closed else words + " · " + tr("{n} % kept on time this year", n=round(100 * kept / closed))


def _late(measures: Sequence[Standing], today: date) -> list[Line]:
    """Measures whose next period is over and whose reporting lag has run out, by department."""
    late: dict[str, list[Standing]] = {}
    for s in measures:
        last = s.series.last
        if last is None:
            continue
        following = periods.move(s.series.periods[last], s.measure.frequency, 1)
        due = periods.end_of(following, s.measure.frequency) + timedelta(days=s.measure.reporting_lag)
        if due < today:
            late.setdefault(s.measure.department or tr("No department"), []).append(s)
    return [
        Line(
            tr("{department}: figures are late", department=department),
            plural(len(found), "{n} measure waits for data: ", "{n} measures wait for data: ")
            + ", ".join(s.measure.name for s in found[:3])
            + ("…" if len(found) > 3 else ""),
            "import",
            "",
            tr("Bring in"),
        )
        for department, found in sorted(late.items())
    ]


def _last_import(read: Session) -> list[Line]:
    """What the newest import left open."""
    run = read.scalars(
        select(ImportRun).where(ImportRun.undone_at.is_(None)).order_by(ImportRun.id.desc()).limit(1)
    ).first()
    if run is None or not run.remarks:
        return []
    title = plural(
        len(run.remarks), "{source}: {n} remark to look at", "{source}: {n} remarks to look at", source=run.source
    )
    return [Line(title, run.remarks[0].get("reason", ""), "data", "", tr("Look"))]
