"""Screening the sample city: the planted stories are all found, nothing of the whole is invented; answers are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from citystat.city import City
from citystat.city import observations as store
from citystat.errors import CityStatError
from citystat.measures.edit import save_measure
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.models import ImportRun
from citystat.models.observations import WHOLE
from citystat.sample.stories import REFERENCE, STORIES
from citystat.screening.answers import DISMISSED, ON_AGENDA, answer, answers, unanswered
from citystat.screening.found import MISSED, Screened, screen, why

NOW = datetime(2026, 3, 10, 9, 0)
FRESH = date(2025, 6, 15)  # stories that began since then are news in February 2026
RESTARTED = {s.code for s in STORIES if s.note and s.note[0] == "rebase"}  # told already, and their limits begun anew


def found(city: City) -> Screened:
    with city.read() as read:
        return screen(read)


def test_every_fresh_story_is_found_and_no_measure_has_one_of_its_own(sample_city: City) -> None:
    planted = {
        s.code for s in STORIES if s.finds in ("concern", "improvement") and s.since > FRESH and s.code not in RESTARTED
    }
    whole = {f.measure.code for f in found(sample_city).findings if f.cell == WHOLE and f.kind != MISSED}
    assert date(2026, 1, 1) <= REFERENCE <= date(2026, 3, 1)
    assert whole == planted


def test_targets_that_cannot_be_met_are_found_and_rank_low_when_they_are_old(sample_city: City) -> None:
    rows = found(sample_city).findings
    missed = [f for f in rows if f.kind == MISSED]
    assert "FD-06" in {f.measure.code for f in missed}
    assert rows[0].measure.code == "PW-04" and "new" in why(rows[0])
    assert max(f.score for f in missed) < rows[0].score


def test_few_of_many_tests_are_findings_and_the_rate_is_kept(sample_city: City) -> None:
    done = found(sample_city)
    assert done.tests > 200 and len(done.findings) < 25
    assert all(f.adjusted <= done.rate == 0.05 for f in done.findings)
    with sample_city.read() as read:
        strict = screen(read, rate=1e-6)
    assert {f.key for f in strict.findings} < {f.key for f in done.findings}


def test_an_answer_keeps_a_finding_away_while_it_lasts_and_is_taken_back(sample_city: City) -> None:
    first, second = found(sample_city).findings[:2]
    with pytest.raises(CityStatError, match="with a reason"):
        answer(sample_city, first, DISMISSED, now=NOW)
    answer(sample_city, first, DISMISSED, now=NOW, reason="the storm, repaired since")
    answer(sample_city, second, ON_AGENDA, now=NOW)
    rows = found(sample_city).findings
    with sample_city.read() as read:
        said = answers(read)
    assert said[first.key].reason == "the storm, repaired since"
    assert {f.key for f in rows} - {f.key for f in unanswered(rows, said)} == {first.key, second.key}
    later = replace(first, since=date(2026, 6, 1))
    assert unanswered([later], said) == [later]
    sample_city.undo()
    with sample_city.read() as read:
        assert set(answers(read)) == {first.key}


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
