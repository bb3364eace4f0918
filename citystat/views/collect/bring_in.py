"""Bringing in a file: see how it is read, correct it by pointing, and only then take it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from citystat.city import City, Touched
from citystat.city.closing import ReasonWanted
from citystat.collect import drift, reading, watching
from citystat.collect.apply import Batch, Remark, apply
from citystat.collect.checks import ERROR, Finding
from citystat.collect.coding import coded
from citystat.collect.drift import Drift
from citystat.collect.guess import begin
from citystat.collect.picking import Picked, pick
from citystat.collect.readers import Source, changed, read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.recipes import Kept, fitting, free_name, kept, kept_as, kind_of, recipe_of, unreadable
from citystat.collect.returned import Returned, checked_return, is_return, read_return, store_return
from citystat.collect.secrets import Keyring
from citystat.collect.sources import SourceRow, imported, sources, waiting
from citystat.collect.store import Imported, checked, runs, store
from citystat.collect.watching import Arrival
from citystat.errors import Cancelled, CityStatError
from citystat.measures.series import definitions
from citystat.records.recipe import RECORDS, RecordRecipe
from citystat.texts import plural, tr
from citystat.views import acts, jobs
from citystat.views.collect import as_returned, outcome
from citystat.views.collect.as_read import AsRead
from citystat.views.collect.changed_shape import ChangedShape
from citystat.views.collect.import_head import ImportHead, counted_values
from citystat.views.widgets.choose import file_to_open
from citystat.views.widgets.fields import ReasonDialog
from citystat.views.widgets.page import Page, clear

FILES = "*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.xlsb *.ods"


class ImportPage(Page):
    """One file on its way in. what: a path; "figures:" and a path for one whose rows are no records, whatever it looks like;
    "run:7" or "recipe:Trips" to read the next file by that recipe; "source:3"."""

    def __init__(self, city: City, what: str = "") -> None:
        super().__init__()
        self._city, self._what = city, what
        self.title = f"{tr('Data')} › {tr('Bring in a file')}"
        self.source: Source | None = None
        self.recipe = Recipe()
        self.batch: Batch | None = None
        self.done: Imported | None = None
        self._as: Recipe | RecordRecipe | None = None
        self._path = Path()
        self._arrival: Arrival | None = None  # where the file came from, of a source
        self._why: list[str] = []  # what was accepted of a file that had changed
        self._settled: set[tuple[str, str, str, str]] = set()
        self._work = jobs.Newest(self)
        self._figures = False  # the file is known to be a table of figures, not of records
        self._corrected = False  # by hand, and not brought in yet
        self._believed = ""  # why figures that the checks doubt are taken in
        self._reason = ""  # why figures of closed periods change
        self.returned: Returned | None = None  # where the file is a return sheet
        self._shown: QWidget  # the file, as it is read: an AsRead, or an AsReturned
        self._known_as, self._names = "", dict[str, str]()
        self.file: AsRead  # from the first file on
        self.shape: ChangedShape | None = None  # while the file is another than the recipe reads
        self._head = ImportHead(
            (self.sentence, self.under), cancel=lambda: self.go.emit("data"), ask=self._ask, bring_in=self.bring_in,
            again=self._anew, believe=self._ask_reason, otherwise=(tr("Each row is a record"), self._as_records),
        )  # fmt: skip
        self.go_in = self._head.go_in
        self.body.insertWidget(0, self._head)
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.bring_in)
        self._begin()

    def begin(self) -> None:
        """Once the page stands in the window: open what it was called with."""
        kind, _, number = self._what.partition(":")
        if kind == "run" and number.isdigit():
            try:
                with self._city.read() as asked:
                    self._by(recipe_of(asked, int(number)))
            except CityStatError as error:
                self.said.emit(str(error))
        elif kind == "recipe" and number:
            with self._city.read() as asked:
                self._by(next((k.recipe for k in (*kept(asked), *kept_as(asked, RECORDS)) if k.name == number), None))
        elif kind == "source" and number.isdigit():
            self._open_source(int(number))
        elif kind == "figures" and number:
            self._figures = True
            self.open(Path(number))
            return
        elif self._what:
            self.open(Path(self._what))
            return
        self._empty.setFocus()

    def take(self, path: Path) -> None:
        """A file was dropped on the window: read it as the one that this page waits for."""
        if self.leave():
            self.open(path)

    def leave(self) -> bool:
        """Called before the page or its file is left: what was corrected by hand goes only if the person says so."""
        if self._corrected:
            title = tr("Leave without bringing in?")
            name = self.source.name if self.source is not None else self._path.name
            words = tr("{file} was not brought in. What you corrected would be lost.", file=name)
            self._corrected = QMessageBox.question(self, title, words) != QMessageBox.StandardButton.Yes
        return not self._corrected

    def own_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """What Ctrl+K offers beside the top bar's acts: those that stand in the page itself, as far as they can be done."""
        if not self._head.acts.isVisibleTo(self):
            return []
        head = self._head
        found = (
            (head.go_in, self.bring_in), (head.other, self._ask), (head.again, self._anew), (head.believe, self._ask_reason),
            (head.otherwise, self._as_records),
        )  # fmt: skip
        return [(made.text(), act) for made, act in found if made.isEnabled() and made.isVisibleTo(self)]

    def _by(self, recipe: Recipe | RecordRecipe | None) -> None:
        """The next file is read by `recipe`."""
        self._as = recipe
        if recipe is not None:
            words = tr("Drop or choose the next file; it is read as the last one was")
            self.head(recipe.name or tr("Bring in a file"), words)

    def refresh(self, touched: Touched | None = None) -> None:
        """After an import was taken back, say so; otherwise the file is what it was."""
        if self.done is None or self.done.run_id is None:
            return
        with self._city.read() as asked:
            run = next((r for r in runs(asked) if r.id == self.done.run_id), None)
        self._show_outcome(taken_back=run is not None and run.undone)

    def _as_records(self) -> None:
        """The file's rows are records, and measures are what comes of many."""
        if self.leave():
            self.instead.emit(f"import-records:{self._path}")

    def _ask_reason(self) -> None:
        """Why what the checks doubt is right."""
        dialog = ReasonDialog(tr("Take them in all the same"), self._believe, self)
        dialog.open()

    def _believe(self, reason: str) -> None:
        self._believed = reason
        self._head.offer(acts=True, why="")
        self._head.offer_values(len(self.returned.figures) if self.returned else self.batch.value_count if self.batch else 0)  # fmt: skip
        self.said.emit(tr("They are taken in with the others; your reason stays with them"))

    ## Work in the background

    def open(self, path: Path, recipe: Recipe | None = None) -> None:
        """Read `path` and find how it is meant: by `recipe`, as its last edition was, or guessed."""
        self._path, wanted, arrival = path, recipe or self._as, self._arrival
        if arrival is not None and (arrival.path or Path()) != path:
            arrival = self._arrival = None
        if isinstance(wanted, RecordRecipe):
            self.instead.emit(f"import-records:{path}\t{wanted.name}")
            return
        self._corrected = self._corrected and recipe is not None
        self._forget_changes()

        def work(progress: jobs.Progress) -> Callable[[], None]:
            if wanted is None and not self._figures and _of_records(self._city, path, arrival):
                known = f"\t{arrival.source.recipe}\t{arrival.source.id}" if arrival else ""
                return partial(self.instead.emit, f"import-records:{path}{known}")
            source = watching.opened(arrival, Keyring(), progress) if arrival else read(path, progress)
            if wanted is None and is_return(source):
                return partial(self._came_back, source, *_looked_at(self._city, source))
            name = arrival.source.recipe if arrival and wanted is None else ""
            return partial(self._met, (source, pick(self._city, source, name, wanted, progress)))

        title = tr("Reading {file}", file=arrival.source.name if arrival else path.name)
        self._work.run(work, lambda show: show(), self._refused, title)

    def _open_source(self, source_id: int) -> None:
        """What a source has that the city has not: its oldest new file, or what a database or a service has now."""
        with self._city.read() as asked:
            row = next((s for s in sources(asked) if s.id == source_id), None)
            known = imported(asked)
        if row is None:
            return

        def work(_progress: jobs.Progress) -> list[Path]:
            return waiting(row, known)

        def found(paths: list[Path]) -> None:
            asks = row.kind not in ("file", "folder")
            if asks and _reads_records(self._city, row):
                self.instead.emit(f"ask-records:{row.id}")
                return
            if not paths and not asks:
                self.head(tr("Nothing is new in {name}", name=row.name), row.location)
                return
            self._arrival = Arrival(row, None if asks else paths[0])
            self._work.forget()
            self.open(paths[0] if paths else Path())

        self._work.run(work, found, self._refused, tr("Reading {file}", file=row.name))

    def _forget_changes(self) -> None:
        self._why, self._settled, self.returned, self._reason = [], set(), None, ""

    def read_again(self, headings: tuple[int, ...] = (), known: Batch | None = None) -> None:
        """Apply the recipe as it is now; headings: they stand in these rows, and the columns are guessed anew;
        known: what it gives, where that is known already."""
        source, recipe, start = self.source, self.recipe, self._city.settings.fiscal_year_start
        assert source is not None
        sheet, names = self.file.sheet, self._names

        city = self._city

        def work(progress: jobs.Progress) -> Callable[[], None]:
            wanted = recipe
            if headings:
                wanted = coded(reading.with_headings(source, sheet, recipe, headings, start), names)
            try:
                reading.ready(wanted)
                batch = known or apply(source, wanted, progress)
            except CityStatError as error:
                return partial(self._does_not_fit, wanted, error)
            batch.takes("", 0, 0)  # what it keeps for that is made here, not when the preview asks
            counts = batch.measure_count, batch.value_count
            remarks = [*batch.remarks, *reading.cautions(batch.sheets, wanted)]
            held = 0
            if not batch.errors:
                with city.read() as asked:
                    report = checked(asked, wanted, batch, today=date.today())
                remarks += [Remark(f.place, f.words, f.level == ERROR) for f in report.findings]
                held = len(report.errors)
            return partial(self._applied, wanted, batch, counts, reading.fold(remarks), held)

        title = tr("Reading {file}", file=source.name)
        self._work.run(work, lambda show: show(), partial(self._does_not_fit, recipe), title)

    def bring_in(self) -> None:
        """Take it in, as one act."""
        source, batch, path, returned = self.source, self.batch, self._path, self.returned
        if self.source is None and self.shape is not None and isValid(self.shape):
            self.shape.accept()
            return
        if (
            source is None
            or (batch is None and returned is None)
            or not self.go_in.isEnabled()
            or not self._head.acts.isVisibleTo(self)
        ):
            return
        city, why = self._city, "; ".join(self._why)
        how: dict[str, Any] = {
            "now": datetime.now(), "believed": self._believed, "reason": self._reason,
            "source_id": self._arrival.source.id if self._arrival else None,
        }  # fmt: skip
        if returned is not None:
            keep = partial(store_return, city, source, returned, **how)
        else:
            assert batch is not None
            recipe = replace(self.recipe, name=self.file.name.text().strip())
            keep = partial(store, city, source, recipe, batch, why=why, **how)
        self.go_in.setEnabled(False)
        self._shown.setEnabled(False)  # a correction now would drop the answer of what is being kept

        def work(progress: jobs.Progress) -> Imported:
            if path != Path() and changed(path, source):
                raise CityStatError(
                    tr("The file was changed after it was read, so nothing was brought in"),
                    where=source.name, do=tr("Read the file again and look at it once more"),
                )  # fmt: skip
            return keep(progress=progress)

        self._work.run(work, self._kept, self._not_kept, tr("Bringing in {file}", file=source.name))

    ## What came back

    def _met(self, answer: tuple[Source, Picked]) -> None:
        """The file and its recipe: shown as it is read, or first what has changed in it."""
        source, picked = answer
        open_ = [c for c in picked.changes if _key(c) not in self._settled]
        if not open_:
            self._opened(answer)
            return
        self.source, self.batch, self.done = None, None, None
        clear(self._inside)
        self._head.offer(acts=False)
        n = len(open_)
        self.head(
            plural(n, "{n} thing has changed in this file", "{n} things have changed in this file"),
            tr("{file}, which the recipe {name} reads", file=source.name, name=picked.recipe.name),
        )
        self.shape = ChangedShape(open_)
        self.shape.settled.connect(partial(self._accept, source, picked.recipe))
        self.shape.guess_wanted.connect(partial(self._guess, source))
        self._inside.addWidget(self.shape, 1)
        self.shape.go_on.setFocus()

    def _accept(self, source: Source, recipe: Recipe, answers: Mapping[Drift, str]) -> None:
        """Read on with what a person said of each change; more may have stood behind the first."""
        wanted = drift.accepted(recipe, answers)
        self._why.append(drift.reason(answers, answers))
        self._settled |= {_key(c) for c in answers}

        def work(progress: jobs.Progress) -> tuple[Source, Picked]:
            return source, pick(self._city, source, recipe=wanted, progress=progress)

        self._work.run(work, self._met, self._refused, tr("Reading {file}", file=source.name))

    def _guess(self, source: Source, failed: Callable[[CityStatError], None] | None = None) -> None:
        """The file as one that nobody has described."""
        start = self._city.settings.fiscal_year_start
        self._corrected = False  # given up by that
        self._forget_changes()
        with self._city.read() as asked:
            known = kept(asked)

        def work(_progress: jobs.Progress) -> tuple[Source, Picked]:
            made = begin(source, year_start=start)
            return source, Picked(replace(made, name=free_name(known, made.name)))

        self._work.run(work, self._opened, failed or self._refused, tr("Reading {file}", file=source.name))

    def _opened(self, answer: tuple[Source, Picked]) -> None:
        self.source, picked = answer
        self.recipe, self._known_as = picked.recipe, picked.known_as
        self._as = None
        self.done, self.batch = None, None
        with self._city.read() as asked:
            known = {m.code: m for m in definitions(asked, retired=True)}
        self._names = {code: m.name for code, m in known.items()}
        if not self._known_as:
            self.recipe = coded(self.recipe, self._names)
        clear(self._inside)
        self.file = AsRead(self.source, self.recipe, known, self._city.settings.fiscal_year_start)
        self.file.changed.connect(self.change)
        self.file.said.connect(self.said)
        self.file.guess_wanted.connect(self.guess_anew)
        self.file.name.textEdited.connect(self._was_corrected)
        self.file.known_as(self._known_as)
        self._shown = self.file
        self._head.two_ways = self.recipe.layout == "long" and self._path != Path()
        self._inside.addWidget(self.file, 1)
        self.file.preview.setFocus()
        self.read_again(known=picked.batch)

    def _was_corrected(self) -> None:
        self._corrected = True

    def change(self, recipe: Recipe) -> None:
        """Read by another recipe; headings elsewhere mean that the columns are guessed anew."""
        if recipe == self.recipe:
            return
        self._was_corrected()
        if recipe.header != self.recipe.header:
            self.read_again(recipe.header)
            return
        self.recipe = recipe
        self.file.show_recipe(recipe, None)
        self.read_again()

    def guess_anew(self) -> None:
        """Forget the recipe that was used before: read the file as one nobody has described."""
        assert self.source is not None
        self._guess(self.source, partial(self._does_not_fit, self.recipe))

    def _anew(self) -> None:
        """The file as it is now, with the corrections made so far."""
        self.open(self._path, self.recipe)

    def _applied(
        self, recipe: Recipe, batch: Batch, counts: tuple[int, int], kinds: list[reading.Folded], held: int
    ) -> None:
        self.recipe, self.batch, self._believed = recipe, batch, ""
        (measures, values), errors = counts, len(batch.errors)
        what = (
            plural(measures, "{n} measure", "{n} measures")
            + ", "
            + counted_values(values, "{some} value", "{some} values")
        )
        wrong = plural(errors, "{n} cell cannot be read", "{n} cells cannot be read")
        self.head(wrong if errors else what, self._subject() + (f" · {what}" if errors else ""))
        self._head.offer_values(values - held, not errors)
        first = tr("Nothing can be brought in before each is corrected or left out: see “Please look at”")
        self._head.offer(acts=True, why=first if errors else _held_words(held), believe=held > 0)
        self.file.show_recipe(recipe, batch, kinds)

    def _does_not_fit(self, recipe: Recipe, error: CityStatError) -> None:
        self.recipe, self.batch = recipe, None
        stopped = isinstance(error, Cancelled)
        self.head(tr("Stopped") if stopped else tr("The file is not understood yet"), self._subject())
        self.go_in.setText(tr("Bring in"))
        self.go_in.setEnabled(False)
        self._head.offer(acts=True, why=f"{error.what}. {error.do}".strip(), again=stopped)
        self.file.show_recipe(recipe, None, reading.fold([Remark("", f"{error.what}. {error.do}".strip(), True)]))

    def _refused(self, error: CityStatError) -> None:
        self.source = None
        clear(self._inside)
        self._head.offer(acts=False)
        self.head(tr("The file could not be read"), error.where)
        self._inside.addWidget(outcome.refused(error, self._ask), 1)

    def _not_kept(self, error: CityStatError) -> None:
        self.go_in.setEnabled(True)
        self._shown.setEnabled(True)
        if isinstance(error, ReasonWanted):
            acts.ask_why(self, error, self._correct, tr("Bring in"))
            return
        self._head.offer(acts=True, why=str(error), again=True)

    def _correct(self, reason: str) -> None:
        """Once more, with the reason for changing closed periods."""
        self._reason = reason
        self.bring_in()

    def _kept(self, done: Imported) -> None:
        self.done, self._corrected = done, False
        self._show_outcome()

    def _came_back(self, source: Source, returned: Returned, findings: Sequence[Finding]) -> None:
        """A return sheet that was filled: its figures, and what wants a look."""
        self.source, self.returned, self.batch, self.done = source, returned, None, None
        self._as, self._believed, self._reason = None, "", ""
        self.recipe = Recipe(measures=tuple({f.measure.code: MeasureMap(f.measure.code, f.measure.name) for f in returned.figures}.values()))  # fmt: skip
        held = sum(f.level == ERROR for f in findings)
        clear(self._inside)
        self.head(as_returned.sentence(returned), as_returned.under(source, returned))
        self._head.offer_values(len(returned.figures) - held, not returned.errors)
        first = tr("Nothing can be brought in before each is corrected or emptied in the sheet: see “Please look at”")
        why = first if returned.errors else _held_words(held)
        self._head.offer(acts=True, why=why, believe=held > 0 and not returned.errors)
        self._shown = as_returned.AsReturned(source, returned, findings)
        self._inside.addWidget(self._shown, 1)
        self._shown.setFocus()

    def _show_outcome(self, *, taken_back: bool = False) -> None:
        assert self.done is not None
        sentence, under = outcome.counted(self.done)
        clear(self._inside)
        self._head.offer(acts=False)
        self.head(tr("The import was taken back") if taken_back else sentence, tr("The city is as it was before") if taken_back else under)  # fmt: skip
        self.setFocus()  # Ctrl+Z is the window's, not a field's that is gone
        undo = self.take_back if self.done.run_id is not None and not taken_back else None
        self._inside.addWidget(
            outcome.came_in(self.done, () if taken_back else self.recipe.measures, self.go.emit, undo, self._begin)
        )

    def take_back(self) -> None:
        """Undo this import."""
        run = self.done.run_id if self.done is not None else None
        if run is not None:
            acts.reasoned(self, lambda reason: self._city.undo_run(run, reason), lambda error: self.said.emit(str(error)), done=tr("Take back"))  # fmt: skip

    ## Files

    def _begin(self) -> None:
        self.source, self.done = None, None
        clear(self._inside)
        self._head.offer(acts=False)
        with self._city.read() as asked:
            known = sorted([*kept(asked), *kept_as(asked, RECORDS)], key=lambda k: k.at, reverse=True)
            lost = unreadable(asked)
        said = [tr("CSV or Excel, as the department sends it")]
        said += [tr("not offered, because it cannot be read any more: {names}", names=", ".join(lost))] if lost else []
        self.head(tr("Bring in a file"), " · ".join(said))
        self._empty = outcome.empty(self._ask, known, self._use)
        self._inside.addWidget(self._empty, 1)
        if self.isVisible():
            self._empty.setFocus()

    def _subject(self) -> str:
        """The line beneath the headline."""
        return self.file.subject(self._known_as)

    def _use(self, known: Kept) -> None:
        self._as = known.recipe
        self._ask()

    def _ask(self) -> None:
        kinds = tr("Tables") + f" ({FILES});;" + tr("All files") + " (*)"
        path = file_to_open(self, tr("Bring in a file"), kinds)
        if path is not None:
            self.take(path)


