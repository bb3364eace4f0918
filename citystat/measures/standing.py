"""Where every measure stands: last value, target, signal, in one pass over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from sqlalchemy.orm import Session

from citystat import periods
from citystat.analysis.spc import Judgement
from citystat.charts.describe import facts_of
from citystat.charts.headline import finding, headline, place_words
from citystat.measures.described import data_of, subject_of
from citystat.measures.judge import judged
from citystat.measures.series import Definition, Series, all_series, definition, definitions

NEW = 3  # a signal that began in the last three periods is new
BETTER = {"higher": 1, "lower": -1}
MANY = 24  # from so many measures on they are judged in the background
PORTION = 50  # so many are judged before what was found is shown


@dataclass(frozen=True)
class Standing:
    """One measure now.

    last, period: the newest value, which may be preliminary · place: the newest final value, of `judged_period`, beside
    its target, in the headline's words ("Above target", "" without a target) · meets: "meets", "misses", "on the edge" (the target lies within the limits: chance decides) or "" ·
    signal: improvement, concern, neither, common or too few · words: the signal in words ·
    since: the period in which it began, "" otherwise · new_signal: it began in the last three periods.
    """

    measure: Definition
    series: Series
    judgement: Judgement
    last: float | None
    period: date | None
    last_period: str
    target: float | None
    judged_period: str
    place: str
    meets: str
    signal: str
    words: str
    since: str
    headline: str
    new_signal: bool
    upper: float | None = None  # of a range, beside `target`


class Signalled(Protocol):
    """What says how a measure moved: a Standing, or a Latest."""

    @property
    def signal(self) -> str:
        """improvement, concern, neither, common, too few or ""."""


class Tally(NamedTuple):
    """How many measures got better, got worse, moved as they always do, moved while nobody said which way is better."""

    better: int
    worse: int
    same: int
    neither: int


def tally(rows: Iterable[Signalled]) -> Tally:
    """Measures counted by their signals."""
    found = Counter(row.signal for row in rows)
    return Tally(found["improvement"], found["concern"], found["common"], found["neither"])


def standings(read: Session) -> list[Standing]:
    """All measures that are not retired, by code."""
    return [standing_of(s) for s in all_series(read, definitions(read))]


def standing(read: Session, code_or_id: str | int) -> Standing:
    """One measure; CityStatError where there is none."""
    return next(iter(standings_of(read, [definition(read, code_or_id)])))


def standings_of(read: Session, measures: Iterable[Definition]) -> list[Standing]:
    """Some measures, in their order."""
    return [standing_of(s) for s in all_series(read, list(measures))]


def standings_by_portions(
    read: Session, measures: Sequence[Definition], found: Callable[[list[Standing]], None], first: int = PORTION
) -> None:
    """Hand the standings of `measures` to `found` as they are judged, so many at a time. first: how many at first (those in sight)."""
    found(standings_of(read, measures[:first]))
    for start in range(first, len(measures), PORTION):
        found(standings_of(read, measures[start : start + PORTION]))


def next_data(series: Series) -> date | None:
    """The day by which the next period's figures are due: its end and the reporting lag; None without any value.

    None for a derived measure, too: its figures come with what it rests on.
    """
    if series.last is None or series.measure.formula:
        return None
    return series.measure.due(periods.move(series.periods[series.last], series.measure.frequency, 1))


def standing_of(series: Series) -> Standing:
    """Where a series that was read already stands: a measure's, or that of one of its parts."""
    measure, judgement, last = series.measure, judged(series), series.last
    facts = facts_of(subject_of(measure), data_of(series, None))
    found = finding(judgement, facts)
    target = series.target_at(series.periods[last]) if last is not None else None
    final = series.last_final
    aim = series.target_at(series.periods[final]) if final is not None else None
    judged_upto = max((p.index for p in judgement.points if not np.isnan(p.value)), default=-1)
    return Standing(
        measure, series, judgement,
        float(series.values[last]) if last is not None else None,
        series.periods[last] if last is not None else None,
        series.label(last) if last is not None else "",
        target.value if target else None,
        series.label(final) if final is not None else "",
        place_words(float(series.values[final]), aim.value, aim.upper) if aim and final is not None else "",
        _meets(series, judgement),
        found.signal,
        found.words,
        facts.labels[found.since] if found.since is not None else "",
        headline(facts, found),
        found.since is not None and found.signal != "common" and found.since > judged_upto - NEW,
        target.upper if target else None,
    )  # fmt: skip


def _meets(series: Series, judgement: Judgement) -> str:
    """The last final value against its target; on the edge where the limits hold the target, so that chance decides."""
    last = series.last_final
    step = series.target_at(series.periods[last]) if last is not None else None
    if last is None or step is None:
        return ""
    value = float(series.values[last])
    if step.upper is not None:
        return "meets" if step.value <= value <= step.upper else "misses"
    side = BETTER.get(series.measure.direction)
    if side is None:
        return ""
    if judgement.enough and judgement.assurance == "hit-or-miss":
        return "on the edge"
    return "meets" if (value - step.value) * side >= 0 else "misses"
