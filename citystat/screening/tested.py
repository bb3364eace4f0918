"""One measure, or one part, looked at: has anything changed lately, and is its target missed? A p value for each question.

What was found of a series is known by all that it rests on (values, targets, remarks, settings), so after a new period only the series that it
touched are looked at again; whether a city was closed meanwhile or a figure was taken back does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from citystat.analysis.changepoints import changes_of_all
from citystat.analysis.screen import likeness, miss, p_of_change, p_of_signal
from citystat.analysis.spc import Point
from citystat.city.observations import Progress
from citystat.measures.known import Known
from citystat.measures.series import Floats, Series
from citystat.measures.standing import BETTER, Standing, standing_of
from citystat.screening.finding import CHANGE, ENDANGERED, MISSED, ODD, SIGNAL
from citystat.texts import tr

RECENT = 12  # periods within which a signal or a change of level is news
SHORTEST = 6  # values that a level must hold on both sides
EVERY = 25  # series between two reports of progress
SHARE = 0.9  # of the chance of an error that a series has, given to its chart; the rest to changes of level
LIKELY = 0.05  # p from which on a change of level, where that is less likely, tells more than the chart's mark
CUT = 3.0  # times as careful of months that are alike where levels were cut to fit them
MEMORY = 20_000  # series that are remembered


@dataclass(frozen=True)
class Test:
    """kind: what it would be called · since: index of the period in which it began · p: that chance makes it, 1 where nothing is told ·
    size: sigmas · mean, against: of a missed target the averages of the newest n values and of what was wanted of them, of a change the
    level and the one before it; 0 otherwise."""

    kind: str
    since: int
    p: float
    size: float
    mean: float = 0.0
    against: float = 0.0
    n: int = 0


@dataclass(frozen=True)
class Looked:
    """What was found of one series: news and missed, None where the question cannot be asked; judged: it has a final value."""

    news: Test | None
    missed: Test | None
    judged: bool


_known = Known[Looked](MEMORY)


def look(every: Sequence[Series], progress: Progress | None = None) -> tuple[list[Looked], int]:
    """What is found of each series, in their order, and how many had to be looked at because they are new or changed.

    progress: told from 0 to 1; raises Cancelled where it was asked to stop, and what was found by then is remembered.
    """
    keys = [s.digest for s in every]
    found = _known.among(keys)
    fresh = list({key: s for key, s in zip(keys, every, strict=True) if key not in found}.items())
    for at in range(0, len(fresh), EVERY):
        if progress is not None:
            progress.report(at / len(fresh), tr("Looking at every measure"))
        some = fresh[at : at + EVERY]
        new = dict(zip((key for key, _ in some), _looked([s for _, s in some]), strict=True))
        found |= new
        _known.keep(new)
    return [found[key] for key in keys], len(fresh)


def _looked(some: Sequence[Series]) -> Iterator[Looked]:
    stand = [standing_of(s) if s.last_final is not None else None for s in some]
    moved = _moved([now for now in stand if now is not None])
    for now in stand:
        if now is None:
            yield Looked(None, None, judged=False)
        else:
            yield Looked(_news(now, next(moved)), _missed(now), judged=True)


## What is new


def _news(now: Standing, change: Test | None) -> Test | None:
    """The chart's newest signal or a change of level: two tries, of which the signal has the larger SHARE (a weighted Bonferroni)."""
    signal = _signal(now)
    if signal is None or change is None:
        return signal or change
    p = min(1.0, signal.p / SHARE, change.p / (1 - SHARE))
    told = signal if signal.p < LIKELY or signal.p <= change.p else change
    return replace(told, p=p)


def _signal(now: Standing) -> Test | None:
    """The end of the chart, where it marks something that began lately."""
    judgement, last = now.judgement, now.series.last_final or 0
    p = p_of_signal(judgement)
    if np.isnan(p):
        return None
    since = _since(now)
    if since is None or now.signal not in ("concern", "improvement", "neither") or last - since >= RECENT:
        return Test(SIGNAL, last, 1.0, 0.0)
    alone = since == last and judgement.points[last].rules == ("outside-limits",)
    endangered = now.signal == "concern" and now.meets in ("meets", "on the edge")
    return Test(ODD if alone else ENDANGERED if endangered else SIGNAL, since, p, _size(judgement.points))


