"""Quiet line icons (Phosphor, by qtawesome) in the theme's colours; read after the first paint, so that no start waits for them.

Whoever wants one says put(widget, name); until the family is read its room is kept empty, so nothing moves when it comes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication

from citystat.views.shell.theme import current as theme

FAMILY = ("ph", "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json")
SIDE = 16  # pixels at 100 %

_family: list[Any] = []  # the one IconicFont, once it is read


class _Live(QIconEngine):
    """Draws in the colours of the look in force: a change of look asks for no new icons. Empty until the family is read."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if _family:
            self._now().paint(painter, rect, Qt.AlignmentFlag.AlignCenter, mode, state)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if _family:
            return self._now().pixmap(size, mode, state)
        empty = QPixmap(size)
        empty.fill(Qt.GlobalColor.transparent)
        return empty

    def clone(self) -> QIconEngine:
        return _Live(self._name, self._token)

    def _now(self) -> QIcon:
        palette = theme().palette
        return _drawn(self._name, getattr(palette, self._token), palette.accent, palette.faint)


def read() -> type:
    """The slow half, for a thread: import qtawesome."""
    from qtawesome.iconic_font import IconicFont

    return IconicFont  # type: ignore[no-any-return]


def ready(kind: type) -> None:
    """The quick half, in the GUI thread: load the family; what is on the screen shows its icons."""
    if not _family:
        _family.append(kind(FAMILY))
    for window in QApplication.topLevelWidgets():
        window.update()


def put(on: QAbstractButton | QAction, name: str, token: str = "soft") -> None:
    """Give a button or menu entry the icon `name`, in the colour of `token`; a checked button shows it in the accent."""
    if isinstance(on, QAbstractButton):
        side = round(theme().px(SIDE))
        on.setIconSize(QSize(side, side))
    on.setIcon(icon(name, token))


def icon(name: str, token: str = "soft") -> QIcon:
    """The icon `name`."""
    return QIcon(_Live(name, token))


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, chosen: str, disabled: str) -> QIcon:
    made: QIcon = _family[0].icon(f"ph.{name}", color=colour, color_on=chosen, color_disabled=disabled)
    return made