def _looked_at(city: City, source: Source) -> tuple[Returned, Sequence[Finding]]:
    """A return sheet, and what the checks would say of it."""
    returned = read_return(city, source)
    if not returned.figures:
        return returned, ()
    with city.read() as asked:
        return returned, checked_return(asked, returned, today=date.today()).findings


def _of_records(city: City, path: Path, arrival: Arrival | None) -> bool:
    """Whether a file is one whose rows are records: its last edition was, or it looks like one."""
    from citystat.records.look import looks_like_records
    from citystat.records.taking import of_records

    if arrival is not None and (arrival.path is None or arrival.source.recipe):
        return arrival.path is not None and of_records(city, arrival)
    with city.read() as asked:
        records, figures = (fitting(known, path.name) for known in (kept_as(asked, RECORDS), kept(asked)))
    return records is not None or (figures is None and looks_like_records(path))


def _reads_records(city: City, row: SourceRow) -> bool:
    """Whether the source's recipe reads what it has as records."""
    with city.read() as asked:
        return bool(row.recipe) and kind_of(asked, row.recipe) == RECORDS.name


def _key(change: Drift) -> tuple[str, str, str, str]:
    """A change, whatever is proposed for it."""
    return change.kind, change.was, change.found, change.column


def _held_words(held: int) -> str:
    """What will not come in with the rest; "" where everything does."""
    if not held:
        return ""
    return plural(
        held,
        "{n} figure fails a check and is held back until somebody resolves it; the rest comes in",
        "{n} figures fail a check and are held back until somebody resolves them; the rest comes in",
    )
