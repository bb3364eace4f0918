"""No city is open: why not, when one was asked for; the first steps; the cities opened lately."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace

Act = tuple[str, Callable[[], object]]


class Welcome(QWidget):
    """trouble: what kept the city that was asked for from opening, with the acts that may mend it."""

    def __init__(
        self,
        sample: Callable[[], object],
        acts: Sequence[Act],
        recent: Sequence[Path],
        opening: Callable[[Path], object],
        trouble: tuple[CityStatError, Sequence[Act]] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(64, 40, 64, 24)
        column.setSpacing(8)
        if trouble is not None:
            column.addWidget(_Trouble(*trouble))
        else:
            column.addWidget(
                EmptyPlace(
                    tr("Run your stat meetings from one file"),
                    tr(
                        "Open the sample city to look around, or begin your own: bring in a spreadsheet, see what changed, hold the meeting."
                    ),
                    (tr("Open the sample city"), sample),
                )
            )
        row = QHBoxLayout()
        for words, act in acts:
            row.addWidget(button(words, act))
        row.addStretch(1)
        column.addLayout(row)
        if recent:
            column.addSpacing(24)
            column.addWidget(label(tr("Opened lately"), "heading"))
        for path in recent:
            line = button(f"{path.stem}   {path.parent}", lambda p=path: opening(p), kind="link")
            column.addWidget(line, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)


class _Trouble(QWidget):
    """A refusal as a state of the window: what is the case, where, what to do, and the acts for it."""

    def __init__(self, error: CityStatError, acts: Sequence[Act]) -> None:
        super().__init__()
        self.setAccessibleName(str(error))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(8)
        column.addWidget(label(f"◆ {error.what}", "section", wrap=True))
        if error.where:
            column.addWidget(label(error.where, "faint", wrap=True))
        if error.do:
            column.addWidget(label(error.do + ".", "soft", wrap=True))
        row = QHBoxLayout()
        for at, (words, act) in enumerate(acts):
            row.addWidget(button(words, act, kind="" if at else "primary"))
        row.addStretch(1)
        column.addSpacing(8)
        column.addLayout(row)
