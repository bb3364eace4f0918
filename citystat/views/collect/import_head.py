"""The head of the import page: what is the case, what stands in the way, and the primary act, which never scrolls away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label, mark

NARROW = 640  # pixels of width below which the acts stand beneath the sentence
Act = Callable[[], object]


class ImportHead(QWidget):
    """told: the page's sentence and the line beneath it, which stand here."""

    def __init__(
        self, told: Sequence[QWidget], *, cancel: Act, ask: Act, bring_in: Act, again: Act, believe: Act,
        otherwise: tuple[str, Act],
    ) -> None:  # fmt: skip
        super().__init__()
        self.go_in = button("", bring_in, kind="primary", tip="Ctrl+Enter")
        self.other = button(tr("Another file…"), ask)
        self.why = label("", wrap=True)
        mark(self.why, "tone", "concern")
        self.again = button(tr("Read the file again"), again, kind="link")
        self.believe = button(tr("Take them in all the same…"), believe, kind="link")
        self.otherwise = button(*otherwise, kind="link")
        self.two_ways = False  # whether such a file can be taken the other way, too
        self.acts = QWidget()
        row = QHBoxLayout(self.acts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for made in (button(tr("Cancel"), cancel), self.other, self.go_in):
            row.addWidget(made)
        words = QVBoxLayout()
        words.setSpacing(8)
        for widget in (*told, self.why):
            words.addWidget(widget)
        for link in (self.again, self.believe, self.otherwise):
            words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(16)
        self._across.addLayout(words, 1)
        self._across.addWidget(self.acts, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the sentence, the acts stand beneath it."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(NARROW)
        self.other.setVisible(not narrow)
        self._across.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def offer(self, *, acts: bool, why: str = "", again: bool = False, believe: bool = False) -> None:
        """What can be done now; why: what stands in the way; again: reading it again may mend that; believe: a reason may."""
        self.acts.setVisible(acts)
        self.otherwise.setVisible(acts and self.two_ways)
        self.why.setText(f"◆ {why}" if why else "")
        self.why.setVisible(bool(why))
        self.again.setVisible(again)
        self.believe.setVisible(believe)

    def offer_values(self, values: int, ready: bool = True) -> None:
        """What the primary act brings in."""
        self.go_in.setText(counted_values(values, "Bring in {some} value", "Bring in {some} values"))
        self.go_in.setEnabled(ready and values > 0)


def counted_values(n: int, one: str, many: str) -> str:
    """A count with thousands separators in its sentence."""
    return plural(n, one, many, some=f"{n:,}")
