"""Records beside the city: late changes become revisions, undo hides them, and a number opens into its records."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from counting import MEASURES, NOW, REQUESTS, ROWS, brought, month, values, written
from sqlalchemy import select

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import ImportRun
from citystat.records import kept
from citystat.records.bring import bring
from citystat.records.open import Number, behind, records
from citystat.records.recipe import RecordMeasure


def parquet(city: City) -> list[str]:
    """The names of the files beside the city."""
    return sorted(p.name for p in kept.folder(city.path).glob("*"))


def test_a_later_file_changes_some_records_and_adds_some(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    done = brought(city, tmp_path, "5,02/11/2026,03/03/2026,South,Garbage,50", "7,03/01/2026,,North,Graffiti,5")
    assert done.rows_read == 2 and done.imported.revised > 0
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 3, "2026-03": 1}}
    assert values(city, "DAYS")[""] == {"2026-01": 10, "2026-02": 4}
    assert values(city, "OPEN")[""] == {"2026-01": 1, "2026-02": 1, "2026-03": 1}
    assert len(parquet(city)) == 2


def test_only_what_is_new_or_changed_is_kept_again(city: City, tmp_path: Path) -> None:
    import duckdb

    brought(city, tmp_path)
    changed = [row.replace("5,02/11/2026,,", "5,02/11/2026,03/03/2026,") for row in ROWS]
    brought(city, tmp_path, *changed)
    with city.read() as read:
        newest = kept.files(read, city.path, "Requests")[-1].path
    assert duckdb.sql(f"SELECT Request, Closed FROM '{newest}'").fetchall() == [("5", "03/03/2026")]
    assert brought(city, tmp_path, *changed).imported.run_id is None
    assert len(parquet(city)) == 2


def test_a_category_that_lost_its_records_becomes_nought_and_its_median_none(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    brought(city, tmp_path, "3,01/20/2026,02/03/2026,North,Graffiti,30")
    assert values(city, "N", "District")["South"] == {"2026-01": 0, "2026-02": 2}
    assert values(city, "DAYS", "District")["South"] == {"2026-02": 4}
    assert values(city, "COST", "District")["South"] == {"2026-01": 0, "2026-02": 50}
    assert values(city, "N", "District")["North"] == {"2026-01": 3, "2026-02": 1}
    city.undo()
    assert values(city, "DAYS", "District")["South"] == {"2026-01": 14, "2026-02": 4}


def test_a_record_whose_date_was_corrected_leaves_its_old_period(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, "1,12/05/2025,,North,Garbage,1", *ROWS[1:])
    brought(city, tmp_path, "1,01/05/2026,,North,Garbage,1")
    assert values(city, "N")[""] == {"2025-12": 0, "2026-01": 3, "2026-02": 3}


def test_undo_hides_the_records_of_an_import(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    brought(city, tmp_path, "7,02/01/2026,,North,Graffiti,5")
    city.undo()
    brought(city, tmp_path, "8,02/01/2026,,North,Graffiti,5")
    assert values(city, "N")[""] == {"2026-01": 3, "2026-02": 4}
    with records(city, Number("N", month(2))) as found:
        assert [row[0] for row in found.page(sort="Request")] == ["4", "5", "6", "8"]


def test_a_file_with_all_records_lets_the_others_go(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, complete=True)
    brought(city, tmp_path, *ROWS[:4], complete=True)
    assert values(city, "N")[""] == {"2026-01": 3, "2026-02": 1}
    with records(city, Number("N", month(2))) as found:
        assert found.count == 1


def test_without_a_key_a_file_speaks_for_the_months_in_it(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, *ROWS[:3], key="", measures=MEASURES[:1])
    brought(city, tmp_path, *ROWS[3:], key="", measures=MEASURES[:1])
    assert values(city, "N")[""] == {"2026-01": 3, "2026-02": 3}
    with records(city, Number("N", month(1))) as found:
        assert found.count == 3


@pytest.mark.parametrize(
    ("code", "of", "who"),
    [
        ("N", (), "4 5 6"), ("N", (("District", "South"),), "5 6"), ("DONE", (), "3 4 6"), ("DAYS", (), "4 6"), ("FAST", (), "4 5 6"),
        ("OPEN", (), "5"), ("COST", (), "4 5"), ("DAYS", (("Category", "Garbage"),), "6"),
    ],
)  # fmt: skip
def test_a_number_opens_into_its_records(
    code: str, of: tuple[tuple[str, str], ...], who: str, city: City, tmp_path: Path
) -> None:
    brought(city, tmp_path)
    with records(city, Number(code, month(2), of)) as found:
        rows = found.page(sort="Request")
        assert " ".join(row[0] for row in rows) == who and found.count == len(rows)
        assert found.columns[:6] == ("Request", "Opened", "Closed", "District", "Category", "Cost")


def test_records_are_paged_and_sorted_as_what_they_are(city: City, tmp_path: Path) -> None:
    rows = [f"{n},{1 + n % 2:02d}/{1 + n % 28:02d}/2026,02/28/2026,North,Garbage,{n}" for n in range(1, 201)]
    brought(city, tmp_path, *rows, frequency="year")
    with records(city, Number("DAYS", month(1))) as found:
        assert found.count == 200
        assert [r[5] for r in found.page(50, 3, sort="Cost", descending=True)] == ["150", "149", "148"]
        days = [r[1] for r in found.page(0, 200, sort="Opened")]
        assert days == sorted(days, key=lambda d: (d[:2], d[3:5]))
        assert (
            found.columns[-1] == "days from opened to closed"
            and found.page(0, 1, sort=found.columns[-1], descending=True)[0][-1] > 50
        )
        with pytest.raises(CityStatError, match="There is no column “Ward”"):
            found.page(sort="Ward")
        path = tmp_path / "behind.csv"
        assert found.save(path) == 200
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == 201


def test_a_saved_cell_is_no_formula(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, '1,01/05/2026,,North,"=cmd()",1')
    with records(city, Number("N", month(1))) as found:
        found.save(tmp_path / "behind.csv")
    assert "'=cmd()" in (tmp_path / "behind.csv").read_text(encoding="utf-8-sig")


def test_what_has_no_records_says_why(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path, keep=False)
    with pytest.raises(CityStatError, match="were not kept. Let the recipe “Requests” keep its records"):
        records(city, Number("N", month(1)))
    with pytest.raises(CityStatError, match="not counted from records"):
        records(city, Number("N", month(7)))
    with city.read() as read:
        assert behind(read, Number("N", month(7))) is None
        assert behind(read, Number("n", month(1))) is not None


def test_missing_files_are_named_and_nothing_is_counted_without_them(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    for path in kept.folder(city.path).glob("*"):
        path.unlink()
    for act in (
        lambda: brought(city, tmp_path, "7,02/01/2026,,North,Graffiti,5"),
        lambda: records(city, Number("N", month(1))),
    ):
        with pytest.raises(CityStatError, match="not beside the city. Put the folder “Test.records” back"):
            act()
    brought(city, tmp_path, complete=True)  # all of them again


def test_a_killed_program_leaves_nothing_that_counts(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    folder = kept.folder(city.path)
    old = [folder / "half.parquet.part", folder / "whole.parquet"]
    for path in old:
        path.write_bytes(b"PAR1")
        os.utime(path, (0, 0))
    (folder / "young.parquet.part").write_bytes(b"PAR1")
    brought(city, tmp_path, "7,02/01/2026,,North,Graffiti,5")
    assert not any(p.exists() for p in old) and (folder / "young.parquet.part").exists()  # that one may be at work
    assert values(city, "N")[""] == {"2026-01": 3, "2026-02": 4}


KILLED = """
import os, sys
from pathlib import Path
from datetime import datetime
sys.path[:0] = [{tests!r}]
from counting import REQUESTS
from citystat.city import City
from citystat.records.bring import bring
class Die:
    left = {at}
    def report(self, share, words=""):
        Die.left -= 1
        if Die.left < 0: os._exit(9)
