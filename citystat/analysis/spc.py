"""Statistical process control: is a change a signal or noise?

Limits follow Shewhart's charts as Montgomery gives them (Introduction to Statistical Quality Control),
the NHS rules follow *Making Data Count* (NHS England) as NHSRplotthedots computes them, the runs rules
Anhøj and Olesen (2014), p′ and u′ limits Laney (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citystat.analysis.rules import MARKERS, first_kind
from citystat.analysis.runs import Runs, runs

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ENOUGH = 12  # points a segment needs before a room should judge by its limits
D2 = 1.128  # mean moving range of two / sigma, for the normal distribution
BEYOND = 1e100  # a value beyond this cannot be judged: its square is no number any more
SCREEN = 3.267  # moving ranges beyond this multiple of their mean are left out once
CHARTS = ("xmr", "p", "u", "c", "p-prime", "u-prime", "run")


@dataclass(frozen=True)
class Segment:
    """Points start to stop (exclusive) judged by one centre; n: how many made its limits.

    centre, lower, upper are those of its last point (limits step where denominators differ).
    """

    start: int
    stop: int
    n: int
    centre: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Point:
    """kind: common, improving, concerning or neither; excluded: left out of the limits, still shown.

    season: what the season adds to value, centre and limits (0 where none was taken out).
    """

    index: int
    value: float
    centre: float | None
    lower: float | None
    upper: float | None
    rules: tuple[str, ...]
    kind: str
    excluded: bool
    season: float = 0.0

    @property
    def level(self) -> float:
        """The value that was judged: without its season."""
        return self.value - self.season


@dataclass(frozen=True)
class Judgement:
    """What the chart says. centre, lower, upper: of the last point. assurance: pass, fail, hit-or-miss or None.

    rules: which set marked the points · seasonal: judged after its season was taken out; points have it back,
    segments do not.
    """

    chart: str
    centre: float | None
    lower: float | None
    upper: float | None
    mean_moving_range: float | None
    segments: tuple[Segment, ...]
    points: tuple[Point, ...]
    variation: str
    assurance: str | None
    runs: Runs | None
    outside: tuple[int, ...]
    warnings: tuple[str, ...]
    enough: bool
    rules: str = "nhs"
    seasonal: bool = False


@dataclass(frozen=True)
class _Lines:
    """Centre and limits of every point: array[n] float, nan where there is no limit; moving range of the last segment."""

    centre: Floats
    lower: Floats
    upper: Floats
    mean_moving_range: float | None = None


def judge(
    values: ArrayLike,
    *,
    numerator: ArrayLike | None = None,
    denominator: ArrayLike | None = None,
    chart: str = "xmr",
    rules: str = "nhs",
    improvement: str = "neither",
    target: float | None = None,
    screening: bool | None = None,
    baseline: int | None = None,
    rebase: Sequence[int] = (),
    exclude: Sequence[int] = (),
    multiply: float = 1.0,
    centre: float | None = None,
    sigma: float | None = None,
) -> Judgement:
    """Judge a series by its chart and rules.

    values: array[n] float, nan where missing (a gap belongs to no limit and no run); numerator and
    denominator: array[n], for p and u charts · improvement: "up", "down" or "neither" · screening: None is on
    for nhs rules, off for others · baseline: limits from the first N points of each segment · rebase: indices
    that begin a new segment · exclude: indices left out of the limits, still shown · multiply: p or u times this ·
    centre, sigma: given instead of computed. Raises ValueError for an unknown chart or rules.
    """
    data, bottom, kind, warnings = _judged_data(values, numerator, denominator, chart, multiply)
    left_out = np.zeros(len(data), bool)
    left_out[list(exclude)] = True
    screen = rules == "nhs" if screening is None else screening
    spans = stretches(len(data), rebase)
    lines = [
        _given(data[a:b], centre, sigma)
        if centre is not None and sigma is not None
        else _lines(kind, data[a:b], _cut(bottom, a, b), left_out[a:b], baseline, screen, multiply)
        for a, b in spans
    ]
    marks = [_mark(rules, data[a:b], line, left_out[a:b]) for (a, b), line in zip(spans, lines, strict=True)]
    points = _points(data, spans, lines, marks, left_out, improvement)
    last = next((p for p in reversed(points) if not np.isnan(p.value)), None)
    return Judgement(
        chart=kind,
        centre=last.centre if last else None,
        lower=last.lower if last else None,
        upper=last.upper if last else None,
        mean_moving_range=lines[-1].mean_moving_range if lines else None,
        segments=tuple(_segment(s, data, line, left_out, baseline) for s, line in zip(spans, lines, strict=True)),
        points=tuple(points),
        variation=_variation(last, spans, marks, improvement),
        assurance=_assurance(last, target, improvement),
        runs=_last_runs(data, spans, lines, left_out),
        outside=tuple(p.index for p in points if _is_outside(p)),
        warnings=tuple(warnings),
        enough=_usable(data, spans, left_out) >= ENOUGH,
        rules=rules,
    )


def with_season(
    judgement: Judgement, season: Floats, length: int, *, target: float | None, improvement: str
) -> Judgement:
    """The judgement of adjusted values, told of the values as they are: the limits follow the season.

    season: array[n] float, what the season adds to each · length: periods in a season · target, improvement: as in
    judge(). A target is passed or failed for certain only where it lies beyond the limits in every part of the year.
    """
    points = tuple(
        replace(
            p, value=p.value + s, season=s, centre=_moved(p.centre, s), lower=_moved(p.lower, s), upper=_moved(p.upper, s)
        )
        for p, s in zip(judgement.points, season.tolist(), strict=True)
    )  # fmt: skip
    last = next((p for p in reversed(points) if not np.isnan(p.value)), None)
    if last is None:
        return judgement
    year = points[max(0, last.index + 1 - length) : last.index + 1]
    lows, highs = [p.lower for p in year if p.lower is not None], [p.upper for p in year if p.upper is not None]
    widest = replace(last, lower=min(lows, default=None), upper=max(highs, default=None))
    return replace(
        judgement, points=points, seasonal=True, centre=last.centre, lower=last.lower, upper=last.upper,
        assurance=_assurance(widest, target, improvement),
    )  # fmt: skip


def _moved(limit: float | None, by: float) -> float | None:
    return None if limit is None else limit + by


def _judged_data(
    values: ArrayLike, numerator: ArrayLike | None, denominator: ArrayLike | None, chart: str, multiply: float
) -> tuple[Floats, Floats | None, str, list[str]]:
    """What the chart judges (its own values, or the rates of a p or u chart), the denominators, the chart, warnings."""
    data, warnings = _clean(values)
    top = None if numerator is None else _clean(numerator)[0]
    bottom = None if denominator is None else _clean(denominator)[0]
    kind = _choose(chart, top, bottom)
    if kind in ("p", "u", "p-prime", "u-prime") and top is not None and bottom is not None:
        with np.errstate(all="ignore"):
            data = _clean(np.where(bottom > 0, multiply * top / bottom, np.nan))[0]
    return data, bottom, kind, warnings


def _clean(values: ArrayLike) -> tuple[Floats, list[str]]:
    """The values that can be judged, and in words what could not."""
    data = np.array(values, dtype=float)
    infinite, size = np.isinf(data), np.abs(np.nan_to_num(data, nan=0.0))
    huge = (size > BEYOND) & ~infinite
    warnings = [f"{infinite.sum()} infinite values were taken as missing"] if infinite.any() else []
    warnings += [f"{huge.sum()} values beyond {BEYOND:.0e} were taken as missing"] if huge.any() else []
    data[infinite | huge] = np.nan
    return data, warnings


def _choose(chart: str, top: Floats | None, bottom: Floats | None) -> str:
    """auto: p for a share of a denominator, u for more events than places, xmr without a denominator."""
    if chart == "auto":
        if top is None or bottom is None:
            return "xmr"
        over = top - bottom
        return "u" if bool((over[~np.isnan(over)] > 0).any()) else "p"
    if chart not in CHARTS:
        raise ValueError(f"unknown chart {chart}")
    return chart


def stretches(n: int, rebase: Sequence[int]) -> list[tuple[int, int]]:
    """Start and stop (exclusive) of what is judged by itself: n points cut where `rebase` begins a new segment."""
    edges = [0, *sorted({i for i in rebase if 0 < i < n}), n]
    return [(a, b) for a, b in zip(edges, edges[1:], strict=False) if b > a]


def _cut(column: Floats | None, a: int, b: int) -> Floats | None:
    return None if column is None else column[a:b]


def _given(data: Floats, centre: float, sigma: float) -> _Lines:
    middle = np.full(len(data), centre)
    return _Lines(middle, middle - 3 * sigma, middle + 3 * sigma)


def _lines(
    chart: str,
    data: Floats,
    bottom: Floats | None,
    left_out: Bools,
    baseline: int | None,
    screen: bool,
    multiply: float,
) -> _Lines:
    """Centre and limits of one segment, from its own points (or its first `baseline` ones)."""
    used = ~np.isnan(data) & ~left_out
    if baseline is not None:
        used &= np.arange(len(data)) < baseline
    if not used.any():
        empty = np.full(len(data), np.nan)
        return _Lines(empty, empty, empty)
    if chart == "run":
        middle = np.full(len(data), np.median(data[used]))
        return _Lines(middle, np.full(len(data), np.nan), np.full(len(data), np.nan))
    if chart == "c":
        middle = np.full(len(data), data[used].mean())
        spread = 3 * np.sqrt(np.maximum(middle, 0))
        return _Lines(middle, np.maximum(middle - spread, 0), middle + spread)
    if chart == "xmr" or bottom is None:
        return _xmr(data, used, screen)
    return _attributes(chart, data, bottom, used, screen, multiply)


def _xmr(data: Floats, used: Bools, screen: bool) -> _Lines:
    """Mean ± 2.66 × mean moving range, of neighbouring used points."""
    middle = np.full(len(data), data[used].mean())
    ranges = screened(np.abs(np.diff(data[used])), screen)
    if len(ranges) == 0:
        none = np.full(len(data), np.nan)
        return _Lines(middle, none, none)
    moving = float(ranges.mean())
    return _Lines(middle, middle - 2.66 * moving, middle + 2.66 * moving, moving)


def screened(ranges: Floats, screen: bool) -> Floats:
    """Moving ranges without those beyond SCREEN times their mean, where that is wanted."""
    if not screen or len(ranges) == 0 or ranges.mean() == 0:
        return ranges
    kept: Floats = ranges[ranges < SCREEN * ranges.mean()]
    return kept


def _attributes(chart: str, data: Floats, bottom: Floats, used: Bools, screen: bool, multiply: float) -> _Lines:
    """p and u limits by each denominator; Laney's prime charts widen them by the spread of the z values."""
    with np.errstate(all="ignore"):
        rate = float((data[used] * bottom[used]).sum() / bottom[used].sum()) / multiply
        variance = rate * (1 - rate) if chart.startswith("p") else rate
        sigma = np.sqrt(variance / np.where(bottom > 0, bottom, np.nan))
        if chart.endswith("prime"):
            z = (data[used] / multiply - rate) / sigma[used]
            ranges = screened(np.abs(np.diff(z)), screen)
            sigma = sigma * (ranges.mean() / D2 if len(ranges) else 1.0)
    middle = np.where(np.isnan(data), np.nan, multiply * rate)
    lower = np.maximum(multiply * (rate - 3 * sigma), 0.0)
    upper = multiply * (rate + 3 * sigma)
    return _Lines(middle, lower, np.minimum(upper, multiply) if chart.startswith("p") else upper)


