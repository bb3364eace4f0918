"""A measure's chart as any place shows it: page, wall, memo, minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from citystat import periods
from citystat.analysis.spc import Judgement
from citystat.charts.chart import Chart
from citystat.charts.describe import Data, describe, drawable
from citystat.charts.panels import small_multiples
from citystat.charts.parts import Part
from citystat.errors import CityStatError
from citystat.measures.described import data_of, subject_of
from citystat.measures.doubts import Doubt, doubts
from citystat.measures.judge import judged
from citystat.measures.looks import ALL, LOOKS, PARTS, SPLIT, TO_DATE, YEARS
from citystat.measures.outlook import fan, outlook, words
from citystat.measures.over_years import year_over_year, year_to_date
from citystat.measures.series import Definition, Series, all_series, broken_down, dimensions
from citystat.measures.split import before_and_after
from citystat.texts import tr

Floats = NDArray[np.float64]
NO_VIEW: Mapping[str, str] = {}
# periods shown unless more are asked for; limits are judged over everything all the same
SHOWN = {"day": 60, "week": 52, "month": 36, "quarter": 24, "half-year": 20, "year": 20}
CLOSE = 12  # periods of the closest look


@dataclass(frozen=True)
class Showing:
    """A chart that is wanted.

    view: {"since": "2025-03-01", "by": "District"}; since may be "all", or a number of newest periods ("12"); without it the usual
    number is shown.
    "part": "Ward 6" names that part of the breakdown whatever its size.
    "compare": "year" draws the same measure a year earlier beside it; "ahead": "year" what is forecast to the end of its year.
    "look": of measures.looks.LOOKS, another kind of chart; "split": the period of before and after.

    run, act: the newest import and the newest act to know of, for a chart as it was shown; None for now.
    """

    measure: Definition
    as_of: date
    view: Mapping[str, str] = field(default_factory=dict)
    run: int | None = None
    act: int | None = None


def chart_of(
    read: Session,
    measure: Definition,
    *,
    as_of: date,
    view: Mapping[str, str] = NO_VIEW,
    run: int | None = None,
    act: int | None = None,
) -> Chart:
    """The chart of `measure`; the rest as in Showing."""
    return charts_of(read, [Showing(measure, as_of, view, run, act)])[0]


def charts_of(read: Session, wanted: Sequence[Showing]) -> list[Chart]:
    """Many charts: those that know the same are read together; only a breakdown asks for itself."""
    together: dict[tuple[int | None, int | None], dict[int, Definition]] = {}
    for one in wanted:
        together.setdefault((one.run, one.act), {})[one.measure.id] = one.measure
    found = {
        (run, act, whole.measure.id): whole
        for (run, act), measures in together.items()
        for whole in all_series(read, list(measures.values()), as_of=run, act=act)
    }
    doubted: dict[tuple[int | None, int | None, int], list[Doubt]] = {}
    for (run, act), measures in together.items():
        for doubt in doubts(read, list(measures), as_of=run, act=act):
            doubted.setdefault((run, act, doubt.measure_id), []).append(doubt)
    keys = [(one.run, one.act, one.measure.id) for one in wanted]
    return [_shown(read, one, found[key], doubted.get(key, [])) for one, key in zip(wanted, keys, strict=True)]


def _shown(read: Session, one: Showing, whole: Series, doubted: list[Doubt]) -> Chart:
    """A look that the figures do not bear gives way to the chart of signals, which says why."""
    try:
        found = _look(read, one, whole, doubted)
    except CityStatError as error:
        signals = _signals(read, replace(one, view={k: v for k, v in one.view.items() if k != "by"}), whole, doubted)
        return replace(signals, caveat=f"{error}.", reading=f"{signals.reading} {error}.")
    return found or _signals(read, one, whole, doubted)


def _look(read: Session, one: Showing, whole: Series, doubted: list[Doubt]) -> Chart | None:
    """The chart of another look; None where that of signals is wanted. CityStatError where the figures do not bear it."""
    look, whole = one.view.get("look", ""), replace(whole, values=drawable(whole.values))
    if look == YEARS:
        return year_over_year(whole, one.as_of)
    if look == TO_DATE:
        return year_to_date(whole, one.as_of)
    if look == SPLIT:
        return before_and_after(whole, one.as_of, one.view, shown_since(whole, one.view))
    return _in_parts(read, one, whole, doubted) if look == PARTS else None


def _in_parts(read: Session, one: Showing, whole: Series, doubted: list[Doubt]) -> Chart:
    """Small multiples of the breakdown that is asked for, else of the first."""
    by = one.view.get("by", "") or next(iter(dimensions(read, one.measure)), "")
    parts = broken_down(read, one.measure, by, as_of=one.run, act=one.act) if by else []
    if not parts:
        raise CityStatError(
            tr("{name} has no parts: it is not broken down", name=whole.measure.name),
            do=tr("Bring in its figures by district or by kind"),
        )
    since = shown_since(whole, one.view)
    start = next((i for i, p in enumerate(whole.periods) if since is None or p >= since), 0)
    described = [
        Part(p.category, drawable(_along(p, whole)), _doubts_of(p.category, by, whole, doubted)) for p in parts
    ]
    return small_multiples(subject_of(whole.measure), data_of(whole, one.as_of), described, by, start)


def _signals(read: Session, one: Showing, whole: Series, doubted: list[Doubt]) -> Chart:
    by = one.view.get("by", "")
    parts = broken_down(read, one.measure, by, as_of=one.run, act=one.act) if by else []
    return chart_of_series(
        whole, judged(whole), as_of=one.as_of, since=shown_since(whole, one.view), parts=parts, by=by,
        part=one.view.get("part", ""),
        earlier=one.view.get("compare") == "year", ahead=one.view.get("ahead") == "year" and not parts, doubted=doubted,
    )  # fmt: skip


def looks_borne(read: Session, measure: Definition, *, as_of: date, view: Mapping[str, str] = NO_VIEW) -> list[str]:
    """Those of LOOKS that the measure's figures bear."""
    whole = all_series(read, [measure])[0]
    return [look for look in LOOKS if _bears(read, Showing(measure, as_of, {**view, "look": look}), whole)]


