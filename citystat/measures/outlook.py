"""Where a measure is heading: the periods to the end of its year, the chance of its target, and what that would take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.analysis.forecast import (
    LEAST,
    Forecast,
    Rolling,
    complete,
    courses,
    courses_of_all,
    forecast,
    forecast_all,
)
from citystat.charts.chart import Fan
from citystat.charts.headline import PERIOD_WORDS
from citystat.city.observations import Progress
from citystat.errors import CityStatError
from citystat.measures.charting import SEASON_LENGTH
from citystat.measures.known import Known
from citystat.measures.series import Series
from citystat.measures.years import within
from citystat.numbers import quantity
from citystat.over_time import way_of
from citystat.texts import tr

Floats = NDArray[np.float64]
BOUNDS = (0.025, 0.1, 0.9, 0.975)
TOGETHER = 100  # series that are forecast in one step: few steps are quick, short ones can be stopped
MEMORY = 4096  # outlooks that are remembered


@dataclass(frozen=True)
class Spread:
    """What may come: its mean, and the edges of the 80 and 95 % intervals; in the measure's unit."""

    mean: float
    lower95: float
    lower80: float
    upper80: float
    upper95: float


@dataclass(frozen=True)
class Outlook:
    """The periods ahead, to the end of the running year.

    periods: n first days · spreads: n of them · ends: first day of what the end is: of the year (of_year) where the
    measure's periods make a year's figure, else of its last period · end: that figure · target, upper: what is wanted of it, None without ·
    chance: 0 to 1 that it is met, None without a target or a direction · needed: what each period ahead must bring on average for that,
    None where that cannot be said · out_of_reach: no figure that the measure can have would do ·
    model, rolling: how it was forecast, and how far that missed before · used: values that it rests on.
    """

    periods: tuple[date, ...]
    spreads: tuple[Spread, ...]
    ends: date
    of_year: bool
    end: Spread
    target: float | None
    upper: float | None
    chance: float | None
    needed: float | None
    out_of_reach: bool
    model: str
    rolling: Rolling | None
    used: int


def outlook(series: Series) -> Outlook:
    """Forecast to the end of the year that is running, with 80 and 95 % intervals (analysis.forecast).

    Preliminary values have no say, nor what came before the limits began anew or the definition changed. Takes some tenths of a second at first; what was forecast once is known.
    CityStatError where the series is too short or too broken to say.
    """
    key = series.digest
    known = _known.among([key])
    if key in known:
        return known[key]
    asked = _asked(series)
    if not len(asked):
        raise CityStatError(tr("There is nothing to forecast yet"), do=tr("Bring figures in first"))
    year, ahead = _ahead(series)
    found = forecast(asked, len(ahead), season_length=SEASON_LENGTH[series.measure.frequency] or 1)
    told = _told(series, year, ahead, found, courses(asked, found, len(ahead)))
    _known.keep({key: told})
    return told


def outlooks(many: Sequence[Series], progress: Progress | None = None) -> list[Outlook | None]:
    """Of many series, much quicker than one by one; None where nothing can be said. What was forecast once is known.

    progress: told from 0 to 1; Cancelled where it was asked to stop.
    """
    keys = [s.digest for s in many]
    found = _known.among(keys)
    alike: dict[tuple[int, int, int], list[tuple[bytes, Series]]] = {}
    for key, series in zip(keys, many, strict=True):
        y = _forecastable(series)
        if key not in found and y is not None:
            season = SEASON_LENGTH[series.measure.frequency] or 1
            alike.setdefault((len(y), len(_ahead(series)[1]), season), []).append((key, series))
    batches = [(kind, rows[at : at + TOGETHER]) for kind, rows in alike.items() for at in range(0, len(rows), TOGETHER)]
    for n, ((_, horizon, season), some) in enumerate(batches):
        if progress is not None:
            progress.report(n / len(batches), tr("Forecasting what has a target"))
        table = np.stack([complete(_asked(series)) for _, series in some])
        forecasts = forecast_all(table, horizon, season_length=season)
        for row, drawn in courses_of_all(table, forecasts, horizon):
            key, series = some[row]
            found[key] = _told(series, *_ahead(series), forecasts[row], drawn)
        _known.keep({key: found[key] for key, _ in some})
    return [found.get(key) for key in keys]


_known = Known[Outlook](MEMORY)


def _forecastable(series: Series) -> Floats | None:
    """The values that a forecast rests on; None where they are too few or cannot be judged."""
    asked = _asked(series)
    if not len(asked) or np.isinf(asked).any():
        return None
    y = complete(asked)
    return y if len(y) >= LEAST else None


def _ahead(series: Series) -> tuple[list[date], tuple[date, ...]]:
    """The year that is running, and its periods that are still to come."""
    m = series.measure
    newest = series.periods[series.last_final if series.last_final is not None else -1]
    first = periods.move(newest, m.frequency, 1)
    year = within(periods.start_of(first, "year", m.year_start), m.frequency)
    return year, tuple(p for p in year if p >= first) or (first,)  # a week may begin before the year does


