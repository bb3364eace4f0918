"""Small marks: chips, keys, rules, titles."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

SHAPES = {"improvement": "●", "concern": "◆"}


class Chip(QLabel):
    """A word on a ground; kind: plain, accent, improvement, concern. Improvement and concern carry their shape."""

    def __init__(self, text: str, *, label: str = "", kind: str = "plain") -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._label = label
        self.set(text, kind)

    def set(self, text: str, kind: str = "plain") -> None:
        """Other words, another kind."""
        shape = SHAPES.get(kind, "")
        self.setText(" ".join(filter(None, [shape, self._label, text])))
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        if self.parentWidget() is not None or not text:  # shown before it has a place, it would be a window of its own
            self.setVisible(bool(text))


class KeyHint(QLabel):
    """A key as it is printed on the keyboard."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.setObjectName("key")
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Fixed)


class Rule(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rule")


def label(text: str, name: str = "", *, wrap: bool = False) -> QLabel:
    """A label of one of the named kinds: title, section, heading, strong, soft, faint, caption, code."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if name:
        made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def button(
    text: str, act: Callable[[], object], *, kind: str = "", tip: str = "", parent: QWidget | None = None
) -> QPushButton:
    """A button; kind: "" (quiet), primary or link."""
    made = QPushButton(text, parent)
    made.setObjectName(kind)
    made.setToolTip(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda *_: act())
    return made
