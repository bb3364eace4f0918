"""The heat map of the collection calendar: measures down, periods across, a mark in each; keys move from mark to mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from citystat import periods
from citystat.collect.calendar import (
    BEFORE,
    CORRECTED,
    FAILED,
    LATE,
    MISSING,
    ON_TIME,
    OPEN,
    PARTIAL,
    SOON,
    Line,
    Section,
    Square,
)
from citystat.collect.calendar_words import STATES, told
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import label
from citystat.views.widgets.rows import draw_words

STEP, ROW, NAMES, HEAD = 28, 24, 300, 40  # pixels: a column, a row, the names, the heads of the columns
CODES = 64  # of the names: a code of two to four letters and a number
SIZE = 13  # pixels of a mark
ACROSS, FEWER = 5, 3  # marks in a line of the legend; with large letters
LARGE = 1.5  # text scale from which letters are large
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """Lines with their squares; a row without a line is the heading of a department."""

    def __init__(self) -> None:
        super().__init__()
        self.section: Section | None = None
        self.rows: list[Line | str] = []
        self.today = date.today()

    def show(self, section: Section | None, lines: Sequence[Line], today: date) -> None:
        """Other lines, each department under its heading."""
        self.beginResetModel()
        self.section, self.today, self.rows = section, today, []
        before = None
        for line in lines:
            department = line.measure.department or tr("No department")
            self.rows += [department] if department != before else []
            self.rows.append(line)
            before = department
        self.endResetModel()

    def square(self, index: Index) -> tuple[Line, Square] | None:
        """The line and the square at a place; None in a heading."""
        line = self.rows[index.row()] if index.isValid() else ""
        return None if isinstance(line, str) else (line, line.squares[index.column()])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.section is None else len(self.section.starts)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.square(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, at: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            return self._head(at) if role == Qt.ItemDataRole.DisplayRole else None
        line = self.rows[at]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line if isinstance(line, str) else line.measure.called
        return None

    def _head(self, at: int) -> str:
        """A month's name with its year below where it begins; other periods as they are called."""
        assert self.section is not None
        start, frequency = self.section.starts[at], self.section.frequency
        if frequency in ("day", "week"):
            return (
                f"{start.day}\n{tr(periods.MONTH_NAMES[start.month - 1])}"
                if not at or start.day <= 7
                else f"{start.day}\n"
            )
        if frequency == "month":
            year = str(start.year) if not at or start.month == 1 else ""
            return f"{tr(periods.MONTH_NAMES[start.month - 1])[:3]}\n{year}"
        return periods.label(start, frequency, self.section.year_start).replace(" ", "\n")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = self.square(index)
        if found is None:
            return None
        line, square = found
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.measure.called}, {told(line.measure, square, self.today)}"
        return None


class _Periods(QHeaderView):
    """A month's name over the year it begins; a year's word may run over its neighbours."""

    def __init__(self, model: _Model) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._heat = model

    def paintEvent(self, event: QPaintEvent) -> None:
        """All words in one go, so that none is cut at the edge of its column."""
        painter, px, palette = QPainter(self.viewport()), theme().px, theme().palette
        painter.fillRect(self.viewport().rect(), QColor(palette.paper))
        high = self.height() // 2
        for at in range(self.count()):
            left, wide = self.sectionViewportPosition(at), self.sectionSize(at)
            if left + wide < 0 or left > self.viewport().width():
                continue
            above, _, below = str(self._heat.headerData(at, Qt.Orientation.Horizontal)).partition("\n")
            painter.setFont(font(px(11)))
            painter.setPen(QColor(palette.soft))
            painter.drawText(QRect(left - 8, high, wide + 16, high - 4), Qt.AlignmentFlag.AlignCenter, above)
            painter.setFont(font(px(11), QFont.Weight.DemiBold))
            painter.setPen(QColor(palette.ink))
            painter.drawText(QRect(left - 8, 0, wide + 16, high), Qt.AlignmentFlag.AlignCenter, below)


