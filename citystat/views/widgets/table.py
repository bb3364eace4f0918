"""Lists as one model and one view: hairlines, figures at the right, sorting, two-line cells, drawn cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme

ROW = Qt.ItemDataRole.UserRole
KEY = Qt.ItemDataRole.UserRole + 1
GAP = Qt.ItemDataRole.UserRole + 3
DRAW = Qt.ItemDataRole.UserRole + 2
INSET = 6  # pixels between a cell's edge and its words, of the style sheet and of Qt
LEAST = 200  # pixels at 100 % that a column without a width should have


@dataclass(frozen=True)
class Column:
    """How a row is shown in one column. text: row → words; key: row → what to sort by; colour: row → token or "".

    width: pixels, 0 takes what is left; draw: paints (painter, rect, row) in place of words; struck: row → whether a line goes through the words;
    spare: left out where there is no room for all, the greatest first, 0 never.
    """

    title: str
    text: Callable[[Any], str]
    right: bool = False
    key: Callable[[Any], Any] | None = None
    width: int = 0
    colour: Callable[[Any], str] | None = None
    bold: bool = False
    draw: Callable[[QPainter, Any, Any], None] | None = None
    tip: Callable[[Any], str] | None = None
    struck: Callable[[Any], bool] | None = None
    spare: int = 0


class TableModel(QAbstractTableModel):
    """Rows (anything) and columns (Column)."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Any] = ()) -> None:
        super().__init__()
        self.columns = columns
        self.rows = list(rows)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def change_rows(self, changed: Mapping[int, Any]) -> None:
        """Other contents for the rows at these places; nothing moves."""
        for place, row in changed.items():
            self.rows[place] = row
        if changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), len(self.columns) - 1))

    def gap(self, place: int) -> str:
        """Room after figures, so that they do not run into the words beside them."""
        follows = self.columns[place + 1 : place + 2]
        return "\u2003" if self.columns[place].right and follows and not follows[0].right else ""

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(self.columns[section])
        return self.columns[section].title + self.gap(section) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role == Qt.ItemDataRole.ForegroundRole and column.colour:
            token = column.colour(row)
            return QColor(getattr(theme().palette, token)) if token else None
        if role == Qt.ItemDataRole.FontRole and column.bold:
            return font(theme().px(13), QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.FontRole and column.struck and column.struck(row):
            through = QFont(font(theme().px(13)))  # a copy: fonts are kept and shared
            through.setStrikeOut(True)
            return through
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row) if column.tip else None
        if role == GAP:
            return self.gap(index.column())
        return {ROW: row, KEY: (column.key or column.text)(row), DRAW: column.draw}.get(role)


def _align(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class _Proxy(QSortFilterProxyModel):
    """Sorts by the columns' keys; keeps rows that a test accepts."""

    def __init__(self) -> None:
        super().__init__()
        self.test: Callable[[Any], bool] = lambda _row: True

    def keep(self, test: Callable[[Any], bool]) -> None:
        """Another test."""
        self.beginFilterChange()
        self.test = test
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:
        a, b = left.data(KEY), right.data(KEY)
        return (a is None, a if a is not None else 0) < (b is None, b if b is not None else 0)

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        return self.test(self.sourceModel().rows[row])


class Table(QTableView):
    """Signals: chosen(row) when the current row changes; opened(row) on Enter or double click."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        name: str,
        *,
        sortable: bool = True,
        row_height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model_ = TableModel(columns)
        self._proxy = _Proxy()
        self._proxy.setSourceModel(self.model_)
        self.setModel(self._proxy)
        self.setObjectName("list")
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(round(theme().px(row_height)))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_Delegate(self))
        self.setSortingEnabled(sortable)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if sortable:
            self._proxy.sort(-1)
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        for place, column in enumerate(columns):
            if column.width:
                header.resizeSection(place, round(theme().px(column.width)))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW)))
        self.selectionModel().currentRowChanged.connect(
            lambda index, _: index.isValid() and self.chosen.emit(index.data(ROW))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The spare columns go, the most spare and of them the last first, until the others have room."""
        super().resizeEvent(event)
        px, columns = theme().px, self.model_.columns
        wanted = {place: round(px(c.width or LEAST)) for place, c in enumerate(columns)}
        spare = [(c.spare, place) for place, c in enumerate(columns) if c.spare]
        for _, place in sorted(spare, reverse=True):
            self.setColumnHidden(place, sum(wanted.values()) > self.viewport().width())
            if self.isColumnHidden(place):
                wanted.pop(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring of the focus goes round the row, which is what is chosen."""
        super().paintEvent(event)
        at = self.currentIndex().row()
        if not self.hasFocus() or at < 0 or not self.selectionModel().isRowSelected(at, QModelIndex()):
            return
        wide = min(self.viewport().width(), self.horizontalHeader().length())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme().palette.accent), 2))
        ring = QRect(-8, self.rowViewportPosition(at) + 1, wide + 7, self.rowHeight(at) - 3)
        painter.drawRoundedRect(ring, 4, 4)  # open at the left, where the words begin at the very edge

    def fit_figures(self) -> None:
        """Columns of figures become as wide as their widest one: a figure is never cut."""
        for place, column in enumerate(self.model_.columns):
            if column.right and not self.isColumnHidden(place):
                needed = max(self.sizeHintForColumn(place), self.horizontalHeader().sectionSizeHint(place))
                self.setColumnWidth(place, max(round(theme().px(column.width)), needed))

    def fit_rows(self) -> None:
        """As high as its rows, so that the page scrolls as one."""
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row, head = self.verticalHeader().defaultSectionSize(), self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + row * len(self.model_.rows) + 2)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows; the place in the list is kept."""
        at = self.currentIndex().row()
        self.model_.set_rows(rows)
        if 0 <= at < self._proxy.rowCount():
            self.selectRow(at)

    def keep(self, test: Callable[[Any], bool]) -> int:
        """Show only the rows that pass `test`; returns how many."""
        self._proxy.keep(test)
        return self._proxy.rowCount()

    def current(self) -> Any:
        """The row under the cursor, or None."""
        index = self.currentIndex()
        return index.data(ROW) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() is not None:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Words by Qt; drawn cells by their column."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        view: Any = self.parent()
        if all(
            view.isColumnHidden(c) for c in range(index.column())
        ):  # the first begins where everything on the page begins
            option.rect.setLeft(option.rect.left() - INSET)
        super().paint(painter, option, index)
        draw = index.data(DRAW)
        if draw is not None:
            draw(painter, option.rect, index.data(ROW))

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """A drawn cell keeps its ground and selection, and leaves its words to the column."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.text = "" if index.data(DRAW) is not None else option.text + index.data(GAP)
