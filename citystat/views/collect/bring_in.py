"""Bringing in a file: see how it is read, correct it by pointing, and only then take it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.collect import reading
from citystat.collect.apply import Batch, Remark, apply
from citystat.collect.guess import guess
from citystat.collect.readers import Sheet, Source, read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.recipes import Kept, fitting, kept, recipe_of
from citystat.collect.store import Imported, runs, store
from citystat.errors import Cancelled, CityStatError
from citystat.measures.series import definitions
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.collect import outcome
from citystat.views.collect.how_it_is_read import LAYOUTS, HowItIsRead
from citystat.views.collect.measure_dialog import MeasureMapDialog
from citystat.views.collect.preview import ROLE_WORDS, Preview
from citystat.views.collect.remarks import Remarks
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_open
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table

FILES = "*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.xlsb *.ods"


class ImportPage(Page):
    """One file on its way in. what: a path, or "run:7" to read the next file as import 7 was."""

    def __init__(self, city: City, what: str = "") -> None:
        super().__init__()
        self._city, self._what = city, what
        self.title = f"{tr('Data')} › {tr('Bring in a file')}"
        self.setAcceptDrops(True)
        self.source: Source | None = None
        self.recipe = Recipe()
        self.batch: Batch | None = None
        self.done: Imported | None = None
        self._as: Recipe | None = None
        self._left_out: list[MeasureMap] = []
        self._work: jobs.Progress | None = None
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self._begin()

    def begin(self) -> None:
        """Once the page stands in the window: open what it was called with."""
        kind, _, number = self._what.partition(":")
        if kind == "run" and number.isdigit():
            with self._city.read() as asked:
                self._as = recipe_of(asked, int(number))
            if self._as is not None:
                self.head(
                    self._as.name or tr("Bring in a file"),
                    tr("Drop or choose the next file; it is read as the last one was"),
                )
        elif self._what:
            self.open(Path(self._what))

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("Choose a file…"), self._ask, "")]

    def refresh(self, touched: Touched | None = None) -> None:
        """After an import was taken back, say so; otherwise the file is what it was."""
        if self.done is None or self.done.run_id is None:
            return
        with self._city.read() as asked:
            run = next((r for r in runs(asked) if r.id == self.done.run_id), None)
        if run is not None and run.undone:
            self._show_outcome(taken_back=True)
        else:
            self._show_outcome()

    ## Work in the background

    def open(self, path: Path, recipe: Recipe | None = None) -> None:
        """Read `path` and find how it is meant: by `recipe`, as its last edition was, or guessed."""
        start, wanted = self._city.settings.fiscal_year_start, recipe or self._as
        with self._city.read() as asked:
            before = fitting(kept(asked), path.name)

        def work(progress: jobs.Progress) -> tuple[Source, Recipe, str]:
            source = read(path, progress)
            given = wanted or (before.recipe if before else None)
            return source, given or guess(source, year_start=start), given.name if given else ""

        self._run(work, self._opened, self._refused, tr("Reading {file}", file=path.name))

    def read_again(self) -> None:
        """Apply the recipe as it is now."""
        source, recipe = self.source, self.recipe
        assert source is not None

        def work(progress: jobs.Progress) -> tuple[Batch, int, int, list[reading.Folded]]:
            reading.ready(recipe)
            batch = apply(source, recipe, progress)
            batch.takes("", 0, 0)  # what it keeps for that is made here, not when the preview asks
            return batch, batch.measure_count, batch.value_count, reading.fold(batch.remarks)

        self._run(work, self._applied, self._does_not_fit, tr("Reading {file}", file=source.name))

    def bring_in(self) -> None:
        """Take it in, as one act."""
        source, batch = self.source, self.batch
        if source is None or batch is None or batch.errors:
            return
        recipe = replace(self.recipe, name=self.name.text().strip())
        self.go_in.setEnabled(False)

        def work(progress: jobs.Progress) -> Imported:
            return store(self._city, source, recipe, batch, now=datetime.now(), progress=progress)

        self._run(work, self._kept, self._not_kept, tr("Bringing in {file}", file=source.name))

    def _run(
        self,
        work: Callable[[jobs.Progress], Any],
        done: Callable[[Any], None],
        failed: Callable[[CityStatError], None],
        title: str,
    ) -> None:
        """Only the newest work is answered: what was asked before is out of date."""
        if self._work is not None:
            self._work.cancel()
        mine: list[jobs.Progress] = []

        def newest(answer: Callable[[Any], None], value: Any) -> None:
            if self._work is mine[0]:
                answer(value)

        mine.append(jobs.run(self, work, partial(newest, done), failed=partial(newest, failed), title=title))
        self._work = mine[0]

    ## What came back

    def _opened(self, answer: tuple[Source, Recipe, str]) -> None:
        self.source, self.recipe, self._known_as = answer
        self._as = None
        self.done, self.batch, self._left_out = None, None, []
        with self._city.read() as asked:
            self._codes = {m.code: m for m in definitions(asked)}
        self._lay_out()
        self.read_again()

    def _applied(self, answer: tuple[Batch, int, int, list[reading.Folded]]) -> None:
        self.batch, measures, values, kinds = answer
        errors = len(self.batch.errors)
        what = plural(measures, "{n} measure", "{n} measures") + ", " + _values(values, "{some} value", "{some} values")
        wrong = plural(errors, "{n} cell cannot be read", "{n} cells cannot be read")
        self.head(wrong if errors else what, self._subject() + (f" · {what}" if errors else ""))
        self.go_in.setText(_values(values, "Bring in {some} value", "Bring in {some} values"))
        self.go_in.setEnabled(not errors and values > 0)
        self.why.setText(f"◆ {wrong}: {tr('see the list')}" if errors else "")
        self.remarks.show_kinds(kinds)
        self._show_reading()

    def _does_not_fit(self, error: CityStatError) -> None:
        self.batch = None
        stopped = isinstance(error, Cancelled)
        self.head(tr("Stopped") if stopped else tr("The file is not understood yet"), self._subject())
        self.go_in.setEnabled(False)
        self.why.setText(f"◆ {error.what}")
        self.remarks.show_kinds(reading.fold([Remark("", f"{error.what}. {error.do}".strip(), True)]))
        self._show_reading()

    def _refused(self, error: CityStatError) -> None:
        self.source = None
        clear(self._inside)
        self.head(tr("The file could not be read"), error.where)
        self._inside.addWidget(outcome.refused(error, self._ask), 1)

    def _not_kept(self, error: CityStatError) -> None:
        self.go_in.setEnabled(True)
        self.why.setText(f"◆ {error}")

    def _kept(self, done: Imported) -> None:
        self.done = done
        self._show_outcome()

    def _show_outcome(self, *, taken_back: bool = False) -> None:
        assert self.done is not None
        sentence, under = outcome.counted(self.done)
        clear(self._inside)
        self.head(tr("The import was taken back") if taken_back else sentence, tr("The city is as it was before") if taken_back else under)  # fmt: skip
        self.setFocus()  # Ctrl+Z is the window's, not a field's that is gone
        undo = self.take_back if self.done.run_id is not None and not taken_back else None
        self._inside.addWidget(
            outcome.came_in(self.done, () if taken_back else self.recipe.measures, self.go.emit, undo, self._begin)
        )

    def take_back(self) -> None:
        """Undo this import."""
        if self.done is not None and self.done.run_id is not None:
            try:
                self._city.undo_run(self.done.run_id)
            except CityStatError as error:
                self.said.emit(str(error))

    ## Layout

    def _begin(self) -> None:
        self.source, self.done = None, None
        clear(self._inside)
        self.head(tr("Bring in a file"), tr("CSV or Excel, as the department sends it"))
        with self._city.read() as asked:
            known = kept(asked)
        self._inside.addWidget(outcome.empty(self._ask, known, self._use), 1)

    def _lay_out(self) -> None:
        """Sheets, preview and what to look at at the left; how it is read and what it becomes at the right."""
        clear(self._inside)
        assert self.source is not None
        self._sheet_now = self._first_sheet()
        self.preview, self.remarks, self.how = Preview(), Remarks(), HowItIsRead()
        self.preview.column_asked.connect(self._column_menu)
        self.preview.row_asked.connect(self._row_menu)
        self.remarks.place_chosen.connect(self._jump)
        self.remarks.change_asked.connect(self._change_menu)
        self.how.changed.connect(self._change)
        self.tabs = QHBoxLayout()
        self.tabs.setSpacing(8)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self.tabs)
        left.addWidget(self.preview, 3)
        left.addSpacing(8)
        self._look_title = label(tr("Please look at"), "heading")
        left.addWidget(self._look_title)
        left.addWidget(self.remarks, 1)
        side = QWidget()
        side.setLayout(self._side())
        side.setFixedWidth(round(theme().px(320)))
        both = QHBoxLayout()
        both.setSpacing(28)
        both.addLayout(left, 1)
        both.addWidget(side)
        self._inside.addLayout(both, 1)
        self._show_reading()

    def _side(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        self.becomes = Table(
            [
                Column(tr("Measure"), lambda m: m.name or m.code, colour=lambda m: "faint" if m in self._left_out else "", tip=lambda m: m.name or m.code),
                Column(tr("Code"), self._code_words, width=120, right=True, colour=self._code_colour, tip=lambda m: m.code),
            ],
            tr("Becomes"), sortable=False,
        )  # fmt: skip
        self.becomes.horizontalHeader().hide()
        self.becomes.opened.connect(self._edit_measure)
        self.becomes.setToolTip(tr("Enter changes a measure"))
        self.name = QLineEdit(self.recipe.name)
        self.name.setAccessibleName(tr("Name of the recipe"))
        self.go_in = button(tr("Bring in"), self.bring_in, kind="primary")
        self.go_in.setEnabled(False)
        self.why = label("", "soft", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.go_in)
        row.addWidget(button(tr("Cancel"), lambda: self.go.emit("data")))
        row.addStretch(1)
        for widget in (label(tr("How it is read"), "heading"), self.how):
            right.addWidget(widget)
        if self._known_as:
            right.addWidget(button(tr("Guess anew instead"), self.guess_anew, kind="link"))
        right.addSpacing(16)
        right.addWidget(label(tr("Becomes"), "heading"))
        right.addWidget(self.becomes, 1)
        right.addWidget(label(tr("Kept as the recipe; next month's file needs one click"), "soft", wrap=True))
        right.addWidget(self.name)
        right.addLayout(row)
        right.addWidget(self.why)
        right.addWidget(label(tr("Nothing is written until you say so. It can be taken back."), "faint", wrap=True))
        return right

    def _show_reading(self) -> None:
        """Tabs, preview, words and measures by the recipe as it is now."""
        self._show_tabs()
        out = self._sheet_now not in self._taken_sheets()
        self.preview.show_sheet(self._sheet_now, self.recipe, self.batch, out=out)
        self.how.show_recipe(
            self._sheet_now, self.recipe, self.preview.shown.roles, self._city.settings.fiscal_year_start
        )
        found = bool(self.remarks.model_.rows)
        self.remarks.setVisible(found)
        self._look_title.setText(tr("Please look at") if found else tr("Nothing wants a look"))
        self.becomes.set_rows([*self.recipe.measures, *self._left_out])

    def _show_tabs(self) -> None:
        clear(self.tabs)
        assert self.source is not None
        if len(self.source.sheets) < 2:
            return
        taken = self._taken_sheets()
        for sheet in self.source.sheets:
            state = "" if sheet in taken else f" ({tr('hidden') if sheet.hidden else tr('left out')})"
            tab = button(sheet.name + state, partial(self._look_at, sheet))
            tab.setProperty("chosen", sheet is self._sheet_now)
            self.tabs.addWidget(tab)
        self.tabs.addStretch(1)
        inside = self._sheet_now in taken
        if not inside or len(taken) > 1:
            words = tr("Leave this sheet out") if inside else tr("Take this sheet in")
            self.tabs.addWidget(button(words, self.toggle_sheet, kind="link"))

    ## Sheets and cells

    def _taken_sheets(self) -> list[Sheet]:
        assert self.source is not None
        wanted = self.recipe.sheets
        return [s for s in self.source.sheets if (s.name in wanted if wanted else not s.hidden)]

    def _first_sheet(self) -> Sheet:
        assert self.source is not None
        return next(iter(self._taken_sheets()), self.source.sheets[0])

    def _look_at(self, sheet: Sheet) -> None:
        self._sheet_now = sheet
        self._show_reading()

    def toggle_sheet(self) -> None:
        """Take the sheet on view in, or leave it out."""
        assert self.source is not None
        names = {s.name for s in self._taken_sheets()} ^ {self._sheet_now.name}
        self._change(replace(self.recipe, sheets=tuple(s.name for s in self.source.sheets if s.name in names)))

    def _jump(self, place: str) -> None:
        assert self.source is not None
        at = reading.locate(self.source, place)
        if at is not None:
            if at.sheet is not self._sheet_now:
                self._look_at(at.sheet)
            self.preview.jump(at.row, at.column)

    ## Corrections

    def _change(self, recipe: Recipe) -> None:
        """Read by another recipe; headings elsewhere mean that the columns are guessed anew."""
        assert self.source is not None
        if recipe == self.recipe:
            return
        if recipe.header != self.recipe.header:
            start = self._city.settings.fiscal_year_start
            recipe = reading.with_headings(self.source, self._sheet_now, recipe, recipe.header, start)
        self.recipe = recipe
        self._show_reading()
        self.read_again()

    def guess_anew(self) -> None:
        """Forget the recipe that was used before: read the file as one nobody has described."""
        source, start = self.source, self._city.settings.fiscal_year_start
        assert source is not None
        title = tr("Reading {file}", file=source.name)
        self._run(lambda _p: (source, guess(source, year_start=start), ""), self._opened, self._does_not_fit, title)

    def set_role(self, column: int, role: str) -> None:
        """Say what a column (from 0) is."""
        try:
            self._change(reading.with_role(self._sheet_now, self.recipe, column, role))
        except CityStatError as error:
            self.said.emit(str(error))

    def _menu(self, items: list[tuple[str, Callable[[], object]]], at: QPoint, checked: str = "") -> None:
        self.menu = QMenu(self)
        for words, act in items:
            action = self.menu.addAction(words)
            action.setCheckable(bool(checked))
            action.setChecked(words == checked)
            action.triggered.connect(lambda _=False, a=act: a())
        self.menu.popup(at)

    def _column_menu(self, column: int, at: QPoint) -> None:
        roles = reading.OFFERED[self.recipe.layout]
        items = [(tr(ROLE_WORDS[role]), partial(self.set_role, column, role)) for role in roles]
        self._menu(items, at, self.preview.shown.role_words(column))

    def _row_menu(self, row: int, at: QPoint) -> None:
        header, n = self.recipe.header, row + 1
        items = [(tr("Headings are here"), lambda: self._change(replace(self.recipe, header=(n,))))]
        if n in header and len(header) > 1:
            fewer = tuple(h for h in header if h != n)
            items.append((tr("No headings here"), lambda: self._change(replace(self.recipe, header=fewer))))
        elif n not in header:
            more = tuple(sorted((*header, n)))
            items.append((tr("Headings are here, too"), lambda: self._change(replace(self.recipe, header=more))))
        words = reading.Place(self._sheet_now, row, 0).row_words
        if words and n > max(header):
            items.append((tr("Leave out rows that begin with “{words}”", words=words[:40]), partial(self._skip, words)))
        self._menu(items, at)

    def _skip(self, words: str) -> None:
        self._change(replace(self.recipe, skip_rows=(*self.recipe.skip_rows, words)))

    def _change_menu(self, remark: Remark) -> None:
        """What can be done about a cell."""
        assert self.source is not None
        at = reading.locate(self.source, remark.place)
        if at is None:
            return
        items: list[tuple[str, Callable[[], object]]] = [(tr("Show the cell"), partial(self._jump, remark.place))]
        word = " ".join(str(at.cell).lower().split())
        if isinstance(at.cell, str) and remark.error:
            missing = (*self.recipe.missing, word)
            items.append((tr("“{word}” means missing", word=at.cell[:40]), lambda: self._change(replace(self.recipe, missing=missing))))  # fmt: skip
        if at.row_words:
            items.append((tr("Leave out rows that begin with “{words}”", words=at.row_words[:40]), partial(self._skip, at.row_words)))  # fmt: skip
        if reading.LEFT_OUT in reading.OFFERED[self.recipe.layout]:
            items.append((tr("Leave the column out"), partial(self.set_role, at.column, reading.LEFT_OUT)))
        self._menu(items, self.remarks.mapToGlobal(QPoint(self.remarks.width() // 2, 24)))

    ## Measures

    def _code_words(self, m: MeasureMap) -> str:
        if m in self._left_out:
            return tr("left out")
        return m.code if m.code in self._codes else tr("new")

    def _code_colour(self, m: MeasureMap) -> str:
        return "soft" if m in self._left_out or m.code in self._codes else "accent"

    def _edit_measure(self, measure: MeasureMap) -> None:
        def changed(new: MeasureMap) -> None:
            if measure in self._left_out:
                self._left_out.remove(measure)
                self._change(replace(self.recipe, measures=(*self.recipe.measures, new)))
            else:
                measures = tuple(new if m is measure else m for m in self.recipe.measures)
                self._change(replace(self.recipe, measures=measures))

        titles = [t for t in reading.padded_titles(self._sheet_now, self.recipe) if t]
        self.dialog = MeasureMapDialog(measure, self._codes, titles, changed, partial(self.leave_out, measure), self)
        self.dialog.open()

    def leave_out(self, measure: MeasureMap) -> None:
        """Do not bring this measure in."""
        if measure in self.recipe.measures:
            self._left_out.append(measure)
            self._change(replace(self.recipe, measures=tuple(m for m in self.recipe.measures if m is not measure)))

    ## Files

    def _subject(self) -> str:
        """The line beneath the headline: file, sheet of how many, year and layout."""
        assert self.source is not None
        parts = [self.source.name]
        parts += [tr("read as before, by the recipe {name}", name=self._known_as)] if self._known_as else []
        visible = [s for s in self.source.sheets if not s.hidden]
        if len(visible) > 1:
            taken = self._taken_sheets()
            named = ", ".join(s.name for s in taken[:3]) + (" …" if len(taken) > 3 else "")
            parts.append(tr("sheets {names} of {n}", names=named, n=len(visible)))
        parts += [tr("fiscal year")] if self.recipe.fiscal else []
        return " · ".join([*parts, tr(LAYOUTS[self.recipe.layout])])

    def _use(self, known: Kept) -> None:
        self._as = known.recipe
        self._ask()

    def _ask(self) -> None:
        kinds = tr("Tables") + f" ({FILES});;" + tr("All files") + " (*)"
        path = file_to_open(self, tr("Bring in a file"), kinds)
        if path is not None:
            self.open(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read it."""
        self.open(Path(event.mimeData().urls()[0].toLocalFile()))


def _values(n: int, one: str, many: str) -> str:
    """A count with thousands separators in its sentence."""
    return plural(n, one, many, some=f"{n:,}")
