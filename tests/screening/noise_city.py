"""Cities of noise, with or without changes planted, for measuring what the screening says of them.

`python -m tests.screening.noise_city` prints the figures of docs/screening.md (some minutes on two cores).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from citystat.measures.series import Floats, Series
from citystat.measures.target import TargetStep
from citystat.models.observations import WHOLE
from citystat.screening.finding import MISSED
from citystat.screening.found import One, standing_findings
from citystat.screening.tested import look
from tests.measures.made_series import a_series

WARDS = 6
LEVEL, SPREAD = 100.0, 5.0
STEP = 3.0  # sigmas by which a planted level moves


@dataclass(frozen=True)
class Plan:
    """A city: measures of which every third has wards that add up to it, every second a target, two of five a season.

    alike: autocorrelation from month to month · planted: how many levels moved in the newest year; as many targets are missed by a sigma,
    and in half as many measures with wards one ward alone moved. A target that is met is met exactly on average, the hardest case.
    """

    measures: int = 40
    months: int = 60
    alike: float = 0.0
    planted: int = 0


@dataclass(frozen=True)
class Made:
    """The series, and which of the questions asked of them are rightly answered yes: (measure, "news", "target" or a ward)."""

    every: list[One]
    true: set[tuple[int, str]]


def made(plan: Plan, seed: int) -> Made:
    """One city."""
    rng, every, true = np.random.default_rng([seed, plan.months, round(100 * plan.alike)]), [], set()
    for n in range(plan.measures):
        several, month = n % 3 == 0, np.arange(plan.months)
        parts = LEVEL / 2 + SPREAD * like_the_one_before(rng, WARDS if several else 1, plan.months, plan.alike)
        sigma = SPREAD * np.sqrt(len(parts))
        if n < plan.planted:
            ago = int(rng.integers(3, 12))
            parts[:, -ago:] += STEP * sigma / len(parts) * rng.choice([-1, 1])
            true |= {(n, "news"), *((n, str(w)) for w in range(len(parts)))}
        elif several and n < 2.5 * plan.planted:
            parts[0, -6:] += 4 * SPREAD
            true |= {(n, "news"), (n, "0")}
        season = 3 * sigma * np.sin(month * np.pi / 6) if n % 5 < 2 else 0.0
        missed = plan.planted and plan.measures - n <= 2 * plan.planted
        mean = LEVEL / 2 * len(parts)
        target = mean + (sigma if missed else 0.0) if n % 2 else None
        if n % 2 and (missed or n < 2.5 * plan.planted):
            true.add((n, "target"))
        every.append((_series(n, parts.sum(0) + season, target), "", WHOLE))
        if several:
            every += [(_series(n, p + season / len(parts), None, str(w)), "Ward", 2 + w) for w, p in enumerate(parts)]
    return Made(every, true)


def like_the_one_before(rng: np.random.Generator, count: int, months: int, alike: float) -> Floats:
    """Noise of variance one in which each value is like the one before it by `alike`: array[count, months]."""
    drawn = rng.normal(size=(count, months + 50))
    for t in range(1, months + 50):
        drawn[:, t] = alike * drawn[:, t - 1] + np.sqrt(1 - alike**2) * drawn[:, t]
    return drawn[:, 50:]


def _series(n: int, values: Floats, target: float | None, category: str = "") -> Series:
    one = a_series(values, target=target)
    steps = tuple(TargetStep(date(2010, 1, 1), step.value) for step in one.targets)
    return replace(one, measure=replace(one.measure, id=n, code=f"N-{n:03}"), category=category, targets=steps)


@dataclass(frozen=True)
class Outcome:
    """found: findings, the wards of one measure counted as one · false: those of them that are none · true_found, planted: levels that
    moved and were found, and all of them · wards, wards_false: named one by one."""

    found: int
    false: int
    true_found: int
    planted: int
    wards: int
    wards_false: int


def outcome(plan: Plan, seed: int, rate: float = 0.05) -> Outcome:
    """What the whole screening says of one city."""
    city = made(plan, seed)
    looked, _ = look([series for series, _, _ in city.every])
    kept, _ = standing_findings(list(zip(city.every, looked, strict=True)), rate)
    said = {(c.one[0].measure.id, _question(c.one, c.test.kind)) for c in kept}
    wards = {s for s in said if s[1] not in ("news", "target")}
    breakdowns = {n: any((n, w) in city.true for w in map(str, range(WARDS))) for n, _ in wards}
    whole = said - wards
    moved = {(n, q) for n, q in city.true if q == "news" and n < plan.planted}
    return Outcome(
        len(whole) + len(breakdowns), len(whole - city.true) + sum(not there for there in breakdowns.values()),
        len(moved & said), len(moved), len(wards), len(wards - city.true),
    )  # fmt: skip


def _question(one: One, kind: str) -> str:
    return one[0].category or ("target" if kind == MISSED else "news")


def outcomes(plan: Plan, cities: int, first: int = 0) -> list[Outcome]:
    """Of so many cities, on all cores."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(outcome, [plan] * cities, range(first, first + cities), chunksize=4))


def main(cities: int = 400) -> Iterator[str]:
    """The figures, a line each."""
    for months in (36, 60, 120):
        for alike in (0.0, 0.3, 0.5):
            plan = Plan(months=months, alike=alike)
            quiet = outcomes(plan, cities)
            told = outcomes(replace(plan, planted=8), cities // 2, cities)
            share, wards = (
                np.mean([o.false / max(1, o.found) for o in told]),
                np.mean([o.wards_false / max(1, o.wards) for o in told]),
            )
            power = sum(o.true_found for o in told) / sum(o.planted for o in told)
            yield (
                f"{months} months, likeness {alike}: {sum(o.found > 0 for o in quiet)} of {cities} cities of noise have a finding; "
                f"with planted ones {100 * share:.1f} % of the findings are false, {100 * wards:.1f} % of the wards named, {100 * power:.0f} % of the levels found"
            )


if __name__ == "__main__":
    for line in main(int(sys.argv[1]) if len(sys.argv) > 1 else 400):
        print(line, flush=True)
