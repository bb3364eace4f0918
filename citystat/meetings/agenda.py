"""The agenda: items in order, with their time boxes, charts and questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.meetings.forms import KINDS, STANDARD
from citystat.meetings.meeting import editable
from citystat.models import AgendaItem, ItemMeasure, Measure, Meeting, Person
from citystat.texts import tr


@dataclass(frozen=True)
class ItemChart:
    """A chart of an item. view: how it is prepared ({"by": "District"})."""

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
        select(ItemMeasure, Measure.code, Measure.name)
        .join(Measure, Measure.id == ItemMeasure.measure_id)
        .join(AgendaItem, AgendaItem.id == ItemMeasure.item_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(ItemMeasure.position)
    )
    for chart, code, name in read.execute(query):
        charts.setdefault(chart.item_id, []).append(ItemChart(chart.id, chart.measure_id, code, name, dict(chart.view)))
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
        _meeting(change, meeting_id)
        if _items(change, meeting_id):
            return
        change.add_all(
            AgendaItem(meeting_id=meeting_id, position=i, kind=kind, title=tr(KINDS[kind][0]), minutes=KINDS[kind][1])
            for i, kind in enumerate(STANDARD)
        )


def move_item(city: City, item_id: int, to: int) -> None:
    """Move an item to place `to`, counted from 0."""
    with city.change(tr("Move agenda item")) as change:
        row = _item(change, item_id)
        items = _items(change, row.meeting_id)
        items.insert(max(0, min(to, len(items) - 1)), items.pop(items.index(row)))
        _number(items)


def change_item(city: City, item_id: int, *, measures: Sequence[int] | None = None, **fields: object) -> None:
    """Change title, minutes, presenter_id, narrative, questions (a text, one a line) or measures (ids in order)."""
    with city.change(tr("Change agenda item")) as change:
        row = _item(change, item_id)
        for name, value in fields.items():
            setattr(row, name, value)
        if measures is not None:
            for chart in change.scalars(select(ItemMeasure).where(ItemMeasure.item_id == item_id)):
                change.delete(chart)
            change.add_all(ItemMeasure(item_id=item_id, measure_id=m, position=i) for i, m in enumerate(measures))


def remove_item(city: City, item_id: int) -> None:
    """Take an item off; one under which something was written down stays."""
    with city.change(tr("Remove agenda item")) as change:
        row = _item(change, item_id)
        for chart in change.scalars(select(ItemMeasure).where(ItemMeasure.item_id == item_id)):
            change.delete(chart)
        items = _items(change, row.meeting_id)
        items.remove(row)
        change.delete(row)
        _number(items)


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


def count_items(read: Session, meeting_id: int) -> int:
    """How many items a meeting has."""
    return read.scalar(select(func.count()).select_from(AgendaItem).where(AgendaItem.meeting_id == meeting_id)) or 0
