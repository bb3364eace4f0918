"""Two to six measures below each other on one time axis, each with its own unit, limits and target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.charts.panels import below_each_other, stretched
from citystat.errors import CityStatError
from citystat.measures.looks import ALL
from citystat.measures.picture import CLOSE, NO_VIEW, SHOWN, Showing, charts_of
from citystat.measures.series import Definition, all_series
from citystat.numbers import in_words
from citystat.texts import plural, tr

LEAST, MOST = 2, 6
NEST = ("month", "quarter", "half-year", "year")  # each of these fills the next; days and weeks fill none of them


def together(read: Session, measures: Sequence[Definition], *, as_of: date, view: Mapping[str, str] = NO_VIEW) -> Chart:
    """The charts of `measures`, in this order. view: {"since": "all"}, or "12"; without it the usual number of periods.

    CityStatError for fewer than two or more than six, for periods that do not fit into each other (weeks and months, or years
    that begin in different months), or where none has a figure.
    """
    _fits(measures)
    known = [s for s in all_series(read, list(measures)) if s.periods]
    if not known:
        raise CityStatError(tr("None of these measures has figures yet"), do=tr("Bring figures in first"))
    finest, coarsest = (end(measures, key=lambda m: periods.FREQUENCIES.index(m.frequency)) for end in (min, max))
    last = max(periods.end_of(s.periods[-1], s.measure.frequency) for s in known)
    first = _first(min(s.periods[0] for s in known), last, finest, view)
    first = periods.start_of(first, coarsest.frequency, coarsest.year_start)
    newest = periods.start_of(last, coarsest.frequency, coarsest.year_start)
    drawn = charts_of(read, [Showing(m, as_of, {"since": first.isoformat()}) for m in measures])
    until = periods.end_of(newest, coarsest.frequency)
    charts = [_over(chart, m, first, until) for chart, m in zip(drawn, measures, strict=True)]
    return below_each_other(
        charts, _headline(charts), tr("That they move together does not say that one moves the other.")
    )


def _fits(measures: Sequence[Definition]) -> None:
    if len(measures) < LEAST:
        raise CityStatError(tr("One measure alone stands beside nothing"), do=tr("Add another: up to six have room"))
    if len(measures) > MOST:
        raise CityStatError(tr("Six measures are as many as a picture holds"), do=tr("Take one away first"))
    frequencies = {m.frequency for m in measures}
    if len(frequencies) > 1 and not frequencies <= set(NEST):
        raise CityStatError(
            tr("Weeks and days do not fill months: these measures have no common time axis"),
            do=tr("Choose measures whose periods fit into each other"),
        )
    if frequencies - {"day", "week", "month"} and len({m.year_start for m in measures if m.frequency != "month"}) > 1:
        raise CityStatError(
            tr("Their years begin in different months: these measures have no common time axis"),
            do=tr("Choose measures whose years begin alike"),
        )


def _first(earliest: date, last: date, finest: Definition, view: Mapping[str, str]) -> date:
    """The first day that is shown."""
    since = view.get("since", "")
    if since == ALL:
        return earliest
    n = int(since) if since.isdecimal() else SHOWN[finest.frequency]
    newest = periods.start_of(last, finest.frequency, finest.year_start)
    return max(earliest, periods.move(newest, finest.frequency, 1 - n))


def next_zoom(view: Mapping[str, str]) -> dict[str, str]:
    """The usual periods → the last twelve → all → the usual."""
    order = ["", str(CLOSE), ALL]
    since = order[(order.index(view.get("since", "")) + 1) % len(order)]
    return {"since": since} if since else {}


def _over(chart: Chart, m: Definition, first: date, end: date) -> Chart:
    """The chart over exactly the periods from `first` to `end`."""
    begin = periods.start_of(first, m.frequency, m.year_start)
    starts = tuple(periods.run(begin, periods.start_of(end, m.frequency, m.year_start), m.frequency))
    if not chart.starts or chart.starts[-1] < begin:  # nothing of it lies in the time that is shown
        chart = replace(
            chart,
            lines=tuple(replace(line, values=line.values[:0], marks=(), breaks=(), doubts=()) for line in chart.lines),
            bands=(),
            targets=(),
            flags=(),
            starts=(),
        )
        return stretched(chart, len(starts), 0, starts=starts, frequency=m.frequency, year_start=m.year_start)
    before = max(periods.between(begin, chart.starts[0], m.frequency), 0)
    after = len(starts) - before - len(chart.starts)
    return stretched(chart, before, after, starts=starts, frequency=m.frequency, year_start=m.year_start)


def _headline(charts: Sequence[Chart]) -> str:
    """ "Of three measures one is improving, two show no sign of change"."""
    n = Counter(chart.standing if chart.bands else "few" for chart in charts)
    said = [
        (n["improvement"], plural(n["improvement"], "{count} is improving", "{count} are improving", count=in_words(n["improvement"]))),
        (n["concern"], plural(n["concern"], "{count} is getting worse", "{count} are getting worse", count=in_words(n["concern"]))),
        (n["neither"], plural(n["neither"], "{count} has changed", "{count} have changed", count=in_words(n["neither"]))),
        (n["common"], plural(n["common"], "{count} shows no sign of change", "{count} show no sign of change", count=in_words(n["common"]))),
        (n["few"], plural(n["few"], "{count} has too few points to judge", "{count} have too few points to judge", count=in_words(n["few"]))),
    ]  # fmt: skip
    return tr(
        "Of {all} measures {list}", all=in_words(len(charts)), list=", ".join(words for count, words in said if count)
    )
