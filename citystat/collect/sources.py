"""Sources: files, folders, databases and open-data services from which figures come again and again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.collect import readers, recipes, workbook
from citystat.collect.readers import Progress
from citystat.collect.secrets import Secrets
from citystat.errors import CityStatError
from citystat.files import cannot
from citystat.models import Department, ImportRun, NamedRecipe, Source
from citystat.printable import one_line
from citystat.texts import plural, tr

KINDS = {
    "file": "a file", "folder": "a folder", "database": "a database", "socrata": "open data (Socrata)", "ckan": "open data (CKAN)",
}  # fmt: skip
NEEDS = {"database": "sql", "socrata": "dataset", "ckan": "dataset"}  # kind → the option it cannot do without
OPTIONS = ("pattern", "sql", "dataset", "where", "by_itself")
TABLES = (".csv", ".txt", ".tsv", *workbook.SUFFIXES)
MOST_FILES = 2_000  # in a folder


@dataclass(frozen=True)
class SourceRow:
    """A source with its recipe ("" before the first import) and its last import (None before it)."""

    id: int
    name: str
    kind: str
    location: str
    options: Mapping[str, object]
    watched: bool
    recipe: str
    last_at: datetime | None
    last_file: str
    last_new: int
    department_id: int | None = None
    department: str = ""

    @property
    def by_itself(self) -> bool:
        """Whether what is new is brought in without being asked."""
        return bool(self.options.get("by_itself"))


## Asking


def sources(read: Session) -> list[SourceRow]:
    """All sources by name."""
    newest = select(func.max(ImportRun.id)).where(ImportRun.source_id.is_not(None), ImportRun.undone_at.is_(None))
    runs = {
        r.source_id: r
        for r in read.scalars(select(ImportRun).where(ImportRun.id.in_(newest.group_by(ImportRun.source_id))))
    }
    names = (
        select(NamedRecipe.source_id, NamedRecipe.name)
        .where(NamedRecipe.source_id.is_not(None))
        .order_by(NamedRecipe.id)
    )
    recipe = {row.source_id: row.name for row in read.execute(names)}
    found = []
    theirs = select(Source, Department.name).outerjoin(Department, Department.id == Source.department_id)
    for s, department in read.execute(theirs.order_by(Source.name)):
        run = runs.get(s.id)
        found.append(
            SourceRow(
                s.id, s.name, s.kind, s.location, dict(s.options), s.watched, recipe.get(s.id, ""),
                run.at if run else None, run.source if run else "", run.added + run.revised if run else 0,
                s.department_id, department or "",
            )
        )  # fmt: skip
    return found


def named(read: Session, name: str) -> SourceRow:
    """The source called `name`; CityStatError names the one most like it."""
    known = sources(read)
    found = next((s for s in known if s.name == one_line(name)), None)
    if found is None:
        like = recipes.nearest(name, [s.name for s in known])
        raise CityStatError(
            tr("There is no source “{name}”", name=name),
            do=tr("There is “{name}”", name=like) if like else tr("Add it first: source add"),
        )
    return found


def imported(read: Session) -> set[str]:
    """The digests of all files that were brought in and not taken back."""
    query = select(ImportRun.sha256).where(ImportRun.sha256 != "", ImportRun.undone_at.is_(None))
    return set(read.scalars(query))


def waiting(source: SourceRow, known: Collection[str]) -> list[Path]:
    """The files of a source that were not brought in as they are now, oldest first; known: digests of those that were.

    CityStatError where file or folder is not there. A database or a service is asked only when it is brought in.
    """
    if source.kind not in ("file", "folder"):
        return []
    return [p for p in files(source) if _digest(p) not in known]


def files(source: SourceRow) -> list[Path]:
    """The files of a file or folder, oldest first; CityStatError where it is not there."""
    place = Path(source.location)
    try:
        if source.kind == "file":
            place.stat()
            return [place]
        pattern = str(source.options.get("pattern") or "*").lower()
        found = [
            (p.stat().st_mtime_ns, p)
            for p in place.iterdir()
            if fnmatch(p.name.lower(), pattern) and p.suffix.lower() in TABLES and not p.name.startswith(("~", ".")) and p.is_file()
        ]  # fmt: skip
    except OSError as error:
        raise CityStatError(
            tr("“{place}” is not there ({why})", place=place, why=error.strerror or str(error)),
            where=source.name, do=tr("Connect the drive, or change the source"),
        ) from error  # fmt: skip
    return [p for _, p in sorted(found)[-MOST_FILES:]]


def _digest(path: Path) -> str:
    stat = path.stat()
    return _digest_of(str(path), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4_000)
def _digest_of(path: str, _size: int, _changed: int) -> str:
    """A file that did not change is read once."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise cannot(Path(path), error) from error


