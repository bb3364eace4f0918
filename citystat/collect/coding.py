"""The codes of measures that a file brings: those the city has already, new ones where a code is another measure's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.words import folded
from citystat.measures.code import is_new_code, new_code


def apart(measures: tuple[MeasureMap, ...]) -> tuple[MeasureMap, ...]:
    """Codes made different where two measures would share one."""
    seen: set[str] = set()
    made = []
    for m in measures:
        made.append(m if m.code not in seen else replace(m, code=new_code(m.name, seen)))
        seen.add(made[-1].code)
    return tuple(made)


def coded(recipe: Recipe, known: Mapping[str, str]) -> Recipe:
    """`recipe` among the city's measures (`known`: code → name), as far as its codes were made and not chosen.

    A measure of the same name is the same measure; a code that belongs to another name is not taken.
    """
    codes = {folded(name): code for code, name in reversed(list(known.items()))}
    taken = set(known) | {m.code for m in recipe.measures if not is_new_code(m.code, m.name)}
    made = []
    for m in recipe.measures:
        if is_new_code(m.code, m.name):
            code = codes.get(folded(m.name)) or (new_code(m.name, taken) if m.code in taken else m.code)
            taken.add(code)
            m = replace(m, code=code)
        made.append(m)
    return replace(recipe, measures=apart(tuple(made)))
