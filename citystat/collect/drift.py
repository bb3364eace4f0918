"""What a file has otherwise than its recipe knows it: said in words, with a proposal, and never settled without being asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from citystat.collect import crossed, dated, recipes
from citystat.collect.apply import heading, taken, titles_of
from citystat.collect.batch import Batch
from citystat.collect.columns import title, when
from citystat.collect.readers import Sheet, Source
from citystat.collect.reading import without_column
from citystat.collect.recipe import Recipe, terms
from citystat.collect.values import number, period
from citystat.collect.words import TOTALS, folded
from citystat.errors import CityStatError
from citystat.texts import plural, tr

SHEET, NEW_SHEET, HEADING = "sheet", "new sheet", "heading"
COLUMN, NEW_COLUMN, CATEGORY, LINE = "column", "new column", "category", "line"
LOOK = 60  # rows in which headings are looked for
NAMED = 8  # new categories asked about one by one; more are asked about together
ALIKE = 86  # 0 to 100: how like a known word a new one is, to be proposed as the same


@dataclass(frozen=True)
class Drift:
    """One difference. was: what the recipe says; found: what the file has (of a new thing); words: the sentence.

    proposed: what is proposed in its place, "" to leave it out or as it is; choices: what else could be meant;
    leave: what "" means, in words, "" where it cannot be left · column: in which column a word stands.
    """

    kind: str
    was: str
    found: str
    words: str
    proposed: str = ""
    choices: tuple[str, ...] = ()
    leave: str = ""
    column: str = ""

    @property
    def place(self) -> str:
        """Where it is, for a report."""
        return tr("row {n}", n=self.was) if self.kind == HEADING else self.found or self.was

    @property
    def said(self) -> str:
        """The sentence with its proposal."""
        if self.proposed and self.proposed != self.found:
            proposed = tr("row {n}", n=self.proposed) if self.kind == HEADING else self.proposed
            return tr("{words}: “{proposed}” is proposed", words=self.words, proposed=proposed)
        return tr("{words}: {leave} is proposed", words=self.words, leave=self.leave) if self.leave else self.words


def find(source: Source, recipe: Recipe) -> list[Drift]:
    """What the shape of `source` has otherwise than `recipe` says.

    What hides the rest comes alone: columns are looked for once the sheets and the heading row are settled.
    """
    found = _sheets(source, recipe)
    if any(d.kind == SHEET for d in found):
        return found
    strange = {d.found for d in found}
    sheets = [s for s in taken(source, recipe) if s.columns and s.name not in strange]
    moved = _heading(sheets[0], recipe) if sheets else None
    if moved:
        return [*found, moved]
    if recipe.layout != "crossed":
        found += _once(d for sheet in sheets for d in _columns(sheet, recipe))
        if not any(d.kind == COLUMN for d in found):
            found += _once(d for sheet in sheets for d in _lines(sheet, recipe))
    return found


def same_kind(found: Sequence[Drift], recipe: Recipe) -> bool:
    """Whether the file can be the recipe's next edition: more than half of what it speaks of is there or has its like."""
    lost = sum(not d.proposed for d in found if d.kind in (COLUMN, LINE, SHEET))
    return lost * 2 < max(1, len(_needed(recipe, []))) or not lost


def accepted(recipe: Recipe, answers: Mapping[Drift, str]) -> Recipe:
    """`recipe` that knows the file: each difference with what a person said it means, "" to leave it.

    CityStatError where something that is needed was left.
    """
    for drift, answer in answers.items():
        if not answer and not drift.leave:
            raise CityStatError(drift.words, do=tr("Say what stands for it in this file"))
        recipe = _settled(recipe, drift, answer)
    return recipe


