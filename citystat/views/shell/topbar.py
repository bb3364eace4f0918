"""The top bar: where one is, the way to everywhere, and the page's own acts. What finds no room goes into a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.bar import Bar
from citystat.views.widgets.marks import KeyHint, button, label, mark
from citystat.views.widgets.page import clear

Act = tuple[str, Callable[[], object], str]  # words, what it does, kind: primary, menu or ""


class TopBar(Bar):
    """Signals: back() when a crumb before the last is pressed."""

    back = Signal()

    def __init__(self, search: Callable[[], object]) -> None:
        super().__init__()
        self._crumbs, self._acts = QHBoxLayout(), QHBoxLayout()
        self._shown: list[tuple[str, str]] | None = None
        self._path: list[QWidget] = []  # the crumbs before the last, and what parts them
        self._buttons: list[tuple[QPushButton, Act]] = []
        self._crumbs.setSpacing(4)
        self._acts.setSpacing(8)
        self._short = button("‹", self.back.emit, kind="crumb", tip=tr("Back"))
        self._short.setAccessibleName(tr("Back"))
        self._more = button("⋯", self._offer_more, tip=tr("More acts"))
        self._more.setAccessibleName(tr("More acts"))
        self.search, self._search_words = _search(search)
        row = QHBoxLayout(self)
        margin = round(theme().px(32))
        row.setContentsMargins(margin, 8, margin, 8)
        row.setSpacing(12)
        row.addWidget(self._short)
        row.addLayout(self._crumbs)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self._more)
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
        self._buttons = [(_act(text, act, kind), (text, act, kind)) for text, act, kind in acts]
        for made, _ in self._buttons:
            self._acts.addWidget(made)
        if self.isVisible():
            self.fit()

    def name(self, title: str) -> None:
        """The last part strong, the others soft; they lead back."""
        clear(self._crumbs)
        self._path = []
        *before, last = title.split(" › ")
        for part in before:
            self._path += [button(part, self.back.emit, kind="crumb", tip=tr("Back")), label("›", "soft")]
        for widget in (*self._path, label(last, "strong")):
            self._crumbs.addWidget(widget)
            widget.show()  # at once: what is not shown yet takes no room in the reckoning
        if self.isVisible():
            self.fit()

    ## Room

    def fit(self) -> None:
        """Words of the search first, then the way back in one sign, then acts from the left; the primary one stays."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # what is new has not met the style sheet, and would seem narrower than it will be
        inner = (self._crumbs, self._acts)
        self._show_search(words=True)
        self._show_path(whole=True)
        for made, _ in self._buttons:
            made.setVisible(True)
        self._more.hide()
        if self.too_wide(inner):
            self._show_search(words=False)
        if self.too_wide(inner):
            self._show_path(whole=False)
        for made, _ in self._buttons[:-1]:
            if self.too_wide(inner):
                made.setVisible(False)
                self._more.show()

    def _show_search(self, *, words: bool) -> None:
        self._search_words.setVisible(words)
        mark(self.search, "short", "" if words else "true")

    def _show_path(self, *, whole: bool) -> None:
        for widget in self._path:
            widget.setVisible(whole)
        self._short.setVisible(not whole and bool(self._path))

    def _offer_more(self) -> None:
        """The acts that found no room, in a menu under the sign."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for made, (text, act, _) in self._buttons:
            if made.isHidden():
                menu.addAction(text).triggered.connect(lambda *_, a=act: a())
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


def _act(text: str, act: Callable[[], object], kind: str) -> QPushButton:
    """One of the page's acts; an arrow says that it opens a menu."""
    made = button(f"{text}  ▾" if kind == "menu" else text, act, kind=kind if kind == "primary" else "")
    made.setAccessibleName(text)
    return made


def _search(act: Callable[[], object]) -> tuple[QPushButton, QLabel]:
    """Looks like a field, opens the palette: words at the left, its key at the right. Returns the words, too."""
    made = button("", act, kind="search")
    made.setAccessibleName(tr("Go to or do"))
    inside = QHBoxLayout(made)
    inside.setContentsMargins(round(theme().px(34)), 0, 8, 0)
    icons.put(made, "magnifying-glass")
    words, key = label(tr("Go to or do…"), "soft"), KeyHint("Ctrl K")
    for part in (words, key):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    inside.addWidget(words)
    inside.addStretch(1)
    inside.addWidget(key)
    return made, words
