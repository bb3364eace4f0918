"""Recipes by their names: learned from an import, corrected by people, each change a version with who and why."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.collect.apply import sheets_of, titles_of
from citystat.collect.columns import when
from citystat.collect.readers import Source
from citystat.collect.recipe import Recipe, check, from_json, to_json
from citystat.collect.words import MONTHS
from citystat.errors import CityStatError
from citystat.models import Cell, CellPart, ImportRun, Measure, NamedRecipe, Observation, RecipeVersion
from citystat.printable import one_line
from citystat.texts import tr

log = logging.getLogger("citystat")


R = TypeVar("R")


@dataclass(frozen=True)
class Kind(Generic[R]):
    """A kind of recipe: for tables of figures, or for records (citystat.records.recipe.RECORDS).

    name: as NamedRecipe.kind has it · read, write: from and to plain values, without its name · named: it, under a name ·
    differences: what changed between two, in words.
    """

    name: str
    read: Callable[[Any], R]
    write: Callable[[R], dict[str, Any]]
    named: Callable[[R, str], R]
    differences: Callable[[R, R], list[str]]


@dataclass(frozen=True)
class Kept(Generic[R]):
    """A recipe by its name, as it is now: `number` of its version; at, source: its last import and file, or its making and ""."""

    id: int
    name: str
    recipe: R
    number: int
    version_id: int
    at: datetime
    source: str
    source_id: int | None = None


@dataclass(frozen=True)
class Version(Generic[R]):
    """What a recipe said from `at` on. changes: in words, against the version before; empty for the first."""

    number: int
    at: datetime
    who: str
    why: str
    recipe: R
    changes: tuple[str, ...]


## Asking


def kept(read: Session) -> list[Kept[Recipe]]:
    """The recipes for tables in use, each as its newest version says, the one that was used last first; without the unreadable()."""
    return _sorted(read, FIGURES)[0]


def kept_as(read: Session, kind: Kind[R]) -> list[Kept[R]]:
    """As kept(), of any kind."""
    return _sorted(read, kind)[0]


def unreadable(read: Session) -> list[str]:
    """The names of recipes that cannot be used any more, as from another edition of CityStat."""
    return _sorted(read, FIGURES)[1]


def _sorted(read: Session, kind: Kind[R]) -> tuple[list[Kept[R]], list[str]]:
    """Recipes, and the names of those that do not validate; one bad recipe keeps nobody from the others."""
    newest = select(func.max(RecipeVersion.id)).group_by(RecipeVersion.recipe_id)
    query = (
        select(NamedRecipe, RecipeVersion)
        .join(RecipeVersion, RecipeVersion.recipe_id == NamedRecipe.id)
        .where(RecipeVersion.id.in_(newest), NamedRecipe.retired.is_(False), NamedRecipe.kind == kind.name)
    )
    used = _last_uses(read)
    found: list[Kept[R]] = []
    broken = []
    for named, version in read.execute(query):
        at, source, _ = used.get(named.id, (version.at, "", 0))
        try:
            recipe = kind.named(kind.read(dict(version.data)), named.name)
        except CityStatError as error:
            log.warning("the recipe %s is passed over: %s", named.name, error)
            broken.append(named.name)
            continue
        found.append(Kept(named.id, named.name, recipe, version.number, version.id, at, source, named.source_id))
    return sorted(found, key=lambda k: (used.get(k.id, (k.at, "", 0))[2], k.at, k.id), reverse=True), broken


def _last_uses(read: Session) -> dict[int, tuple[datetime, str, int]]:
    """Recipe id → when, on which file and in which run it was used last."""
    last = (
        select(func.max(ImportRun.id))
        .join(RecipeVersion, RecipeVersion.id == ImportRun.recipe_version_id)
        .group_by(RecipeVersion.recipe_id)
    )
    query = (
        select(RecipeVersion.recipe_id, ImportRun.at, ImportRun.source, ImportRun.id)
        .join(RecipeVersion, RecipeVersion.id == ImportRun.recipe_version_id)
        .where(ImportRun.id.in_(last))
    )
    return {recipe_id: (at, source, run) for recipe_id, at, source, run in read.execute(query)}


def named(read: Session, name: str) -> Kept[Recipe]:
    """The recipe for tables called `name`; CityStatError says which are like it."""
    return named_as(read, name, FIGURES)


def named_as(read: Session, name: str, kind: Kind[R]) -> Kept[R]:
    """As named(), of any kind."""
    known = kept_as(read, kind)
    found = next((k for k in known if k.name == one_line(name)), None)
    if found is None:
        like = nearest(name, [k.name for k in known])
        other = kind_of(read, name)
        if other and other != kind.name:
            raise CityStatError(
                tr("“{name}” is a recipe for records, not for tables", name=name)
                if other != FIGURES.name
                else tr("“{name}” is a recipe for tables, not for records", name=name),
                do=tr("Choose another recipe"),
            )
        raise CityStatError(
            tr("There is no recipe “{name}”", name=name),
            do=tr("There is “{name}”", name=like) if like else tr("Import once with --map, then its name works"),
        )
    return found


def kind_of(read: Session, name: str) -> str:
    """Of which kind the recipe called `name` is; "" where there is none."""
    query = select(NamedRecipe.kind).where(NamedRecipe.name == one_line(name), NamedRecipe.retired.is_(False))
    return read.scalar(query) or ""


def id_of(read: Session, name: str) -> int:
    """The id of the recipe of any kind called `name`; CityStatError as named()."""
    query = select(NamedRecipe.id).where(NamedRecipe.name == one_line(name), NamedRecipe.retired.is_(False))
    return read.scalar(query) or named(read, name).id


def nearest(word: str, words: Sequence[str], least: float = 60) -> str:
    """The one of `words` most like `word`, "" where none is like it. least: 0 to 100."""
    from rapidfuzz import fuzz, process, utils  # seldom needed

    found = process.extractOne(word, words, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=least)
    return str(found[0]) if found else ""


def recipe_of(read: Session, run_id: int) -> Recipe | None:
    """The recipe of one import; None for a value typed by hand."""
    data = read.scalar(select(ImportRun.recipe).where(ImportRun.id == run_id))
    return from_json(dict(data)) if data and data.get("measures") and data.get("kind") in (None, FIGURES.name) else None


def fitting(known: Iterable[Kept[R]], source: str) -> Kept[R] | None:
    """The recipe whose last file was called like `source` but for its date: "transit-2026-02.csv", "transit-2026-03.csv"."""
    wanted = without_date(source)
    return (
        next((k for k in known if wanted in (without_date(k.source), without_date(k.name))), None) if wanted else None
    )


def without_date(name: str) -> str:
    """The words of a file's name, without months, years and numbers."""
    stem = re.sub(r"\.[A-Za-z]{2,4}$", "", name).lower()
    words = re.findall(r"[^\W\d_]+", stem)
    return " ".join([w for w in words if w not in MONTHS] or words)