def _mark(rules: str, data: Floats, line: _Lines, left_out: Bools) -> list[dict[str, int]]:
    """For every point the rules that mark it, with the side: 1 high, −1 low."""
    marker = MARKERS[rules]
    usable = np.flatnonzero(~np.isnan(data) & ~left_out) if rules == "anhoej" else np.flatnonzero(~np.isnan(data))
    found: list[dict[str, int]] = [{} for _ in data]
    marked = marker(data[usable], line.centre[usable], line.lower[usable], line.upper[usable])
    for place, rules_here in zip(usable, marked, strict=True):
        found[place] = rules_here
    return found


def _points(
    data: Floats,
    spans: list[tuple[int, int]],
    lines: list[_Lines],
    marks: list[list[dict[str, int]]],
    left_out: Bools,
    improvement: str,
) -> list[Point]:
    points: list[Point] = []
    for (a, b), line, marked in zip(spans, lines, marks, strict=True):
        columns = (_plain_all(column) for column in (line.centre, line.lower, line.upper))
        kinds = (first_kind(rules, improvement).split("-")[0] if rules else "common" for rules in marked)
        points += map(
            Point, range(a, b), data[a:b].tolist(), *columns, map(tuple, marked), kinds, left_out[a:b].tolist()
        )
    return points


