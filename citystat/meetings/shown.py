"""What was on the wall of a meeting, one line for each look at a measure; a slip can be left out of the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.meeting import editable
from citystat.models import Measure, Meeting, Shown
from citystat.texts import tr


@dataclass(frozen=True)
class Look:
    """A measure under an agenda item as the minutes draw it: whole or by a breakdown, alone or compared, in one of its looks."""

    item_id: int | None
    measure_id: int
    by: str
    compare: str
    look: str
    code: str
    name: str
    at: datetime


Same = tuple[int | None, int, str, str, str]


def look_of(shown: Shown) -> Same:
    """What the minutes draw once, however often it was on the wall: item, measure, breakdown, comparison, look."""
    by, compare, look = (shown.view.get(field, "") for field in ("by", "compare", "look"))
    return shown.item_id, shown.measure_id, by, compare, look


def looks(read: Session, meeting_id: int) -> list[Look]:
    """Each look once, in the order of the first showing."""
    query = select(Shown, Measure.code, Measure.name).join(Measure, Measure.id == Shown.measure_id)
    found: dict[Same, Look] = {}
    for shown, code, name in read.execute(query.where(Shown.meeting_id == meeting_id).order_by(Shown.at, Shown.id)):
        found.setdefault(look_of(shown), Look(*look_of(shown), code, name, shown.at))
    return list(found.values())


def leave_out(city: City, meeting_id: int, look: Look) -> None:
    """Take a look that was a slip out of the record, so that the minutes do not draw it; undo brings it back."""
    with city.change(tr("Leave {measure} out of the minutes", measure=look.code)) as change:
        meeting = change.get(Meeting, meeting_id)
        if meeting is None:
            raise CityStatError(tr("There is no meeting {id}", id=meeting_id))
        editable(meeting)
        same = (look.item_id, look.measure_id, look.by, look.compare, look.look)
        for shown in change.scalars(select(Shown).where(Shown.meeting_id == meeting_id)):
            if look_of(shown) == same:
                change.delete(shown)
