"""What was worked out of a series is known as long as the series is the same, and no more than so many are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from citystat.measures.known import Known
from citystat.measures.series import Remark
from tests.measures.made_series import a_series


def test_a_series_has_one_digest_and_another_with_any_other_value_target_remark_or_setting() -> None:
    values = np.arange(20.0)
    first = a_series(values, target=5)
    others = [
        a_series(np.r_[values[:-1], 19.1], target=5),
        a_series(values, target=6),
        a_series(values, target=5, remarks=(Remark(first.periods[3], "rebase", "New"),)),
        a_series(values, target=5, preliminary=1),
        a_series(values, target=5, direction="lower"),
        replace(first, category="Ward 1"),
        a_series(values, bottom=values, target=5),
    ]
    assert first.digest == a_series(values, target=5).digest
    assert len({first.digest, *(s.digest for s in others)}) == len(others) + 1


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    known = Known[int](3)
    known.keep({b"a": 1, b"b": 2, b"c": 3})
    assert known.among([b"a", b"x"]) == {b"a": 1}
    known.keep({b"d": 4})
    assert known.among([b"a", b"b", b"c", b"d"]) == {b"a": 1, b"c": 3, b"d": 4}