def _segment(span: tuple[int, int], data: Floats, line: _Lines, left_out: Bools, baseline: int | None) -> Segment:
    a, b = span
    used = ~np.isnan(data[a:b]) & ~left_out[a:b]
    if baseline is not None:
        used &= np.arange(b - a) < baseline
    seen = np.flatnonzero(~np.isnan(data[a:b]))
    at = int(seen[-1]) if len(seen) else b - a - 1
    return Segment(a, b, int(used.sum()), _plain(line.centre[at]), _plain(line.lower[at]), _plain(line.upper[at]))


def _variation(
    last: Point | None, spans: list[tuple[int, int]], marks: list[list[dict[str, int]]], improvement: str
) -> str:
    """The last point's kind with its side: improving-high …, or common."""
    if last is None:
        return "common"
    (start, _), marked = next((s, m) for s, m in zip(spans, marks, strict=True) if s[0] <= last.index < s[1])
    return first_kind(marked[last.index - start], improvement)


def _assurance(last: Point | None, target: float | None, improvement: str) -> str | None:
    if last is None or target is None or improvement == "neither" or last.lower is None or last.upper is None:
        return None
    if last.lower == last.upper == target:
        return "pass"  # nothing has varied, and it is what is wanted
    if last.lower <= target <= last.upper:
        return "hit-or-miss"
    return "pass" if (target < last.lower) == (improvement == "up") else "fail"


def _is_outside(point: Point) -> bool:
    low = point.lower is not None and point.value < point.lower
    return low or (point.upper is not None and point.value > point.upper)


def _last_runs(data: Floats, spans: list[tuple[int, int]], lines: list[_Lines], left_out: Bools) -> Runs | None:
    """Runs about the centre of the last segment."""
    if not spans:
        return None
    a, b = spans[-1]
    used = ~left_out[a:b]
    return runs(data[a:b][used], lines[-1].centre[used])


def _usable(data: Floats, spans: list[tuple[int, int]], left_out: Bools) -> int:
    """How many points of the last segment may make its limits."""
    a, b = spans[-1] if spans else (0, 0)
    return int((~np.isnan(data[a:b]) & ~left_out[a:b]).sum())


def _plain_all(column: Floats) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
