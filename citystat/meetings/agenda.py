"""The agenda: items in order, with their time boxes, charts and questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.measures.looks import kept_view
from citystat.meetings.forms import KINDS, STANDARD
from citystat.meetings.meeting import editable
from citystat.models import (
    ActionItem,
    AgendaItem,
    Decision,
    ItemMeasure,
    Measure,
    Meeting,
    Note,
    Person,
    Question,
    Shown,
)
from citystat.texts import tr


@dataclass(frozen=True)
class ItemChart:
    """A chart of an item. view: how it is prepared ({"by": "District"}), else as it is kept with the measure."""

    id: int
    measure_id: int
    code: str
    name: str
    view: dict[str, str]


@dataclass(frozen=True)
class Item:
    """An agenda item. minutes: planned; seconds: used so far; entered_at: set while the room is at it."""

    id: int
    position: int
    kind: str
    title: str
    minutes: int
    presenter: str
    presenter_id: int | None
    narrative: str
    questions: tuple[str, ...]
    measures: tuple[ItemChart, ...]
    entered_at: datetime | None
    seconds: int


def agenda(read: Session, meeting_id: int) -> list[Item]:
    """The items in order."""
    charts: dict[int, list[ItemChart]] = {}
    query = (
        select(ItemMeasure, Measure.code, Measure.name, Measure.chart)
        .join(Measure, Measure.id == ItemMeasure.measure_id)
        .join(AgendaItem, AgendaItem.id == ItemMeasure.item_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(ItemMeasure.position)
    )
    for chart, code, name, kept in read.execute(query):
        view = dict(chart.view) or kept_view(kept)
        charts.setdefault(chart.item_id, []).append(ItemChart(chart.id, chart.measure_id, code, name, view))
    items = (
        select(AgendaItem, Person.name)
        .outerjoin(Person, Person.id == AgendaItem.presenter_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position)
    )
    return [
        Item(
            i.id, i.position, i.kind, i.title, i.minutes, presenter or "", i.presenter_id, i.narrative,
            tuple(filter(None, (q.strip() for q in i.questions.splitlines()))), tuple(charts.get(i.id, ())),
            i.entered_at, i.seconds,
        )
        for i, presenter in read.execute(items)
    ]  # fmt: skip


def planned_minutes(items: Iterable[Item]) -> int:
    """The sum of the time boxes."""
    return sum(item.minutes for item in items)


def clock_times(items: Sequence[Item], starts: time) -> list[time]:
    """When each item begins, and last when the agenda ends: one more time than there are items."""
    at = datetime.combine(date.min, starts)
    times = [at.time()]
    for item in items:
        at += timedelta(minutes=item.minutes)
        times.append(at.time())
    return times


def add_item(
    city: City,
    meeting_id: int,
    kind: str,
    title: str = "",
    minutes: int | None = None,
    measure_ids: Sequence[int] = (),
    *,
    position: int | None = None,
    questions: Sequence[str] = (),
    narrative: str = "",
    presenter_id: int | None = None,
) -> int:
    """Put an item on the agenda (before the read-back, unless a position is given); returns its id."""
    with city.change(tr("Add {title} to the agenda", title=title or tr(KINDS[kind][0]))) as change:
        return place_item(
            change, meeting_id, kind, title, minutes, measure_ids,
            position=position, questions=questions, narrative=narrative, presenter_id=presenter_id,
        )  # fmt: skip


def place_item(
    change: Change,
    meeting_id: int,
    kind: str,
    title: str = "",
    minutes: int | None = None,
    measure_ids: Sequence[int] = (),
    *,
    position: int | None = None,
    questions: Sequence[str] = (),
    narrative: str = "",
    presenter_id: int | None = None,
) -> int:
    """`add_item` as a part of a larger act."""
    meeting = _meeting(change, meeting_id)
    items = _items(change, meeting_id)
    place = position if position is not None else _before_read_back(items, kind)
    row = AgendaItem(
        meeting_id=meeting.id, position=place, kind=kind, title=title or tr(KINDS[kind][0]),
        minutes=KINDS[kind][1] if minutes is None else minutes, questions="\n".join(questions),
        narrative=narrative, presenter_id=presenter_id,
    )  # fmt: skip
    change.add(row)
    items.insert(place, row)
    _number(items)
    change.flush()
    change.add_all(ItemMeasure(item_id=row.id, measure_id=m, position=i) for i, m in enumerate(measure_ids))
    return row.id


def standard_agenda(city: City, meeting_id: int) -> None:
    """The items every stat meeting has, where the agenda is still empty."""
    with city.change(tr("Standard agenda")) as change:
        lay_standard_agenda(change, meeting_id)


def lay_standard_agenda(change: Change, meeting_id: int) -> None:
    """`standard_agenda` as a part of a larger act; what was parked last time is carried over."""
    _meeting(change, meeting_id)
    if _items(change, meeting_id):
        return
    left = parked(change, meeting_id)
    kinds = [kind for kind in KINDS if kind in STANDARD or (kind == "parking-lot" and left)]
    change.add_all(
        AgendaItem(
            meeting_id=meeting_id, position=i, kind=kind, title=tr(KINDS[kind][0]), minutes=KINDS[kind][1],
            questions="\n".join(left) if kind == "parking-lot" else "",
        )
        for i, kind in enumerate(kinds)
    )  # fmt: skip


def parked(read: Session, meeting_id: int) -> list[str]:
    """What the last meeting of the series left in its parking lot, oldest first."""
    here = read.get(Meeting, meeting_id)
    if here is None:
        return []
    held = ("adjourned", "approved")
    last = select(Meeting.id).where(
        Meeting.series_id == here.series_id, Meeting.day < here.day, Meeting.status.in_(held)
    )
    last_id = read.scalar(last.order_by(Meeting.day.desc()).limit(1))
    notes = select(Note.text).where(Note.meeting_id == last_id, Note.kind == "parked").order_by(Note.at, Note.id)
    return list(read.scalars(notes))


def copy_agenda(city: City, meeting_id: int, from_id: int) -> int:
    """Take over the items of an earlier meeting that this agenda lacks; returns how many.

    Kind, title, minutes, presenter and charts come along; questions and narrative stay, they spoke of that day.
    An item of the same kind and title is not doubled; it only learns who presents it.
    """
    with city.change(tr("Copy agenda")) as change:
        _meeting(change, meeting_id)
        here, copied = _items(change, meeting_id), 0
        known = {(i.kind, i.title): i for i in here}
        charts = _charts(change, from_id)
        for old in _items(change, from_id):
            same = known.get((old.kind, old.title))
            if same is not None:
                same.presenter_id = same.presenter_id or old.presenter_id
                continue
            row = AgendaItem(
                meeting_id=meeting_id, position=0, kind=old.kind, title=old.title, minutes=old.minutes,
                presenter_id=old.presenter_id,
            )  # fmt: skip
            here.insert(_before_read_back(here, old.kind), row)
            _number(here)
            change.add(row)
            change.flush()
            change.add_all(
                ItemMeasure(item_id=row.id, measure_id=c.measure_id, position=c.position, view=dict(c.view))
                for c in charts.get(old.id, ())
            )
            copied += 1
        return copied


def move_item(city: City, item_id: int, to: int) -> None:
    """Move an item to place `to`, counted from 0."""
    with city.change(tr("Move agenda item")) as change:
        row = _item(change, item_id)
        items = _items(change, row.meeting_id)
        items.insert(max(0, min(to, len(items) - 1)), items.pop(items.index(row)))
        _number(items)


def change_item(city: City, item_id: int, *, measures: Sequence[int] | None = None, **fields: object) -> None:
    """Change title, minutes, presenter_id, narrative, questions (a text, one a line) or measures (ids in order).

    A chart that stays keeps the view that was prepared for it.
    """
    if "title" in fields and not str(fields["title"]).strip():
        raise CityStatError(tr("An agenda item needs a title"), do=tr("Type what it is about"))
    with city.change(tr("Change agenda item")) as change:
        row = _item(change, item_id)
        for name, value in fields.items():
            setattr(row, name, value)
        if measures is not None:
            _set_charts(change, item_id, measures)


def extend_item(city: City, item_id: int, measures: Sequence[int] = (), questions: Sequence[str] = ()) -> None:
    """Add charts and questions that an item does not have yet."""
    with city.change(tr("Change agenda item")) as change:
        row = _item(change, item_id)
        asked = row.questions.splitlines()
        row.questions = "\n".join([*asked, *(q for q in questions if q not in asked)])
        there = [c.measure_id for c in _charts(change, row.meeting_id).get(item_id, ())]
        _set_charts(change, item_id, [*there, *(m for m in measures if m not in there)])


def remove_item(city: City, item_id: int) -> None:
    """Take an item off; CityStatError where something was written down or shown under it."""
    with city.change(tr("Remove agenda item")) as change:
        row = _item(change, item_id)
        _nothing_under(change, row)
        _set_charts(change, item_id, ())
        items = _items(change, row.meeting_id)
        items.remove(row)
        change.delete(row)
        _number(items)


def _nothing_under(change: Change, row: AgendaItem) -> None:
    meeting = change.get_one(Meeting, row.meeting_id)
    used = any(
        change.scalar(select(table.id).where(table.item_id == row.id).limit(1))
        for table in (ActionItem, Decision, Question, Note, Shown)
    )
    if used or meeting.current_item_id == row.id:
        raise CityStatError(
            tr("“{title}” stays: the room was at it, and its record hangs on it", title=row.title),
            do=tr("Move or remove what was written down under it first"),
        )


def _set_charts(change: Change, item_id: int, measures: Sequence[int]) -> None:
    """Exactly these measures in this order; what stays keeps its view."""
    there = {c.measure_id: c for c in change.scalars(select(ItemMeasure).where(ItemMeasure.item_id == item_id))}
    for measure_id, chart in there.items():
        if measure_id not in measures:
            change.delete(chart)
    for place, measure_id in enumerate(dict.fromkeys(measures)):
        if measure_id in there:
            there[measure_id].position = place
        else:
            change.add(ItemMeasure(item_id=item_id, measure_id=measure_id, position=place))


def _charts(read: Session, meeting_id: int) -> dict[int, list[ItemMeasure]]:
    """Every chart of a meeting, by item."""
    query = (
        select(ItemMeasure)
        .join(AgendaItem, AgendaItem.id == ItemMeasure.item_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(ItemMeasure.position)
    )
    found: dict[int, list[ItemMeasure]] = {}
    for chart in read.scalars(query):
        found.setdefault(chart.item_id, []).append(chart)
    return found


def _meeting(change: Change, meeting_id: int) -> Meeting:
    row = change.get(Meeting, meeting_id)
    if row is None:
        raise CityStatError(tr("There is no meeting {id}", id=meeting_id))
    editable(row)
    return row


def _item(change: Change, item_id: int) -> AgendaItem:
    row = change.get(AgendaItem, item_id)
    if row is None:
        raise CityStatError(tr("This agenda item is gone"), do=tr("Look at the agenda again"))
    _meeting(change, row.meeting_id)
    return row


def _items(change: Change, meeting_id: int) -> list[AgendaItem]:
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return list(change.scalars(query.order_by(AgendaItem.position)))


def _before_read_back(items: list[AgendaItem], kind: str) -> int:
    """New items go where the order of a stat meeting has them."""
    order = list(KINDS)
    return sum(1 for item in items if order.index(item.kind) <= order.index(kind))


def _number(items: list[AgendaItem]) -> None:
    for place, item in enumerate(items):
        item.position = place
