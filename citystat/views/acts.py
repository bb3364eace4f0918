"""An act at once: do it, say what was done and offer to take it back; or say why not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from citystat.city.closing import ReasonWanted
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
    if owner is not None and bar is not None and words:
        bar.say(words, act=(tr("Take back"), lambda: _back(owner.window(), take_back, bar.say)))


def _back(window: QWidget, take_back: Callable[[], object], say: Callable[[str], object]) -> None:
    """Take back, or say why not; what needs a reason is asked for by the window's own undo."""
    try:
        take_back()
    except ReasonWanted:
        getattr(window, "undo", lambda: None)()
    except CityStatError as error:
        say(str(error))


def reasoned(
    owner: QWidget, act: Callable[[str], object], refused: Callable[[CityStatError], object], *, done: str
) -> None:
    """Do `act` without a reason; where figures of closed periods change, ask why and do it with the answer.

    done: what the button of the question says.

    Any other refusal is handed to `refused`, or said in the dialog that asks.
    """
    try:
        act("")
    except ReasonWanted as wanted:
        ask_why(owner, wanted, act, done)
    except CityStatError as error:
        refused(error)


def ask_why(owner: QWidget, wanted: ReasonWanted, act: Callable[[str], object], done: str) -> None:
    """Ask once why figures of closed periods change, and do `act` with the answer; done: what the button says."""
    from citystat.views.widgets.fields import ReasonDialog

    about = tr("{first} and others; your reason stays with them.", first=wanted.first) if wanted.n > 1 else wanted.first
    ReasonDialog(wanted.asks, act, owner, done=done, about=about).open()
