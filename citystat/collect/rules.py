"""The rules a figure is held against, as pure functions: a case in, the figures objected to and the words for it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from citystat import periods
from citystat.analysis import jump
from citystat.city.observations import Breakdown
from citystat.collect.case import ENOUGH, NEWEST, Case, Floats, Ints, Table
from citystat.measures.facts import Facts, because
from citystat.models.observations import WHOLE

Objection = tuple[int, Facts]  # which arriving figure, and why
Options = dict[str, Any]

SEASONS = {"day": 7, "week": 52, "month": 12, "quarter": 4, "half-year": 2, "year": 1}
AHEAD = {"year": 2}  # a budget is made before its year begins
DECADES = 0.15  # how near to a power of ten a ratio must lie to be taken for one
WILD = 10.0  # times the largest figure ever seen, and times the range of them
STEADY = 0.35  # decades within which a measure must have stayed for a change of unit to be seen


## What a figure must be by itself


def future(case: Case, options: Options) -> Iterator[Objection]:
    """A period that has not begun."""
    ahead = int(options.get("ahead", AHEAD.get(case.frequency, 0)))
    last = case.today
    if ahead:
        last = periods.move(periods.start_of(last, case.frequency, case.year_start), case.frequency, ahead)
    for i in case.each(case.arriving.period > last.toordinal()):
        yield i, because("{period} has not begun yet", period=case.when(case.arriving.period[i]))


def numerator(case: Case, _options: Options) -> Iterator[Objection]:
    """More of a thing than there is of the whole."""
    if case.unit != "percent" or case.aggregation != "ratio":
        return
    tops, bottoms = (
        np.concatenate([getattr(t, n) for t in (case.kept, case.arriving)]) for n in ("numerator", "denominator")
    )
    over = tops > bottoms
    if len(over) >= ENOUGH and not case.customary(over):
        return  # a share of something else: spending beside a budget
    for i in case.each(case.arriving.numerator > case.arriving.denominator):
        yield i, because(
            "The numerator {top} is larger than the denominator {bottom}",
            top=float(case.arriving.numerator[i]), bottom=float(case.arriving.denominator[i]),
        )  # fmt: skip


def reach(case: Case, options: Options) -> Iterator[Objection]:
    """Outside what the measure can be: as a person said, or 0 to 100 for per cent that never left it."""
    least, most = options.get("least"), options.get("most")
    if least is None and most is None:
        if case.unit != "percent" or not case.customary((case.known < 0) | (case.known > 100)):
            return
        least, most = 0.0, 100.0
    low, high = (-np.inf if least is None else float(least)), (np.inf if most is None else float(most))
    for i in case.each((case.arriving.value < low) | (case.arriving.value > high)):
        value = case.arriving.value[i]
        if value < low:
            yield (
                i,
                because("{value} is below {least}, the least it can be", value=case.say(value), least=case.say(low)),
            )
        else:
            yield i, because("{value} is above {most}, the most it can be", value=case.say(value), most=case.say(high))


def kind(case: Case, _options: Options) -> Iterator[Objection]:
    """A count that is no whole number."""
    if case.unit != "count" or case.aggregation not in ("sum", "count", "last") or case.decimals:
        return
    if not case.customary(case.known != np.round(case.known)):
        return
    value = case.arriving.value
    for i in case.each(~np.isnan(value) & (value != np.round(value))):
        yield i, because("{value} is no whole number, and this is a count", value=case.say(value[i], finer=True))


def sign(case: Case, _options: Options) -> Iterator[Objection]:
    """Below zero, or above it, where the measure never was."""
    value = case.arriving.value
    if case.customary(case.known < 0):
        for i in case.each(value < 0):
            yield i, because("{value} is below zero, where this measure never was", value=case.say(value[i]))
    if case.customary(case.known > 0):
        for i in case.each(value > 0):
            yield i, because("{value} is above zero, where this measure never was", value=case.say(value[i]))


def parts(case: Case, options: Options) -> Iterator[Objection]:
    """A total that is not what its parts add up to, by each breakdown that has parts in its period; kept ones count, too."""
    if case.aggregation not in ("sum", "count"):
        return
    whole, part = _with_kept(case)
    if not len(whole) or not len(part):
        return
    share = float(options.get("tolerance", 0.5)) / 100
    total = dict(zip(whole.period.tolist(), whole.value.tolist(), strict=True))
    by = {cell: tuple(name for name, _ in case.breakdowns.get(cell, ())) for cell in np.unique(part.cell).tolist()}
    said: set[int] = set()
    for dimensions in sorted({d for d in by.values() if d}):
        mine = np.isin(part.cell, [cell for cell, d in by.items() if d == dimensions])
        days, back = np.unique(part.period[mine], return_inverse=True)
        sums, n = np.bincount(back, part.value[mine]), np.bincount(back)
        for day, added, count in zip(days.tolist(), sums.tolist(), n.tolist(), strict=True):
            if day not in total or day in said or count < 2:
                continue
            allowed = max(abs(total[day]) * share, 0.5 * 10.0**-case.decimals * (count + 1))
            here = np.flatnonzero(case.fresh & (case.arriving.period == day) & ~np.isnan(case.arriving.value))
            if len(here) and abs(total[day] - added) > allowed:
                said.add(day)
                first = here[np.argmin(case.arriving.cell[here] != WHOLE)]  # the total where it arrives itself
                yield int(first), because("The total {total} is not the sum of its parts by {breakdown}, {sum}",
                                     total=case.say(total[day]), breakdown=", ".join(dimensions), sum=case.say(added))  # fmt: skip


def _with_kept(case: Case) -> tuple[Table, Table]:
    """The totals and the parts of the periods that arrive, as they will stand: what arrives goes before what is kept."""
    span = int(max(case.arriving.cell.max(), case.kept.cell.max(initial=0))) + 1
    low = int(min(case.arriving.cell.min(), 0))
    keys, known = (t.period * (span - low) + t.cell - low for t in (case.arriving, case.kept))
    rest = case.kept.taken(np.isin(case.kept.period, case.arriving.period) & ~np.isin(known, keys))
    both = Table(
        *(np.concatenate([getattr(t, name) for t in (case.arriving, rest)]) for name in Table.__dataclass_fields__)
    )
    there = ~np.isnan(both.value)
    return both.taken(there & (both.cell == WHOLE)), both.taken(there & (both.cell != WHOLE))


## What it must be beside its own past


def unit(case: Case, _options: Options) -> Iterator[Objection]:
    """Ten, a hundred or a thousand times what it was, in a measure that is steady."""
    grid = case.grid
    level = grid.level
    for place, t in enumerate(grid.judged.tolist()):
        now, usual, past = np.abs(grid.values[:, t]), np.abs(level[:, t]), np.abs(grid.values[:, max(0, t - 24) : t])
        with np.errstate(all="ignore"):
            ratio = np.log10(now / usual)
            spread = np.abs(np.log10(past / usual[:, None]))
            steady = (np.isnan(spread) | (spread <= STEADY)).all(axis=1) & ((~np.isnan(past)).sum(axis=1) >= 6)
            power = np.round(ratio)
            odd = steady & (np.abs(ratio - power) <= DECADES) & (np.abs(power) >= 1) & (np.abs(power) <= 3)
        for row in np.flatnonzero(odd & (grid.at[:, place] >= 0)).tolist():
            facts = {
                "value": case.say(grid.values[row, t]), "usual": case.usually(level[row, t]), "factor": float(10.0 ** abs(power[row])),
            }  # fmt: skip
            if power[row] > 0:
                said = because("{value} is about {factor} times the usual {usual}: another unit?", **facts)
            else:
                said = because("{value} is about {factor} times smaller than the usual {usual}: another unit?", **facts)
            yield int(grid.at[row, place]), said


def wild(case: Case, options: Options) -> Iterator[Objection]:
    """Many times larger than anything ever seen, and as far beyond it: a slip, not news, until a person says otherwise."""
    grid, times = case.grid, float(options.get("times", WILD))
    for place, t in enumerate(grid.judged.tolist()):
        now, past = grid.values[:, t], grid.values[:, max(0, t - jump.LOOK_BACK) : t]
        enough = (~np.isnan(past)).sum(axis=1) >= ENOUGH
        filled = np.where(enough[:, None], past, 0.0)
        low, high = np.nanmin(filled, axis=1, initial=np.inf), np.nanmax(filled, axis=1, initial=-np.inf)
        largest, span = np.maximum(np.abs(low), np.abs(high)), high - low
        beyond = np.maximum(now - high, low - now)
        with np.errstate(invalid="ignore"):
            odd = enough & (largest > 0) & (np.abs(now) > times * largest) & (beyond > times * span)
        for row in np.flatnonzero(odd & (grid.at[:, place] >= 0)).tolist():
            yield (
                int(grid.at[row, place]),
                because(
                    "{value}, where it never was beyond {largest}: a slip of the pen?",
                    value=case.say(now[row]), largest=case.usually(high[row] if now[row] > 0 else low[row]),
                ),
            )  # fmt: skip


def duplicate(case: Case, _options: Options) -> Iterator[Objection]:
    """Equal rows that were added up in a file that has one row each; a period that is the one before it again."""
    if len(case.repeated):
        for i in case.each(case.repeated > 1):
            yield (
                i,
                because("{n} equal rows of the file were added up: is one of them a copy?", n=int(case.repeated[i])),
            )
    grid = case.grid
    for place, t in enumerate(grid.judged.tolist()):
        both = ~np.isnan(grid.values[:, t]) & ~np.isnan(grid.values[:, t - 1]) if t else np.zeros(0, bool)
        n = int(both.sum())
        if n >= 3 and (grid.values[both, t] == grid.values[both, t - 1]).all() and grid.values[both, t].any():
            first = grid.at[grid.at[:, place] >= 0, place]
            before = _before(case, int(case.arriving.period[first[0]]))
            yield int(first[0]), because("All {n} figures of the period are those of {before}", n=n, before=before)


def _before(case: Case, ordinal: int) -> Facts:
    return case.of(periods.move(date.fromordinal(ordinal), case.frequency, -1))


def stale(case: Case, options: Options) -> Iterator[Objection]:
    """The same figure again and again, in a measure that used to move."""
    grid, times = case.grid, int(options.get("times", 4))
    if not len(grid.judged):
        return
    runs = _runs(grid.values)
    t = int(grid.judged[-1])
    for row in range(len(grid.values)):
        i, length, began = int(grid.at[row, -1]), int(runs[row, t]), t + 1 - int(runs[row, t])
        past = grid.values[row, :began]
        moved = (~np.isnan(past)).sum() >= ENOUGH and runs[row, :began].max() < times
        if i >= 0 and length >= times and moved and grid.values[row, t]:
            yield i, because("{value} for {n} periods running", value=case.say(grid.values[row, t]), n=length)


def _runs(values: Floats) -> Ints:
    """How many periods running each figure is the same, itself included; 0 where missing."""
    runs = np.zeros(values.shape, dtype=np.int64)
    for t in range(values.shape[1]):
        there = ~np.isnan(values[:, t])
        again = there & (values[:, t] == values[:, t - 1]) if t else np.zeros(len(values), dtype=bool)
        runs[:, t] = np.where(again, runs[:, t - 1] + 1 if t else 1, there)
    return runs


def unexpected(case: Case, options: Options) -> Iterator[Objection]:
    """Farther from where it stood than its own past explains."""
    grid, limit = case.grid, float(options.get("limit", 3.0))
    if not len(grid.judged):
        return
    counts = case.unit == "count" and case.aggregation in ("sum", "count")
    size = jump.jumps(
        grid.values, grid.judged, season=SEASONS[case.frequency], limit=limit, counts=counts, level=grid.level
    )
    level = grid.level
    for row, place in np.argwhere((size > 1) & (grid.at >= 0)).tolist():
        t = int(grid.judged[place])
        value, usual = grid.values[row, t], level[row, t]
        words = because("A jump to {value} from about {usual}", value=case.say(value), usual=case.usually(usual))  # fmt: skip
        yield int(grid.at[row, place]), words


## What is not there


def gaps(case: Case) -> Iterator[tuple[int, int]]:
    """Missing periods (with the whole as their cell) and categories: (period, cell)."""
    now = case.fresh & ~np.isnan(case.arriving.value) & (case.arriving.period <= case.today.toordinal())
    if not now.any():
        return
    newest = int(case.arriving.period[now].max())
    there = set(case.kept.period.tolist()) | set(case.arriving.period[now].tolist())
    last = int(case.kept.period.max()) if len(case.kept) else 0
    earliest = periods.move(date.fromordinal(newest), case.frequency, 1 - NEWEST)
    first = max(date.fromordinal(min(there)), earliest)
    for start in periods.run(first, date.fromordinal(newest), case.frequency):
        if last < start.toordinal() < newest and start.toordinal() not in there:
            yield start.toordinal(), WHOLE
    if newest > last:
        yield from ((newest, cell) for cell in _left_out(case, newest))


def gap_facts(case: Case, ordinal: int, breakdown: Breakdown) -> Facts:
    """What is missing."""
    if not breakdown:
        return because("{period} is missing", period=case.when(ordinal))
    name = " · ".join(f"{dimension} {category}" for dimension, category in breakdown)
    return because("{category} is missing in {period}", category=name, period=case.when(ordinal))


def _left_out(case: Case, newest: int) -> list[int]:
    """Categories that came with the others three times running and do not come now."""
    before = np.unique(case.kept.period[case.kept.period < newest])[-3:]
    here = set(case.arriving.cell[case.arriving.period == newest].tolist())
    if len(before) < 3 or not here:
        return []
    then = case.kept.period == before[-1]
    together = set(case.run[then & np.isin(case.kept.cell, list(here))].tolist())  # imports that bring them, too
    always = set.intersection(*(set(case.kept.cell[case.kept.period == p].tolist()) for p in before))
    came = dict(zip(case.kept.cell[then].tolist(), case.run[then].tolist(), strict=True))
    return sorted(c for c in always - here if came.get(c) in together)
