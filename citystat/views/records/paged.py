"""A table of any length: the rows that are in sight are fetched, a page at a time, in the background."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.records.cells import shown
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.table import INSET

PAGE = 200  # rows that are fetched at once
KEPT = 60  # pages that are held; those looked at longest ago go first
NARROW, WIDE, HEAD = (
    64,
    320,
    150,
)  # pixels at 100 % of a column: at least, at most, and for a long title over short words
Rows = Sequence[Sequence[Any]]


class PagedModel(QAbstractTableModel):
    """Signals: wanted() when rows came into sight that are not here yet; ordered(column, descending)."""

    wanted = Signal()
    ordered = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[str, ...] = ()
        self.figures: frozenset[int] = frozenset()  # columns that are set to the right
        self._count = 0
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._missing: OrderedDict[int, None] = OrderedDict()  # the pages asked for, the newest last

    def begin(self, columns: Sequence[str], figures: Sequence[int], count: int, first: Rows) -> None:
        """Show other rows: how many there are, and the first page of them."""
        self.beginResetModel()
        self.columns, self.figures, self._count = tuple(columns), frozenset(figures), count
        self._pages = OrderedDict({0: first})
        self._missing.clear()
        self.endResetModel()

    def put(self, page: int, rows: Rows) -> None:
        """A page that has come."""
        self._pages[page] = rows
        self._missing.pop(page, None)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        top = page * PAGE
        if rows and top + len(rows) <= self._count:
            self.dataChanged.emit(self.index(top, 0), self.index(top + len(rows) - 1, len(self.columns) - 1))

    def next_missing(self) -> int | None:
        """The page that was asked for last and is not here; what was passed by before it is forgotten."""
        page = next(reversed(self._missing), None)
        for passed in [p for p in self._missing if page is not None and abs(p - page) > 1]:
            self._missing.pop(passed)
        return page

    def row(self, at: int) -> Sequence[Any] | None:
        """A whole row, None while it is not here."""
        rows = self._pages.get(at // PAGE)
        return rows[at % PAGE] if rows is not None and at % PAGE < len(rows) else None

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{column}: click to sort; Ctrl+S sorts by the column of the cursor", column=self.columns[section])
        return self.columns[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row(index.row())
            if row is None:
                self._ask(index.row() // PAGE)
                return "…"
            return shown(row[index.column()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and self.row(index.row()) is None:
            return QColor(theme().palette.faint)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Another order, which whoever fetches the rows has to bring about."""
        self.ordered.emit(column, order == Qt.SortOrder.DescendingOrder)

    def _ask(self, page: int) -> None:
        begun = not self._missing
        self._missing[page] = None
        self._missing.move_to_end(page)
        if begun:
            self.wanted.emit()

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.figures else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class PagedTable(QTableView):
    """Any number of rows; a head that sorts. Its model is `paged`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.paged = PagedModel()
        self.setModel(self.paged)
        self.setObjectName("list")
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.setVisible(False)
        down.setSectionResizeMode(down.ResizeMode.Fixed)
        down.setDefaultSectionSize(round(theme().px(30)))
        across.setHighlightSections(False)
        across.setMinimumSectionSize(40)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setItemDelegate(_Cells(self))
        self.setCornerWidget(QWidget())  # Qt would draw a frame there
        self.setSortingEnabled(True)
        self._natural: list[int] = []

    def begin(self, columns: Sequence[str], figures: Sequence[int], count: int, first: Rows) -> None:
        """Show other rows; columns of the same names keep their widths, the list begins at its top."""
        same = tuple(columns) == self.paged.columns
        self.paged.begin(columns, figures, count, first)
        if not same:
            self._size(first)
        if count:
            self.setCurrentIndex(self.paged.index(0, max(0, self.currentIndex().column())))
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S sorts by the cursor's column, and the other way when pressed again."""
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # the page's
        elif held and event.key() == Qt.Key.Key_S and self.currentIndex().isValid():
            at, head = self.currentIndex().column(), self.horizontalHeader()
            again = head.sortIndicatorSection() == at and head.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            self.sortByColumn(at, Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room that is left over goes to the columns in turn."""
        super().resizeEvent(event)
        self._fill()

    def _size(self, rows: Rows) -> None:
        """As wide as what stands in the first rows, within reason."""
        px = theme().px
        wide = QFontMetrics(font(px(13))).horizontalAdvance
        head = QFontMetrics(font(px(12), font(12).Weight.DemiBold)).horizontalAdvance
        self._natural = []
        for at, title in enumerate(self.paged.columns):
            words = [wide(shown(row[at])) for row in rows[:60]]
            widest = max([min(head(title) + px(18), px(HEAD)), *words]) + px(20)
            self._natural.append(round(min(max(widest, px(NARROW)), px(WIDE))))
        self._fill()

    def _fill(self) -> None:
        shown_ = [at for at in range(len(self._natural)) if not self.isColumnHidden(at)]
        spare = max(0, self.viewport().width() - sum(self._natural[at] for at in shown_))
        for place, at in enumerate(shown_):
            share = spare // len(shown_) + (place < spare % len(shown_))
            self.setColumnWidth(at, self._natural[at] + share)

    def show_column(self, at: int, there: bool) -> None:
        """Show or hide a column; the others share its room."""
        self.setColumnHidden(at, not there)
        self._fill()


class _Cells(QStyledItemDelegate):
    """The first column begins where everything on the page begins; the cursor is the row's."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if not index.column():
            option.rect.setLeft(option.rect.left() - INSET)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, index)
