"""The console's keys: one each, as long as nobody is typing."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget

from citystat.texts import tr


class Key(NamedTuple):
    """keys: of Qt, all alike · act: what the console does, "" where another part takes the key · shown, long: on the key
    sheet, "" where another row tells of it · short: beneath the chart, with the first of `shown` · bare: the same where there is no chart."""

    keys: tuple[Qt.Key, ...]
    act: str
    shown: str
    long: str
    short: str = ""
    bare: str = ""


K = Qt.Key
KEYS = (
    Key((K.Key_Space, K.Key_PageDown, K.Key_Down), "next_item", "Space  ↓", "next item"),
    Key((K.Key_Backspace, K.Key_PageUp, K.Key_Up), "previous_item", "Backspace  ↑", "previous item"),
    Key((K.Key_Right,), "next_chart", "→  ←", "next and previous chart or promise"),
    Key((K.Key_Left,), "previous_chart", "", ""),
    Key((K.Key_D,), "break_down", "D", "break down", "break down"),
    Key((K.Key_C,), "compare", "C", "compare: a year earlier, another measure", "compare"),
    Key(
        (K.Key_V,),
        "turn_look",
        "V",
        "another look: year over year, year to date, before and after, parts",
        "another look",
    ),
    Key((K.Key_Z,), "zoom", "Z", "last 12 periods, all, the usual", "last 12 periods"),
    Key((K.Key_T,), "table", "T", "table of values, or the chart", "table"),
    Key((K.Key_N,), "note_on_chart", "N", "note on the chart", "note on the chart", "write a note"),
    Key((K.Key_J,), "jump", "J", "jump to any measure", "another measure", "put a measure on the wall"),
    Key((K.Key_B,), "blank", "B", "blank the wall"),
    Key((K.Key_F,), "freeze", "F", "freeze the wall"),
    Key((K.Key_W,), "open_wall", "W", "open the wall's window again"),
    Key((K.Key_P,), "presence", "P", "who is present"),
    Key((K.Key_Slash, K.Key_Return, K.Key_Enter), "write", "/  Enter", "write"),
    Key((K.Key_E,), "edit_newest", "E", "change the newest entry"),
    Key((K.Key_R,), "mark_read", "R", "mark the promise as read"),
    Key((), "", "Ctrl R", "the records behind the chart, on this screen only"),
    Key((), "", "Alt ↑ ↓", "rank the promise"),
    Key((), "", "Ctrl Z", "take back"),
    Key((), "", "Esc", "leave the line"),
    Key((), "", "Page ↓  Page ↑", "next and previous item, while writing too"),
    Key((K.Key_Question,), "keys", "?", "all keys", "all keys", "all keys"),
)
ACTS = {key: row.act for row in KEYS for key in row.keys}


def act_of(event: QKeyEvent) -> str:
    """The name of what a key means by itself; "" where it means nothing."""
    modifiers = Qt.KeyboardModifier
    if event.modifiers() & (modifiers.ControlModifier | modifiers.AltModifier | modifiers.MetaModifier):
        return ""
    return ACTS.get(Qt.Key(event.key()), "")


def overrides_undo(event: QEvent) -> bool:
    """Whether Ctrl+Z is about to be taken by the window's menu."""
    asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
    return asked and event.matches(QKeySequence.StandardKey.Undo)


def show_keys(parent: QWidget) -> None:
    """The key sheet."""
    rows = "".join(
        f'<tr><td style="padding-right:24px"><b>{key.shown.replace(" ", "&nbsp;")}</b></td><td>{tr(key.long)}</td></tr>'
        for key in KEYS
        if key.long
    )
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Keys"))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(f'<table cellspacing="4">{rows}</table>')
    box.open()
