"""Riverton, population 248,000: a whole city made by code from a fixed seed, marked as a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
from sqlalchemy import select

from citystat import periods
from citystat.city import Change, City
from citystat.city import observations as store
from citystat.models import (
    Annotation,
    CitySettings,
    Department,
    Goal,
    GoalMeasure,
    ImportRun,
    Measure,
    Person,
    Priority,
    Target,
)
from citystat.sample.history import hold_meetings
from citystat.sample.stories import CORRECTED, STORIES
from citystat.sample.tables import DEPARTMENTS, MEASURES, PEOPLE, PRIORITIES, SOURCES, WARDS, M
from citystat.texts import tr

SEED = 248_000
FIRST = date(2019, 3, 1)
WARD_SHARES = (0.21, 0.19, 0.17, 0.16, 0.15, 0.12)


def make(path: Path, *, today: date = date(2026, 3, 10)) -> City:
    """Make Riverton at `path` as it stands on `today`; its figures end with the month before."""
    city = City.create(path, "Riverton", sample=True, who="sample")
    last = periods.add_months(today.replace(day=1), -1)
    with city.change(tr("Make the sample city")) as change:
        people = _people(change)
        measures = _measures(change)
        _goals(change, people, measures)
    _observe(city, measures, last)
    hold_meetings(city, people, measures, today)
    return city


def _people(change: Change) -> dict[str, int]:
    """Departments and people; returns ids by initials."""
    settings = change.get(CitySettings, 1)
    if settings is not None:
        settings.population = 248_000
    departments = {code: Department(code=code, name=name) for code, name in DEPARTMENTS}
    change.add_all(departments.values())
    change.flush()
    people = {
        initials: Person(
            name=name, initials=initials, title=title, heads_department=heads,
            department_id=departments[code].id if code else None,
            email=f"{name.lower().replace(' ', '.')}@riverton.example",
        )
        for name, initials, title, code, heads in PEOPLE
    }  # fmt: skip
    change.add_all(people.values())
    change.flush()
    return {initials: person.id for initials, person in people.items()}


def _measures(change: Change) -> dict[str, int]:
    """Measures with targets and words on their charts; returns ids by code."""
    heads = {p.department_id: p.id for p in change.scalars(select(Person).where(Person.heads_department))}
    departments = {d.code: d.id for d in change.scalars(select(Department))}
    rows = {m.code: _measure(m, departments[m.code[:2]], heads[departments[m.code[:2]]]) for m in MEASURES}
    change.add_all(rows.values())
    change.flush()
    for m in MEASURES:
        change.add_all(Target(measure_id=rows[m.code].id, since=s, value=v) for s, v in _targets(m))
    for story in STORIES:
        if story.note:
            kind, text = story.note
            change.add(Annotation(measure_id=rows[story.code].id, period=story.since, kind=kind, text=text))
    return {code: row.id for code, row in rows.items()}


def _measure(m: M, department: int, head: int) -> Measure:
    ratio = m.denominator > 0
    definition = tr("{name}, reported by the department from its own records.", name=m.name)
    if m.code == "EC-01":
        definition = tr(
            "Calls to the emergency number picked up by a call taker within 10 seconds, of all calls offered. "
            "Abandoned calls under 3 seconds are left out."
        )
    return Measure(
        code=m.code, name=m.name, unit=m.unit, decimals=m.decimals, direction=m.direction, kind=m.kind,
        frequency=m.frequency, aggregation="ratio" if ratio else ("sum" if m.decimals == 0 and m.unit == "count" else "mean"),
        multiplier=100.0 if ratio else 1.0, department_id=department, owner_id=head, source=SOURCES[m.code[:2]],
        definition=definition,
    )  # fmt: skip


def _targets(m: M) -> Iterator[tuple[date, float]]:
    """Targets tighten once, so that a chart shows a step."""
    if m.target is None:
        return
    looser = m.target - (abs(m.target) * 0.02 if m.direction == "higher" else -abs(m.target) * 0.05)
    if m.code == "EC-01":
        yield from ((date(2022, 7, 1), 88.0), (date(2023, 7, 1), 90.0), (date(2024, 7, 1), 92.0))
        return
    yield date(2022, 7, 1), round(min(looser, 100.0) if m.unit == "percent" else looser, m.decimals)
    yield date(2024, 7, 1), m.target


def _goals(change: Change, people: dict[str, int], measures: dict[str, int]) -> None:
    for place, (priority, goals) in enumerate(PRIORITIES.items()):
        row = Priority(name=priority, position=place)
        change.add(row)
        change.flush()
        for order, (name, owner) in enumerate(goals):
            goal = Goal(priority_id=row.id, name=name, owner_id=people[owner], position=order)
            change.add(goal)
            change.flush()
            serving = [m for m in MEASURES if m.goal == name]
            change.add_all(
                GoalMeasure(goal_id=goal.id, measure_id=measures[m.code], position=i) for i, m in enumerate(serving)
            )


def _observe(city: City, measures: dict[str, int], last: date) -> None:
    """Two imports: everything with one wrong value in it, then the correction."""
    rng = np.random.default_rng(SEED)
    with city.change(tr("Import {source}", source="riverton-history.csv")) as change:
        run = ImportRun(at=datetime.combine(last, time(9, 0)), who="sample", source="riverton-history.csv")
        change.add(run)
        change.flush()
        change.run_id = run.id
        cells = store.cells(change, [(("Ward", ward),) for ward in WARDS])
        rows = [row for m in MEASURES for row in _rows(m, measures[m.code], cells, rng, last)]
        store.store(change, run, [_mistyped(row, measures) for row in rows])
    wanted = measures[CORRECTED[0]]
    with city.change(tr("Import {source}", source="public-works-correction.csv")) as change:
        run = ImportRun(at=datetime.combine(last, time(11, 0)), who="sample", source="public-works-correction.csv")
        change.add(run)
        change.flush()
        change.run_id = run.id
        store.store(change, run, [r for r in rows if r.measure_id == wanted and r.period == CORRECTED[1]])


def _rows(
    m: M, measure_id: int, cells: dict[store.Breakdown, int], rng: np.random.Generator, last: date
) -> Iterator[store.Incoming]:
    end = periods.start_of(last, m.frequency)
    if m.frequency == "quarter":
        end = periods.move(end, "quarter", -1)
    starts = periods.run(periods.start_of(FIRST, m.frequency), end, m.frequency)
    values = _values(m, starts, rng)
    for start, value in zip(starts, values, strict=True):
        status = "preliminary" if start == last and m.denominator else "final"
        if m.wards:
            for place, (ward, part) in enumerate(zip(WARDS, _parts(m, float(value), start, rng), strict=True)):
                yield store.Incoming(
                    measure_id, start, cells[(("Ward", ward),)], part, None, None, status, "", f"B{place + 2}"
                )
        elif m.denominator:
            size = max(1, round(m.denominator * (1 + rng.normal(0, 0.02))))
            top = min(size, round(value / 100 * size))
            yield store.Incoming(measure_id, start, 1, 100 * top / size, top, size, status, "", "")
        else:
            yield store.Incoming(measure_id, start, 1, round(float(value), m.decimals), None, None, status, "", "")


def _values(m: M, starts: list[date], rng: np.random.Generator) -> np.ndarray:
    """Level, season, trend and noise, and the planted stories."""
    n = len(starts)
    months = np.array([s.month for s in starts])
    values = m.level + m.season * np.sin((months - 4) / 12 * 2 * np.pi) + m.trend * np.arange(n) / 12
    values = values + np.clip(rng.normal(0, 1, n), -2.3, 2.3) * m.noise
    for story in (s for s in STORIES if s.code == m.code):
        reached = np.array([story.since <= s and (story.until is None or s <= story.until) for s in starts])
        values = values + np.where(reached, story.shift, 0.0)
    return np.minimum(values, 100.0) if m.unit == "percent" else np.maximum(values, 0.0)


def _parts(m: M, value: float, start: date, rng: np.random.Generator) -> list[float]:
    """Six wards that add up (counts), or average, to the whole; ward 6 drives slower ambulances."""
    if m.unit == "count":
        whole = round(value)
        cuts = rng.multinomial(whole, WARD_SHARES)
        return [float(c) for c in cuts]
    tilt = np.array([-0.06, -0.03, 0.0, 0.0, 0.02, 0.07])
    if m.code == "FD-01" and start >= date(2025, 11, 1):
        tilt = np.array([-0.15, -0.14, -0.1, -0.08, -0.03, 0.5])
    return [round(value * (1 + t - float(tilt.mean())), m.decimals + 1) for t in tilt]


def _mistyped(row: store.Incoming, measures: dict[str, int]) -> store.Incoming:
    code, period, factor = CORRECTED
    if row.measure_id == measures[code] and row.period == period and row.value is not None:
        return row._replace(value=row.value * factor, numerator=(row.numerator or 0) * factor)
    return row
