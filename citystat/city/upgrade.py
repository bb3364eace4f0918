"""Bring an older city file up to this version's schema with Alembic, after putting a copy aside."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from citystat.city.backup import save_copy_of
from citystat.city.file import SCHEMA_VERSION, file_engine, look_at, stamp_on

MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


def upgrade(path: Path) -> Path:
    """Migrate the city at `path` in one transaction; returns the copy of how it was, beside it."""
    version = look_at(path)
    kept = path.with_name(f"{path.stem}.before-version-{SCHEMA_VERSION}{path.suffix}")
    save_copy_of(path, kept)
    engine = file_engine(path)
    try:
        with engine.begin() as connection:
            config = configuration(connection)
            if version and not inspect(connection).has_table("alembic_version"):
                command.stamp(config, f"{version:04d}")  # a city made at that version never met Alembic
            command.upgrade(config, "head")
            stamp_on(connection)
    finally:
        engine.dispose()
    return kept


def configuration(connection: object) -> Config:
    """Alembic's configuration for an open connection; there is no ini file to find."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