def _since(now: Standing) -> int | None:
    labels = [now.series.label(i) for i in range(len(now.series.periods))]
    return labels.index(now.since) if now.since in labels else None


def _size(points: Sequence[Point]) -> float:
    """How many sigmas the newest value lies from the centre."""
    last = next((p for p in reversed(points) if not np.isnan(p.value)), None)
    if last is None or last.centre is None or last.upper is None or last.upper <= last.centre:
        return 0.0
    return float(abs(last.value - last.centre) / ((last.upper - last.centre) / 3))


def _moved(levels: Sequence[Standing]) -> Iterator[Test | None]:
    """For each, whether its level changed lately within the newest stretch; None where that cannot be judged."""
    stretches = [_stretch(now) for now in levels]
    longest = max((len(s) for s in stretches), default=0)
    table = np.full((len(levels), longest), np.nan)
    for row, stretch in zip(table, stretches, strict=True):
        row[longest - len(stretch) :] = stretch
    for now, row, found in zip(levels, table, changes_of_all(table), strict=True):
        if now.judgement.chart == "run" or not now.judgement.enough:
            yield None
            continue
        if not found or longest - found[-1].after > RECENT:
            yield Test(CHANGE, 0, 1.0, 0.0)
            continue
        levels_held = [_values(v) for v in np.split(row, [change.after for change in found])]
        yield _change(levels_held, len(now.series.periods) - (longest - found[-1].after))


def _change(levels: Sequence[Floats], at: int) -> Test:
    """The newest of the levels against the one before; at: index at which it begins."""
    before, after = levels[-2:]
    if min(len(before), len(after)) < SHORTEST:
        return Test(CHANGE, at, 1.0, 0.0)
    alike = likeness(np.concatenate([level - level.mean() for level in levels]), 0, CUT)
    p, spread = p_of_change(before, after, len(before) + len(after), alike), float(before.std(ddof=1))
    size = abs(float(after.mean() - before.mean())) / spread if spread > 0 else 0.0
    return Test(CHANGE, at, 1.0 if np.isnan(p) else p, size, float(after.mean()), float(before.mean()))


def _stretch(now: Standing) -> Floats:
    """The judged values of the newest segment to the series' end; nan where left out or preliminary."""
    segment = now.judgement.segments[-1] if now.judgement.segments else None
    if segment is None:
        return np.array([])
    return np.array([np.nan if p.excluded else p.level for p in now.judgement.points[segment.start :]], float)


def _values(column: Floats) -> Floats:
    return column[~np.isnan(column)]


## Missed targets


def _missed(now: Standing) -> Test | None:
    """Whether the newest values fail their targets on average; asked of every series that has a target and a direction."""
    series, judgement = now.series, now.judgement
    steps = [series.target_at(p) for p in series.periods]
    lower = np.array([np.nan if s is None else s.value for s in steps], float)
    upper = np.array([np.nan if s is None or s.upper is None else s.upper for s in steps], float)
    step = steps[series.last_final or 0]
    if step is None or (step.upper is None and series.measure.direction not in BETTER):
        return None
    sides = [("higher", lower), ("lower", upper)] if step.upper is not None else [(series.measure.direction, lower)]
    tried = {side: miss(judgement, wanted, side) for side, wanted in sides}
    side, found = min(tried.items(), key=lambda one: one[1].p if one[1] is not None else np.inf)
    if found is None:
        return None
    began, p = _began(series, dict(sides)[side], side), min(1.0, found.p * len(tried))
    return Test(MISSED, began, p, abs(found.sigmas), found.mean, found.wanted, found.n)


def _began(series: Series, wanted: Floats, side: str) -> int:
    """Since when the target is missed: one value that meets it amid others is chance, two in a row end it."""
    last, met = series.last_final or 0, 0
    began = last
    for i in range(last, -1, -1):
        if np.isnan(series.values[i]) or np.isnan(wanted[i]):
            if np.isnan(wanted[i]):
                break
            continue
        fails = (series.values[i] - wanted[i]) * BETTER[side] < 0
        met = 0 if fails else met + 1
        if met > 1:
            break
        began = i if fails else began
    return began
