"""What the newest period brought: signals, missed and endangered targets, changes of level, odd values, over the whole city.

Thousands of charts looked at at once show hundreds of marks by chance alone. So each finding has a p value (analysis.screen), and of
all that were tested only those stand that Benjamini and Hochberg's procedure keeps. Three questions are asked, each a family of tests of its
own: what is new of measures, which of their targets are missed, and of which breakdowns any part is new. RATE is divided among them (SHARES).
So at most RATE of all that is found, the parts of one breakdown counted as one finding, is false on average, however the families hang
together, and of each family at most its share (docs/screening.md). The page counts as this does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from citystat.analysis.fdr import benjamini_hochberg
from citystat.city.observations import Progress
from citystat.measures.series import Definition, Series, all_parts, all_series, definitions
from citystat.measures.standing import Standing, standing_of
from citystat.models.observations import WHOLE
from citystat.numbers import quantity
from citystat.screening.finding import CHANGE, MISSED, Finding, Key, Serves
from citystat.screening.rank import score, serving
from citystat.screening.tested import Looked, Test, look
from citystat.texts import plural, tr

RATE = 0.05  # of all findings may be false
SHARES = {"news": 0.6, "targets": 0.2, "parts": 0.2}  # of the rate
PORTION = 50  # measures that are read at once
READ = 0.3  # of the work is reading
One = tuple[Series, str, int]  # a series, its breakdown ("" for a whole), its cell


@dataclass(frozen=True)
class Screened:
    """What was found: the most important first, what is told by another beneath it. tests: how many were made · series: of how many
    measures and parts · rate: of false ones among all findings · wholes: the measures' series as they were read · goals: that rest on them,
    by measure."""

    findings: tuple[Finding, ...]
    tests: int
    series: int
    rate: float
    wholes: tuple[Series, ...]
    goals: Mapping[int, tuple[Serves, ...]]

    @property
    def told(self) -> list[Finding]:
        """Those that stand by themselves."""
        return [f for f in self.findings if f.under is None]


def screen(read: Session, progress: Progress | None = None, *, rate: float = RATE) -> Screened:
    """Look at every measure in use and at each of its parts; the findings that stand. Cancelled where `progress` was asked to stop."""
    every = _read(read, definitions(read), progress)
    looked, _ = look([s for s, _, _ in every], _later(progress))
    kept, tests = standing_findings(list(zip(every, looked, strict=True)), rate)
    goals = serving(read)
    found = [_dressed(claim, goals.get(claim.one[0].measure.id, ())) for claim in kept]
    wholes = tuple(series for series, _, cell in every if cell == WHOLE)
    return Screened(ordered(found), tests, sum(one.judged for one in looked), rate, wholes, goals)


def _read(read: Session, known: Sequence[Definition], progress: Progress | None) -> list[One]:
    """Every whole and part, read in portions so that a person can stop it."""
    found: list[One] = []
    for at in range(0, len(known), PORTION):
        if progress is not None:
            progress.report(READ * at / len(known), tr("Reading every measure"))
        some = known[at : at + PORTION]
        found += [(s, "", WHOLE) for s in all_series(read, some)]
        found += all_parts(read, some)
    return found


@dataclass(frozen=True)
class _Later:
    """The progress of what comes after the reading."""

    progress: Progress

    def report(self, share: float, words: str = "") -> None:
        self.progress.report(READ + (1 - READ) * share, words)


def _later(progress: Progress | None) -> Progress | None:
    return None if progress is None else _Later(progress)


## What stands


@dataclass(frozen=True)
class Claim:
    """One test of one series, and the smallest rate at which it stands."""

    one: One
    test: Test
    adjusted: float


def standing_findings(looked: Sequence[tuple[One, Looked]], rate: float) -> tuple[list[Claim], int]:
    """Of all tests those that stand; and how many were made."""
    news: list[Claim] = []
    targets: list[Claim] = []
    parts: dict[tuple[int, str], list[Claim]] = {}
    for one, found in looked:
        for test in filter(None, (found.news, found.missed)):
            claim = Claim(one, test, float("nan"))
            if one[2] != WHOLE:
                parts.setdefault((one[0].measure.id, one[1]), []).append(claim)
            else:
                (targets if test.kind == MISSED else news).append(claim)
    kept = [
        *_kept(news, rate, SHARES["news"]),
        *_kept(targets, rate, SHARES["targets"]),
        *_parts(list(parts.values()), rate),
    ]
    return kept, len(news) + len(targets) + sum(len(p) for p in parts.values())


def _kept(tried: Sequence[Claim], rate: float, share: float) -> list[Claim]:
    """Those of one family that stand at its share of the rate."""
    stands = benjamini_hochberg([c.test.p for c in tried], rate * share)
    return [
        replace(c, adjusted=min(1.0, float(adjusted) / share))
        for c, adjusted, there in zip(tried, stands.adjusted, stands.rejected, strict=True)
        if there
    ]


def _parts(breakdowns: Sequence[Sequence[Claim]], rate: float) -> Iterator[Claim]:
    """Breakdowns of which any part stands (Simes, then Benjamini and Hochberg), and of each the parts that stand at the rate that is left
    for so many of them (Y. Benjamini and M. Bogomolov, Journal of the Royal Statistical Society B 76, 2014).

    A part stands where its breakdown does and its own p value, adjusted within it, is at most the rate × the share of breakdowns that
    stand. The more stand, the more is left: the smallest rate is the least over how many do.
    """
    within = [benjamini_hochberg([c.test.p for c in claims]).adjusted for claims in breakdowns]
    any_of = benjamini_hochberg([parts.min() for parts in within]).adjusted
    so_many, at_least = np.arange(1, len(any_of) + 1), np.sort(any_of)  # the rate at which so many breakdowns stand
    for claims, parts, breakdown in zip(breakdowns, within, any_of, strict=True):
        for claim, part in zip(claims, parts, strict=True):
            rates = np.maximum(np.maximum(at_least, breakdown), part * len(any_of) / so_many)
            adjusted = min(1.0, float(rates.min()) / SHARES["parts"])
            if adjusted <= rate:
                yield replace(claim, adjusted=adjusted)


def _dressed(claim: Claim, goals: tuple[Serves, ...]) -> Finding:
    (series, by, cell), test = claim.one, claim.test
    now = standing_of(series)
    head = {CHANGE: _changed, MISSED: _missed}.get(test.kind, _marked)(now, test)
    words = f"{series.category}: {head}" if series.category else head
    found = Finding(
        series.measure, by, series.category, cell, test.kind, series.periods[test.since], test.p, claim.adjusted, f"{words}.",
        now.signal, test.size, (series.last_final or 0) - test.since, goals, now,
    )  # fmt: skip
    return replace(found, score=score(found))


def _marked(now: Standing, _test: Test) -> str:
    return now.headline


def _changed(now: Standing, test: Test) -> str:
    """ "Its level changed in Jul 2025: 41.2 on average since, 35.0 before"."""
    return tr(
        "Its level changed in {period}: {after} on average since, {before} before",
        period=now.series.label(test.since), after=_said(now, test.mean), before=_said(now, test.against),
    )  # fmt: skip


def _missed(now: Standing, test: Test) -> str:
    """ "Misses its target: 90.3 % on average where 94.0 % or more was wanted, in the newest 12 periods"."""
    mean, wanted = _said(now, test.mean), _said(now, test.against)
    if test.mean < test.against:
        return plural(
            test.n, "Misses its target: {mean} on average where {target} or more was wanted, in the newest {n} period",
            "Misses its target: {mean} on average where {target} or more was wanted, in the newest {n} periods", mean=mean, target=wanted,
        )  # fmt: skip
    return plural(
        test.n, "Misses its target: {mean} on average where {target} or less was wanted, in the newest {n} period",
        "Misses its target: {mean} on average where {target} or less was wanted, in the newest {n} periods", mean=mean, target=wanted,
    )  # fmt: skip


def _said(now: Standing, value: float) -> str:
    return quantity(value, now.measure.unit, now.measure.decimals)


## Order


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By score; what another finding tells already stands beneath it: parts beneath the whole's news, or beneath the first of them, and a
    missed target beneath what makes it worse."""
    rows = sorted(found, key=lambda f: (-f.score, f.measure.code, f.category))
    first: dict[tuple[int, str], Finding] = {}
    for f in rows:
        if f.kind != MISSED and f.chance is None:
            first.setdefault((f.measure.id, f.by), f)
    told = [replace(f, under=_under(f, first)) for f in rows]
    beneath: dict[Key, list[Finding]] = {}
    for f in told:
        if f.under is not None:
            beneath.setdefault(f.under, []).append(f)
    return tuple(one for f in told if f.under is None for one in (f, *beneath.get(f.key, ())))


def _under(f: Finding, first: Mapping[tuple[int, str], Finding]) -> Key | None:
    """What tells it. first: by measure and breakdown its first news."""
    whole = first.get((f.measure.id, ""))
    teller = whole if f.cell == WHOLE or whole is not None else first.get((f.measure.id, f.by))
    of_target = f.kind == MISSED or f.chance is not None
    if teller is None or teller.key == f.key or (of_target and teller.signal != "concern"):
        return None
    return teller.key
