"""The console's keys: one each, as long as nobody is typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget

from citystat.texts import tr

KEYS_SHOWN = (
    ("Space  ↓", "next item"), ("Backspace  ↑", "previous item"), ("→  ←", "next and previous chart or promise"),
    ("J", "jump to any measure"), ("D", "break down"), ("C", "compare: a year earlier, another measure"),
    ("Z", "last 12 periods, all, the usual"), ("T", "table of values, or the chart"), ("N", "note on the chart"),
    ("B", "blank the wall"), ("F", "freeze the wall"), ("W", "open the wall's window again"), ("P", "who is present"), ("/  Enter", "write"),
    ("E", "change the newest entry"), ("R", "mark the promise as read"), ("Alt ↑ ↓", "rank the promise"),
    ("Ctrl Z", "take back"), ("Esc", "leave the line"),
    ("Page ↓  Page ↑", "next and previous item, while writing too"),
)  # fmt: skip

# key → what the console does
KEYS = {
    Qt.Key.Key_Space: "next_item", Qt.Key.Key_PageDown: "next_item", Qt.Key.Key_Down: "next_item",
    Qt.Key.Key_Backspace: "previous_item", Qt.Key.Key_PageUp: "previous_item", Qt.Key.Key_Up: "previous_item",
    Qt.Key.Key_Right: "next_chart", Qt.Key.Key_Left: "previous_chart",
    Qt.Key.Key_B: "blank", Qt.Key.Key_F: "freeze", Qt.Key.Key_D: "break_down", Qt.Key.Key_Z: "zoom",
    Qt.Key.Key_W: "open_wall", Qt.Key.Key_C: "compare", Qt.Key.Key_T: "table", Qt.Key.Key_N: "note_on_chart", Qt.Key.Key_J: "jump",
    Qt.Key.Key_P: "presence", Qt.Key.Key_E: "edit_newest", Qt.Key.Key_R: "mark_read", Qt.Key.Key_Question: "keys",
    Qt.Key.Key_Slash: "write", Qt.Key.Key_Return: "write", Qt.Key.Key_Enter: "write",
}  # fmt: skip


def act_of(event: QKeyEvent) -> str:
    """The name of what a key means by itself; "" where it means nothing."""
    modifiers = Qt.KeyboardModifier
    if event.modifiers() & (modifiers.ControlModifier | modifiers.AltModifier | modifiers.MetaModifier):
        return ""
    return KEYS.get(Qt.Key(event.key()), "")


def overrides_undo(event: QEvent) -> bool:
    """Whether Ctrl+Z is about to be taken by the window's menu."""
    asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
    return asked and event.matches(QKeySequence.StandardKey.Undo)


def show_keys(parent: QWidget) -> None:
    """The key sheet."""
    rows = "".join(
        f'<tr><td style="padding-right:24px"><b>{key.replace(" ", "&nbsp;")}</b></td><td>{tr(words)}</td></tr>'
        for key, words in KEYS_SHOWN
    )
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Keys"))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(f'<table cellspacing="4">{rows}</table>')
    box.open()
