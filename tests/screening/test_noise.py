"""The rate that the screening speaks of, measured over whole cities: wholes, wards that hang on them, targets, seasons, months that are alike.

A cheap version with fixed seeds; the figures of docs/screening.md come from hundreds of cities (`python -m tests.screening.noise_city`).
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.screening.noise_city import Plan, outcome

CITIES = 20


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_a_city_of_noise_has_hardly_ever_a_finding(alike: float) -> None:
    quiet = [outcome(Plan(measures=24, months=48, alike=alike), seed) for seed in range(CITIES)]
    assert sum(o.found > 0 for o in quiet) <= 3  # of 20 at 5 %: four or more once in sixty times


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_of_what_is_found_few_are_false_and_what_was_planted_is_mostly_found(alike: float) -> None:
    told = [outcome(Plan(measures=24, months=60, alike=alike, planted=5), 100 + seed) for seed in range(CITIES)]
    assert np.mean([o.false / max(1, o.found) for o in told]) <= 0.05
    assert np.mean([o.wards_false / max(1, o.wards) for o in told]) <= 0.05
    assert sum(o.true_found for o in told) >= 0.55 * sum(o.planted for o in told)
