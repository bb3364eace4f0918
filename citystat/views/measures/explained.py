"""Under a chart, on demand: what it is, where its limits come from, and where they might begin anew."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.charts.chart import Chart
from citystat.measures.rebase import Suggestion
from citystat.texts import tr
from citystat.views.widgets.marks import button, label


class Explained(QWidget):
    """Signals: restart(suggestion) wants the limits to begin anew there; judge() wants the way of judging changed."""

    restart = Signal(object)
    judge = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._suggestion: Suggestion | None = None
        self.open_button = button("", self.toggle, kind="link")
        self.judge_button = button(tr("How it is judged…"), self.judge.emit, kind="link")
        self.words = label("", "soft", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offer, self.restart_button = label("", "soft", wrap=True), button(
            tr("Restart the limits…"), lambda: self.restart.emit(self._suggestion), kind="link"
        )  # fmt: skip
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.open_button)
        links.addWidget(self.judge_button)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(links)
        column.addWidget(self.words)
        column.addWidget(self.offer)
        column.addWidget(self.restart_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._open(False)

    def show_chart(self, chart: Chart, suggestion: Suggestion | None) -> None:
        """The sentences of `chart`; suggestion: where its limits might begin anew."""
        self._suggestion = suggestion
        self.words.setText("\n".join(chart.explained))
        self.open_button.setVisible(bool(chart.explained))
        self.offer.setText(f"◇ {suggestion.words}" if suggestion else "")
        for part in (self.offer, self.restart_button):
            part.setVisible(suggestion is not None)
        self._open(self._opened and bool(chart.explained))

    def toggle(self) -> None:
        """Show the explanation, or hide it again."""
        self._open(not self._opened)

    def _open(self, opened: bool) -> None:
        self._opened = opened
        self.words.setVisible(opened)
        self.judge_button.setVisible(opened)
        self.open_button.setText(tr("Hide the explanation") if opened else tr("Explain this chart"))