def _told(series: Series, year: list[date], ahead: tuple[date, ...], found: Forecast, drawn: Floats) -> Outlook:
    """What a forecast and its courses come to. drawn: array[draws, len(ahead)]."""
    drawn = _possible(series, drawn)
    end, before = _end(series, year, ahead, drawn)
    of_year = before is not None
    target, upper = _wanted(series, year, ahead, before)
    needed = _needed(series, target, upper, before, len(year)) if target is not None else None
    return Outlook(
        ahead, tuple(_spread(drawn[:, h]) for h in range(len(ahead))), year[0] if of_year else ahead[-1], of_year,
        _spread(end), target, upper,
        _chance(end, target, upper, series.measure.direction), needed,
        needed is not None and not _can_be(series, needed), found.model, found.rolling, found.used,
    )  # fmt: skip


def _asked(series: Series) -> Floats:
    """The final values that a forecast rests on, up to the newest: array[n] float, nan where missing."""
    last = series.last_final
    if last is None:
        return np.array([])
    place = {p: i for i, p in enumerate(series.periods)}
    anew = [place[r.period] for r in series.remarks if r.kind in ("definition", "rebase") and r.period in place]
    start = max((i for i in anew if i <= last), default=0)
    preliminary = np.array([s == "preliminary" for s in series.status], bool)
    return np.where(preliminary, np.nan, series.values)[start : last + 1]


def _possible(series: Series, drawn: Floats) -> Floats:
    """Courses kept where values can lie: never below zero where nothing ever was, no share above 100 %."""
    low, high = _range(series)
    return np.clip(drawn, low, high)


def _range(series: Series) -> tuple[float, float]:
    known = series.values[np.isfinite(series.values)]
    share = series.measure.unit == "percent" and known.max() <= 100
    return (0.0 if known.min() >= 0 else -np.inf), (100.0 if share else np.inf)


@dataclass(frozen=True)
class _Before:
    """What the year has brought: values × weights add up to `brought`; weight of each period ahead and of every one; weight of all."""

    brought: float
    ahead: Floats
    every: Floats
    whole: float


def _end(series: Series, year: list[date], ahead: tuple[date, ...], drawn: Floats) -> tuple[Floats, _Before | None]:
    """The courses of the end, and how the year is made up; None where periods do not make one."""
    m = series.measure
    way = way_of(m.over_time, m.aggregation)
    known = {p: i for i, p in enumerate(series.periods) if np.isfinite(series.values[i]) and p < ahead[0]}
    so_far = [p for p in year if p < ahead[0]]
    weights = _weights(series, way, so_far, ahead, known)
    if way in ("last", "none") or m.frequency == "year" or weights is None:
        return drawn[:, -1], None
    past, coming = weights
    brought = float(sum(series.values[known[p]] * w for p, w in zip(so_far, past, strict=True)))
    whole = 1.0 if way == "sum" else float(past.sum() + coming.sum())
    return (brought + drawn @ coming) / whole, _Before(brought, coming, np.concatenate([past, coming]), whole)


def _weights(
    series: Series, way: str, so_far: list[date], ahead: tuple[date, ...], known: dict[date, int]
) -> tuple[Floats, Floats] | None:
    """How much each period counts in its year: 1, or its denominator (ahead: that of a year before); None where unknown."""
    if any(p not in known for p in so_far):
        return None
    if way in ("sum", "mean"):
        return np.ones(len(so_far)), np.ones(len(ahead))
    if np.isnan(series.denominator).all():
        return None
    past = np.array([series.denominator[known[p]] for p in so_far], float)
    frequency = series.measure.frequency
    earlier = [known.get(periods.move(p, frequency, -periods.PER_YEAR[frequency])) for p in ahead]
    counted = series.denominator[~np.isnan(series.denominator)]
    usual = float(counted[-periods.PER_YEAR[frequency] :].mean())
    coming = np.array([usual if i is None else series.denominator[i] for i in earlier], float)
    coming = np.where(np.isnan(coming), usual, coming)
    good = not np.isnan(past).any() and not np.isnan(coming).any() and past.sum() + coming.sum() > 0
    return (past, coming) if good else None


def _wanted(
    series: Series, year: list[date], ahead: tuple[date, ...], before: _Before | None
) -> tuple[float | None, float | None]:
    """What is wanted of the end: of a year what is wanted of its periods, each counting as it does in the year's figure."""
    steps = [series.target_at(p) for p in (ahead[-1:] if before is None else year)]
    known = [s for s in steps if s is not None]
    if not known or len(known) < len(steps):
        return None, None
    weights, whole = (np.ones(1), 1.0) if before is None else (before.every, before.whole)
    value = float(weights @ np.array([s.value for s in known])) / whole
    uppers = [s.upper for s in known]
    return value, None if any(u is None for u in uppers) else float(weights @ np.array(uppers, float)) / whole


def _chance(end: Floats, target: float | None, upper: float | None, direction: str) -> float | None:
    if target is None:
        return None
    if upper is not None:
        return float(((end >= target) & (end <= upper)).mean())
    met = {"higher": end >= target, "lower": end <= target}.get(direction)
    return None if met is None else float(met.mean())


