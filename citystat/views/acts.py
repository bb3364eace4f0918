"""An act at once: do it, say what was done and offer to take it back; or say why not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views.jobs import message_bar
from citystat.views.widgets.page import Page


def do(page: Page, act: Callable[[], object], words: str, take_back: Callable[[], object]) -> bool:
    """Do `act` on the page's city and tell it in `words`; False where it is refused, which is said."""
    try:
        act()
    except CityStatError as error:
        page.said.emit(str(error))
        return False
    told(page, words, take_back)
    return True


def told(owner: QWidget | None, words: str, take_back: Callable[[], object]) -> None:
    """What was done, in the message bar of the window that `owner` is in, with a way back."""
    bar = message_bar(owner) if owner is not None else None
    if bar is not None and words:
        bar.say(words, act=(tr("Take back"), take_back))
