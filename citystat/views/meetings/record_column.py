"""The console's right column: what has been written down, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from citystat import periods
from citystat.meetings.capture import Captured
from citystat.texts import dotted, plural, tr
from citystat.views.widgets.marks import SHAPES, button, label, mark

RIGHT = 14  # pixels beside the words; the scroll bar stands in them

SHOWN = 400  # letters of an entry on its card


class RecordColumn(QFrame):
    """Signals: editing(kind, id) when an entry is taken back into the capture line."""

    editing = Signal(str, int)

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._entries: Sequence[Captured] = ()
        title = QLabel(tr("Written down"), self)
        title.setObjectName("soft")
        self._missing = QLabel(self)
        self._missing.setObjectName("faint")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, RIGHT, 0)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._missing)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 0, 16)
        layout.addLayout(head)
        layout.addWidget(self._area, 1)

    def show_entries(self, entries: Sequence[Captured]) -> None:
        """All that this meeting has on record."""
        self._entries = sorted(entries, key=lambda e: e.at, reverse=True)
        self._missing.setText(_missing(entries))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, RIGHT, 0)
        column.setSpacing(0)
        for entry in self._entries:
            column.addWidget(self._row(entry))
        if not self._entries:
            column.addWidget(self._empty())
        column.addStretch(1)
        self._area.setWidget(inside)

    def edit_newest(self) -> None:
        """Take the newest entry back into the line."""
        if self._entries:
            self._edit(self._entries[0])

    def _edit(self, entry: Captured) -> None:
        self.editing.emit(entry.kind, entry.id)

    def _row(self, entry: Captured) -> QFrame:
        """Time, kind and measure in one line; the words; who, when and form, and what is missing. The kind changes it."""
        row = QFrame(self)
        row.setObjectName("recordRow")
        change = button(tr(entry.kind), lambda: self._edit(entry), kind="link")
        change.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the console
        change.setAccessibleName(f"{tr(entry.kind)}: {entry.text}. {tr('Press to change')}")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(f"{entry.at:%H:%M}", "soft"))
        head.addWidget(change)
        head.addStretch(1)
        head.addWidget(label(entry.measure_code, "faint"))
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 6, 0, 8)
        column.setSpacing(0)
        column.addLayout(head)
        for words, tone in ((_shortened(entry.text), "ink"), (_facts(entry), "soft"), (_wants(entry), "concern")):
            if words:
                line = label(words, wrap=True)
                mark(line, "tone", tone)
                column.addWidget(line)
        return row

    def _empty(self) -> QLabel:
        return label(tr("Press / and write: action, decision, question or note."), "faint", wrap=True)


def _missing(entries: Sequence[Captured]) -> str:
    """ "1 needs a due date": the one thing that is missing, or how many entries lack something."""
    lacking = [e.unfinished for e in entries if e.unfinished]
    words = {word for lack in lacking for word in lack}
    if len(words) == 1:
        return plural(len(lacking), "{n} needs: {what}", "{n} need: {what}", what=words.pop())
    return plural(len(lacking), "{n} needs something", "{n} need something") if lacking else ""


def _facts(entry: Captured) -> str:
    """Who, by when, in which form."""
    known = (entry.owner, periods.day_label(entry.due) if entry.due else "", tr(entry.form) if entry.form else "")
    return dotted(known)


def _wants(entry: Captured) -> str:
    """What is missing, with its shape."""
    return f"{SHAPES['concern']} {tr('wants {what}', what=', '.join(entry.unfinished))}" if entry.unfinished else ""


def _shortened(text: str) -> str:
    """What a card can show of a long entry: whole words, and a sign that there is more."""
    if len(text) <= SHOWN:
        return text
    words, parted, _ = text[:SHOWN].rpartition(" ")
    return f"{words} …" if parted else f"{text[:SHOWN]}…"
