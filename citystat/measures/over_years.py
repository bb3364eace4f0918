"""A measure's year beside the years before it: period by period, and what has come together so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.charts.axis import place_in_year
from citystat.charts.chart import Chart, Step
from citystat.charts.headline import place_words
from citystat.charts.years import Year, years_together
from citystat.errors import CityStatError
from citystat.measures.described import data_of, subject_of
from citystat.measures.series import Definition, Series
from citystat.measures.years import counts, within
from citystat.numbers import brief, in_words, quantity
from citystat.over_time import way_of
from citystat.texts import plural, tr

Floats = NDArray[np.float64]
EARLIER = 5  # years before this one that are drawn


@dataclass(frozen=True)
class _Year:
    """One year of a series by the places of its periods: starts, m first days; values, top, bottom: array[m] float."""

    start: date
    label: str
    starts: tuple[date, ...]
    values: Floats
    top: Floats
    bottom: Floats
    hollow: tuple[int, ...]

    @property
    def last_final(self) -> int | None:
        """The place of its newest value that will stay."""
        known = [int(i) for i in np.flatnonzero(~np.isnan(self.values)) if i not in self.hollow]
        return known[-1] if known else None


## Year over year


def year_over_year(whole: Series, as_of: date | None) -> Chart:
    """Each year a line over its periods. CityStatError for a measure whose periods are years, or without values."""
    years = _years(whole)[: EARLIER + 1]
    length = max(len(y.values) for y in years)
    lines = [Year(y.label, _padded(y.values, length), y.hollow) for y in years]
    return years_together(
        subject_of(whole.measure), data_of(whole, as_of), max((y.starts for y in years), key=len), lines,
        what=tr("year over year"), headline=_beside_earlier(whole, years),
    )  # fmt: skip


def _beside_earlier(whole: Series, years: list[_Year]) -> str:
    """ "93.3 % in Feb 2026, 91.0 % a year earlier; the highest of six years at this time"."""
    m, year, at = whole.measure, years[0], years[0].last_final
    if at is None:
        return tr("{year} has preliminary figures only so far", year=year.label)
    value = float(year.values[at])
    said = tr("{value} in {period}", value=quantity(value, m.unit, m.decimals), period=m.label(year.starts[at]))
    before = {y.start: float(y.values[at]) for y in years[1:] if at < len(y.values) and not np.isnan(y.values[at])}
    if not before:
        return tr("{said}; no year before it has a figure at this time", said=said)
    earlier = periods.move(year.starts[at], m.frequency, -periods.A_YEAR[m.frequency])
    last_year = {p: v for y in years[1:] for p, v in zip(y.starts, y.values.tolist(), strict=True)}.get(earlier, np.nan)
    if not np.isnan(last_year):
        words = quantity(last_year, m.unit, m.decimals)
        said = tr("{value} in {period}, {before} a year earlier", value=quantity(value, m.unit, m.decimals), period=m.label(year.starts[at]), before=words)  # fmt: skip
    if len(before) < 2:
        return said
    if value > max(before.values()):
        return tr("{said}; the highest of {n} years at this time", said=said, n=in_words(len(before) + 1))
    if value < min(before.values()):
        return tr("{said}; the lowest of {n} years at this time", said=said, n=in_words(len(before) + 1))
    low, high = (quantity(end(before.values()), m.unit, m.decimals) for end in (min, max))
    return tr("{said}; {low} to {high} in {n} years before", said=said, low=low, high=high, n=in_words(len(before)))


## Year to date


def year_to_date(whole: Series, as_of: date | None) -> Chart:
    """What the running year has come to, by the measure's own rule over time, with last year's course and the target's.

    CityStatError where there is no yearly figure, or numerators and denominators that it needs are not known.
    """
    m, years = whole.measure, _years(whole)[:2]
    way = way_of(m.over_time, m.aggregation)
    if way == "none":
        raise CityStatError(
            tr("{name} has no year to date: its periods do not add up to a longer one", name=m.name),
            do=tr("Say in its definition how its months become a year, if they do"),
        )
    year, before = years[0], years[1] if len(years) > 1 and years[1].start == _a_year_before(years[0]) else None
    courses = [_course(y, way, m.multiplier) for y in (year, before) if y is not None]
    if np.isnan(courses[0]).all():
        raise CityStatError(_why_not(way), do=tr("Bring in what is missing, or look at the months themselves"))
    length = max(map(len, courses))
    wanted, upper = _target_course(whole, year, way)
    lines = [
        Year(y.label, _padded(c, length), tuple(i for i in y.hollow if not np.isnan(c[i])))
        for y, c in zip((y for y in (year, before) if y is not None), courses, strict=True)
        if not np.isnan(c).all()
    ]
    return years_together(
        subject_of(m), data_of(whole, as_of), max((y.starts for y in years), key=len), lines,
        what=tr("year to date"), headline=_so_far(m, year, courses, (wanted, upper)), from_zero=way == "sum",
        targets=_steps(wanted, upper), target_label=_wanted_words(m, year.label, wanted, upper),
        caveat=_gaps(year, courses[0]),
    )  # fmt: skip


def so_far(way: str, values: Floats, top: Floats, bottom: Floats, multiplier: float) -> Floats:
    """For each period the figure of all periods up to it: array[m] float, nan from the first gap on ("last": none there).

    way: as in citystat.over_time; what comes out for all periods is what `over_time.together` says of them.
    """
    if way == "last":
        return values
    if way == "ratio":
        return _share(multiplier * np.cumsum(top), np.cumsum(bottom))
    if way == "weighted":
        return _share(np.cumsum(values * bottom), np.cumsum(bottom))
    total: Floats = np.cumsum(values)
    mean: Floats = total / np.arange(1, len(values) + 1)
    return mean if way == "mean" else total


def _share(top: Floats, bottom: Floats) -> Floats:
    found: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=(bottom != 0) & ~np.isnan(bottom))
    return found


def _course(year: _Year, way: str, multiplier: float) -> Floats:
    return so_far(way, year.values, year.top, year.bottom, multiplier)


def _why_not(way: str) -> str:
    if way in ("ratio", "weighted"):
        return tr(
            "Its year to date needs numerator and denominator of every period of the year, and they are not known"
        )
    return tr("Its year to date needs the first period of the year, which is missing")


def _target_course(whole: Series, year: _Year, way: str) -> tuple[Floats, Floats]:
    """The target so far: of a sum the sum of its periods' targets, of a last value the period's own, else their mean, in which each period
    counts as it does in the figure; one whose denominator is not known yet as those before on average."""
    steps = [whole.target_at(p) for p in year.starts]
    value = np.array([np.nan if s is None else s.value for s in steps], float)
    upper = np.array([np.nan if s is None or s.upper is None else s.upper for s in steps], float)
    over = {"sum": "sum", "last": "last", "ratio": "weighted", "weighted": "weighted"}.get(way, "mean")
    known = year.bottom[~np.isnan(year.bottom)]
    counts = np.where(np.isnan(year.bottom), known.mean() if len(known) else 1.0, year.bottom)
    return so_far(over, value, value, counts, 1.0), so_far(over, upper, upper, counts, 1.0)


def _steps(wanted: Floats, upper: Floats) -> tuple[Step, ...]:
    return tuple(
        Step(i - 0.5, i + 0.5, float(v), None if np.isnan(u) else float(u), sloping=True)
        for i, (v, u) in enumerate(zip(wanted, upper, strict=True))
        if not np.isnan(v)
    )


def _wanted_words(m: Definition, year: str, wanted: Floats, upper: Floats) -> str:
    """ "target 1,200 in FY26"."""
    if np.isnan(wanted[-1]):
        return ""
    ends = [brief(float(v), m.unit, m.decimals) for v in (wanted[-1], upper[-1]) if not np.isnan(v)]
    return tr("target {value} in {year}", value=" – ".join(ends), year=year)


def _so_far(m: Definition, year: _Year, courses: list[Floats], target: tuple[Floats, Floats]) -> str:
    """ "Above target so far: 412 in FY26 through Feb 2026, 400 wanted by then; 381 a year earlier"."""
    known = [i for i in np.flatnonzero(~np.isnan(courses[0])) if year.last_final is not None and i <= year.last_final]
    if not known:
        return tr("{year} has preliminary figures only so far", year=year.label)
    at = int(known[-1])
    value = float(courses[0][at])
    said = tr(
        "{value} in {year} through {period}", value=quantity(value, m.unit, m.decimals), year=year.label,
        period=_through(m, year, at),
    )  # fmt: skip
    wanted, upper = (float(c[at]) for c in target)
    if not np.isnan(wanted):
        place = place_words(value, wanted, None if np.isnan(upper) else upper)
        ends = " – ".join(brief(v, m.unit, m.decimals) for v in (wanted, upper) if not np.isnan(v))
        said = tr("{place} so far: {said}, {wanted} wanted by then", place=place, said=said, wanted=ends)
    if len(courses) > 1 and at < len(courses[1]) and not np.isnan(courses[1][at]):
        before = quantity(float(courses[1][at]), m.unit, m.decimals)
        said = tr("{said}; {before} a year earlier", said=said, before=before)
    return said


def _through(m: Definition, year: _Year, at: int) -> str:
    """ "Feb 2026"; a quarter of a year that was just named needs no other name than "Q2"."""
    if m.frequency in ("quarter", "half-year"):
        return place_in_year(year.starts[at], at, m.frequency, m.year_start)
    return m.label(year.starts[at])


def _gaps(year: _Year, course: Floats) -> str:
    """What the course does not hold, in a sentence; "" where nothing lacks."""
    known = np.flatnonzero(~np.isnan(year.values))
    lost = int(np.isnan(course[known]).sum())
    if lost:
        return plural(
            lost, "A figure is missing in {year}, so what came in {n} period after it cannot be added.",
            "A figure is missing in {year}, so what came in {n} periods after it cannot be added.", year=year.label,
        )  # fmt: skip
    return ""


## The years of a series


def _years(whole: Series) -> list[_Year]:
    """Newest first; what was measured by another definition is missing. CityStatError where there is none."""
    m = whole.measure
    if m.frequency == "year":
        raise CityStatError(tr("The periods of {name} are years already", name=m.name), do=tr("Look at its chart"))
    changed = max((r.period for r in whole.remarks if r.kind == "definition"), default=date.min)
    place = {p: i for i, p in enumerate(whole.periods) if p >= changed and counts(whole, i)}
    if not place:
        raise CityStatError(tr("{name} has no figures yet", name=m.name), do=tr("Bring figures in first"))
    starts = sorted({periods.start_of(p, "year", m.year_start) for p in place}, reverse=True)
    return [_year(whole, start, place) for start in starts]


def _year(whole: Series, start: date, place: dict[date, int]) -> _Year:
    m, among = whole.measure, within(start, whole.measure.frequency)
    at = [place.get(p) for p in among]
    values, top, bottom = (
        np.array([np.nan if i is None else column[i] for i in at], float)
        for column in (whole.values, whole.numerator, whole.denominator)
    )
    hollow = tuple(n for n, i in enumerate(at) if i is not None and whole.status[i] == "preliminary")
    return _Year(start, periods.label(start, "year", m.year_start), tuple(among), values, top, bottom, hollow)


def _a_year_before(year: _Year) -> date:
    return periods.add_months(year.start, -12)


def _padded(values: Floats, length: int) -> Floats:
    return np.concatenate([values, np.full(length - len(values), np.nan)])
