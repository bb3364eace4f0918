"""Where the boxes of a results chain stand and how the lines between them run: plain geometry, the same every time.

Boxes keep the order a person gave them; each stands as near to the height of what it is joined with as its neighbours
allow. A line that passes a column has a lane of its own between two boxes, so that no line runs through a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SWEEPS = 6
Link = tuple[int, int]
Point = tuple[float, float]


class Rect(NamedTuple):
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its centre."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Box:
    """What is to be placed. column: 0 to 4 · height: pixels its words need at the columns' width."""

    id: int
    column: int
    height: float


@dataclass(frozen=True)
class Sizes:
    """Pixels. width: of a column · between: two columns · gap: two boxes of a column · lane: of a line that passes."""

    width: float = 200
    between: float = 48
    gap: float = 12
    lane: float = 8


@dataclass(frozen=True)
class Curve:
    """A line: the first point, then three for each cubic piece."""

    link: Link
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Layout:
    """Boxes by id, lines, and the whole. columns: left edges."""

    boxes: Mapping[int, Rect]
    curves: tuple[Curve, ...]
    columns: tuple[float, ...]
    width: float
    height: float


class _Item:
    """A box, or the lane of lines from one box through a column."""

    def __init__(self, column: int, height: float, box: int | None = None) -> None:
        self.column, self.height, self.box = column, height, box
        self.y = 0.0
        self.before: list[_Item] = []
        self.after: list[_Item] = []

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def chain_layout(boxes: Sequence[Box], links: Sequence[Link], sizes: Sizes, *, columns: int = 5) -> Layout:
    """Place `boxes`, given in their order within each column, and draw `links` between them; y begins at 0."""
    items = {box.id: _Item(box.column, box.height, box.id) for box in boxes}
    held: list[list[_Item]] = [[items[b.id] for b in boxes if b.column == c] for c in range(columns)]
    known = [(a, b) for a, b in links if a in items and b in items]
    straight = [(items[a], items[b]) for a, b in known]
    _join(straight)
    _settle(held, sizes)
    lanes = _lanes(held, known, items, sizes)
    routes = {link: [items[link[0]], *lanes.get(link, ()), items[link[1]]] for link in known}
    if any(lanes.values()):
        for item in items.values():
            item.before, item.after = [], []
        steps = [(a, b) for route in routes.values() for a, b in zip(route, route[1:], strict=False)]
        _join(dict.fromkeys(steps))  # lines that share a lane join it once
        _settle(held, sizes)
    lefts = tuple(c * (sizes.width + sizes.between) for c in range(columns))
    placed = {i.box: Rect(lefts[i.column], i.y, sizes.width, i.height) for i in items.values() if i.box is not None}
    height = max((item.y + item.height for column in held for item in column), default=0.0)
    curves = tuple(Curve(link, _curve(route, lefts, sizes)) for link, route in routes.items())
    bulge = sizes.between * 0.5 if any(a.column == b.column == columns - 1 for a, b in straight) else 0.0
    return Layout(placed, curves, lefts, lefts[-1] + sizes.width + bulge, height)


def tidy(columns: Sequence[Sequence[int]], links: Sequence[Link]) -> list[list[int]]:
    """Each column's boxes in an order in which fewer lines cross: by the mean place of what they are joined with.

    The order that is given is kept where none is better.
    """
    best = [list(column) for column in columns]
    order = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        ways = range(1, len(order)) if sweep % 2 == 0 else range(len(order) - 2, -1, -1)
        for c in ways:
            place = {box: (i + 0.5) / len(column) for column in order for i, box in enumerate(column)}
            side = [b for column in (order[:c] if sweep % 2 == 0 else order[c + 1 :]) for b in column]
            order[c] = sorted(order[c], key=lambda box, p=place, s=side: _mean_place(box, links, p, s))  # type: ignore[misc]
        if crossings(order, links) < crossings(best, links):
            best = [list(column) for column in order]
    return best


def crossings(columns: Sequence[Sequence[int]], links: Sequence[Link]) -> int:
    """How many pairs of lines between the same two columns cross."""
    at = {box: (c, i) for c, column in enumerate(columns) for i, box in enumerate(column)}
    ends = [(at[a], at[b]) for a, b in links if a in at and b in at]
    return sum(
        (a[1] - c[1]) * (b[1] - d[1]) < 0
        for i, (a, b) in enumerate(ends)
        for c, d in ends[i + 1 :]
        if a[0] == c[0] and b[0] == d[0]
    )


