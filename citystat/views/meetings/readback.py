"""The read-back: every promise read aloud, ranked, with owner, form and due date, before the meeting adjourns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from citystat import periods
from citystat.city import City
from citystat.meetings.actions import ActionRow, rank, read_back
from citystat.texts import dotted, tr
from citystat.views.chart.fonts import font
from citystat.views.shell.theme import current as theme

ACTION, ROW = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class ReadBack(QWidget):
    """The list beside the wall's. Signals: reading(action id or None); editing(kind, id)."""

    reading = Signal(object)
    editing = Signal(str, int)

    def __init__(self, city: City, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._city = city
        self._actions: Sequence[ActionRow] = ()
        self._words = QLabel(self)
        self._words.setObjectName("soft")
        self._words.setWordWrap(True)
        title = QLabel(tr("Read back every promise"), self)
        title.setObjectName("section")
        self._list = QListWidget(self)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)  # rows are as high as the width of now makes them
        self._list.setVerticalScrollMode(
            QListWidget.ScrollMode.ScrollPerPixel
        )  # after a tall row the next one begins in sight
        self._list.setItemDelegate(_RowDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the console's keys go on working
        self._list.setAccessibleName(tr("Promises to read back"))
        self._list.currentRowChanged.connect(self._chosen)
        self._list.itemActivated.connect(lambda row: self._edit(row.data(ACTION)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(self._words)
        layout.addWidget(self._list, 1)

    def show_actions(self, actions: Sequence[ActionRow]) -> None:
        """The promises of this meeting in the chair's order."""
        chosen = self._list.currentRow()
        self._actions = sorted(actions, key=lambda a: (a.rank is None, a.rank or 0, a.number))
        self._list.blockSignals(True)
        self._list.clear()
        for place, action in enumerate(self._actions, 1):
            row = QListWidgetItem(f"{place}. {_words(action)}", self._list)
            row.setData(ACTION, action.id)
            row.setData(ROW, (place, action))
        self._list.setCurrentRow(min(max(chosen, 0), len(self._actions) - 1))
        self._list.blockSignals(False)
        left = sum(1 for a in self._actions if not a.read_back)
        self._words.setText(
            tr("{n} to read. R marks one read and goes on · Alt ↑ ↓ ranks · ↑ ↓ choose · Enter changes it", n=left)
            if left
            else tr("All promises are read back. Adjourn when the chair agrees.")
        )

    @property
    def current(self) -> int | None:
        """The promise that is being read."""
        at = self._list.currentRow()
        return self._actions[at].id if 0 <= at < len(self._actions) else None

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows choose, with Alt they rank, Enter takes the promise into the line; whether the key was one of these."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if steps is not None:
            (self._move if event.modifiers() & Qt.KeyboardModifier.AltModifier else self.move)(steps)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_E) and self.current is not None:
            self._edit(self.current)
        else:
            return False
        return True

    def move(self, steps: int) -> None:
        """The next (1) or the previous (−1) promise."""
        if self._actions:
            self._list.setCurrentRow(max(0, min(len(self._actions) - 1, self._list.currentRow() + steps)))

    def next_unread(self) -> None:
        """Mark the promise on the wall as read and turn to the next unread one."""
        at = self._list.currentRow()
        if 0 <= at < len(self._actions) and not self._actions[at].read_back:
            read_back(self._city, self._actions[at].id)
        unread = next((i for i, a in enumerate(self._actions) if not a.read_back and i != at), None)
        if unread is not None:
            self._list.setCurrentRow(unread)

    def _chosen(self, row: int) -> None:
        self.reading.emit(self._actions[row].id if 0 <= row < len(self._actions) else None)

    def _move(self, steps: int) -> None:
        at = self._list.currentRow()
        to = at + steps
        if 0 <= at < len(self._actions) and 0 <= to < len(self._actions):
            order = [a.id for a in self._actions]
            order.insert(to, order.pop(at))
            rank(self._city, order)
            self._list.setCurrentRow(to)

    def _edit(self, action_id: int) -> None:
        self.editing.emit("action", action_id)


class _RowDelegate(QStyledItemDelegate):
    """Place and code, the promise in larger letters; under it who, form and day, what is missing in the colour of concern."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        px = theme().px
        width = self.parent().viewport().width() - px(LEFT + RIGHT)
        high = QFontMetricsF(_big()).boundingRect(QRectF(0, 0, width, 1e5), WRAP, index.data(ROW)[1].text).height()
        return QSize(100, round(high + px(46)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        place, action = index.data(ROW)
        palette, px = theme().palette, theme().px
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.tint))
            painter.drawRoundedRect(rect, 8, 8)
        else:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(palette.rule))
        inside = rect.adjusted(px(12), px(10), -px(12), -px(8))
        words = rect.adjusted(px(LEFT), px(10), -px(RIGHT), 0)
        state = tr("✓ read") if action.read_back else tr("to read")
        below = words.adjusted(0, rect.height() - px(36), px(RIGHT) - px(12), 0)
        facts, lacks = _facts(action), _lacks(action)
        behind = QFontMetricsF(font(px(13))).horizontalAdvance(facts) + px(12) if facts else 0
        for box, text, face, colour, right in (
            (inside, f"{place}", font(px(15), QFont.Weight.DemiBold), palette.ink, False),
            (inside.adjusted(px(28), px(2), 0, 0), action.code, font(px(13)), palette.faint, False),
            (words, action.text, _big(), palette.ink, False),
            (inside, state, font(px(13)), palette.accent if action.read_back else palette.soft, True),
            (below, facts, font(px(13)), palette.soft, False),
            (below.adjusted(behind, 0, 0, 0), lacks, font(px(13)), palette.concern, False),
        ):  # fmt: skip
            painter.setFont(face)
            painter.setPen(QColor(colour))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight) if right else WRAP, text)
        painter.restore()


LEFT, RIGHT = 96, 90  # pixels before and behind a promise's words
WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _big() -> QFont:
    return font(theme().px(16), QFont.Weight.DemiBold)


def _facts(action: ActionRow) -> str:
    due = periods.weekday_label(action.due) if action.due else ""
    return dotted([action.owner, tr(action.form) if action.form else "", due])


def _lacks(action: ActionRow) -> str:
    return "◆ " + tr("wants {what}", what=", ".join(action.unfinished)) if action.unfinished else ""


def _words(action: ActionRow) -> str:
    """A row as a screen reader says it."""
    read = tr("✓ read") if action.read_back else tr("to read")
    return ", ".join(filter(None, [action.code, action.text, _facts(action), _lacks(action), read]))
