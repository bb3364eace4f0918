"""Bringing in a file: see how it is read, correct it, and only then take it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from citystat.city import City, Touched
from citystat.collect.apply import Batch, Remark, apply, heading
from citystat.collect.guess import guess
from citystat.collect.readers import Sheet, Source, letters, read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.collect.store import Imported, store
from citystat.errors import CityStatError
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table

PREVIEW = 300  # rows


class ImportPage(Page):
    """One file on its way in."""

    def __init__(self, city: City, path: str = "") -> None:
        super().__init__()
        self._city = city
        self.title = f"{tr('Data')} › {tr('Bring in a file')}"
        self.setAcceptDrops(True)
        self._source: Source | None = None
        self._recipe = Recipe()
        self._batch: Batch | None = None
        self._inside = QVBoxLayout()
        self.body.addLayout(self._inside, 1)
        self._begin()
        if path:
            self.open(Path(path))

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("Choose a file…"), self._ask, "")]

    def refresh(self, touched: Touched | None = None) -> None:
        """What is in the city does not change what is in the file."""

    def open(self, path: Path) -> None:
        """Read `path` in the background and guess how it is meant."""
        year_start = self._city.settings.fiscal_year_start

        def work(_progress: jobs.Progress) -> tuple[Source, Recipe]:
            source = read(path)
            return source, guess(source, year_start=year_start)

        jobs.run(self, work, self._opened, failed=self._refused, title=tr("Reading {file}", file=path.name))

    def read_again(self) -> None:
        """Apply the recipe as it is now."""
        source, recipe = self._source, self._recipe
        if source is not None:
            jobs.run(
                self, lambda _p: apply(source, recipe), self._applied, failed=self._does_not_fit, title=tr("Reading")
            )

    def bring_in(self) -> None:
        """Take it in, as one act."""
        source, recipe, batch = self._source, self._recipe, self._batch
        if source is not None and batch is not None:
            jobs.run(
                self,
                lambda _p: store(self._city, source, recipe, batch, now=datetime.now()),
                self._done,
                title=tr("Bringing in {file}", file=source.name),
            )

    ## What came back

    def _opened(self, answer: tuple[Source, Recipe]) -> None:
        self._source, self._recipe = answer
        self._lay_out()
        self.read_again()

    def _applied(self, batch: Batch) -> None:
        self._batch = batch
        found, measures = range(batch.value_count), batch.measure_count
        errors = len(batch.errors)
        what = plural(measures, "{n} measure", "{n} measures") + ", " + plural(len(found), "{n} value", "{n} values")
        self.head(
            plural(errors, "{n} cell cannot be read", "{n} cells cannot be read") if errors else what,
            self._subject() + (f" · {what}" if errors else ""),
        )
        self._go_in.setText(plural(len(found), "Bring in {n} value", "Bring in {n} values"))
        self._go_in.setEnabled(not errors and bool(found))
        self._remarks.set_rows(sorted(batch.remarks, key=lambda r: not r.error))
        self._preview.used(batch, {r.place: r for r in batch.remarks})

    def _does_not_fit(self, error: CityStatError) -> None:
        self._batch = None
        self.head(tr("The file is not understood yet"), str(error))
        self._go_in.setEnabled(False)
        self._remarks.set_rows([Remark("", str(error), True)])

    def _refused(self, error: CityStatError) -> None:
        self._begin()
        self.head(tr("The file could not be read"), str(error))

    def _done(self, done: Imported) -> None:
        if done.run_id is None:
            self.said.emit(tr("Nothing is new in this file; nothing was changed"))
        else:
            self.said.emit(
                tr(
                    "{added} values are new, {revised} corrected. Ctrl Z takes the import back",
                    added=done.added,
                    revised=done.revised,
                )
            )
            self.go.emit("measures")

    ## Layout

    def _begin(self) -> None:
        clear(self._inside)
        self.head(tr("Bring in a file"), tr("CSV or Excel, as the department sends it"))
        self._inside.addWidget(
            EmptyPlace(
                tr("Drop a file here"),
                tr(
                    "You will see how it is read before anything is written: headings, periods, measures, missing values. What cannot be read is listed by cell."
                ),
                (tr("Choose a file…"), self._ask),
            )
        )

    def _lay_out(self) -> None:
        """Sheets, preview and what to look at at the left; how it is read and what it becomes at the right."""
        clear(self._inside)
        assert self._source is not None
        self._preview = Preview()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self._sheets())
        table = QTableView()
        table.setModel(self._preview)
        table.setAccessibleName(tr("Preview"))
        table.verticalHeader().setDefaultSectionSize(round(theme().px(26)))
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setDefaultSectionSize(round(theme().px(104)))
        self._remarks = Table(
            [
                Column(tr("Cell"), lambda r: r.place, width=130, colour=lambda r: "concern" if r.error else "soft"),
                Column(tr("Please look at"), lambda r: ("◆ " if r.error else "") + r.reason),
            ],
            tr("Please look at"),
            sortable=False,
        )
        self._remarks.setMaximumHeight(round(theme().px(220)))
        self._remarks.chosen.connect(lambda r: self._preview.show_place(table, r.place))
        left.addWidget(table, 3)
        left.addWidget(self._remarks, 2)
        self._show_sheet(self._sheet())
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(label(tr("How it is read"), "heading"))
        right.addLayout(self._form())
        right.addSpacing(12)
        right.addWidget(label(tr("Becomes"), "heading"))
        self._becomes = Table(
            [
                Column(tr("Measure"), lambda m: m.name or m.value),
                Column(tr("Code"), lambda m: m.code, width=150, colour=lambda _: "accent"),
            ],
            tr("Becomes"),
            sortable=False,
        )
        self._becomes.set_rows(self._recipe.measures)
        self._becomes.opened.connect(self._edit_measure)
        right.addWidget(self._becomes, 1)
        self._go_in = button(tr("Bring in"), self.bring_in, kind="primary")
        self._go_in.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self._go_in)
        row.addWidget(button(tr("Cancel"), lambda: self.go.emit("data")))
        row.addStretch(1)
        right.addLayout(row)
        right.addWidget(label(tr("Nothing is written until you say so. It can be taken back."), "faint", wrap=True))
        side = QWidget()
        side.setLayout(right)
        side.setFixedWidth(round(theme().px(340)))
        both = QHBoxLayout()
        both.setSpacing(28)
        both.addLayout(left, 1)
        both.addWidget(side)
        self._inside.addLayout(both, 1)

    def _sheets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        assert self._source is not None
        for sheet in self._source.sheets:
            if sheet.name:
                words = f"{sheet.name} ({tr('hidden')})" if sheet.hidden else sheet.name
                row.addWidget(button(words, lambda s=sheet: self._show_sheet(s)))
        row.addStretch(1)
        return row

    def _form(self) -> QFormLayout:
        """Each decision as a field; a change reads the file again."""
        form, r = QFormLayout(), self._recipe
        titles = [t for t in heading(self._sheet(), r.header) if t]
        self._field(
            form,
            tr("Headings in rows"),
            ", ".join(map(str, r.header)),
            lambda t: {"header": tuple(int(n) for n in t.replace(",", " ").split())},
        )
        self._choice(form, tr("Layout"), ("long", "wide", "crossed"), r.layout, "layout")
        self._choice(form, tr("Period"), ("", *titles), r.period, "period")
        self._choice(form, tr("Measure's words"), ("", *titles), r.measure, "measure")
        self._field(
            form,
            tr("Breakdowns"),
            ", ".join(r.breakdowns),
            lambda t: {"breakdowns": tuple(b.strip() for b in t.split(",") if b.strip())},
        )
        self._choice(form, tr("Frequency"), ("", "day", "week", "month", "quarter", "year"), r.frequency, "frequency")
        self._field(
            form,
            tr("Words for missing"),
            ", ".join(r.missing),
            lambda t: {"missing": tuple(w.strip().lower() for w in t.split(",") if w.strip())},
        )
        self._choice(form, tr("Decimal sign"), (".", ","), r.decimal, "decimal")
        for words, name in ((tr("Fiscal years"), "fiscal"), (tr("Day before month"), "day_first")):
            box = QCheckBox()
            box.setChecked(bool(getattr(r, name)))
            box.setAccessibleName(words)
            box.toggled.connect(
                lambda on, n=name: self._change(
                    **{
                        n: on,
                        **({"year_start": self._city.settings.fiscal_year_start if on else 1} if n == "fiscal" else {}),
                    }
                )
            )
            form.addRow(label(words, "soft"), box)
        return form

    def _field(self, form: QFormLayout, words: str, text: str, read_: Any) -> None:
        line = QLineEdit(text)
        line.setAccessibleName(words)

        def changed() -> None:
            try:
                self._change(**read_(line.text()))
            except ValueError:
                self.said.emit(tr("{field}: write row numbers, such as 4, 5", field=words))

        line.editingFinished.connect(changed)
        form.addRow(label(words, "soft"), line)

    def _choice(self, form: QFormLayout, words: str, values: tuple[str, ...], now: str, name: str) -> None:
        box = QComboBox()
        box.setAccessibleName(words)
        for value in values:
            box.addItem(tr(value) if value else tr("none"), value)
        box.setCurrentIndex(box.findData(now))
        box.activated.connect(lambda _: self._change(**{name: box.currentData()}))
        form.addRow(label(words, "soft"), box)

    def _change(self, **fields: Any) -> None:
        changed = replace(self._recipe, **fields)
        if changed != self._recipe:
            self._recipe = changed
            self.read_again()

    def _edit_measure(self, measure: MeasureMap) -> None:
        from citystat.views.collect.measure_dialog import MeasureMapDialog

        def changed(new: MeasureMap) -> None:
            measures = tuple(new if m is measure else m for m in self._recipe.measures)
            self._becomes.set_rows(measures)
            self._change(measures=measures)

        MeasureMapDialog(measure, changed, self).open()

    def _sheet(self) -> Sheet:
        assert self._source is not None
        wanted = self._recipe.sheets[0] if self._recipe.sheets else None
        return next(
            (s for s in self._source.sheets if s.name == wanted), next(s for s in self._source.sheets if not s.hidden)
        )

    def _show_sheet(self, sheet: Sheet) -> None:
        self._preview.show_sheet(sheet, self._recipe.header)

    def _subject(self) -> str:
        assert self._source is not None
        n = len([s for s in self._source.sheets if not s.hidden])
        return f"{self._source.name} · " + plural(n, "{n} sheet", "{n} sheets")

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Bring in a file"), "", tr("Tables (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods);;All files (*)")
        )
        if path:
            self.open(Path(path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read it."""
        self.open(Path(event.mimeData().urls()[0].toLocalFile()))


