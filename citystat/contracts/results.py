"""Each month of a contract against its standards: met, missed, or without a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from citystat import periods
from citystat.contracts.register import ContractRow, StandardRow, standards
from citystat.measures.series import Definition, Series, all_series, definitions
from citystat.measures.target import TargetStep
from citystat.numbers import brief, quantity
from citystat.texts import tr

YEAR = 12  # months that a scorecard looks back
FINEST = 3  # more decimals at most, where rounding would hide on which side of a standard a value lies


@dataclass(frozen=True)
class Result:
    """A period against its standard. month: the one in which the period ends; value: nan where there is none;

    outcome: met, missed or none · preliminary: the figure may still change.
    """

    month: date
    period: date
    value: float
    outcome: str
    preliminary: bool = False


@dataclass(frozen=True)
class Tally:
    """How many periods met and missed a standard, and how many came without a figure."""

    met: int = 0
    missed: int = 0
    without: int = 0

    @property
    def judged(self) -> int:
        """Periods with a figure."""
        return self.met + self.missed

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.met + other.met, self.missed + other.missed, self.without + other.without)


@dataclass(frozen=True)
class Tracked:
    """A standard, its measure, and each period of the term; series: the measure with the standard as its target.

    results: by month, up to the newest figure · first, last: months of the term (last None: it renews by itself).
    """

    standard: StandardRow
    measure: Definition
    series: Series
    results: dict[date, Result]
    first: date
    last: date | None

    def in_month(self, month: date) -> Result | None:
        """The period that ends in `month`; None where none does: outside the term, in the middle of a quarter."""
        return self.results.get(month) or self._without(month)

    def over(self, month: date, months: int = YEAR) -> list[Result | None]:
        """The `months` months up to `month`, oldest first."""
        return [self.in_month(periods.add_months(month, i)) for i in range(1 - months, 1)]

    def tally(self, month: date, months: int = YEAR) -> Tally:
        """The periods that end in the `months` months up to `month`."""
        return counted([r for r in self.over(month, months) if r is not None])

    def _without(self, month: date) -> Result | None:
        """A period of the term that ends in `month` and has no figure."""
        frequency, known = self.measure.frequency, self.series.periods
        anchor = known[0] if known else periods.start_of(month, frequency, self.measure.year_start)
        period = periods.move(anchor, frequency, periods.between(anchor, month, frequency))
        ends = _last_month(period, frequency) == month
        inside = self.first <= period and (self.last is None or month <= self.last)
        return Result(month, period, math.nan, "none") if ends and inside else None

    def words(self, value: float) -> str:
        """A value with its unit, to as many decimals as show on which side of the standard it lies."""
        m = self.measure
        return quantity(value, m.unit, _decimals(value, self.standard, m.decimals))

    @property
    def standard_words(self) -> str:
        """ "at least 95 %"."""
        value = brief(self.standard.value, self.measure.unit, max(self.measure.decimals, 2))
        return (
            tr("at least {value}", value=value)
            if self.standard.sense == "at least"
            else tr("at most {value}", value=value)
        )


def outcome(value: float, sense: str, standard: float) -> str:
    """met, missed, or none for nan."""
    if math.isnan(value):
        return "none"
    return "met" if (value >= standard if sense == "at least" else value <= standard) else "missed"


def outcome_words(found: Result | None) -> str:
    """ "met", "missed, preliminary", "no figure", "not judged this month"."""
    if found is None:
        return tr("not judged this month")
    said = {"met": tr("met"), "missed": tr("missed"), "none": tr("no figure")}[found.outcome]
    return tr("{outcome}, preliminary", outcome=said) if found.preliminary and found.outcome != "none" else said


def tally_words(tally: Tally, frequency: str = "month") -> str:
    """ "10 of 12 months met", and how many figures are missing."""
    n, met = tally.judged, tally.met
    said = {
        "month": lambda: tr("{met} of {n} months met", met=met, n=n),
        "quarter": lambda: tr("{met} of {n} quarters met", met=met, n=n),
        "half-year": lambda: tr("{met} of {n} half-years met", met=met, n=n),
        "year": lambda: tr("{met} of {n} years met", met=met, n=n),
    }[frequency]() if n else tr("no figure yet")  # fmt: skip
    return f"{said}, {tr('{n} without a figure', n=tally.without)}" if tally.without and n else said


def counted(results: Sequence[Result]) -> Tally:
    """The tally of some results."""
    found = [r.outcome for r in results]
    return Tally(found.count("met"), found.count("missed"), found.count("none"))


def tracked(read: Session, contracts: Sequence[ContractRow]) -> dict[int, list[Tracked]]:
    """By contract, its standards with their results: a few queries for all of them."""
    rows = standards(read, [c.id for c in contracts])
    wanted = {r.measure_id for r in rows}
    measures = {m.id: m for m in definitions(read, retired=True) if m.id in wanted}
    series = dict(zip(measures, all_series(read, list(measures.values())), strict=True))
    by_id = {c.id: c for c in contracts}
    found: dict[int, list[Tracked]] = {c.id: [] for c in contracts}
    for row in rows:
        found[row.contract_id].append(_tracked(row, by_id[row.contract_id], series[row.measure_id]))
    return found


def latest_month(contract: ContractRow, rows: Sequence[Tracked], today: date) -> date:
    """The newest month with a figure; before there is any, the last whole one."""
    known = [r.month for t in rows for r in t.results.values() if r.outcome != "none"]
    return max(known) if known else whole_month(contract, today)


def whole_month(contract: ContractRow, today: date) -> date:
    """The last month of the term that is over on `today`; its first one at least."""
    before = periods.add_months(today.replace(day=1), -1)
    return max(contract.first_month, before if contract.renews else min(before, contract.ends.replace(day=1)))


def all_in(rows: Sequence[Tracked], month: date) -> Tally:
    """All standards of a contract in one month; those that are not judged in it do not count."""
    return counted([r for t in rows if (r := t.in_month(month)) is not None])


def until(series: Series, month: date) -> Series:
    """The series up to the period that ends in `month`."""
    frequency = series.measure.frequency
    n = sum(1 for p in series.periods if _last_month(p, frequency) <= month)
    return replace(
        series, periods=series.periods[:n], values=series.values[:n], numerator=series.numerator[:n],
        denominator=series.denominator[:n], status=series.status[:n], note=series.note[:n], revision=series.revision[:n],
    )  # fmt: skip


def _tracked(row: StandardRow, contract: ContractRow, series: Series) -> Tracked:
    """The periods of the term from its first month on, up to the last observed one."""
    m = series.measure
    direction = "higher" if row.sense == "at least" else "lower"
    judged_by = replace(
        series, measure=replace(m, direction=direction), targets=(TargetStep(contract.first_month, row.value),)
    )
    first, last = contract.first_month, None if contract.renews else contract.ends.replace(day=1)
    results = {}
    for i, period in enumerate(series.periods):
        month = _last_month(period, m.frequency)
        if first <= period and (last is None or month <= last):
            value, early = float(series.values[i]), series.status[i] == "preliminary"
            results[month] = Result(month, period, value, outcome(value, row.sense, row.value), early)
    return Tracked(row, m, judged_by, results, first, last)


def _last_month(period: date, frequency: str) -> date:
    """First day of the month in which a period ends."""
    return period if frequency == "month" else periods.add_months(period, periods.MONTHS_IN[frequency] - 1)


def _decimals(value: float, standard: StandardRow, decimals: int) -> int:
    """Digits after the point that show the same outcome as the whole value does."""
    truth = outcome(value, standard.sense, standard.value)
    fits = (
        n
        for n in range(decimals, decimals + FINEST)
        if outcome(round(value, n), standard.sense, standard.value) == truth
    )
    return next(fits, decimals + FINEST)
