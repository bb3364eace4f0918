"""Meeting series: what comes again, who sits in it, and the measures in its remit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import Meeting, MeetingSeries, Person, SeriesMeasure, SeriesMember
from citystat.printable import one_line
from citystat.texts import in_every_language, plural, tr


@dataclass(frozen=True)
class SeriesRow:
    """A series; chair by name, chair_id beside it."""

    id: int
    name: str
    purpose: str
    rhythm: str
    place: str
    starts: time
    minutes: int
    chair: str
    chair_id: int | None


def all_series(read: Session) -> list[SeriesRow]:
    """Every series by name."""
    query = select(MeetingSeries, Person.name).outerjoin(Person, Person.id == MeetingSeries.chair_id)
    return [
        SeriesRow(s.id, s.name, s.purpose, s.rhythm, s.place, s.starts, s.minutes, chair or "", s.chair_id)
        for s, chair in read.execute(query.order_by(MeetingSeries.name))
    ]


def remit(read: Session, series_id: int) -> list[int]:
    """The ids of the measures that a series looks at."""
    query = select(SeriesMeasure.measure_id).where(SeriesMeasure.series_id == series_id)
    return list(read.scalars(query.order_by(SeriesMeasure.measure_id)))


def members(read: Session, series_id: int) -> list[tuple[int, str]]:
    """Who sits in a series: (person id, role), chair first."""
    query = select(SeriesMember.person_id, SeriesMember.role).where(SeriesMember.series_id == series_id)
    found = read.execute(query.order_by(SeriesMember.role != "chair", SeriesMember.role, SeriesMember.person_id))
    return [(person, role) for person, role in found]


def save_series(
    city: City,
    series_id: int | None,
    *,
    name: str,
    rhythm: str = "",
    place: str = "",
    starts: time = time(10, 0),
    minutes: int = 90,
    chair_id: int | None = None,
    members: Sequence[tuple[int, str]] = (),
    measures: Sequence[int] = (),
) -> int:
    """Make or change a series; members: (person id, role). Returns its id."""
    name = one_line(name)
    if not name:
        raise CityStatError(tr("A series needs a name"), do=tr("Type one, such as PublicSafetyStat"))
    _spelled(rhythm)
    with city.change(tr("Save series {name}", name=name)) as change:
        same = select(MeetingSeries.id).where(func.lower(MeetingSeries.name) == name.lower())
        if change.scalar(same.where(MeetingSeries.id != (series_id or 0))) is not None:
            raise CityStatError(tr("There is a series {name} already", name=name), do=tr("Choose another name"))
        row = change.get(MeetingSeries, series_id) if series_id else None
        if row is None:
            row = MeetingSeries(name=name)
            change.add(row)
        row.name, row.rhythm, row.place = name, rhythm, place
        row.starts, row.minutes, row.chair_id = starts, minutes, chair_id
        change.flush()
        for table in (SeriesMember, SeriesMeasure):
            for old in change.scalars(select(table).where(table.series_id == row.id)):
                change.delete(old)
        change.flush()
        change.add_all(SeriesMember(series_id=row.id, person_id=p, role=role) for p, role in members)
        change.add_all(SeriesMeasure(series_id=row.id, measure_id=m) for m in measures)
        return row.id


def _spelled(rhythm: str) -> None:
    """CityStatError for a weekday with a slip in it: everybody would read it on every agenda."""
    known = {day.lower(): day for name in periods.WEEKDAYS for day in in_every_language(name)}
    for word in re.findall(r"[^\W\d_]+", rhythm):
        near = get_close_matches(word.lower(), known, 1, 0.8)
        if (
            near
            and word.lower().removesuffix("s") not in {d.removesuffix("s") for d in known}
            and not near[0].startswith(word.lower())
        ):
            raise CityStatError(
                tr("“{word}” is no day of the week", word=word),
                where=tr("Rhythm"),
                do=tr("Did you mean {day}?", day=known[near[0]]),
            )


def remove_series(city: City, series_id: int) -> None:
    """Take a series away that never met; CityStatError where it has meetings, for they are the city's record."""
    with city.change(tr("Remove series")) as change:
        row = change.get(MeetingSeries, series_id)
        if row is None:
            return
        met = change.scalar(select(func.count()).select_from(Meeting).where(Meeting.series_id == series_id)) or 0
        if met:
            raise CityStatError(
                plural(met, "{name} has {n} meeting on record", "{name} has {n} meetings on record", name=row.name),
                do=tr("A series that has met stays; rename it if you must"),
            )
        for table in (SeriesMember, SeriesMeasure):
            for old in change.scalars(select(table).where(table.series_id == series_id)):
                change.delete(old)
        change.flush()
        change.delete(row)
