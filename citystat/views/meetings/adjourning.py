"""Before the meeting ends: which promises are unfinished or were not read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from citystat.meetings.actions import ActionRow
from citystat.texts import plural, tr

MOST = 12  # that are named


def ask_about(unfinished: Sequence[ActionRow], then: Callable[[], None], parent: QWidget) -> None:
    """Name what is not finished; `then` where the person goes on all the same."""
    lines = [f"{a.code}  {a.text}: {_wants(a)}" for a in unfinished]
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Adjourn"))
    box.setText(plural(len(lines), "{n} promise is not finished", "{n} promises are not finished"))
    box.setInformativeText("\n".join(lines[:MOST]) + ("\n…" if len(lines) > MOST else ""))
    box.addButton(tr("Adjourn all the same"), QMessageBox.ButtonRole.AcceptRole)
    back = box.addButton(tr("Go on with the meeting"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(back)
    box.accepted.connect(then)
    box.open()


def _wants(action: ActionRow) -> str:
    """What a promise lacks before the meeting may end."""
    lacks = [tr("wants {what}", what=", ".join(action.unfinished))] if action.unfinished else []
    return " · ".join([*lacks, *([] if action.read_back else [tr("not read back")])])
