"""The goal tree: moved, renamed, linked; each act can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.goals import tree as goals
from citystat.measures.standing import tally


@pytest.fixture
def two(city: City) -> tuple[int, int, list[int]]:
    first, second = goals.add_priority(city, "Safe"), goals.add_priority(city, "Clean")
    return first, second, [goals.add_goal(city, first, "Fast"), goals.add_goal(city, first, "Calm")]


def names(city: City) -> list[tuple[str, list[str]]]:
    with city.read() as read:
        return [(p.name, [g.name for g in p.goals]) for p in goals.tree(read)]


def test_a_goal_moves_within_its_priority_and_on_into_the_next(city: City, two: tuple[int, int, list[int]]) -> None:
    fast = two[2][0]
    goals.move(city, "goal", fast, 1)
    assert names(city) == [("Safe", ["Calm", "Fast"]), ("Clean", [])]
    goals.move(city, "goal", fast, 1)
    assert names(city) == [("Safe", ["Calm"]), ("Clean", ["Fast"])]
    city.undo()
    assert names(city) == [("Safe", ["Calm", "Fast"]), ("Clean", [])]


def test_a_priority_moves_and_stops_at_the_edge(city: City, two: tuple[int, int, list[int]]) -> None:
    goals.move(city, "priority", two[1], -1)
    goals.move(city, "priority", two[1], -1)
    assert [name for name, _ in names(city)] == ["Clean", "Safe"]


def test_a_priority_with_goals_is_not_removed(city: City, two: tuple[int, int, list[int]]) -> None:
    with pytest.raises(CityStatError, match="still has goals"):
        goals.remove(city, "priority", two[0])
    assert names(city)[0] == ("Safe", ["Fast", "Calm"])


def test_a_goal_without_a_name_is_refused(city: City, two: tuple[int, int, list[int]]) -> None:
    with pytest.raises(CityStatError, match="name is needed"):
        goals.save_goal(city, two[2][0], name=" ", owner_id=None, description="")
    assert names(city)[0][1] == ["Fast", "Calm"]


@dataclass(frozen=True)
class Seen:
    """What the summary asks of a measure that was judged."""

    signal: str
    kind: str = "output"

    @property
    def measure(self) -> Seen:
        return self


def test_the_summary_counts_goals_not_measures_and_one_goal_may_move_both_ways() -> None:
    fast, calm, bare = (
        goals.GoalRow(n, "", "", ids, (1.0,) * len(ids)) for n, ids in ((1, (1, 2)), (2, (1, 3)), (3, ()))
    )
    stand = {1: Seen("improvement"), 2: Seen("concern", "outcome"), 3: Seen("common")}
    found = goals.summary([goals.PriorityRow(1, "Safe", (fast, calm, bare))], stand)
    assert found == goals.Summary(priorities=1, goals=3, better=2, worse=1, measures=3, bare=2)
    assert tally(stand.values()) == (1, 1, 1, 0)
