"""Words typed beside a point of the chart: Enter keeps them, Escape leaves them for later."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.measures.edit import KINDS
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import choice, line
from citystat.views.widgets.marks import label, mark

WIDE = 400  # pixels at 100 %
HINTS = {
    "note": "What happened here", "rebase": "Why the limits begin anew here", "exclude": "Why this value does not count",
    "definition": "What is measured from here on",
}  # fmt: skip


class HalfNoted:
    """Words that were typed and not kept, by what they are for; on this machine, among what the main window remembers."""

    def __init__(self, city: Path) -> None:
        self._remembered: Any = None
        self._city = str(city)
        self._here: dict[str, list[str]] = {}  # where there is no such window

    def look_for_window(self, owner: QWidget) -> None:
        """While the owner is a part of it: it is none any more when its page goes."""
        self._remembered = getattr(owner.window(), "remembered", self._remembered)

    def keep(self, about: str, text: str, kind: str) -> None:
        """Empty words are forgotten."""
        known = {**self._all()}
        known.pop(self._key(about), None)
        if text.strip():
            known[self._key(about)] = [text, kind]
        if self._remembered is None:
            self._here = known
        elif known != self._all():
            self._remembered.set("half_noted", known)

    def take(self, about: str) -> tuple[str, str] | None:
        """Words and kind, as they were left."""
        found = self._all().get(self._key(about), [])
        return (found[0], found[1]) if len(found) == 2 else None

    def _all(self) -> dict[str, list[str]]:
        return self._here if self._remembered is None else dict(self._remembered.get("half_noted", {}))

    def _key(self, about: str) -> str:
        return f"{self._city}#{about}"


class NoteInPlace(QFrame):
    """Signals: ended(kept) when the keyboard is free again; kept: whether the words are on the chart."""

    ended = Signal(bool)

    def __init__(self, city: City, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("palette")
        self._city, self._half = city, HalfNoted(city.path)
        self._measure = self._words_id = 0
        self._period = date.min
        self._before = ""
        self.heading = label("", "strong")
        self.kind = choice(tr("What"), [(tr(words), kind) for kind, words in KINDS.items()])
        self.kind.currentIndexChanged.connect(lambda _: self._hint())
        self.text = line(name=tr("Words, or the reason"))
        self.told = label("", "faint", wrap=True)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.text)
        column.addWidget(self.told)
        self.hide()

    def write(self, measure: Definition, period: date, place: QPointF, known: edit.Words | None = None) -> None:
        """Type at `place` of the chart: something new of the period, or other words for what stands there."""
        if self.isVisible():
            self.hide()  # what was typed elsewhere is left for later
        self._measure, self._period, self._words_id = measure.id, period, known.id if known else 0
        self._half.look_for_window(self)
        self._before = known.text if known else ""
        left = self._half.take(self._about)
        text, kind = left or (self._before, known.kind if known else "note")
        self.heading.setText(measure.label(period))
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.text.setText(text)
        self._say(
            tr("Enter keeps it · Esc leaves it for later") if left is None else tr("As you left it. Enter keeps it")
        )
        self._hint()
        self._stand_at(place)
        self.show()
        self.raise_()
        self.text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Escape leaves; no other key goes to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.ended.emit(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever hid it: what was typed can be taken up again."""
        changed = self.text.text().strip() != self._before.strip()
        self._half.keep(self._about, self.text.text() if changed else "", self.kind.currentData())
        super().hideEvent(event)

    @property
    def _about(self) -> str:
        return f"{self._measure}#{self._words_id or self._period.isoformat()}"

    def _keep(self) -> None:
        text, kind = self.text.text(), self.kind.currentData()
        try:
            edit.annotate(self._city, self._measure, self._period, kind, text, words_id=self._words_id or None)
        except CityStatError as error:
            self._say(str(error), concern=True)
            return
        self._before = text  # nothing is left over
        self.hide()
        self.ended.emit(True)

    def _say(self, words: str, *, concern: bool = False) -> None:
        self.told.setText(words)
        mark(self.told, "tone", "concern" if concern else "soft")

    def _hint(self) -> None:
        self.text.setPlaceholderText(tr(HINTS[self.kind.currentData()]))

    def _stand_at(self, place: QPointF) -> None:
        """Beside the point, under it where there is room, wholly over the chart."""
        over = self.parentWidget().rect()
        self.setFixedWidth(min(round(theme().px(WIDE)), over.width()))
        self.adjustSize()
        gap = round(theme().px(12))
        left = min(max(0, round(place.x()) - self.width() // 2), over.width() - self.width())
        below = round(place.y()) + gap
        top = below if below + self.height() <= over.height() else max(0, round(place.y()) - gap - self.height())
        self.move(left, top)
