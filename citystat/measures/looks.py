"""The ways in which a measure may be looked at, and the one that is kept with it. Reads nothing, and loads quickly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from citystat.texts import tr

ALL = "all"  # of periods
# kinds of chart besides the one that tells signals
YEARS, TO_DATE, SPLIT, PARTS = "years", "to-date", "split", "parts"
LOOKS = ("", YEARS, TO_DATE, SPLIT, PARTS)
LOOK_WORDS = {
    "": "Signals", YEARS: "Year over year", TO_DATE: "Year to date", SPLIT: "Before and after", PARTS: "Parts",
}  # fmt: skip
FIELDS = (
    "look",
    "since",
    "by",
    "split",
    "compare",
    "table",
)  # of a view, as measures.picture.Showing has them; table: "yes"


def kept_view(chart: Mapping[str, Any]) -> dict[str, str]:
    """The view that is kept with a measure's `chart`; what a newer version wrote there and this one does not know is left out."""
    view = chart.get("view")
    found = {k: v for k, v in view.items() if k in FIELDS and isinstance(v, str)} if isinstance(view, Mapping) else {}
    since = found.get("since", ALL)
    if found.get("look", "") not in LOOKS or not (since == ALL or since.isdecimal()):
        return {}
    return found if _is_day(found.get("split", "2000-01-01")) else {}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def view_words(view: Mapping[str, str]) -> str:
    """ "Year over year", "Signals, by Route, newest 12"; "" for the usual view."""
    since = view.get("since", "")
    said = [
        tr(LOOK_WORDS.get(view.get("look", ""), "Signals")),
        tr("by {breakdown}", breakdown=view["by"]) if view.get("by") else "",
        tr("newest {n}", n=since) if since.isdecimal() else tr("all periods") if since == ALL else "",
        tr("in figures") if view.get("table") else "",
    ]
    return ", ".join(filter(None, said)) if view else ""
