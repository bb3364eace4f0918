"""The results check finds what is missing and leads to it; the catalogue helps and is undone."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from citystat.city import City
from citystat.goals import tree
from citystat.goals.results import Rule, check, summary
from citystat.measures import edit
from citystat.measures.catalogue import catalogue, found, near, use
from citystat.measures.series import definition, definitions
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.people.roster import departments
from citystat.periods import FREQUENCIES
from citystat.texts import speaking

SERVICES = 15
KINDS = ("outcome", "intermediate outcome", "output", "efficiency", "quality", "input")


def rules(city: City, today: date) -> dict[str, Rule]:
    with city.read() as read:
        return {rule.asked: rule for rule in check(read, today)}


def test_the_sample_city_measures_results_for_every_goal_but_those_it_should_not(
    sample_city: City, today: date
) -> None:
    found_ = rules(sample_city, today)
    goals = found_["Goals with no outcome measure"]
    assert (goals.of, len(goals.findings)) == (12, 0)
    assert summary(list(found_.values())) == "Every goal has an outcome measure"
    assert len(found_["Measures that serve no goal"].findings) == 14  # they serve the contracts


def test_each_thing_that_is_missing_leads_to_its_place(city: City, today: date) -> None:
    priority = tree.add_priority(city, "Safe streets")
    goal = tree.add_goal(city, priority, "Help arrives in time")
    assert rules(city, today)["Goals with no outcome measure"].findings[0].about == "no measure at all"
    m = edit.save_measure(city, None, code="EC-01", name="Calls answered", kind="output")
    tree.link_measure(city, goal, m)
    found_ = rules(city, today)
    assert found_["Goals with no outcome measure"].findings[0].place == f"goals:{goal}"
    assert found_["Goals with no outcome measure"].findings[0].about == "1 measure, of activity only"
    for asked in ("Measures with no direction", "Measures with no owner", "Measures with no definition"):
        assert [f.place for f in found_[asked].findings] == ["measure:EC-01"], asked
    edit.save_measure(city, m, kind="outcome", direction="higher")
    found_ = rules(city, today)
    assert found_["Goals with no outcome measure"].passed == 1
    assert [f.place for f in found_["Measures with no target"].findings] == ["measure:EC-01"]
    set_target(city, m, TargetStep(date(2026, 1, 1), 90))
    assert rules(city, today)["Measures with no target"].findings == ()


def test_a_department_that_only_counts_activity_is_named(sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        mine = [m for m in definitions(read) if m.code.startswith("PB")]
    for m in mine:
        edit.save_measure(sample_city, m.id, kind="output")
    (finding,) = rules(sample_city, today)["Departments that only count activity"].findings
    assert finding.place == "measures:Permits and buildings"
    assert [s.key for s in near(finding.near)][0].startswith("permits")


def test_the_catalogue_has_outcomes_for_every_service_in_both_languages() -> None:
    english = catalogue()
    with speaking("es"):
        spanish = {s.key: s for s in catalogue()}
    assert len({s.key for s in english}) == len(english) == len(spanish)
    outcomes = Counter(s.service for s in english if s.kind in ("outcome", "intermediate outcome"))
    assert len({s.service for s in english}) == SERVICES
    assert set(outcomes) >= {s.service for s in english} - {"Permits and inspections"} and min(outcomes.values()) >= 1
    for s in english:
        assert s.name and s.definition.endswith(".") and s.formula and spanish[s.key].name != s.name, s.key
        assert s.kind in KINDS and s.direction in ("higher", "lower", "range"), s.key
        assert s.frequency in FREQUENCIES and s.unit in ("count", "percent", "days", "minutes"), s.key


def test_the_catalogue_is_searched_by_words_and_service() -> None:
    assert {s.key for s in found("potholes")} == {"streets-potholes"}
    assert all(s.service == "Libraries" for s in found("", "Libraries")) and found("zebra") == []


def test_use_this_makes_the_measure_and_undo_takes_it_away(sample_city: City) -> None:
    (suggestion,) = found("potholes")
    with sample_city.read() as read:
        works = next(d.id for d in departments(read) if d.name == "Public works")
    code = use(sample_city, suggestion, department_id=works)
    with sample_city.read() as read:
        m = definition(read, code)
    assert code == "PW-25" and (m.name, m.unit, m.multiplier, m.aggregation) == (
        suggestion.name,
        "percent",
        100.0,
        "ratio",
    )
    assert m.definition.startswith(suggestion.definition) and "reported × 100" in m.definition
    sample_city.undo()
    with sample_city.read() as read, pytest.raises(Exception, match="no measure"):
        definition(read, code)
