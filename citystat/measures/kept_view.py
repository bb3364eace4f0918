"""Keeping how a measure is looked at: it goes where its chart goes, to the meeting, the memo and the minutes."""

from __future__ import annotations

from collections.abc import Mapping

from citystat.city import City
from citystat.measures.looks import ALL, FIELDS
from citystat.measures.picture import shown_since
from citystat.measures.series import Series, definition, series
from citystat.models import Measure
from citystat.texts import tr


def as_kept(whole: Series, view: Mapping[str, str]) -> dict[str, str]:
    """The view in the terms that last: the newest twelve periods stay the newest twelve, whenever it is looked at."""
    found = {k: v for k, v in view.items() if k in FIELDS and v}
    since = found.get("since", "")
    if since and since != ALL and not since.isdecimal():
        first = shown_since(whole, found)
        found["since"] = str(sum(first is None or p >= first for p in whole.periods))
    return found


def keep_view(city: City, measure_id: int, view: Mapping[str, str]) -> None:
    """Keep how the measure is looked at; the usual view is no view of its own."""
    with city.change(tr("Keep how a measure is looked at")) as change:
        found = as_kept(series(change, definition(change, measure_id)), view)
        row = change.get_one(Measure, measure_id)
        others = {k: v for k, v in row.chart.items() if k != "view"}
        row.chart = {**others, "view": found} if found else others
