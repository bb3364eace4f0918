"""Targets that their forecasts endanger: found where a measure that still meets its target is on the way to miss it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from citystat.city import City
from citystat.errors import Cancelled
from citystat.measures.outlook import outlook, outlooks
from citystat.measures.series import all_series, definitions
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.screening.ahead import with_forecasts
from citystat.screening.answers import ACCEPTED, answer, answers, unanswered
from citystat.screening.finding import AHEAD, Finding
from citystat.screening.found import screen
from citystat.screening.rank import why
from tests.screening.brought import always, bring

NOW = datetime(2026, 3, 10, 9, 0)


def ahead(city: City) -> list[Finding]:
    with city.read() as read:
        return [f for f in with_forecasts(screen(read)).findings if f.kind == AHEAD]


def test_a_measure_that_meets_its_target_and_is_heading_to_miss_it_is_found_and_one_that_stays_is_not(
    city: City,
) -> None:
    noise = np.random.default_rng(4).normal(0, 1, 60)
    bring(city, "STAYS", 100 + noise, always(90))
    bring(city, "SHORT", np.arange(5.0), always(90))
    raised = bring(city, "RAISED", 100 + noise[::-1], always(90))
    assert ahead(city) == []
    set_target(city, raised, TargetStep(date(2026, 3, 1), 200))
    (found,) = ahead(city)
    assert found.measure.code == "RAISED" and found.standing.meets == "meets"
    assert found.chance == 0 and found.words.endswith("; the chance of 1,520.0 is less than 1 %."), (
        "eight months at 90, four at 200"
    )
    assert why(found).startswith("a chance of the target of less than 1 %, 3.7 sigmas out"), "never quite none"


def test_what_is_forecast_is_what_was_screened_though_a_figure_came_meanwhile(city: City) -> None:
    noise = np.random.default_rng(4).normal(0, 1, 60)
    bring(city, "RAISED", 100 + noise, always(90), TargetStep(date(2026, 3, 1), 200))
    with city.read() as read:
        screened = screen(read)
    bring(city, "LATER", 100 + noise, always(90), TargetStep(date(2026, 3, 1), 200))
    assert [f.measure.code for f in with_forecasts(screened).findings] == ["RAISED"]
    assert [f.measure.code for f in ahead(city)] == ["LATER", "RAISED"]


def test_a_forecast_has_a_chance_and_no_p_value_and_one_answer_a_year(sample_city: City) -> None:
    first = ahead(sample_city)[0]
    assert first.chance is not None and first.chance < 0.2 and np.isnan(first.p) and np.isnan(first.adjusted)
    answer(sample_city, first, ACCEPTED, now=NOW)
    with sample_city.read() as read:
        said = answers(read)
    assert not unanswered([first], said)
    assert unanswered([replace(first, since=date(2026, 7, 1))], said), "the next year is another target"


def test_many_are_forecast_together_as_each_would_be_alone(sample_city: City) -> None:
    with sample_city.read() as read:
        series = all_series(read, definitions(read))[:12]
    one_more = [replace(s, values=s.values + 1e-3) for s in series]  # that nobody has forecast yet
    alone, together = [outlook(s) for s in one_more[:3]], outlooks(one_more)
    for a, b in zip(alone, together, strict=False):
        assert b is not None and b.model == a.model and b.end.mean == pytest.approx(a.end.mean, rel=1e-6)
    fresh = [replace(s, values=s.values + 2e-3) for s in one_more]
    assert outlooks(fresh)[5].end.mean == pytest.approx(outlook(fresh[5]).end.mean)


def test_it_can_be_stopped(sample_city: City) -> None:
    class Impatient:
        def report(self, share: float, words: str = "") -> None:
            raise Cancelled

    with sample_city.read() as read:
        series = [replace(s, values=s.values + 3e-3) for s in all_series(read, definitions(read))]
    with pytest.raises(Cancelled):
        outlooks(series, Impatient())
