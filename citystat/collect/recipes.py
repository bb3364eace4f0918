"""Recipes that imports used before: next month's file is read as last month's was."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.collect.apply import Batch, apply
from citystat.collect.guess import begin
from citystat.collect.readers import Progress, Source
from citystat.collect.recipe import Recipe, from_json
from citystat.errors import Cancelled, CityStatError
from citystat.models import ImportRun

log = logging.getLogger("citystat")


@dataclass(frozen=True)
class Kept:
    """A recipe by its name, as it was used last: when, and on which file."""

    name: str
    recipe: Recipe
    at: datetime
    source: str


@dataclass(frozen=True)
class Chosen:
    """How a file is read. name: of a recipe that was used before, "" where it was guessed; batch: read by it already."""

    recipe: Recipe
    name: str = ""
    batch: Batch | None = None


def kept(read: Session, limit: int = 200) -> list[Kept]:
    """The recipes of the newest `limit` imports, each name once, newest first; without those that are unreadable()."""
    return list(_sorted(read, limit)[0].values())


def unreadable(read: Session, limit: int = 200) -> list[str]:
    """The names of recipes that cannot be used any more, as from another edition of CityStat."""
    found, broken = _sorted(read, limit)
    return [name for name in broken if name not in found]


def _sorted(read: Session, limit: int) -> tuple[dict[str, Kept], list[str]]:
    """Recipes by name, and the names of those that do not validate; one bad recipe keeps nobody from the others."""
    columns = (ImportRun.recipe, ImportRun.at, ImportRun.source)
    found: dict[str, Kept] = {}
    broken: dict[str, None] = {}
    for data, at, source in read.execute(select(*columns).order_by(ImportRun.id.desc()).limit(limit)):
        name = str(data.get("name", ""))
        if not name or not data.get("measures") or name in found:
            continue
        try:
            found[name] = Kept(name, from_json(dict(data)), at, source)
        except CityStatError as error:
            log.warning("the recipe %s of %s is passed over: %s", name, source, error)
            broken[name] = None
    return found, list(broken)


def choose(
    source: Source, known: Iterable[Kept], wanted: Recipe | None, *, year_start: int, progress: Progress | None = None
) -> Chosen:
    """How `source` is read: by `wanted`, as the last file of a like name was where that fits, otherwise as guessed."""
    if wanted is not None:
        return Chosen(wanted, wanted.name)
    before = fitting(known, source.name)
    if before is not None:
        try:
            return Chosen(before.recipe, before.name, apply(source, before.recipe, progress))
        except Cancelled:
            raise
        except CityStatError as error:  # a like name, but laid out otherwise: the old recipe says nothing of it
            log.info("the recipe %s does not fit %s: %s", before.name, source.name, error)
    return Chosen(begin(source, year_start=year_start))


def recipe_of(read: Session, run_id: int) -> Recipe | None:
    """The recipe of one import; None for a value typed by hand."""
    data = read.scalar(select(ImportRun.recipe).where(ImportRun.id == run_id))
    return from_json(dict(data)) if data and data.get("measures") else None


def fitting(known: Iterable[Kept], source: str) -> Kept | None:
    """The recipe whose last file was called like `source` but for its date: "transit-2026-02.csv", "transit-2026-03.csv"."""
    wanted = _without_date(source)
    return next((k for k in known if _without_date(k.source) == wanted), None) if wanted else None


def _without_date(name: str) -> str:
    stem = name.rsplit(".", 1)[0].lower()
    return " ".join(re.findall(r"[^\W\d_]+", stem))
