"""The unit of what a formula gives: days and dollars are not added, days through days are a plain number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from citystat.errors import CityStatError
from citystat.formula.language import refused
from citystat.formula.tree import Binary, Measured, Negative, Node, Number, Per, Population, Prior, Rolling, Share
from citystat.numbers import number, unit_phrase
from citystat.texts import tr

RESIDENT = "resident"
RATIO = "ratio"
PERCENT = "percent"


@dataclass(frozen=True)
class Unit:
    """powers: (unit, power) sorted; percents: how often a hundredth is in it; size: "per 1,000"; literal: a bare number."""

    powers: tuple[tuple[str, int], ...] = ()
    percents: int = 0
    size: float = 1.0
    literal: float | None = None

    @property
    def simple(self) -> bool:
        """Whether a measure's unit can be this and no other: "days", "percent"."""
        return self.size == 1.0 and (
            (self.percents == 1 and not self.powers)
            or (self.percents == 0 and len(self.powers) == 1 and self.powers[0][1] == 1)
        )

    def __str__(self) -> str:
        """As a person writes it: "days", "percent", "ratio", "USD per count", "per 1,000 residents"."""
        if self.simple:
            return PERCENT if self.percents else self.powers[0][0]
        top = [PERCENT] * max(0, self.percents) + [u for u, power in self.powers for _ in range(power)]
        bottom = [u for u, power in self.powers for _ in range(-power)] + [PERCENT] * max(0, -self.percents)
        if not bottom and not top and self.size != 1:
            return tr("per {n}", n=number(self.size))
        if not bottom:
            return " × ".join(top) or RATIO
        head = "" if top == ["count"] or not top else " × ".join(top)
        return tr("{what} per {base}", what=head, base=_base(bottom, self.size)).strip()


def unit_of(node: Node, text: str, units: Mapping[str, str]) -> Unit:
    """The unit of a formula `text` with the tree `node`; units: of the measures, by code. CityStatError where units clash."""

    def of(part: Node) -> Unit:
        match part:
            case Number(value, _):
                return Unit(literal=value)
            case Population():
                return Unit(((RESIDENT, 1),))
            case Measured(code, _) | Rolling(_, Measured(code, _), _):
                return _named(units[code])
            case Negative(inner, _) | Prior(inner, _):
                return of(inner)
            case Share(one, whole, at):
                _alike(of(one), of(whole), text, at)
                return Unit(percents=1)
            case Per(top, size, base, _):
                return _times(of(top), of(base), -1, size)
            case Binary(sign, left, right, at) if sign in "+-":
                return _alike(of(left), of(right), text, at)
            case Binary(sign, left, right, _):
                return _times(of(left), of(right), 1 if sign == "*" else -1, 1.0)

    return of(node)


def _named(unit: str) -> Unit:
    if unit == PERCENT:
        return Unit(percents=1)
    return Unit() if unit == RATIO else Unit(((unit, 1),))


def _alike(left: Unit, right: Unit, text: str, at: int) -> Unit:
    """Both have one unit, which is the answer; a bare number takes the other's."""
    if left.literal is not None and right.literal is not None:
        return Unit(literal=left.literal)
    if left.literal is not None or right.literal is not None:
        return right if left.literal is not None else left
    if (left.powers, left.percents, left.size) != (right.powers, right.percents, right.size):
        raise refused(
            text,
            at,
            tr("{left} and {right} do not go together", left=_spoken(left), right=_spoken(right)),
            tr("Add and compare only what has one unit; multiply or divide to bring them to it"),
        )
    return left


def _times(left: Unit, right: Unit, way: int, size: float) -> Unit:
    """left × right (way 1) or left / right (way −1)."""
    if left.literal is not None and right.literal is not None:
        return Unit(literal=1.0)
    hundred = _hundred(left, right, way)
    powers = dict(left.powers)
    for unit, power in right.powers:
        powers[unit] = powers.get(unit, 0) + way * power
    percents = left.percents + way * right.percents + hundred
    return Unit(
        tuple(sorted((u, p) for u, p in powers.items() if p)), percents, size * left.size * right.size**way, None
    )


def _hundred(left: Unit, right: Unit, way: int) -> int:
    """A ratio times 100 is in per cent; per cent through 100 is a ratio again."""
    if way == 1 and 100.0 in (left.literal, right.literal):
        other = right if left.literal == 100.0 else left
        return 1 if not other.powers and other.percents == 0 else 0
    return -1 if way == -1 and right.literal == 100.0 and left.percents > 0 else 0


def _base(bottom: list[str], size: float) -> str:
    if bottom == [RESIDENT]:
        return tr("resident") if size == 1 else tr("{n} residents", n=number(size))
    return (f"{number(size)} " if size != 1 else "") + " × ".join(bottom)


def _spoken(unit: Unit) -> str:
    return unit_phrase(str(unit))


def trouble_with(unit: Unit, wanted: str, known: Mapping[str, object]) -> CityStatError | None:
    """Why a measure in the unit `wanted` cannot be what the formula gives; known: units that are no free words."""
    fits = unit.literal is not None or str(unit) == wanted or (not unit.simple and wanted not in known)
    if fits or (not unit.simple and wanted == "count" and not unit.percents and unit.powers == ()):
        return None
    return CityStatError(
        tr("The formula gives {unit}, and not {wanted}", unit=_spoken(unit), wanted=unit_phrase(wanted)),
        where=tr("Unit"), do=tr("Set the unit to “{unit}”, or change the formula", unit=str(unit)),
    )  # fmt: skip
