"""A database query as a sheet: any SQLAlchemy URL; it only reads."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from citystat.collect.readers import Progress, Source
from citystat.collect.sheet import Sheet
from citystat.collect.values import Cell
from citystat.errors import CityStatError
from citystat.files import size_of
from citystat.texts import tr

MOST_ROWS = 2_000_000
AT_ONCE = 10_000  # rows between two looks at whether it shall stop
SECRET = re.compile(r"pass|pwd|secret|token", re.IGNORECASE)


def parted(location: str) -> tuple[str, str]:
    """A SQLAlchemy URL without its password, and the password; CityStatError where it is no URL."""
    url = address_of(location)
    hidden = next((k for k in url.query if SECRET.search(k)), None)
    if hidden:
        raise CityStatError(
            tr("The address names a password as “{name}”", name=hidden),
            do=tr("Write it before the @: postgresql://user:password@server/database"),
        )
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).absolute()))
    bare = url._replace(password=None)  # set(password=None) would leave it as it is
    return bare.render_as_string(hide_password=False), str(url.password or "")


def query(name: str, location: str, sql: str, password: str, progress: Progress | None = None) -> Source:
    """What `sql` answers, as a sheet headed by its columns; CityStatError says what the database said."""
    only_reads(name, sql)
    url = address_of(location)
    engine = engine_of(url.set(password=password) if password else url, name)
    try:
        titles, rows = _asked(engine, sql, name, progress)
    except SQLAlchemyError as error:
        raise refused(name, error, password) from error
    finally:
        engine.dispose()
    sheet = Sheet.of_rows("", [titles, *rows])
    digest = hashlib.sha256(repr(titles).encode())
    for row in rows:
        digest.update(repr(row).encode())
    return Source(name, digest.hexdigest(), (sheet,))


def only_reads(name: str, sql: str) -> None:
    """CityStatError unless `sql` is a question."""
    if not re.match(r"\s*(select|with|values|table)\b", sql, re.IGNORECASE):
        raise CityStatError(tr("The query does not begin with SELECT"), where=name, do=tr("A source only reads"))


def _asked(engine: Engine, sql: str, name: str, progress: Progress | None) -> tuple[list[Cell], list[list[Cell]]]:
    with engine.connect() as connection:
        connection = connection.execution_options(no_parameters=True)  # a % in the query is a %
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(postgresql_readonly=True, stream_results=True)
        answer = connection.exec_driver_sql(sql)
        titles: list[Cell] = list(answer.keys())
        rows: list[list[Cell]] = []
        while part := answer.fetchmany(AT_ONCE):
            rows += [[_cell(v) for v in row] for row in part]
            if progress:
                progress.report(0.0, tr("{n} rows of {name}", n=f"{len(rows):,}", name=name))
            if len(rows) > MOST_ROWS:
                raise CityStatError(
                    tr("The query answers more than {n} rows", n=f"{MOST_ROWS:,}"),
                    where=name, do=tr("Let the query count them: GROUP BY month"),
                )  # fmt: skip
        connection.rollback()
    return titles, rows


def engine_of(url: URL, name: str) -> Engine:
    """The door to a database; it only reads. CityStatError where there is no driver or no file."""
    try:
        if url.get_backend_name() == "sqlite":
            path = Path(str(url.database or "")).absolute()
            size_of(path)  # a file that is not there would be made

            def opened() -> sqlite3.Connection:
                return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)

            return create_engine("sqlite://", creator=opened)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "postgresql":
            return create_engine(url, connect_args={"connect_timeout": 15})
        return create_engine(url)
    except (NoSuchModuleError, ImportError) as error:
        raise CityStatError(
            tr("There is no driver for {kind} here", kind=url.drivername),
            where=name, do=tr("Ask for its Python package to be installed beside CityStat"),
        ) from error  # fmt: skip


def address_of(location: str) -> URL:
    """A SQLAlchemy URL; CityStatError where it is none."""
    try:
        return make_url(location)
    except (ArgumentError, ValueError) as error:
        raise CityStatError(
            tr("“{text}” is no address of a database", text=re.sub(r":[^:@/]*@", ":•••@", location)[:60]),
            do=tr("Write it as postgresql://user@server/database or sqlite:///C:/folder/file.db"),
        ) from error


def _cell(value: Any) -> Cell:
    """A value of a database as a file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str | float | int | date | datetime):
        return value
    return str(value)


def refused(name: str, error: Exception, password: str) -> CityStatError:
    """What a database said, in a sentence without the password."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    said = said.replace(password, "•••") if password else said
    return CityStatError(
        tr("The database refused: {why}", why=said[:300].rstrip(" .?")), where=name,
        do=tr("Check address, password and query; nothing was changed"),
    )  # fmt: skip
