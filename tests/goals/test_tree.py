"""The goal tree: moved, renamed, linked; each act can be taken back."""

from __future__ import annotations

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.goals import tree as goals


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
