"""An older city becomes this version's schema, the same as a new city's, with a copy put aside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from citystat.city import City
from citystat.city.file import APPLICATION_ID, SCHEMA_VERSION


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


def test_models_and_migrations_do_not_differ(city: City) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from citystat.models import whole

    with city._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), whole()) == []


def test_an_interrupted_upgrade_leaves_the_old_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citystat.city import upgrade as upgrading

    old = tmp_path / "old.citystat"
    with sqlite3.connect(old) as file:
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.execute("CREATE TABLE kept (x TEXT)")
        file.execute("INSERT INTO kept VALUES ('as it was')")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrading, "stamp_on", killed)  # the last step, after every table was made
        with pytest.raises(KeyboardInterrupt):
            upgrading.upgrade(old)
    assert set(columns(old)) == {"kept"}
    assert set(columns(tmp_path / f"old.before-version-{SCHEMA_VERSION}.citystat")) == {"kept"}
    upgrading.upgrade(old)
    with sqlite3.connect(old) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert file.execute("SELECT x FROM kept").fetchone() == ("as it was",)


def test_what_was_done_before_a_table_had_its_newer_columns_can_still_be_taken_back(city: City) -> None:
    from datetime import date

    from sqlalchemy import select

    from citystat.measures.edit import save_measure
    from citystat.measures.target import TargetStep
    from citystat.measures.targets import set_target
    from citystat.models import ActRow, Target

    measure = save_measure(city, None, code="A-1", name="Answered")
    set_target(city, measure, TargetStep(date(2026, 1, 1), 90.0))
    with city.change("As an earlier version wrote it") as change:
        for row in change.scalars(select(ActRow).where(ActRow.table == "target")):
            row.after = {
                k: v for k, v in (row.after or {}).items() if k not in ("kind", "tolerance", "agreed_by", "agreed_on")
            }
    assert city.undo() is not None
    with city.read() as read:
        assert read.scalars(select(Target)).all() == []
    assert city.redo() is not None
    with city.read() as read:
        assert [(t.value, t.kind, t.agreed_by) for t in read.scalars(select(Target))] == [(90.0, "hold", "")]