def _bears(read: Session, one: Showing, whole: Series) -> bool:
    try:
        _look(read, one, whole, [])
    except CityStatError:
        return False
    return True


def default_since(whole: Series) -> date | None:
    """The first period that is shown unless somebody asks for more or fewer; None: all of them are."""
    return _last(whole, SHOWN[whole.measure.frequency])


def shown_since(whole: Series, view: Mapping[str, str]) -> date | None:
    """The first period that a view shows: the one it names, none where it wants all, the usual one otherwise."""
    asked = view.get("since", "")
    if not asked:
        return default_since(whole)
    if asked.isdecimal():
        return _last(whole, max(1, int(asked)))
    return None if asked == ALL else date.fromisoformat(asked)


def next_zoom(whole: Series, view: Mapping[str, str]) -> dict[str, str]:
    """The view after `view`: the usual periods → the last twelve → all → the usual. Views that would look alike are skipped."""
    close = _last(whole, CLOSE)
    looks = [("", default_since(whole)), (close.isoformat() if close else ALL, close), (ALL, None)]
    here = view.get("since", "")
    if here.isdecimal():
        first = shown_since(whole, view)
        here = first.isoformat() if first else ALL
    at = next((i for i, (since, _) in enumerate(looks) if since == here), 0)
    order = looks[at + 1 :] + looks[: at + 1]
    since = next((since for since, first in order if first != looks[at][1]), here)
    kept = {k: v for k, v in view.items() if k != "since"}
    return {**kept, "since": since} if since else kept


def _last(whole: Series, n: int) -> date | None:
    return whole.periods[-n] if len(whole.periods) > n else None


