"""The console's middle: what the wall shows, the keys that change it, what to ask, and what is next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from citystat.meetings.agenda import Item
from citystat.texts import tr
from citystat.views.meetings.keys import KEYS
from citystat.views.meetings.showing import Scene
from citystat.views.meetings.wall import Wall, paint_wall
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.flow import Flow
from citystat.views.widgets.marks import SHAPES, KeyHint, Rule, mark

# what keys do while somebody writes: letters are letters then
WRITING = (
    ("Enter", "keep the line"),
    ("Page ↓", "next item"),
    ("Page ↑", "previous item"),
    ("Esc", "back to the wall's keys"),
)


class Copy(QWidget):
    """The wall at desk size, as it would be painted for a reader at the laptop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wall = Wall(blank=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 220)

    def show_wall(self, wall: Wall) -> None:
        """Show `wall` from now on."""
        self._wall = wall
        self.setAccessibleName(wall.words)
        flags = wall.chart.flags if wall.chart is not None else ()
        self.setToolTip("\n".join(flag.text for flag in flags))  # the wall may have room for their beginnings only
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint with the desk's text size, not the wall's."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        paint_wall(painter, QRectF(self.rect()), self._wall, theme().palette, px=theme().px(13), margin=0, desk=True)
        painter.end()


class Stage(QWidget):
    """Shows a scene to the operator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copy = Copy(self)
        self._count = QLabel(self)
        self._count.setObjectName("soft")
        hints = Flow(self, gap=14)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addWidget(hints, 1000)
        keys.addStretch(1)
        self._arrows = (KeyHint("←"), KeyHint("→"))
        for part in (*self._arrows, self._count):
            keys.addWidget(part)
        self._ask, self._next = self._words(), self._words()
        self._hints = hints
        self._turns = KeyHint("")
        self._charted = self._turning = self._writing = False
        self._offered: list[tuple[str, str]] = []
        self._below = QWidget(self)
        below = QGridLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setColumnStretch(0, 1)
        below.setColumnStretch(1, 1)
        below.setHorizontalSpacing(28)
        next_title = QHBoxLayout()
        next_title.setSpacing(8)
        next_title.addWidget(self._title(tr("Next")))
        next_title.addWidget(self._turns)
        next_title.addStretch(1)
        below.addWidget(self._title(tr("Ask")), 0, 0)
        below.addLayout(next_title, 0, 1)
        below.addWidget(self._ask, 1, 0)
        self._finding = QLabel(self)
        following = QVBoxLayout()
        following.setSpacing(0)
        following.addWidget(self._next)
        following.addWidget(self._finding)
        following.addStretch(1)
        below.addLayout(following, 1, 1)
        self._earlier = self._words()
        self._earlier.setMinimumHeight(0)
        below.addWidget(self._earlier, 2, 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._copy, 1)
        layout.addLayout(keys)
        layout.addWidget(Rule())
        layout.addWidget(self._below)
        self.show_writing(False)

    def show_writing(self, writing: bool) -> None:
        """The keys that act now: the wall's, or those of the capture line."""
        self._writing = writing
        self._turns.setText(tr("Page ↓") if writing else tr("Space"))
        self._offer_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the chart keeps its room: first the questions go, then the keys."""
        self._below.setVisible(self.height() > theme().px(380))
        self._hints.setVisible(self.height() > theme().px(330))

    def show_wall(self, wall: Wall) -> None:
        """What the wall shows, or would show if it were not blank or frozen."""
        self._copy.show_wall(wall)

    def show_scene(self, scene: Scene, following: Item | None, finding: tuple[str, str] = ("", "")) -> None:
        """Questions of the item, what was promised about it before, and the item after it with what its data says."""
        count = len(scene.charts)
        self._count.setText(tr("chart {n} of {all}", n=scene.at + 1, all=count) if count else "")
        self._turning = count > 1 or bool(scene.promise_ids)
        self._charted = bool(scene.view.measure)
        self._offer_keys()
        self._ask.setText("\n".join(scene.item.questions) or tr("No question was prepared."))
        self._next.setText(following.title if following else tr("This is the last item."))
        signal, words = finding
        mark(self._finding, "tone", signal if signal in SHAPES else "soft")
        self._finding.setText(" ".join(filter(None, [SHAPES.get(signal, ""), words])))
        self._earlier.setText("\n".join([tr("Promised before and still owed:"), *scene.earlier]))
        self._earlier.setVisible(bool(scene.earlier))

    def _offer_keys(self) -> None:
        """Only keys that do something."""
        for arrow in self._arrows:
            arrow.setVisible(self._turning and not self._writing)
        of_the_wall = [(key.shown, key.short if self._charted else key.bare) for key in KEYS]
        offered = [pair for pair in (WRITING if self._writing else of_the_wall) if pair[1]]
        if offered != self._offered:
            self._offered = offered
            self._hints.put([self._hint(key, tr(words)) for key, words in offered], still=self._writing)

    def _hint(self, key: str, words: str) -> QWidget:
        """A key and what it does."""
        hint = QWidget(self)
        row = QHBoxLayout(hint)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        label = QLabel(words, hint)
        label.setObjectName("soft")
        row.addWidget(KeyHint(key))
        row.addWidget(label)
        return hint

    def _title(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName("heading")
        return label

    def _words(self) -> QLabel:
        label = QLabel(self)
        label.setObjectName("soft")
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        return label
