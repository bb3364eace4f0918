"""Where labels go: pure geometry, so that it can be asked whether anything overlaps or is cut."""

from __future__ import annotations

from collections.abc import Sequence


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres moved apart so that no two labels overlap, each near where it wants to be, all within low..high.

    centres: where each label wants its middle; heights: how tall it is. Order is kept from top to bottom.
    """
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    placed = list(centres)
    edge = low
    for i in order:  # push down what would overlap the one above
        placed[i] = max(centres[i], edge + heights[i] / 2)
        edge = placed[i] + heights[i] / 2
    edge = high
    for i in reversed(order):  # and back up what was pushed out of the picture
        placed[i] = min(placed[i], edge - heights[i] / 2)
        edge = placed[i] - heights[i] / 2
    return placed


def fitting(centres: Sequence[float], widths: Sequence[float], major: Sequence[bool], gap: float) -> list[int]:
    """Indices of labels along an axis that can stand without touching; major ones are placed first."""
    taken: list[tuple[float, float]] = []
    kept: list[int] = []
    for i in sorted(range(len(centres)), key=lambda i: (not major[i], i)):
        left, right = centres[i] - widths[i] / 2, centres[i] + widths[i] / 2
        if all(right + gap <= a or left >= b + gap for a, b in taken):
            taken.append((left, right))
            kept.append(i)
    return sorted(kept)


def thinned(places: Sequence[float], gap: float) -> list[int]:
    """Every place, or every second, third …: the most that stand at least `gap` apart, evenly."""
    for every in range(1, len(places) + 1):
        kept = list(range(0, len(places), every))
        if all(abs(places[b] - places[a]) >= gap for a, b in zip(kept, kept[1:], strict=False)):
            return kept
    return []
