"""Quiet line icons (Phosphor, by qtawesome) in the theme's colours; read after the first paint, so that no start waits for them.

Whoever wants one says put(widget, name); until the family is read its room is kept empty, so nothing moves when it comes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid

from citystat.views.shell.theme import current as theme

FAMILY = ("ph", "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json")
SIDE = 16  # pixels at 100 %

_family: list[Any] = []  # the one IconicFont, once it is read
_waiting: list[tuple[QAbstractButton | QAction, str, str]] = []


def read() -> type:
    """The slow half, for a thread: import qtawesome."""
    from qtawesome.iconic_font import IconicFont

    return IconicFont  # type: ignore[no-any-return]


def ready(kind: type) -> None:
    """The quick half, in the GUI thread: load the family, and put the icons that were asked for meanwhile."""
    if not _family:
        _family.append(kind(FAMILY))
    waiting = _waiting.copy()
    _waiting.clear()
    for on, name, token in waiting:
        if isValid(on):
            on.setIcon(icon(name, token))


def put(on: QAbstractButton | QAction, name: str, token: str = "soft") -> None:
    """Give a button or menu entry the icon `name`, in the colour of `token`; a checked button shows it in the accent."""
    if isinstance(on, QAbstractButton):
        side = round(theme().px(SIDE))
        on.setIconSize(QSize(side, side))
    if not _family:
        _waiting.append((on, name, token))
    on.setIcon(icon(name, token))


def icon(name: str, token: str = "soft") -> QIcon:
    """The icon `name`; an empty one of its size until the family is read."""
    palette = theme().palette
    if not _family:
        return _room(round(theme().px(SIDE)))
    return _drawn(name, getattr(palette, token), palette.accent, palette.faint)


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, chosen: str, disabled: str) -> QIcon:
    made: QIcon = _family[0].icon(f"ph.{name}", color=colour, color_on=chosen, color_disabled=disabled)
    return made


@lru_cache(maxsize=8)
def _room(side: int) -> QIcon:
    empty = QPixmap(side, side)
    empty.fill("transparent")
    return QIcon(empty)
