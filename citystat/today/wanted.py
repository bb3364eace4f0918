"""What wants a person today: the next meeting and what it lacks, promises, minutes to approve, and what the data says.

Two questions: `wanted` is quick (meetings, promises, imports), `from_data` judges every measure and takes longer.
Later rooms add their lines here; every line carries the address of its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.measures.doubts import open_count
from citystat.meetings.actions import ActionRow, actions, unanswered
from citystat.meetings.agenda import Item, agenda, planned_minutes
from citystat.meetings.meeting import MeetingRow, awaiting, next_meeting
from citystat.models import (
    ActionItem,
    AgendaItem,
    Goal,
    ImportRun,
    ItemMeasure,
    Measure,
    Meeting,
    MeetingSeries,
    Note,
    Person,
)
from citystat.numbers import in_words, quantity
from citystat.texts import plural, tr

if TYPE_CHECKING:
    from citystat.contracts.renewal import Standing as ContractStanding
    from citystat.measures.standing import Standing

CLOSED = ("verified", "dropped")
ALONE = ("read-back", "promises", "parking-lot")  # items that need nobody to present them


@dataclass(frozen=True)
class Line:
    """One thing that wants a person. mark: improvement, concern or ""; address: where it is dealt with.

    act: what can be done in place, "agenda" or "win", or ""; done: what was done already ("on the agenda").
    """

    title: str
    words: str
    address: str
    mark: str = ""
    act: str = ""
    done: str = ""
    measure_id: int | None = None


@dataclass(frozen=True)
class NextMeeting:
    """The meeting that comes next, or is running; lacks: what it still needs, a phrase each."""

    id: int
    title: str
    facts: tuple[str, ...]
    lacks: tuple[str, ...]
    running: bool


@dataclass(frozen=True)
class Step:
    """A first step in an empty city."""

    title: str
    words: str
    act: str
    address: str
    done: bool


@dataclass(frozen=True)
class Wanted:
    """What is asked quickly. promises: overdue first, then by due date · steps: until all are done."""

    today: date
    steps: tuple[Step, ...]
    meeting: NextMeeting | None
    minutes: tuple[Line, ...]
    promises: tuple[ActionRow, ...]
    promises_words: str
    imports: tuple[Line, ...]

    @property
    def count(self) -> int:
        """How many things want a person."""
        late = sum(1 for p in self.promises if p.days_late > 0)
        lacking = self.meeting is not None and (self.meeting.running or bool(self.meeting.lacks))
        return lacking + len(self.minutes) + len(self.imports) + late


@dataclass(frozen=True)
class FromData:
    """What the figures say. late: figures that did not come."""

    signals: tuple[Line, ...]
    missed: tuple[Line, ...]
    late: tuple[Line, ...]
    contracts: tuple[Line, ...] = ()

    @property
    def count(self) -> int:
        """How many of them want a person; what is on an agenda or noted already does not."""
        return (
            sum(1 for line in self.signals if not line.done) + len(self.missed) + len(self.late) + len(self.contracts)
        )


def wanted(read: Session, today: date) -> Wanted:
    """What the open city wants on `today`, as far as no measure must be judged for it."""
    promises = [a for a in actions(read, today) if a.status not in (*CLOSED, "done")]
    return Wanted(
        today=today,
        steps=_steps(read),
        meeting=_meeting(read, today),
        minutes=(*_not_held(read, today), *_to_approve(read)),
        promises=tuple(promises),
        promises_words=_kept(read, len(promises), today),
        imports=(*_in_doubt(read), *_last_import(read)),
    )


def from_data(read: Session, today: date) -> FromData:
    """New signals, missed targets, figures that are late, contracts whose notice comes near: every measure is judged."""
    from citystat.contracts.renewal import warnings
    from citystat.measures.standing import standings  # numpy is slow to import, and the window stands before it

    measures = standings(read)
    agendas, wins = _on_agendas(read), _noted(read)
    return FromData(
        tuple(_signal(s, agendas, wins) for s in measures if s.new_signal),
        tuple(_missed(s) for s in measures if s.meets == "misses" and not s.new_signal),
        tuple(_late(read, today)),
        tuple(_contract(found) for found in warnings(read, today)),
    )


def _steps(read: Session) -> tuple[Step, ...]:
    """Bring in a file, name goals, add people, plan a meeting; nothing once a meeting can be held, with goals or without."""
    measures, goals, people, meetings = read.execute(
        select(*(exists().where(table.id > 0) for table in (Measure, Goal, Person, Meeting)))  # type: ignore[misc]
    ).one()
    steps = (
        Step(tr("Bring in a file"), tr("A spreadsheet as the department sends it. Nothing is written before you have seen how it is read."),
             tr("Bring in a file"), "import", measures),
        Step(tr("Name the goals"), tr("The mayor's priorities and the goals under them; measures show whether they are met."),
             tr("Name the goals"), "goals", goals),
        Step(tr("Add people"), tr("Who sits in your meetings and owes answers, and in which department."),
             tr("Add people"), "people", people),
        Step(tr("Plan a meeting"), tr("A series says who meets, how often and about which measures."),
             tr("Plan a meeting"), "meetings", meetings),
    )  # fmt: skip
    return () if all(s.done for s in steps if s.address != "goals") else steps


def _meeting(read: Session, today: date) -> NextMeeting | None:
    found = next_meeting(read, today)
    if found is None:
        return None
    items, running = agenda(read, found.id), found.status == "running"
    facts = (
        f"{tr(periods.WEEKDAYS[found.day.weekday()])} {found.starts:%H:%M}",
        *((found.place,) if found.place else ()),
        plural(len(items), "{n} item", "{n} items"),
        tr("{planned} of {length} minutes", planned=planned_minutes(items), length=found.minutes),
    )
    title = (
        tr("{series} is running", series=found.series) if running
        else tr("{series}, {when}", series=found.series, when=in_days((found.day - today).days))
    )  # fmt: skip
    lacks = [] if running else _lacks(read, found, items, today)
    return NextMeeting(found.id, title, facts, tuple(lacks), running)


def _lacks(read: Session, meeting: MeetingRow, items: Sequence[Item], today: date) -> list[str]:
    """What the meeting still needs before its day."""
    if not items:
        return [tr("no agenda yet")]
    over = planned_minutes(items) - meeting.minutes
    silent = len(unanswered(read, meeting.id, today))
    nobody = sum(1 for i in items if i.presenter_id is None and i.kind not in ALONE)
    found = [
        plural(over, "{n} minute too long", "{n} minutes too long") if over > 0 else "",
        tr("memo not yet sent") if meeting.memo_sent_at is None else "",
        plural(silent, "{count} promise without an answer", "{count} promises without an answer", count=in_words(silent)) if silent else "",
        plural(nobody, "{count} item without a presenter", "{count} items without a presenter", count=in_words(nobody)) if nobody else "",
    ]  # fmt: skip
    return [f for f in found if f]


def _not_held(read: Session, today: date) -> list[Line]:
    """Planned meetings whose day went by."""
    query = select(Meeting.id, Meeting.day, MeetingSeries.name).join(
        MeetingSeries, MeetingSeries.id == Meeting.series_id
    )
    found = read.execute(query.where(Meeting.status == "planned", Meeting.day < today).order_by(Meeting.day.desc()))
    words = tr("Its day went by. Start it, move it or cancel it.")
    return [
        Line(
            tr("{series}, {day}: not held", series=name, day=periods.day_label(day)), words, f"meeting:{key}", "concern"
        )
        for key, day, name in found
    ]


def _to_approve(read: Session) -> list[Line]:
    """Minutes that nobody approved: up to two by name, more as a number."""
    found = awaiting(read)
    if len(found) > 2:
        title = tr("Minutes of {count} meetings wait for approval", count=in_words(len(found)))
        return [Line(title, tr("the newest of {day}", day=periods.day_label(found[0][2])), "meetings")]
    return [
        Line(tr("Minutes wait for approval"), f"{series}, {periods.day_label(day)}", f"meeting:{key}")
        for key, series, day in found
    ]


def _on_agendas(read: Session) -> set[int]:
    """Measures that stand on the agenda of a planned meeting."""
    query = (
        select(ItemMeasure.measure_id)
        .join(AgendaItem, AgendaItem.id == ItemMeasure.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.status.in_(("planned", "running")))
    )
    return set(read.scalars(query))


def _noted(read: Session) -> dict[int, date]:
    """Measures with a win on record: since when the newest."""
    query = select(Note.measure_id, func.max(Note.at)).where(Note.kind == "win", Note.measure_id.is_not(None))
    return {key: at.date() for key, at in read.execute(query.group_by(Note.measure_id)) if key is not None}


def in_days(days: int) -> str:
    """ "today", "tomorrow", "in 5 days", "in 3 weeks"."""
    near = {0: tr("today"), 1: tr("tomorrow"), 2: tr("in two days")}
    if days in near:
        return near[days]
    return tr("in {n} days", n=days) if days < 14 else tr("in {n} weeks", n=round(days / 7))


def _signal(standing: Standing, agendas: set[int], wins: dict[int, date]) -> Line:
    key, mark = standing.measure.id, standing.signal if standing.signal in ("improvement", "concern") else ""
    act, done = ("win", "") if mark == "improvement" else ("agenda", "")
    if act == "win" and key in wins and wins[key] >= standing.series.periods[-1]:
        done = tr("noted as a win")
    elif key in agendas:
        done = tr("on the agenda")
    return Line(
        f"{standing.measure.name}: {standing.words.lower()}",
        " · ".join((tr("{last} in {period}", last=_last(standing), period=standing.last_period), standing.headline)),
        f"measure:{standing.measure.code}", mark, act, done, key,
    )  # fmt: skip


def _missed(standing: Standing) -> Line:
    words = f"{_last(standing)}, {standing.last_period} · {standing.headline}"
    return Line(standing.measure.name, words, f"measure:{standing.measure.code}")


def _contract(found: ContractStanding) -> Line:
    """A contract whose notice date comes near, with its year in a few words; the nearest ones are marked."""
    from citystat.contracts.register import money

    c, year = found.contract, found.year
    parts = (
        c.vendor,
        found.notice.words,
        tr("{met} of {n} results met in twelve months", met=year.met, n=year.judged) if year.judged else "",
        tr("{amount} held", amount=money(found.money.held)) if found.money.held else "",
    )
    title = tr("{contract}: renew, renegotiate or rebid", contract=c.title)
    urgent = found.notice.level == 30 or found.notice.days is None
    return Line(title, " · ".join(filter(None, parts)), f"renewal:{c.id}", "concern" if urgent else "")


def _last(standing: Standing) -> str:
    return quantity(standing.last, standing.measure.unit, standing.measure.decimals)


def _kept(read: Session, open_count: int, today: date) -> str:
    """ "14 open · 71 % kept on time this year", of the promises closed in the past twelve months."""
    a = ActionItem
    year = (a.closed_on > today - timedelta(days=365), a.status != "dropped")
    counts = select(func.count(), func.count().filter(a.closed_on <= a.due)).select_from(a)
    closed, kept = read.execute(counts.where(*year)).one()
    words = tr("{n} open", n=open_count)
    return words if not closed else words + " · " + tr("{n} % kept on time this year", n=round(100 * kept / closed))


def _late(read: Session, today: date) -> list[Line]:
    """Measures whose figures are missing past their day, by department, as the collection calendar has them."""
    from citystat.collect.calendar import MISSING, debtors

    late: dict[str, dict[str, str]] = {}
    for owed in (o for d in debtors(read, today) for o in d.late if o.state == MISSING):
        late.setdefault(owed.measure.department, {})[owed.measure.code] = owed.measure.name
    return [
        Line(
            tr("{department}: figures are late", department=department or tr("No department")),
            plural(len(found), "{n} measure waits for data: ", "{n} measures wait for data: ")
            + ", ".join([*found.values()][:3])
            + ("…" if len(found) > 3 else ""),
            f"calendar:{department}" if department else "calendar",
        )
        for department, found in sorted(late.items())
    ]


def _in_doubt(read: Session) -> list[Line]:
    """Figures that failed their checks: held back, or standing until somebody accepts them."""
    held, waiting = open_count(read)
    if not held and not waiting:
        return []
    words = [
        plural(held, "{n} figure held back", "{n} figures held back") if held else "",
        plural(waiting, "{n} waits to be accepted", "{n} wait to be accepted") if waiting else "",
    ]
    title = plural(held + waiting, "{n} figure failed its checks", "{n} figures failed their checks")
    return [Line(title, " · ".join(filter(None, words)), "quality", "concern" if held else "")]


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
    return [Line(title, run.remarks[0].get("reason", ""), "data")]
