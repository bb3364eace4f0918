"""The console's three columns. Where the letters leave no room for three, the record stands under the agenda."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import Rule, Upright

NARROW = 880  # pixels at 100 % under which there are two columns


class Columns(QWidget):
    """Agenda at the left, what the wall shows in the middle, what is written down at the right."""

    def __init__(self, agenda: QWidget, middle: QWidget, record: QWidget) -> None:
        super().__init__()
        px = theme().px
        self._sides, self._record = (agenda, record), record
        self._left, self._row = QVBoxLayout(), QHBoxLayout(self)
        for layout in (self._left, self._row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for side in self._sides:
            side.setMinimumWidth(round(px(190)))
            side.setMaximumWidth(round(px(290)))
        self._between, self._right_rule = Rule(), Upright()
        self._left.addWidget(agenda, 3)
        self._left.addWidget(self._between)
        self._row.addLayout(self._left, 2)
        self._row.addWidget(Upright())
        self._row.addWidget(middle, 6)
        self._row.addWidget(self._right_rule)
        self._row.addWidget(record, 2)
        self._between.hide()

    def minimumSizeHint(self) -> QSize:
        """It adapts to any width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three columns or two."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(NARROW)
        if narrow != self._right_rule.isHidden():
            (self._left if narrow else self._row).addWidget(self._record, 2)
            self._between.setVisible(narrow)
            self._right_rule.setVisible(not narrow)