with City.open(Path({city!r})) as city:
    bring(city, Path({file!r}), REQUESTS, now=datetime(2026, 3, 10), progress=Die())
"""


@pytest.mark.faults
@pytest.mark.parametrize("at", range(16))
def test_a_program_killed_at_any_step_keeps_all_or_nothing(at: int, city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    before = values(city, "N")
    file = written(tmp_path / "later.csv", "7,02/01/2026,,North,Graffiti,5")
    code = KILLED.format(tests=str(Path(__file__).parent), at=at, city=str(city.path), file=str(file))
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).resolve().parents[2])
    assert done.returncode in (0, 9)
    assert values(city, "N") in (before, {"": {"2026-01": 3, "2026-02": 4}})
    with city.read() as read:
        assert all(k.path.is_file() for k in kept.files(read, city.path, "Requests"))
    bring(city, file, REQUESTS, now=NOW)
    assert values(city, "N") == {"": {"2026-01": 3, "2026-02": 4}}


def test_records_of_another_recipe_and_of_an_older_shape(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    other = replace(REQUESTS, name="Other", measures=(RecordMeasure("X"),))
    brought(city, tmp_path, ROWS[0], recipe=other)
    assert values(city, "X") == {"": {"2026-01": 1}} and values(city, "N")[""]["2026-01"] == 3
    path = written(
        tmp_path / "new.csv",
        "7,02/01/2026,,North,Graffiti,5,web",
        head="Request,Opened,Closed,Area,Category,Cost,Channel",
    )
    bring(city, path, replace(REQUESTS, titles={"Area": "District"}), now=NOW)
    assert values(city, "N", "District")["North"] == {"2026-01": 2, "2026-02": 2}
    with records(city, Number("N", month(2))) as found:
        assert "Channel" in found.columns and found.count == 4


def test_the_run_names_its_file(city: City, tmp_path: Path) -> None:
    brought(city, tmp_path)
    with city.read() as read:
        run = read.scalars(select(ImportRun)).one()
        assert [run.records] == parquet(city) and run.recipe["kind"] == "records"
