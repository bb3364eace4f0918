"""Ctrl+K: go anywhere and do anything by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from citystat.measures.find import fits
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.marks import label
from citystat.views.widgets.rows import draw_words

MOST = 60
OFFER = Qt.ItemDataRole.UserRole


class Offer(NamedTuple):
    """Something to go to or do: words to find it by, what kind it is, and what it does; its icon, its key; hidden words."""

    words: str
    hint: str
    act: Callable[[], object]
    icon: str = ""
    key: str = ""
    also: str = ""

    @property
    def name(self) -> str:
        """What it is remembered by."""
        return f"{self.hint}:{self.words}"


def find(offers: Sequence[Offer], typed: str, lately: Sequence[str]) -> list[Offer]:
    """The offers that hold every typed word, in any order: by their code, then those with words that begin so, lately used
    first among equals."""
    wanted = typed.lower().split()

    def rank(offer: Offer) -> tuple[int, int]:
        used = lately.index(offer.name) if offer.name in lately else len(lately)
        code, _, name = offer.words.rpartition("  ")
        return fits(typed, code, f"{name} {offer.hint} {offer.also}"), used

    held = [o for o in offers if all(w in f"{o.words} {o.hint} {o.also}".lower() for w in wanted)]
    return sorted(held, key=rank)


class CommandPalette(QDialog):
    """A search line over a list; up and down choose while typing goes on, Enter does it.

    lately: names of the offers used last, newest first; used(name) is told what was chosen.
    """

    def __init__(
        self,
        offers: Sequence[Offer],
        parent: QWidget,
        lately: Sequence[str] = (),
        used: Callable[[str], object] = lambda _name: None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # round corners
        self.setWindowTitle(tr("Go to or do…"))
        self.resize(min(round(theme().px(664)), parent.width() - 40), min(round(theme().px(484)), parent.height() - 80))
        self._offers, self._lately, self._used = offers, list(lately), used
        self._words = QLineEdit()
        self._words.setPlaceholderText(tr("Go to or do…"))
        self._words.setAccessibleName(tr("Go to or do"))
        self._words.textChanged.connect(self._narrow)
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Places and acts"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setItemDelegate(_Delegate(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(lambda _: self._do())
        self._foot = label("", "faint", wrap=True)
        frame = QFrame()
        frame.setObjectName("palette")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._foot)
        self._narrow("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list, Enter does what is chosen."""
        keys = Qt.Key
        steps = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_PageDown: 10, keys.Key_PageUp: -10}.get(keys(event.key()))
        if steps is not None:
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + steps)))
            self._say()
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self._do()
        else:
            super().keyPressEvent(event)

    def found(self) -> list[Offer]:
        """What the list shows, from the top."""
        return [self._list.item(n).data(OFFER) for n in range(self._list.count())]

    def _narrow(self, typed: str) -> None:
        found = find(self._offers, typed, self._lately)
        self._list.clear()
        for offer in found[:MOST]:
            item = QListWidgetItem(self._list)
            item.setData(OFFER, offer)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, [offer.words, offer.hint, offer.key]))
            )
        self._list.setCurrentRow(0)
        more = plural(len(found) - MOST, "{n} more: type on to narrow", "{n} more: type on to narrow")
        self._foot.setText(
            tr("Nothing is called that. Try fewer letters") if not found
            else more if len(found) > MOST else tr("↑ ↓ choose · Enter goes there or does it · Esc closes")
        )  # fmt: skip
        self._say()

    def _say(self) -> None:
        """A screen reader stays in the line; it is told what Enter would do."""
        item = self._list.currentItem()
        self._words.setAccessibleDescription(
            item.data(Qt.ItemDataRole.AccessibleTextRole) if item else self._foot.text()
        )

    def _do(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            offer: Offer = item.data(OFFER)
            self.accept()
            self._used(offer.name)
            offer.act()


class _Delegate(QStyledItemDelegate):
    """A row: icon and words at the left; kind and key in a column at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, round(theme().px(32)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        offer, palette, px = index.data(OFFER), theme().palette, theme().px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.tint))
            painter.drawRoundedRect(option.rect, 6, 6)
        row, side = option.rect.adjusted(10, 0, -10, 0), round(px(icons.SIDE))
        icons.icon(offer.icon or "arrow-right").paint(
            painter, QRect(row.left(), row.center().y() - side // 2 + 1, side, side)
        )
        keys = draw_words(painter, row, offer.key, palette.faint, right=True)
        kinds = row.adjusted(0, 0, -max(keys + 16, round(px(100))), 0)
        taken = draw_words(painter, kinds, offer.hint, palette.soft, right=True)
        draw_words(painter, kinds.adjusted(side + 10, 0, -taken - 16, 0), offer.words, palette.ink)
        painter.restore()
