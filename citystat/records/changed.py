"""What a file of records has otherwise than its recipe knows it: columns called otherwise, categories that are new.

The words and proposals are those of tables (collect.drift): said, proposed, and never settled without being asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from citystat.collect import drift, recipes
from citystat.collect.drift import CATEGORY, COLUMN, Drift
from citystat.errors import CityStatError
from citystat.records.figures import Figures
from citystat.records.recipe import RecordRecipe
from citystat.texts import tr


class Changed(CityStatError):
    """The file differs, and nobody said yet what that means. changes: what has to be asked · has: the columns it has.

    Nothing was written.
    """

    def __init__(self, where: str, recipe: RecordRecipe, changes: Sequence[Drift], has: Sequence[str] = ()) -> None:
        self.changes = tuple(changes)
        first = changes[0]
        if first.kind == COLUMN:
            what, do = first.words, _called(first, has)
        else:
            error = drift.refused(where, recipe.name, changes)
            what, do = error.what, error.do
        super().__init__(what, where=where, do=do)


def _called(lacking: Drift, has: Sequence[str]) -> str:
    if lacking.proposed:
        return tr("If it is called “{like}” now, say so in the recipe, or repeat with --accept", like=lacking.proposed)
    return tr("It has: {names}", names=", ".join(has)[:300])


def columns(titles: Sequence[str], recipe: RecordRecipe) -> list[Drift]:
    """Columns that the recipe needs and that are not among `titles`, each with the one that is probably it."""
    free = [t for t in titles if t not in recipe.columns]
    found = []
    for wanted in (c for c in recipe.columns if c not in titles):
        like = recipes.nearest(wanted, free)
        words = tr("There is no column “{name}”", name=wanted)
        found.append(Drift(COLUMN, wanted, "", words, like, tuple(free), ""))
        free = [t for t in free if t != like]
    return found


def categories(read: Session, recipe: RecordRecipe, figures: Figures) -> list[Drift]:
    """Categories of the records that the city does not have yet, where it has any of that breakdown."""
    there: dict[str, list[str]] = {}
    for breakdown in figures.breakdowns:
        if len(breakdown) == 1:
            ((name, word),) = breakdown
            there.setdefault(name, []).append(word)
    known = recipes.categories(read, [m.code for m in recipe.measures], recipe.breakdowns)
    return [_with_its_like(d, known[d.column]) for d in drift.new_words(there, recipe.breakdowns, known)]


def _with_its_like(new: Drift, known: Iterable[str]) -> Drift:
    """Records that came before are among these, so no word is gone: the like is sought among all; “Ward 5” is none of “Ward 51”."""
    alike = [w for w in sorted(known) if _figures_in(w) == _figures_in(new.found)]
    return replace(
        new, proposed=new.proposed or recipes.nearest(new.found, alike, drift.ALIKE), choices=tuple(sorted(known))
    )


def _figures_in(word: str) -> list[str]:
    return re.findall(r"\d+", word)


def accepted(recipe: RecordRecipe, answers: Mapping[Drift, str]) -> RecordRecipe:
    """`recipe` that knows the file: each difference with what it means, "" to take a category in as new.

    CityStatError where a column that is needed was left.
    """
    for change, answer in answers.items():
        if not answer and not change.leave:
            raise CityStatError(change.words, do=tr("Say what stands for it in this file"))
        if change.kind == COLUMN:
            recipe = replace(recipe, titles={**recipe.titles, answer: change.was})
        elif change.kind == CATEGORY and answer:
            words = {**recipe.words.get(change.column, {}), change.found: answer}
            recipe = replace(recipe, words={**recipe.words, change.column: words})
    return recipe
