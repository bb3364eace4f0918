"""What a formula gives, period by period; where it gives nothing, a sentence says why."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from citystat.formula.tree import Binary, Measured, Negative, Node, Number, Per, Population, Prior, Rolling, Share
from citystat.over_time import Figure, together
from citystat.texts import tr

BEFORE = ""  # the reason of a period before a measure, or a window over it, begins


@dataclass(frozen=True)
class Input:
    """A measure along the periods of the answer: n figures (None: missing), and for those why.

    first: index of its first period · way, multiplier: how its periods become longer ones (citystat.over_time).
    """

    figures: tuple[Figure | None, ...]
    why: tuple[str, ...]
    first: int
    way: str
    multiplier: float = 1.0


@dataclass(frozen=True)
class Column:
    """n values (None: missing) with the reason of each that is missing, and whether it rests on preliminary figures."""

    values: tuple[float | None, ...]
    why: tuple[str, ...]
    preliminary: tuple[bool, ...]


@dataclass(frozen=True)
class Given:
    """What a formula is worked out from. labels: the n periods in words; year: how many of them make one (0: none do)."""

    inputs: Mapping[str, Input]
    labels: Sequence[str]
    year: int
    population: int | None = None


Cell = tuple[float | None, str, bool]


def column(node: Node, given: Given) -> Column:
    """The value of `node` in each period."""
    n = len(given.labels)
    match node:
        case Number(value, _):
            return Column((value,) * n, ("",) * n, (False,) * n)
        case Population():
            known = None if given.population is None else float(given.population)
            return Column((known,) * n, (tr("The city's population is not set"),) * n, (False,) * n)
        case Measured(code, _):
            return _column([_figure(given.inputs[code], code, i, given) for i in range(n)])
        case Negative(inner, _):
            return _mapped(column(inner, given), lambda v: -v)
        case Binary(sign, left, right, _):
            return _joined(column(left, given), column(right, given), sign, _name(right))
        case Share(part, whole, _):
            return _mapped(_joined(column(part, given), column(whole, given), "/", _name(whole)), lambda v: v * 100)
        case Per(top, size, base, _):
            return _mapped(_joined(column(top, given), column(base, given), "/", _name(base)), lambda v: v * size)
        case Rolling(count, measure, _):
            return _column([_window(given.inputs[measure.code], measure.code, i, count) for i in range(n)])
        case Prior(inner, _):
            return _shifted(column(inner, given), given.year)


class Quotient(NamedTuple):
    """A formula that is scale × top / bottom as a whole."""

    top: Node
    bottom: Node
    scale: float


def quotient(node: Node) -> Quotient | None:
    """Numerator, denominator and multiplier of a share or a quotient; None of any other formula."""
    match node:
        case Share(part, whole, _):
            return Quotient(part, whole, 100.0)
        case Binary("/", left, right, _) if not isinstance(right, Number):
            return Quotient(left, right, 1.0)
        case Binary("*", Number(scale, _), Binary("/", left, right, _), _):
            return Quotient(left, right, scale)
        case Binary("*", Binary("/", left, right, _), Number(scale, _), _):
            return Quotient(left, right, scale)
    return None


def scale_of(node: Node) -> float | None:
    """The multiplier of a formula that is a quotient as a whole."""
    found = quotient(node)
    return found.scale if found else None


def _column(cells: Sequence[Cell]) -> Column:
    return Column(tuple(c[0] for c in cells), tuple(c[1] for c in cells), tuple(c[2] for c in cells))


def _figure(measure: Input, code: str, i: int, given: Given) -> Cell:
    found = measure.figures[i]
    if found is not None and found.value is not None:
        return found.value, "", found.preliminary
    if i < measure.first:
        return None, BEFORE, False
    said = measure.why[i] or tr("{code} has no value for {period}", code=code, period=given.labels[i])
    return None, said, False


def _window(measure: Input, code: str, i: int, count: int) -> Cell:
    start = i - count + 1
    if start < measure.first:
        return None, BEFORE, False
    found, why = together(measure.figures[start : i + 1], measure.way, measure.multiplier)
    return found.value, f"{code}: {why}" if why else "", found.preliminary


def _mapped(one: Column, act: Callable[[float], float]) -> Column:
    cells = [
        _sound(act(v), soft) if v is not None else (None, why, soft)
        for v, why, soft in zip(one.values, one.why, one.preliminary, strict=True)
    ]
    return _column(cells)


def _joined(left: Column, right: Column, sign: str, name: str) -> Column:
    cells: list[Cell] = []
    for i, (a, b) in enumerate(zip(left.values, right.values, strict=True)):
        soft = left.preliminary[i] or right.preliminary[i]
        if a is None or b is None:
            lacking = [c.why[i] for c in (left, right) if c.values[i] is None]
            cells.append((None, BEFORE if BEFORE in lacking else lacking[0], soft))
        elif sign == "/" and b == 0:
            cells.append((None, tr("{name} is 0, and nothing can be divided by it", name=name), soft))
        else:
            cells.append(_sound(_SIGNS[sign](a, b), soft))
    return _column(cells)


def _shifted(one: Column, year: int) -> Column:
    """Each period's value of a year before."""
    n = len(one.values)
    cells = [(one.values[i - year], one.why[i - year], one.preliminary[i - year]) for i in range(year, n)]
    before: list[Cell] = [(None, BEFORE, False)] * min(year, n)
    return _column([*before, *cells])


def _sound(value: float, soft: bool) -> Cell:
    return (value, "", soft) if math.isfinite(value) else (None, tr("The value is too large"), soft)


def _name(node: Node) -> str:
    match node:
        case Measured(code, _):
            return code
        case Population():
            return tr("The population")
    return tr("What it is divided by")


_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
}  # fmt: skip