def _settled(r: Recipe, drift: Drift, answer: str) -> Recipe:
    if drift.kind == SHEET:
        return replace(r, sheets=tuple(filter(None, (answer if s == drift.was else s for s in r.sheets))))
    if drift.kind == NEW_SHEET:
        return (
            replace(r, sheets=(*r.sheets, drift.found))
            if answer
            else replace(r, skip_sheets=(*r.skip_sheets, drift.found))
        )
    if drift.kind == HEADING:
        top = int(answer)
        return replace(r, header=tuple(n - max(r.header) + top for n in r.header))
    if drift.kind == COLUMN:
        kept = {k: v for k, v in r.titles.items() if v != drift.was or k == answer}
        known = (*(c for c in r.columns if c != answer), *([drift.was] if drift.was not in r.columns else []))
        new = replace(r, columns=known if r.columns else (), titles=kept)
        return replace(new, titles={**kept, answer: drift.was}) if answer else without_column(new, drift.was)
    if drift.kind == NEW_COLUMN:
        return replace(r, columns=(*r.columns, drift.found))
    if drift.kind in (LINE, CATEGORY) and answer:
        word, meant = (answer, drift.was) if drift.kind == LINE else (drift.found, answer)
        return replace(r, words={**r.words, drift.column: {**r.words.get(drift.column, {}), word: meant}})
    return r


def refused(source: str, recipe: str, found: Sequence[Drift]) -> CityStatError:
    """The sentence for a command line, which cannot ask. recipe: its name."""
    return CityStatError(
        tr("The file is not as the recipe “{name}” knows it: {changes}", name=recipe, changes="; ".join(d.said for d in found[:6])),
        where=source, do=tr("Repeat with --accept to take what is proposed, or correct the recipe; nothing was written"),
    )  # fmt: skip


def reason(found: Iterable[Drift], answers: Mapping[Drift, str]) -> str:
    """Why the recipe has a new version: what was said to be what."""
    return "; ".join(_reason(d, answers[d]) for d in found)[:300]


def _reason(change: Drift, answer: str) -> str:
    if change.kind == HEADING:
        return tr("headings: row {was} → row {n}", was=change.was, n=answer)
    if answer and answer != change.found:
        return f"{change.was or change.found} → {answer}"
    return f"{change.found or change.was}: {tr('taken in') if answer else change.leave}"


## Sheets


def _sheets(source: Source, recipe: Recipe) -> list[Drift]:
    """Sheets that are gone, and new ones headed as those that are taken in."""
    visible = [s for s in source.sheets if not s.hidden]
    there = [s for s in source.sheets if s.name in recipe.sheets]
    others = [s for s in visible if s.name not in recipe.sheets and s.name not in recipe.skip_sheets]
    gone = [name for name in recipe.sheets if name not in {s.name for s in there}]
    names = [s.name for s in others]
    found = []
    for name in gone:
        like = names[0] if len(names) == 1 else _like_sheet(name, names)
        leave = tr("without it") if len(gone) + len(there) > 1 else ""
        words = tr("There is no sheet “{name}”", name=name)
        found.append(Drift(SHEET, name, "", words, like, tuple(names), leave))
        names = [n for n in names if n != like]
    if not recipe.sheets:
        return _strangers(visible, recipe)
    if found or not there:
        return found
    head = _needed_titles(there[0], recipe)
    for sheet in others:
        if head and head <= set(heading(sheet, recipe.header)):
            words = tr("There is a new sheet “{name}”, headed as the others", name=sheet.name)
            found.append(Drift(NEW_SHEET, "", sheet.name, words, sheet.name, (sheet.name,), tr("leave it out")))
    return found


def _strangers(visible: list[Sheet], recipe: Recipe) -> list[Drift]:
    """Of a workbook of which every sheet is taken in: sheets that have nothing of what the recipe speaks of."""
    here = [s for s in visible if s.name not in recipe.skip_sheets and s.columns]
    has = {s.name: len(_needed_titles(s, recipe)) for s in here}
    if not any(has.values()):
        return []
    undated = {s.name for s in here if recipe.dated == dated.SHEET and not dated.stated("", s, recipe, dated.SHEET)}
    found = [
        (name, tr("There is a new sheet “{name}”, headed otherwise", name=name)) for name, n in has.items() if n == 0
    ]
    found += [
        (name, tr("The sheet “{name}” is called after no period", name=name))
        for name in has
        if has[name] and name in undated
    ]
    return [Drift(NEW_SHEET, "", name, words, "", (), tr("leave it out")) for name, words in found]


def _like_sheet(name: str, names: Sequence[str]) -> str:
    """Names that differ by a date are alike: "Jan 2026", "Feb 2026"."""
    bare = recipes.without_date(name)
    same = [n for n in names if bare and recipes.without_date(n) == bare]
    dated = [n for n in names if period(n) and period(name)]
    return (same or dated or [""])[0] or recipes.nearest(name, names)


