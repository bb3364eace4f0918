"""Before and after: what the average was on both sides of a period, and how sure it is that it moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.analysis.before_after import LEAST, Difference, before_after
from citystat.analysis.choice import season_of
from citystat.charts.chart import Chart
from citystat.charts.split import split_chart
from citystat.errors import CityStatError
from citystat.measures.charting import AUTO, SEASON_LENGTH, charting
from citystat.measures.described import data_of, subject_of
from citystat.measures.series import Definition, Series
from citystat.numbers import change, difference, quantity
from citystat.texts import tr

Floats = NDArray[np.float64]


def before_and_after(whole: Series, as_of: date | None, view: Mapping[str, str], since: date | None) -> Chart:
    """The chart split at the view's "split", or where something is written on it; since: the first period that is shown.

    Values left out of the limits, and preliminary ones, are shown and do not count; a strong season is taken out.
    CityStatError where nothing says where to split, where the definition changed there, or a side has too few values.
    """
    at = _place(whole, view.get("split", ""))
    left_out = _left_out(whole)
    first, end = _stretch(whole, at, since)
    levels, seasonal = _levels(whole, left_out)
    found = before_after(levels[first:end], at - first)
    if found is None:
        raise CityStatError(
            tr("Before or after {period} there are fewer than {n} values to compare", period=whole.label(at), n=LEAST),
            do=tr("Choose another period, or show more of them"),
        )
    return split_chart(
        subject_of(whole.measure), data_of(whole, as_of), left_out, (first, at, end), found,
        headline=_headline(whole.measure, whole.label(at), found), caveat=_caveat(found, seasonal),
    )  # fmt: skip


def splits(whole: Series) -> list[tuple[date, str]]:
    """Where something is written that may have changed the measure: new starts of the limits, then notes, the newest first of each.

    None where a side would have too few values, or the definition changed.
    """
    known = {p: i for i, p in enumerate(whole.periods)}
    changed = {r.period for r in whole.remarks if r.kind == "definition"}
    return [
        (r.period, r.text)
        for kind in ("rebase", "note")
        for r in reversed(whole.remarks)
        if r.kind == kind and r.period not in changed and LEAST <= known.get(r.period, -1) <= len(whole.periods) - LEAST
    ]


def _place(whole: Series, asked: str) -> int:
    period = date.fromisoformat(asked) if asked else next((p for p, _ in splits(whole)), None)
    if period is None or period not in whole.periods:
        raise CityStatError(
            tr("Nothing says where to split {name}", name=whole.measure.name),
            do=tr("Point at a period of the chart, then ask for before and after"),
        )
    at = whole.periods.index(period)
    if any(r.kind == "definition" and r.period == period for r in whole.remarks):
        raise CityStatError(
            tr("The definition changed in {period}: what was before is another measure", period=whole.label(at)),
            do=tr("Choose another period"),
        )
    return at


def _left_out(whole: Series) -> frozenset[int]:
    place = {p: i for i, p in enumerate(whole.periods)}
    return frozenset(place[r.period] for r in whole.remarks if r.kind == "exclude" and r.period in place)


def _stretch(whole: Series, at: int, since: date | None) -> tuple[int, int]:
    """What is compared: from the first period shown, a year before the split at the latest, within one definition."""
    place = {p: i for i, p in enumerate(whole.periods)}
    changed = sorted(place[r.period] for r in whole.remarks if r.kind == "definition" and r.period in place)
    start = next((i for i, p in enumerate(whole.periods) if since is None or p >= since), 0)
    start = max(0, min(start, at - periods.PER_YEAR[whole.measure.frequency]))
    first = max([start, *(i for i in changed if i < at)])
    return first, min([len(whole.periods), *(i for i in changed if i > at)])


def _levels(whole: Series, left_out: frozenset[int]) -> tuple[Floats, bool]:
    """The values that count, without their season where it is strong; whether it was taken out."""
    hidden = [s == "preliminary" or i in left_out for i, s in enumerate(whole.status)]
    values = np.where(hidden, np.nan, whole.values)
    wanted, length = charting(whole.measure.chart), SEASON_LENGTH[whole.measure.frequency]
    season = season_of(values, length) if wanted.season == AUTO else None
    return (values, False) if season is None else (values - season, True)


def _headline(m: Definition, period: str, found: Difference) -> str:
    """ "93.4 % on average since Mar 2025, 87.1 % before: +6.3 points (95 % interval +4.9 to +7.7)"."""
    words = {
        "after": quantity(found.after.mean, m.unit, m.decimals), "before": quantity(found.before.mean, m.unit, m.decimals),
        "period": period, "size": difference(found.size, m.unit, m.decimals), "low": _signed(m, found.low), "high": _signed(m, found.high),
    }  # fmt: skip
    said = tr("{after} on average since {period}, {before} before: {size} (95 % interval {low} to {high})", **words)
    return said if found.clear else tr("{said}; chance alone may do that", said=said)


def _signed(m: Definition, value: float) -> str:
    """An end of the interval: "points" are said once, of the difference itself."""
    return change(value, m.decimals) if m.unit == "percent" else difference(value, m.unit, m.decimals)


def _caveat(found: Difference, seasonal: bool) -> str:
    said: Sequence[str] = (
        tr("The grounds are average ± one standard deviation of each side."),
        tr("Its season is taken out before comparing.") if seasonal else "",
        tr("Neighbouring periods are alike, so they count for fewer.") if found.alike else "",
        tr("Other things changed in that time, too: this says that the level moved, not why.")
        if found.clear
        else tr("Other things changed in that time, too."),
    )
    return " ".join(filter(None, said))
