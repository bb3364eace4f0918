"""The record of a meeting put right afterwards: each entry's fields, as a person edits them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.capture import ROWS, edit_captured
from citystat.meetings.forms import OPEN
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
