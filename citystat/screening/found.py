"""What the newest period brought: signals, missed and endangered targets, changes of level, odd values, over the whole city.

Thousands of charts looked at at once show hundreds of marks by chance alone. So each finding has a p value (analysis.screen), and of
all that were tested only those stand that Benjamini and Hochberg's procedure keeps: at most RATE of them are false on average.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.analysis.changepoints import changes_of_all
from citystat.analysis.fdr import benjamini_hochberg
from citystat.analysis.screen import p_of_change, p_of_miss, p_of_signal
from citystat.city.observations import Progress
from citystat.measures.series import Definition, Series, all_parts, all_series, definitions
from citystat.measures.standing import Standing, standing_of
from citystat.models import GoalMeasure
from citystat.models.observations import WHOLE
from citystat.texts import tr

RATE = 0.05  # of the findings that stand may be false
RECENT = 12  # periods within which a signal or a change of level is news
NEWEST = 3  # periods within which it is new
SHORTEST = 6  # values that a level must hold on both sides
EVERY = 25  # series between two reports of progress
SIGNAL, MISSED, ENDANGERED, CHANGE, ODD = "signal", "missed", "endangered", "change", "odd"
KINDS = (SIGNAL, ENDANGERED, MISSED, CHANGE, ODD)


@dataclass(frozen=True)
class Finding:
    """One finding. by, category, cell: of a part, "" and the whole's cell otherwise · since: where it began · p: as tested ·
    adjusted: the smallest rate at which it stands · size: sigmas, or how far from the target in them · age: periods since it began ·
    serves: a goal rests on the measure · standing: where the series stands, for its chart · score: what it is ranked by."""

    measure: Definition
    by: str
    category: str
    cell: int
    kind: str
    since: date
    p: float
    adjusted: float
    words: str
    signal: str
    size: float
    age: int
    serves: bool
    standing: Standing
    score: float = 0.0

    @property
    def key(self) -> tuple[int, int, str, date]:
        """What tells it from others, the same while it lasts."""
        return self.measure.id, self.cell, self.kind, self.since

    @property
    def name(self) -> str:
        """ "FD-01 · Ambulance response · Ward 3"."""
        return " · ".join(filter(None, (self.measure.code, self.measure.name, self.category)))


@dataclass(frozen=True)
class Screened:
    """What was found. tests: how many were made · series: of how many measures and parts · rate: of false ones among the findings."""

    findings: tuple[Finding, ...]
    tests: int
    series: int
    rate: float


def screen(read: Session, progress: Progress | None = None, *, rate: float = RATE) -> Screened:
    """Look at every measure in use and at each of its parts; the findings that stand, the most important first."""
    known = definitions(read)
    wholes = [(s, "", WHOLE) for s in all_series(read, known)]
    every = [*wholes, *all_parts(read, known)]
    serving = set(read.scalars(select(GoalMeasure.measure_id)))
    tried: list[Finding] = []
    levels: list[tuple[Standing, str, int]] = []
    for n, (series, by, cell) in enumerate(every):
        if progress is not None and n % EVERY == 0:
            progress.report(0.8 * n / len(every), tr("Looking at every measure"))
        if series.last_final is None:
            continue
        now = standing_of(series)
        levels.append((now, by, cell))
        tried += [_dressed(f, now, by, cell, serving) for f in _tested(now, whole=cell == WHOLE)]
    tried += [
        _dressed(f, now, by, cell, serving)
        for f, now, by, cell in _changes(
            levels, {(f.measure.id, f.cell) for f in tried if f.kind != MISSED and f.p < 1}
        )
    ]
    found = benjamini_hochberg([f.p for f in tried], rate)
    standing = [
        replace(f, adjusted=float(a)) for f, a, kept in zip(tried, found.adjusted, found.rejected, strict=True) if kept
    ]
    tests = int((~np.isnan([f.p for f in tried])).sum())
    return Screened(tuple(_ranked(standing)), tests, len(levels), rate)


@dataclass(frozen=True)
class _Test:
    kind: str
    since: int
    p: float
    size: float


def _tested(now: Standing, *, whole: bool) -> Iterator[_Test]:
    """The tests of one series: its newest signal, and of a whole its target."""
    judgement, series = now.judgement, now.series
    p = p_of_signal(judgement)
    last = series.last_final or 0
    if not np.isnan(p):
        since = _since(now)
        new = since is not None and last - since < RECENT
        kind = ODD if since == last and judgement.points[last].rules == ("outside-limits",) else SIGNAL
        if kind == SIGNAL and now.signal == "concern" and now.meets in ("meets", "on the edge"):
            kind = ENDANGERED
        told = now.signal in ("concern", "improvement", "neither") and new
        yield _Test(kind, since if since is not None else last, p if told else 1.0, _size(now))
    if whole and judgement.assurance == "fail" and now.target is not None:
        began = last
        while began and now.meets == "misses" and _misses(now, began - 1):
            began -= 1
        yield _Test(MISSED, began, p_of_miss(judgement, now.target), _size(now))


def _since(now: Standing) -> int | None:
    labels = [now.series.label(i) for i in range(len(now.series.periods))]
    return labels.index(now.since) if now.since in labels else None


def _size(now: Standing) -> float:
    """How many sigmas the newest value lies from the centre."""
    last = next((p for p in reversed(now.judgement.points) if not np.isnan(p.value)), None)
    if last is None or last.centre is None or last.upper is None or last.upper <= last.centre:
        return 0.0
    return float(abs(last.value - last.centre) / ((last.upper - last.centre) / 3))


def _misses(now: Standing, i: int) -> bool:
    """Whether the value at i missed its target."""
    step, value = now.series.target_at(now.series.periods[i]), now.series.values[i]
    if step is None or np.isnan(value) or step.upper is not None:
        return False
    return bool(value < step.value if now.measure.direction == "higher" else value > step.value)


def _changes(
    levels: Sequence[tuple[Standing, str, int]], told: set[tuple[int, int]]
) -> Iterator[tuple[_Test, Standing, str, int]]:
    """Changes of level within the newest stretch of those whose chart marks nothing."""
    quiet = [one for one in levels if (one[0].measure.id, one[2]) not in told and one[0].judgement.chart != "run"]
    if not quiet:
        return
    longest = max(len(now.series.periods) for now, _, _ in quiet)
    table = np.full((len(quiet), longest), np.nan)
    for row, (now, _, _) in zip(table, quiet, strict=True):
        stretch = _stretch(now.series, now)
        if len(stretch):
            row[-len(stretch) :] = stretch
    for (now, by, cell), row, found in zip(quiet, table, changes_of_all(table), strict=True):
        if not found:
            yield _Test(CHANGE, 0, 1.0, 0.0), now, by, cell
            continue
        last = found[-1]
        start = found[-2].after if len(found) > 1 else 0
        before, after = (v[~np.isnan(v)] for v in (row[start : last.after], row[last.after :]))
        fresh = longest - last.after <= RECENT and min(len(before), len(after)) >= SHORTEST
        p = p_of_change(before, after, len(before) + len(after)) if fresh else 1.0
        at = len(now.series.periods) - (longest - last.after)
        spread = float(np.std(before, ddof=1)) if len(before) > 1 else 0.0
        size = abs(last.mean_after - last.mean_before) / spread if spread > 0 else 0.0
        yield _Test(CHANGE, max(0, at), p, size), now, by, cell


def _stretch(series: Series, now: Standing) -> np.ndarray:
    """The judged values of the newest segment, aligned at the series' end; nan where left out or preliminary."""
    segment = now.judgement.segments[-1] if now.judgement.segments else None
    if segment is None:
        return np.array([])
    return np.array([np.nan if p.excluded else p.level for p in now.judgement.points[segment.start :]], float)


