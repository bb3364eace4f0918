"""The record of a meeting put right afterwards: each entry's fields, as a person edits them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.capture import ROWS, Entry, context, edit_captured, parse, rewrite
from citystat.meetings.forms import OPEN
from citystat.meetings.meaning import Context
from citystat.models import ActionUpdate
from citystat.texts import tr

# kind → what can be edited, in the order of the form
FIELDS: dict[str, tuple[str, ...]] = {
    "action": ("text", "owner_id", "due", "form", "status", "rank", "item_id"),
    "question": ("text", "owner_id", "due", "answer", "item_id"),
    "decision": ("text", "item_id"),
    "win": ("text", "item_id"),
    "note": ("text", "item_id"),
    "parked": ("text", "item_id"),
}
COLUMNS = {("question", "owner_id"): "asked_of_id"}


def fields_of(read: Session, kind: str, entry_id: int) -> dict[str, Any]:
    """What an entry says now, by field; empty where the entry is gone."""
    row = read.get(ROWS[kind], entry_id)
    if row is None:
        return {}
    return {name: getattr(row, COLUMNS.get((kind, name), name)) for name in FIELDS[kind]}


def change_entry(city: City, kind: str, entry_id: int, now: datetime, **fields: Any) -> None:
    """Change some fields of an entry; CityStatError for empty words and where the minutes are approved."""
    if "text" in fields and not str(fields["text"]).strip():
        raise CityStatError(tr("An entry needs words"), do=tr("Write what was said, or remove the entry"))
    if "status" in fields:
        fields["closed_on"] = None if fields["status"] in OPEN else now.date()
    if "answer" in fields:
        fields["answered_at"] = now if fields["answer"] else None
    edit_captured(city, kind, entry_id, **fields)


def change_kind(city: City, kind: str, entry_id: int, to: str, day: date) -> int:
    """Make an entry another kind, one act of undo: its line is read anew, what was put right by hand stays. Returns its id.

    day: of the meeting, from which the days in the line count. CityStatError where a promise was followed up already.
    """
    with city.read() as read:
        row = read.get(ROWS[kind], entry_id)
        if row is None:
            raise CityStatError(tr("This entry is gone"), do=tr("Look at the record again"))
        followed = select(ActionUpdate.id).where(ActionUpdate.action_id == entry_id).limit(1)
        if kind == "action" and read.scalar(followed) is not None:
            raise CityStatError(
                tr("This promise has been followed up"), do=tr("Drop it, and write down the other entry")
            )
        entry = _as_kind(row, kind, to, context(read, row.meeting_id or 0, day, row.measure_id))
    return rewrite(city, kind, entry_id, entry)


def _as_kind(row: Any, kind: str, to: str, against: Context) -> Entry:
    entry = parse(row.line, against, to)
    if row.text != parse(row.line, against, kind).text:
        entry = replace(entry, text=row.text)
    owner = getattr(row, COLUMNS.get((kind, "owner_id"), "owner_id"), None)
    return replace(
        entry, measure_id=row.measure_id, owner_id=owner or entry.owner_id, due=getattr(row, "due", None) or entry.due,
        form=getattr(row, "form", "") or entry.form,
    )  # fmt: skip
