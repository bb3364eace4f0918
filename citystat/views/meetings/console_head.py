"""The console's top line: which meeting, what the wall does, the time of day, ahead or behind."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from citystat import periods
from citystat.meetings.meeting import MeetingRow
from citystat.meetings.running import Clock
from citystat.texts import tr
from citystat.views.widgets.bar import Bar
from citystat.views.widgets.marks import Button, Chip


class ConsoleHead(Bar):
    """Signals: blank(), freeze() and adjourn() when their button is pressed; reopen() when the chip of a closed wall is."""

    blank = Signal()
    freeze = Signal()
    adjourn = Signal()
    reopen = Signal()

    def __init__(self, meeting: MeetingRow, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._name = QLabel(meeting.series, self)
        self._name.setObjectName("heading")
        self._day = QLabel(periods.day_label(meeting.day), self)
        self._day.setObjectName("soft")
        self._wall = Chip("", kind="plain")
        self._wall.installEventFilter(self)
        self._keys: list[tuple[QPushButton, str, str]] = []
        self._place = ""
        self._time = QLabel(self)
        self._time.setObjectName("section")
        self._behind = Chip("", kind="plain")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 8, 20, 8)
        layout.setSpacing(16)
        layout.addWidget(self._name)
        layout.addWidget(self._day)
        layout.addStretch(1)
        layout.addWidget(self._wall)
        layout.addWidget(self._button(tr("Blank"), "B", self.blank))
        layout.addWidget(self._button(tr("Freeze"), "F", self.freeze))
        layout.addWidget(self._time)
        layout.addWidget(self._behind)
        layout.addWidget(self._button(tr("Adjourn"), "", self.adjourn))
        self._blank_now = self._frozen_now = self._closed_now = False

    def show_day(self, day: date) -> None:
        """The day of the meeting, which may turn out to be another one than planned."""
        self._day.setText(periods.day_label(day))

    def fit(self) -> None:
        """Where there is no room for everything: the day goes first, then the wall's place, then its state,
        then the series (the keys stay)."""
        for part in (self._day, self._wall, self._name):
            part.show()
        self._say_wall(self._place)
        for step in (self._day.hide, lambda: self._say_wall(""), self._wall.hide, self._name.hide):
            if not self.too_wide():
                return
            step()

    def show_wall_place(self, place: str) -> None:
        """Where the wall is: the screen's name, or "in a window"."""
        self._place = place
        self.show_wall(blank=False, frozen=False)

    def show_wall(self, *, blank: bool, frozen: bool, closed: bool = False) -> None:
        """What the wall does: live, frozen, blank or closed, in words and colour."""
        self._blank_now, self._frozen_now, self._closed_now = blank, frozen, closed
        self._wall.setCursor(Qt.CursorShape.PointingHandCursor if closed else Qt.CursorShape.ArrowCursor)
        self._wall.setToolTip(tr("Open the wall again (W)") if closed else "")
        self.fit()

    def show_typing(self, typing: bool) -> None:
        """While somebody types the letters are letters: the buttons do not name them."""
        for made, text, key in self._keys:
            made.setMinimumWidth(made.sizeHint().width() if typing else 0)
            made.setText(text if typing else f"{text}  {key}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the chip of a closed wall opens it again."""
        if event.type() == QEvent.Type.MouseButtonRelease and self._closed_now:
            self.reopen.emit()
        return super().eventFilter(watched, event)

    def _say_wall(self, place: str) -> None:
        blank, frozen = self._blank_now, self._frozen_now
        closed = self._closed_now
        state = tr("closed") if closed else tr("blank") if blank else tr("frozen") if frozen else tr("live")
        words = tr("Wall: {place} · {state}", place=place, state=state) if place else tr("Wall: {state}", state=state)
        self._wall.set(words, "concern" if closed or blank or frozen else "plain")

    def show_clock(self, now: datetime, clock: Clock) -> None:
        """The time of day, and how far the meeting is ahead or behind."""
        self._time.setText(f"{now:%H:%M}")
        behind = clock.behind_minutes
        words = tr("on time") if abs(behind) < 1 else (
            tr("{n} min behind", n=round(behind)) if behind > 0 else tr("{n} min ahead", n=round(-behind))
        )  # fmt: skip
        if words != self._behind.text().removeprefix("◆ "):
            self._behind.set(words, "concern" if behind >= 1 else "plain")
            self.fit()

    def _button(self, text: str, key: str, signal: object) -> QPushButton:
        button = Button(f"{text}  {key}".rstrip(), self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(signal)
        if key:
            self._keys.append((button, text, key))
        return button
