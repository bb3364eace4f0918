"""Two parts of a page side by side; one under the other where the letters leave no room for both."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from citystat.views.shell.theme import current as theme

Way = QBoxLayout.Direction
ANY = 16777215  # pixels: as wide as it likes (QWIDGETSIZE_MAX)


class Beside(QWidget):
    """shares: of the width, left and right · gap: pixels between them · narrow: pixels (at 100 %) under which they stack."""

    def __init__(
        self, left: QLayout, right: QLayout, *, shares: tuple[int, int] = (5, 4), gap: int = 52, narrow: int = 720
    ) -> None:
        super().__init__()
        self._gap, self._narrow, self._shares = round(theme().px(gap)), round(theme().px(narrow)), shares
        self._both = QBoxLayout(Way.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._parts = (QWidget(), QWidget())
        for part, layout in zip(self._parts, (left, right), strict=True):
            layout.setContentsMargins(0, 0, 0, 0)
            part.setLayout(layout)
            self._both.addWidget(part)
        self._arrange(Way.LeftToRight)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider part: the page may become narrow enough to stack them."""
        width = max(part.minimumSizeHint().width() for part in self._parts)
        return QSize(width, self._both.totalMinimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side or stacked."""
        super().resizeEvent(event)
        way = Way.TopToBottom if self.width() < self._narrow else Way.LeftToRight
        if way != self._both.direction():
            self._arrange(way)
            self.updateGeometry()

    def _arrange(self, way: QBoxLayout.Direction) -> None:
        wide = way == Way.LeftToRight
        self._both.setDirection(way)
        self._both.setSpacing(self._gap if wide else min(self._gap, 24))
        for part, share in zip(self._parts, self._shares, strict=True):
            self._both.setStretchFactor(part, share if wide else 0)


def fold(both: QBoxLayout, side: QWidget, *, narrow: bool, width: float) -> None:
    """A column of fixed width (pixels at 100 %) beside the rest of the page; below it, as wide as that, where it is narrow."""
    both.setDirection(Way.TopToBottom if narrow else Way.LeftToRight)
    side.setMinimumWidth(0 if narrow else round(theme().px(width)))
    side.setMaximumWidth(ANY if narrow else round(theme().px(width)))