## Headings and columns


def _needed(recipe: Recipe, titles: list[str]) -> list[str]:
    """The titles that a recipe speaks of."""
    found = [
        recipe.period if recipe.layout == "long" and not recipe.dated else "",
        recipe.measure,
        *recipe.breakdowns,
        *recipe.where,
    ]
    for m in recipe.measures:
        found += m.where
        if recipe.layout == "long":
            found += [t for text in (m.value, m.numerator, m.denominator) for t in terms(text, titles)]
    return list(dict.fromkeys(filter(None, found)))


def _needed_titles(sheet: Sheet, recipe: Recipe) -> set[str]:
    """The titles of a sheet that the recipe speaks of, as the file writes them."""
    wanted = set(_needed(recipe, titles_of(sheet, recipe)))
    written = heading(sheet, recipe.header)
    return {t for t in written if recipe.titles.get(t, t) in wanted}


def _heading(sheet: Sheet, recipe: Recipe) -> Drift | None:
    """The heading row, where more of what the recipe speaks of stands in another."""
    wanted = set(_needed(recipe, _titles_known(recipe)))
    here = _spoken(titles_of(sheet, recipe), wanted, sheet, recipe)
    best, most = 0, here
    for top in range(1, min(sheet.height, LOOK) + 1):
        shifted = tuple(n - max(recipe.header) + top for n in recipe.header)
        if min(shifted) < 1:
            continue
        count = _spoken(titles_of(sheet, replace(recipe, header=shifted)), wanted, sheet, recipe)
        if count > most:
            best, most = top, count
    if not best or here * 2 >= most or (here and recipe.layout == "crossed"):
        return None
    words = tr("The headings are not in row {n}", n=max(recipe.header))
    rows = tuple(str(n) for n in range(1, min(sheet.height, 15) + 1) if n != max(recipe.header))
    return Drift(HEADING, str(max(recipe.header)), "", words, str(best), rows)


def _spoken(titles: list[str], wanted: set[str], sheet: Sheet, recipe: Recipe) -> int:
    """How much of what the recipe speaks of a row of headings has; periods across count, too."""
    across = sum(when(t, sheet, recipe) is not None for t in titles if t) if recipe.layout == "wide" else 0
    if recipe.layout == "crossed":
        return len(crossed.across(titles, recipe))
    return len(wanted & set(titles)) + across


def _titles_known(recipe: Recipe) -> list[str]:
    return [*recipe.columns, *recipe.titles.values()]


def _columns(sheet: Sheet, recipe: Recipe) -> list[Drift]:
    """Columns that are gone, each with the new one that is most like it, and new ones."""
    titles = titles_of(sheet, recipe)
    wanted = _needed(recipe, titles + _titles_known(recipe))
    gone = [t for t in wanted if t not in titles]
    free = [t for t in recipes.plain_titles(sheet, recipe) if t not in wanted]
    fresh = [t for t in free if t not in recipe.columns] if recipe.columns else []
    found = []
    for name in gone:
        fit = [t for t in (fresh or free) if _fits(sheet, recipe, titles.index(t), name)]
        like = recipes.nearest(name, fit) or (fit[0] if len(fit) == len(gone) == 1 and fresh else "")
        needed = name == recipe.period or name in recipe.where or any(name in m.where for m in recipe.measures)
        words = tr("There is no column “{name}”", name=name)
        found.append(Drift(COLUMN, name, "", words, like, tuple(free), "" if needed else tr("without it")))
        fresh = [t for t in fresh if t != like]
        free = [t for t in free if t != like]
    for name in fresh:
        words = tr("There is a new column “{name}”", name=name)
        found.append(Drift(NEW_COLUMN, "", name, words, "", (), tr("leave it out")))
    return found


