"""Which measures open into records. It is asked for every measure that is looked at, so nothing heavy is imported here."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from citystat.models import ImportRun, NamedRecipe, Observation, RecipeVersion


def has_records(read: Session, code: str) -> bool:
    """Whether the numbers of the measure with this code open into records: kept beside the city, or in its own warehouse."""
    query = (
        select(ImportRun.recipe)
        .join(RecipeVersion, RecipeVersion.id == ImportRun.recipe_version_id)
        .join(NamedRecipe, NamedRecipe.id == RecipeVersion.recipe_id)
        .where(NamedRecipe.kind == "records", ImportRun.undone_at.is_(None))
        .where(or_(ImportRun.records != "", ImportRun.source_id.is_not(None)))
        .order_by(ImportRun.id.desc())
    )
    return any(
        isinstance(m, dict) and m.get("code") == code
        for data in read.scalars(query)
        for m in _listed(dict(data).get("measures"))
    )


def newest_period(read: Session, measure_id: int) -> date | None:
    """The first day of the newest period that has a figure."""
    query = select(func.max(Observation.period)).where(
        Observation.measure_id == measure_id, Observation.superseded_by.is_(None), Observation.value.is_not(None)
    )
    return read.scalar(query)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
