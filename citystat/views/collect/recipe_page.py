"""Recipes: the list of them, and one in readable words that can be corrected, with its versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.collect import plain, reading, recipes
from citystat.collect.apply import titles_of
from citystat.collect.readers import Sheet
from citystat.collect.recipe import Recipe, check, load, terms
from citystat.collect.recipes import Kept, Kind, Version
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.measures.series import Definition, definitions
from citystat.records.recipe import RECORDS, is_records
from citystat.records.recipe import load as records_recipe
from citystat.texts import plural, tr
from citystat.views.collect.becomes import Becomes
from citystat.views.collect.how_it_is_read import HowItIsRead
from citystat.views.records.told import RecordsTold
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.choose import file_to_open, file_to_write
from citystat.views.widgets.fields import line
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table

KIND = "JSON (*.json)"


class RecipesPage(Page):
    """Every recipe in use."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.title = f"{tr('Data')} › {tr('Recipes')}"
        self.table = Table(
            [
                Column(tr("Recipe"), lambda k: k.name, bold=True),
                Column(tr("Becomes"), _becomes, colour=lambda _: "soft", tip=_becomes, spare=True),
                Column(tr("Version"), lambda k: str(k.number), right=True, width=90),
                Column(tr("Read last"), lambda k: k.source or tr("not used yet"), width=230, colour=lambda _: "soft"),
                Column(tr("When"), lambda k: periods.day_label(k.at.date()), width=120, key=lambda k: k.at, spare=True),
            ],
            tr("Recipes"),
        )
        self.table.opened.connect(lambda k: self.go.emit(f"recipe:{k.name}"))
        self._empty = EmptyPlace(
            tr("Recipes stand here"),
            tr(
                "A recipe says how a file becomes values. The first import of a file makes one, and next month's file is read by it."
            ),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.table, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Let go"), self.retire, ""),
            (tr("Load a recipe…"), self.load, ""),
            (tr("Open"), self.open, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            known = sorted([*recipes.kept(read), *recipes.kept_as(read, RECORDS)], key=lambda k: k.at, reverse=True)
        self.table.set_rows(known)
        self.table.setVisible(bool(known))
        self._empty.setVisible(not known)
        words = plural(len(known), "{n} recipe", "{n} recipes") if known else tr("No recipe yet")
        self.head(words, tr("Each says how a file becomes values, and who changed that when"))

    def open(self) -> None:
        """The chosen recipe."""
        row: Kept | None = self.table.current()
        if row is None:
            self.said.emit(tr("Choose a recipe first"))
        else:
            self.go.emit(f"recipe:{row.name}")

    def retire(self) -> None:
        """Let the chosen recipe go."""
        row: Kept | None = self.table.current()
        if row is None:
            self.said.emit(tr("Choose a recipe first"))
            return
        recipes.retire(self._city, row.name)
        self.said.emit(tr("{name} was let go; its imports stay. Ctrl+Z brings it back", name=row.name))

    def load(self) -> None:
        """A recipe from a file that another city, or the command line, wrote."""
        path = file_to_open(self, tr("Load a recipe"), KIND)
        if path is None:
            return
        try:
            recipe, kind = _loaded(path)
            kept = recipes.keep_as(
                self._city, recipe.name or path.stem, recipe, kind, now=datetime.now(), why=path.name
            )
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.said.emit(tr("{name} is at version {n}", name=kept.name, n=kept.number))


class RecipePage(Page):
    """One recipe. name: its name."""

    def __init__(self, city: City, name: str | int = "") -> None:
        super().__init__()
        self._city, self._name = city, str(name)
        self.title = f"{tr('Data')} › {tr('Recipes')} › {self._name}"
        with city.read() as read:
            known = {m.code: m for m in definitions(read, retired=True)}
            self._kind: Kind[Any] = RECORDS if recipes.kind_of(read, self._name) == RECORDS.name else recipes.FIGURES
            self.recipe = recipes.named_as(read, self._name, self._kind).recipe
        self._saved = self.recipe
        self.told = RecordsTold(known) if self._kind is RECORDS else FiguresTold(known, city.settings.fiscal_year_start)
        self.told.changed.connect(self.change)
        self.why = line(hint=tr("The department split its districts"), name=tr("Why it changes"))
        self.versions = Table(
            [
                Column(tr("Version"), lambda v: str(v.number), width=86, right=True),
                Column(tr("When"), lambda v: periods.day_label(v.at.date()), width=110),
                Column(tr("Who"), lambda v: v.who, width=110, spare=True, colour=lambda _: "soft"),
                Column(tr("What changed"), _changed, tip=_changed),
            ],
            tr("Versions"), sortable=False,
        )  # fmt: skip
        self.versions.opened.connect(self.look_at)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addWidget(self.told)
        right.addWidget(label(tr("Words of the file that changed"), "heading"))
        self._words = QVBoxLayout()
        self._words.setSpacing(4)
        right.addLayout(self._words)
        right.addSpacing(16)
        right.addWidget(label(tr("Why it changes"), "heading"))
        right.addWidget(self.why)
        right.addSpacing(16)
        right.addWidget(label(tr("Versions"), "heading"))
        right.addWidget(self.versions, 1)
        right.addWidget(
            label(tr("Enter takes an older version up again; it is kept when you save"), "faint", wrap=True)
        )
        self.body.addWidget(Beside(left, right, shares=(1, 1), gap=40), 1)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Discard changes"), self.discard, ""),
            (tr("Export…"), self.export, ""),
            (tr("Bring in a file by it…"), self.use, ""),
            (tr("Save"), self.save, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """The versions as they are; what is being changed here stays."""
        try:
            with self._city.read() as read:
                found = recipes.versions_as(read, self._name, self._kind)
        except CityStatError as error:  # it was let go, or its making was taken back
            self.head(error.what, error.do)
            self.setEnabled(False)
            return
        self.setEnabled(True)
        if self.recipe == self._saved:
            self.recipe = found[0].recipe
        self._saved, self._number = found[0].recipe, found[0].number
        self.versions.set_rows(found)
        self._show()

    def change(self, recipe: Any) -> None:
        """Another recipe, not kept yet."""
        self.recipe = recipe
        self._show()

    def look_at(self, version: Version) -> None:
        """Take an older version up again."""
        if not self.why.text().strip():
            self.why.setText(tr("As version {n} again", n=version.number))
        self.change(version.recipe)

    def save(self) -> bool:
        """Keep what was changed as the next version."""
        if self.recipe == self._saved:
            self.said.emit(tr("Nothing was changed"))
            return True
        try:
            self.told.ready(self.recipe)
            kept = recipes.keep_as(
                self._city, self._name, self.recipe, self._kind, now=datetime.now(), why=self.why.text()
            )
        except CityStatError as error:
            self.said.emit(str(error))
            return False
        self.why.clear()
        self.said.emit(tr("{name} is at version {n}", name=kept.name, n=kept.number))
        self.refresh()
        return True

    def discard(self) -> None:
        """Back to the newest version."""
        self.why.clear()
        self.change(self._saved)

    def leave(self) -> bool:
        """What was changed is kept before the page goes."""
        return self.recipe == self._saved or not self.isEnabled() or self.save()

    def export(self) -> None:
        """Write it as a JSON file, for another city or the command line."""
        path = file_to_write(self, tr("Export the recipe"), f"{self._name}.json", KIND)
        if path is None:
            return
        try:
            write_bytes(path, (json.dumps(self._kind.write(self.recipe), ensure_ascii=False, indent=2) + "\n").encode())
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.said.emit(tr("Written: {file}", file=path.name))

    def use(self) -> None:
        """Bring in a file by this recipe."""
        if self.leave():
            self.go.emit(f"import:recipe:{self._name}")

    def _show(self) -> None:
        open_ = self.recipe != self._saved
        n = len(self.recipe.measures)
        head = tr("Version {n} is not saved yet", n=self._number + 1) if open_ else self._name
        under = plural(n, "{n} measure", "{n} measures") + " · " + tr("version {n}", n=self._number)
        self.head(head, f"{self._name} · {under}" if open_ else under)
        self.told.show_recipe(self.recipe)
        self._show_words()

    def _show_words(self) -> None:
        """What was accepted when files changed; each can be forgotten."""
        clear(self._words)
        r = self.recipe
        for found, meant in r.titles.items():
            rest = {k: v for k, v in r.titles.items() if k != found}
            self._word(tr("column “{found}” is read as “{meant}”", found=found, meant=meant), replace(r, titles=rest))
        for column, pairs in r.words.items():
            for found, meant in pairs.items():
                rest = {k: v for k, v in pairs.items() if k != found}
                words = {k: (rest if k == column else v) for k, v in r.words.items() if k != column or rest}
                said = tr("{column}: “{found}” is read as “{meant}”", column=column, found=found, meant=meant)
                self._word(said, replace(r, words=words))
        if not self._words.count():
            self._words.addWidget(label(tr("None: its files have kept their shape"), "soft", wrap=True))

    def _word(self, said: str, without: Any) -> None:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(label(said, "text", wrap=True), 1)
        forget = button(tr("Forget it"), lambda: self.change(without), kind="link")
        forget.setAccessibleName(f"{tr('Forget it')}: {said}")
        row.addWidget(forget)
        self._words.addWidget(held)


class FiguresTold(QWidget):
    """A recipe for a table of figures, in words that change it. Signal: changed(recipe)."""

    changed = Signal(object)

    def __init__(self, known: Mapping[str, Definition], year_start: int) -> None:
        super().__init__()
        self._recipe, self._year_start = Recipe(), year_start
        self.how, self.becomes = HowItIsRead(breakdowns=True), Becomes(known)
        self.how.changed.connect(self.changed)
        self.becomes.changed.connect(lambda measures: self.changed.emit(replace(self._recipe, measures=measures)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("How it is read"), "heading"))
        column.addWidget(self.how)
        column.addSpacing(8)
        column.addWidget(self.becomes, 1)

    def show_recipe(self, recipe: Recipe) -> None:
        """Say it, as it would read a sheet that has just what it speaks of."""
        self._recipe, sheet = recipe, as_sheet(recipe)
        self.how.show_recipe(sheet, recipe, reading.roles(sheet, recipe, None), self._year_start)
        self.becomes.show_recipe(sheet, recipe)

    def ready(self, recipe: Recipe) -> None:
        """CityStatError where it cannot be kept as it is."""
        reading.ready(recipe)
        check(recipe, recipe.name)


def _loaded(path: Path) -> tuple[Any, Kind[Any]]:
    """A recipe of either kind from its JSON."""
    if is_records(plain.loaded(path)):
        return records_recipe(path), RECORDS
    return load(path), recipes.FIGURES


def as_sheet(recipe: Recipe) -> Sheet:
    """The headings that a recipe knows, as an empty sheet: its words can be said without a file at hand."""
    spoken = [recipe.period, recipe.measure, *recipe.breakdowns, *recipe.where]
    for m in recipe.measures:
        spoken += m.where
        if recipe.layout == "long":
            spoken += [t for text in (m.value, m.numerator, m.denominator) for t in terms(text, list(recipe.columns))]
    titles = list(dict.fromkeys(filter(None, [*recipe.columns, *spoken])))
    sheet = Sheet.of_rows("", [*([""] for _ in range(max(recipe.header) - 1)), titles])
    return sheet if titles_of(sheet, recipe) else Sheet.of_rows("", [["x"]])


def _becomes(kept: Kept) -> str:
    return ", ".join(m.name or m.code for m in kept.recipe.measures)


def _changed(version: Version) -> str:
    if version.why:
        return version.why
    return "; ".join(version.changes) or (tr("learned from an import") if version.number == 1 else "")