def _fits(sheet: Sheet, recipe: Recipe, column: int, name: str) -> bool:
    """Whether a column holds what the recipe needs: periods for the period, figures for a value."""
    cells = [c for c in sheet.columns[column][max(recipe.header) :][:200].tolist() if c != ""]
    if not cells:
        return True
    if name == recipe.period:
        return sum(when(c, sheet, recipe) is not None for c in cells) * 2 > len(cells)
    figures = {
        t
        for m in recipe.measures
        for x in (m.value, m.numerator, m.denominator)
        for t in terms(x, _titles_known(recipe))
    }
    if recipe.layout == "long" and name in figures and not all(m.aggregation == "count" for m in recipe.measures):
        return sum(
            not number(c, recipe.decimal, recipe.missing).bad or when(c, sheet, recipe) is not None for c in cells
        ) * 2 > len(cells)
    return True


## Words


def _words(sheet: Sheet, recipe: Recipe, name: str) -> list[str]:
    """The different words under a title, as the recipe means them."""
    titles = titles_of(sheet, recipe)
    if name not in titles:
        return []
    meant = recipe.words.get(name, {})
    cells = sheet.columns[titles.index(name)][max(recipe.header) :].tolist()
    words = dict.fromkeys(title(c) for c in dict.fromkeys(cells) if c != "")
    return list(dict.fromkeys(meant.get(w, w) for w in words if folded(w).rstrip(":") not in TOTALS))


def _lines(sheet: Sheet, recipe: Recipe) -> list[Drift]:
    """Words that the recipe looks for and that are gone from their column, where a like word came.

    A word without its like is only missing this time: a month may have no refunds.
    """
    found = []
    for column, wanted in _looked_for(recipe).items():
        there = _words(sheet, recipe, column)
        present, spoken = {folded(w) for w in there}, {folded(w) for w in wanted}
        others = [w for w in there if folded(w) not in spoken]
        for word in wanted:
            like = recipes.nearest(word, others, ALIKE) if folded(word) not in present else ""
            if like:
                words = tr("No row says “{name}” in {column}", name=word, column=column)
                found.append(Drift(LINE, word, "", words, like, tuple(others), tr("without it"), column))
                others = [w for w in others if w != like]
    return found


def _looked_for(recipe: Recipe) -> dict[str, list[str]]:
    """Column → the words that name measures, or that rows must say to be taken."""
    found: dict[str, list[str]] = {}
    if recipe.measure:
        wide = recipe.layout == "wide"
        found[recipe.measure] = [(m.value if wide else "") or m.name or m.code for m in recipe.measures]
    for condition in (recipe.where, *(m.where for m in recipe.measures)):
        for column, wanted in condition.items():
            several = wanted if isinstance(wanted, list | tuple) else [wanted]
            found.setdefault(column, []).extend(title(w) for w in several)
    return {column: list(dict.fromkeys(words)) for column, words in found.items()}


def categories(batch: Batch, recipe: Recipe, known: Mapping[str, Iterable[str]]) -> list[Drift]:
    """Categories that the city does not have yet; one that is like a word that is gone may be the same.

    known: breakdown → the categories that it has; nothing is new in a breakdown that it does not have at all.
    """
    there: dict[str, dict[str, None]] = {}
    for cell in np.unique(batch.values.cell).tolist():
        for name, word in batch.breakdowns[cell]:
            there.setdefault(name, {})[word] = None
    return new_words(there, recipe.breakdowns, known)


def new_words(
    there: Mapping[str, Iterable[str]], breakdowns: Sequence[str], known: Mapping[str, Iterable[str]]
) -> list[Drift]:
    """As categories(), of the words that are `there` by breakdown."""
    found = []
    for name in breakdowns:
        had, words = set(known.get(name, ())), list(there.get(name, ()))
        new = [w for w in words if w not in had and w != tr("not stated")] if had else []
        gone = [w for w in sorted(had) if w not in words]
        for word in new[:NAMED]:
            like = recipes.nearest(word, gone, ALIKE)
            said = tr("“{word}” is new in {column}", word=word, column=name)
            found.append(
                Drift(CATEGORY, "", word, said, like, tuple(gone or sorted(had)), tr("take it in as new"), name)
            )
            gone = [w for w in gone if w != like]
        if len(new) > NAMED:
            said = plural(
                len(new) - NAMED, "{n} more word is new in {column}", "{n} more words are new in {column}", column=name
            )
            found.append(
                Drift(CATEGORY, "", ", ".join(new[NAMED:])[:200], said, "", (), tr("take them in as new"), name)
            )
    return found


def _once(found: Iterable[Drift]) -> list[Drift]:
    return list(dict.fromkeys(found))
