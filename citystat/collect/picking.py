"""Which recipe a file is read by: the one asked for, the one its last edition was read by, or a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from citystat.city import City
from citystat.collect import drift, recipes
from citystat.collect.coding import coded
from citystat.collect.drift import Drift
from citystat.collect.guess import begin
from citystat.collect.readers import Source
from citystat.collect.recipe import Recipe
from citystat.measures.series import definitions


@dataclass(frozen=True)
class Picked:
    """How a file is read. known_as: the recipe's name where it was used before; changes: what the file has otherwise."""

    recipe: Recipe
    known_as: str = ""
    changes: Sequence[Drift] = ()


def pick(city: City, source: Source, name: str = "", recipe: Recipe | None = None) -> Picked:
    """`recipe`, else the recipe called `name`, else the one for files called so, else a guess.

    CityStatError where there is no recipe called `name`, or nothing can be guessed. A file that merely is called like
    another, and has little of what that one's recipe speaks of, is guessed.
    """
    with city.read() as read:
        known = recipes.kept(read)
        if recipe is None and name:
            recipe = recipes.named(read, name).recipe
        if recipe is not None:
            return Picked(recipe, recipe.name, drift.find(source, recipe, recipes.categories(read, recipe)))
        before = recipes.fitting(known, source.name)
        if before is not None:
            changes = drift.find(source, before.recipe, recipes.categories(read, before.recipe))
            if drift.same_kind(changes, before.recipe):
                return Picked(before.recipe, before.name, changes)
        names = {m.code: m.name for m in definitions(read, retired=True)}
    made = coded(begin(source, year_start=city.settings.fiscal_year_start), names)
    return Picked(replace(made, name=recipes.free_name(known, made.name)))