def free_name(known: Iterable[Kept[Any]], name: str) -> str:
    """`name`, or "name (2)" where another recipe has it."""
    taken = {k.name for k in known}
    numbered = (f"{name} ({n})" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def versions(read: Session, name: str) -> list[Version[Recipe]]:
    """All versions of the recipe for tables called `name`, newest first."""
    return versions_as(read, name, FIGURES)


def versions_as(read: Session, name: str, kind: Kind[R]) -> list[Version[R]]:
    """As versions(), of any kind."""
    of = named_as(read, name, kind).id
    query = select(RecipeVersion).where(RecipeVersion.recipe_id == of).order_by(RecipeVersion.number)
    found: list[Version[R]] = []
    for v in read.scalars(query):
        recipe = kind.named(kind.read(dict(v.data)), name)
        changes = tuple(kind.differences(found[-1].recipe, recipe)) if found else ()
        found.append(Version(v.number, v.at, v.who, v.why, recipe, changes))
    return found[::-1]


def at_number(found: Sequence[Version[R]], name: str, number: int | None) -> Version[R]:
    """The version called `number`, the newest for None; CityStatError where there is none."""
    version = next((v for v in found if number is None or v.number == number), None)
    if version is None:
        raise CityStatError(
            tr("“{name}” has no version {n}", name=name, n=number),
            do=tr("Its newest is version {n}", n=found[0].number),
        )
    return version


def categories(read: Session, codes: Sequence[str], breakdowns: Sequence[str]) -> dict[str, set[str]]:
    """Breakdown → the categories that the measures with these codes have in the city."""
    if not breakdowns:
        return {}
    ids = select(Measure.id).where(Measure.code.in_(codes))
    cells = select(Observation.cell_id).where(Observation.measure_id.in_(ids), Observation.superseded_by.is_(None))
    query = (
        select(CellPart.dimension, CellPart.category)
        .join(Cell, Cell.id == CellPart.cell_id)
        .where(CellPart.dimension.in_(breakdowns), CellPart.cell_id.in_(cells))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for dimension, category in read.execute(query):
        found.setdefault(dimension, set()).add(category)
    return found


## Changing


def keep(city: City, recipe: Recipe, *, now: datetime, why: str = "") -> Kept[Recipe]:
    """Keep `recipe` under its name: a new one as version 1, a changed one as the next; the same again changes nothing."""
    check(recipe, recipe.name)
    return keep_as(city, recipe.name, recipe, FIGURES, now=now, why=why)


def keep_as(city: City, name: str, recipe: R, kind: Kind[R], *, now: datetime, why: str = "") -> Kept[R]:
    """As keep(), of any kind."""
    name = one_line(name)
    if not name:
        raise CityStatError(tr("A recipe needs a name"), do=tr("Type one"))
    with city.change(tr("Change the recipe {name}", name=name)) as change:
        learn_as(change, name, recipe, kind, who=city.who, now=now, why=why)
    with city.read() as read:
        return named_as(read, name, kind)


def retire(city: City, name: str) -> None:
    """Let a recipe of any kind go; its imports and versions stay, and a new one may take its name again."""
    with city.read() as read:
        found = id_of(read, name)
    with city.change(tr("Let the recipe {name} go", name=one_line(name))) as change:
        row = change.get_one(NamedRecipe, found)
        row.retired, row.source_id = True, None


def learn(
    change: Change, recipe: Recipe, *, who: str, now: datetime, why: str = "", source_id: int | None = None
) -> int | None:
    """The version that says `recipe`, made where the newest says something else; None for one without a name."""
    return learn_as(change, one_line(recipe.name), recipe, FIGURES, who=who, now=now, why=why, source_id=source_id)


def learn_as(
    change: Change, name: str, recipe: R, kind: Kind[R], *, who: str, now: datetime, why: str = "", source_id: int | None = None
) -> int | None:  # fmt: skip
    """As learn(), of any kind; CityStatError where a recipe of the other kind has this name."""
    if not name:
        return None
    row = change.scalars(select(NamedRecipe).where(NamedRecipe.name == name)).first()
    if row is not None and row.kind != kind.name:
        raise CityStatError(
            tr("“{name}” is the name of another kind of recipe", name=name), do=tr("Give this one another name")
        )
    if row is None:
        row = NamedRecipe(name=name, source_id=source_id, retired=False, kind=kind.name)
        change.add(row)
        change.flush()
    if row.retired or (source_id and row.source_id is None):
        row.retired, row.source_id = False, source_id or row.source_id
    newest = change.scalars(
        select(RecipeVersion).where(RecipeVersion.recipe_id == row.id).order_by(RecipeVersion.number.desc()).limit(1)
    ).first()
    data = dict(json.loads(json.dumps(kind.write(kind.named(recipe, "")))))
    if newest is not None and dict(newest.data) == data:
        return newest.id
    number = newest.number + 1 if newest else 1
    version = RecipeVersion(recipe_id=row.id, number=number, at=now, who=who, why=one_line(why), data=data)
    change.add(version)
    change.flush()
    return version.id


def noted(recipe: Recipe, source: Source) -> Recipe:
    """`recipe` with the columns and sheets that its first file has, so that next month's new ones are noticed."""
    if recipe.columns or recipe.layout == "crossed":
        return recipe
    taken = sheets_of(source, recipe)
    titles = dict.fromkeys(t for sheet in taken if sheet.columns for t in plain_titles(sheet, recipe))
    left = tuple(s.name for s in source.sheets if not s.hidden and s not in taken)
    return replace(recipe, columns=tuple(titles), skip_sheets=left if recipe.sheets else recipe.skip_sheets)


def plain_titles(sheet: Any, recipe: Recipe) -> list[str]:
    """The titles of a sheet, as the recipe calls them; the periods that stand across are none."""
    return [t for t in titles_of(sheet, recipe) if t and not (recipe.layout == "wide" and when(t, sheet, recipe))]


## In words

WORDS = {
    "layout": "layout", "sheets": "sheets", "header": "heading rows", "period": "column of the period", "dated": "period said by", "measure": "column of the measures",
    "breakdowns": "breakdowns", "frequency": "one value per", "where": "only rows", "skip_rows": "rows left out",
    "skip_columns": "columns left out", "missing": "words for missing", "decimal": "decimal sign", "fiscal": "fiscal years",
    "year_start": "first month of the year", "day_first": "day first", "titles": "columns that were renamed", "words": "words that were renamed",
    "skip_sheets": "sheets left out", "columns": "columns that are known",
}  # fmt: skip


def differences(before: Recipe, after: Recipe) -> list[str]:
    """What changed between two versions, a sentence each."""
    found = []
    old, new = {m.code: m for m in before.measures}, {m.code: m for m in after.measures}
    found += [tr("measure {code} added", code=c) for c in new if c not in old]
    found += [tr("measure {code} left out", code=c) for c in old if c not in new]
    found += [tr("measure {code} changed", code=c) for c in new if c in old and new[c] != old[c]]
    for name, words in WORDS.items():
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            found.append(tr("{what}: {value}", what=tr(words), value=_plain(is_) or tr("none")))
    return found


def _plain(value: object) -> str:
    """A part of a recipe in words."""
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" if isinstance(v, dict) else f"{k} = {v}" for k, v in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return tr("yes") if value is True else tr("no") if value is False else str(value)


def told(recipe: Recipe) -> list[tuple[str, str]]:
    """A whole recipe in words: (what, how), without what is at its default; a line for each measure last."""
    usual = Recipe()
    lines = [
        (tr(words), _plain(getattr(recipe, name)))
        for name, words in WORDS.items()
        if getattr(recipe, name) != getattr(usual, name) or name in ("layout", "header")
    ]
    for m in recipe.measures:
        made = f"{m.numerator} / {m.denominator}" if m.denominator else m.value or recipe.measure or tr("rows counted")
        condition = f" ({_plain(m.where)})" if m.where else ""
        lines.append((m.code, f"{m.name or m.code}: {made}{condition}, {m.aggregation}, {m.unit}"))
    return lines


FIGURES = Kind("figures", from_json, to_json, lambda recipe, name: replace(recipe, name=name), differences)
