"""The open city: changes are acts that are kept whole, can be undone, and are announced."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from citystat.city import City, Touched
from citystat.city import observations as observed
from citystat.city.backup import check, restore, save_copy_of
from citystat.city.journal import trail
from citystat.errors import CityStatError
from citystat.models import Department, ImportRun, Measure, Observation, Total


def add_department(city: City, code: str = "EC", name: str = "Emergency communications") -> None:
    with city.change("Add department") as change:
        change.add(Department(code=code, name=name))


def names(city: City) -> list[str]:
    with city.read() as read:
        return list(read.scalars(select(Department.name).order_by(Department.name)))


def test_an_act_is_undone_and_brought_back(city: City) -> None:
    add_department(city)
    assert city.undo() == "Add department"
    assert names(city) == []
    assert city.redo() == "Add department"
    assert names(city) == ["Emergency communications"]


def test_a_failed_act_leaves_nothing(city: City) -> None:
    with pytest.raises(ValueError), city.change("Add two") as change:
        change.add(Department(code="A", name="A"))
        change.flush()
        raise ValueError
    assert names(city) == []


def test_what_changed_since_is_not_undone_over(city: City) -> None:
    add_department(city)
    with city.change("Rename") as change:
        change.scalars(select(Department)).one().name = "Dispatch"
    with sqlite3.connect(city.path) as other:
        other.execute("UPDATE department SET name = 'Radio'")
    with pytest.raises(CityStatError, match="changed again since"):
        city.undo()
    assert names(city) == ["Radio"]


def test_a_new_act_closes_the_way_to_redo(city: City) -> None:
    add_department(city)
    city.undo()
    add_department(city, "FD", "Fire")
    assert city.redo() is None


def test_listeners_hear_what_was_touched(city: City) -> None:
    heard: list[Touched] = []
    city.subscribe(heard.append)
    add_department(city)
    with city.change("Add measure") as change:
        change.add(Measure(code="EC-01", name="Calls", department_id=1))
    assert heard[0].any("department:1")
    assert heard[1].any("measure:1") and heard[1].any("department:1")


def test_the_audit_trail_says_who_did_what(city: City) -> None:
    add_department(city)
    with city.read() as read:
        line = trail(read, key="department:1")[0]
    assert (line.who, line.what, line.state) == ("tester", "Add department", "done")


def import_values(city: City, *values: float) -> int:
    """One import with a value for each month from January on; returns the run."""
    with city.change("Import") as change:
        run = ImportRun(at=datetime(2026, 3, 1), who="tester", source="file.csv")
        change.add(run)
        change.flush()
        change.run_id = run.id
        rows = [
            observed.Incoming(1, date(2026, month, 1), 1, v, None, None, "final", "", f"B{month}")
            for month, v in enumerate(values, 1)
        ]
        observed.store(change, run, rows)
        return run.id


def totals(city: City) -> list[float | None]:
    with city.read() as read:
        return list(read.scalars(select(Total.value).order_by(Total.period)))


@pytest.fixture
def measured(city: City) -> City:
    with city.change("Add measure") as change:
        change.add(Measure(code="EC-01", name="Calls"))
    return city


def test_a_correction_is_a_revision_and_the_old_value_stays(measured: City) -> None:
    import_values(measured, 1, 2)
    import_values(measured, 1, 5)
    assert totals(measured) == [1, 5]
    with measured.read() as read:
        kept = read.execute(select(Observation.value, Observation.revision).order_by(Observation.id)).all()
    assert [tuple(row) for row in kept] == [(1, 0), (2, 0), (5, 1)]


def test_an_import_is_taken_back_as_a_whole(measured: City) -> None:
    import_values(measured, 1, 2)
    run = import_values(measured, 1, 5, 7)
    measured.undo_run(run)
    assert totals(measured) == [1, 2]
    measured.redo()
    assert totals(measured) == [1, 5, 7]


def test_an_import_that_was_corrected_later_is_not_taken_back(measured: City) -> None:
    first = import_values(measured, 1, 2)
    import_values(measured, 1, 5)
    with pytest.raises(CityStatError, match="later one corrected"):
        measured.undo_run(first)
    assert totals(measured) == [1, 5]


def test_a_file_that_is_no_city(tmp_path: Path) -> None:
    path = tmp_path / "letter.citystat"
    path.write_text("Dear mayor, " * 40)
    with pytest.raises(CityStatError, match="not a city file"):
        City.open(path)
    assert path.read_text().startswith("Dear mayor")


def test_another_database_is_no_city(tmp_path: Path) -> None:
    path = tmp_path / "other.citystat"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(CityStatError, match="not a city of CityStat"):
        City.open(path)


def test_a_newer_city_is_left_alone(city: City) -> None:
    city.close()
    with sqlite3.connect(city.path) as other:
        other.execute("PRAGMA user_version = 999")
    with pytest.raises(CityStatError, match="newer version"):
        City.open(city.path)


def test_a_damaged_city_says_so(city: City) -> None:
    add_department(city)
    city.close()
    with city.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)
    with pytest.raises(CityStatError, match="damaged"):
        City.open(city.path)


def test_only_one_window_at_a_time(city: City) -> None:
    with City.open(city.path, alone=True), pytest.raises(CityStatError, match="open in another window"):
        City.open(city.path, alone=True)
    City.open(city.path, alone=True).close()


def test_a_name_that_is_taken(city: City) -> None:
    with pytest.raises(CityStatError, match="of that name already"):
        City.create(city.path, "Again")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="cannot be opened or made"):
        City.create(tmp_path / "nowhere" / "x.citystat", "X")
    assert not (tmp_path / "nowhere").exists()


def test_a_copy_is_whole_and_can_be_restored(city: City, tmp_path: Path) -> None:
    add_department(city)
    copy = tmp_path / "copy.citystat"
    save_copy_of(city.path, copy)
    assert check(copy) == []
    city.undo()
    city.close()
    restore(copy, city.path)
    with City.open(city.path) as again:
        assert names(again) == ["Emergency communications"]


def test_a_copy_never_takes_the_place_of_another_file_or_of_an_open_city(city: City, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear mayor")
    with pytest.raises(CityStatError, match="is no city"):
        save_copy_of(city.path, letter)
    assert letter.read_text() == "Dear mayor"
    other = City.create(tmp_path / "other.citystat", "Other")
    other.close()
    with City.open(other.path, alone=True), pytest.raises(CityStatError, match="open in another window"):
        save_copy_of(city.path, other.path)
    save_copy_of(city.path, other.path)
    assert check(other.path) == []
