"""From the answers to figures: one for each measure, period and breakdown, with the noughts of what did not happen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.city.observations import Breakdown
from citystat.collect.recipe import MeasureMap
from citystat.records.query import Question, start_of, step
from citystat.records.recipe import RecordMeasure, RecordRecipe

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_FILLED = 2_000_000  # figures of one measure with its noughts; more are left without them
DIGITS = 12  # of a figure: engines add up in different orders, which shows in the digits after
COUNTED = (
    "count",
    "sum",
    "backlog",
)  # of these there are none where nothing happened; of the others there is no figure


@dataclass(frozen=True)
class Part:
    """Figures of one measure. cell: place in Figures.breakdowns · period: keys as in query.key_of."""

    cell: Ints
    period: Ints
    value: Floats
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True)
class Young:
    """Open records that may still meet the standard of a share. since: the key of the first period with any."""

    records: int
    since: int


@dataclass
class Figures:
    """All figures that records come to, by the measure's place in the recipe; breakdowns[0] is the whole."""

    recipe: RecordRecipe
    breakdowns: list[Breakdown] = field(default_factory=lambda: [()])
    parts: dict[int, Part] = field(default_factory=dict)
    young: dict[int, Young] = field(default_factory=dict)
    _places: dict[Breakdown, int] = field(default_factory=lambda: {(): 0})

    def cells(self, by: Sequence[int], answer: Mapping[str, Any]) -> Ints:
        """The place in `breakdowns` of each row of an answer."""
        n = len(answer["period"])
        joined = np.zeros(n, dtype=np.int64)
        words: list[list[str]] = []
        for i in by:
            names, codes = np.unique(np.asarray(answer[f"c{i}"], dtype=str), return_inverse=True)
            joined, words = joined * len(names) + codes, [*words, names.tolist()]
        distinct, back = np.unique(joined, return_inverse=True)
        places = [self._place(by, words, code) for code in distinct.tolist()]
        return np.array(places, dtype=np.int64)[back]

    def digest(self) -> str:
        """A name for these figures: the same where they are the same."""
        digest = hashlib.sha256(repr(self.breakdowns).encode())
        for n, part in sorted(self.parts.items()):
            digest.update(repr(n).encode())
            for column in (part.cell, part.period, part.value, part.numerator, part.denominator):
                digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()

    def _place(self, by: Sequence[int], words: Sequence[Sequence[str]], code: int) -> int:
        parts = []
        for i, names in zip(reversed(by), reversed(words), strict=True):
            code, at = divmod(code, len(names))
            parts.append((self.recipe.breakdowns[i], names[at]))
        breakdown = tuple(sorted(parts))
        place = self._places.setdefault(breakdown, len(self.breakdowns))
        if place == len(self.breakdowns):
            self.breakdowns.append(breakdown)
        return place


Told = tuple[Question, Ints, Ints, Mapping[str, Any]]  # the question, cells, periods, and the answer by column


def figures(
    recipe: RecordRecipe, answers: Sequence[tuple[Question, Mapping[str, Any]]], *, today: int, whole: bool
) -> Figures:
    """The figures of `recipe` from the answers to its questions. today: the key of the period that is going on; whole: all records are known.

    Counts, sums and backlogs get a nought for every period in which nothing happened, from the first of their breakdown to the last
    of all. Where not all records are known (a file that stands alone), only the periods in which its records were opened are told.
    """
    found = Figures(recipe)
    tables = [(q, found.cells(q.by, a), integers(a["period"]), a) for q, a in answers]
    if not tables:
        return found
    known = np.concatenate([keys for *_, keys, _ in tables])
    if not whole:
        opened = np.concatenate([keys for q, _, keys, _ in tables if q.of == "begun"] or [known])
        tables = [_within(t, opened) for t in tables]
        known = opened
    last = int(known[known <= today].max(initial=0))
    for n, m in enumerate(recipe.measures):
        mine = [t for t in tables if f"v{n}" in t[3] or f"top{n}" in t[3]]
        _look_for_young(found, n, mine)
        found.parts[n] = _backlog(n, mine, last, recipe) if m.kind == "backlog" else _part(n, m, mine, last, recipe)
    return found


def _look_for_young(found: Figures, n: int, told: Sequence[Told]) -> None:
    for question, _, key, answer in told:
        if not question.by and f"young{n}" in answer:
            count = integers(answer[f"young{n}"])
            if count.any():
                found.young[n] = Young(int(count.sum()), int(key[count > 0].min()))


def _within(told: Told, opened: Ints) -> Told:
    """What is told of the periods in which records were opened."""
    question, cell, key, answer = told
    keep = (key >= opened.min()) & (key <= opened.max()) if len(opened) else np.zeros(len(key), dtype=bool)
    return question, cell[keep], key[keep], {name: np.ma.asarray(column)[keep] for name, column in answer.items()}


