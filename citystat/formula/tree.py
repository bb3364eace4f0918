"""What a formula is made of. at: where in the text a part begins, for sentences about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float
    at: int


@dataclass(frozen=True)
class Population:
    """The city's residents, from its settings."""

    at: int


@dataclass(frozen=True)
class Measured:
    """A measure by its code."""

    code: str
    at: int


@dataclass(frozen=True)
class Negative:
    """The other sign."""

    inner: Node
    at: int


@dataclass(frozen=True)
class Binary:
    """Two parts joined by "+", "-", "*" or "/"; at: the sign's place."""

    sign: str
    left: Node
    right: Node
    at: int


@dataclass(frozen=True)
class Share:
    """share(a, b): a in per cent of b."""

    part: Node
    whole: Node
    at: int


@dataclass(frozen=True)
class Per:
    """top for each `size` of base: "PD-01 per 1,000 residents"."""

    top: Node
    size: float
    base: Node
    at: int


@dataclass(frozen=True)
class Rolling:
    """rolling(n, code): the last n periods together, as the measure's periods become longer ones."""

    n: int
    measure: Measured
    at: int


@dataclass(frozen=True)
class Prior:
    """prior year(x): the same a year before."""

    inner: Node
    at: int


Node = Number | Population | Measured | Negative | Binary | Share | Per | Rolling | Prior


def parts(node: Node) -> tuple[Node, ...]:
    """What a part is made of."""
    match node:
        case Binary(_, left, right, _):
            return left, right
        case Share(part, whole, _):
            return part, whole
        case Per(top, _, base, _):
            return top, base
        case Rolling(_, measure, _):
            return (measure,)
        case Negative(inner, _) | Prior(inner, _):
            return (inner,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A part and all within it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def codes(node: Node) -> list[str]:
    """The codes of the measures it needs, each once, in order."""
    return list(dict.fromkeys(n.code for n in walk(node) if isinstance(n, Measured)))
