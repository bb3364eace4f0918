"""The rate that is said of a finding is the smallest at which it stands: of wholes, of targets and of parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from citystat.models.observations import WHOLE
from citystat.screening import tested
from citystat.screening.finding import MISSED, SIGNAL
from citystat.screening.found import One, standing_findings
from citystat.screening.tested import Looked
from tests.measures.made_series import a_series


def looked(rng: np.random.Generator) -> list[tuple[One, Looked]]:
    """Twelve measures with six wards each, some of them changed."""
    made = []
    for n in range(12):
        series = a_series([1.0])
        series = replace(series, measure=replace(series.measure, id=n))
        small = 1e-4 if n < 5 else 1.0
        for cell in (WHOLE, *range(2, 8)):
            p = float(rng.uniform() * (small if cell < 5 else 1.0))
            missed = tested.Test(MISSED, 0, float(rng.uniform() * small), 1.0) if cell == WHOLE else None
            made.append(
                (
                    (series, "" if cell == WHOLE else "Ward", cell),
                    Looked(tested.Test(SIGNAL, 0, p, 1.0), missed, judged=True),
                )
            )
    return made


@pytest.mark.parametrize("seed", range(5))
def test_a_finding_stands_at_its_adjusted_rate_and_not_below_it(seed: int) -> None:
    every = looked(np.random.default_rng(seed))
    kept, _ = standing_findings(every, 0.05)
    assert {c.one[1] for c in kept} == {"", "Ward"}
    for claim in kept:
        for rate, stands in ((claim.adjusted * 1.0001, True), (claim.adjusted * 0.9999, False)):
            there = standing_findings(every, rate)[0]
            assert any(c.one is claim.one and c.test is claim.test for c in there) is stands
