"""How far a measure is: what it brought so far beside what was wanted of the same periods, and how much of its way is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from citystat import periods
from citystat.measures.series import Definition, Series
from citystat.measures.target import REACH, TargetStep
from citystat.measures.years import figure_at
from citystat.numbers import amount, brief, quantity, span
from citystat.over_time import together, way_of
from citystat.texts import plural, tr

ON_TRACK, NEAR, BEHIND, UNJUDGED = "on track", "near", "behind", ""
SIGNS = {ON_TRACK: "✓", NEAR: "≈", BEHIND: "◆", UNJUDGED: "–"}  # before the word that says the same
STATES = {ON_TRACK: "on track", NEAR: "near", BEHIND: "behind", UNJUDGED: "not judged"}
LEAST = 3  # periods that a year to date needs before it is judged (both half-years); the ones before are taken in until it has them
SIDES = {"higher": 1.0, "lower": -1.0}


@dataclass(frozen=True)
class Progress:
    """One measure's progress. Values in its unit.

    judged: what is judged in words: "FY26 to Feb", or its newest period · value: its figure over these periods by its own rule
    over time · wanted, upper: what was wanted of the same periods along the trajectory · state: of STATES ·
    gone, due: which part of the way from baseline to end is behind it, and should be by now; None where there is no way ·
    end: the last target, its day and value · working: sentences that show how all this was found.
    """

    measure: Definition
    judged: str
    value: float | None
    wanted: float | None
    upper: float | None
    state: str
    gone: float | None
    due: float | None
    end: TargetStep | None
    working: tuple[str, ...]


def progress(series: Series) -> Progress:
    """Progress of one measure, against its trajectory and not only against its end.

    Judged is the year to date by the measure's own rule over time (three periods at least); the newest value where periods make no
    year. Preliminary values have no say, nor has what came before the definition changed.
    """
    m, end = series.measure, series.targets[-1] if series.targets else None
    refused = _refused(series)
    if refused:
        return Progress(m, "", None, None, None, UNJUDGED, None, None, end, (refused,))
    span = _span(series)
    value, way = _figure(series, span)
    steps = [series.target_at(series.periods[i]) for i in span]
    wanted, upper = _wanted_of([s for s in steps if s is not None], series, span, way)
    tolerance = _tolerance(steps, way)
    state = _state(m, value, wanted, upper, tolerance)
    gone, due = _way(series, value, wanted, end, len(span) if way == "sum" else 1)
    judged = _span_words(series, span)
    working = _working(m, judged, value, wanted, upper, tolerance, state, len(span), (gone, due, end))
    return Progress(m, judged, value, wanted, upper, state, gone, due, end, working)


def _refused(series: Series) -> str:
    """Why nothing can be judged; "" where it can."""
    m, last = series.measure, series.last_final
    if last is None:
        return tr("No final value yet.")
    step = series.target_at(series.periods[last])
    if step is None:
        return tr("No target is in force in {period}.", period=series.label(last))
    if step.upper is None and m.direction == "range":
        return tr("It shall lie in a range, and its target is a single value.")
    if step.upper is None and m.direction not in SIDES:
        return tr("Nobody said which direction is better, so a target is neither met nor missed.")
    return ""


def _span(series: Series) -> list[int]:
    """Indices of the final values that are judged, oldest first; all have a target of the newest one's kind: a range, or one value."""
    m, last = series.measure, series.last_final
    assert last is not None
    if m.frequency == "year" or way_of(m.over_time, m.aggregation) in ("last", "none"):
        return [last]
    changed = [r.period for r in series.remarks if r.kind == "definition" and r.period <= series.periods[last]]
    first = max(changed, default=series.periods[0])
    newest = series.target_at(series.periods[last])
    ranged = newest is not None and newest.upper is not None
    year = periods.start_of(series.periods[last], "year", m.year_start)
    known = [
        i for i in range(last + 1)
        if np.isfinite(series.values[i]) and series.status[i] != "preliminary" and series.periods[i] >= first
        and (step := series.target_at(series.periods[i])) is not None and (step.upper is not None) == ranged
    ]  # fmt: skip
    so_far = [i for i in known if series.periods[i] >= year]
    least = min(LEAST, periods.PER_YEAR[m.frequency])
    return so_far if len(so_far) >= least else known[-least:]


def _figure(series: Series, span: Sequence[int]) -> tuple[float, str]:
    """One figure of these periods, and the way it was made; the mean where numerators or denominators are not known."""
    m = series.measure
    if len(span) == 1:
        return float(series.values[span[0]]), "last"
    way = way_of(m.over_time, m.aggregation)
    found = together([figure_at(series, i) for i in span], way, m.multiplier)[0].value
    return (found, way) if found is not None else (float(np.mean(series.values[list(span)])), "mean")


def _wanted_of(
    steps: Sequence[TargetStep], series: Series, span: Sequence[int], way: str
) -> tuple[float, float | None]:
    """What was wanted of the periods together: their sum, or their mean with each counting as it does in the figure."""
    weights = np.ones(len(span))
    if way in ("ratio", "weighted"):
        weights = series.denominator[list(span)]
    share = weights if way == "sum" else weights / weights.sum()
    value = float(share @ np.array([s.value for s in steps]))
    uppers = [s.upper for s in steps]
    return value, None if any(u is None for u in uppers) else float(share @ np.array(uppers, float))


