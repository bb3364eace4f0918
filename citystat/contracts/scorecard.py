"""The scorecard of a contract for a month: each standard, the year behind it, and what is due, held and paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.contracts.pay import Sums, Working, sums, working
from citystat.contracts.register import ContractRow, contract, payments
from citystat.contracts.results import (
    YEAR,
    Result,
    Tally,
    Tracked,
    all_in,
    latest_month,
    outcome_words,
    tally_words,
    tracked,
    until,
    whole_month,
)
from citystat.errors import CityStatError
from citystat.measures.judge import judged
from citystat.measures.picture import chart_of_series
from citystat.numbers import begin_in_words, in_words
from citystat.texts import plural, tr

COARSE = 24  # months that a chart by quarter or coarser shows at least


@dataclass(frozen=True)
class Line:
    """One standard in the month. months: the twelve months up to it, oldest first; chart: the same months."""

    tracked: Tracked
    result: Result | None
    months: tuple[Result | None, ...]
    tally: Tally
    chart: Chart

    @property
    def name(self) -> str:
        """The measure."""
        return self.tracked.measure.name

    @property
    def shown(self) -> Result | None:
        """The month's result; where no period ends in it, the newest of the year."""
        return self.result or next((r for r in reversed(self.months) if r is not None), None)

    @property
    def value(self) -> str:
        """The value shown, an en dash where there is none."""
        return self.tracked.words(self.shown.value) if self.shown else "–"

    @property
    def outcome(self) -> str:
        """met, missed, none, or "" where no period ends in the month."""
        return self.result.outcome if self.result else ""

    @property
    def words(self) -> str:
        """ "missed"; of an earlier period "Q2 FY26: met"."""
        m, shown = self.tracked.measure, self.shown
        if self.result is not None or shown is None:
            return outcome_words(self.result)
        period = periods.label(shown.period, m.frequency, m.year_start)
        return tr("{period}: {outcome}", period=period, outcome=outcome_words(shown))

    @property
    def over_the_year(self) -> str:
        """ "7 of 12 months met"."""
        return tally_words(self.tally, self.tracked.measure.frequency)


@dataclass(frozen=True)
class Scorecard:
    """One month of a contract. workings: the payments of the twelve months up to it, newest first;

    payment: the month's own, None where none was written down · first, last: months that have a scorecard, also such as wait for their figures.
    """

    contract: ContractRow
    month: date
    label: str
    headline: str
    lines: tuple[Line, ...]
    payment: Working | None
    workings: tuple[Working, ...]
    year: Sums
    first: date
    last: date


def scorecard(read: Session, key: int | str, month: date | None = None, *, today: date) -> Scorecard:
    """The scorecard of the contract with this id or number; month: its first day, None for the newest with figures.

    CityStatError for a month outside those that have one.
    """
    found = contract(read, key)
    rows = tracked(read, [found])[found.id]
    newest = latest_month(found, rows, today)
    last = max(newest, whole_month(found, today))
    month = newest if month is None else month.replace(day=1)
    if not found.first_month <= month <= last:
        raise CityStatError(
            tr("{number} has no scorecard for {month}", number=found.number, month=periods.label(month, "month")),
            do=tr(
                "Choose a month from {first} to {last}",
                first=periods.label(found.first_month, "month"), last=periods.label(last, "month"),
            ),
        )  # fmt: skip
    lines = tuple(_line(t, month, today) for t in rows)
    since = periods.add_months(month, 1 - YEAR)
    workings = [working(p, rows) for p in payments(read, [found.id]) if since <= p.period <= month]
    own = next((w for w in workings if w.payment.period == month), None)
    return Scorecard(
        found, month, periods.label(month, "month"), headline(all_in(rows, month), len(rows), month), lines, own,
        tuple(reversed(workings)), sums(workings), found.first_month, last,
    )  # fmt: skip


def headline(tally: Tally, standards: int, month: date) -> str:
    """ "Three of four standards were missed in Feb 2026"."""
    when, n, missed = periods.label(month, "month"), tally.judged, tally.missed
    if not standards:
        return tr("No standard has been set for this contract")
    if not n:
        return tr("No figure has come for {month}", month=when)
    if missed in (0, n):
        met = {
            1: lambda: tr("The one standard judged in {month} was met", month=when),
            2: lambda: tr("Both standards were met in {month}", month=when),
        }
        none = {
            1: lambda: tr("The one standard judged in {month} was missed", month=when),
            2: lambda: tr("Both standards were missed in {month}", month=when),
        }
        many = (
            tr("All {count} standards were missed in {month}", count=in_words(n), month=when) if missed
            else tr("All {count} standards were met in {month}", count=in_words(n), month=when)
        )  # fmt: skip
        return (none if missed else met).get(n, lambda: many)()
    return plural(
        missed, "{count} of {all} standards was missed in {month}", "{count} of {all} standards were missed in {month}",
        count=begin_in_words(missed), all=in_words(n), month=when,
    )  # fmt: skip


def chart_of(t: Tracked, month: date, today: date, months: int = YEAR) -> Chart:
    """The measure over the months up to `month`, with the standard as its target, limits judged on all before."""
    series = until(t.series, month)
    if t.measure.frequency != "month":
        months = max(months, COARSE)
    since = max(t.first, periods.add_months(month, 1 - months))
    chart = chart_of_series(series, judged(series), as_of=today, since=since)
    return replace(chart, target_label=t.standard_words if chart.targets else "")


def _line(t: Tracked, month: date, today: date) -> Line:
    return Line(t, t.in_month(month), tuple(t.over(month)), t.tally(month), chart_of(t, month, today))
