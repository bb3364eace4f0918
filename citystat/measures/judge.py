"""The one judgement of a measure: chart, icon, wall, memo and minutes all take it from here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.choice import chart_for, season_of
from citystat.analysis.spc import ENOUGH, Judgement, judge, stretches, with_season
from citystat.measures.charting import AUTO, SEASON_LENGTH, charting, counts
from citystat.measures.series import Series

Floats = NDArray[np.float64]
OF_COUNTS = ("p", "p-prime", "u", "u-prime")
IMPROVEMENT = {"higher": "up", "lower": "down"}


def judged(series: Series) -> Judgement:
    """Judge by the chart that the data ask for (analysis.choice), or that was set with the measure (measures.charting).

    Rebases and exclusions are the measure's remarks; where the definition changed, the limits restart, too: what came
    before is another measure. A preliminary value is taken as missing for limits and rules; the chart still shows it,
    hollow. Fewer than ENOUGH values get a run chart in which nothing is marked. A strong season is taken out first, and
    the limits follow it.
    """
    measure, wanted = series.measure, charting(series.measure.chart)
    values, top, bottom = (_final(series, column) for column in (series.values, series.numerator, series.denominator))
    restarts, left_out = _places(series, "rebase", "definition"), _places(series, "exclude")
    few = int((~np.isnan(values)).sum()) < ENOUGH
    length = SEASON_LENGTH[measure.frequency] if wanted.season == AUTO and wanted.chart in (AUTO, "xmr") else 0
    season = None if few else season_of(values, length)
    if few:
        chart, rules = "run", "none"
    else:
        chart, rules = _chart(series, wanted.chart, values, restarts, left_out), wanted.rules
    improvement, target = IMPROVEMENT.get(measure.direction, "neither"), _target(series)
    found = judge(
        values if season is None else values - season,
        numerator=top, denominator=bottom, chart=chart if season is None else "xmr", rules=rules,
        improvement=improvement, target=target, baseline=wanted.baseline, rebase=restarts, exclude=left_out,
        multiply=measure.multiplier,
    )  # fmt: skip
    return found if season is None else with_season(found, season, length, target=target, improvement=improvement)


def _chart(series: Series, wanted: str, values: Floats, restarts: Sequence[int], left_out: Sequence[int]) -> str:
    """The chart that is set; XmR where it needs counts that the measure has not; the data's own where none is set."""
    known, counted = ~np.isnan(values), ~np.isnan(series.numerator) & (series.denominator > 0)
    if wanted != AUTO:
        return wanted if wanted not in OF_COUNTS or counted[known].all() else "xmr"
    used = values.copy()
    used[list(left_out)] = np.nan
    measure = series.measure
    return chart_for(
        used, series.numerator, series.denominator, counts=counts(measure.unit, measure.aggregation, measure.multiplier),
        multiply=measure.multiplier, spans=[slice(a, b) for a, b in stretches(len(values), restarts)],
    )  # fmt: skip


def _final(series: Series, column: Floats) -> Floats:
    """The column, nan where a figure is preliminary."""
    return np.where([s == "preliminary" for s in series.status], np.nan, column)


def _places(series: Series, *kinds: str) -> list[int]:
    """Indices of the periods with remarks of these kinds."""
    place = {p: i for i, p in enumerate(series.periods)}
    return [place[r.period] for r in series.remarks if r.kind in kinds and r.period in place]


def _target(series: Series) -> float | None:
    """The one value that is wanted of the last final period; None without, or with a range."""
    last = series.last_final
    step = series.target_at(series.periods[last]) if last is not None else None
    return step.value if step and step.upper is None else None
