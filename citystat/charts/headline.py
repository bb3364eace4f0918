"""The sentence above a chart: what the target says, then what the process says. Computed, plain and true.

Preliminary values are shown on the chart but never spoken of here, because they may still change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.spc import Judgement, Point
from citystat.numbers import brief
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
# a point's kind, as the rules name it → what it is called on charts and in words
KINDS = {"improving": "improvement", "concerning": "concern", "neither": "neither", "common": "common"}
# an event that begins with one of these words is a thing, so that "since the new shift plan" can be said of it
THINGS = frozenset(
    "new second third first revised old change start end opening launch closure closing merger reform introduction move "
    "switch storm flood strike pandemic pilot contract budget reorganization reorganisation".split()
)


@dataclass(frozen=True)
class Facts:
    """What a headline is made from.

    values: array[n], nan where missing · targets: array[n], nan where none · uppers: array[n] for ranges ·
    labels: the periods as words · rebase: (index, words) of the last restart of the limits, or None ·
    constant_text: the last value as it is written · hollow: n flags, true where a value is preliminary ·
    unit, decimals: how an average is written · beyond: values too large to be judged (missing in `values`).
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
    unit: str = ""
    decimals: int = 0
    beyond: int = 0

    def final(self, index: int) -> bool:
        """Whether the period at `index` has a value that will stay."""
        return self._final[index]

    @cached_property
    def _final(self) -> list[bool]:
        """Of every period; asked for each point of each of hundreds of charts."""
        known: list[bool] = (~np.isnan(self.values)).tolist()
        hollow = [*self.hollow, *([False] * len(known))]
        return [there and not open_ for there, open_ in zip(known, hollow, strict=False)]


@dataclass(frozen=True)
class Finding:
    """What the process does: signal improvement, concern, neither, common or too few; since: index where it began.

    single: the sign is one point outside the limits and nothing more · way: higher, lower, rising or falling, where no
    direction says whether that is good · averages: since then and before, where both are known ·
    quiet: for common, the index from which on nothing is marked, and the kind of what was marked before it.
    """

    signal: str
    words: str
    since: int | None
    single: bool = False
    way: str = ""
    averages: tuple[float, float] | None = None
    quiet: tuple[int, str] | None = None


def finding(judgement: Judgement, facts: Facts) -> Finding:
    """The state of the process in two or three words; preliminary values have no say in it."""
    seen = [p for p in judgement.points if not np.isnan(p.value) and facts.final(p.index)]
    if not seen:
        return Finding("too few", tr("Too large to judge") if facts.beyond else tr("No data yet"), None)
    if len({p.value for p in seen}) == 1 and len(seen) > 1:
        return Finding("common", tr("Constant"), None)
    restarted = _restarted(judgement, facts)
    if not judgement.enough and restarted is None:
        return Finding("too few", tr("Too few points to judge"), None)
    last = seen[-1]
    if last.kind == "common":
        return restarted or Finding("common", tr("No sign of change"), None, quiet=_quiet(seen, facts))
    signal = KINDS[last.kind]
    since = _began(seen)
    way = _way(judgement, last) if signal == "neither" else ""
    if last.rules == ("outside-limits",) and since == last.index:
        words = {"improvement": tr("Unusually good"), "concern": tr("Unusually bad"),
                 "neither": tr("Unusually high") if way == "higher" else tr("Unusually low")}  # fmt: skip
        return Finding(signal, words[signal], since, True, way)
    if signal == "neither":
        return Finding(
            signal, _capital(_way_words(way)), since, way=way, averages=_averages(judgement, seen, since, way)
        )
    return Finding(signal, tr("Getting better") if signal == "improvement" else tr("Getting worse"), since)


def headline(facts: Facts, found: Finding) -> str:
    """One sentence: the target part, then the process part."""
    final = [i for i in range(len(facts.values)) if facts.final(i)]
    if not final:
        seen = bool(len(facts.values)) and not np.isnan(facts.values).all()
        if facts.beyond and not seen:
            return tr("The values are too large to be drawn or judged; check their unit")
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
    return tr("{place} for {time}", place=tr(PLACES[state]), time=time_words(facts, n))


def _run(states: Sequence[str], known: Sequence[int]) -> int:
    """How many of the last known periods are in the last one's state without a break."""
    n = 0
    for i in reversed(known):
        if states[i] != states[known[-1]]:
            break
        n += 1
    return n


