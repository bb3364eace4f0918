"""Departments and people: who can be named as an owner."""

from __future__ import annotations

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.people import match, people
from citystat.people.roster import departments, everyone, save_department, save_person, set_active


def test_a_new_person_is_found_by_the_initials_made_from_the_name(city: City) -> None:
    save_person(city, None, name="Dana Whitfield")
    with city.read() as read:
        assert [p.name for p in match("dw", people(read))] == ["Dana Whitfield"]


def test_initials_that_are_taken_grow_longer(city: City) -> None:
    save_person(city, None, name="Dana Whitfield")
    save_person(city, None, name="Dirk Weber")
    save_person(city, None, name="Óscar Núñez")
    with city.read() as read:
        assert {p.initials for p in everyone(read)} == {"dw", "dwe", "on"}


def test_initials_in_use_are_refused(city: City) -> None:
    save_person(city, None, name="Dana Whitfield")
    with pytest.raises(CityStatError, match="The initials dw call Dana Whitfield already"):
        save_person(city, None, name="Dirk Weber", initials="DW")


def test_a_department_has_one_head(city: City) -> None:
    fire = save_department(city, None, code="fd", name="Fire")
    save_person(city, None, name="Raymond Hall", department_id=fire, heads=True)
    save_person(city, None, name="Joan Nakamura", department_id=fire, heads=True)
    with city.read() as read:
        assert [(d.code, d.head, d.people) for d in departments(read)] == [("FD", "Joan Nakamura", 2)]


def test_who_left_is_kept_but_can_owe_nothing_more(city: City) -> None:
    made = save_person(city, None, name="Dana Whitfield")
    set_active(city, made, False)
    with city.read() as read:
        assert people(read) == []
        assert [(p.name, p.active) for p in everyone(read)] == [("Dana Whitfield", False)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "A person needs a name"),
        ({"name": "A B", "email": "nobody"}, "no e-mail address"),
        ({"name": "A B", "heads": True}, "Who heads a department works in one"),
    ],
)
def test_a_person_is_refused_with_a_sentence(city: City, fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(CityStatError, match=sentence):
        save_person(city, None, **fields)
    with city.read() as read:
        assert everyone(read) == []


def test_a_department_of_the_same_code_is_refused(city: City) -> None:
    save_department(city, None, code="FD", name="Fire")
    with pytest.raises(CityStatError, match=r"There is a department Fire \(FD\) already"):
        save_department(city, None, code="fd", name="Fleet")
