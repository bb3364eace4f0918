"""The sentence above a chart: what the target says, then what the process says. Computed, plain and true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.spc import Judgement
from citystat.texts import tr

Floats = NDArray[np.float64]
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PERIOD_WORDS = {
    "day": ("day", "days"), "week": ("week", "weeks"), "month": ("month", "months"),
    "quarter": ("quarter", "quarters"), "half-year": ("half-year", "half-years"), "year": ("year", "years"),
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a headline is made from.

    values: array[n], nan where missing · targets: array[n], nan where none · uppers: array[n] for ranges ·
    judged: how many leading periods were judged (later ones are preliminary) · labels: the periods as words ·
    rebase: (index, words) of the last restart of the limits, or None.
    """

    values: Floats
    targets: Floats
    uppers: Floats
    direction: str
    frequency: str
    labels: Sequence[str]
    rebase: tuple[int, str] | None
    constant_text: str


@dataclass(frozen=True)
class Finding:
    """What the process does: signal improvement, concern, neither, common or too few; since: index where it began."""

    signal: str
    words: str
    since: int | None


def finding(judgement: Judgement, facts: Facts) -> Finding:
    """The state of the process in two or three words."""
    seen = [p for p in judgement.points if not np.isnan(p.value)]
    if not seen:
        return Finding("too few", tr("No data yet"), None)
    if len({p.value for p in seen}) == 1 and len(seen) > 1:
        return Finding("common", tr("Constant"), None)
    if not judgement.enough and facts.rebase is None:
        return Finding("too few", tr("Too few points to judge"), None)
    last = seen[-1]
    if last.kind == "common":
        restarted = _restarted(judgement, facts)
        return restarted or Finding("common", tr("No sign of change"), None)
    since = _began(seen)
    signal = {"improving": "improvement", "concerning": "concern"}.get(last.kind, "neither")
    words = {
        "improvement": tr("Getting better"),
        "concern": tr("Getting worse"),
        "neither": tr("Changed"),
    }[signal]
    if last.rules == ("outside-limits",) and since == last.index:
        words = {
            "improvement": tr("Unusually good"),
            "concern": tr("Unusually bad"),
            "neither": tr("Unusual"),
        }[signal]
    return Finding(signal, words, since)


def headline(facts: Facts, found: Finding) -> str:
    """One sentence: the target part, then the process part."""
    if not len(facts.values) or np.isnan(facts.values).all():
        return tr("No data yet")
    if found.words == tr("Constant"):
        return tr("Always {value}; nothing has varied, so nothing can be judged", value=facts.constant_text)
    first = _target_part(facts)
    second = _process_part(facts, found)
    if not first:
        return second[0].upper() + second[1:]
    return first + (" " if second.startswith(tr("since the")) else "; ") + second


def _target_part(facts: Facts) -> str:
    """ "Above target for seven months"; whether that is good stands in the mark, not in the words."""
    state = _states(facts)
    known = [s for s in state if s]
    if not known:
        return ""
    now, n = known[-1], 0
    for past in reversed(known):
        if past != now:
            break
        n += 1
    place = {
        "above": tr("Above target"), "below": tr("Below target"), "on": tr("On target"),
        "in": tr("Within the target range"), "out": tr("Outside the target range"),
    }[now]  # fmt: skip
    if n == 1:
        return tr("{place} this {period}", place=place, period=tr(PERIOD_WORDS[facts.frequency][0]))
    if n == len(known) and n > 12:
        return tr("{place} in all {n} {periods}", place=place, n=n, periods=tr(PERIOD_WORDS[facts.frequency][1]))
    return tr("{place} for {n} {periods}", place=place, n=spoken(n), periods=tr(PERIOD_WORDS[facts.frequency][1]))


def _states(facts: Facts) -> list[str]:
    """For every period: above, below, on, in, out, or "" where value or target is missing."""
    states = []
    for value, target, upper in zip(facts.values, facts.targets, facts.uppers, strict=True):
        if np.isnan(value) or np.isnan(target):
            states.append("")
        elif not np.isnan(upper):
            states.append("in" if target <= value <= upper else "out")
        else:
            states.append("on" if value == target else "above" if value > target else "below")
    return states


def _process_part(facts: Facts, found: Finding) -> str:
    if found.signal == "too few":
        return tr("too few points to judge")
    if found.signal == "common":
        return tr("no sign yet of improvement") if _wants_better(facts) else tr("no sign of change")
    since = facts.labels[found.since] if found.since is not None else ""
    if facts.rebase is not None and found.since == facts.rebase[0]:
        return tr("{words} since “{event}”", words=_verb(found), event=facts.rebase[1])
    if found.since == len(facts.labels) - 1 or found.words.startswith(tr("Unusual")):
        return tr("{words} in {period}", words=found.words.lower(), period=since)
    return tr("{words} since {period}", words=_verb(found), period=since)


def _verb(found: Finding) -> str:
    return {"improvement": tr("improved"), "concern": tr("worse"), "neither": tr("changed")}[found.signal]


def _wants_better(facts: Facts) -> bool:
    """Below (or above) where it should be, with a direction: then the room waits for improvement."""
    known = [s for s in _states(facts) if s]
    return bool(known) and known[-1] == {"higher": "below", "lower": "above"}.get(facts.direction, "")


def _restarted(judgement: Judgement, facts: Facts) -> Finding | None:
    """A rebase that moved the centre: what it brought is holding."""
    if facts.rebase is None or len(judgement.segments) < 2:
        return None
    before, now = judgement.segments[-2], judgement.segments[-1]
    if before.centre is None or now.centre is None or before.upper is None or before.lower is None:
        return None
    if before.lower <= now.centre <= before.upper:
        return None
    up = now.centre > before.centre
    better = {"higher": up, "lower": not up}.get(facts.direction)
    if better is None:
        return Finding("neither", tr("Changed, and holding"), facts.rebase[0])
    return Finding(
        "improvement" if better else "concern",
        tr("Improved, and holding") if better else tr("Worse, and staying so"),
        facts.rebase[0],
    )


def _began(seen: Sequence[object]) -> int:
    """Where the unbroken stretch of the last point's kind began."""
    points = list(seen)
    kind = points[-1].kind  # type: ignore[attr-defined]
    start = points[-1].index  # type: ignore[attr-defined]
    for point in reversed(points):
        if point.kind != kind:  # type: ignore[attr-defined]
            break
        start = point.index  # type: ignore[attr-defined]
    return int(start)


def spoken(n: int) -> str:
    """Numbers up to twelve as words."""
    return tr(NUMBERS[n]) if n < len(NUMBERS) else str(n)
