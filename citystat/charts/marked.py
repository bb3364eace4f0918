"""Which points of a chart are marked, and why, in words: so that no shape stands there unexplained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citystat.analysis.spc import Judgement, Point, Segment
from citystat.charts.headline import KINDS, Facts, is_high, time_words
from citystat.texts import tr

TOLD = 3  # stretches that the line beneath a chart tells; the others are counted
ORDER = ("shift", "trend", "outside-limits", "two-of-three")  # a stretch is told by the first of these it shows


@dataclass(frozen=True)
class Stretch:
    """Points marked for one reason. indices: of the series, in order · words: why, without saying when."""

    indices: tuple[int, ...]
    kind: str
    words: str


def stretches(judgement: Judgement, facts: Facts) -> list[Stretch]:
    """Every marked stretch, oldest first; a point that several rules mark is told of once."""
    found = []
    for place, segment in enumerate(judgement.segments):
        before = judgement.segments[place - 1] if place else None
        points = [p for p in judgement.points[segment.start : segment.stop] if facts.final(p.index) and not p.excluded]
        found += _of_segment(points, segment, before, facts)
    return sorted(found, key=lambda s: s.indices[0])


def telling(found: Sequence[Stretch], since: int | None) -> list[Stretch]:
    """The stretches that are worth a mark. Where no direction is wanted, every departure would be one, and the chart
    nothing but marks: then only those that the headline speaks of (from index `since` on), or else the newest.
    """
    aimless = [s for s in found if s.kind == "neither"]
    first = since if since is not None else max((s.indices[0] for s in aimless), default=0)
    return [s for s in found if s.kind != "neither" or s.indices[-1] >= first]


def _of_segment(points: Sequence[Point], segment: Segment, before: Segment | None, facts: Facts) -> list[Stretch]:
    told: set[int] = set()
    found = []
    for rule in (*ORDER, ""):
        for run in _runs(points, rule, told):
            told |= {p.index for p in run}
            words = _why(rule, run, segment, before, facts)
            found.append(Stretch(tuple(p.index for p in run), run[-1].kind, words))
    return found


def _runs(points: Sequence[Point], rule: str, told: set[int]) -> list[list[Point]]:
    """Neighbouring points that `rule` marks on one side and in one sense; rule "": marked by any other."""
    found: list[list[Point]] = []
    open_run = False
    for point in points:
        marked = point.kind != "common" and point.index not in told and (rule in point.rules or not rule)
        if marked and open_run and _alike(found[-1][-1], point, rule):
            found[-1].append(point)
        elif marked:
            found.append([point])
        open_run = marked
    return found


def _alike(one: Point, other: Point, rule: str) -> bool:
    return rule == "trend" or is_high(one) == is_high(other)


def _why(rule: str, run: Sequence[Point], segment: Segment, before: Segment | None, facts: Facts) -> str:
    high, time = is_high(run[-1]), time_words(facts, len(run))
    if rule == "shift":
        return _shift(run, high, before, time)
    if rule == "trend":
        return tr("{time} in a row rising", time=time) if run[-1].level > run[0].level else tr("{time} in a row falling", time=time)  # fmt: skip
    if rule == "outside-limits":
        return tr("above the process limits") if high else tr("below the process limits")
    if rule == "two-of-three":
        return tr("close to the upper limit") if high else tr("close to the lower limit")
    return tr("special cause")


def _shift(run: Sequence[Point], high: bool, before: Segment | None, time: str) -> str:
    """After a restart the average is the new one: a stretch below it may well lie above the old one."""
    if before is None or before.centre is None:
        return (
            tr("{time} in a row above average", time=time) if high else tr("{time} in a row below average", time=time)
        )
    if high and all(p.level < before.centre for p in run):
        return tr("{time} in a row above the new average, though below the old one", time=time)
    if not high and all(p.level > before.centre for p in run):
        return tr("{time} in a row below the new average, though above the old one", time=time)
    return tr("{time} in a row above the new average", time=time) if high else tr("{time} in a row below the new average", time=time)  # fmt: skip


def marked_words(found: Sequence[Stretch], facts: Facts, start: int) -> str:
    """ "Marked: eight months in a row below average, May–Dec 2024 (concern)"; only what is on view from `start` on."""
    seen = [s for s in found if s.indices[-1] >= start]
    if not seen:
        return ""
    pieces = [_told(s, facts) for s in reversed(seen[-TOLD:])]
    if len(seen) > TOLD:
        pieces.append(tr("and {n} earlier", n=len(seen) - TOLD))
    words = tr("Marked: {list}", list="; ".join(pieces))
    if facts.direction == "none":
        words += ". " + tr("No direction is set for this measure, so it is neither good nor bad")
    return words


def _told(stretch: Stretch, facts: Facts) -> str:
    when = span(facts.labels[stretch.indices[0]], facts.labels[stretch.indices[-1]])
    kind = {"improvement": tr("improvement"), "concern": tr("concern")}.get(KINDS.get(stretch.kind, ""), "")
    words = f"{stretch.words}, {when}"
    return f"{words} ({kind})" if kind else words


def span(first: str, last: str) -> str:
    """ "May–Dec 2024" of "May 2024" and "Dec 2024"; "Dec 2024–Feb 2025" where the years differ."""
    if first == last:
        return first
    (one, _, year), (_, _, other) = first.rpartition(" "), last.rpartition(" ")
    return f"{one if one and year == other else first}–{last}"
