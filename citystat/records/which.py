"""Which measures open into records. It is asked for every measure that is looked at, so nothing heavy is imported here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.models import ImportRun, NamedRecipe, RecipeVersion


def has_records(read: Session, code: str) -> bool:
    """Whether the numbers of the measure with this code open into records: an import that made them has kept them."""
    return source(read, code) is not None


def source(read: Session, code: str) -> tuple[str, dict[str, Any]] | None:
    """Name and plain values of the recipe, as it was used last, that makes the measure and keeps its records; None for no such one."""
    query = (
        select(NamedRecipe.name, ImportRun.recipe)
        .join(RecipeVersion, RecipeVersion.id == ImportRun.recipe_version_id)
        .join(NamedRecipe, NamedRecipe.id == RecipeVersion.recipe_id)
        .where(ImportRun.records != "", ImportRun.undone_at.is_(None))
        .order_by(ImportRun.id.desc())
    )
    newest: dict[str, dict[str, Any]] = {}
    for called, data in read.execute(query):
        newest.setdefault(called, dict(data))
    return next(((n, d) for n, d in newest.items() if any(m.get("code") == code for m in d.get("measures", []))), None)
