"""What Riverton agreed about its goals: where measures started from, what shall be reached by when, what counts most, who helps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from citystat import periods
from citystat.city import Change
from citystat.models import Goal, GoalContributor, GoalMeasure, Measure, Target, Total
from citystat.sample.stories import Calendar
from citystat.texts import tr

BASE_YEAR, WAY_BEGINS, NEXT = date(2022, 7, 1), date(2025, 7, 1), date(2028, 7, 1)
BASELINES = ("EC-01", "EC-05", "PD-01", "PD-02", "PD-03", "PW-06", "PB-01")
TO_REACH = {"EC-05": 85.0, "PD-02": 600.0, "PD-03": 75.0}  # from the baseline, at the end of FY28
TOLERANCES = {"EC-01": 0.5, "EC-04": 2.0, "PD-01": 5.0, "PD-03": 2.0, "PB-01": 1.0}
WEIGHTS = {"EC-01": 3.0, "FD-01": 3.0, "PD-04": 2.0, "PD-01": 2.0, "PW-01": 2.0, "PB-01": 3.0}
HELP = {
    "Help arrives in time": (("FD", ""), ("PD", "")),
    "Fewer people are hurt": (("FD", ""), ("PW", "Vision Zero")),
    "Permits without waiting": (("FD", "Plan review"),),
}  # goal → (department's code, program)
MEANS = {
    "Help arrives in time": "Whoever calls the emergency number is answered at once, and an ambulance, an engine or a patrol is there within minutes, in every ward.",
}  # fmt: skip


def agree(change: Change, measures: Mapping[str, int], departments: Mapping[str, int], calendar: Calendar) -> None:
    """Baselines from the first year's figures, trajectories, tolerances, weights and contributors; figures are in by then."""
    base = calendar.fiscal(BASE_YEAR)
    rows = {m.code: m for m in change.scalars(select(Measure).where(Measure.code.in_(BASELINES)))}
    for code, row in rows.items():
        row.baseline, row.baseline_period = _mean(change, measures[code], base), base
    for code, value in TO_REACH.items():
        _lead(change, rows[code], value, calendar)
    for code, tolerance in TOLERANCES.items():
        for target in change.scalars(select(Target).where(Target.measure_id == measures[code])):
            target.tolerance = tolerance
    for code, weight in WEIGHTS.items():
        for link in change.scalars(select(GoalMeasure).where(GoalMeasure.measure_id == measures[code])):
            link.weight = weight
    _helped(change, departments)


def _mean(change: Change, measure: int, base: date) -> float:
    """The mean over the year that begins on `base`, to a tenth."""
    year = (Total.period >= base, Total.period < date(base.year + 1, base.month, 1))
    return round(
        float(change.scalar(select(func.avg(Total.value)).where(Total.measure_id == measure, *year)) or 0.0), 1
    )


def _lead(change: Change, measure: Measure, value: float, calendar: Calendar) -> None:
    """From the baseline, in equal parts, to `value`."""
    begins, ends = calendar.fiscal(WAY_BEGINS), periods.add_months(calendar.fiscal(NEXT), -1)
    said = {"agreed_by": "Dana Whitfield", "agreed_on": begins}
    change.add(Target(measure_id=measure.id, since=begins, value=measure.baseline, **said))
    change.add(Target(measure_id=measure.id, since=ends, value=value, kind="reach", **said))


def _helped(change: Change, departments: Mapping[str, int]) -> None:
    goals = {g.name: g for g in change.scalars(select(Goal))}
    for name, helpers in HELP.items():
        for code, program in helpers:
            change.add(GoalContributor(goal_id=goals[name].id, department_id=departments[code], program=program))
    for name, words in MEANS.items():
        goals[name].description = tr(words)
