"""Which measures open into records. It is asked for every measure that is looked at, so nothing heavy is imported here."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.models import ImportRun, NamedRecipe, Observation, RecipeVersion


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


def newest_period(read: Session, measure_id: int) -> date | None:
    """The first day of the newest period that has a figure."""
    query = select(func.max(Observation.period)).where(
        Observation.measure_id == measure_id, Observation.superseded_by.is_(None), Observation.value.is_not(None)
    )
    return read.scalar(query)
