"""The sentence above a chart: what the target says, then what the process says. Computed, plain and true.

Preliminary values are shown on the chart but never spoken of here, because they may still change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.spc import Judgement, Point
from citystat.texts import tr

Floats = NDArray[np.float64]
HOLDING = 7  # points after a restart of the limits before a room may hear that its effect holds
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PERIOD_WORDS = {
    "day": ("day", "days"), "week": ("week", "weeks"), "month": ("month", "months"),
    "quarter": ("quarter", "quarters"), "half-year": ("half-year", "half-years"), "year": ("year", "years"),
}  # fmt: skip
PLACES = {
    "above": "Above target", "below": "Below target", "on": "On target", "in": "Within the target range",
    "over": "Above the target range", "under": "Below the target range",
}  # fmt: skip
WANTED = {("higher", "above"), ("higher", "on"), ("lower", "below"), ("lower", "on")}
UNWANTED = {("higher", "below"), ("lower", "above")}
# an event that begins with one of these words is a thing, so that "since the new shift plan" can be said of it
THINGS = frozenset(
    [
        "new",
        "second",
        "third",
        "first",
        "revised",
        "old",
        "change",
        "start",
        "end",
        "opening",
        "launch",
        "closure",
        "closing",
        "merger",
        "reform",
        "introduction",
        "move",
        "switch",
        "storm",
        "flood",
        "strike",
        "pandemic",
        "pilot",
        "contract",
        "budget",
        "reorganization",
        "reorganisation",
    ]
)


@dataclass(frozen=True)
class Facts:
    """What a headline is made from.

    values: array[n], nan where missing · targets: array[n], nan where none · uppers: array[n] for ranges ·
    labels: the periods as words · rebase: (index, words) of the last restart of the limits, or None ·
    constant_text: the last value as it is written · hollow: n flags, true where a value is preliminary.
    """

    values: Floats
    targets: Floats
    uppers: Floats
    direction: str
    frequency: str
    labels: Sequence[str]
    rebase: tuple[int, str] | None
    constant_text: str
    hollow: Sequence[bool] = ()

    def final(self, index: int) -> bool:
        """Whether the period at `index` has a value that will stay."""
        hollow = index < len(self.hollow) and self.hollow[index]
        return not hollow and not np.isnan(self.values[index])


@dataclass(frozen=True)
class Finding:
    """What the process does: signal improvement, concern, neither, common or too few; since: index where it began.

    single: the sign is one point outside the limits and nothing more.
    """

    signal: str
    words: str
    since: int | None
    single: bool = False


def finding(judgement: Judgement, facts: Facts) -> Finding:
    """The state of the process in two or three words."""
    seen = [p for p in judgement.points if not np.isnan(p.value)]
    if not seen:
        return Finding("too few", tr("No data yet"), None)
    if len({p.value for p in seen}) == 1 and len(seen) > 1:
        return Finding("common", tr("Constant"), None)
    restarted = _restarted(judgement, facts)
    if not judgement.enough and restarted is None:
        return Finding("too few", tr("Too early to tell"), None)
    last = seen[-1]
    if last.kind == "common":
        return restarted or Finding("common", tr("No sign of change"), None)
    signal = {"improving": "improvement", "concerning": "concern"}.get(last.kind, "neither")
    since = _began(seen)
    if last.rules == ("outside-limits",) and since == last.index:
        words = {"improvement": tr("Unusually good"), "concern": tr("Unusually bad"), "neither": tr("Unusual")}
        return Finding(signal, words[signal], since, True)
    words = {"improvement": tr("Getting better"), "concern": tr("Getting worse"), "neither": tr("Changed")}
    return Finding(signal, words[signal], since)


def headline(facts: Facts, found: Finding) -> str:
    """One sentence: the target part, then the process part."""
    final = [i for i in range(len(facts.values)) if facts.final(i)]
    if not final:
        seen = bool(len(facts.values)) and not np.isnan(facts.values).all()
        return tr("Only preliminary figures so far") if seen else tr("No data yet")
    states = _states(facts)
    if len(final) > 1 and len({float(facts.values[i]) for i in final}) == 1:
        return _constant(facts, states)
    known = [i for i in final if states[i]]
    if not known or known[-1] != final[-1]:
        return _alone(facts, found, len(final))
    if _tells_of_restart(facts, found):
        return _since_restart(facts, found, states, known)
    return _joined(facts, found, _target_part(facts, states, known), states[known[-1]])


def spoken(n: int) -> str:
    """Numbers up to twelve as words."""
    return tr(NUMBERS[n]) if n < len(NUMBERS) else str(n)


## The target part


def _states(facts: Facts) -> list[str]:
    """For every period: above, below, on, in, over, under, or "" where value or target is missing."""
    states = []
    for value, target, upper in zip(facts.values, facts.targets, facts.uppers, strict=True):
        if np.isnan(value) or np.isnan(target):
            states.append("")
        elif not np.isnan(upper):
            states.append("in" if target <= value <= upper else "over" if value > upper else "under")
        else:
            states.append("on" if value == target else "above" if value > target else "below")
    return states


def _target_part(facts: Facts, states: Sequence[str], known: Sequence[int]) -> str:
    """ "Above target for seven months"; whether that is good stands in the mark, not in the words."""
    state, n = states[known[-1]], _run(states, known)
    if n == 1:
        return tr("{place} in {period}", place=tr(PLACES[state]), period=facts.labels[known[-1]])
    return tr("{place} for {time}", place=tr(PLACES[state]), time=_time(facts, n))


def _run(states: Sequence[str], known: Sequence[int]) -> int:
    """How many of the last known periods are in the last one's state without a break."""
    n = 0
    for i in reversed(known):
        if states[i] != states[known[-1]]:
            break
        n += 1
    return n


