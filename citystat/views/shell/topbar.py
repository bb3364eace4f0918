"""The top bar: where one is, the way to everywhere, and the page's own acts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.marks import KeyHint, button, label
from citystat.views.widgets.page import clear

LARGE = 1.5  # text scale from which the search button says its key only
Act = tuple[str, Callable[[], object], str]  # words, what it does, kind of button


class TopBar(QFrame):
    """Signals: back() when a crumb before the last is pressed."""

    back = Signal()

    def __init__(self, search: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._crumbs, self._acts = QHBoxLayout(), QHBoxLayout()
        self._shown: list[tuple[str, str]] | None = None
        self._crumbs.setSpacing(4)
        self._acts.setSpacing(8)
        row = QHBoxLayout(self)
        margin = round(theme().px(32))
        row.setContentsMargins(margin, 8, margin, 8)
        row.setSpacing(12)
        row.addLayout(self._crumbs)
        row.addStretch(1)
        self.search = _search(search)
        row.addWidget(self.search)
        row.addLayout(self._acts)

    def show_page(self, page: QWidget) -> None:
        """The page's title, its parts parted by " › ", and its acts, the primary one last."""
        self.name(getattr(page, "title", ""))
        self._shown = None
        self.offer(page)

    def offer(self, page: QWidget) -> None:
        """The page's acts as they are now: those of a meeting differ once its minutes are approved."""
        acts: list[Act] = getattr(page, "acts", list)()
        names = [(text, kind) for text, _, kind in acts]
        if names == self._shown:
            return
        self._shown = names
        clear(self._acts)
        for text, act, kind in acts:
            self._acts.addWidget(button(text, act, kind=kind))

    def name(self, title: str) -> None:
        """The last part strong, the others soft; they lead back."""
        clear(self._crumbs)
        *before, last = title.split(" › ")
        if before and theme().scale >= LARGE:
            back = button("‹", self.back.emit, kind="crumb", tip=" › ".join(before))
            back.setAccessibleName(tr("Back"))
            self._crumbs.addWidget(back)
            before = []
        for part in before:
            self._crumbs.addWidget(button(part, self.back.emit, kind="crumb", tip=tr("Back")))
            self._crumbs.addWidget(label("›", "soft"))
        self._crumbs.addWidget(label(last, "strong"))


def _search(act: Callable[[], object]) -> QPushButton:
    """Looks like a field, opens the palette: words at the left, its key at the right."""
    made = button("", act, kind="search")
    made.setAccessibleName(tr("Go to or do"))
    inside = QHBoxLayout(made)
    inside.setContentsMargins(round(theme().px(34)), 0, 8, 0)
    icons.put(made, "magnifying-glass")
    words, key = label(tr("Go to or do…"), "soft"), KeyHint("Ctrl K")
    for part in (words, key):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    inside.addStretch(1)
    if theme().scale < LARGE:  # large letters leave the room to the page's own acts
        inside.insertWidget(0, words)
    inside.addWidget(key)
    return made
