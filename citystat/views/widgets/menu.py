"""A menu under the button that was pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget


def menu_under(owner: QWidget, acts: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Offer `acts` under the button that was pressed; under the mouse where it was no button."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, act in acts:
        menu.addAction(words).triggered.connect(lambda *_, a=act: a())
    pressed = QApplication.focusWidget()
    under = isinstance(pressed, QPushButton)
    menu.popup(pressed.mapToGlobal(pressed.rect().bottomLeft()) if under and pressed else owner.cursor().pos())
