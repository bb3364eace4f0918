"""Riverton, population 248,000: a whole city made by code from a fixed seed, marked as a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select, update

from citystat.city import Change, City
from citystat.city.file import beside, companions
from citystat.errors import CityStatError
from citystat.files import found
from citystat.models import (
    Act,
    Annotation,
    CitySettings,
    Department,
    Goal,
    GoalMeasure,
    Measure,
    Person,
    Priority,
    Target,
)
from citystat.sample import agreed, arriving, chains, contracts
from citystat.sample.figures import observe
from citystat.sample.history import Riverton, hold_meetings
from citystat.sample.stories import STORIES, YEAR_START, Calendar
from citystat.sample.tables import DEPARTMENTS, MEASURES, PEOPLE, PRIORITIES, SOURCES, M
from citystat.texts import tr


def make(path: Path, *, today: date | None = None) -> City:
    """Make Riverton at `path` as it stands on `today` (the real day unless given); its figures end with the month before.

    It is made under another name until it is whole. CityStatError where a file is there already.
    """
    if found(path):
        raise CityStatError(tr("There is a file of that name already"), where=str(path), do=tr("Choose another name"))
    part = beside(path, ".part.citystat")
    try:
        _clear(part)  # of a making that was cut off
        with City.create(part, "Riverton", sample=True, who="sample", fiscal_year_start=YEAR_START) as city:
            _fill(city, Calendar(today or date.today()), path.absolute().with_name(f"{path.stem} returns"))
        part.rename(path)
    except BaseException:
        _clear(part)
        raise
    return City.open(path, who="sample")


def _clear(part: Path) -> None:
    for left in (part, *companions(part)):
        left.unlink(missing_ok=True)


def _fill(city: City, calendar: Calendar, folder: Path) -> None:
    """Seven years of figures and meetings; folder: where files arrive."""
    with city.change(tr("Make the sample city")) as change:
        departments, people = _people(change)
        measures = _measures(change, calendar, departments, people)
        _goals(change, people, measures)
        chains.draw(change, departments, measures)
        contracts.sign(change, people, measures, calendar)
    runs, figures = observe(city, measures, calendar)
    hold_meetings(city, Riverton(calendar, people, measures, runs, figures, departments))
    arriving.bring(city, folder, calendar, departments, people)
    with city.change(tr("Agree on the goals")) as change:
        agreed.agree(change, measures, departments, calendar)
    with city.change(tr("Finish the sample city")) as change:  # what was made by code is no step of a person's undo
        made = Act.run_id.is_(None) | (Act.what == arriving.DESCRIBED)
        change.execute(update(Act).where(made).values(state="final"))


def _people(change: Change) -> tuple[dict[str, int], dict[str, int]]:
    """Departments and people; returns their ids, by code and by initials."""
    settings = change.get(CitySettings, 1)
    if settings is not None:
        settings.population = 248_000
        settings.office = tr("Office of Performance, sample data")  # stands on every document
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
    ids = {code: row.id for code, row in departments.items()}
    return ids, {initials: person.id for initials, person in people.items()}


def _measures(change: Change, calendar: Calendar, units: dict[str, int], people: dict[str, int]) -> dict[str, int]:
    """Measures with targets and words on their charts; returns ids by code."""
    heads = {p.department_id: p.id for p in change.scalars(select(Person).where(Person.heads_department))}
    departments = {d.code: d.id for d in change.scalars(select(Department))}
    rows = {m.code: _measure(m, departments[m.code[:2]], heads[departments[m.code[:2]]]) for m in MEASURES}
    rows |= contracts.measures(units, people)
    change.add_all(rows.values())
    change.flush()
    for m in MEASURES:
        change.add_all(Target(measure_id=rows[m.code].id, since=s, value=v) for s, v in _targets(m, calendar))
    for story in STORIES:
        if story.note:
            kind, text = story.note
            since = calendar.moved(story.since)
            change.add(Annotation(measure_id=rows[story.code].id, period=since, kind=kind, text=text))
    return {code: row.id for code, row in rows.items()}


def _measure(m: M, department: int, head: int) -> Measure:
    ratio = m.denominator > 0
    definition = tr("{name}, reported by the department from its own records.", name=m.name)
    not_measured = limits = ""
    if m.code == "EC-01":
        definition = tr(
            "Calls to the emergency number picked up by a call taker within 10 seconds, of all calls offered. "
            "Abandoned calls under 3 seconds are left out."
        )
        not_measured = tr("How long the call lasted, or whether help came in time.")
        limits = tr("A call handed on from the sheriff counts when it arrives here, not when it was first made.")
    return Measure(
        code=m.code, name=m.name, unit=m.unit, decimals=m.decimals, direction=m.direction, kind=m.kind,
        frequency=m.frequency, aggregation="ratio" if ratio else ("sum" if m.decimals == 0 and m.unit == "count" else "mean"),
        multiplier=100.0 if ratio else 1.0, department_id=department, owner_id=head, source=SOURCES[m.code[:2]],
        definition=definition, not_measured=not_measured, limits=limits,
    )  # fmt: skip


def _targets(m: M, calendar: Calendar) -> Iterator[tuple[date, float]]:
    """Targets tighten with the fiscal year, so that a chart shows a step."""
    if m.target is None:
        return
    looser = m.target - (abs(m.target) * 0.02 if m.direction == "higher" else -abs(m.target) * 0.05)
    if m.code == "EC-01":
        yield from (
            (calendar.fiscal(date(year, 7, 1)), value) for year, value in ((2022, 88.0), (2023, 90.0), (2024, 92.0))
        )
        return
    yield calendar.fiscal(date(2022, 7, 1)), round(min(looser, 100.0) if m.unit == "percent" else looser, m.decimals)
    yield calendar.fiscal(date(2024, 7, 1)), m.target


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
