"""A list of two-line rows: a lead at the left, a title over a soft line, words at the right; rows may be dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from citystat.charts.chart import Chart
from citystat.views.chart.fonts import font
from citystat.views.chart.painter import paint_small
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES

ROW = Qt.ItemDataRole.UserRole
PAD = 12
SPARK = 96  # pixels of a small chart's width, at 100 %
INSET = 20


@dataclass(frozen=True)
class Row:
    """One row. key: what it stands for (None: a heading between rows) · lead: small words at the left ("10:05") ·
    mark: improvement or concern, drawn as its shape · right, right_under: words at the right · tone: token of `right` ·
    chart: a small one at the right edge · inset: the row belongs to the one above it.
    """

    key: Any
    title: str
    under: str = ""
    lead: str = ""
    mark: str = ""
    right: str = ""
    right_under: str = ""
    tone: str = "ink"
    chart: Chart | None = None
    inset: bool = False

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(filter(None, (self.lead, self.title, self.mark, self.under, self.right, self.right_under)))


class RowModel(QAbstractListModel):
    """The rows in order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return row.spoken if role in spoken else row if role == ROW else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].key is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowList(QListView):
    """Signals: chosen(key) · opened(key) on Enter or double click · removed(key) on Delete · moved(key, place).

    movable: rows move by drag (a line shows where, Esc gives up) and by Alt with up and down.
    """

    chosen = Signal(object)
    opened = Signal(object)
    removed = Signal(object)
    moved = Signal(object, int)

    def __init__(self, name: str, *, movable: bool = False, lead: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._movable = movable
        self._held: QPoint | None = None  # where the mouse went down on a row
        self.drop_at: int | None = None  # the gap in which the dragged row would land
        self._model = RowModel()
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self, round(theme().px(lead))))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW).key))
        self.selectionModel().currentChanged.connect(self._current_changed)

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return self._model.rows

    def show_rows(self, rows: Sequence[Row], chosen: Any = None) -> None:
        """Show other rows; `chosen` (a key) is selected without a signal."""
        self.selectionModel().blockSignals(True)
        top = self.verticalScrollBar().value()
        self._model.beginResetModel()
        self._model.rows = list(rows)
        self._model.endResetModel()
        at = next((i for i, row in enumerate(rows) if row.key is not None and row.key == chosen), None)
        if at is not None:
            self.setCurrentIndex(self._model.index(at))
        self.verticalScrollBar().setValue(top)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def choose(self, key: Any) -> None:
        """Select the row of `key`."""
        at = next((i for i, row in enumerate(self.rows) if row.key == key), None)
        if at is not None:
            self.setCurrentIndex(self._model.index(at))

    def current(self) -> Any:
        """The key under the cursor, or None."""
        index = self.currentIndex()
        return index.data(ROW).key if index.isValid() else None

    def height_of_rows(self) -> int:
        """Pixels that all rows need."""
        return sum(self.sizeHintForRow(i) for i in range(len(self.rows))) + 2

    ## Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move, Enter opens, Delete removes, Esc lets a dragged row go."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        key, at = self.current(), self.currentIndex().row()
        if event.key() == Qt.Key.Key_Escape and self.drop_at is not None:
            self._let_go()
        elif key is None:
            super().keyPressEvent(event)
        elif steps and self._movable and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if 0 <= at + steps < len(self.rows):
                self.moved.emit(key, at + steps)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(key)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(key)
        else:
            super().keyPressEvent(event)

    ## Dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a row."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        if self._movable and event.button() == Qt.MouseButton.LeftButton and self.indexAt(at).isValid():
            self._held = at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the row would land."""
        at = event.position().toPoint()
        if self._held is None:
            super().mouseMoveEvent(event)
        elif self.drop_at is not None or (at - self._held).manhattanLength() >= QApplication.startDragDistance():
            self.drop_at = self._gap(at.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scroll_along(at.y())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the row down."""
        gap, at, key = self.drop_at, self.currentIndex().row(), self.current()
        self._let_go()
        super().mouseReleaseEvent(event)
        if gap is not None and key is not None and gap not in (at, at + 1):
            self.moved.emit(key, gap - 1 if gap > at else gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where a dragged one would land."""
        super().paintEvent(event)
        if self.drop_at is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme().palette.accent), 2))
        y = self._gap_y(self.drop_at)
        painter.drawLine(8, y, self.viewport().width(), y)
        painter.drawEllipse(QPoint(4, y), 3, 3)

    def _let_go(self) -> None:
        self._held = self.drop_at = None
        self.unsetCursor()
        self.viewport().update()

    def _gap(self, y: int) -> int:
        """The gap nearest to `y`: 0 above the first row."""
        for i in range(len(self.rows)):
            if y < self.visualRect(self._model.index(i)).center().y():
                return i
        return len(self.rows)

    def _gap_y(self, gap: int) -> int:
        last = gap == len(self.rows)
        rect = self.visualRect(self._model.index(gap - 1 if last else gap))
        return min(rect.bottom(), self.viewport().height() - 2) if last else max(rect.top(), 2)

    def _scroll_along(self, y: int) -> None:
        bar, edge = self.verticalScrollBar(), 24
        if y < edge:
            bar.setValue(bar.value() - 8)
        elif y > self.viewport().height() - edge:
            bar.setValue(bar.value() + 8)

    def _current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and index.data(ROW).key is not None:
            self.chosen.emit(index.data(ROW).key)


class _Delegate(QStyledItemDelegate):
    """Paints a row. lead: pixels of the left column, 0 for none."""

    def __init__(self, parent: QWidget, lead: int) -> None:
        super().__init__(parent)
        self._lead = lead

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        heading = index.data(ROW).key is None
        return QSize(0, round(theme().px(40 if heading else 52)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row, rect, palette = index.data(ROW), option.rect, theme().palette
        painter.save()
        if row.key is None:
            draw_words(painter, rect.adjusted(0, 8, 0, -4), row.title, palette.ink, 15, QFont.Weight.DemiBold)
        else:
            self._ground(painter, option, palette)
            self._row(painter, rect.adjusted(PAD, 7, -PAD, -8), row, palette)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, palette: Any) -> None:
        rect, state = option.rect, option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            view: Any = self.parent()
            painter.setBrush(QColor(palette.tint))
            painter.setPen(QPen(QColor(palette.accent), 2) if view.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -2), 6, 6)
        else:
            painter.setPen(QColor(palette.rule))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _row(self, painter: QPainter, rect: QRect, row: Row, palette: Any) -> None:
        rect = rect.adjusted(round(theme().px(INSET)) if row.inset else 0, 0, 0, 0)
        if row.chart is not None:
            wide = min(round(theme().px(SPARK)), rect.width() // 4)
            paint_small(painter, QRectF(rect.adjusted(rect.width() - wide, -2, 0, 2)), row.chart, palette)
            rect = rect.adjusted(0, 0, -wide - PAD, 0)
        half = rect.height() // 2
        top, low = QRect(rect.topLeft(), QSize(rect.width(), half)), rect.adjusted(0, half, 0, 0)
        if row.lead:
            draw_words(painter, QRect(top.left(), top.top(), self._lead, half), row.lead, palette.faint)
        indent = self._lead
        if row.mark in SHAPES:
            colour = getattr(palette, row.mark)
            draw_words(
                painter, QRect(top.left() + indent, top.top(), round(theme().px(18)), half), SHAPES[row.mark], colour
            )
            top_indent = indent + round(theme().px(18))
        else:
            top_indent = indent
        taken = draw_words(painter, top, row.right, getattr(palette, row.tone), right=True)
        draw_words(
            painter, top.adjusted(top_indent, 0, -taken - PAD, 0), row.title, palette.ink, 13, QFont.Weight.DemiBold
        )
        taken = draw_words(painter, low, row.right_under, palette.soft, right=True)
        draw_words(painter, low.adjusted(indent, 0, -taken - PAD, 0), row.under, palette.soft)


def draw_words(
    painter: QPainter,
    rect: QRect,
    text: str,
    colour: str,
    size: int = 13,
    weight: QFont.Weight = QFont.Weight.Normal,
    *,
    right: bool = False,
) -> int:
    """Draw `text` in one line, shortened with an ellipsis where it must be; returns the pixels it took."""
    if not text:
        return 0
    face = font(theme().px(size), weight)
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(face)
    painter.setPen(QColor(colour))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def two_lines(
    title: Callable[[Any], str], under: Callable[[Any], str], tone: Callable[[Any], str] | None = None
) -> Any:
    """A drawn cell of a table: a line of ink over a soft one. tone: token of the first line, by row."""

    def draw(painter: QPainter, rect: QRect, row: Any) -> None:
        inside = rect.adjusted(6, 6, -8, -7)
        half = inside.height() // 2
        painter.save()
        colour = getattr(theme().palette, (tone(row) if tone else "") or "ink")
        draw_words(painter, QRect(inside.topLeft(), QSize(inside.width(), half)), title(row), colour)
        draw_words(painter, inside.adjusted(0, half, 0, 0), under(row), theme().palette.soft)
        painter.restore()

    return draw
