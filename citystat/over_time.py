"""How the figures of short periods become one of a longer period: months into a quarter, a fiscal year, twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from citystat.texts import tr

WAYS = ("sum", "mean", "weighted", "last", "ratio", "none")
# where a measure does not say it, by its aggregation over breakdowns; the median of medians is no median
BY_AGGREGATION = {"sum": "sum", "count": "sum", "mean": "mean", "median": "none", "ratio": "ratio", "last": "last"}
FINER = {
    "day": (), "week": ("day",), "month": ("day",), "quarter": ("day", "month"),
    "half-year": ("day", "month", "quarter"), "year": ("day", "month", "quarter", "half-year"),
}  # fmt: skip


class Figure(NamedTuple):
    """A value, in its measure's unit, with numerator and denominator where it has them; None where missing."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    preliminary: bool = False


def way_of(over_time: str, aggregation: str) -> str:
    """One of WAYS: what the measure says, or what follows from its aggregation over breakdowns."""
    return over_time or BY_AGGREGATION.get(aggregation, "none")


def together(figures: Sequence[Figure | None], way: str, multiplier: float = 1.0) -> tuple[Figure, str]:
    """One figure for the periods of `figures` (None: not reported), and in words why it is missing ("" where it is not).

    All periods are needed, but for "last", which takes the newest. A ratio is `multiplier` × sum of numerators / sum of
    denominators, to which a period of 0 by 0 adds nothing; "weighted" is the mean weighted by the denominators.
    """
    known = [f for f in figures if f is not None and (f.value is not None or (way == "ratio" and _divides(f)))]
    preliminary = any(f.preliminary for f in known)
    if way == "none":
        return Figure(None), tr("its periods do not add up to a longer one")
    if way == "last":
        last = figures[-1] if figures else None
        missing = last is None or last.value is None
        return (Figure(None), tr("the last period is missing")) if last is None or missing else (last, "")
    if len(known) < len(figures) or not known:
        return Figure(None), tr("only {n} of {all} periods are known", n=len(known), all=len(figures))
    values = [f.value for f in known if f.value is not None]
    top = _sum([f.numerator for f in known])
    bottom = _sum([f.denominator for f in known])
    if way in ("ratio", "weighted"):
        return _divided(known, way, multiplier, top, bottom, preliminary)
    value = sum(values) / (len(values) if way == "mean" else 1)
    return Figure(value, top, bottom, preliminary), ""


def _divides(figure: Figure) -> bool:
    """Nothing out of nothing: no value of its own, and no gap."""
    return figure.numerator == 0 and figure.denominator == 0


def _divided(
    known: Sequence[Figure], way: str, multiplier: float, top: float | None, bottom: float | None, preliminary: bool
) -> tuple[Figure, str]:
    if way == "weighted" and bottom is not None:
        top, multiplier = sum((f.value or 0.0) * (f.denominator or 0.0) for f in known), 1.0
    if top is None or bottom is None:
        return Figure(None), tr("numerator and denominator are not known for every period")
    if bottom == 0:
        return Figure(None, top, bottom), tr("its denominator is 0")
    return Figure(multiplier * top / bottom, top, bottom, preliminary), ""


def _sum(column: Sequence[float | None]) -> float | None:
    """The sum, None where one is missing."""
    known = [v for v in column if v is not None]
    return sum(known) if known and len(known) == len(column) else None
