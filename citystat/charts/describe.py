"""From numbers and a judgement to a Chart: what the picture will say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.analysis.spc import BEYOND, Judgement
from citystat.charts.axis import period_ticks, value_axis, year_spans
from citystat.charts.chart import Band, Chart, Fan, Flag, Line, Mark, Step
from citystat.charts.explained import explained
from citystat.charts.headline import KINDS, Facts, finding, headline
from citystat.charts.marked import Stretch, marked_words, stretches, telling
from citystat.charts.parts import Part, others_words, part_lines, parts_headline
from citystat.numbers import UNITS, brief, quantity, unit_phrase
from citystat.texts import plural, tr

Floats = NDArray[np.float64]
ADVERBS = {
    "day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly",
    "half-year": "twice a year", "year": "yearly",
}  # fmt: skip
SLOPE = 3  # targets of one period each, one after the other, that are a trajectory
DRAWN = 6  # points that a segment needs before its limits are drawn


@dataclass(frozen=True)
class Subject:
    """What the chart is about. decimals: digits after the point; year_start: the fiscal year's month."""

    code: str
    name: str
    unit: str
    decimals: int
    frequency: str
    direction: str
    source: str
    year_start: int
    zero_baseline: bool = False
    form: str = "line"
    adds_up: bool = True  # a whole is the sum of its parts: its target is no target of a part


@dataclass(frozen=True)
class Data:
    """A series to draw: n periods; values, targets, uppers: array[n] float with nan; hollow: preliminary periods.

    flags: (index, kind, words); rebase: the last restart as (index, words); as_of: the day the data is from.
    definition: the last change of definition as (index, words): what came before is not compared with what came after.
    restarts: (index, words) of every place where the limits begin anew ·
    doubts: (index, words) of what checks found and nobody accepted yet ·
    ahead: what is forecast of the last periods, at their indices, with `outlook`, sentences about it.
    """

    periods: tuple[date, ...]
    values: Floats
    targets: Floats
    uppers: Floats
    hollow: tuple[bool, ...]
    flags: tuple[tuple[int, str, str], ...] = ()
    rebase: tuple[int, str] | None = None
    as_of: date | None = None
    definition: tuple[int, str] | None = None
    restarts: tuple[tuple[int, str], ...] = ()
    doubts: tuple[tuple[int, str], ...] = ()
    ahead: Fan | None = None
    outlook: tuple[str, ...] = ()


def facts_of(subject: Subject, data: Data) -> Facts:
    """What the headline is made from; values too large to judge are missing in it, and counted.

    Values from before a change of definition are missing in it, too: no sentence compares across it.
    """
    data, beyond = _within(data)
    labels = [periods.label(p, subject.frequency, subject.year_start) for p in data.periods]
    known = data.values[~np.isnan(data.values)]
    text = brief(float(known[-1]), subject.unit, subject.decimals) if len(known) else ""
    values = data.values.copy()
    values[: data.definition[0] if data.definition else 0] = np.nan
    return Facts(
        values, data.targets, data.uppers, subject.direction, subject.frequency, labels, data.rebase, text,
        data.hollow, subject.unit, subject.decimals, beyond,
    )  # fmt: skip


def _within(data: Data) -> tuple[Data, int]:
    """The data without what no picture can hold, and how many values that is."""
    values, targets, uppers = (drawable(column) for column in (data.values, data.targets, data.uppers))
    lost = int((np.isnan(values) & ~np.isnan(data.values)).sum())
    return replace(data, values=values, targets=targets, uppers=uppers), lost


def drawable(column: Floats) -> Floats:
    """The column, nan where a figure is beyond every picture and judgement."""
    return np.where(np.abs(np.nan_to_num(column, nan=0.0)) > BEYOND, np.nan, column)


