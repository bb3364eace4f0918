"""Before a meeting starts on another day than it was planned for: which day the record shall carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QMessageBox, QWidget

from citystat import periods
from citystat.texts import tr


def ask_day(
    planned: date,
    today: date,
    parent: QWidget,
    *,
    hold: Callable[[], None],
    keep: Callable[[], None],
    cancel: Callable[[], None],
) -> QMessageBox:
    """Ask, and do one of the three; Escape cancels."""
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Start meeting"))
    days = {"planned": periods.weekday_label(planned), "today": periods.weekday_label(today)}
    box.setText(tr("Planned for {planned}. Hold it today, {today}?", **days))
    box.setInformativeText(
        tr("Minutes, due dates and the action register carry the day on which it is held. Keep the planned date if you are catching up.")
    )  # fmt: skip
    here = box.addButton(tr("Hold it today"), QMessageBox.ButtonRole.AcceptRole)
    kept = box.addButton(tr("Keep the planned date"), QMessageBox.ButtonRole.ActionRole)
    back = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(here)
    box.setEscapeButton(back)
    acts = {here: hold, kept: keep, back: cancel}
    box.buttonClicked.connect(lambda pressed: acts[pressed]())
    box.open()
    return box


def ask_close(parent: QWidget, then: Callable[[], object]) -> QMessageBox:
    """The window is about to close while the meeting runs; `then` where the person closes it all the same."""
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Close"))
    box.setText(tr("The meeting is running. Close CityStat all the same?"))
    box.setInformativeText(
        tr("The room's window closes too. The record is kept, and the meeting can go on from where it is.")
    )
    box.addButton(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(tr("Go on with the meeting"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.accepted.connect(then)
    box.open()
    return box