def _dressed(test: _Test, now: Standing, by: str, cell: int, serving: set[int]) -> Finding:
    m, series = now.measure, now.series
    last = series.last_final or 0
    head = (
        now.headline
        if test.kind != CHANGE
        else tr("{head}; its level changed in {period}", head=now.headline, period=series.label(test.since))
    )
    words = f"{series.category}: {head}" if series.category else head
    return Finding(
        m, by, series.category, cell, test.kind, series.periods[test.since], test.p, float("nan"), f"{words}.", now.signal, test.size,
        last - test.since, m.id in serving, now,
    )  # fmt: skip


## Ranking


def _ranked(found: Sequence[Finding]) -> list[Finding]:
    """By size, importance and novelty; what a part tells of a whole that is told of itself is left to its drivers."""
    wholes = {f.measure.id for f in found if f.cell == WHOLE and f.kind != MISSED}
    kept = [replace(f, score=_score(f)) for f in found if f.cell == WHOLE or f.measure.id not in wholes]
    return sorted(kept, key=lambda f: (-f.score, f.measure.code, f.category))


WEIGHT = {"concern": 1.5, "improvement": 1.0, "neither": 0.8}


def _score(f: Finding) -> float:
    """Size in sigmas (six at most) × what it means × twice where a goal rests on it × newer before older."""
    worth = 1.5 if f.kind in (MISSED, ENDANGERED) else WEIGHT.get(f.signal, 0.8)
    return (
        min(6.0, max(1.0, f.size))
        * worth
        * (2.0 if f.serves else 1.0)
        * (0.6 if f.cell != WHOLE else 1.0)
        / (1 + f.age / 3)
    )


def why(f: Finding) -> str:
    """Why it stands where it stands, in words."""
    parts = [tr("{n} sigmas", n=f"{f.size:.1f}")]
    parts.append(tr("new") if f.age < NEWEST else tr("for {n} periods", n=f.age + 1))
    if f.serves:
        parts.append(tr("a goal rests on it"))
    if f.category:
        parts.append(tr("a part"))
    return " · ".join(parts)
