"""What a check found, as facts: a sentence with gaps and what fills them, worded in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from citystat import periods
from citystat.numbers import brief, number
from citystat.texts import tr

Facts = dict[str, Any]


def because(text: str, /, **values: Any) -> Facts:
    """The facts of one sentence: its English text, and figures, periods, numbers and words by their names in it."""
    return {"text": text, **values}


def worded(facts: Mapping[str, Any]) -> str:
    """The sentence in the language spoken here; "" where there are no facts, as of what was found before they were kept."""
    text = facts.get("text")
    if not isinstance(text, str):
        return ""
    return tr(text, **{name: _said(value) for name, value in facts.items() if name != "text"})


def _said(value: Any) -> str:
    match value:
        case {"figure": figure, "unit": unit, "decimals": decimals}:
            return brief(figure, unit, decimals)
        case {"period": start, "frequency": frequency, "year_start": year_start}:
            return periods.label(date.fromisoformat(start), frequency, year_start)
        case int() | float():
            return number(value)
    return str(value)