def describe(
    subject: Subject,
    data: Data,
    judgement: Judgement,
    *,
    since: date | None = None,
    parts: Sequence[Part] = (),
    by: str = "",
    part: str = "",
    earlier: Floats | None = None,
) -> Chart:
    """The chart of one measure; since: show from this period on (limits were judged on all); parts: its breakdown; part: the one looked for.

    earlier: array[n] float, the same measure a year before each period, drawn as a second line.
    """
    facts = facts_of(subject, data)
    data = _within(data)[0]
    parts = [replace(p, values=drawable(p.values)) for p in parts]
    found = finding(judgement, facts)
    throughout = facts_of(
        subject, replace(data, definition=None)
    )  # marks from before another definition are told of, too
    marked = () if parts else tuple(telling(stretches(judgement, throughout), found.since))
    start = next((i for i, p in enumerate(data.periods) if since is None or p >= since), 0)
    if parts:
        lines = part_lines(
            parts, by, data.values, slice(start, None), lambda v: _end(subject, v, facts.labels)[0], subject.adds_up,
            part,
        )  # fmt: skip
        words = parts_headline(parts, by, lambda v: quantity(v, subject.unit, subject.decimals))
    else:
        line = _line(subject, data, judgement, start, facts, marked)
        lines = (line, *_earlier_line(subject, earlier, start, facts.labels))
        words = _compared_headline(subject, data, earlier, facts.labels) if len(lines) > 1 else ""
    breaks = tuple(i - start for i, kind, _ in data.flags if kind == "definition" and i > start)
    lines = tuple(replace(line, breaks=breaks) for line in lines)
    bands = () if parts else _bands(judgement, start, _possible(subject, data.values))
    steps = () if parts and subject.adds_up else steps_of(data, start)
    chart = replace(
        begun(subject, data, facts, start, by if parts else ""),
        headline=words or headline(facts, found),
        lines=lines,
        bands=bands,
        targets=steps,
        target_label=target_words(subject, steps),
        standing=found.signal if found.signal != "too few" else "common",
        standing_words=found.words,
        marked=marked_words(marked, throughout, start),
        others=others_words(lines),
        ahead=None if parts or data.ahead is None else replace(data.ahead, x=data.ahead.x - start),
        outlook=() if parts else data.outlook,
        explained=() if parts else explained(judgement, throughout, data.restarts),
    )
    if judgement.seasonal and not parts:
        chart = replace(chart, source=" · ".join(filter(None, (chart.source, tr("judged without its season")))))
    chart = with_rings(chart, data if parts else None, start)
    return with_reading(scaled(chart, from_zero=subject.zero_baseline or subject.form == "bars"))


def with_rings(chart: Chart, whole: Data | None, start: int) -> Chart:
    """With a word for the rings, and for doubts of the whole that a breakdown has no line for."""
    rings = sum(len(line.doubts) for drawn in chart.drawn for line in drawn.lines)
    said = [plural(rings, "ringed point is not accepted yet", "ringed points are not accepted yet") if rings else ""]
    unseen = len({i for i, _ in whole.doubts if i >= start}) if whole and not rings else 0
    if unseen:
        said.append(
            plural(unseen, "{n} period is in doubt: see all together", "{n} periods are in doubt: see all together")
        )
    words = " · ".join(filter(None, [chart.source, *said]))
    return replace(chart, source=words[:1].upper() + words[1:])


def begun(subject: Subject, data: Data, facts: Facts, start: int, by: str) -> Chart:
    """The picture before anything is drawn: what it is about, its periods, and the flags in them."""
    shown = data.periods[start:]
    return Chart(
        code=subject.code,
        headline="",
        subject=_subject_line(subject, by),
        source=_source(subject, data, facts, bool(by)),
        lines=(),
        periods=tuple(facts.labels[start:]),
        starts=shown,
        flags=tuple(Flag(i - start - 0.5, text, kind) for i, kind, text in data.flags if i >= start),
        doubts=tuple((float(i - start), text) for i, text in data.doubts if i >= start),
        x_ticks=period_ticks(shown, subject.frequency, subject.year_start),
        years=year_spans(shown, subject.frequency, subject.year_start),
        unit=subject.unit,
        decimals=subject.decimals,
        form=subject.form,
    )


def scaled(chart: Chart, *, from_zero: bool) -> Chart:
    """With the axis that holds everything that is drawn; its values are said where there are any."""
    low, high, ticks = value_axis(*_reach(chart), from_zero=from_zero)
    known = any(np.isfinite(line.values).any() for line in chart.lines)
    return replace(chart, y_low=low, y_high=high, y_ticks=ticks if known else ())


def _line(
    subject: Subject, data: Data, judgement: Judgement, start: int, facts: Facts, marked: Sequence[Stretch]
) -> Line:
    values = data.values[start:]
    reasons = {i: stretch.words for stretch in marked for i in stretch.indices}
    marks = tuple(
        Mark(
            p.index - start, p.value, KINDS[p.kind] if p.index in reasons else "common",
            data.hollow[p.index], p.excluded, reasons.get(p.index, ""),
        )
        for p in judgement.points
        if p.index >= start and not np.isnan(data.values[p.index])
    )  # fmt: skip
    doubts = tuple(sorted({i - start for i, _ in data.doubts if i >= start and not np.isnan(data.values[i])}))
    return Line(subject.name, values, marks, *_end(subject, data.values, facts.labels), doubts=doubts)


