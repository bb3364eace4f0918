"""Contractors who do the same work side by side: same measures, same months, sums and rates that compare fairly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.axis import value_axis
from citystat.charts.chart import Chart
from citystat.contracts.pay import Sums, sums, working
from citystat.contracts.register import ContractRow, contracts, payments
from citystat.contracts.results import YEAR, Tally, Tracked, counted, tracked
from citystat.contracts.scorecard import chart_of
from citystat.errors import CityStatError
from citystat.texts import plural, tr

FEWEST = 3  # periods in common, below which nothing is compared
SUMS = ("sum", "count")


@dataclass(frozen=True)
class Side:
    """One contractor's part of a comparison. value: over the months in common; tally: in the same months."""

    contract: ContractRow
    tracked: Tracked
    value: float
    words: str
    tally: Tally
    chart: Chart


@dataclass(frozen=True)
class Compared:
    """One measure that several contracts share. how: how the months were brought together, in words ·

    fair: the figures may be set beside each other; otherwise `how` says why not · first, last, n: the months in common.
    """

    name: str
    unit: str
    how: str
    fair: bool
    first: date
    last: date
    n: int
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class NotCompared:
    """A measure that stands alone, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Cost:
    """A contract's money in the months in common, and the share of what was due that was held."""

    contract: ContractRow
    sums: Sums
    held_share: float


@dataclass(frozen=True)
class SideBySide:
    """All contracts for one service. first, last: months in which all of them run; None where there are none."""

    service: str
    contracts: tuple[ContractRow, ...]
    compared: tuple[Compared, ...]
    not_compared: tuple[NotCompared, ...]
    costs: tuple[Cost, ...]
    first: date | None
    last: date | None


def services(read: Session) -> list[str]:
    """Services that more than one contract renders."""
    named: dict[str, list[str]] = {}
    for c in contracts(read):
        named.setdefault(c.service.lower(), []).append(c.service)
    return sorted(names[0] for service, names in named.items() if service and len(names) > 1)


def side_by_side(read: Session, service: str, *, today: date) -> SideBySide:
    """The contracts for `service`; CityStatError where fewer than two render it."""
    found = [c for c in contracts(read) if c.service.lower() == service.strip().lower()]
    if len(found) < 2:
        raise CityStatError(
            tr("There are not two contracts for “{service}”", service=service),
            do=tr("Write the same service into the contracts that do the same work"),
        )
    rows = tracked(read, found)
    compared: list[Compared] = []
    alone: list[_Alone] = []
    for group in _groups([(c, t) for c in found for t in rows[c.id]]):
        made = _compared(group, today)
        if isinstance(made, Compared):
            compared.append(made)
        else:
            alone.append(made)
    months = _together(found, rows)
    money = payments(read, [c.id for c in found])
    costs = tuple(
        _cost(c, sums(working(p, rows[c.id]) for p in money if p.contract_id == c.id and p.period in months))
        for c in found
    )  # fmt: skip
    singles = _explained(alone)
    return SideBySide(
        found[0].service, tuple(found), tuple(compared), tuple(singles), costs, min(months, default=None),
        max(months, default=None),
    )  # fmt: skip


Pair = tuple[ContractRow, Tracked]


