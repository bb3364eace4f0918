"""Recipes that imports used before: next month's file is read as last month's was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.collect.recipe import Recipe, from_json
from citystat.models import ImportRun


@dataclass(frozen=True)
class Kept:
    """A recipe by its name, as it was used last: when, and on which file."""

    name: str
    recipe: Recipe
    at: datetime
    source: str


def kept(read: Session, limit: int = 200) -> list[Kept]:
    """The recipes of the newest `limit` imports, each name once, newest first."""
    columns = (ImportRun.recipe, ImportRun.at, ImportRun.source)
    found: dict[str, Kept] = {}
    for data, at, source in read.execute(select(*columns).order_by(ImportRun.id.desc()).limit(limit)):
        name = str(data.get("name", ""))
        if name and data.get("measures") and name not in found:
            found[name] = Kept(name, from_json(dict(data)), at, source)
    return list(found.values())


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
