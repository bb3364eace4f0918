"""Small marks: chips, keys, rules, titles."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from citystat.texts import tr
from citystat.views.shell.theme import current as theme

AS_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>"})
SHAPES = {"improvement": "●", "concern": "◆"}
MEETS = {"meets": "✓ ", "misses": "✕ "}  # before the words that say where a value lies beside its target


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
        mark(self, "kind", kind)
        if self.parentWidget() is not None or not text:  # shown before it has a place, it would be a window of its own
            self.setVisible(bool(text))


class Button(QPushButton):
    """Enter presses it as Space does: Qt knows that in dialogs only, and there it may press another button."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that is held down presses once."""
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & held:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()


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


class Upright(QFrame):
    """A hairline between columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("upright")


class Prose(QLabel):
    """Running text with room between its lines: 20 pixels a line at 13. What is set is taken as plain text."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Other words."""
        self._plain = text
        super().setText(f'<p style="margin:0; line-height:125%">{text.translate(AS_HTML)}</p>' if text else "")

    def text(self) -> str:
        """The words as they were set."""
        return self._plain


def label(text: str, name: str = "text", *, wrap: bool = False) -> QLabel:
    """A label of one of the named kinds: text, title, section, heading, strong, soft, faint, caption, code."""
    made = Prose(text) if wrap and name in ("text", "strong", "soft", "faint") else QLabel(text)
    if not isinstance(made, Prose):
        made.setTextFormat(Qt.TextFormat.PlainText)
    made.setObjectName(name or "text")
    made.setWordWrap(wrap)
    return made


def mark(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at: "kind" of a chip or message, "tone" of words."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def signal_mark(signal: str) -> QLabel:
    """The shape of an improvement or a concern in its colour, in a column of its own; empty for neither."""
    made = label(SHAPES.get(signal, ""))
    made.setFixedWidth(round(theme().px(18)))
    if signal:
        mark(made, "tone", signal)
        made.setAccessibleName(tr(signal))
    return made


def button(
    text: str, act: Callable[[], object], *, kind: str = "", tip: str = "", parent: QWidget | None = None
) -> Button:
    """A button; kind: "" (quiet), primary or link."""
    made = Button(text, parent)
    made.setObjectName(kind)
    made.setToolTip(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda *_: act())
    return made
