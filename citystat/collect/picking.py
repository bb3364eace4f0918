"""Which recipe a file is read by: the one asked for, the one its last edition was read by, or a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from citystat.city import City
from citystat.collect import drift, recipes
from citystat.collect.apply import apply
from citystat.collect.batch import Batch
from citystat.collect.coding import coded
from citystat.collect.drift import Drift
from citystat.collect.guess import begin
from citystat.collect.readers import Progress, Source
from citystat.collect.recipe import Recipe
from citystat.errors import Cancelled, CityStatError
from citystat.measures.series import definitions


@dataclass(frozen=True)
class Picked:
    """How a file is read. known_as: the recipe's name where it was used before; changes: what the file has otherwise;

    batch: the file as it is read by the recipe, where that was found out already.
    """

    recipe: Recipe
    known_as: str = ""
    changes: Sequence[Drift] = ()
    batch: Batch | None = None


def pick(
    city: City, source: Source, name: str = "", recipe: Recipe | None = None, progress: Progress | None = None
) -> Picked:
    """`recipe`, else the recipe called `name`, else the one for files called so, else a guess.

    CityStatError where there is no recipe called `name`, or nothing can be guessed. A file that merely is called like
    another, and has little of what that one's recipe speaks of, is guessed.
    """
    with city.read() as read:
        known = recipes.kept(read)
        if recipe is None and name:
            recipe = recipes.named(read, name).recipe
        if recipe is not None:
            return _met(read, source, recipe, progress)
        before = recipes.fitting(known, source.name)
        if before is not None:
            met = _met(read, source, before.recipe, progress)
            if drift.same_kind(met.changes, before.recipe):
                return met
        names = {m.code: m.name for m in definitions(read, retired=True)}
    made = coded(begin(source, year_start=city.settings.fiscal_year_start), names)
    return Picked(replace(made, name=recipes.free_name(known, made.name)))


def _met(read: Session, source: Source, recipe: Recipe, progress: Progress | None) -> Picked:
    """A file and the recipe that is to read it: what changed in its shape, then in its categories."""
    changes = drift.find(source, recipe)
    if changes:
        return Picked(recipe, recipe.name, changes)
    try:
        batch = apply(source, recipe, progress)
    except Cancelled:
        raise
    except CityStatError:  # is said by whoever applies the recipe, with the place
        return Picked(recipe, recipe.name)
    known = recipes.categories(read, [m.code for m in recipe.measures], recipe.breakdowns)
    return Picked(recipe, recipe.name, drift.categories(batch, recipe, known), batch)
