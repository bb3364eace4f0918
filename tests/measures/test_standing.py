"""One rule for which value is judged, and figures that fit a list."""

from __future__ import annotations

from datetime import date

import pytest

from citystat.city import City
from citystat.measures.latest import latest
from citystat.measures.series import definition, definitions, last_import, series
from citystat.measures.standing import standing, standings
from citystat.models import ImportRun, Observation, Total
from citystat.numbers import short


def test_list_and_judgement_speak_of_the_same_value(sample_city: City) -> None:
    """Before anything is judged and after it: the newest final value, never a preliminary one."""
    with sample_city.read() as read:
        before = {s.measure.code: s for s in latest(read, definitions(read))}
        for found in standings(read):
            known = before[found.measure.code]
            assert (known.place, known.judged_period) == (found.place, found.judged_period), found.measure.code
            last = found.series.last_final
            assert last is None or found.series.status[last] == "final"


def test_a_preliminary_value_does_not_turn_the_status(sample_city: City) -> None:
    with sample_city.read() as read:
        found = standing(read, "EC-01")
    assert (found.meets, found.place) == ("meets", "Above target")
    with sample_city.change("Preliminary") as change:
        row = change.get(Total, (found.measure.id, found.period))
        assert row is not None
        row.value, row.status = 1.0, "preliminary"
    with sample_city.read() as read:
        after = standing(read, "EC-01")
    assert after.last == 1.0 and (after.meets, after.place) == ("meets", "Above target")
    assert after.judged_period != after.last_period


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "said"),
    [(2_000_041, "USD", 0, "$2.0 M"), (-2_000_041, "USD", 0, "−$2.0 M"), (93.25, "percent", 1, "93.2 %"),
     (155_340, "USD", 0, "$155,340"), (1_234_567_890, "count", 0, "1.2 bn"), (123_456.78, "minutes", 2, "123.5 k min"),
     (None, "USD", 0, "–")],
)  # fmt: skip
def test_a_long_figure_is_said_in_short(value: float | None, unit: str, decimals: int, said: str) -> None:
    assert short(value, unit, decimals) == said


def test_the_last_file_of_a_measure_is_known_what_is_typed_by_hand_is_none(sample_city: City) -> None:
    with sample_city.read() as read:
        measure = definition(read, "EC-01")
        period = series(read, measure).periods[-1]
        assert last_import(read, measure) is None  # the sample's runs came from no file
    from datetime import datetime

    with sample_city.change("Bring in") as change:
        run = ImportRun(at=datetime(2026, 11, 27, 9), who="tester", source="transit-return.xlsx", sha256="1")
        change.add(run)
        change.flush()
        change.add(Observation(measure_id=measure.id, period=date(2026, 12, 1), value=1.0, run_id=run.id))
    assert period < date(2026, 12, 1)
    with sample_city.read() as read:
        assert last_import(read, measure) == ("transit-return.xlsx", date(2026, 11, 27))