def _mean_place(box: int, links: Sequence[Link], place: Mapping[int, float], side: Sequence[int]) -> float:
    joined = [b if a == box else a for a, b in links if box in (a, b)]
    found = [place[other] for other in joined if other in side]
    return sum(found) / len(found) if found else place[box]


def _join(pairs: Iterable[tuple[_Item, _Item]]) -> None:
    for a, b in pairs:
        if a.column != b.column:
            a.after.append(b)
            b.before.append(a)


def _settle(columns: list[list[_Item]], sizes: Sizes) -> None:
    """Heights: stacked and centred first, then each column is drawn towards what it is joined with, from both sides."""
    tall = max((_stack(column, sizes.gap) for column in columns), default=0.0)
    for column in columns:
        y = (tall - _stack(column, sizes.gap)) / 2
        for item in column:
            item.y = y
            y += item.height + sizes.gap
    for sweep in range(SWEEPS):
        rightwards = sweep % 2 == 0
        for column in columns if rightwards else columns[::-1]:
            _draw_towards(column, "before" if rightwards else "after", sizes.gap)
    top = min((item.y for column in columns for item in column), default=0.0)
    for column in columns:
        for item in column:
            item.y = round(item.y - top, 2)


def _stack(column: Sequence[_Item], gap: float) -> float:
    return sum(item.height for item in column) + gap * max(0, len(column) - 1)


def _draw_towards(column: Sequence[_Item], side: str, gap: float) -> None:
    """As near to the wanted heights as the order and the gaps allow (least squares: pool adjacent violators)."""
    offset, pools = 0.0, []  # each: sum of wished tops, how many
    for item in column:
        joined = getattr(item, side)
        wish = sum(j.middle for j in joined) / len(joined) - item.height / 2 if joined else item.y
        pools.append([wish - offset, 1])
        offset += item.height + gap
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, n = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += n
    tops = [total / n for total, n in pools for _ in range(int(n))]
    offset = 0.0
    for item, top in zip(column, tops, strict=True):
        item.y = top + offset
        offset += item.height + gap


def _lanes(
    columns: list[list[_Item]], links: Sequence[Link], items: Mapping[int, _Item], sizes: Sizes
) -> dict[Link, list[_Item]]:
    """A lane in every column that a line passes, at the gap next to its straight way; lines from one box share it."""
    found: dict[Link, list[_Item]] = {}
    shared: dict[tuple[int, int, int], _Item] = {}
    news: list[list[tuple[int, float, _Item]]] = [[] for _ in columns]
    for a, b in links:
        begin, end = items[a], items[b]
        for c in range(begin.column + 1, end.column):
            share = (c - begin.column) / (end.column - begin.column)
            y = begin.middle + (end.middle - begin.middle) * share
            slot = sum(item.middle < y for item in columns[c])
            if (a, c, slot) not in shared:
                shared[a, c, slot] = _Item(c, sizes.lane)
                news[c].append((slot, y, shared[a, c, slot]))
            found.setdefault((a, b), []).append(shared[a, c, slot])
    for column, new in zip(columns, news, strict=True):
        for slot, _, item in sorted(new, key=lambda n: (n[0], n[1]), reverse=True):
            column.insert(slot, item)
    return found


def _curve(route: Sequence[_Item], lefts: Sequence[float], sizes: Sizes) -> tuple[Point, ...]:
    """Level where it leaves, arrives and passes; between two columns it swings."""
    begin, end = route[0], route[-1]
    x = lefts[begin.column] + sizes.width
    points: list[Point] = [(x, begin.middle)]
    if begin.column == end.column:
        out = x + sizes.between * 0.6
        return (*points, (out, begin.middle), (out, end.middle), (x, end.middle))
    for here, there in zip(route, route[1:], strict=False):
        left = lefts[there.column]
        middle = (x + left) / 2
        points += [(middle, here.middle), (middle, there.middle), (left, there.middle)]
        if there is not end:
            x, y = left + sizes.width, there.middle
            points += [(left + sizes.width / 3, y), (x - sizes.width / 3, y), (x, y)]
    return tuple(points)
