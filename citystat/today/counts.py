"""The numbers beside the places of the sidebar."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.meetings.forms import OPEN
from citystat.models import ActionItem, Measure


def counts(read: Session) -> dict[str, int]:
    """Measures in use and promises still owed, by the prefix of their place."""
    measures = read.scalar(select(func.count()).select_from(Measure).where(Measure.retired.is_(False)))
    owed = read.scalar(select(func.count()).select_from(ActionItem).where(ActionItem.status.in_(OPEN)))
    return {"measures": measures or 0, "actions": owed or 0}
