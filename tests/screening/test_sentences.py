"""What a finding says is what was tested."""

from __future__ import annotations

from datetime import date

import numpy as np

from citystat.city import City
from citystat.measures.target import TargetStep
from citystat.screening.found import Finding, screen
from citystat.screening.tested import MISSED
from tests.screening.brought import always, bring


def noise(seed: int, months: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, months)


def found(city: City, kind: str) -> Finding:
    with city.read() as read:
        (one,) = [f for f in screen(read).findings if f.kind == kind]
    return one


def test_a_missed_target_is_worded_from_the_values_and_targets_that_were_tested(city: City) -> None:
    """Wanted were 100 for nine months and 88 for three; 90 came: missed on average, though what is wanted now is met."""
    values = 90 + noise(1)
    bring(city, "LOWERED", values, always(100), TargetStep(date(2025, 12, 1), 88))
    miss = found(city, MISSED)
    assert f"{values[-12:].mean():.1f} in the newest 12 periods, where 97.0 or more was wanted" in miss.words
    assert values[-1] > 88
