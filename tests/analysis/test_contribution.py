"""A changed whole comes apart into its parts without a rest."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis.contribution import of_ratio, of_total
from citystat.errors import CityStatError


def test_the_parts_of_a_total_add_up() -> None:
    found = of_total(["North", "South", "New"], [400, 250, 0], [520, 230, 10])
    assert (found.before, found.after, found.change) == (650, 760, 110)
    assert [p.contribution for p in found.parts] == [120, -20, 10]
    assert found.ranked == ("North", "South", "New")
    assert sum(p.share_of_change or 0 for p in found.parts) == pytest.approx(1)
    assert sum(p.contribution_points or 0 for p in found.parts) == pytest.approx(found.change_percent)


def test_rate_and_mix_of_any_ratio_add_up_to_its_change() -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        bottoms = random.uniform(0, 50, (2, 6)) * (random.uniform(size=(2, 6)) > 0.2) + np.eye(1, 6)
        tops = bottoms * random.uniform(0, 1, (2, 6))
        found = of_ratio(list("abcdef"), tops[0], bottoms[0], tops[1], bottoms[1], 100)
        assert found.change == pytest.approx(
            100 * (tops[1].sum() / bottoms[1].sum() - tops[0].sum() / bottoms[0].sum())
        )
        assert found.rate_effect is not None and found.mix_effect is not None
        assert found.rate_effect + found.mix_effect == pytest.approx(found.change)
        assert sum(p.contribution for p in found.parts) == pytest.approx(found.change)


def test_every_rate_rises_and_the_whole_falls() -> None:
    found = of_ratio(["easy", "hard"], [90, 10], [100, 100], [19, 45], [20, 300])
    assert found.change < 0 and found.reversal
    assert found.reversed_parts == ("easy", "hard")


def test_equal_rates_in_another_mix_are_no_reversal() -> None:
    found = of_ratio(["a", "b"], [10, 40], [100, 100], [20, 40], [200, 100])
    assert found.rate_effect == pytest.approx(0) and not found.reversal and found.reversed_parts == ()


def test_a_part_that_is_new_counts_as_mix() -> None:
    found = of_ratio(["old", "new"], [50, 0], [100, 0], [50, 90], [100, 100])
    new = found.parts[1]
    assert (new.before, new.after, new.rate_effect) == (None, 0.9, 0.0)
    assert found.reversed_parts == ()


def test_nothing_changed() -> None:
    found = of_total(["a", "b"], [0, 0], [5, -5])
    assert (found.change, found.change_percent, found.parts[0].share_of_change) == (0, None, None)


@pytest.mark.parametrize(
    ("bottom", "top", "words"), [([-1, 5], [1, 1], "above zero"), ([0, 5], [1, 1], "above zero"), ([0, 0], [0, 0], "zero")]
)  # fmt: skip
def test_what_is_no_denominator_is_refused(bottom: list[float], top: list[float], words: str) -> None:
    with pytest.raises(CityStatError, match=words):
        of_ratio(["a", "b"], top, bottom, [1, 1], [5, 5])


def test_a_part_without_a_figure_is_refused() -> None:
    with pytest.raises(CityStatError, match="no figure"):
        of_total(["a"], [np.nan], [1])
