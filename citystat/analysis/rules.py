"""Rules that tell a special cause, as functions of one segment's points.

Each takes values, centre, lower, upper: array[m] float without gaps, and returns for every point
{rule: side}, side 1 for high and −1 for low.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from citystat.analysis.runs import longest_allowed, runs

Floats = NDArray[np.float64]
Marks = list[dict[str, int]]

SHIFT = 7  # points in a row on one side (NHS England, Making Data Count)
TREND = 7  # points in a row, each beyond the one before
ORDER = (
    "outside-limits", "trend", "two-of-three", "shift", "we-1", "we-2", "we-3", "we-4", "runs"
)  # whose side names a point that several rules mark  # fmt: skip
NAMES = {1: "high", -1: "low"}


def first_kind(rules: dict[str, int], improvement: str) -> str:
    """What the leading rule's side means: improving-high, concerning-low, neither-high … or common."""
    for rule in ORDER:
        if rule in rules:
            side = rules[rule]
            if improvement == "neither":
                return f"neither-{NAMES[side]}"
            better = side == (1 if improvement == "up" else -1)
            return f"{'improving' if better else 'concerning'}-{NAMES[side]}"
    return "common"


def nhs(values: Floats, centre: Floats, lower: Floats, upper: Floats) -> Marks:
    """Outside the limits, shift, trend, two of three (NHS England, Making Data Count)."""
    marks: Marks = [{} for _ in values]
    side = np.sign(values - centre)
    _outside(marks, values, lower, upper, "outside-limits")
    for a, b in _stretches(side):
        if b - a >= SHIFT and side[a] != 0:
            _add(marks, range(a, b), "shift", int(side[a]))
    steps = np.sign(np.diff(values))
    for a, b in _stretches(steps):
        if b - a >= TREND - 1 and steps[a] != 0:
            _add(marks, range(a, b + 1), "trend", int(steps[a]))
    _two_of_three(marks, values, centre, lower, upper, side)
    return marks


def western_electric(values: Floats, centre: Floats, lower: Floats, upper: Floats) -> Marks:
    """The four rules of the Western Electric handbook (1956); only the point that completes a pattern is marked."""
    marks: Marks = [{} for _ in values]
    with np.errstate(all="ignore"):
        z = np.where(values >= centre, (values - centre) / (upper - centre), (values - centre) / (centre - lower)) * 3
    _outside(marks, values, lower, upper, "we-1")
    for rule, of, need, beyond in (("we-2", 3, 2, 2.0), ("we-3", 5, 4, 1.0), ("we-4", 8, 8, 0.0)):
        for end in range(len(z)):
            window = z[max(0, end - of + 1) : end + 1]
            for sign in (1, -1):
                if (sign * window > beyond).sum() >= need and sign * z[end] > beyond:
                    marks[end][rule] = sign
    return marks


def anhoej(values: Floats, centre: Floats, lower: Floats, upper: Floats) -> Marks:
    """Points outside the limits; an unusually long run marks its points (Anhøj and Olesen 2014)."""
    marks: Marks = [{} for _ in values]
    _outside(marks, values, lower, upper, "outside-limits")
    useful = np.flatnonzero(values != centre)
    if not len(useful):
        return marks
    side = np.sign(values - centre)[useful]
    allowed = longest_allowed(len(useful))
    for a, b in _stretches(side):
        if b - a > allowed:
            _add(marks, useful[a:b], "runs", int(side[a]))
    return marks


def none(values: Floats, centre: Floats, lower: Floats, upper: Floats) -> Marks:
    """No rule at all: too few points to judge."""
    return [{} for _ in values]


MARKERS: dict[str, Callable[[Floats, Floats, Floats, Floats], Marks]] = {
    "nhs": nhs,
    "anhoej": anhoej,
    "western-electric": western_electric,
    "none": none,
}


def _outside(marks: Marks, values: Floats, lower: Floats, upper: Floats, rule: str) -> None:
    for i in np.flatnonzero(values > upper):
        marks[i][rule] = 1
    for i in np.flatnonzero(values < lower):
        marks[i][rule] = -1


def _two_of_three(marks: Marks, values: Floats, centre: Floats, lower: Floats, upper: Floats, side: Floats) -> None:
    """Two of three neighbours close to a limit, all three on one side; the close ones are marked.

    A point outside the limits is not close to them: it is marked by its own rule (NHSRplotthedots does so too).
    """
    with np.errstate(all="ignore"):
        far = (values > centre + (upper - centre) * 2 / 3) | (values < centre - (centre - lower) * 2 / 3)
    far &= (values <= upper) & (values >= lower)
    of_side, close = (column[:-2] + column[1:-1] + column[2:] for column in (side, far.astype(int)))
    for start in np.flatnonzero((np.abs(of_side) == 3) & (close >= 2)):
        _add(marks, start + np.flatnonzero(far[start : start + 3]), "two-of-three", int(side[start]))


def _stretches(signs: Floats) -> list[tuple[int, int]]:
    """Runs of equal values: (start, stop) pairs."""
    if not len(signs):
        return []
    edges = [0, *(np.flatnonzero(np.diff(signs)) + 1), len(signs)]
    return [(int(a), int(b)) for a, b in zip(edges, edges[1:], strict=False)]


def _add(marks: Marks, places: object, rule: str, side: int) -> None:
    for i in places:  # type: ignore[attr-defined]
        marks[int(i)][rule] = side


__all__ = ["MARKERS", "ORDER", "anhoej", "first_kind", "nhs", "none", "runs", "western_electric"]
