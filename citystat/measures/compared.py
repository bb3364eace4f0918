"""Compared with whom: own districts and other cities beside each other, with how sure each figure is; never a bare league table.

Shares and rates get a funnel (analysis.funnel), with limits that allow for what all units vary beyond chance, and 95 % intervals:
Wilson's for shares (E. B. Wilson, Journal of the American Statistical Association 22, 1927), Byar's for rates (N. E. Breslow and
N. E. Day, Statistical Methods in Cancer Research II, 1987). Other figures have no interval, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.analysis.funnel import Funnel, funnel
from citystat.errors import CityStatError
from citystat.measures.charting import counts
from citystat.measures.series import Definition, Series, broken_down, series
from citystat.models import Benchmark, Peer
from citystat.numbers import number, quantity
from citystat.texts import plural, tr

Z = 1.959963984540054
LEAST = 3  # units that a funnel needs to say what is common to them
OWN, PART, CITY, STANDARD = "own", "part", "city", "standard"


@dataclass(frozen=True)
class Unit:
    """One that is compared. kind: own (this city), part (a district), city or standard · value, low, high: its figure and its 95 %
    interval, None where that cannot be known · numerator, denominator: None without · when: its period in words ·
    stands_out: outside the 99.8 % limits, "above" or "below", "" inside or where there is no funnel · note: what is not alike."""

    name: str
    kind: str
    value: float
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    when: str
    population: float | None = None
    source: str = ""
    note: str = ""
    stands_out: str = ""


@dataclass(frozen=True)
class Limits:
    """The funnel along the denominators. at: array[k], ascending; lower95 … upper998: array[k] in the measure's unit; target: what is
    common to all; wider: allowing for what units vary beyond chance."""

    at: np.ndarray
    lower95: np.ndarray
    upper95: np.ndarray
    lower998: np.ndarray
    upper998: np.ndarray
    target: float
    wider: bool


@dataclass(frozen=True)
class Compared:
    """units: by value, the best first where a direction says so · limits: None where the figures make no funnel · standards:
    lines to hold them against."""

    measure: Definition
    against: str
    units: tuple[Unit, ...]
    standards: tuple[Unit, ...]
    limits: Limits | None
    target: float | None


def compared(read: Session, measure: Definition, by: str = "") -> Compared:
    """The parts of the breakdown `by` over the last year of final periods; with by "" the city beside its benchmarks.

    CityStatError where there is nothing to compare.
    """
    whole = series(read, measure)
    if by:
        units = [u for part in broken_down(read, measure, by) if (u := _of_part(part, whole)) is not None]
        standards = [u for u in _peers(read, measure) if u.kind == STANDARD]
    else:
        peers = _peers(read, measure)
        standards = [u for u in peers if u.kind == STANDARD]
        own = _own(whole)
        units = [*([own] if own else []), *(u for u in peers if u.kind != STANDARD)]
    if len(units) < 2:
        raise CityStatError(
            tr("There is nothing to compare with"),
            do=tr("Add figures of other cities or a standard") if not by else tr("Choose another breakdown"),
        )
    found = _funnel(measure, units)
    if found is not None:
        units = [_placed(u, found, i) for i, u in enumerate(units)]
    better = {"higher": -1, "lower": 1}.get(measure.direction, -1)
    last = whole.last_final
    step = whole.target_at(whole.periods[last]) if last is not None else None
    return Compared(
        measure, by, tuple(sorted(units, key=lambda u: better * u.value)), tuple(standards),
        _along(measure, units, found) if found is not None else None, step.value if step else None,
    )  # fmt: skip


def _of_part(part: Series, whole: Series) -> Unit | None:
    """A district over the last year of periods that are final for the whole."""
    span = _last_year(whole)
    return _unit(part.category, PART, part, span)


def _own(whole: Series) -> Unit | None:
    return _unit(tr("This city"), OWN, whole, _last_year(whole))


def _last_year(whole: Series) -> list[date]:
    last = whole.last_final
    if last is None:
        return []
    n, m = periods.PER_YEAR[whole.measure.frequency], whole.measure
    return [periods.move(whole.periods[last], m.frequency, i + 1 - n) for i in range(n)]


def _unit(name: str, kind: str, of: Series, span: Sequence[date]) -> Unit | None:
    """A ratio of its sums, else the mean of its periods; None without a figure."""
    m, place = of.measure, {p: i for i, p in enumerate(of.periods)}
    rows = [place[p] for p in span if p in place and np.isfinite(of.values[place[p]])]
    if not rows:
        return None
    when = (
        f"{m.label(of.periods[rows[0]])} – {m.label(of.periods[rows[-1]])}"
        if len(rows) > 1
        else m.label(of.periods[rows[0]])
    )
    top, bottom = float(np.sum(of.numerator[rows])), float(np.sum(of.denominator[rows]))
    if m.aggregation == "ratio" and np.isfinite(top) and bottom > 0:
        return Unit(name, kind, m.multiplier * top / bottom, *_interval(m, top, bottom), top, bottom, when)
    return Unit(name, kind, float(np.mean(of.values[rows])), None, None, None, None, when)


def _interval(m: Definition, top: float, bottom: float) -> tuple[float | None, float | None]:
    """The 95 % interval of a share or a rate, in the measure's unit."""
    kind = counts(m.unit, m.aggregation, m.multiplier)
    if kind == "share" and 0 <= top <= bottom:
        share, z = top / bottom, Z * Z
        middle, reach = share + z / (2 * bottom), Z * np.sqrt(share * (1 - share) / bottom + z / (4 * bottom**2))
        return tuple(float(m.multiplier * (middle + s * reach) / (1 + z / bottom)) for s in (-1, 1))  # type: ignore[return-value]
    if kind == "rate" and top >= 0:
        low = top * (1 - 1 / (9 * top) - Z / (3 * np.sqrt(top))) ** 3 if top else 0.0
        up = top + 1
        high = up * (1 - 1 / (9 * up) + Z / (3 * np.sqrt(up))) ** 3
        return float(m.multiplier * max(low, 0) / bottom), float(m.multiplier * high / bottom)
    return None, None


