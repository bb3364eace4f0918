"""Targets that are endangered by where a measure is heading: the chance that its forecast gives them (measures.outlook).

A forecast is no test: it says itself how sure it is. So these findings have no p value and are not counted among those whose rate is held.
"""

from __future__ import annotations

from dataclasses import replace

from scipy.special import ndtri

from citystat import periods
from citystat.city.observations import Progress
from citystat.measures.outlook import Outlook, brief_words, outlooks
from citystat.measures.series import Series
from citystat.measures.standing import standing_of
from citystat.models.observations import WHOLE
from citystat.screening.finding import AHEAD, ENDANGERED, MISSED, Finding, Serves
from citystat.screening.found import Screened, ordered
from citystat.screening.rank import score

LITTLE = 0.2  # chance of its target below which it is endangered
SURE = 1e-4  # a chance of none of some thousand courses


def with_forecasts(screened: Screened, progress: Progress | None = None) -> Screened:
    """What was found, and the targets that the forecasts endanger of measures whose target no finding speaks of yet.

    Every measure with a target is forecast to the end of its year, as it was read when it was screened; what was forecast once is known.
    Cancelled where `progress` was asked to stop.
    """
    told = {f.measure.id for f in screened.findings if f.kind in (MISSED, ENDANGERED)}
    aimed = [s for s in screened.wholes if s.targets and s.measure.id not in told]
    found = [
        _finding(series, ahead, ahead.chance, screened.goals.get(series.measure.id, ()))
        for series, ahead in zip(aimed, outlooks(aimed, progress), strict=True)
        if ahead is not None and ahead.chance is not None and ahead.chance < LITTLE
    ]
    return replace(screened, findings=ordered([*screened.findings, *found]))


def _finding(series: Series, ahead: Outlook, chance: float, goals: tuple[Serves, ...]) -> Finding:
    m, now = series.measure, standing_of(series)
    since = periods.start_of(ahead.periods[0], "year", m.year_start)  # one finding a year, however it moves within it
    found = Finding(
        m, "", "", WHOLE, AHEAD, since, float("nan"), float("nan"), f"{brief_words(series, ahead)}.", now.signal,
        float(-ndtri(max(chance, SURE))), 0, goals, now, chance=chance,
    )  # fmt: skip
    return replace(found, score=score(found))
