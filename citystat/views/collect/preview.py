"""A sheet as it is read: roles above its columns, headings as headings, what is taken in ink, what wants a look tinted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from citystat.collect import reading
from citystat.collect.apply import Batch, Remark
from citystat.collect.readers import Sheet, letters
from citystat.collect.recipe import Recipe
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme

SIZED = 60  # rows that decide how wide a column is
NARROW, WIDE = 64, 300
ROLE_WORDS = {
    reading.PERIOD: "Period", reading.VALUE: "Value", reading.MEASURE: "Measure", reading.BREAKDOWN: "Breakdown",
    reading.NUMERATOR: "Numerator", reading.DENOMINATOR: "Denominator", reading.FILTER: "Filter",
    reading.LEFT_OUT: "Left out",
}  # fmt: skip


class SheetModel(QAbstractTableModel):
    """All rows of one sheet, as a recipe reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet("", ())
        self.recipe = Recipe()
        self.roles: tuple[str, ...] = ()  # the first of each column
        self.plays: tuple[tuple[str, ...], ...] = ()  # all of them
        self.batch: Batch | None = None
        self.out = False
        self._said: dict[str, Remark] = {}

    def show(self, sheet: Sheet, recipe: Recipe, batch: Batch | None, *, out: bool) -> None:
        """Show `sheet` read by `recipe`; batch None: it does not fit yet; out: the sheet is left out."""
        self.beginResetModel()
        self.sheet, self.recipe, self.batch, self.out = sheet, recipe, batch, out
        self.plays = reading.plays(sheet, recipe, batch)
        if out:
            self.plays = ((reading.LEFT_OUT,),) * len(self.plays)
        self.roles = tuple(played[0] for played in self.plays)
        self._said = {r.place: r for r in reversed(batch.remarks)} if batch is not None else {}
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.sheet.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.roles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{letters(section)}   {self.role_words(section)} ▾" if across else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(across and self.roles[section] in reading.FIGURES or not across)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                tr("Click to say what this column is (Enter)")
                if across
                else tr("Click to say where the headings are (Shift+Enter)")
            )
        if role == Qt.ItemDataRole.ForegroundRole and across:
            p = theme().palette
            return QColor(p.faint if self.roles[section] == reading.LEFT_OUT else p.accent)
        return None

    def role_words(self, column: int) -> str:
        """The roles of a column in words."""
        return " · ".join(tr(ROLE_WORDS[role]) for role in self.plays[column])

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        remark = self._said.get(self.sheet.place(row, column))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            words = self.text(row, column)
            return f"◆ {words}" if remark is not None and remark.error else words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(self.roles[column] in reading.FIGURES and not self._runs_on(row))
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(row, remark)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(getattr(theme().palette, self._ink(row, column, remark)))
        if role == Qt.ItemDataRole.FontRole and not self.out and (row + 1 in self.recipe.header or self._group(row)):
            return font(theme().px(13), QFont.Weight.DemiBold)
        return remark.reason if role == Qt.ItemDataRole.ToolTipRole and remark is not None else None

    def text(self, row: int, column: int) -> str:
        """What the cell shows; figures that are taken get thousands separators."""
        cells = self.sheet.rows[row]
        cell = cells[column] if column < len(cells) else None
        figure = (
            isinstance(cell, float | int) and self.roles[column] in reading.FIGURES and row >= max(self.recipe.header)
        )
        return f"{cell:,.10g}" if figure else reading.shown(cell)

    def _runs_on(self, row: int) -> bool:
        """Its cells stand over several columns."""
        return row + 1 in self.recipe.header[:-1] or self._title_row(row)

    def _title_row(self, row: int) -> bool:
        """Above and beside the figures: titles and group headings run on from the left."""
        return row + 1 < min(self.recipe.header) or sum(c is not None for c in self.sheet.rows[row]) == 1

    def _group(self, row: int) -> bool:
        """A heading between rows: alone in its row, with figures below it."""
        if row < max(self.recipe.header) or not self._title_row(row) or row + 1 >= len(self.sheet.rows):
            return False
        return sum(c is not None for c in self.sheet.rows[row + 1]) > 1

    def _side(self, right: bool) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _ground(self, row: int, remark: Remark | None) -> QColor | None:
        p = theme().palette
        if remark is not None:
            return QColor(p.concern_ground if remark.error else p.band)
        return QColor(p.band) if row + 1 in self.recipe.header and not self.out else None

    def _ink(self, row: int, column: int, remark: Remark | None) -> str:
        if remark is not None:
            return "concern" if remark.error else "ink"
        if self.out or self.roles[column] == reading.LEFT_OUT:
            return "faint"
        if row + 1 in self.recipe.header:
            return "soft"
        if self.roles[column] in reading.FIGURES:
            taken = self.batch is not None and self.batch.takes(self.sheet.name, row, column)
            return "ink" if taken or self.roles[column] != reading.VALUE else "faint"
        return "faint" if row < min(self.recipe.header) else "ink"