def fetch(source: SourceRow, secrets: Secrets, progress: Progress | None = None) -> readers.Source:
    """What a database or a service has now, as a sheet."""
    from citystat.collect import database, web  # sqlite3, urllib: only where they are used

    option = {name: str(source.options.get(name) or "") for name in ("sql", "dataset", "where")}
    password = secrets.get(source.name)
    if source.kind == "database":
        return database.query(source.name, source.location, option["sql"], password, progress)
    service = web.Service(source.name, source.location, option["dataset"], option["where"], password)
    return web.SERVICES[source.kind](service, progress)


## Changing


def save(
    city: City, name: str, kind: str, location: str, options: Mapping[str, object], *, secrets: Secrets,
    watched: bool = False, recipe: str = "", password: str | None = None, was: str = "", department_id: int | None = None,
) -> SourceRow:  # fmt: skip
    """Add a source, or change the one called `was`; CityStatError names what is missing or wrong.

    A password (in a database's address, or given) goes to the keyring; None leaves the one that stands there.
    """
    name = one_line(name)
    location, inside = _place(name, kind, location, options)
    with city.read() as read:
        linked = recipes.id_of(read, recipe) if recipe else None
        known = {s.name: s.id for s in sources(read)}
    if name != was and name in known:
        raise CityStatError(tr("There is a source called “{name}” already", name=name), do=tr("Choose another name"))
    password = inside or password
    if name != was and was and password is None:
        password = secrets.get(was)
    if password is not None:
        secrets.put(name, password)
    kept = _kept(options)
    words = tr("Change the source {name}", name=was) if was else tr("Add the source {name}", name=name)
    with city.change(words) as change:
        row = (
            change.get_one(Source, known[was]) if was else Source(name=name, kind=kind, location=location, options=kept)
        )
        row.name, row.kind, row.location, row.options, row.watched = name, kind, location, kept, watched
        row.department_id = department_id
        change.add(row)
        change.flush()
        for one in change.scalars(select(NamedRecipe).where(NamedRecipe.source_id == row.id)):
            one.source_id = None
        if linked:
            change.get_one(NamedRecipe, linked).source_id = row.id
    if was and name != was:
        secrets.put(was, "")
    with city.read() as read:
        return named(read, name)


def remove(city: City, name: str, secrets: Secrets) -> None:
    """Let a source go, with its password; its imports and recipe stay."""
    with city.read() as read:
        found = named(read, name)
    with city.change(tr("Remove the source {name}", name=found.name)) as change:
        for one in change.scalars(select(NamedRecipe).where(NamedRecipe.source_id == found.id)):
            one.source_id = None
        change.flush()
        change.delete(change.get_one(Source, found.id))
    secrets.put(found.name, "")


def drafted(
    name: str, kind: str, location: str, options: Mapping[str, object], *, recipe: str = ""
) -> tuple[SourceRow, str]:
    """A source as it would be saved, and the password that its address holds ("" without one); CityStatError as for save."""
    name = one_line(name) or tr("The new source")
    location, inside = _place(name, kind, location, options)
    return SourceRow(0, name, kind, location, _kept(options), False, recipe, None, "", 0), inside


def _kept(options: Mapping[str, object]) -> dict[str, object]:
    return {k: v for k, v in options.items() if k in OPTIONS and v}


def _place(name: str, kind: str, location: str, options: Mapping[str, object]) -> tuple[str, str]:
    """The location as it is kept, and a password that stood in it; CityStatError where something is missing."""
    if not name:
        raise CityStatError(tr("A source needs a name"), do=tr("Type one"))
    if kind not in KINDS:
        raise CityStatError(
            tr("“{value}” is no {name}", value=kind, name=tr("kind")),
            do=tr("It can be: {names}", names=", ".join(KINDS)),
        )
    if not location.strip():
        raise CityStatError(tr("A source needs a place"), where=name, do=tr("Give the file, folder or address"))
    if kind in NEEDS and not options.get(NEEDS[kind]):
        do = tr("Type the query") if kind == "database" else tr("Give the dataset's id")
        raise CityStatError(tr("{option} is missing", option=NEEDS[kind]), where=name, do=do)
    if kind == "database":
        from citystat.collect.database import parted

        return parted(location.strip())
    if kind in ("socrata", "ckan"):
        from citystat.collect.web import checked

        return checked(location), ""
    return str(Path(location.strip()).absolute()), ""


def found_words(n: int) -> str:
    """What is new, in words."""
    return plural(n, "{n} new file", "{n} new files") if n else tr("nothing new")