def _part(n: int, m: RecordMeasure, told: Sequence[Told], last: int, recipe: RecordRecipe) -> Part:
    cell, key = (np.concatenate([t[i] for t in told]) if told else np.empty(0, dtype=np.int64) for i in (1, 2))
    if m.kind in ("mean", "share"):
        top, bottom = (_joined(told, f"{name}{n}") for name in ("top", "bottom"))
        with np.errstate(all="ignore"):
            value = scale(m) * top / bottom
        there = bottom > 0
        return Part(cell[there], key[there], rounded(value[there]), rounded(top[there]), bottom[there])
    value = rounded(_joined(told, f"v{n}"))
    if m.kind in COUNTED:
        return _filled(cell, key, np.nan_to_num(value), last, step(recipe.frequency))
    there = ~np.isnan(value)
    return _plain(cell[there], key[there], value[there])


def _backlog(n: int, told: Sequence[Told], last: int, recipe: RecordRecipe) -> Part:
    """What was opened until then, less what was closed until then."""
    cell = np.concatenate([t[1] for t in told])
    key = np.concatenate([t[2] for t in told])
    moved = np.concatenate([floats(t[3][f"v{n}"]) * (1 if t[0].of == "begun" else -1) for t in told])
    now = key <= last
    part = _filled(cell[now], key[now], moved[now], last, step(recipe.frequency))
    total = np.cumsum(part.value)
    begins = np.flatnonzero(np.diff(part.cell, prepend=-1))
    before = np.repeat(np.concatenate([[0.0], total])[begins], np.diff(begins, append=len(total)))
    return _plain(part.cell, part.period, total - before)


def _filled(cell: Ints, key: Ints, value: Floats, last: int, by: int) -> Part:
    """Values added up by cell and period, with 0 where there is none up to `last`; sorted by both."""
    ahead = key > last  # a slip of the pen: is told as it is, for the checks to see
    later = _plain(cell[ahead], key[ahead], value[ahead])
    cell, key, value = cell[~ahead], key[~ahead], value[~ahead]
    if not len(cell):
        return later
    cells, back = np.unique(cell, return_inverse=True)
    first = np.full(len(cells), np.iinfo(np.int64).max)
    np.minimum.at(first, back, key)
    length = (last - first) // by + 1
    if length.sum() > MOST_FILLED:
        return _plain(
            *(
                np.concatenate(both)
                for both in zip((cell, key, value), (later.cell, later.period, later.value), strict=True)
            )
        )
    offset = np.concatenate([[0], np.cumsum(length)[:-1]])
    total = np.bincount(offset[back] + (key - first[back]) // by, value, minlength=int(length.sum()))
    place = np.arange(len(total)) - np.repeat(offset, length)
    return _plain(
        np.concatenate([np.repeat(cells, length), later.cell]),
        np.concatenate([np.repeat(first, length) + by * place, later.period]),
        np.concatenate([total, later.value]),
    )


def _plain(cell: Ints, key: Ints, value: Floats) -> Part:
    none = np.full(len(cell), np.nan)
    return Part(cell, key, value, none, none)


def _joined(told: Sequence[Told], name: str) -> Floats:
    return np.concatenate([floats(t[3][name]) for t in told]) if told else np.empty(0)


def floats(column: Any) -> Floats:
    """A column of an answer as numbers, nan where there is none."""
    if isinstance(column, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(column.astype(float), np.nan))
    return np.array([np.nan if v is None else float(v) for v in column], dtype=float)


def integers(column: Any) -> Ints:
    """A column of whole numbers, none missing."""
    return np.asarray(column, dtype=np.int64)


def rounded(values: Floats) -> Floats:
    """`values` with as many digits as every engine agrees on."""
    with np.errstate(all="ignore"):
        places = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.abs(values))))
        near = np.round(values * places) / places
    return np.where((values == np.trunc(values)) | ~np.isfinite(near), values, near)


def scale(m: RecordMeasure) -> float:
    """A share in per cent is a hundred times its parts."""
    return 100.0 if m.kind == "share" and m.unit_said == "percent" else 1.0


def as_map(m: RecordMeasure) -> MeasureMap:
    """What a new measure is made of, as for a table of figures."""
    top, bottom = ("top", "bottom") if m.aggregation == "ratio" else ("", "")
    between = m.kind in ("mean", "median", "percentile")
    return MeasureMap(
        m.code, m.name, aggregation=m.aggregation, unit=m.unit_said, decimals=m.decimals or (1 if between else 0),
        direction=m.direction, numerator=top, denominator=bottom,
    )  # fmt: skip


def place(recipe: RecordRecipe, key: int, breakdown: Breakdown) -> str:
    """Where a figure comes from, as the reports name it: "2026-03, District 3"."""
    when = periods.key(start_of(key, recipe.frequency), recipe.frequency)
    return ", ".join([when, *(f"{dimension} {category}" for dimension, category in breakdown)])