def _end(subject: Subject, values: Floats, labels: Sequence[str]) -> tuple[str, str]:
    """The label at the line's end: its last value and that value's period."""
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return "", ""
    return quantity(float(values[known[-1]]), subject.unit, subject.decimals), labels[known[-1]]


def _earlier_line(subject: Subject, earlier: Floats | None, start: int, labels: Sequence[str]) -> tuple[Line, ...]:
    """The same a year earlier; none where it is not asked for, or nothing of it is known."""
    if earlier is None or not np.isfinite(earlier[start:]).any():
        return ()
    name = tr("a year earlier")
    return (Line(name, earlier[start:], (), _end(subject, earlier, labels)[0], name),)


def _compared_headline(subject: Subject, data: Data, earlier: Floats | None, labels: Sequence[str]) -> str:
    """The newest value that has one a year before it, and that one; "" where none has."""
    if earlier is None:
        return ""
    both = np.flatnonzero(np.isfinite(data.values) & np.isfinite(earlier))
    if not len(both):
        return ""
    now, before = (quantity(float(v[both[-1]]), subject.unit, subject.decimals) for v in (data.values, earlier))
    return tr("{value} in {period}, {before} a year earlier", value=now, period=labels[both[-1]], before=before)


def _bands(judgement: Judgement, start: int, possible: tuple[float, float]) -> tuple[Band, ...]:
    """One band a segment; its edges stand half a period outside its points, so segments meet at the change.

    possible: values beyond which no limit is drawn, because no value can lie there.
    """
    bands = []
    for segment in judgement.segments:
        points = [p for p in judgement.points[segment.start : segment.stop] if p.index >= start]
        if not points or segment.centre is None or segment.n < DRAWN:
            continue
        lower, upper, centre = (
            np.array([np.nan if v is None else v for v in column], float)
            for column in ([p.lower for p in points], [p.upper for p in points], [p.centre for p in points])
        )
        x0, x1 = points[0].index - start - 0.5, points[-1].index - start + 0.5
        bands.append(
            Band(x0, x1, np.maximum(lower, possible[0]), np.minimum(upper, possible[1]), centre, judgement.seasonal)
        )
    return tuple(bands)


def _possible(subject: Subject, values: Floats) -> tuple[float, float]:
    """Never below zero where nothing ever was; no share above 100 per cent where none ever was."""
    known = values[np.isfinite(values)]
    if not len(known):
        return -np.inf, np.inf
    shares = subject.unit == "percent" and known.max() <= 100
    return (0.0 if known.min() >= 0 else -np.inf), (100.0 if shares else np.inf)


def steps_of(data: Data, start: int) -> tuple[Step, ...]:
    """The target as level stretches."""
    steps: list[Step] = []
    for i in range(start, len(data.periods)):
        value, upper = float(data.targets[i]), data.uppers[i]
        if np.isnan(value):
            continue
        top = None if np.isnan(upper) else float(upper)
        x = float(i - start)
        if steps and steps[-1].value == value and steps[-1].upper == top and steps[-1].x1 == x - 0.5:
            steps[-1] = Step(steps[-1].x0, x + 0.5, value, top)
        else:
            steps.append(Step(x - 0.5, x + 0.5, value, top))
    return _sloping(steps)


def _sloping(steps: list[Step]) -> tuple[Step, ...]:
    """The steps, those of one period marked as a slope where there are three and more in a row."""
    run: list[int] = []
    for i, step in enumerate([*steps, Step(np.inf, np.inf, 0.0)]):
        follows = bool(run) and steps[run[-1]].x1 == step.x0
        if step.x1 - step.x0 == 1 and (follows or not run):
            run.append(i)
            continue
        if len(run) >= SLOPE:
            for at in run:
                steps[at] = replace(steps[at], sloping=True)
        run = [i] if step.x1 - step.x0 == 1 else []
    return tuple(steps)


def _reach(chart: Chart) -> tuple[float, float]:
    """Lowest and highest value that the picture holds."""
    found = [line.values for line in chart.lines]
    found += [column for band in chart.bands for column in (band.lower, band.upper, band.centre)]
    found += [np.array([s.value, s.value if s.upper is None else s.upper]) for s in chart.targets]
    if chart.ahead is not None:
        found += [chart.ahead.lower95, chart.ahead.upper95]
    everything = np.concatenate(found) if found else np.array([])
    everything = everything[np.isfinite(everything)]
    return (float(everything.min()), float(everything.max())) if len(everything) else (0.0, 1.0)


