"""Riverton's figures: seven years of them, as they came in month by month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from citystat import periods
from citystat.city import Change, City
from citystat.city import observations as store
from citystat.collect import checks
from citystat.measures.series import definitions
from citystat.models import Act, ImportRun
from citystat.sample.contracts import rows as contract_rows
from citystat.sample.stories import AFTER_THE_REFORM, CORRECTIONS, FIRST, LATE, STORIES, Calendar, Correction
from citystat.sample.tables import MEASURES, SOURCES, WARDS, M
from citystat.texts import tr

SEED = 248_000
WARD_SHARES = (0.21, 0.19, 0.17, 0.16, 0.15, 0.12)
RETURNS = 26  # monthly returns before today; what is older came in one file
CHECKED = 3  # months whose returns were held against the rules; older findings were settled long ago
ARRIVES = 5  # days after the month's end on which the departments' returns are brought in
PRELIMINARY = ("EC", "PD")  # departments that report again after the middle of the month

Figures = dict[tuple[str, date], float]  # the whole of a measure, by code and period
Runs = list[tuple[datetime, int]]  # when an import came, and its run id


def observe(city: City, measures: dict[str, int], calendar: Calendar) -> tuple[Runs, Figures]:
    """Bring seven years in: one file of the past, then a return a month, each knowing what was known then."""
    figures: Figures = {}
    with city.change(tr("Bring in the sample figures")) as change:
        cells = store.cells(change, [(("Ward", ward),) for ward in WARDS])
        rows = [
            (m, row)
            for at, m in enumerate(MEASURES)
            for row in _rows(m, at, measures[m.code], cells, calendar, figures)
        ]
        rows += contract_rows(measures, calendar)
        batches = _batches(rows, measures, calendar)
        runs = [_run(calendar, at, source) for at, source in batches]
        change.add_all(runs)
        change.flush()
        came = list(zip(runs, batches.values(), strict=True))
        since = arrival(calendar, periods.add_months(calendar.last, 1 - CHECKED))
        store.store_history(change, [(run, incoming) for run, incoming in came if run.at < since])
        for run, incoming in came:
            if run.at >= since:
                _checked(change, run, incoming)
        _journal(change, runs)
        return [(run.at, run.id) for run in runs], figures


def _checked(change: Change, run: ImportRun, incoming: list[store.Incoming]) -> None:
    """A return as the window brings it in: held against the rules first."""
    run.rows_read = len(incoming)
    rows = sorted(incoming, key=lambda r: r[:3])
    ids, cells = (np.array([r[at] for r in rows]) for at in (0, 2))
    value, top, bottom = (np.array([r[at] for r in rows], dtype=float) for at in (3, 4, 5))
    days = np.array([r.period.toordinal() for r in rows])
    arriving = store.Columns(ids, days, cells, value, top, bottom, [r.place for r in rows])
    report = checks.check(change, arriving, {m.id: m for m in definitions(change)}, today=run.at.date())
    store.store(change, run, [r for r, held in zip(rows, report.held, strict=True) if not held])
    checks.keep(change, run, report.new)


def arrival(calendar: Calendar, month: date, code: str = "") -> datetime:
    """When the return for `month` was brought in; code: a measure's own may have come later."""
    late = sum(x.days for x in LATE if x.code == code and calendar.moved(x.period) == month)
    day = periods.add_months(month, 1) + timedelta(days=ARRIVES + late)
    return datetime.combine(min(day, calendar.today), time(8, 30))


def known(figures: Figures, calendar: Calendar, m: M, day: date) -> tuple[date, float] | None:
    """The newest period of a measure that had come in by `day`, and its value as it was reported then."""
    arrived = [s for code, s in figures if code == m.code and arrival(calendar, _month(m, s), code).date() <= day]
    if not arrived:
        return None
    newest = max(arrived)
    value = figures[m.code, newest]
    for fault in CORRECTIONS:
        if (fault.code, calendar.moved(fault.period)) == (m.code, newest) and _corrected(calendar, fault).date() > day:
            value *= fault.factor
    return newest, value


def _month(m: M, start: date) -> date:
    """The last month of the period that begins on `start`: its figures come after that month."""
    return periods.end_of(start, m.frequency).replace(day=1)


def _corrected(calendar: Calendar, fault: Correction) -> datetime:
    return arrival(calendar, periods.add_months(calendar.moved(fault.period), fault.months)) + timedelta(days=2)


