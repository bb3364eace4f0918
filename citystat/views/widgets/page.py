"""The frame of a page: margins, a sentence as title, and a line beneath it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import label


class Page(QWidget):
    """Signals: go(address) leads to another place, instead(address) too, and Back not to this one; said(words) is a passing message."""

    go = Signal(str)
    instead = Signal(str)
    said = Signal(str)
    title = ""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sentence = label("", "title", wrap=True)
        self.under = label("", "soft", wrap=True)
        self.body = QVBoxLayout(self)
        margin = round(theme().px(32))
        self.body.setContentsMargins(margin, 24, margin, 24)
        self.body.setSpacing(8)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.under)
        self.body.addSpacing(12)

    def head(self, sentence: str, under: str) -> None:
        """The sentence that says what is the case, and the line beneath it."""
        self.sentence.setText(sentence)
        self.under.setText(under)
        self.setAccessibleName(sentence)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget()
        if widget is not None:
            _let_go_of_keyboard(widget)
            widget.hide()  # a layout shows what was added a moment later: by then it would be a window of its own
            widget.setParent(None)  # gone from the picture at once, not when the event loop comes to it
            widget.deleteLater()
        elif item.layout() is not None:
            clear(item.layout())


def _let_go_of_keyboard(widget: QWidget) -> None:
    """The page takes the keyboard from what goes; Qt would give it to whatever comes next, such as a place of the sidebar."""
    held = widget.window().focusWidget()
    if held is None or not (held is widget or widget.isAncestorOf(held)):
        return
    at = widget.parentWidget()
    while at is not None and at.focusPolicy() == Qt.FocusPolicy.NoFocus:
        at = at.parentWidget()
    if at is not None:
        at.setFocus()