def _time(facts: Facts, n: int) -> str:
    """ "seven months", "one month"."""
    one, many = PERIOD_WORDS[facts.frequency]
    return f"{spoken(n)} {tr(one if n == 1 else many)}"


## A restart of the limits that changed something


def _restarted(judgement: Judgement, facts: Facts) -> Finding | None:
    """A rebase that moved the centre beyond the old limits, and enough points since: what it brought is holding."""
    if facts.rebase is None or len(judgement.segments) < 2:
        return None
    before, now = judgement.segments[-2], judgement.segments[-1]
    if before.centre is None or now.centre is None or before.upper is None or before.lower is None:
        return None
    if now.n < HOLDING or before.lower <= now.centre <= before.upper:
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


def _tells_of_restart(facts: Facts, found: Finding) -> bool:
    return facts.rebase is not None and found.since == facts.rebase[0] and not found.single


def _since_restart(facts: Facts, found: Finding, states: Sequence[str], known: Sequence[int]) -> str:
    """ "Above target for twelve months, since the new shift plan", or in how many of the months since."""
    start, event = facts.rebase or (0, "")
    after = [i for i in known if i >= start]
    state = states[known[-1]]
    run = _run(states, known)
    if not after or run > len(after) or len({states[i] for i in after}) == 1 and run < 2:
        return _joined(facts, found, _target_part(facts, states, known), state)
    if run == len(after):
        return tr("{first}, since {event}", first=_target_part(facts, states, known), event=_event(facts, event))
    often = max(sorted({states[i] for i in after}), key=lambda s: sum(states[i] == s for i in after))
    first = tr(
        "{place} in {some} of the {time} since {event}", place=tr(PLACES[often]),
        some=spoken(sum(states[i] == often for i in after)), time=_time(facts, len(after)), event=_event(facts, event),
    )  # fmt: skip
    if found.signal == "improvement" and (facts.direction, often) in UNWANTED:
        return tr("{first}, though better than before", first=first)
    if found.signal == "concern" and (facts.direction, often) in WANTED:
        return tr("{first}, though worse than before", first=first)
    return first


def _event(facts: Facts, text: str) -> str:
    """ "the new shift plan"; words that name no thing are quoted after their period: "Mar 2025 (“Moved online”)"."""
    first, _, rest = text.partition(" ")
    if first.lower() in ("the", "a", "an", "our"):
        return first.lower() + " " + rest
    if first.lower() in THINGS:
        return tr("the {event}", event=first.lower() + (f" {rest}" if rest else ""))
    return tr("{period} (“{event}”)", period=facts.labels[facts.rebase[0] if facts.rebase else 0], event=text)


## The process part


def _alone(facts: Facts, found: Finding, n: int) -> str:
    """The process part as a sentence of its own, where no target is in force."""
    if found.signal == "too few":
        return tr("Too early to tell: only {time} of data", time=_time(facts, n))
    words = _process_part(facts, found, "")
    return words[0].upper() + words[1:]


def _joined(facts: Facts, found: Finding, first: str, state: str) -> str:
    """Both parts: "and" where they agree, "but" where they do not, a semicolon where neither can be said."""
    second = _process_part(facts, found, state)
    good, bad = (facts.direction, state) in WANTED or state == "in", (facts.direction, state) in UNWANTED
    if found.single or found.signal not in ("improvement", "concern") or not (good or bad):
        return tr("{first}; {second}", first=first, second=second)
    if good == (found.signal == "improvement"):
        return tr("{first}, and {second}", first=first, second=second)
    return tr("{first}, but {second}", first=first, second=second)


def _process_part(facts: Facts, found: Finding, state: str) -> str:
    if found.signal == "too few":
        return tr("too early to tell a trend")
    if found.signal == "common" or found.since is None:
        waits = (facts.direction, state) in UNWANTED or state in ("over", "under")
        return tr("no sign yet of improvement") if waits else tr("no sign of change")
    if found.single:
        words = {
            "improvement": tr("{period} was unusually good"),
            "concern": tr("{period} was unusually bad"),
            "neither": tr("{period} was unusual"),
        }[found.signal]
        return words.format(period=facts.labels[found.since])
    verb = {"improvement": tr("improved"), "concern": tr("worse"), "neither": tr("changed")}[found.signal]
    if _tells_of_restart(facts, found):
        return tr("{words} since {event}", words=verb, event=_event(facts, facts.rebase[1] if facts.rebase else ""))
    return tr("{words} since {event}", words=verb, event=facts.labels[found.since])


def _constant(facts: Facts, states: Sequence[str]) -> str:
    known = {states[i] for i in range(len(states)) if facts.final(i)}
    if len(known) == 1 and known != {""}:
        place = tr(PLACES[known.pop()])
        return tr("Always {value}, {place}", value=facts.constant_text, place=place[0].lower() + place[1:])
    return tr("Always {value}; nothing has varied, so there is nothing to judge", value=facts.constant_text)


def _high(point: Point) -> bool:
    return point.centre is not None and point.value > point.centre


def _began(seen: Sequence[Point]) -> int:
    """Where the unbroken stretch of the last point's kind began, on the last point's side of the centre."""
    start, high = seen[-1].index, _high(seen[-1])
    for point in reversed(seen):
        if point.kind != seen[-1].kind or _high(point) != high:
            break
        start = point.index
    return start