def chart_of_series(
    whole: Series,
    judgement: Judgement,
    *,
    as_of: date | None,
    since: date | None = None,
    parts: list[Series] | tuple[Series, ...] = (),
    by: str = "",
    part: str = "",
    earlier: bool = False,
    ahead: bool = False,
    doubted: Sequence[Doubt] = (),
) -> Chart:
    """The chart of a series that was read already; earlier: with the same a year earlier beside it; ahead: with what is forecast.

    doubted: what checks found of it and nobody settled.
    """
    data = replace(data_of(whole, as_of), doubts=_doubts(whole, doubted))
    return describe(
        subject_of(whole.measure),
        with_outlook(whole, data) if ahead and not earlier else data,
        with_preliminary(judgement, whole),
        since=since,
        parts=[Part(p.category, _along(p, whole), _doubts_of(p.category, by, whole, doubted)) for p in parts],
        by=by,
        part=part,
        earlier=a_year_earlier(whole) if earlier else None,
    )


def _doubts(whole: Series, doubted: Sequence[Doubt]) -> tuple[tuple[int, str], ...]:
    """By place on the axis what is said of it: a figure held back, or one that stands and is not accepted yet."""
    place = {p: i for i, p in enumerate(whole.periods)}
    said = {"error": tr("held back: {words}"), "warning": tr("not accepted yet: {words}")}
    return tuple(
        (place[d.period], said[d.level].format(words=": ".join(filter(None, (d.category, d.words)))))
        for d in reversed(doubted)
        if d.period in place
    )


def _doubts_of(category: str, by: str, whole: Series, doubted: Sequence[Doubt]) -> tuple[int, ...]:
    """By place on the axis what of one category is in doubt."""
    place = {p: i for i, p in enumerate(whole.periods)}
    mine = {place[d.period] for d in doubted if d.period in place and (by, category) in d.cell}
    return tuple(sorted(mine))


def a_year_earlier(whole: Series) -> Floats:
    """For each period the value of the same period one year before; nan where there is none, or it was defined otherwise."""
    steps = periods.A_YEAR[whole.measure.frequency]
    known = dict(zip(whole.periods, whole.values, strict=True))
    before = [periods.move(p, whole.measure.frequency, -steps) for p in whole.periods]
    changed = [r.period for r in whole.remarks if r.kind == "definition"]
    alike = [not any(then < c <= now for c in changed) for then, now in zip(before, whole.periods, strict=True)]
    return np.array([known.get(p, np.nan) if same else np.nan for p, same in zip(before, alike, strict=True)], float)


def with_outlook(whole: Series, data: Data) -> Data:
    """The data with the periods ahead, to the end of the running year; where no forecast can be made, why."""
    try:
        found = outlook(whole)
    except CityStatError as error:
        return replace(data, outlook=(f"{error}.",))
    start = periods.between(whole.periods[0], found.periods[0], whole.measure.frequency)
    coming = found.periods[len(whole.periods) - start :]
    steps = [whole.target_at(p) for p in coming]
    pad = np.full(len(coming), np.nan)
    return replace(
        data,
        periods=(*data.periods, *coming),
        values=np.concatenate([data.values, pad]),
        targets=np.concatenate([data.targets, [np.nan if s is None else s.value for s in steps]]),
        uppers=np.concatenate([data.uppers, [np.nan if s is None or s.upper is None else s.upper for s in steps]]),
        hollow=(*data.hollow, *(False for _ in coming)),
        ahead=fan(whole, found, start),
        outlook=words(whole, found),
    )


def with_preliminary(judgement: Judgement, whole: Series) -> Judgement:
    """The judgement with preliminary values put back to be shown, as common points outside every rule."""
    points = tuple(
        replace(p, value=float(whole.values[p.index]), rules=(), kind="common")
        if whole.status[p.index] == "preliminary"
        else p
        for p in judgement.points
    )
    return replace(judgement, points=points)


def _along(part: Series, whole: Series) -> Floats:
    """The part's values on the whole's periods."""
    known = dict(zip(part.periods, part.values, strict=True))
    return np.array([known.get(p, np.nan) for p in whole.periods], float)
