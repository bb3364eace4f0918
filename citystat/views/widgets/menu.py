"""A menu under the button that was pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget


def menu_under(owner: QWidget, acts: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Offer `acts` under the button that was pressed; under the mouse where it was no button."""
    pressed = QApplication.focusWidget()
    under = isinstance(pressed, QPushButton)
    menu_at(
        owner, pressed.mapToGlobal(pressed.rect().bottomLeft()) if under and pressed else owner.cursor().pos(), acts
    )


def menu_at(owner: QWidget, place: QPoint, acts: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Offer `acts` at a place of the screen."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, act in acts:
        menu.addAction(words).triggered.connect(lambda *_, a=act: a())
    menu.popup(place)


class TickMenu(QMenu):
    """Several of its lines are ticked before it closes: by mouse, Enter or Space; Esc or a click beside it ends."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A tick leaves the menu open."""
        if not self._ticked():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As the mouse does."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) or not self._ticked():
            super().keyPressEvent(event)

    def _ticked(self) -> bool:
        action = self.activeAction()
        if action is None or not action.isCheckable() or action.menu() is not None:
            return False
        action.trigger()
        return True
