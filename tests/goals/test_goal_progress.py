"""Progress of a goal and a priority: points of its measures by their weights, shown with the working."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.goals import tree as goals
from citystat.goals.progress import counts, goal_progress, priority_progress, rule
from citystat.measures.edit import save_measure
from citystat.measures.progress import BEHIND, NEAR, ON_TRACK, UNJUDGED, Progress, progress
from citystat.models import Department
from tests.measures.made_series import a_series

GOAL = goals.GoalRow(1, "Help in time", "", (1, 2, 3), (2.0, 1.0, 1.0))


def having(*states: str) -> dict[int, Progress]:
    """Progress of measures 1, 2, 3 … by state."""
    made = progress(a_series([1.0, 1.0, 1.0], target=1.0))
    return {n: replace(made, state=state) for n, state in enumerate(states, 1)}


@pytest.mark.parametrize(
    ("states", "share", "state"),
    [
        ((ON_TRACK, ON_TRACK, BEHIND), 0.75, ON_TRACK),
        ((ON_TRACK, BEHIND, BEHIND), 0.5, NEAR),
        ((BEHIND, ON_TRACK, NEAR), 0.375, BEHIND),
        ((UNJUDGED, ON_TRACK, NEAR), 0.75, ON_TRACK),
        ((UNJUDGED, UNJUDGED, UNJUDGED), None, UNJUDGED),
    ],
)
def test_a_goal_is_where_its_measures_are_by_their_weights(
    states: tuple[str, ...], share: float | None, state: str
) -> None:
    found = goal_progress(GOAL, having(*states))
    assert (found.share, found.state) == (share, state)


def test_the_rule_is_shown_with_its_working() -> None:
    words = goal_progress(GOAL, having(ON_TRACK, NEAR, UNJUDGED)).working
    assert words == "2.5 of 3 points. 1 measure is not judged."
    assert rule().startswith("A measure on track brings its weight, one that is near half of it.")
    assert goal_progress(GOAL, having(UNJUDGED)).working == "None of its measures can be judged yet."


def test_a_measure_of_no_weight_is_shown_and_does_not_count() -> None:
    found = goal_progress(replace(GOAL, weights=(0.0, 1.0, 1.0)), having(BEHIND, ON_TRACK, ON_TRACK))
    assert (found.share, len(found.measures)) == (1.0, 3)
    assert found.working == "2 of 2 points. 1 measure has no weight."


def test_a_priority_is_the_mean_of_its_goals() -> None:
    on, off, unknown = (goal_progress(GOAL, having(*[s] * 3)) for s in (ON_TRACK, BEHIND, UNJUDGED))
    three = goals.PriorityRow(1, "Safe", tuple(replace(GOAL, id=n) for n in (1, 2, 3)))
    assert priority_progress(three, {1: on, 2: off, 3: unknown}) == (0.5, NEAR)
    assert priority_progress(three, {3: unknown}) == (None, UNJUDGED)
    assert counts([on, off, unknown]) == "1 on track, 1 behind, 1 not judged"


def test_weights_department_and_contributors_are_kept_and_taken_back(city: City) -> None:
    with city.change("Departments") as change:
        change.add_all([Department(code="FD", name="Fire"), Department(code="EC", name="Dispatch")])
        change.flush()
    goal = goals.add_goal(city, goals.add_priority(city, "Safe"), "Help in time")
    measure = save_measure(city, None, code="A-1", name="Answered")
    goals.link_measure(city, goal, measure)

    def row() -> goals.GoalRow:
        with city.read() as read:
            return goals.tree(read)[0].goals[0]

    before = row()
    goals.save_goal(
        city, goal, name="Help in time", owner_id=None, description="", department_id=1,
        contributors=[(2, ""), (None, "Call handling"), (2, "")],
    )  # fmt: skip
    goals.set_weights(city, goal, {measure: 3.0})
    after = row()
    assert (after.department, after.weights) == ("Fire", (3.0,))
    assert after.contributors == ((2, "Dispatch", ""), (None, "", "Call handling"))
    city.undo()
    city.undo()
    assert row() == before
    with pytest.raises(CityStatError, match="how much a measure counts"):
        goals.set_weights(city, goal, {measure: 0.0})


def test_arithmetic_alone_makes_no_goal_worse() -> None:
    weighed = replace(GOAL, measure_ids=(1, 2), weights=(0.3, 0.1))
    found = goal_progress(weighed, having(ON_TRACK, BEHIND))
    assert (found.working, found.state) == ("0.3 of 0.4 points.", ON_TRACK)
