"""The tree on the goals page: rows over rules, its keys, and rows that are dragged."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from citystat.views.shell.theme import current as theme

KIND, ID = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
ROW, PRIORITY_ROW = 32, 44  # pixels; a priority has air above it
NAMES, SHARE = 240, 0.38  # pixels at 100 % and part of the width that the names have at least
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class GoalRows(QTreeWidget):
    """Priorities, goals and measures. Signals: dropped(item, over, below) where a dragged row was let go; moved(steps).

    widths: pixels of the columns after the names · figures: columns of numbers · give_way: which columns go first where
    the names have no room · acts: what Delete, Insert and Enter do.
    """

    dropped = Signal(object, object, bool)
    moved = Signal(int)

    def __init__(
        self,
        titles: list[str],
        widths: tuple[int, ...],
        figures: tuple[int, ...],
        give_way: tuple[int, ...],
        acts: Mapping[Qt.Key, Callable[[], None]],
    ) -> None:
        super().__init__()
        self._acts, self._widths, self._give_way = acts, widths, give_way
        self._held: tuple[QTreeWidgetItem, QPoint] | None = None
        self._drop: tuple[QTreeWidgetItem, bool] | None = None  # over which row, over its lower half
        self.setItemDelegate(_Heights(self))
        self.setIndentation(round(theme().px(20)))
        self.setObjectName("tree")
        self.setMinimumHeight(round(theme().px(180)))
        self.setHeaderLabels(titles)
        header = self.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        for column in figures:
            self.headerItem().setTextAlignment(column, RIGHT)
        for column, width in enumerate(widths, 1):
            header.resizeSection(column, round(theme().px(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names have the room first: what matters least goes until they have it."""
        px, room = theme().px, self.viewport().width()
        names, kept = max(px(NAMES), room * SHARE), 0.0
        for column in reversed(self._give_way):
            wide = px(self._widths[column - 1])
            fits = names + kept + wide <= room
            self.setColumnHidden(column, not fits)
            kept += wide if fits else room if kept else 0  # what matters less does not stay where this went
        super().resizeEvent(event)

    def clear(self) -> None:
        """Every row goes; one that is dragged is let go first."""
        self._held = self._drop = None
        super().clear()

    def items(self) -> list[QTreeWidgetItem]:
        """Every row from top to bottom."""
        stack = [self.topLevelItem(i) for i in reversed(range(self.topLevelItemCount()))]
        found: list[QTreeWidgetItem] = []
        while stack:
            item = stack.pop()
            if item is None:
                continue
            found.append(item)
            stack += [item.child(i) for i in reversed(range(item.childCount()))]
        return found

    def chosen(self) -> tuple[str, int] | None:
        """Kind and id of the row under the cursor."""
        item = self.currentItem()
        return key_of(item) if item is not None else None

    def choose(self, wanted: tuple[str, int] | None) -> None:
        """Put the cursor on a row; on the first where that one is gone."""
        item = next((i for i in self.items() if key_of(i) == wanted), None) or self.topLevelItem(0)
        if item is not None:
            self.setCurrentItem(item)

    def closed(self) -> set[tuple[str, int]]:
        """The rows whose children are hidden."""
        return {key_of(item) for item in self.items() if item.childCount() and not item.isExpanded()}

    def above(self, item: QTreeWidgetItem | None, kind: str) -> QTreeWidgetItem | None:
        """The item itself, or the one of this kind above it."""
        while item is not None and item.data(0, KIND) != kind:
            item = item.parent()
        return item

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The row over a rule that goes all the way across."""
        super().drawRow(painter, option, index)
        painter.setPen(QColor(theme().palette.rule))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if self.hasFocus() and index.siblingAtColumn(0) == self.currentIndex().siblingAtColumn(0):
            painter.setPen(QPen(QColor(theme().palette.accent), 2))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where a dragged one would land."""
        super().paintEvent(event)
        if self._drop is None:
            return
        item, below = self._drop
        rect = self.visualItemRect(item)
        y = rect.bottom() if below else rect.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme().palette.accent), 2))
        painter.drawLine(rect.left(), y, self.viewport().width(), y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a row."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        item = self.itemAt(at)
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = item, at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the row would land."""
        at = event.position().toPoint()
        if self._held is None:
            super().mouseMoveEvent(event)
        elif self._drop or (at - self._held[1]).manhattanLength() >= QApplication.startDragDistance():
            over = self.itemAt(at)
            self._drop = (over, at.y() > self.visualItemRect(over).center().y()) if over is not None else None
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the row down."""
        held, drop = self._held, self._drop
        self._held = self._drop = None
        super().mouseReleaseEvent(event)
        self.viewport().update()
        if held is not None and drop is not None:
            self.dropped.emit(held[0], *drop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move, Insert adds, Delete removes, Enter opens, Escape lets a dragged row go."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(steps)
        elif key == Qt.Key.Key_Escape and self._held is not None:
            self._held = self._drop = None
            self.viewport().update()
        elif key in self._acts and self.state() != QTreeWidget.State.EditingState:
            self._acts[key]()
        else:
            super().keyPressEvent(event)


def key_of(item: QTreeWidgetItem) -> tuple[str, int]:
    """Kind and id of a row."""
    return item.data(0, KIND), item.data(0, ID)


class _Heights(QStyledItemDelegate):
    """Rows as high as in every list; a priority has air above it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Only the height counts."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), round(theme().px(ROW if index.parent().isValid() else PRIORITY_ROW)))
