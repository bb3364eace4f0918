"""A breakdown in a picture: a few parts are named, the others are background; the headline names both ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citystat.charts.chart import Line
from citystat.numbers import number
from citystat.texts import plural, tr

Floats = NDArray[np.float64]
LABELLED = 4  # up to so many parts are all named
EACH_END = 2  # of more, so many of the highest and of the lowest


@dataclass(frozen=True)
class Part:
    """One category of a breakdown, over the same periods as the whole. values: array[n] float, nan where missing.

    doubts: indices of figures that a check doubts and nobody accepted yet.
    """

    name: str
    values: Floats
    doubts: tuple[int, ...] = ()

    def ringed(self, start: int) -> tuple[int, ...]:
        """Those that are drawn from the period `start` on."""
        return tuple(i - start for i in self.doubts if i >= start and not np.isnan(self.values[i]))


def part_lines(
    parts: Sequence[Part],
    by: str,
    whole: Floats,
    shown: slice,
    last: Callable[[Floats], str],
    adds_up: bool,
    asked: str = "",
) -> tuple[Line, ...]:
    """Up to four parts are all named; of more, the highest, the lowest and (of rates and means) all together.

    last: the last value of a line in words · adds_up: the whole is the sum of its parts, and would dwarf them · asked: the part that
    is looked for; it is named and leads.
    """
    place = next((i for i, p in enumerate(parts) if p.name == asked), None)
    lead = _lead(parts) if place is None else place
    if len(parts) <= LABELLED:
        return tuple(
            Line(
                p.name,
                p.values[shown],
                (),
                last(p.values),
                called(by, p.name),
                leads=i == lead,
                doubts=p.ringed(shown.start),
            )
            for i, p in enumerate(parts)
        )
    named = _named(parts, by) | ({} if place is None else {place: called(by, asked)})
    lines = [
        Line(
            parts[i].name,
            parts[i].values[shown],
            (),
            last(parts[i].values),
            name,
            leads=i == lead,
            doubts=parts[i].ringed(shown.start),
        )
        for i, name in named.items()
    ]
    quiet = [
        Line(p.name, p.values[shown], (), quiet=True, doubts=p.ringed(shown.start))
        for i, p in enumerate(parts)
        if i not in named
    ]
    every = [] if adds_up else [Line(tr("all together"), whole[shown], (), last(whole), tr("all together"))]
    return (*every, *lines, *quiet)


def others_words(lines: Sequence[Line]) -> str:
    """ "and 212 others" where lines stand in the background."""
    n = sum(line.quiet for line in lines)
    return plural(n, "and {number} other", "and {number} others", number=number(n)) if n else ""


def parts_headline(parts: Sequence[Part], by: str, words: Callable[[float], str]) -> str:
    """Which parts are highest and lowest in the newest period; "" where fewer than two have a value in it."""
    now = _now(parts)
    if len(now) < 2:
        return ""
    high, low = max(now.values()), min(now.values())
    if high == low:
        return tr("All are equal at {value}", value=words(high))
    top, bottom = ([i for i, v in now.items() if v == end] for end in (high, low))
    if len(top) > 1 and len(top) + len(bottom) == len(now):  # between them they are all: the smaller end needs no count
        return tr(
            "{n} of {all} are at {value}, the others at {other}",
            n=len(top), all=len(now), value=words(high), other=words(low),
        )  # fmt: skip
    first = (
        tr("{name} is highest with {value}", name=called(by, parts[top[0]].name), value=words(high)) if len(top) == 1
        else tr("{n} of {all} are highest with {value}", n=len(top), all=len(now), value=words(high))
    )  # fmt: skip
    last = (
        tr(
            "{first}, {name} lowest with {value}",
            first=first,
            name=called(by, parts[bottom[0]].name),
            value=words(low),
        )
        if len(bottom) == 1
        else tr(
            "{first}, {n} of {all} are lowest with {value}", first=first, n=len(bottom), all=len(now), value=words(low)
        )
    )
    return last[:1].upper() + last[1:]


def _named(parts: Sequence[Part], by: str) -> dict[int, str]:
    """The parts that are named, by place, with their label: the highest, then the lowest.

    Of many that are equal, one stands for all.
    """
    now = _now(parts)
    order = sorted(now, key=lambda i: -now[i])
    found: dict[int, str] = {}
    for end in (order, order[::-1]):
        same = [i for i in end if now[i] == now[end[0]]]
        if len(same) > EACH_END:
            found[same[0]] = tr("{n} of {all}", n=len(same), all=len(now))
        else:
            found |= {i: called(by, parts[i].name) for i in end[:EACH_END]}
    return found


def _now(parts: Sequence[Part]) -> dict[int, float]:
    """Value by place, of the parts that have one in the newest period in which any has."""
    known = [np.flatnonzero(np.isfinite(p.values)) for p in parts]
    newest = max((int(k[-1]) for k in known if len(k)), default=-1)
    return {i: float(parts[i].values[newest]) for i, k in enumerate(known) if len(k) and k[-1] == newest}


def _lead(parts: Sequence[Part]) -> int | None:
    """The part that the headline names as the highest; None where several are, or only one has a value."""
    now = _now(parts)
    top = [i for i, v in now.items() if v == max(now.values())]
    return top[0] if len(top) == 1 and len(now) > 1 else None


def called(by: str, name: str) -> str:
    """ "Ward 6" for the category 6 of the breakdown by ward; names that speak for themselves stay alone."""
    return f"{by.replace('_', ' ')} {name}" if name.isdigit() or len(name) == 1 else name