def _tolerance(steps: Sequence[TargetStep | None], way: str) -> float:
    """How far off the figure may be and still be near: the newest target's tolerance, for each period of a sum."""
    newest = steps[-1]
    one = newest.tolerance or 0.0 if newest is not None else 0.0
    return one * len(steps) if way == "sum" else one


def _state(m: Definition, value: float, wanted: float, upper: float | None, tolerance: float) -> str:
    lacking = _lacking(m, value, wanted, upper)
    slack = 1e-9 * max(abs(wanted), 1.0)  # a difference that only arithmetic made
    if lacking <= slack:
        return ON_TRACK
    return NEAR if lacking <= tolerance + slack else BEHIND


def _lacking(m: Definition, value: float, wanted: float, upper: float | None) -> float:
    """How far the value is on the wrong side; zero or less where it is not."""
    if upper is not None:
        return max(wanted - value, value - upper)
    return (wanted - value) * SIDES[m.direction]


def _way(
    series: Series, value: float, wanted: float, end: TargetStep | None, n: int
) -> tuple[float | None, float | None]:
    """Parts of the way from the baseline to the last target; none where it began beyond it. n: periods that the figures are a sum of."""
    base = series.measure.baseline
    if base is None or end is None or end.upper is not None or series.measure.direction not in SIDES:
        return None, None
    whole = end.value - base.value
    if whole * SIDES[series.measure.direction] <= 0:
        return None, None
    return (value / n - base.value) / whole, max((wanted / n - base.value) / whole, 0.0)


def _span_words(series: Series, span: Sequence[int]) -> str:
    m, first, last = series.measure, series.periods[span[0]], series.periods[span[-1]]
    if len(span) == 1:
        return m.label(last)
    year = periods.start_of(last, "year", m.year_start)
    if first >= year:
        return tr("{year} to {period}", year=periods.label(year, "year", m.year_start), period=m.label(last))
    return tr("{first} to {period}", first=m.label(first), period=m.label(last))


def _working(
    m: Definition, judged: str, value: float, wanted: float, upper: float | None, tolerance: float, state: str, n: int,
    way: tuple[float | None, float | None, TargetStep | None],
) -> tuple[str, ...]:  # fmt: skip
    shown, aim = _apart(value, wanted, upper, m, state)
    of = plural(n, "{n} period", "{n} periods")
    sentences = [
        tr("{judged}: {value} over {of}; {aim} was wanted of them.", judged=judged, value=shown, of=of, aim=aim)
    ]
    if n == 1:
        sentences = [tr("{judged}: {value}; {aim} was wanted.", judged=judged, value=shown, aim=aim)]
    if state != ON_TRACK:
        off = amount(_lacking(m, value, wanted, upper), m.unit, m.decimals)
        short = value < wanted
        by = tr("It is short by {off}", off=off) if short else tr("It is over by {off}", off=off)
        near = amount(tolerance, m.unit, m.decimals)
        more = {
            NEAR: tr("{by}, within the tolerance of {near}.", by=by, near=near),
            BEHIND: tr("{by}, more than the tolerance of {near}.", by=by, near=near) if tolerance else f"{by}.",
        }
        sentences.append(more[state])
    gone, due, end = way
    if gone is not None and due is not None and end is not None and m.baseline is not None:
        sentences.append(_way_words(m, gone, due, end, m.baseline.period, m.baseline.value))
    return tuple(sentences)


def _way_words(m: Definition, gone: float, due: float, end: TargetStep, since: date, base: float) -> str:
    """ "From 84 % in Jul 2022 to 92 % by Jun 2027: 62 % of the way is gone, 70 % should be." """
    aim = {REACH: tr("{value} by {since}")}.get(end.kind, tr("{value} from {since} on"))
    return tr(
        "From {base} in {period} to {aim}: {gone} of the way is gone, {due} should be.",
        base=brief(base, m.unit, m.decimals), period=m.label(since), gone=part(gone), due=part(due),
        aim=aim.format(value=brief(end.value, m.unit, m.decimals), since=m.label(end.since)),
    )  # fmt: skip


def figures(p: Progress) -> str:
    """ "90.8 %, 92.0 % wanted · FY26 to Feb 2026", or why nothing is judged."""
    m = p.measure
    if p.value is None or p.wanted is None:
        return " ".join(p.working)
    value, aim = _apart(p.value, p.wanted, p.upper, m, p.state)
    return tr("{value}, {aim} wanted · {judged}", value=value, aim=aim, judged=p.judged)


def _apart(value: float, wanted: float, upper: float | None, m: Definition, state: str) -> tuple[str, str]:
    """The figure and what was wanted in words; with a digit more where they are not the same and would look so."""
    digits = m.decimals + (
        state != ON_TRACK
        and quantity(value, m.unit, m.decimals)
        in (quantity(wanted, m.unit, m.decimals), quantity(upper, m.unit, m.decimals))
    )
    return quantity(value, m.unit, digits), span(wanted, upper, quantity, m.unit, digits)


def state_words(state: str) -> str:
    """ "◆ behind": the sign and the word."""
    return f"{SIGNS[state]} {tr(STATES[state])}"


def part(share: float) -> str:
    """A part of the way: "62 %"."""
    return quantity(100 * share, "percent", 0)