class _Names(QHeaderView):
    """Codes and names of the measures under the names of their departments."""

    def __init__(self, model: _Model) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._heat = model

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        line, palette = self._heat.rows[index], theme().palette
        painter.fillRect(rect, QColor(palette.paper))
        inside = rect.adjusted(0, 0, -8, 0)
        if isinstance(line, str):
            draw_words(painter, inside.adjusted(0, 4, 0, 0), line, palette.ink, weight=QFont.Weight.DemiBold)
            return
        code = round(theme().px(CODES))
        draw_words(
            painter, QRect(inside.topLeft(), QSize(code - 4, inside.height())), line.measure.code, palette.faint, 12
        )
        name = inside.adjusted(code, 0, 0, 0)
        metrics = QFontMetrics(font(theme().px(13)))  # names of one file begin alike: their ends tell them apart
        shown = metrics.elidedText(line.measure.name, Qt.TextElideMode.ElideMiddle, name.width())
        draw_words(painter, name, shown, palette.ink)


class HeatMap(QTableView):
    """Signals: chosen(line, square) when the cursor moves; opened(line, square) on Enter or a double click."""

    chosen = Signal(object, object)
    opened = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        px = theme().px
        self._model = _Model()
        self.setHorizontalHeader(_Periods(self._model))
        self.setVerticalHeader(_Names(self._model))
        self.setModel(self._model)
        self.setObjectName("heat")
        self.setAccessibleName(tr("What came of each measure in each period"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Marks(self))
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget())  # the style would draw a frame there
        down, across = self.verticalHeader(), self.horizontalHeader()
        for header in (down, across):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
            header.setMinimumSectionSize(1)
        down.setDefaultSectionSize(round(px(ROW)))
        down.setFixedWidth(round(px(NAMES)))
        across.setDefaultSectionSize(round(px(STEP)))
        across.setFixedHeight(round(px(HEAD)))
        self.doubleClicked.connect(lambda index: self._emit(self.opened, index))
        self.selectionModel().currentChanged.connect(lambda index, _: self._emit(self.chosen, index))

    def show_section(self, section: Section | None, lines: Sequence[Line], today: date) -> None:
        """Other lines; the newest period is in sight, and the cursor on the first that wants a look."""
        self._model.show(section, lines, today)
        wide = STEP if section is None or section.frequency in ("day", "week", "month") else 2 * STEP
        self.horizontalHeader().setDefaultSectionSize(round(theme().px(wide)))
        if section is not None:
            self._begin()
            self._newest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The newest period stays in sight where it was."""
        bar = self.horizontalScrollBar()
        newest = bar.value() == bar.maximum()
        super().resizeEvent(event)
        if newest:
            self._newest()

    def _newest(self) -> None:
        """Bring the cursor in sight, then the right end, once it is known how large everything is."""

        def scroll() -> None:
            self.scrollTo(self.currentIndex())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum())

        QTimer.singleShot(0, self, scroll)

    def current(self) -> tuple[Line, Square] | None:
        """The line and square under the cursor."""
        return self._model.square(self.currentIndex())

    def _begin(self) -> None:
        """On the newest square that is not as it should be, else on the newest of the first line."""
        wanted = (MISSING, FAILED, LATE, PARTIAL)
        for column in reversed(range(self._model.columnCount())):
            for row, line in enumerate(self._model.rows):
                if not isinstance(line, str) and line.squares[column].state in wanted:
                    self.setCurrentIndex(self._model.index(row, column))
                    return
        first = next((r for r, line in enumerate(self._model.rows) if not isinstance(line, str)), None)
        if first is not None:
            self.setCurrentIndex(self._model.index(first, self._model.columnCount() - 1))

    def _emit(self, signal: Any, index: Index) -> None:
        found = self._model.square(index)
        if found is not None:
            signal.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._emit(self.opened, self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Marks(QStyledItemDelegate):
    """Draws a square's mark, and the ring of the cursor."""

    def __init__(self, view: HeatMap) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = self._view._model.square(index)
        if found is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_mark(painter, QRectF(option.rect).center(), found[1].state, closed=found[1].closed)
        if index == self._view.currentIndex():
            tone = theme().palette.accent if self._view.hasFocus() else theme().palette.faint
            painter.setPen(QPen(QColor(tone), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(round(theme().px(STEP)), round(theme().px(ROW)))


def draw_mark(painter: QPainter, at: QPointF, state: str, *, closed: bool = False) -> None:
    """A mark around `at`, told by its shape as well as by its colour:

    a full square on time, the lower half late, an empty one missing, a diamond held back, the left half in part, a notched
    square corrected, a ring due soon, dots for what is not due yet or was before the city had it; a line beneath what is closed.
    """
    px, palette = theme().px, theme().palette
    half = px(SIZE) / 2
    box = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    painter.setPen(Qt.PenStyle.NoPen)
    if state in (ON_TIME, CORRECTED):
        painter.setBrush(QColor(palette.accent))
        painter.setOpacity(0.55 if state == ON_TIME else 1.0)
        corner = half if state == CORRECTED else 0
        if corner:
            shape = [box.topLeft(), box.topRight() - QPointF(corner, 0), box.topRight() + QPointF(0, corner), box.bottomRight(), box.bottomLeft()]  # fmt: skip
            painter.drawPolygon(QPolygonF(shape))
        else:
            painter.drawRoundedRect(box, 2, 2)
    elif state == PARTIAL:
        painter.setBrush(QColor(palette.concern))
        painter.setOpacity(0.8)
        painter.drawRoundedRect(box.adjusted(0, 0, -half, 0), 1.5, 1.5)
    elif state == LATE:
        painter.setBrush(QColor(palette.concern))
        painter.setOpacity(0.8)
        painter.drawRoundedRect(box.adjusted(0, half, 0, 0), 1.5, 1.5)
    elif state == MISSING:
        painter.setPen(QPen(QColor(palette.concern), px(1.6)))
        painter.setBrush(QColor(palette.concern_ground))
        painter.drawRoundedRect(box.adjusted(0.8, 0.8, -0.8, -0.8), 2, 2)
    elif state == FAILED:
        painter.setBrush(QColor(palette.concern))
        r = half * 1.2
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        )
    elif state == SOON:
        painter.setPen(QPen(QColor(palette.accent), px(1.6)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, half * 0.75, half * 0.75)
    elif state in (OPEN, BEFORE):
        painter.setBrush(QColor(palette.faint if state == BEFORE else palette.rule))
        painter.drawEllipse(at, px(2.5), px(2.5))
    painter.setOpacity(1.0)
    if closed:
        painter.setPen(QPen(QColor(palette.soft), px(1.2)))
        painter.drawLine(QPointF(box.left(), box.bottom() + px(3)), QPointF(box.right(), box.bottom() + px(3)))


class HeatLegend(QWidget):
    """What the marks mean, drawn by the same hand."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        self.setAccessibleName(", ".join(tr(words) for words in STATES.values()))
        marks = [(state, words, False) for state, words in STATES.items()] + [(ON_TIME, "closed", True)]
        across = ACROSS if theme().scale < LARGE else FEWER
        for at, (state, words, closed) in enumerate(marks):
            line, column = divmod(at, across)
            grid.addWidget(_Mark(state, closed=closed), line, 2 * column)
            grid.addWidget(label(tr(words), "faint"), line, 2 * column + 1)
        grid.setColumnStretch(2 * across, 1)


class _Mark(QWidget):
    """One mark."""

    def __init__(self, state: str, *, closed: bool = False) -> None:
        super().__init__()
        self._state, self._closed = state, closed
        self.setFixedSize(round(theme().px(18)), round(theme().px(22)))

    def paintEvent(self, event: object) -> None:
        """As in the map."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_mark(painter, QRectF(QRect(0, 0, self.width(), self.height())).center(), self._state, closed=self._closed)