def time_words(facts: Facts, n: int) -> str:
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
        words = tr("Higher, and holding") if up else tr("Lower, and holding")
        way = "higher" if up else "lower"
        return Finding("neither", words, facts.rebase[0], way=way, averages=(now.centre, before.centre))
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
        some=spoken(sum(states[i] == often for i in after)), time=time_words(facts, len(after)), event=_event(facts, event),
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
        return tr("Too few points to judge: only {time} of data", time=time_words(facts, n))
    words = _process_part(facts, found, "")
    if found.averages is not None:
        now, then = (brief(value, facts.unit, facts.decimals) for value in found.averages)
        words = tr("{words}: averaged {now}, before {then}", words=words, now=now, then=then)
    return _capital(words)


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
        return tr("too few points to judge")
    if found.signal == "common" or found.since is None:
        return _nothing_new(facts, found, (facts.direction, state) in UNWANTED or state in ("over", "under"))
    if found.single:
        words = {
            "improvement": tr("{period} was unusually good"),
            "concern": tr("{period} was unusually bad"),
            "neither": tr("{period} was unusually high") if found.way == "higher" else tr("{period} was unusually low"),
        }[found.signal]
        return words.format(period=facts.labels[found.since])
    verb = {"improvement": tr("improved"), "concern": tr("worse")}.get(found.signal) or _way_words(found.way)
    if _tells_of_restart(facts, found):
        return tr("{words} since {event}", words=verb, event=_event(facts, facts.rebase[1] if facts.rebase else ""))
    return tr("{words} since {event}", words=verb, event=facts.labels[found.since])


def _nothing_new(facts: Facts, found: Finding, waits: bool) -> str:
    """What is said while nothing is marked; where the chart shows earlier marks, since when nothing is."""
    marked_before = found.quiet is not None and (not waits or found.quiet[1] == "improving")
    if found.quiet is None or not marked_before:
        return tr("no sign yet of improvement") if waits else tr("no sign of change")
    since = found.quiet[0]
    if since == max(i for i in range(len(facts.values)) if facts.final(i)):
        return tr("no new sign of improvement") if waits else tr("no new sign of change")
    words = tr("no sign of improvement since {period}") if waits else tr("no sign of change since {period}")
    return words.format(period=facts.labels[since])


def _constant(facts: Facts, states: Sequence[str]) -> str:
    known = {states[i] for i in range(len(states)) if facts.final(i)}
    if len(known) == 1 and known != {""}:
        place = tr(PLACES[known.pop()])
        return tr("Always {value}, {place}", value=facts.constant_text, place=place[0].lower() + place[1:])
    return tr("Always {value}; nothing has varied, so there is nothing to judge", value=facts.constant_text)


def is_high(point: Point) -> bool:
    """Whether a point lies above its centre."""
    return point.centre is not None and point.value > point.centre


def _is_trend(point: Point) -> bool:
    """The trend is what leads: a point outside the limits is told of as that."""
    return "trend" in point.rules and "outside-limits" not in point.rules


def _began(seen: Sequence[Point]) -> int:
    """Where the unbroken stretch of the last point's kind began, on its side of the centre; a trend may cross that."""
    start, high, trend = seen[-1].index, is_high(seen[-1]), _is_trend(seen[-1])
    for point in reversed(seen):
        alike = _is_trend(point) if trend else is_high(point) == high
        if point.kind != seen[-1].kind or not alike:
            break
        start = point.index
    return start


def _quiet(seen: Sequence[Point], facts: Facts) -> tuple[int, str] | None:
    """From which index on nothing is marked any more, and the kind of what was; None where nothing ever was."""
    marked = [n for n, p in enumerate(seen) if p.kind != "common" and not p.excluded]
    if not marked:
        return None
    restart = facts.rebase[0] if facts.rebase else 0
    since = next((p.index for p in seen[marked[-1] + 1 :] if p.index >= restart), seen[-1].index)
    return since, seen[marked[-1]].kind


def _way(judgement: Judgement, last: Point) -> str:
    """Where the leading rule says the process went: higher or lower; rising or falling where that is all it says."""
    high = judgement.variation.endswith("high")
    if _is_trend(last):
        return "rising" if high else "falling"
    return "higher" if high else "lower"


def _way_words(way: str) -> str:
    return {"higher": tr("higher"), "lower": tr("lower"), "rising": tr("rising"), "falling": tr("falling")}.get(way, "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _averages(judgement: Judgement, seen: Sequence[Point], since: int, way: str) -> tuple[float, float] | None:
    """The averages since then and before, within the segment; None where they do not bear out the words."""
    start = next((s.start for s in judgement.segments if s.start <= since < s.stop), 0)
    now = [p.level for p in seen if p.index >= since and not p.excluded]
    then = [p.level for p in seen if start <= p.index < since and not p.excluded]
    if not now or not then:
        return None
    found = sum(now) / len(now), sum(then) / len(then)
    return found if way in ("higher", "lower") and (found[0] > found[1]) == (way == "higher") else None


def place_words(value: float, target: float, upper: float | None) -> str:
    """The last value beside its target, as the headline says it: "Above target", "Within the target range"."""
    if upper is not None:
        return tr(PLACES["in" if target <= value <= upper else "over" if value > upper else "under"])
    return tr(PLACES["on" if value == target else "above" if value > target else "below"])
