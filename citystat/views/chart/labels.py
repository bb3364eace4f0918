"""Where labels go: pure geometry, so that it can be asked whether anything overlaps or is cut."""

from __future__ import annotations

from collections.abc import Sequence


def spread(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float, held: int | None = None
) -> list[float]:
    """Centres moved apart so that no two labels overlap, each near where it wants to be, all within low..high.

    centres: where each label wants its middle; heights: how tall it is. Order is kept from top to bottom.
    held: the label that stays where it wants to be, as long as the others find room above and below it.
    """
    if held is not None:
        found = _around(centres, heights, low, high, held)
        if found is not None:
            return found
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


def _around(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float, held: int
) -> list[float] | None:
    """The others above and below the one that is held; None where they have no room there."""
    half = heights[held] / 2
    at = min(max(centres[held], low + half), high - half)
    placed = [at] * len(centres)
    above = [i for i in range(len(centres)) if i != held and (centres[i], i) < (centres[held], held)]
    below = [i for i in range(len(centres)) if i != held and i not in above]
    for side, top, bottom in ((above, low, at - half), (below, at + half, high)):
        if sum(heights[i] for i in side) > bottom - top:
            return None
        where = spread([centres[i] for i in side], [heights[i] for i in side], top, bottom)
        for i, centre in zip(side, where, strict=True):
            placed[i] = centre
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
