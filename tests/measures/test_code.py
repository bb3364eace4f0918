"""Codes of new measures: short, readable, and nobody else's."""

from __future__ import annotations

import pytest

from citystat.city import City
from citystat.collect.coding import apart, coded
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.measures.code import new_code
from citystat.measures.edit import suggested_code


@pytest.mark.parametrize(("name", "code"), [
    ("Bus rides (avg weekday)", "BRAW-01"), ("Attendances", "ATTN-01"), ("Rides", "RDS-01"), ("Fire", "FIRE-01"),
    ("Share of attendances", "SA-01"), ("MÄNNLICH", "MNNL-01"), ("2016-17", "M-01"), ("", "M-01"),
    ("Emergency calls answered within 10 seconds", "ECAS-01"),
])  # fmt: skip
def test_a_code_is_short_and_reads_like_the_name(name: str, code: str) -> None:
    assert new_code(name, ()) == code and len(code) <= 12


def test_a_code_is_never_taken_twice() -> None:
    taken: list[str] = []
    for _ in range(120):
        taken.append(new_code("Bus rides", taken))
    assert len(set(taken)) == 120 and taken[:2] == ["BR-01", "BR-02"] and max(map(len, taken)) <= 12


def test_a_department_lends_its_short_form(sample_city: City) -> None:
    with sample_city.read() as read:
        from citystat.people.roster import departments

        first = departments(read)[0]
        offered = suggested_code(read, "Calls lost", first.id)
        assert offered.startswith(f"{first.code}-") and suggested_code(read, "", None) == ""


def test_the_measures_of_a_file_have_codes_of_their_own() -> None:
    made = apart(tuple(MeasureMap(new_code(n, ()), n) for n in ("Bus rides", "Bike racks", "Bridge repairs")))
    assert [m.code for m in made] == ["BR-01", "BR-02", "BR-03"]


def recipe(*names: str) -> Recipe:
    return Recipe(name="r", measures=apart(tuple(MeasureMap(new_code(n, ()), n) for n in names)))


def test_the_same_name_is_the_same_measure_and_another_names_code_is_left_alone() -> None:
    known = {"BR-01": "Bike racks", "BUS-RIDES": "Bus rides"}
    made = coded(recipe("Bus rides", "Bridge repairs"), known)
    assert [m.code for m in made.measures] == ["BUS-RIDES", "BR-02"]


def test_the_order_of_a_file_does_not_mix_up_its_measures() -> None:
    first = coded(recipe("Bus rides", "Bike racks"), {})
    known = {m.code: m.name for m in first.measures}
    again = coded(recipe("Bike racks", "Bus rides"), known)
    assert {m.name: m.code for m in again.measures} == {m.name: m.code for m in first.measures}


def test_a_code_that_a_person_chose_stays() -> None:
    chosen = Recipe(name="r", measures=(MeasureMap("EC-01", "Bus rides"),))
    assert coded(chosen, {"EC-01": "Calls", "BR-01": "Bus rides"}) == chosen
