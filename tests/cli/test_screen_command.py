"""citystat screen: findings as a person reads them and as JSON."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from citystat.city import City
from citystat.cli import main
from citystat.screening.answers import DISMISSED, answer
from citystat.screening.found import screen

Out = pytest.CaptureFixture[str]


def test_what_is_told_by_another_finding_stands_indented_beneath_it(sample_city: City, capsys: Out) -> None:
    assert main(["screen", "--city", str(sample_city.path)]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert "of all at most 5% are false on average, the parts of a measure counted as one" in head
    own = [row for row in rows if not row.startswith("    ")]
    assert head.startswith(f"{len(own)} findings of")
    assert f"{len(rows) - len(own)} more told by them" in head
    whole = next(at for at, row in enumerate(rows) if "FD-01 · Ambulance response, 90th percentile:" in row)
    assert rows[whole] in own and "FD-01 · Ambulance response, 90th percentile · Ward" in rows[whole + 1]


def test_as_json_tests_have_p_values_and_forecasts_chances(sample_city: City, capsys: Out) -> None:
    with sample_city.read() as read:
        first = screen(read).told[0]
    answer(sample_city, first, DISMISSED, now=datetime(2026, 3, 10), reason="known")
    assert main(["screen", "--forecasts", "--json", "--city", str(sample_city.path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"findings", "tests", "series", "rate"} == found.keys()
    for row in found["findings"]:
        assert (row["p"] is None) == (row["adjusted"] is None) == (row["chance"] is not None)
    assert [row["answer"] for row in found["findings"] if row["measure"] == first.measure.code][0] == DISMISSED
    assert any(row["chance"] is not None and row["chance"] < 0.2 for row in found["findings"])
    assert any(row["told_by_another"] for row in found["findings"])
