"""Bringing in records: what becomes of them is seen as it will be, and only then taken in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMessageBox, QVBoxLayout

from citystat.city import City, Touched
from citystat.city.closing import ReasonWanted
from citystat.collect import reading
from citystat.collect.apply import Remark
from citystat.collect.drift import CATEGORY, Drift, reason
from citystat.collect.recipes import named_as
from citystat.collect.store import Imported, runs
from citystat.errors import Cancelled, CityStatError
from citystat.measures.series import definitions
from citystat.records import changed
from citystat.records.bring import Brought, bring, preview
from citystat.records.count import Counted
from citystat.records.figures import as_map
from citystat.records.look import Looked, look
from citystat.records.recipe import RECORDS, RecordRecipe
from citystat.texts import plural, tr
from citystat.views import acts, jobs
from citystat.views.collect import outcome
from citystat.views.collect.changed_shape import ChangedShape
from citystat.views.collect.import_head import ImportHead
from citystat.views.records.as_read import RecordsAsRead
from citystat.views.records.preview import made_of
from citystat.views.widgets.choose import file_to_open
from citystat.views.widgets.page import Page, clear

FILES = "*.csv *.txt *.tsv *.parquet *.xlsx"


class RecordsImportPage(Page):
    """One file of records on its way in. what: its path; after a tab the recipe that reads it, after another its source's id."""

    def __init__(self, city: City, what: str = "") -> None:
        super().__init__()
        self._city, self._what = city, what
        self.title = f"{tr('Data')} › {tr('Bring in records')}"
        self.looked: Looked | None = None
        self.recipe = RecordRecipe()
        self.done: Imported | None = None
        self._path = Path()
        self._work = jobs.Newest(self)
        self._source_id: int | None = None  # where the file came from
        self.shape: ChangedShape | None = None  # what the file has otherwise, while that is asked
        self._new: set[tuple[str, str]] = set()  # categories that were said to be new: breakdown and word
        self._why: list[str] = []  # what was accepted of a file that had changed
        self._corrected = False  # by hand, and not brought in yet
        self._ready = False  # what is seen is what the recipe gives, and nothing stands in the way
        self.file: RecordsAsRead
        self._head = ImportHead(
            (self.sentence, self.under), cancel=lambda: self.go.emit("data"), ask=self._ask, bring_in=self.bring_in,
            again=self._anew, believe=lambda: None, otherwise=(tr("Read it as a table of figures"), self._as_figures),
        )  # fmt: skip
        self._head.two_ways = True
        self.go_in = self._head.go_in
        self._head.offer(acts=False)
        self.body.insertWidget(0, self._head)
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.bring_in)

    def begin(self) -> None:
        """Once the page stands in the window: open what it was called with."""
        path, name, source = (*self._what.split("\t"), "", "")[:3]
        self._source_id = int(source) if source else None
        recipe = None
        if name:
            with self._city.read() as asked:
                recipe = named_as(asked, name, RECORDS).recipe
        self.open(Path(path), recipe)

    def take(self, path: Path) -> None:
        """A file was dropped on the window: it is looked at as any other."""
        if self.leave():
            self.instead.emit(f"import:{path}")

    def _as_figures(self) -> None:
        """The file's cells are figures after all."""
        if self.leave():
            self.instead.emit(f"import:figures:{self._path}")

    def leave(self) -> bool:
        """Called before the page or its file is left: what was corrected by hand goes only if the person says so."""
        if self._corrected:
            title = tr("Leave without bringing in?")
            words = tr("{file} was not brought in. What you corrected would be lost.", file=self._path.name)
            self._corrected = QMessageBox.question(self, title, words) != QMessageBox.StandardButton.Yes
        return not self._corrected

    def own_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """What Ctrl+K offers beside the top bar's acts."""
        if not self._head.acts.isVisibleTo(self):
            return []
        found = (
            (self.go_in, self.bring_in),
            (self._head.other, self._ask),
            (self._head.again, self._anew),
            (self._head.otherwise, self._as_figures),
        )
        return [(made.text(), act) for made, act in found if made.isEnabled() and made.isVisibleTo(self)]

    def refresh(self, touched: Touched | None = None) -> None:
        """After an import was taken back, say so; otherwise the file is what it was."""
        if self.done is None or self.done.run_id is None:
            return
        with self._city.read() as asked:
            run = next((r for r in runs(asked) if r.id == self.done.run_id), None)
        self._show_outcome(taken_back=run is not None and run.undone)

    ## Work in the background

    def open(self, path: Path, recipe: RecordRecipe | None = None) -> None:
        """Look at `path`: read by `recipe`, as its last edition was, or guessed."""
        self._path = path
        self._corrected = self._corrected and recipe is not None
        city = self._city

        def work(progress: jobs.Progress) -> Looked:
            return look(city, path, recipe, progress)

        self.head(tr("Reading {file}", file=path.name), "")
        self._work.run(work, self._met, self._refused, tr("Reading {file}", file=path.name))

    def _met(self, looked: Looked) -> None:
        """What stands in the file, and how it is meant."""
        self.looked, self.recipe, self.done = looked, looked.recipe, None
        with self._city.read() as asked:
            self._known = {m.code: m for m in definitions(asked, retired=True)}
        clear(self._inside)
        self.shape = None
        self.file = RecordsAsRead(self.recipe, self._known)
        self.file.show_file(looked.titles, looked.rows, looked.numbers, looked.words)
        self.file.changed.connect(self.change)
        self.file.remarks.change_asked.connect(self._ask_about)
        self.file.name.textEdited.connect(self._was_corrected)
        self._inside.addWidget(self.file, 1)
        self._head.offer(acts=True)
        self.file.made.table.setFocus()
        self._count()

    def _was_corrected(self) -> None:
        self._corrected = True

    def change(self, recipe: RecordRecipe) -> None:
        """Read otherwise."""
        if recipe != self.recipe:
            self._was_corrected()
            self.recipe = recipe
            self._count()

    def _count(self) -> None:
        """What the records come to, as the recipe is now; the page stays as it was until that is known."""
        city, path, recipe, today = self._city, self._path, self.recipe, date.today()
        self._ready = False
        self._offer_measures()
        self.file.show_recipe(recipe)
        self.file.show_made(made_of(recipe, self._known, None, today, waits=True))

        def work(progress: jobs.Progress) -> tuple[Counted, list[Drift]]:
            seen = preview(city, path, recipe, today=today, progress=progress)
            with city.read() as read:
                return seen, changed.categories(read, recipe, seen.figures)

        self._work.run(work, self._counted, self._not_counted, tr("Counting the records of {file}", file=path.name))

    def _counted(self, answer: tuple[Counted, list[Drift]]) -> None:
        """Every measure with its line; what is odd about some records is said; what is new is asked."""
        seen, new = answer
        asked = [d for d in new if (d.column, d.found) not in self._new]
        self._ask_what_it_means(asked)
        self._ready = not asked
        rows = plural(seen.rows_read, "{some} record", "{some} records", some=f"{seen.rows_read:,}")
        n = len(self.recipe.measures)
        self.head(
            tr("{records} become {measures}", records=rows, measures=plural(n, "{n} measure", "{n} measures")),
            self._subject(),
        )
        waits = tr("Say first what is new in the file") if asked else ""
        self._head.offer(acts=True, why=waits or ("" if n else tr("Add a measure: nothing becomes of the records yet")))
        self._offer_measures()
        self.file.show_made(made_of(self.recipe, self._known, seen.figures, date.today()))
        self.file.show_wrong(reading.fold(list(seen.remarks)))

    def _not_counted(self, error: CityStatError) -> None:
        """Nothing can be brought in as it is: what stands in the way, by row where rows do."""
        stopped = isinstance(error, Cancelled)
        unread = getattr(error, "remarks", ())
        total = getattr(error, "total", 0)
        wrong = (
            plural(total, "{n} cell cannot be read", "{n} cells cannot be read")
            if unread
            else tr("The records are not understood yet")
        )
        self.head(tr("Stopped") if stopped else wrong, self._subject())
        first = tr("Nothing can be brought in before each is corrected or left out: see “Please look at”")
        why = first if unread else f"{error.what}. {error.do}".strip()
        self._ask_what_it_means(error.changes if isinstance(error, changed.Changed) else ())
        self._head.offer(acts=True, why=why, again=True)
        self.file.show_made(made_of(self.recipe, self._known, None, date.today()))
        self.file.show_wrong(
            reading.fold(list(unread) or [Remark("", f"{error.what}. {error.do}".strip(), not stopped)]), total
        )

    def _ask_about(self, remark: Remark) -> None:
        """What can be done about a cell that cannot be read: its word may mean that nothing is stated."""
        found = re.search(r"[“«](.+?)[”»]", remark.reason)
        self.menu = QMenu(self)
        if found and remark.error:
            word = found[1]
            missing = (*self.recipe.missing, word)
            said = self.menu.addAction(tr("“{word}” means that nothing is stated", word=word))
            said.triggered.connect(lambda *_: self.change(replace(self.recipe, missing=missing)))
        self.menu.addAction(tr("Read the file again, once it is corrected")).triggered.connect(lambda *_: self._anew())
        self.menu.popup(self.file.remarks.mapToGlobal(QPoint(self.file.remarks.width() // 2, 24)))

    def _ask_what_it_means(self, changes: Sequence[Drift]) -> None:
        """Above the file, what it has otherwise than the recipe knows it."""
        if self.shape is not None:
            self.shape.setParent(None)
            self.shape.deleteLater()
            self.shape = None
        if changes:
            self.shape = ChangedShape(changes, guess=False)
            self.shape.settled.connect(self._settled)
            self._inside.insertWidget(0, self.shape)
            self.shape.go_on.setFocus()

    def _settled(self, answers: Mapping[Drift, str]) -> None:
        """What was said is kept with the recipe; last month's names can still be read."""
        self._new |= {(d.column, d.found) for d in answers if d.kind == CATEGORY}
        self._why.append(reason(list(answers), answers))
        recipe = changed.accepted(self.recipe, answers)
        if recipe == self.recipe:
            self._count()  # what is new stays new
        else:
            self.change(recipe)

    def bring_in(self, reason: str = "") -> None:
        """Take them in, as one act. reason: why figures of closed periods change."""
        if (
            self.looked is None
            or not self._ready
            or not self.go_in.isEnabled()
            or not self._head.acts.isVisibleTo(self)
        ):
            return
        city, path, source, why = self._city, self._path, self._source_id, "; ".join(self._why)
        recipe = replace(self.recipe, name=self.file.name.text().strip())
        self._ready = False
        self._offer_measures()
        self.file.setEnabled(False)  # a correction now would drop the answer of what is being kept

        def work(progress: jobs.Progress) -> Brought:
            return bring(city, path, recipe, now=datetime.now(), progress=progress, why=why, source_id=source, reason=reason)  # fmt: skip

        self._work.run(work, self._kept, self._not_kept, tr("Bringing in {file}", file=path.name))

    ## What came back

    def _offer_measures(self) -> None:
        n = len(self.recipe.measures)
        self.go_in.setText(plural(n, "Bring in {n} measure", "Bring in {n} measures"))
        self.go_in.setEnabled(self._ready and n > 0)

    def _subject(self) -> str:
        """File, recipe, and how it came to be read so."""
        looked = self.looked
        parts = [self._path.name]
        if looked is not None and looked.known_as:
            parts.append(tr("read as before, by the recipe {name}", name=looked.known_as))
        return " · ".join([*parts, tr("each row is a record")])

    def _refused(self, error: CityStatError) -> None:
        self.looked = None
        clear(self._inside)
        self._head.offer(acts=False)
        self.head(tr("The file could not be read"), error.where)
        self._inside.addWidget(outcome.refused(error, self._ask), 1)

    def _not_kept(self, error: CityStatError) -> None:
        self._ready = True
        self._offer_measures()
        self.file.setEnabled(True)
        if isinstance(error, ReasonWanted):
            acts.ask_why(self, error, self.bring_in, tr("Bring in"))
            return
        self._head.offer(
            acts=True,
            why=tr("Stopped: nothing was written") if isinstance(error, Cancelled) else str(error),
            again=True,
        )

    def _kept(self, brought: Brought) -> None:
        self.done, self._corrected = brought.imported, False
        self._show_outcome()

    def _show_outcome(self, *, taken_back: bool = False) -> None:
        assert self.done is not None
        sentence, under = outcome.counted(self.done)
        clear(self._inside)
        self._head.offer(acts=False)
        self.head(tr("The import was taken back") if taken_back else sentence, tr("The city is as it was before") if taken_back else under)  # fmt: skip
        self.setFocus()  # Ctrl+Z is the window's, not a field's that is gone
        undo = self.take_back if self.done.run_id is not None and not taken_back else None
        maps = () if taken_back else tuple(map(as_map, self.recipe.measures))
        self._inside.addWidget(outcome.came_in(self.done, maps, self.go.emit, undo, lambda: self.go.emit("import")))

    def take_back(self) -> None:
        """Undo this import."""
        if self.done is not None and self.done.run_id is not None:
            try:
                self._city.undo_run(self.done.run_id)
            except CityStatError as error:
                self.said.emit(str(error))

    def _anew(self) -> None:
        """The file as it is now, with the corrections made so far."""
        self.open(self._path, self.recipe)

    def _ask(self) -> None:
        path = file_to_open(self, tr("Bring in a file"), tr("Tables") + f" ({FILES});;" + tr("All files") + " (*)")
        if path is not None:
            self.take(path)
