"""What of Riverton arrives by itself and what is made of it: a watched folder with its recipe, derived measures, a definition that changed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import select, update

from citystat import periods
from citystat.city import Change, City, derived
from citystat.collect import recipes
from citystat.collect.apply import apply
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import store
from citystat.models import Annotation, Goal, GoalMeasure, ImportRun, Measure, Source, Target
from citystat.sample.stories import Calendar
from citystat.texts import tr

ROUTES = (("1 Harbor", 5200), ("4 University", 6900), ("7 Hospital", 3800), ("12 Ring", 2500))  # and rides on a weekday
MONTHS = 36  # of the first return
RETURN = Recipe(
    name="Transit return", period="Month", breakdowns=("Route",), frequency="month",
    measures=(
        MeasureMap("PW-30", "Bus rides on a weekday", value="Rides", direction="higher"),
        MeasureMap("PW-31", "Bus trips on time", numerator="On time", denominator="Trips", unit="percent", decimals=1, direction="higher"),
    ),
)  # fmt: skip
FOLLOWING = Recipe(name="Library counts", layout="wide", header=(2,), measure="Branch", measures=(MeasureMap("PK-01", "Library visits", value="All branches", direction="higher"),))  # fmt: skip
# code, name, formula, unit, decimals, direction, kind, goal, what it is
DERIVED = (
    ("PD-11", "Property crimes per 1,000 residents", "PD-02 per 1,000 residents", "per 1,000 residents", 2, "lower", "outcome", "Fewer people are hurt",
     "Property crimes of the month for every 1,000 residents, so that other cities can be compared."),
    ("EC-09", "Emergency calls, last 12 months", "rolling(12, EC-02)", "count", 0, "none", "input", "Help arrives in time",
     "Emergency calls offered in the last twelve months together: the load without its season."),
)  # fmt: skip
DESCRIBED = "Describe what arrives"  # the act; it is no step of a person's undo
CHANGED = ("PW-10", date(2024, 1, 1), "Meters are read each month, no longer estimated")


def bring(city: City, folder: Path, calendar: Calendar, units: Mapping[str, int], people: Mapping[str, int]) -> None:
    """Add all of it to the city; the folder then holds a return that is in, and one that waits."""
    last = calendar.last
    done = write(folder, periods.run(periods.add_months(last, -MONTHS), periods.add_months(last, -1), "month"))
    write(folder, [last])
    with city.change(tr("Add the source {name}", name="Transit returns")) as change:
        source = Source(
            name="Transit returns", kind="folder", location=str(folder), options={"pattern": "transit-*.csv"}, watched=True,
            department_id=units["PW"],
        )  # fmt: skip
        change.add(source)
        change.flush()
        source_id = source.id
    came = datetime.combine(last + timedelta(days=5), time(8, 30))
    found = read(done)
    store(city, found, RETURN, apply(found, RETURN), now=came, source_id=source_id)
    with city.change(DESCRIBED) as change:
        recipes.learn(change, FOLLOWING, who=city.who, now=came)
        change.execute(update(ImportRun).where(ImportRun.source_id == source_id).values(who="Mina Haddad"))
        _describe(change, units, people, calendar)
        _derive(change, units, people)
        code, since, words = CHANGED
        measure = change.scalars(select(Measure.id).where(Measure.code == code)).one()
        change.add(Annotation(measure_id=measure, period=calendar.moved(since), kind="definition", text=words))


def write(folder: Path, months: list[date]) -> Path:
    """A return of these months by route, as Riverton Transit sends it; the same figures whenever it is written."""
    folder.mkdir(exist_ok=True)
    path = folder / f"transit-{months[-1]:%Y-%m}.csv"
    rng = np.random.default_rng(30 + len(months))
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Month", "Route", "Rides", "Trips", "On time"])
        for month in months:
            for route, rides in ROUTES:
                trips = round(rides / 4)
                out.writerow([
                    f"{month:%Y-%m}", route, round(rides * (1 + rng.normal(0, 0.02))), trips,
                    round(trips * (0.872 + rng.normal(0, 0.012))),
                ])  # fmt: skip
    return path


def _describe(change: Change, units: Mapping[str, int], people: Mapping[str, int], calendar: Calendar) -> None:
    """The transit measures as a person would describe them."""
    about = {"PW-30": ("outcome", 17_500.0, "Boardings on an average weekday."), "PW-31": ("quality", 85.0, "Trips that left each timed stop less than five minutes late, of all trips.")}  # fmt: skip
    goal = change.scalars(select(Goal.id).where(Goal.name == "Services that answer")).one()
    for place, (code, (kind, target, words)) in enumerate(about.items()):
        row = change.scalars(select(Measure).where(Measure.code == code)).one()
        row.kind, row.definition, row.source = kind, words, tr("Transit returns")
        row.department_id, row.owner_id = units["PW"], people["ad"]
        change.add(Target(measure_id=row.id, since=calendar.fiscal(date(2024, 7, 1)), value=target))
        change.add(GoalMeasure(goal_id=goal, measure_id=row.id, position=10 + place))


def _derive(change: Change, units: Mapping[str, int], people: Mapping[str, int]) -> None:
    """The derived measures; their values come at the end of the act."""
    heads = {"PD": "ps", "EC": "dw"}
    for code, name, formula, unit, decimals, direction, kind, goal, words in DERIVED:
        row = Measure(
            code=code, name=name, formula=formula, unit=unit, decimals=decimals, direction=direction, kind=kind, frequency="month",
            aggregation="sum", definition=words, department_id=units[code[:2]], owner_id=people[heads[code[:2]]],
            source=tr("Computed here"),
        )  # fmt: skip
        change.add(row)
        change.flush()
        derived.settle(change, row)
        serves = change.scalars(select(Goal.id).where(Goal.name == goal)).one()
        change.add(GoalMeasure(goal_id=serves, measure_id=row.id, position=10))
        if direction == "lower":
            change.add(Target(measure_id=row.id, since=date(2019, 7, 1), value=2.8))
