"""Records beside the city: each import's own in a Parquet file, named by the import; what is taken back is not looked at.

`Riverton.records/` stands beside `Riverton.citystat`. Where records have a key, an import keeps only those that are new or
changed, and of every key the newest import's row counts. A file is written under another name and moved into place whole, before
the import that names it is kept: a program that is killed leaves at most a file that nothing names, which the next import sweeps.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.errors import CityStatError
from citystat.models import ImportRun, NamedRecipe, RecipeVersion
from citystat.records.duck import Duck, name, quoted
from citystat.records.files import RecordFile
from citystat.records.recipe import RecordRecipe
from citystat.texts import tr

SWEPT_AFTER = 24 * 3600  # seconds


@dataclass(frozen=True)
class KeptFile:
    """The records of one import. rows are in the file; grown: as in the recipe by which it was brought in."""

    run_id: int
    path: Path


def folder(city: Path) -> Path:
    """Where the records of a city stand."""
    return city.with_suffix(".records")


def files(read: Session, city: Path, recipe: str) -> list[KeptFile]:
    """The records that imports by the recipe called `recipe` keep, oldest first, without those taken back."""
    of = (
        select(RecipeVersion.id)
        .join(NamedRecipe, NamedRecipe.id == RecipeVersion.recipe_id)
        .where(NamedRecipe.name == recipe)
    )
    query = (
        select(ImportRun.id, ImportRun.records)
        .where(ImportRun.recipe_version_id.in_(of), ImportRun.records != "", ImportRun.undone_at.is_(None))
        .order_by(ImportRun.id)
    )
    return [KeptFile(run, folder(city) / called) for run, called in read.execute(query)]


def there(kept: Sequence[KeptFile]) -> list[Path]:
    """The paths of kept records; CityStatError where one is not beside the city."""
    for one in kept:
        if not one.path.is_file():
            raise CityStatError(
                tr("Records of an earlier import are not beside the city"), where=str(one.path),
                do=tr("Put the folder “{name}” back beside the city file, or bring in a file with all records", name=one.path.parent.name),
            )  # fmt: skip
    return [one.path for one in kept]


def rows_sql(paths: Sequence[Path], recipe: RecordRecipe) -> str:
    """The query of all records in `paths`, oldest first: of every key the rows of the newest file that has it.

    Records without a key cannot be known again: only the newest file's count.
    """
    listed = ", ".join(quoted(p) for p in paths)
    if len(paths) == 1 or not recipe.grown:
        return f"SELECT * FROM read_parquet({quoted(paths[-1])})"
    key = f"nullif(trim({name(recipe.key)}), '')"
    place = f"list_position([{listed}], filename)"
    files = f"read_parquet([{listed}], union_by_name=true, filename=true)"
    return f"""
SELECT * EXCLUDE (filename) FROM {files}
WHERE ({key} IS NULL AND {place} = {len(paths)})
   OR ({key}, {place}) IN (SELECT ({key}, max({place})) FROM {files} WHERE {key} IS NOT NULL GROUP BY {key})"""


def changed_sql(file: RecordFile, kept: Sequence[Path], recipe: RecordRecipe, duck: Duck) -> str:
    """The query of the rows of `file` that are to be kept: all, or those whose key is new or has changed."""
    if not kept or not recipe.grown:
        return file.sql
    before = rows_sql(kept, recipe)
    columns = [row[0] for row in duck.rows(f"DESCRIBE {before}")]
    if set(columns) != set(file.titles):
        return file.sql
    row = f"hash({', '.join(map(name, file.titles))})"
    key = f"coalesce(trim({name(recipe.key)}), '')"
    return f"""
SELECT * FROM ({file.sql}) WHERE {key} = '' OR {key} IN (
    SELECT {key} FROM ({file.sql}) WHERE {row} NOT IN (SELECT {row} FROM ({before})))"""


@contextmanager
def written(city: City, duck: Duck, sql: str, *, dry: bool) -> Iterator[Path]:
    """The answer to `sql` as a Parquet file under a name of the moment; settle() gives it its own. Gone where that never comes."""
    target = duck.folder if dry else folder(city.path)
    try:
        target.mkdir(exist_ok=True)
        if not dry:
            sweep(city)
        path = target / f"{uuid.uuid4().hex}.parquet.part"
        try:
            duck.run(f"COPY ({sql}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
            yield path
        except BaseException:
            with suppress(OSError):
                path.with_suffix("").unlink(missing_ok=True)  # the import that would have named it is not kept
            raise
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            if not dry:
                with suppress(OSError):
                    target.rmdir()  # where it is empty
    except OSError as error:
        raise CityStatError(
            tr("The records cannot be kept beside the city ({why})", why=error.strerror or str(error)),
            where=str(target), do=tr("Free some disk space, or let the recipe not keep records"),
        ) from error  # fmt: skip


def has_rows(part: Path) -> bool:
    """Whether a written file has any record."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(part)]).fetchone()
    return bool(found and found[0])


def settle(part: Path) -> str:
    """Give a written file its own name, which the import then bears; the file is complete on disk before."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    final = part.with_suffix("")
    os.replace(part, final)
    return final.name


def sweep(city: City) -> None:
    """Remove files that no import names and that are older than a day: a program that was killed left them."""
    with city.read() as read:
        named = set(read.scalars(select(ImportRun.records).where(ImportRun.records != "")))
    for path in folder(city.path).glob("*.parquet*"):
        with suppress(OSError):
            if path.name not in named and time.time() - path.stat().st_mtime > SWEPT_AFTER:
                path.unlink()
