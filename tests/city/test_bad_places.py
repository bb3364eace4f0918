"""A file or folder that will not do: the sentence says what is the case and what to do, and nothing is half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, select

from citystat.city import City
from citystat.city.backup import check, restore, save_copy_of
from citystat.city.settings import keep_settings
from citystat.errors import CityStatError
from citystat.models import Department

NOBODY = 65534


def fill(city: City, n: int) -> None:
    with city.change("Add departments") as change:
        change.add_all(Department(code=f"D{i}", name=f"Department {i} " + "x" * 2000) for i in range(n))


def count(city: City) -> int:
    with city.read() as read:
        return len(list(read.scalars(select(Department.id))))


def test_a_full_disk_in_the_middle_of_an_act_keeps_nothing_of_it(city: City) -> None:
    fill(city, 1)

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    city._engine.dispose()
    event.listen(city._engine, "connect", limit)
    with pytest.raises(CityStatError, match="disk is full") as told, city.change("Add many") as change:
        change.add_all(Department(code=f"E{i}", name=f"Many {i} " + "x" * 4000) for i in range(200))
    assert told.value.do == "Free some space and do it again"
    assert count(city) == 1
    event.remove(city._engine, "connect", limit)
    city._engine.dispose()
    with city.change("Add one when there is space") as change:
        change.add(Department(code="F", name="Fire"))
    assert count(city) == 2
    assert check(city.path) == []


def test_a_city_file_that_vanished_is_not_written_into_the_void(city: City) -> None:
    away = city.path.with_name("away.citystat")
    city.path.rename(away)
    with pytest.raises(CityStatError, match="no longer where it was opened"):
        fill(city, 1)
    away.rename(city.path)
    fill(city, 1)
    assert count(city) == 1


def test_a_file_that_is_not_there_leaves_no_lock_behind(tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="no such file"):
        City.open(tmp_path / "none.citystat", alone=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_city(tmp_path: Path) -> None:
    with pytest.raises(CityStatError, match="folder, not a city file"):
        City.open(tmp_path, alone=True)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_file_or_folder_that_cannot_be_written(city: City, what: str) -> None:
    """In a child without root's rights, because root may write anywhere."""
    city.close()
    city.path.chmod(0o444 if what == "file" else 0o666)
    city.path.parent.chmod(0o555 if what == "folder" else 0o777)
    code = """
import os, sys
from pathlib import Path
from citystat.city import City
from citystat.errors import CityStatError
if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)
try: City.open(Path(sys.argv[1]), who="nobody", alone=True)
except CityStatError as error: print(error)
"""
    for folder in city.path.parents:
        if folder != city.path.parent and folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run([sys.executable, "-c", code, str(city.path)], capture_output=True, text=True)
    city.path.parent.chmod(0o777)
    if "ModuleNotFoundError" in done.stderr or "PermissionError" in done.stderr:
        pytest.skip("another user may not read this checkout, so the child cannot run")
    assert "cannot be written" in done.stdout and "folder of your own" in done.stdout, done.stderr
    assert not city.path.with_name(city.path.name + ".lock").exists()


def test_restore_keeps_the_city_that_was_there(city: City, tmp_path: Path) -> None:
    fill(city, 2)
    copy = tmp_path / "copy.citystat"
    save_copy_of(city.path, copy)
    fill_more = Department(code="Z", name="Later")
    with city.change("Add later") as change:
        change.add(fill_more)
    city.close()
    kept = restore(copy, city.path)
    assert kept is not None
    with City.open(city.path) as now, City.open(kept) as before:
        assert (count(now), count(before)) == (2, 3)


def test_restore_puts_a_damaged_city_aside_with_its_log(city: City, tmp_path: Path) -> None:
    fill(city, 2)
    copy = tmp_path / "copy.citystat"
    save_copy_of(city.path, copy)
    city.close()
    city.path.write_bytes(b"\xff" * 9000)
    city.path.with_name(city.path.name + "-wal").write_bytes(b"\x01" * 4000)
    kept = restore(copy, city.path)
    assert kept is not None and kept.read_bytes()[:4] == b"\xff" * 4
    with City.open(city.path) as again:
        assert count(again) == 2


def test_restore_waits_for_the_window_that_holds_the_city(city: City, tmp_path: Path) -> None:
    copy = tmp_path / "copy.citystat"
    save_copy_of(city.path, copy)
    city.close()
    with City.open(city.path, alone=True), pytest.raises(CityStatError, match="open in another window"):
        restore(copy, city.path)


def test_settings_are_one_act_that_can_be_undone(city: City) -> None:
    keep_settings(city, name="Riverton", office="Mayor's office", fiscal_year_start=10, population=248_000)
    assert (city.settings.name, city.settings.fiscal_year_start) == ("Riverton", 10)
    city.undo()
    assert (city.settings.name, city.settings.population) == ("Test", None)
    with pytest.raises(CityStatError, match="needs a name"):
        keep_settings(city, name=" ", office="", fiscal_year_start=7, population=None)
