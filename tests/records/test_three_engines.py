"""The same recipe gives the same numbers on DuckDB, PostgreSQL and Spark: whole and every breakdown, to the last digit kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generated import requests
from servers import postgres
from sqlalchemy import create_engine, text

from citystat.collect.sources import SourceRow
from citystat.records import files, warehouse
from citystat.records.count import Counted, counted
from citystat.records.duck import duck
from citystat.records.in_file import InFile
from citystat.records.recipe import RecordMeasure, RecordRecipe

TODAY = date(2026, 3, 10)
EVERYTHING = RecordRecipe(
    "Requests", opened="Opened", closed="Closed", key="Request", breakdowns=("District", "Category"), crossed=True, keep=False,
    skip={"District": "District 12"},
    measures=(
        RecordMeasure("N"),
        RecordMeasure("DONE", by="closed"),
        RecordMeasure("SUM", kind="sum", value="Cost"),
        RecordMeasure("MEAN", kind="mean", value="Cost", by="closed"),
        RecordMeasure("DAYS", kind="median"),
        RecordMeasure("P90", kind="percentile", percentile=90, value="Cost"),
        RecordMeasure("FAST", kind="share", within=5),
        RecordMeasure("CHEAP", kind="share", within=250, value="Cost", where={"Category": ["Category 1", "Category 2"]}),
        RecordMeasure("OPEN", kind="backlog"),
    ),
)  # fmt: skip
SANITATION = RecordRecipe(
    "Sanitation", opened="Creation Date", closed="Completion Date", key="Service Request Number", breakdowns=("Ward", "Status"), keep=False,
    measures=(
        RecordMeasure("N"), RecordMeasure("DAYS", kind="median"), RecordMeasure("P75", kind="percentile", percentile=75, by="closed"),
        RecordMeasure("FAST", kind="share", within=5), RecordMeasure("OPEN", kind="backlog"),
    ),
)  # fmt: skip


class Passwords(dict[str, str]):
    """Passwords for a test."""

    def get(self, name: str, otherwise: str = "") -> str:  # type: ignore[override]
        return super().get(name, otherwise)

    def put(self, name: str, password: str) -> None:
        self[name] = password


def told(found: Counted) -> dict[tuple[str, int, Any], tuple[float, ...]]:
    """Every figure by measure, period and breakdown."""
    recipe = found.figures.recipe
    return {
        (recipe.measures[n].code, key, found.figures.breakdowns[cell]): (value, *(() if np.isnan(top) else (top, bottom)))
        for n, part in found.figures.parts.items()
        for cell, key, value, top, bottom in zip(
            part.cell.tolist(), part.period.tolist(), part.value.tolist(), part.numerator.tolist(), part.denominator.tolist(), strict=True
        )
    }  # fmt: skip


def here(path: Path, recipe: RecordRecipe) -> dict[Any, Any]:
    with duck() as d:
        return told(
            counted(InFile(d, files.as_known(files.open_file(path, d), recipe), recipe), recipe, TODAY, whole=True)
        )


def there(address: str, sql: str, recipe: RecordRecipe, passwords: Passwords | None = None) -> dict[Any, Any]:
    source = SourceRow(1, "Warehouse", "database", address, {"sql": sql}, False, "", None, "", 0)
    with warehouse.opened(source, passwords or Passwords(), recipe) as origin:
        return told(counted(origin, recipe, TODAY, whole=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30,000 requests, some of them twice, some closed before they were opened."""
    path = requests(tmp_path_factory.mktemp("records") / "requests.csv", 30_000)
    rows = path.read_text().splitlines()
    more = [row.replace(",District 1,", ",District 2,") for row in rows[1:400]]
    odd = [f"ODD-{n},05/10/2023,05/0{n + 1}/2023,District 3,Category 1,12.5" for n in range(5)]
    path.write_text("\n".join([*rows, *more, *odd, "LATE-1,12/31/2023,,District 3,Category 1,"]) + "\n")
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with postgres() as address:
        yield address


def load(address: str, table: str, path: Path, *, typed: bool) -> None:
    """A CSV as a table of PostgreSQL, its dates as dates or as the text that stands there."""
    with path.open(newline="") as file:
        titles = next(csv.reader(file))
    columns = ", ".join(f'"{t}" text' for t in titles)
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection, connection.connection.cursor() as cursor:
        connection.execute(text(f"CREATE TABLE {table} ({columns})"))
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy:  # type: ignore[attr-defined]
            copy.write(path.read_bytes())
        if typed:
            for name in ("Opened", "Closed"):
                cursor.execute(
                    f"""ALTER TABLE {table} ALTER "{name}" TYPE date USING to_date(nullif("{name}", ''), 'MM/DD/YYYY')"""
                )
            cursor.execute(
                f"""ALTER TABLE {table} ALTER "Cost" TYPE numeric(12, 2) USING nullif("Cost", '')::numeric"""
            )
    engine.dispose()


@pytest.mark.parametrize("typed", [True, False])
def test_postgresql_counts_and_measures_as_duckdb_does(typed: bool, made: Path, cluster: str) -> None:
    table = f"requests_{typed}".lower()
    load(cluster, table, made, typed=typed)
    ours = here(made, EVERYTHING)
    assert len(ours) > 20_000 and {m.code for m in EVERYTHING.measures} == {code for code, *_ in ours}
    assert there(cluster, f"SELECT * FROM {table}", EVERYTHING) == ours


def test_postgresql_agrees_on_chicagos_complaints(shared: Path, cluster: str) -> None:
    path = shared / "chicago-sanitation-complaints.csv"
    load(cluster, "complaints", path, typed=False)
    assert there(cluster, "SELECT * FROM complaints", SANITATION) == here(path, SANITATION)


def spark_view(name: str, path: Path, *, typed: bool) -> None:
    """A CSV as a view of Spark."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    table = session.read.csv(str(path), header=True)
    if typed:
        for column in ("Opened", "Closed"):
            table = table.withColumn(column, f.to_date(column, "MM/dd/yyyy"))
        table = table.withColumn("Cost", f.col("Cost").cast("decimal(12,2)"))
    table.createOrReplaceTempView(name)


@pytest.mark.spark
@pytest.mark.parametrize("typed", [True, False])
def test_spark_counts_and_measures_as_duckdb_does(typed: bool, made: Path) -> None:
    pytest.importorskip("pyspark", reason="`make spark` installs Spark")
    spark_view("requests", made, typed=typed)
    assert there("spark://local", "SELECT * FROM requests", EVERYTHING) == here(made, EVERYTHING)


@pytest.mark.spark
def test_spark_agrees_on_chicagos_complaints(shared: Path) -> None:
    pytest.importorskip("pyspark", reason="`make spark` installs Spark")
    path = shared / "chicago-sanitation-complaints.csv"
    spark_view("complaints", path, typed=False)
    assert there("spark://local", "SELECT * FROM complaints", SANITATION) == here(path, SANITATION)