def _needed(series: Series, target: float, upper: float | None, before: _Before | None, n: int) -> float | None:
    """What each period ahead must bring on average so that the year meets its target; None where there is no such figure."""
    if before is None or upper is not None or series.measure.direction not in ("higher", "lower"):
        return None
    return float((target * before.whole - before.brought) / before.ahead.sum())


def _can_be(series: Series, needed: float) -> bool:
    low, high = _range(series)
    return low <= needed <= high


def _spread(drawn: Floats) -> Spread:
    low95, low80, high80, high95 = (float(q) for q in np.quantile(drawn, BOUNDS))
    return Spread(float(drawn.mean()), low95, low80, high80, high95)


def fan(series: Series, found: Outlook, start: int) -> Fan:
    """The outlook as a chart's fan; start: index of the first period ahead."""
    m, last = series.measure, found.spreads[-1]
    side = {name: np.array([getattr(s, name) for s in found.spreads], float) for name in Spread.__dataclass_fields__}
    return Fan(
        x=start + np.arange(len(found.periods), dtype=float),
        **side,
        last=quantity(last.mean, m.unit, m.decimals),
        period=m.label(found.periods[-1]),
    )


## In words


def end_words(series: Series, found: Outlook) -> str:
    """What the end is called: "FY26", "Dec 2026"."""
    m = series.measure
    return periods.label(found.ends, "year" if found.of_year else m.frequency, m.year_start)


def brief_words(series: Series, found: Outlook) -> str:
    """ "FY26 is heading for 91.4 %; the chance of 92 % is 23 %": what a line has room for."""
    m = series.measure
    heading = tr(
        "{when} is heading for {mean}", when=end_words(series, found), mean=quantity(found.end.mean, m.unit, m.decimals)
    )
    if found.target is None or found.chance is None:
        return heading
    wanted = [found.target] if found.upper is None else [found.target, found.upper]
    target = " – ".join(quantity(v, m.unit, m.decimals) for v in wanted)
    return tr(
        "{heading}; the chance of {target} is {chance}",
        heading=heading,
        target=target,
        chance=chance_words(found.chance),
    )


def words(series: Series, found: Outlook) -> tuple[str, ...]:
    """Sentences: where it ends, the chance of its target, what that takes, and how the forecast did before."""
    m = series.measure

    def said(value: float) -> str:
        return quantity(value, m.unit, m.decimals)

    end = found.end
    first = tr(
        "{when} is heading for {mean}: between {low} and {high} with 80 % certainty, {low95} and {high95} with 95 %",
        when=end_words(series, found), mean=said(end.mean), low=said(end.lower80), high=said(end.upper80), low95=said(end.lower95),
        high95=said(end.upper95),
    )  # fmt: skip
    return tuple(f"{s}." for s in (first, *_target_words(series, found, said), _model_words(found, said)))


def _target_words(series: Series, found: Outlook, said: Callable[[float], str]) -> list[str]:
    if found.target is None:
        return []
    target = said(found.target) if found.upper is None else f"{said(found.target)} – {said(found.upper)}"
    if found.chance is None:
        return [tr("No direction is set, so a target of {target} is neither met nor missed", target=target)]
    chance = chance_words(found.chance)
    out = [tr("The chance of meeting the target of {target} is {chance}", target=target, chance=chance)]
    if found.needed is None:
        return out
    one = tr(PERIOD_WORDS[series.measure.frequency][0])
    if found.out_of_reach:
        met = found.chance > 0.5
        return (
            [*out, tr("Nothing that can still come changes that")]
            if met
            else [*out, tr("It cannot be reached any more")]
        )
    more = series.measure.direction == "higher"
    takes = (
        tr("From now on it takes {value} a {period} or more")
        if more
        else tr("From now on it takes {value} a {period} or less")
    )
    return [*out, takes.format(value=said(found.needed), period=one)]


def chance_words(chance: float) -> str:
    """ "23 %"; never quite none, never quite sure."""
    if chance < 0.01:
        return tr("less than 1 %")
    return tr("more than 99 %") if chance > 0.99 else quantity(100 * chance, "percent")


def _model_words(found: Outlook, said: Callable[[float], str]) -> str:
    model = {
        "naive": tr("the last value again"), "seasonal-naive": tr("the last year again"),
    }.get(found.model, tr("exponential smoothing"))  # fmt: skip
    rest = tr("Forecast as {model}, from {n} values", model=model, n=found.used)
    r = found.rolling
    if r is None:
        return rest
    smoothed = found.model.startswith("ets:")
    missed, other = (r.model_rmse, r.benchmark_rmse) if smoothed else (r.benchmark_rmse, r.model_rmse)
    against = tr("the last year again") if r.benchmark == "seasonal-naive" else tr("the last value again")
    return tr(
        "{forecast}; from {n} earlier periods it missed by {missed} typically, {other} by {more}",
        forecast=rest, n=r.origins, missed=said(missed), other=against if smoothed else tr("exponential smoothing"),
        more=said(other),
    )  # fmt: skip