def _batches(
    rows: list[tuple[M, store.Incoming]], measures: dict[str, int], calendar: Calendar
) -> dict[tuple[datetime, str], list[store.Incoming]]:
    """The rows by the import that brought them: wrong ones as they were reported, then their corrections."""
    oldest = periods.add_months(calendar.last, 1 - RETURNS)
    wrong = {(measures[c.code], calendar.moved(c.period)): c for c in CORRECTIONS}
    batches: dict[tuple[datetime, str], list[store.Incoming]] = {}
    for m, row in rows:
        month = max(_month(m, row.period), periods.add_months(oldest, -1))
        source = "riverton-history.csv" if month < oldest else f"riverton-returns-{month:%Y-%m}.xlsx"
        fault = wrong.get((row.measure_id, row.period))
        came = arrival(calendar, month, m.code)
        if came > arrival(calendar, month):
            source = f"{m.code.lower()}-late-{month:%Y-%m}.xlsx"
        batches.setdefault((came, source), []).append(_reported(row, fault))
        if fault is not None:
            batches.setdefault((_corrected(calendar, fault), f"{fault.source}.csv"), []).append(
                row._replace(note=fault.source)
            )
    return dict(sorted(batches.items()))


def _reported(row: store.Incoming, fault: Correction | None) -> store.Incoming:
    """The row as the department first sent it."""
    if fault is None or row.value is None:
        return row
    top = None if row.numerator is None else float(round(row.numerator * fault.factor))
    value = 100 * top / row.denominator if top is not None and row.denominator else round(row.value * fault.factor)
    return row._replace(value=value, numerator=top)


def _run(calendar: Calendar, at: datetime, source: str) -> ImportRun:
    return ImportRun(at=at, who="Mina Haddad", source=source)


def _journal(change: Change, runs: list[ImportRun]) -> None:
    """Each import is an act of its own, so that it can be taken back alone."""
    change.add_all(
        Act(at=run.at, who=run.who, what=tr("Import {source}", source=run.source), run_id=run.id) for run in runs
    )


def _rows(
    m: M, at: int, measure_id: int, cells: dict[store.Breakdown, int], calendar: Calendar, figures: Figures
) -> Iterator[store.Incoming]:
    """A measure's observations, by ward where it has wards; fills `figures` with the wholes.

    Each measure draws from a generator of its own, and from the newest period backwards: what a chart shows at its
    end does not depend on the day or on the measures before it.
    """
    rng = np.random.default_rng([SEED, at])
    end = periods.start_of(calendar.last, m.frequency)
    if periods.end_of(end, m.frequency) >= periods.add_months(calendar.last, 1):
        end = periods.move(end, m.frequency, -1)
    starts = periods.run(periods.start_of(calendar.moved(FIRST), m.frequency), end, m.frequency)
    values = _values(m, starts, calendar, rng)
    for start, value in zip(reversed(starts), reversed(values), strict=True):
        figures[m.code, start] = float(value)
        status = "preliminary" if start == calendar.last and m.denominator and m.code[:2] in PRELIMINARY else "final"
        source = f"{SOURCES[m.code[:2]]}, {m.code}"
        if m.wards:
            parts = _parts(m, float(value), start, calendar, rng)
            for ward, part in zip(WARDS, parts, strict=True):
                yield store.Incoming(
                    measure_id, start, cells[(("Ward", ward),)], part, None, None, status, "", f"{source}, {ward}"
                )
        elif m.denominator:
            size = max(1, round(m.denominator * (1 + rng.normal(0, 0.02))))
            top = min(size, round(value / 100 * size))
            yield store.Incoming(measure_id, start, 1, 100 * top / size, top, size, status, "", source)
        else:
            yield store.Incoming(measure_id, start, 1, round(float(value), m.decimals), None, None, status, "", source)


def _values(m: M, starts: list[date], calendar: Calendar, rng: np.random.Generator) -> NDArray[np.float64]:
    """Level, season, trend and noise, and the planted stories."""
    n = len(starts)
    months = np.array([s.month for s in starts])
    noise = np.clip(rng.normal(0, 1, n), -2.3, 2.3)[::-1] * m.noise
    values = m.level + m.season * np.sin((months - 4) / 12 * 2 * np.pi) + m.trend * np.arange(n) / 12 + noise
    for story in (s for s in STORIES if s.code == m.code):
        reached = np.array([calendar.moved(story.since) <= s for s in starts])
        values = values + np.where(reached, story.shift, 0.0)
    if m.code == "EC-01":
        values[-len(AFTER_THE_REFORM) :] = AFTER_THE_REFORM
    return np.minimum(values, 100.0) if m.unit == "percent" else np.maximum(values, 0.0)


def _parts(m: M, value: float, start: date, calendar: Calendar, rng: np.random.Generator) -> list[float]:
    """Six wards that add up (counts), or average, to the whole; ward 6 drives slower ambulances."""
    if m.unit == "count":
        return [float(c) for c in rng.multinomial(round(value), WARD_SHARES)]
    tilt = np.array([-0.06, -0.03, 0.0, 0.0, 0.02, 0.07])
    slow = next(s for s in STORIES if s.code == "FD-01")
    if m.code == slow.code and start >= calendar.moved(slow.since):
        tilt = np.array([-0.09, -0.08, -0.06, -0.04, -0.02, 0.29])
    return [round(value * (1 + t - float(tilt.mean())), m.decimals + 1) for t in tilt]
