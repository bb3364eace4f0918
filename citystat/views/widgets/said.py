"""What holds, in words: a name at the left, beside it a line that opens what changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label

GAP = 16


class SaidLines(QWidget):
    """Rows of a name and a line; words that do not fit end in an ellipsis, the whole stands in the tip."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setColumnStretch(1, 1)
        self._names: dict[str, str] = {}
        self.lines: dict[str, QPushButton] = {}

    def line(self, name: str, words: str, act: Callable[[], object]) -> None:
        """A line more."""
        at = len(self.lines)
        made = button("", act, kind="link")
        named = label(words, "soft")
        named.setContentsMargins(0, 0, 0, 2)  # as the link's underline: both stand on one line
        self._grid.addWidget(named, at, 0)
        self._grid.addWidget(made, at, 1)
        self.lines[name], self._names[name] = made, words

    def say(self, said: Mapping[str, str]) -> None:
        """What holds now, by name."""
        for name, line in self.lines.items():
            line.setToolTip(said[name])
            line.setAccessibleName(f"{self._names[name]}: {said[name]}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words take what room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        named = max(self._grid.itemAtPosition(at, 0).widget().sizeHint().width() for at in range(len(self.lines)))
        room = max(self.width() - named - GAP - 4, round(theme().px(80)))
        for line in self.lines.values():
            line.setText(line.fontMetrics().elidedText(line.toolTip(), Qt.TextElideMode.ElideRight, room))
