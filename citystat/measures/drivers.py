"""What drives a measure's change: which part of a breakdown, and for ratios whether rates or the mix of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from citystat import periods
from citystat.analysis.contribution import Contribution, of_ratio, of_total
from citystat.errors import CityStatError
from citystat.measures.series import Definition, Series, broken_down, series
from citystat.numbers import amount, difference, number
from citystat.over_time import Figure, together, way_of
from citystat.texts import plural, tr

ADDED_UP = ("sum", "count")


@dataclass(frozen=True)
class Compare:
    """How many periods are held against how many: the newest n final ones against the n that lie `back` periods earlier."""

    n: int
    back: int

    @property
    def key(self) -> str:
        """For an address or a menu: "1-12"."""
        return f"{self.n}-{self.back}"


@dataclass(frozen=True)
class Driver:
    """One part. before, after: its figure, None where it has none · contribution: what it adds to the change of the whole, in
    the measure's unit · share: of that change, 1 is all of it, None where nothing changed · rate, mix: of a ratio only ·
    against: it moved the other way than the whole · series: the part through time."""

    name: str
    before: float | None
    after: float | None
    contribution: float
    share: float | None
    rate: float | None
    mix: float | None
    against: bool
    series: Series


@dataclass(frozen=True)
class Drivers:
    """The change of a whole and what each part adds to it, the largest first.

    before, after: what is compared, in words ("Feb 2025") · first: the first day of the newest period compared ·
    left_out: parts without figures · zeros: parts that count as 0 in one of the times ·
    reversal: the rates moved against the whole (Simpson's paradox).
    """

    measure: Definition
    by: str
    before_label: str
    after_label: str
    newest: date
    before: float
    after: float
    change: float
    drivers: tuple[Driver, ...]
    rate: float | None
    mix: float | None
    reversal: bool
    left_out: tuple[str, ...]
    zeros: tuple[str, ...]


def comparisons(frequency: str) -> tuple[Compare, ...]:
    """What can be compared, the usual one first: the newest period with the one a year before, a quarter, a year, the one before."""
    year = periods.PER_YEAR[frequency]
    wanted = [Compare(1, year), Compare(max(1, year // 4), year), Compare(year, year), Compare(1, 1)]
    return tuple(dict.fromkeys(c for c in wanted if c.n <= 53))


def drivers(read: Session, measure: Definition, by: str, compare: Compare) -> Drivers:
    """The change of `measure` between two times, and the parts of the breakdown `by` behind it (analysis.contribution).

    Sums come apart into their parts; ratios, and means whose denominators are known, into rate and mix effects (Kitagawa).
    CityStatError where a figure is missing, or the parts do not make the whole.
    """
    whole, parts = series(read, measure), broken_down(read, measure, by)
    after = _newest(whole, compare.n)
    before = [periods.move(p, measure.frequency, -compare.back) for p in after]
    taken = [_Part(p, _figure(p, before), _figure(p, after)) for p in parts]
    adds = measure.aggregation in ADDED_UP and way_of(measure.over_time, measure.aggregation) in ("sum", "mean", "last")
    found, kept, zeros = (_of_sums if adds else _of_rates)(measure, taken)
    by_name = {p.series.category: p for p in kept}
    moved = np.sign(found.change)
    shown = tuple(
        Driver(
            p.name, p.before if by_name[p.name].before else None, p.after if by_name[p.name].after else None, p.contribution, p.share_of_change, p.rate_effect, p.mix_effect,
            bool(moved and np.sign((p.after or 0) - (p.before or 0)) == -moved), by_name[p.name].series,
        )
        for name in found.ranked
        for p in found.parts
        if p.name == name
    )  # fmt: skip
    return Drivers(
        measure, by, _span_label(measure, before), _span_label(measure, after), after[-1], found.before, found.after,
        found.change, shown, found.rate_effect, found.mix_effect, found.reversal,
        tuple(p.category for p in parts if p.category not in by_name), tuple(zeros),
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """A part and its figures of the two times; None where it has none."""

    series: Series
    before: Figure | None
    after: Figure | None


def _newest(whole: Series, n: int) -> list[date]:
    """The newest n periods up to the last final value."""
    last = whole.last_final
    if last is None:
        raise CityStatError(tr("There is nothing to compare yet"), do=tr("Bring figures in first"))
    return [periods.move(whole.periods[last], whole.measure.frequency, i + 1 - n) for i in range(n)]


def _figure(part: Series, span: Sequence[date]) -> Figure | None:
    """The part's figure over some periods by its own rule over time; None where it has none there."""
    m, place = part.measure, {p: i for i, p in enumerate(part.periods)}
    rows = [_at(part, place[p]) if p in place else None for p in span]
    way = way_of(m.over_time, m.aggregation)
    if m.aggregation in ADDED_UP and way == "sum":
        known = [f.value for f in rows if f is not None and f.value is not None]
        return Figure(sum(known)) if known else None
    figure = together(rows, way, m.multiplier)[0] if len(span) > 1 else rows[0]
    return figure if figure is not None and figure.value is not None else None


def _at(part: Series, i: int) -> Figure:
    return Figure(_plain(part.values[i]), _plain(part.numerator[i]), _plain(part.denominator[i]))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _of_sums(measure: Definition, taken: Sequence[_Part]) -> tuple[Contribution, list[_Part], list[str]]:
    """Parts that add up; one that has figures at one of the times only counts as 0 at the other."""
    kept = [p for p in taken if p.before is not None or p.after is not None]
    _need(kept, measure)
    columns = [p.before for p in kept], [p.after for p in kept]
    for column, words in zip(
        columns, (tr("There is nothing to compare with"), tr("There are no figures yet")), strict=True
    ):
        if all(f is None for f in column):
            raise CityStatError(words, do=tr("Compare other periods"))
    sides = [[0.0 if f is None or f.value is None else f.value for f in column] for column in columns]
    found = of_total([p.series.category for p in kept], sides[0], sides[1])
    return found, kept, [p.series.category for p in kept if p.before is None or p.after is None]


def _of_rates(measure: Definition, taken: Sequence[_Part]) -> tuple[Contribution, list[_Part], list[str]]:
    """Ratios, or means whose denominators are known: rate and mix."""
    kept = [p for p in taken if _counted(p.before) or _counted(p.after)]
    _need(kept, measure)
    ratio = measure.aggregation == "ratio"
    scale = measure.multiplier if ratio else 1.0
    sides = [[_count(f, ratio) for f in column] for column in ([p.before for p in kept], [p.after for p in kept])]
    (top_before, bottom_before), (top_after, bottom_after) = (tuple(zip(*side, strict=True)) for side in sides)
    names = [p.series.category for p in kept]
    found = of_ratio(names, top_before, bottom_before, top_after, bottom_after, scale)
    return found, kept, [p.series.category for p in kept if not (_counted(p.before) and _counted(p.after))]


def _counted(figure: Figure | None) -> bool:
    return figure is not None and figure.denominator is not None


def _count(figure: Figure | None, ratio: bool) -> tuple[float, float]:
    """Numerator and denominator; of a mean its sum, and how many it is of."""
    if figure is None or figure.denominator is None:
        return 0.0, 0.0
    top = figure.numerator if ratio and figure.numerator is not None else (figure.value or 0.0) * figure.denominator
    return float(top), float(figure.denominator)


def _need(kept: Sequence[_Part], measure: Definition) -> None:
    if not kept:
        raise CityStatError(
            tr("The parts of {name} cannot be added up: their denominators are not known", name=measure.name)
            if measure.aggregation not in ADDED_UP
            else tr("No part has a figure in the periods compared"),
            do=tr("Bring numerators and denominators in, or compare other periods"),
        )


def _span_label(measure: Definition, span: Sequence[date]) -> str:
    if len(span) == 1:
        return measure.label(span[0])
    return f"{measure.label(span[0])} – {measure.label(span[-1])}"


## In words


def headline(found: Drivers) -> str:
    """ "Down 126 on Feb 2025: Ward 3 makes up 60 % of it"."""
    m = found.measure
    if not found.change or not found.drivers:
        return tr("No change on {before}", before=found.before_label)
    size = amount(abs(found.change), m.unit, m.decimals)
    way = tr("Up {size} on {before}") if found.change > 0 else tr("Down {size} on {before}")
    first = way.format(size=size, before=found.before_label)
    top = found.drivers[0]
    if found.reversal:
        return tr("{first}, though the rates of the parts moved the other way: only their mix did it", first=first)
    if top.share is None or len(found.drivers) == 1:
        return first
    if top.share < 0:
        return tr("{first}; {name} moved most, the other way", first=first, name=top.name)
    if top.share > 1:
        return tr("{first}: {name} moved by more than that, others the other way", first=first, name=top.name)
    return tr("{first}: {name} makes up {share} of it", first=first, name=top.name, share=percent(top.share))  # fmt: skip


def percent(share: float) -> str:
    """A share of the change: 0.6 is "60 %"."""
    return f"{number(share * 100)} %"


def remarks(found: Drivers, signal: str = "") -> list[str]:
    """What else has to be known: chance, rate and mix, reversal, parts against the whole, parts without figures.

    signal: what the chart of the whole says of it (a Standing's).
    """
    m, said = found.measure, []
    if signal == "common" and found.change:
        said.append(tr("The chart of the whole shows no sign of change: a difference like this comes by chance, too"))
    if found.rate is not None and found.mix is not None:
        said.append(
            tr(
                "Of the change, the parts' own rates make {rate}, and the mix of the parts {mix}",
                rate=difference(found.rate, m.unit, m.decimals), mix=difference(found.mix, m.unit, m.decimals),
            )
        )  # fmt: skip
    if found.reversal:
        said.append(tr("◆ The rates moved against the whole (Simpson's paradox): judge the parts, not the whole"))
    against = [d.name for d in found.drivers if d.against]
    if against:
        said.append(
            plural(len(against), "{n} part moved against the whole: {names}", "{n} parts moved against the whole: {names}", names=_names(against))
        )  # fmt: skip
    if found.zeros:
        said.append(
            tr("Without a figure at one of the times, counted as nothing there: {names}", names=_names(found.zeros))
        )
    if found.left_out:
        said.append(tr("Left out, without figures: {names}", names=_names(found.left_out)))
    return [f"{words}." for words in said]


def _names(names: Sequence[str]) -> str:
    some = ", ".join(names[:3])
    return some if len(names) <= 3 else tr("{some} and {n} more", some=some, n=len(names) - 3)
