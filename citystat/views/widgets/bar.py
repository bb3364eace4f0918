"""A line of controls across the window that adapts to any width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget


class Bar(QFrame):
    """Whoever builds on it says in fit() what goes first where there is no room for everything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")

    def fit(self) -> None:
        """Show everything, then leave out one thing after the other while too_wide()."""
        raise NotImplementedError

    def too_wide(self, inner: Sequence[QLayout] = ()) -> bool:
        """Whether what is shown wants more than the width. inner: layouts inside the bar's own."""
        for layout in (*inner, self.layout()):
            layout.invalidate()
        return self.layout().sizeHint().width() > self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())
