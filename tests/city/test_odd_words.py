"""Words that no picture and no Word file can hold never get into a city; and what the city refuses is said in Spanish, too."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ElementTree
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from citystat import texts
from citystat.city import City
from citystat.collect import typed
from citystat.errors import CityStatError
from citystat.goals.tree import add_priority, tree
from citystat.measures import edit
from citystat.measures.picture import chart_of
from citystat.measures.series import definition
from citystat.meetings.series import all_series, save_series
from citystat.people.roster import departments, everyone, save_department, save_person
from citystat.printable import printable

BAD = "Ann\x00e \x07Bell\x1b[31m\x85\ufffe"
GOOD = "Ann e Bell [31m"


def test_names_are_cleaned_at_the_one_door(city: City) -> None:
    save_person(city, None, name=BAD, title=BAD)
    save_department(city, None, code="\x01fd\x02", name=BAD)
    save_series(city, None, name=BAD, place=BAD)
    edit.save_measure(city, None, code="M\x03", name=BAD, definition=BAD)
    add_priority(city, BAD)
    with city.read() as read:
        assert everyone(read)[0].name == departments(read)[0].name == all_series(read)[0].name == GOOD
        assert departments(read)[0].code == "FD"
        assert definition(read, "M").name == GOOD
        assert {printable(r.place) for r in all_series(read)} == {r.place for r in all_series(read)}
        assert all(printable(p.name) == p.name for p in tree(read))


def test_a_name_of_control_characters_alone_is_no_name(city: City) -> None:
    for save in (
        lambda: save_person(city, None, name="\x07\x08"),
        lambda: save_department(city, None, code="\x07", name="\x08"),
        lambda: save_series(city, None, name="\x07"),
        lambda: edit.save_measure(city, None, code="\x07", name="x"),
    ):
        with pytest.raises(CityStatError, match="need"):
            save()


def test_the_picture_of_an_odd_name_is_well_formed_svg(city: City, qapp: QApplication) -> None:
    """Also of a city in which such a name stands already."""
    from citystat.views.chart.picture import svg

    measure = edit.save_measure(city, None, code="M", name="Trips & <turns>")
    for month in range(1, 9):
        typed.correct_value(city, measure, date(2025, month, 1), month, "Counted", datetime(2026, 3, 10))
    city.close()
    with sqlite3.connect(city.path) as connection:
        connection.execute("UPDATE measure SET name = ?", ("Trips \x07 & <turns>\x1f",))
    connection.close()
    with City.open(city.path) as again, again.read() as read:
        drawn = svg(chart_of(read, definition(read, "M"), as_of=date(2026, 3, 10)))
    assert ElementTree.fromstring(drawn).tag.endswith("svg")


def test_what_a_city_file_refuses_is_said_in_spanish(tmp_path: Path, city: City) -> None:
    (tmp_path / "x.citystat").write_text("no city at all", encoding="utf-8")
    with texts.speaking("es"):
        with pytest.raises(CityStatError) as told:
            City.open(tmp_path / "x.citystat")
        assert (told.value.what, told.value.do) == (
            "Este archivo no es un archivo de ciudad", "Elija un archivo que termine en .citystat",
        )  # fmt: skip
        with pytest.raises(CityStatError, match="Ese archivo no existe"):
            City.open(tmp_path / "none.citystat")
        with pytest.raises(CityStatError, match="mayor de lo que cabe"), city.read() as read:
            read.connection().exec_driver_sql("SELECT ?", (2**63,))


def test_a_date_with_a_damaged_letter_is_a_damaged_city(sample_city: City) -> None:
    sample_city.close()
    with sqlite3.connect(sample_city.path) as connection:
        connection.execute("UPDATE total SET period = '2024-\x144-01' WHERE rowid IN (SELECT min(rowid) FROM total)")
    connection.close()
    from citystat.measures.standing import standings

    with City.open(sample_city.path) as city, pytest.raises(CityStatError, match="damaged"), city.read() as read:
        standings(read)


def test_a_slip_of_our_own_is_not_taken_for_damage(city: City) -> None:
    with pytest.raises(ValueError, match="our own"), city.read():
        raise ValueError("our own")
    with pytest.raises(OverflowError), city.read():
        date.max.replace(day=31) + (date.max - date.min)
