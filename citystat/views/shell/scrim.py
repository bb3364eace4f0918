"""What lies over the window while a dialog waits before it, so that the eye is with the dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from citystat.views.shell.theme import current as theme


class Scrim(QWidget):
    """Comes and goes by itself: Qt tells a window when a dialog blocks it, and when it is free again."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Over the whole window while it is blocked."""
        kind = event.type()
        if kind == QEvent.Type.WindowBlocked:
            self.setGeometry(self.parentWidget().rect())
            self.raise_()
            self.show()
        elif kind == QEvent.Type.WindowUnblocked:
            self.hide()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self.parentWidget().rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """A shade that leaves the page readable."""
        shade = QColor("#000000" if theme().palette.dark else theme().palette.ink)
        shade.setAlphaF(0.5 if theme().palette.dark else 0.22)
        painter = QPainter(self)
        painter.fillRect(self.rect(), shade)
        painter.end()
