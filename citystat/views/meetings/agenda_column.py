"""The console's left column: items with time used against time planned, and who is present."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from citystat.meetings.agenda import Item, planned_minutes
from citystat.meetings.meeting import Attendee
from citystat.meetings.running import Clock
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES

ITEM, TIME, NUMBER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
INSET = 10  # pixels between the edge of an item and its words; everything in the column begins there
MANY = 6  # people named before "+ 8"


class AgendaColumn(QFrame):
    """Signals: chosen(item id) when an item is clicked."""

    chosen = Signal(int)

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._items: Sequence[Item] = ()
        self._total = QLabel(self)
        self._total.setObjectName("soft")
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, INSET, 0)
        title = QLabel(tr("Agenda"), self)
        title.setObjectName("soft")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._total)
        self._list = QListWidget(self)
        self._list.setAccessibleName(tr("Agenda"))
        self._list.setItemDelegate(_ItemDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(lambda row: self.chosen.emit(row.data(ITEM)))
        self._present = QLabel(self)
        self._present.setObjectName("soft")
        self._present.setWordWrap(True)
        self._present.setTextFormat(Qt.TextFormat.PlainText)
        self._present.setContentsMargins(INSET, 0, INSET, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 16)
        layout.addLayout(head)
        layout.addWidget(self._list, 1000)  # as high as its items, less where there is no room for them
        layout.addSpacing(22)
        layout.addWidget(self._present)
        layout.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the agenda keeps its room and the present item in sight; P shows who is present."""
        self._present.setVisible(self.height() > theme().px(420))
        self._fit()
        QTimer.singleShot(0, self, self._see_present_item)  # once the list has its new room

    def _see_present_item(self) -> None:
        if self._list.currentItem() is not None:
            self._list.doItemsLayout()
            self._list.scrollToItem(self._list.currentItem())

    def show_items(self, items: Sequence[Item], people: Sequence[Attendee]) -> None:
        """The whole agenda, and who is there."""
        self._items = items
        chosen = self._list.currentRow()
        self._list.clear()
        for number, item in enumerate(items, 1):
            row = QListWidgetItem(item.title, self._list)
            row.setData(ITEM, item.id)
            row.setData(NUMBER, str(number))
            row.setData(TIME, str(item.minutes))
        self._list.setCurrentRow(chosen)
        self._fit()
        self._present.setText(_presence(people))

    def _fit(self) -> None:
        """The list ends with its last item."""
        self._list.setMaximumHeight(sum(self._list.sizeHintForRow(n) for n in range(self._list.count())) + 2)

    def choose(self, item_id: int) -> None:
        """Mark the item the room is at."""
        for row in range(self._list.count()):
            if self._list.item(row).data(ITEM) == item_id:
                self._list.setCurrentRow(row)

    def show_clock(self, clock: Clock) -> None:
        """Minutes used against minutes planned, per item and in all."""
        self._total.setText(
            tr("{spent} of {planned} min", spent=round(clock.spent_minutes), planned=planned_minutes(list(self._items)))
        )
        for row, item in enumerate(self._items):
            seconds = clock.seconds.get(item.id, 0)
            over = f"{SHAPES['concern']} " if seconds > 60 * item.minutes else ""
            used = f"{over}{seconds // 60}:{seconds % 60:02d} / " if seconds else ""
            if (entry := self._list.item(row)) is not None:
                entry.setData(TIME, f"{used}{item.minutes}")
        self._fit()


def _presence(people: Sequence[Attendee]) -> str:
    here = [p for p in people if p.status == "present"]
    lines = [tr("Present {n} of {all}", n=len(here), all=len(people))]
    lines += [f"{p.name} · {tr(p.role)}" for p in here[:MANY]]
    more = len(here) - MANY
    return "\n".join([*lines, (f"+ {more} · " if more > 0 else "") + tr("P to change")])


class _ItemDelegate(QStyledItemDelegate):
    """Number, title in one or two lines, time; the chosen one on a tint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        whole = QRectF(0, 0, max(120, self.parent().viewport().width()), 1000)
        words = self._words(whole, index.data(TIME))
        bounds = option.fontMetrics.boundingRect(
            words.toRect(), int(Qt.TextFlag.TextWordWrap), index.data(Qt.ItemDataRole.DisplayRole)
        )
        beneath = option.fontMetrics.lineSpacing() if self._beneath(whole, index.data(TIME)) else 0
        return QSize(100, max(34, bounds.height() + beneath + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        palette = theme().palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.tint))
            painter.drawRoundedRect(QRectF(option.rect), 8, 8)
        rect = QRectF(option.rect).adjusted(INSET, 8, -INSET, -8)
        top = Qt.AlignmentFlag.AlignTop
        painter.setFont(font(option.font.pixelSize(), QFont.Weight.Normal))
        painter.setPen(QColor(palette.faint))
        painter.drawText(rect, int(top | Qt.AlignmentFlag.AlignLeft), index.data(NUMBER))
        over = str(index.data(TIME)).startswith(SHAPES["concern"])
        painter.setPen(QColor(palette.concern if over else palette.soft))
        low = Qt.AlignmentFlag.AlignBottom if self._beneath(QRectF(option.rect), index.data(TIME)) else top
        painter.drawText(rect, int(low | Qt.AlignmentFlag.AlignRight), index.data(TIME))
        painter.setPen(QColor(palette.accent if chosen else palette.ink))
        painter.setFont(font(option.font.pixelSize(), QFont.Weight.DemiBold if chosen else QFont.Weight.Normal))
        words = self._words(QRectF(option.rect), index.data(TIME)).adjusted(0, 8, 0, -6)
        painter.drawText(words, int(top | Qt.TextFlag.TextWordWrap), index.data(Qt.ItemDataRole.DisplayRole))
        painter.restore()

    @staticmethod
    def _beneath(rect: QRectF, time: str) -> bool:
        """Whether a column is too narrow for "12:05 / 15" beside the title."""
        return "/" in (time or "") and rect.width() < theme().px(230)

    @staticmethod
    def _words(rect: QRectF, time: str) -> QRectF:
        """Between the number and the time; the time takes what it needs, or stands beneath."""
        px = theme().px
        if _ItemDelegate._beneath(rect, time):
            return rect.adjusted(px(34), 0, -px(10), 0)
        width = QFontMetricsF(font(px(13))).horizontalAdvance(time or "00")
        return rect.adjusted(px(34), 0, -width - px(20), 0)
