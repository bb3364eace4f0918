"""What is wanted of a measure, and when: levels, ranges, and the trajectory from a baseline to a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from citystat import periods

HOLD, REACH, ON_THE_WAY = "hold", "reach", "on the way"
HOW = {HOLD: "holds from then on", REACH: "is reached by then"}


@dataclass(frozen=True)
class TargetStep:
    """What is wanted, from the period that begins on `since`, or in it; in the measure's unit.

    upper: the upper edge of a range · kind: HOLD (from then on, until the next target), REACH (by then, along a straight line
    from what was wanted before, or from the baseline) or ON_THE_WAY (a point of that line) · tolerance: how far off counts as near ·
    agreed_by, agreed_on: who promised it, and when.
    """

    since: date
    value: float
    upper: float | None = None
    kind: str = HOLD
    tolerance: float | None = None
    agreed_by: str = ""
    agreed_on: date | None = None
    id: int = 0


@dataclass(frozen=True)
class Baseline:
    """The value that a measure started from, in the period that begins on `period`."""

    period: date
    value: float


def wanted(steps: Sequence[TargetStep], baseline: Baseline | None, period: date, frequency: str) -> TargetStep | None:
    """What is wanted in the period that begins on `period`; steps in order of time. None where nothing is.

    A target to be reached is led up to by equal parts a period; without anything before it, it begins when it is due.
    """
    here = next((s for s in reversed(steps) if s.since <= period), None)
    coming = next((s for s in steps if s.since > period), None)
    if coming is None or coming.kind != REACH:
        return here
    if here is None and baseline is not None and baseline.period <= period:
        here = TargetStep(baseline.period, baseline.value)
    if here is None:
        return None
    whole = periods.between(here.since, coming.since, frequency)
    if whole <= 0:  # both fall into one period: there is no way between them
        return here
    share = periods.between(here.since, period, frequency) / whole
    upper = here.value if here.upper is None else here.upper
    return replace(
        coming,
        since=period,
        kind=ON_THE_WAY,
        value=here.value + share * (coming.value - here.value),
        upper=None if coming.upper is None else upper + share * (coming.upper - upper),
    )
