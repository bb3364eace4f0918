"""The console's right column: what has been written down, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from citystat import periods
from citystat.meetings.capture import Captured
from citystat.texts import dotted, plural, tr
from citystat.views.shell.theme import current as theme

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
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._missing)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 12, 16)
        layout.addLayout(head)
        layout.addWidget(self._area, 1)

    def show_entries(self, entries: Sequence[Captured]) -> None:
        """All that this meeting has on record."""
        self._entries = sorted(entries, key=lambda e: e.at, reverse=True)
        self._missing.setText(_missing(entries))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
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

    def _row(self, entry: Captured) -> QLabel:
        """Words with a link in them, so that the entry can be reached and changed by keyboard, too."""
        words = QLabel(_rich(entry), self)
        words.setObjectName("recordRow")
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        words.setAccessibleName(f"{tr(entry.kind)}: {entry.text}. {tr('Press to change')}")
        words.linkActivated.connect(lambda _: self._edit(entry))
        return words

    def _empty(self) -> QLabel:
        label = QLabel(tr("Press / and write: action, decision, question or note."), self)
        label.setObjectName("faint")
        label.setWordWrap(True)
        return label


def _missing(entries: Sequence[Captured]) -> str:
    """ "1 needs a due date": the one thing that is missing, or how many entries lack something."""
    lacking = [e.unfinished for e in entries if e.unfinished]
    words = {word for lack in lacking for word in lack}
    if len(words) == 1:
        return plural(len(lacking), "{n} needs: {what}", "{n} need: {what}", what=words.pop())
    return plural(len(lacking), "{n} needs something", "{n} need something") if lacking else ""


def _rich(entry: Captured) -> str:
    """Time, kind and measure in one line; the words; who, when and form, or what is missing."""
    palette = theme().palette
    head = (
        f'<span style="color:{palette.soft}">{entry.at:%H:%M}</span>&nbsp; '
        f'<a href="change" style="color:{palette.accent};text-decoration:none"><b>{escape(tr(entry.kind))}</b></a>'
        f'&nbsp; <span style="color:{palette.faint}">{escape(entry.measure_code)}</span>'
    )
    known = [entry.owner, periods.day_label(entry.due) if entry.due else "", tr(entry.form) if entry.form else ""]
    facts = escape(dotted(known))
    missing = ", ".join(entry.unfinished)
    wants = (
        f' <span style="color:{palette.concern}">◆ {escape(tr("wants {what}", what=missing))}</span>' if missing else ""
    )
    below = f'<br><span style="color:{palette.soft}">{facts}</span>{wants}' if facts or wants else ""
    return f"{head}<br>{escape(_shortened(entry.text))}{below}"


def _shortened(text: str) -> str:
    """What a card can show of a long entry: whole words, and a sign that there is more."""
    if len(text) <= SHOWN:
        return text
    words, parted, _ = text[:SHOWN].rpartition(" ")
    return f"{words} …" if parted else f"{text[:SHOWN]}…"