class Preview(QAbstractTableModel):
    """The first rows of a sheet: headings shaded, values that are taken tinted, what wants a look in its colour."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._header: tuple[int, ...] = ()
        self._batch: Batch | None = None
        self._said: dict[str, Remark] = {}

    def show_sheet(self, sheet: Sheet, header: tuple[int, ...]) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self._sheet, self._header = sheet, header
        self.endResetModel()

    def used(self, batch: Batch, said: dict[str, Remark]) -> None:
        """Which cells are taken in, and which want a look."""
        self.beginResetModel()
        self._batch, self._said = batch, said
        self.endResetModel()

    def show_place(self, table: QTableView, place: str) -> None:
        """Scroll to a cell by its name."""
        if self._sheet is None:
            return
        for row in range(self.rowCount()):
            for column in range(self.columnCount()):
                if self._sheet.place(row, column) == place:
                    table.setCurrentIndex(self.index(row, column))
                    return

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return min(PREVIEW, len(self._sheet.rows)) if self._sheet and not parent.isValid() else 0

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return (
            max((len(r) for r in self._sheet.rows[:PREVIEW]), default=0) if self._sheet and not parent.isValid() else 0
        )

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return letters(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        assert self._sheet is not None
        row = self._sheet.rows[index.row()]
        cell = row[index.column()] if index.column() < len(row) else None
        place = self._sheet.place(index.row(), index.column())
        used = self._batch is not None and self._batch.takes(self._sheet.name, index.row(), index.column())
        palette = theme().palette
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if cell is None else f"{cell:,.10g}" if isinstance(cell, float) else str(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole and isinstance(cell, int | float):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole:
            remark = self._said.get(place)
            if remark is not None:
                return QColor(palette.concern_ground if remark.error else palette.band)
            if index.row() + 1 in self._header:
                return QColor(palette.band)
            return QColor(palette.tint) if used else None
        if role == Qt.ItemDataRole.ForegroundRole and not used and index.row() + 1 not in self._header:
            return QColor(palette.faint)
        return self._said[place].reason if role == Qt.ItemDataRole.ToolTipRole and place in self._said else None
