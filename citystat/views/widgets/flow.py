"""Small widgets in as many rows as the width asks for."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from citystat.views.shell.theme import current as theme


class Flow(QWidget):
    """Rows of widgets; never wider than its place, as high as its rows."""

    def __init__(self, parent: QWidget | None = None, *, gap: float = 8) -> None:
        super().__init__(parent)
        self._gap = round(theme().px(gap))
        self._parts: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._least = round(theme().px(24))
        self.setFixedHeight(self._least)

    def put(self, parts: list[QWidget], *, still: bool = False) -> None:
        """Show these widgets in place of those before; still: without becoming lower, so that nothing around it moves."""
        self._least = self.height() if still else round(theme().px(24))
        for part in self._parts:
            part.setParent(None)
            part.deleteLater()
        self._parts = parts
        for part in parts:
            part.setParent(self)
            part.show()
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows at another width."""
        self.arrange()

    def arrange(self) -> None:
        """Anew, where a part was shown or hidden."""
        x = y = high = 0
        for part in self._parts:
            if part.isHidden():
                continue
            hint = part.sizeHint()
            if x and x + hint.width() > self.width():
                x, y, high = 0, y + high + 4, 0
            part.setGeometry(QRect(x, y, min(hint.width(), self.width()), hint.height()))
            x, high = x + hint.width() + self._gap, max(high, hint.height())
        self.setFixedHeight(max(y + high, self._least))
