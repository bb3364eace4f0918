"""What a finding says is what was tested."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from citystat.city import City
from citystat.measures.target import TargetStep
from citystat.screening.finding import CHANGE, MISSED, Finding
from citystat.screening.found import screen
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
    assert f"{values[-12:].mean():.1f} on average where 97.0 or more was wanted, in the newest 12 periods" in miss.words
    assert values[-1] > 88


def test_a_change_is_worded_from_the_two_levels_that_were_tested(city: City) -> None:
    """Levels 100, 120, 100, 114: the newest is held against the one before it, not against all that was."""
    values = 100 + 5 * np.random.default_rng(4).normal(size=84)
    values[24:48] += 20
    values[72:] += 14
    bring(city, "THRICE", values)
    change = found(city, CHANGE)
    began = 83 - change.age
    assert abs(began - 72) <= 1
    assert f"{values[began:].mean():.1f} on average since" in change.words
    said = float(change.words.split()[-2])  # "… 100.5 before."
    assert said == pytest.approx(values[48:began].mean(), abs=1) and abs(said - values[:began].mean()) > 4