def _peers(read: Session, measure: Definition) -> list[Unit]:
    """The newest figure of each peer."""
    query = (
        select(Peer, Benchmark).join(Benchmark, Benchmark.peer_id == Peer.id)
        .where(Benchmark.measure_id == measure.id).order_by(Peer.name, Benchmark.period)
    )  # fmt: skip
    newest = {peer.id: (peer, figure) for peer, figure in read.execute(query)}
    found = []
    for peer, b in newest.values():
        both = b.numerator is not None and b.denominator is not None and b.denominator > 0
        low, high = _interval(measure, float(b.numerator), float(b.denominator)) if both else (None, None)  # type: ignore[arg-type]
        note = " · ".join(filter(None, (b.note, peer.note)))
        found.append(
            Unit(
                peer.name, peer.kind, b.value, low, high, b.numerator, b.denominator, periods.label(b.period, "year", measure.year_start),
                peer.population, b.source, note,
            )
        )  # fmt: skip
    return found


def _funnel(measure: Definition, units: Sequence[Unit]) -> Funnel | None:
    """The funnel of units that all have counts; None where they have none, or are too few."""
    kind = counts(measure.unit, measure.aggregation, measure.multiplier)
    if (
        kind not in ("share", "rate")
        or len(units) < LEAST
        or any(u.denominator is None or u.numerator is None for u in units)
    ):
        return None
    top, bottom = (np.array([getattr(u, n) for u in units], float) for n in ("numerator", "denominator"))
    if kind == "share":
        return funnel(top, bottom, kind="proportion") if (top <= bottom).all() else None
    return funnel(top, bottom * top.sum() / bottom.sum(), kind="ratio") if top.sum() > 0 else None


def _scale(measure: Definition, units: Sequence[Unit]) -> float:
    """From the funnel's ratio to the measure's unit."""
    if counts(measure.unit, measure.aggregation, measure.multiplier) == "share":
        return measure.multiplier
    return measure.multiplier * sum(u.numerator or 0 for u in units) / sum(u.denominator or 0 for u in units)


def _placed(unit: Unit, found: Funnel, i: int) -> Unit:
    out = found.outside_998_adjusted if found.phi is not None else found.outside_998
    side = "above" if found.ratio[i] > found.target else "below"
    return replace(unit, stands_out=side if out[i] else "")


def _along(measure: Definition, units: Sequence[Unit], found: Funnel) -> Limits:
    """Smooth limits over the range of the denominators."""
    bottom = np.array([u.denominator for u in units], float)
    wider, scale = bool(found.tau2), _scale(measure, units)
    order = np.argsort(bottom)
    end = "_adjusted" if wider else ""
    sides = {n: getattr(found, n + end)[order] * scale for n in ("lower95", "upper95", "lower998", "upper998")}
    return Limits(bottom[order], **sides, target=found.target * scale, wider=wider)


## In words


def sentence(found: Compared) -> str:
    """What stands out, or that nothing does."""
    out = [u for u in found.units if u.stands_out]
    if found.limits is None:
        best, last = found.units[0], found.units[-1]
        return tr(
            "From {high} ({first}) to {low} ({last}); nothing says how much of that is chance",
            high=_said(found, best.value), first=best.name, low=_said(found, last.value), last=last.name,
        )  # fmt: skip
    if not out:
        if found.limits.wider:
            return tr("None of the {n} stands out from how far they all lie apart", n=len(found.units))
        return tr("None of the {n} stands out: their differences are as large as chance makes them", n=len(found.units))
    names = ", ".join(u.name for u in out[:3])
    return plural(len(out), "{names} stands out from the others", "{names} stand out from the others", names=names)


def notes(found: Compared) -> list[str]:
    """How it is compared, and what is not alike."""
    said = []
    if found.limits is not None:
        said.append(
            tr("Limits of 95 and 99.8 % widen where there is less to count")
            + (tr(", and allow for what all vary beyond chance") if found.limits.wider else "")
        )
    elif any(u.low is None for u in found.units):
        said.append(tr("Without numerators and denominators nothing says how sure a figure is"))
    if found.measure.aggregation in ("sum", "count"):
        said.append(tr("These are totals: where more people live there is more of everything; a rate would compare"))
    if len({u.when for u in found.units}) > 1:
        said.append(tr("The figures are of different times"))
    said += [f"{u.name}: {u.note}" for u in (*found.units, *found.standards) if u.note]
    return [f"{words}." for words in said]


def _said(found: Compared, value: float) -> str:
    return quantity(value, found.measure.unit, found.measure.decimals)


def interval_words(measure: Definition, unit: Unit) -> str:
    """ "85.1 – 88.4 %", "" where it is not known."""
    if unit.low is None or unit.high is None:
        return ""
    return f"{number(unit.low, measure.decimals)} – {quantity(unit.high, measure.unit, measure.decimals)}"
