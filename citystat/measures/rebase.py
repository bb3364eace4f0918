"""Where the limits might begin anew: suggested, never done by itself.

NHS England's *Making Data Count* asks three things of a new start: a sustained change, a known reason for it, and enough
points since. The data can only tell of the first and the last; the reason is a person's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from citystat.analysis.changepoints import changes_of_all
from citystat.analysis.spc import ENOUGH, Judgement
from citystat.measures.series import Series
from citystat.numbers import quantity
from citystat.texts import tr

SINCE = 8  # values of the new level before a new start is worth a thought
SUSTAINED = 0.9  # of them lie beyond the old average


@dataclass(frozen=True)
class Suggestion:
    """period: the first of the new level · words: what the data say."""

    period: date
    words: str


def suggested(series: Series, judgement: Judgement) -> Suggestion | None:
    """The last change of level within the newest stretch, where it has held; None where limits should stay.

    Values left out of the limits and preliminary ones have no say; a season is taken out before.
    """
    if not judgement.segments or judgement.chart == "run" or not judgement.enough:
        return None
    segment = judgement.segments[-1]
    points = judgement.points[segment.start : segment.stop]
    levels = np.array([np.nan if p.excluded else p.level for p in points], float)
    if int((~np.isnan(levels)).sum()) < ENOUGH + SINCE:
        return None
    found = changes_of_all(levels[None])[0]
    if not found:
        return None
    last = found[-1]
    since = levels[last.after :][~np.isnan(levels[last.after :])]
    up = last.mean_after > last.mean_before
    beyond = (since > last.mean_before) if up else (since < last.mean_before)
    marked = any(p.kind != "common" or p.rules for p in points[last.after :])
    if len(since) < SINCE or beyond.mean() < SUSTAINED or not marked:
        return None
    at, m = segment.start + last.after, series.measure
    before, after = (quantity(mean, m.unit, m.decimals) for mean in (last.mean_before, last.mean_after))
    words = tr(
        "The level seems to have changed in {period}, from {before} to {after} on average, and has held since. If you know why, the limits can begin anew there",
        period=series.label(at), before=before, after=after,
    )  # fmt: skip
    return Suggestion(series.periods[at], f"{words}.")