class _Grounds(QStyledItemDelegate):
    """Paints the ground of a cell first: a style sheet with borders leaves it out."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)


class Preview(QTableView):
    """Signals: column_asked(column, where) and row_asked(row, where): a menu is wanted there."""

    column_asked = Signal(int, QPoint)
    row_asked = Signal(int, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._natural: list[int] = []  # widths of the columns by what stands in them
        self.shown = SheetModel()
        self.setModel(self.shown)
        self.setObjectName("sheet")
        self.setAccessibleName(tr("Preview"))
        self.setItemDelegate(_Grounds(self))
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(round(theme().px(30)))
        for head, asked in ((down, self._ask_row), (across, self._ask_column)):
            head.setSectionsClickable(True)
            head.setHighlightSections(False)
            head.sectionClicked.connect(asked)
        across.setMinimumSectionSize(40)

    def show_sheet(self, sheet: Sheet, recipe: Recipe, batch: Batch | None, *, out: bool) -> None:
        """Show a sheet; the place in it is kept where the sheet is the same."""
        at, same = self.currentIndex(), sheet is self.shown.sheet
        row, column = (at.row(), at.column()) if same and at.isValid() else (max(recipe.header), 0)
        scrolled = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self.shown.show(sheet, recipe, batch, out=out)
        self._size_columns()
        self._join()
        self.setCurrentIndex(self.shown.index(row, column))
        if same:
            self.verticalScrollBar().setValue(scrolled[0])
            self.horizontalScrollBar().setValue(scrolled[1])

    def jump(self, row: int, column: int) -> None:
        """Bring a cell (from 0) into view and under the cursor."""
        index = self.shown.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks what the column is, Shift+Enter what the row is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            by_row = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            at = self.currentIndex()
            (self._ask_row if by_row else self._ask_column)(at.row() if by_row else at.column())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key and the right button ask about the row."""
        if self.currentIndex().isValid():
            self._ask_row(self.currentIndex().row())

    def _ask_column(self, column: int) -> None:
        head = self.horizontalHeader()
        self.column_asked.emit(column, head.mapToGlobal(QPoint(head.sectionViewportPosition(column), head.height())))

    def _ask_row(self, row: int) -> None:
        head = self.verticalHeader()
        self.row_asked.emit(row, head.mapToGlobal(QPoint(head.width(), head.sectionViewportPosition(row))))

    def _size_columns(self) -> None:
        """As wide as what stands in the first rows, within reason."""
        metrics = QFontMetrics(font(theme().px(13), QFont.Weight.DemiBold))
        measure: Callable[[str], int] = metrics.horizontalAdvance
        rows = [r for r in range(min(SIZED, len(self.shown.sheet.rows))) if not self.shown._runs_on(r)]
        for column in range(self.shown.columnCount()):
            head = str(self.shown.headerData(column, Qt.Orientation.Horizontal))
            widest = max([measure(self.shown.text(r, column)) for r in rows] + [measure(head) + 8], default=0)
            self.setColumnWidth(column, round(min(max(widest + theme().px(22), theme().px(NARROW)), theme().px(WIDE))))
        self._natural = [self.columnWidth(c) for c in range(self.shown.columnCount())]
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns are whole at another width."""
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Where not all columns have room, the first ones share what is left, so that none is cut."""
        room, whole, used = self.viewport().width(), 0, 0
        while whole < len(self._natural) and used + self._natural[whole] <= room:
            used += self._natural[whole]
            whole += 1
        spare = room - used if 0 < whole < len(self._natural) else 0
        for column, natural in enumerate(self._natural):
            share = spare // whole + (column < spare % whole) if spare and column < whole else 0
            self.setColumnWidth(column, natural + share)

    def _join(self) -> None:
        """Titles, group headings and notes run across; an upper heading stands over all it heads."""
        self.clearSpans()
        wide, header = self.shown.columnCount(), self.shown.recipe.header
        for row, cells in enumerate(self.shown.sheet.rows[: reading.LOOK]):
            filled = [i for i, c in enumerate(cells) if c is not None]
            upper = row + 1 in header[:-1]
            if not upper and not (len(filled) == 1 and wide > 1 and row + 1 not in header):
                continue
            for at, following in zip(filled, [*filled[1:], wide], strict=True):
                if following - at > 1:
                    self.setSpan(row, at, 1, following - at)
