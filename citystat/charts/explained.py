"""A chart explained on demand: which chart it is and why, where its limits come from, why they step, what is marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citystat.analysis.rules import SHIFT, TREND
from citystat.analysis.runs import longest_allowed
from citystat.analysis.spc import ENOUGH, Judgement, Segment
from citystat.charts.headline import Facts, spoken, time_words
from citystat.charts.marked import span
from citystat.texts import plural, tr

# what kind of chart, and why it is this one
KINDS: dict[str, Callable[[], str]] = {
    "run": lambda: tr("This is a run chart: the line in the middle is the median, and there are no limits"),
    "xmr": lambda: tr(
        "This is an XmR chart, for single values: its limits are the average ± 2.66 times the average step from one value to the next"
    ),
    "p": lambda: tr(
        "This is a p chart, because the values are shares of things counted: the limits step, wide where few were counted and narrow where many were"
    ),
    "p-prime": lambda: tr(
        "This is a p′ chart (Laney): the values are shares of things counted, but they vary more than counting alone explains, so the limits are widened by as much; they step with how many were counted"
    ),
    "u": lambda: tr(
        "This is a u chart, because the values are events for so many occasions: the limits step, wide where there were few occasions and narrow where there were many"
    ),
    "u-prime": lambda: tr(
        "This is a u′ chart (Laney): the values are events for so many occasions, but they vary more than chance alone explains, so the limits are widened by as much; they step with the occasions"
    ),
    "c": lambda: tr(
        "This is a c chart, because the values count rare events: its limits follow from the average alone"
    ),
}
RULES: dict[str, Callable[[], str]] = {
    "nhs": lambda: tr(
        "Marked is what chance would seldom do: a value outside the limits, {shift} in a row on one side of the average, {trend} in a row rising or falling, two of three close to a limit",
        shift=spoken(SHIFT), trend=spoken(TREND),
    ),
    "western-electric": lambda: tr(
        "Marked by the Western Electric rules: a value outside the limits, two of three beyond two thirds of the way to one, four of five beyond one third, eight in a row on one side"
    ),
    "anhoej": lambda: tr("Marked by the Anhøj rules: a value outside the limits, or too long a run on one side of the centre"),
}  # fmt: skip
ASSURANCE: dict[str, Callable[[], str]] = {
    "pass": lambda: tr("The target lies outside the limits on the good side: it will be met again unless something changes"),
    "fail": lambda: tr("The target lies outside the limits on the bad side: it will be missed again unless something changes"),
    "hit-or-miss": lambda: tr("The target lies within the limits: chance decides whether it is met or missed"),
}  # fmt: skip


def explained(judgement: Judgement, facts: Facts, restarts: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Sentences, each of one fact, in the order in which a person asks. restarts: where limits begin anew, and why."""
    known = [i for i in range(len(facts.values)) if facts.final(i)]
    if not known or not judgement.segments:
        return ()
    said = [_kind(judgement, facts, len(known))]
    if judgement.seasonal:
        said.append(
            tr("A season comes back in it: values are judged without it, and the limits that are drawn follow it")
        )
    if judgement.chart != "run":
        said.append(_limits(judgement.segments[-1], facts))
        said += [_restart(i, words, facts) for i, words in restarts]
    left_out = [p.index for p in judgement.points if p.excluded]
    if left_out:
        said.append(
            plural(
                len(left_out), "{n} value is left out of the limits, and still shown: {when}",
                "{n} values are left out of the limits, and still shown: {when}",
                when=", ".join(facts.labels[i] for i in left_out),
            )
        )  # fmt: skip
    if judgement.rules in RULES:
        said.append(RULES[judgement.rules]())
        said += _runs(judgement)
    if judgement.assurance and judgement.rules in RULES:
        said.append(ASSURANCE[judgement.assurance]())
    if any(facts.hollow):
        said.append(tr("Preliminary values are shown hollow and never judged"))
    return tuple(f"{words}." for words in said)


def _kind(judgement: Judgement, facts: Facts, n: int) -> str:
    words = KINDS[judgement.chart]()
    if judgement.rules in RULES:
        return words
    few = plural(n, "{n} value is too few to judge: {least} are needed", "{n} values are too few to judge: {least} are needed", least=ENOUGH)  # fmt: skip
    return f"{words}. {few}"


def _limits(segment: Segment, facts: Facts) -> str:
    when = span(facts.labels[segment.start], facts.labels[segment.stop - 1])
    return tr("The limits come from {time} of the stretch {when}", time=time_words(facts, segment.n), when=when)


def _restart(index: int, words: str, facts: Facts) -> str:
    return tr("They restart in {period}: {reason}", period=facts.labels[index], reason=words)


def _runs(judgement: Judgement) -> list[str]:
    """How the longest run and the crossings of the last stretch compare with chance, where those are what is judged by."""
    found = judgement.runs
    if judgement.rules != "anhoej" or found is None or found.longest is None:
        return []
    return [
        tr(
            "The longest run is {longest} values, {allowed} are allowed; the centre is crossed {crossings} times, {needed} at least are expected",
            longest=found.longest, allowed=longest_allowed(found.useful), crossings=found.crossings,
            needed=found.crossings_min,
        )
    ]  # fmt: skip
