"""An older city becomes this version's schema, the same as a new city's, with a copy put aside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from citystat.city import City
from citystat.city.file import APPLICATION_ID


def columns(path: Path) -> dict[str, set[tuple[str, str, int]]]:
    """Table → its columns with type and whether they may be empty."""
    with sqlite3.connect(path) as file:
        tables = [r[0] for r in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {t: {(c[1], c[2], c[3]) for c in file.execute(f"PRAGMA table_info({t})")} for t in tables}
    return {t: c for t, c in found.items() if t not in ("alembic_version", "sqlite_sequence")}


def test_migrations_lead_to_the_schema_of_a_new_city(city: City, tmp_path: Path) -> None:
    old = tmp_path / "old.citystat"
    with sqlite3.connect(old) as file:
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.execute("PRAGMA user_version = 0")
        file.execute("CREATE TABLE placeholder (x)")
        file.execute("DROP TABLE placeholder")
    from citystat.city.upgrade import upgrade

    upgrade(old)
    assert columns(old) == columns(city.path)


def test_a_city_made_whole_at_an_earlier_version_is_brought_up_to_date(city: City, tmp_path: Path) -> None:
    """Such a city knows nothing of Alembic; its version number tells where it stands."""
    from alembic import command

    from citystat.city.file import file_engine
    from citystat.city.upgrade import configuration, upgrade

    old = tmp_path / "old.citystat"
    engine = file_engine(old)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version=1")
    engine.dispose()
    upgrade(old)
    assert columns(old) == columns(city.path)
