"""What a cell of a record says."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from citystat import periods
from citystat.texts import tr


def shown(value: Any) -> str:
    """A value as a person reads it; nothing for one that is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, datetime):
        return periods.day_label(value.date()) + (f", {value:%H:%M}" if value.time() != time() else "")
    if isinstance(value, date):
        return periods.day_label(value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    return str(value)