def _groups(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Measures that are the same: defined in the same words, in the same unit, added up in the same way."""
    groups: dict[object, list[Pair]] = {}
    for place, (c, t) in enumerate(pairs):
        m = t.measure
        words = " ".join(m.definition.lower().split())
        key = (words, m.unit, m.aggregation, m.frequency, m.multiplier) if words else place
        groups.setdefault(key, []).append((c, t))
    return list(groups.values())


def _compared(group: list[Pair], today: date) -> Compared | _Alone:
    """The group over the months that all of it has, or why it stands alone."""
    if len({c.id for c, _ in group}) < 2:
        return _Alone(group[0])
    name = common_name([t.measure.name for _, t in group])
    if len({t.measure.id for _, t in group}) < len(group):
        return _Alone(group[0], name, tr("one figure holds both contractors; it does not tell them apart"))
    shared = sorted(set.intersection(*({r.month for r in t.results.values() if r.outcome != "none"} for _, t in group)))
    shared = shared[-max(FEWEST, YEAR // periods.MONTHS_IN[group[0][1].measure.frequency]) :]
    if len(shared) < FEWEST:
        reason = plural(len(shared), "only {n} period in common", "only {n} periods in common")
        return _Alone(group[0], name, reason)
    fair, how = _how(group, len(shared))
    sides = [_side(c, t, shared, today) for c, t in group]
    charts = _on_one_scale([s.chart for s in sides])
    return Compared(
        name, group[0][1].measure.unit, how, fair, shared[0], shared[-1], len(shared),
        tuple(replace(s, chart=chart) for s, chart in zip(sides, charts, strict=True)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Alone:
    """A measure on its way to NotCompared; reason "": only one contract has it, or it looks like another's."""

    pair: Pair
    name: str = ""
    reason: str = ""


def _how(group: Sequence[Pair], n: int) -> tuple[bool, str]:
    """Whether the figures compare fairly, and how the months were brought together."""
    m = group[0][1].measure
    if m.aggregation == "ratio":
        known = all((~np.isnan(t.series.denominator)).any() for _, t in group)
        if known:
            return True, tr("sums over the months divided, so that large months weigh more")
        return True, tr("mean of {n} months, each weighing the same", n=n)
    if m.aggregation in SUMS:
        return False, tr("it grows with the size of the work, and the areas may differ")
    return True, tr("mean of {n} months, each weighing the same", n=n)


def _side(c: ContractRow, t: Tracked, months: Sequence[date], today: date) -> Side:
    results = [t.results[month] for month in months]
    value = _together_value(t, [r.period for r in results])
    return Side(c, t, value, t.words(value), counted(results), chart_of(t, months[-1], today))


def _together_value(t: Tracked, chosen: Sequence[date]) -> float:
    """The chosen periods as one figure, by the measure's own aggregation."""
    place = {p: i for i, p in enumerate(t.series.periods)}
    at = [place[p] for p in chosen]
    top, bottom, values = (column[at] for column in (t.series.numerator, t.series.denominator, t.series.values))
    if t.measure.aggregation == "ratio" and not np.isnan(top + bottom).any() and float(bottom.sum()):
        return t.measure.multiplier * float(top.sum()) / float(bottom.sum())
    return float(values.sum()) if t.measure.aggregation in SUMS else float(values.mean())


def _on_one_scale(charts: Sequence[Chart]) -> list[Chart]:
    """The charts with one value axis, so that their heights compare."""
    low, high = min(c.y_low for c in charts), max(c.y_high for c in charts)
    bottom, top, ticks = value_axis(low, high, from_zero=False)
    return [replace(c, y_low=bottom, y_high=top, y_ticks=ticks) for c in charts]


def _together(found: Sequence[ContractRow], rows: dict[int, list[Tracked]]) -> list[date]:
    """The newest twelve months in which every contract runs and has figures."""
    known = [{r.month for t in rows[c.id] for r in t.results.values() if r.outcome != "none"} for c in found]
    return sorted(set.intersection(*known))[-YEAR:]


def _cost(c: ContractRow, found: Sums) -> Cost:
    settled = found.held + found.paid
    return Cost(c, found, found.held / settled if settled else math.nan)


def _explained(alone: Sequence[_Alone]) -> list[NotCompared]:
    """Why each measure stands alone: another one looks like it and is measured otherwise, or nobody else has it."""
    found, done = [], set()
    for one in alone:
        c, t = one.pair
        if t.measure.id in done:
            continue
        if one.reason:
            found.append(NotCompared(one.name, one.reason))
            continue
        twin = next(
            (
                o
                for o in alone
                if not o.reason and o.pair[0].id != c.id and stem(o.pair[1].measure.name) == stem(t.measure.name)
            ),
            None,
        )
        if twin is None:
            found.append(
                NotCompared(t.measure.name, tr("only {vendor} is judged by it", vendor=f"{c.vendor} ({c.number})"))
            )
        else:
            done.add(twin.pair[1].measure.id)
            name = common_name([t.measure.name, twin.pair[1].measure.name])
            found.append(NotCompared(name, _difference(t, twin.pair[1])))
    return found


def _difference(a: Tracked, b: Tracked) -> str:
    """What keeps two measures of one name apart."""
    one, other = a.measure, b.measure
    if not one.definition.strip() or not other.definition.strip():
        return tr("a definition is missing, so nobody can say that both measure the same")
    if one.unit != other.unit:
        return tr("the units differ: {one} and {other}", one=tr(one.unit), other=tr(other.unit))
    if one.frequency != other.frequency:
        return tr("one is reported by {one}, the other by {other}", one=tr(one.frequency), other=tr(other.frequency))
    if one.definition != other.definition:
        return tr(
            "the definitions differ: “{one}” and “{other}”",
            one=one.definition.rstrip(". "),
            other=other.definition.rstrip(". "),
        )
    return tr("the figures are added up in different ways")


def stem(name: str) -> str:
    """The name without what tells the contractors apart: "Missed collections, north" → "missed collections"."""
    return name.rsplit(",", 1)[0].strip().lower()


def common_name(names: Sequence[str]) -> str:
    """What the names have in common at their beginning; the first name where that is nothing."""
    words = [n.split() for n in names]
    n = next((i for i, row in enumerate(zip(*words, strict=False)) if len(set(row)) > 1), min(map(len, words)))
    return " ".join(words[0][:n]).rstrip(",;:-– ") or names[0]
