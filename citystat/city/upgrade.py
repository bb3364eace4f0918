"""Bring an older city file up to this version's schema with Alembic, after putting a copy aside."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from citystat.city.backup import save_copy_of
from citystat.city.file import SCHEMA_VERSION, file_engine, stamp

MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


def upgrade(path: Path) -> Path:
    """Migrate the city at `path`; returns the copy of how it was, beside it."""
    kept = path.with_name(f"{path.stem}.before-version-{SCHEMA_VERSION}{path.suffix}")
    kept.unlink(missing_ok=True)
    save_copy_of(path, kept)
    engine = file_engine(path)
    with engine.begin() as connection:
        at = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if at:  # a city is made whole, without Alembic; it must be told where that city stands
            command.stamp(configuration(connection), f"{at:04d}", purge=True)
        command.upgrade(configuration(connection), "head")
    stamp(engine)
    engine.dispose()
    return kept


def configuration(connection: object) -> Config:
    """Alembic's configuration for an open connection; there is no ini file to find."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
