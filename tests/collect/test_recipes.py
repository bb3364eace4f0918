"""A recipe is learned from the first import, corrected by people with a reason, and outlives the imports that used it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from bringing import NOW, bring_in, measure, values

from citystat.city import City
from citystat.city.file import APPLICATION_ID, file_engine
from citystat.collect import recipes
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import runs
from citystat.errors import CityStatError

TRIPS = Recipe(name="Trips", period="Month", measures=(MeasureMap("TRIPS", "Trips", value="Trips"),))


def table(folder: Path, name: str = "trips-2026-01.csv", text: str = "Month,Trips\n2025-01,10\n2025-02,12\n") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def numbers(city: City, name: str = "Trips") -> list[int]:
    with city.read() as read:
        return [v.number for v in recipes.versions(read, name)]


def test_an_import_keeps_its_recipe_as_version_1_and_says_which_it_used(city: City, tmp_path: Path) -> None:
    done = bring_in(city, table(tmp_path), TRIPS)
    with city.read() as read:
        kept = recipes.named(read, "Trips")
        run = read.execute(recipes.select(recipes.ImportRun)).scalars().one()
        assert (run.id, run.recipe_version_id) == (done.run_id, kept.version_id)
    assert (kept.number, kept.source, kept.recipe.measures) == (1, "trips-2026-01.csv", TRIPS.measures)
    assert kept.recipe.columns == ("Month", "Trips")


def test_the_same_recipe_again_is_no_version_and_a_corrected_one_is_the_next(city: City, tmp_path: Path) -> None:
    bring_in(city, table(tmp_path), TRIPS)
    bring_in(city, table(tmp_path, "trips-2026-02.csv", "Month,Trips\n2025-03,9\n"), TRIPS)
    assert numbers(city) == [1]
    recipes.keep(city, replace(TRIPS, frequency="month", columns=("Month", "Trips")), now=NOW, why="By month")
    with city.read() as read:
        newest = recipes.versions(read, "Trips")[0]
    assert (newest.number, newest.who, newest.why) == (2, "tester", "By month")
    assert newest.changes == ("one value per: month",)
    assert city.undo() == "Change the recipe Trips"
    assert numbers(city) == [1]
    city.redo()
    assert numbers(city) == [2, 1]


def test_an_import_that_is_taken_back_leaves_its_recipe_even_when_it_was_corrected_since(city: City, tmp_path: Path) -> None:  # fmt: skip
    done = bring_in(city, table(tmp_path), TRIPS)
    recipes.keep(city, replace(TRIPS, frequency="month"), now=NOW)
    assert city.undo_run(done.run_id or 0) == "Import trips-2026-01.csv"
    assert numbers(city) == [2, 1]
    assert values(measure(city, "TRIPS")) == {}
    city.redo()
    assert values(measure(city, "TRIPS")) == {"2025-01": 10, "2025-02": 12}


def test_a_correction_is_kept_though_the_file_brings_nothing_new(city: City, tmp_path: Path) -> None:
    bring_in(city, table(tmp_path), TRIPS)
    again = bring_in(city, table(tmp_path), replace(TRIPS, missing=("late",)))
    assert again.run_id is None
    assert numbers(city) == [2, 1]


def test_a_dry_run_teaches_nothing(city: City, tmp_path: Path) -> None:
    from citystat.collect.apply import apply
    from citystat.collect.readers import read
    from citystat.collect.store import store

    source = read(table(tmp_path))
    store(city, source, TRIPS, apply(source, TRIPS), now=NOW, dry=True)
    with city.read() as asked:
        assert recipes.kept(asked) == []


def test_a_recipe_let_go_is_not_offered_and_comes_back_with_undo(city: City, tmp_path: Path) -> None:
    bring_in(city, table(tmp_path), TRIPS)
    recipes.retire(city, "Trips")
    with city.read() as read:
        assert recipes.kept(read) == []
        with pytest.raises(CityStatError, match="There is no recipe"):
            recipes.named(read, "Trips")
    city.undo()
    assert numbers(city) == [1]


def test_a_wrong_name_is_answered_by_the_one_like_it(city: City, tmp_path: Path) -> None:
    bring_in(city, table(tmp_path), TRIPS)
    with city.read() as read, pytest.raises(CityStatError, match="There is “Trips”"):
        recipes.named(read, "trip")


@pytest.mark.parametrize(
    ("last", "next_", "same"),
    [
        ("transit-2026-02.csv", "transit-2026-03.csv", True), ("KPI Feb 2026.xlsx", "KPI Mar 2026.xlsx", True),
        ("fire.csv", "police.csv", False), ("march.csv", "april.csv", False),
    ],
)  # fmt: skip
def test_next_months_file_is_known_by_its_name(last: str, next_: str, same: bool) -> None:
    known = recipes.Kept(1, "x", Recipe(), 1, 1, NOW, last)
    assert (recipes.fitting([known], next_) is known) is same


def test_recipes_that_stood_only_in_imports_are_taken_over(tmp_path: Path) -> None:
    """A city of version 2 kept a recipe with each import: each name becomes a recipe, each change of it a version."""
    from alembic import command

    from citystat.city.upgrade import configuration

    old = tmp_path / "old.citystat"
    engine = file_engine(old)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0002")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version=2")
    engine.dispose()
    first = {
        "name": "Trips",
        "layout": "long",
        "header": [1],
        "period": "Month",
        "measures": [{"code": "T", "value": "Trips"}],
    }
    second = {**first, "frequency": "month"}
    with sqlite3.connect(old) as file:
        file.execute(
            "INSERT INTO city_settings (id, name, office, fiscal_year_start, sample) VALUES (1, 'Old', '', 7, 0)"
        )
        for n, recipe in enumerate((first, first, {}, second), 1):
            file.execute(
                "INSERT INTO import_run (at, who, source, sha256, recipe, rows_read, added, revised, unchanged, made, remarks)"
                " VALUES (?, 'ann', ?, '', ?, 1, 1, 0, 0, '[]', '[]')",
                (f"2025-0{n}-01 09:00:00.000000", f"trips-{n}.csv", json.dumps(recipe)),
            )
    file.close()
    with City.open(old) as city, city.read() as read:
        found = recipes.versions(read, "Trips")
        assert [(v.number, v.who, v.at) for v in found] == [
            (2, "ann", datetime(2025, 4, 1, 9)),
            (1, "ann", datetime(2025, 1, 1, 9)),
        ]
        assert recipes.kept(read)[0].source == "trips-4.csv"
        assert len(runs(read)) == 4
        used = (
            read.execute(recipes.select(recipes.ImportRun.recipe_version_id).order_by(recipes.ImportRun.id))
            .scalars()
            .all()
        )
        assert used[0] == used[1] and used[2] is None and used[3] not in (None, used[0])


def test_a_recipe_of_another_edition_keeps_nobody_from_the_others(city: City, tmp_path: Path) -> None:
    bring_in(city, table(tmp_path), TRIPS)
    bring_in(city, table(tmp_path), replace(TRIPS, name="Other"))
    with sqlite3.connect(city.path) as file:
        file.execute(
            "UPDATE recipe_version SET data = '{\"moon\": 1}' WHERE recipe_id = (SELECT id FROM recipe WHERE name = 'Other')"
        )
    file.close()
    with city.read() as read:
        assert [k.name for k in recipes.kept(read)] == ["Trips"]
        assert recipes.unreadable(read) == ["Other"]