def target_words(subject: Subject, steps: Sequence[Step]) -> str:
    """ "target 92 %", "target 80 to 90 %", "target $5 to $7"."""
    if not steps:
        return ""
    last = steps[-1]
    if last.upper is None:
        return tr("target {value}", value=brief(last.value, subject.unit, subject.decimals))
    sign_after = not UNITS.get(subject.unit, ("", ""))[0]
    low = brief(last.value, "" if sign_after else subject.unit, subject.decimals)
    return tr("target {low} to {high}", low=low, high=brief(last.upper, subject.unit, subject.decimals))


def _subject_line(subject: Subject, by: str) -> str:
    words = f"{subject.name} · {unit_phrase(subject.unit)}, {tr(ADVERBS[subject.frequency])}"
    return words + (", " + tr("by {breakdown}", breakdown=by.lower().replace("_", " ")) if by else "")


def _source(subject: Subject, data: Data, facts: Facts, broken_down: bool) -> str:
    labels = facts.labels
    known = np.flatnonzero(~np.isnan(data.values))
    pieces = [tr("Source: {source}", source=subject.source) if subject.source else ""]
    if len(known):
        pieces[0] += (", " if pieces[0] else "") + tr("through {period}", period=labels[known[-1]])
    if data.as_of:
        pieces.append(tr("as of {day}", day=periods.day_label(data.as_of)))
    if data.rebase:
        pieces.append(tr("limits restart {period} ({event})", period=labels[data.rebase[0]], event=data.rebase[1]))
    if data.definition:
        pieces.append(tr("not comparable with what was before {period}", period=labels[data.definition[0]]))
    if broken_down and subject.adds_up and not np.isnan(data.targets).all():
        pieces.append(tr("the target is for all together"))
    if facts.beyond:
        pieces.append(
            plural(
                facts.beyond,
                "{n} value is too large to be drawn or judged",
                "{n} values are too large to be drawn or judged",
            )
        )
    if any(data.hollow):
        pieces.append(tr("hollow point is preliminary"))
    text = " · ".join(p for p in pieces if p)
    return text[:1].upper() + text[1:]


def with_reading(chart: Chart) -> Chart:
    """The chart in plain text: headline, subject, last values, target, what is marked, flags."""
    pieces = [chart.headline + ".", chart.subject + "."]
    for line in chart.lines:
        if line.last:
            name = f"{line.name}: " if len(chart.lines) > 1 else ""
            pieces.append(tr("{name}{value} in {period}.", name=name, value=line.last, period=line.period))
    pieces += _aside(chart)
    if chart.target_label:
        pieces.append(chart.target_label[0].upper() + chart.target_label[1:] + ".")
    pieces += chart.outlook
    if chart.marked:
        pieces.append(chart.marked + ".")
    if chart.others:
        pieces.append(chart.others[0].upper() + chart.others[1:] + ".")
    pieces += [f"{_panel_words(panel)}." for panel in chart.panels]
    if chart.caveat:
        pieces.append(chart.caveat)
    pieces += [f"{flag.text}." for flag in chart.flags]
    pieces.append(chart.source + ".")
    return replace(chart, reading=" ".join(p for p in pieces if p.strip(".")))


def _aside(chart: Chart) -> list[str]:
    """Of lines that are named only, what they were where the leading one is now: "FY25: 85.4 % in Feb."."""
    lead = next((line for line in chart.lines if line.leads), None)
    if lead is None or not np.isfinite(lead.values).any():
        return []
    x = int(np.flatnonzero(np.isfinite(lead.values))[-1])
    said = [
        (line.name, quantity(float(line.values[x]), chart.unit, chart.decimals))
        for line in chart.lines
        if line.period and not line.last and np.isfinite(line.values[x])
    ]
    return [tr("{name}{value} in {period}.", name=f"{name}: ", value=v, period=chart.periods[x]) for name, v in said]


def _panel_words(panel: Chart) -> str:
    """ "Ward 3: 48 in Feb 2026"."""
    line = panel.lines[0]
    last = tr("{value} in {period}", value=line.last, period=line.period) if line.last else tr("no value")
    return f"{panel.subject}: {last}"
