"""Screening the sample city: what was planted is found, with wards and targets, and nothing else; answers are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from citystat import periods
from citystat.city import City
from citystat.city import observations as store
from citystat.errors import Cancelled, CityStatError
from citystat.goals.tree import link_measure, tree
from citystat.measures.edit import save_measure
from citystat.measures.series import all_parts, all_series, definition, definitions
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.meetings.meeting import meetings
from citystat.meetings.suggest import take_finding
from citystat.models import Goal, GoalMeasure, ImportRun, Priority
from citystat.models.observations import WHOLE
from citystat.sample.stories import REFERENCE, STORIES, Story
from citystat.sample.tables import MEASURES, M
from citystat.screening.answers import ACCEPTED, DISMISSED, answer, answers, said_of, unanswered
from citystat.screening.finding import CHANGE, ENDANGERED, MISSED, ODD, SIGNAL, Finding
from citystat.screening.found import Screened, screen
from citystat.screening.rank import score, serving, why
from citystat.screening.tested import look

NOW = datetime(2026, 3, 10, 9, 0)
YEAR = periods.run(date(2025, 3, 1), REFERENCE, "month")  # the newest twelve months
FRESH = date(2025, 6, 15)  # stories that began since then are news in February 2026
RESTARTED = {s.code for s in STORIES if s.note and s.note[0] == "rebase"}  # told already, and their limits begun anew
NEWS = {
    s.code: s for s in STORIES if s.finds in ("concern", "improvement") and s.since > FRESH and s.code not in RESTARTED
}


def found(city: City) -> Screened:
    with city.read() as read:
        return screen(read)


def planted_miss(m: M) -> float:
    """By how much a measure fails its target as it was planted, on average of the newest year; below zero: it meets it."""
    moved = sum(_in_force(s) for s in STORIES if s.code == m.code)
    level = m.level + m.trend * (periods.between(date(2019, 3, 1), REFERENCE, "month") - 5.5) / 12 + moved
    return (m.target or 0.0) - level if m.direction == "higher" else level - (m.target or 0.0)


def _in_force(story: Story) -> float:
    return story.shift * sum(month >= story.since for month in YEAR) / len(YEAR)


def test_every_fresh_story_is_found_where_it_began_and_no_measure_has_one_of_its_own(sample_city: City) -> None:
    whole = {f.measure.code: f for f in found(sample_city).findings if f.cell == WHOLE and f.kind != MISSED}
    assert date(2026, 2, 1) == REFERENCE
    assert whole.keys() == NEWS.keys()
    for code, story in NEWS.items():
        assert abs(periods.between(story.since, whole[code].since, "month")) <= 2, code
        assert whole[code].signal == story.finds, code


def test_wards_are_named_only_of_what_changed_and_the_ward_that_drives_it_is_among_them(sample_city: City) -> None:
    wards = [f for f in found(sample_city).findings if f.cell != WHOLE]
    assert {f.measure.code for f in wards} <= NEWS.keys()
    assert {f.measure.code for f in wards} >= {"FD-01", "PW-01"}
    worst = max((f for f in wards if f.measure.code == "FD-01"), key=lambda f: f.size)
    assert worst.category == "Ward 6" and worst.since == NEWS["FD-01"].since


def test_targets_are_missed_where_they_were_planted_so_and_nowhere_else(sample_city: City) -> None:
    missed = {f.measure.code for f in found(sample_city).findings if f.kind == MISSED}
    asked = [m for m in MEASURES if m.target and m.noise and m.direction in ("higher", "lower")]
    planted = {m.code: planted_miss(m) / m.noise for m in asked}
    assert "FD-06" in missed and planted["FD-06"] > 0
    assert all(planted[code] > 0 for code in missed)
    assert {code for code, sigmas in planted.items() if sigmas > 1.5} <= missed


def test_what_is_told_by_another_finding_stands_beneath_it(sample_city: City) -> None:
    rows = found(sample_city)
    own = {f.key: f for f in rows.told}
    beneath = [f for f in rows.findings if f.under is not None]
    assert beneath and all(own[f.under].measure.id == f.measure.id for f in beneath)
    assert all(f.cell == WHOLE for f in rows.told), "every ward of the sample is told by its whole"
    for place, f in enumerate(rows.findings):
        if f.under is not None:
            assert rows.findings[place - 1].key == f.under or rows.findings[place - 1].under == f.under


def test_the_newest_and_worst_stands_first_and_old_misses_last(sample_city: City) -> None:
    rows = found(sample_city).told
    assert rows[0].measure.code == "PW-04" and rows[-1].kind == MISSED
    scores = [f.score for f in rows]
    assert scores == sorted(scores, reverse=True)


def test_few_of_many_tests_are_findings_and_the_rate_is_kept(sample_city: City) -> None:
    done = found(sample_city)
    assert done.tests > 200 and len(done.told) < 20
    assert all(f.adjusted <= done.rate == 0.05 for f in done.findings)
    with sample_city.read() as read:
        strict = screen(read, rate=1e-6)
    assert {f.key for f in strict.findings} < {f.key for f in done.findings}


def test_the_weight_in_the_goal_and_the_order_of_priorities_count(sample_city: City) -> None:
    with sample_city.read() as read:
        goals = serving(read)
        ambulances = definition(read, "FD-01").id
    first = goals[ambulances][0]
    assert first.goal == "Help arrives in time" and first.place == 1
    assert first.worth == pytest.approx(1 + 1.5), (
        "three times the weight of most others counts one and a half times, no more"
    )
    with sample_city.change("Weigh") as change:
        for link in change.query(GoalMeasure).filter_by(goal_id=first.goal_id):
            link.weight = 1.0
        change.get_one(Priority, change.get_one(Goal, first.goal_id).priority_id).position = 99
    with sample_city.read() as read:
        weighed = serving(read)[ambulances][0]
    assert weighed.place == 5 and weighed.worth == pytest.approx(1 + 1.0 * 0.6)


def test_of_goals_that_count_alike_the_one_that_stands_first_in_the_tree_is_named(sample_city: City) -> None:
    with sample_city.read() as read:
        above, below = tree(read)[0].goals[:2]
        ambulances = definition(read, "FD-01").id
    for goal in (below, above):
        link_measure(sample_city, goal.id, ambulances)
    with sample_city.change("Weigh") as change:
        for link in change.query(GoalMeasure).filter(GoalMeasure.goal_id.in_([above.id, below.id])):
            link.weight = 1.0
            link.position = 0 if link.goal_id == below.id else 9
    with sample_city.read() as read:
        assert [g.goal for g in serving(read)[ambulances]][:2] == [above.name, below.name]


def test_why_tells_every_factor_of_the_score(sample_city: City) -> None:
    for f in found(sample_city).findings:
        first, *rest, last = why(f).split(" · ")
        product = float(re.findall(r"\d+\.\d", first)[-1])
        for factor in rest:
            product *= float(factor.rpartition("× ")[2])
        assert product == pytest.approx(score(f), rel=0.05)
        assert last == f"score {f.score:.1f}"
    told = why(found(sample_city).findings[0])
    assert "sigmas" in told and "endangered target × 1.5" in told and "priority 2" in told


## What is looked at again


def bring(city: City, measure_id: int, period: date, value: float) -> None:
    with city.change("Bring in") as change:
        run = ImportRun(at=NOW, who="t", source="made")
        change.add(run)
        change.flush()
        store.store(change, run, [store.Incoming(measure_id, period, WHOLE, value, None, None, "final", "", "")])


def looked_at(city: City) -> int:
    """Of all series, how many have to be looked at."""
    with city.read() as read:
        known = definitions(read)
        _, fresh = look([*all_series(read, known), *(part for part, _, _ in all_parts(read, known))])
    return fresh


def test_after_a_new_period_only_what_it_touches_is_looked_at_again(sample_city: City) -> None:
    found(sample_city)
    assert looked_at(sample_city) == 0
    with sample_city.read() as read:
        hires = definition(read, "HR-03").id
    bring(sample_city, hires, date(2026, 3, 1), 70)
    assert looked_at(sample_city) == 1
    assert next(f for f in found(sample_city).findings if f.measure.code == "HR-03").age > 0
    set_target(sample_city, hires, TargetStep(date(2024, 1, 1), 60.0))
    assert looked_at(sample_city) == 1
    sample_city.undo()
    sample_city.undo()
    assert looked_at(sample_city) == 0, "what was known before is known again"


class Impatient:
    """Asks to stop once `words` are said."""

    def __init__(self, words: str) -> None:
        self.words, self.shares = words, [0.0]

    def report(self, share: float, words: str = "") -> None:
        self.shares.append(share)
        if words == self.words:
            raise Cancelled


@pytest.mark.parametrize("words", ["Reading every measure", "Looking at every measure"])
def test_it_can_be_stopped_while_it_reads_and_while_it_looks(sample_city: City, words: str) -> None:
    with sample_city.read() as read:
        bring(sample_city, definition(read, "HR-03").id, date(2026, 3, 1), 60.0 + len(words))
    with sample_city.read() as read, pytest.raises(Cancelled):
        screen(read, Impatient(words))
    patient = Impatient("")
    with sample_city.read() as read:
        screen(read, patient)
    assert patient.shares == sorted(patient.shares) and patient.shares[-1] < 1


## Answers


def test_an_answer_keeps_a_finding_away_while_it_lasts_and_is_taken_back(sample_city: City) -> None:
    first, second = found(sample_city).told[:2]
    with pytest.raises(CityStatError, match="with a reason"):
        answer(sample_city, first, DISMISSED, now=NOW)
    answer(sample_city, first, DISMISSED, now=NOW, reason="the storm, repaired since")
    with sample_city.read() as read:
        meeting = next(m.id for m in meetings(read) if m.status == "planned")
    take_finding(sample_city, meeting, second, now=NOW)
    rows = found(sample_city)
    with sample_city.read() as read:
        said = answers(read)
    assert said[first.key].reason == "the storm, repaired since"
    assert {f.key for f in rows.told} - {f.key for f in unanswered(rows.findings, said)} == {first.key, second.key}
    sample_city.undo()
    with sample_city.read() as read:
        assert set(answers(read)) == {first.key}, "the agenda item and the answer are one step"


def bring_months(city: City, measure_id: int, values: list[float]) -> None:
    for n, value in enumerate(values):
        bring(city, measure_id, periods.add_months(date(2026, 3, 1), n), value)


def news_of(city: City, code: str) -> list[Finding]:
    return [f for f in found(city).findings if f.measure.code == code and f.kind != MISSED]


def test_a_finding_that_ended_and_comes_back_later_waits_again(sample_city: City) -> None:
    """Street lights: out for two months and answered, repaired for half a year, then out again."""
    with sample_city.read() as read:
        lights = definition(read, "PW-04").id
        usual = next(m.level for m in MEASURES if m.code == "PW-04")
    (first,) = [f for f in news_of(sample_city, "PW-04") if f.cell == WHOLE]
    answer(sample_city, first, ACCEPTED, now=NOW)
    bring_months(sample_city, lights, [usual + 125])
    with sample_city.read() as read:
        assert not [f for f in unanswered(news_of(sample_city, "PW-04"), answers(read)) if f.cell == WHOLE], (
            "it goes on"
        )
    bring_months(
        sample_city,
        lights,
        [usual + 125, *(usual + d for d in (4, -6, 8, -3, 5, -7, 2, 6, -4)), usual + 130, usual + 140],
    )
    with sample_city.read() as read:
        back = [f for f in unanswered(news_of(sample_city, "PW-04"), answers(read)) if f.cell == WHOLE]
    assert [f.since for f in back] == [date(2027, 1, 1)]


def test_the_same_finding_is_known_though_its_name_or_beginning_moved_a_little(sample_city: City) -> None:
    first = found(sample_city).told[0]
    answer(sample_city, first, ACCEPTED, now=NOW)
    with sample_city.read() as read:
        said = answers(read)
    assert first.kind == ENDANGERED
    assert said_of([replace(first, kind=SIGNAL, since=date(2025, 12, 1))], said)
    assert said_of([replace(first, kind=CHANGE, since=date(2026, 2, 1))], said)
    assert not said_of([replace(first, kind=ODD)], said), "an odd value says something else"
    assert not said_of([replace(first, since=date(2026, 3, 1))], said), "begun after it was answered"
    assert not said_of([replace(first, since=date(2025, 6, 1))], said), "another one, long before"


def test_odd_measures_are_screened_without_a_finding(city: City) -> None:
    """Constant, one value, none, gaps, no direction, a target on a constant: each has its answer, none is a finding."""
    rng = np.random.default_rng(3)
    cases = {
        "CONST": [100.0] * 30, "ONE": [5.0], "GAPS": [v if i % 3 else None for i, v in enumerate(rng.normal(50, 2, 40))],
        "NOISE": list(rng.normal(50, 2, 40)), "ZERO": [0.0] * 20, "NEG": list(rng.normal(-20, 3, 40)),
    }  # fmt: skip
    with city.change("Make") as change:
        run = ImportRun(at=NOW, who="t", source="made")
        change.add(run)
        change.flush()
        run_id = run.id
    for code, values in cases.items():
        m = save_measure(city, None, code=code, name=code, direction="higher" if code != "NOISE" else "none")
        set_target(city, m, TargetStep(date(2020, 1, 1), 90.0 if code == "CONST" else -1000.0))
        with city.change("Bring in") as change:
            rows = [
                store.Incoming(m, date(2020 + i // 12, i % 12 + 1, 1), WHOLE, v, None, None, "final", "", "")
                for i, v in enumerate(values)
                if v is not None
            ]
            store.store(change, change.get_one(ImportRun, run_id), rows)
    save_measure(city, None, code="NONE", name="None")
    assert found(city).findings == ()
