"""The chart on a measure's page with the row of looks above it and the words beneath: painted, in figures, or panned by hand."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat.charts.chart import Chart
from citystat.texts import tr
from citystat.views.chart.figures import Figures
from citystat.views.chart.view import ChartView
from citystat.views.measures.looks import Looks
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import label

HIGH = 400  # pixels of the chart at 100 %


class ChartPlace(QWidget):
    """Signals: said(words) a passing message."""

    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.looks, self.chart, self.figures = Looks(), ChartView(), Figures()
        self.chart.setFixedHeight(round(theme().px(HIGH)))
        self.outlook = label("", "text", wrap=True)
        self.marked, self.caveat = label("", "soft", wrap=True), label("", "soft", wrap=True)
        self.source = label("", "faint", wrap=True)
        self.interactive: Any = None
        self._picture = QVBoxLayout()
        for part in (self.chart, self.figures):
            self._picture.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.looks)
        column.addLayout(self._picture)
        for words in (self.outlook, self.marked, self.caveat, self.source):
            column.addWidget(words)

    def show_chart(self, chart: Chart, *, in_figures: bool, apart: bool) -> None:
        """in_figures: without the picture; apart: its figures are not those of the table beneath, and stand here."""
        self.chart.set_chart(chart)
        self.chart.setVisible(not in_figures and self.interactive is None)
        self.figures.setVisible(in_figures and apart)
        if in_figures and apart:
            self.figures.show_chart(chart)
        if self.interactive is not None:
            self.interactive.set_chart(chart)
        said = (self.outlook, " ".join(chart.outlook)), (self.marked, chart.marked), (self.caveat, chart.caveat)
        for part, words in said:
            part.setText(words)
            part.setVisible(bool(words))
        self.source.setText(chart.source)

    def explore(self, chart: Chart) -> None:
        """Pan and zoom by hand, and back to the painted chart."""
        if self.interactive is not None:
            self.interactive.deleteLater()
            self.interactive = None
            self.chart.show()
            self.chart.setFocus()
            return
        from citystat.views.chart.interactive import InteractiveChart  # pyqtgraph is slow to import

        self.interactive = InteractiveChart()
        self.interactive.setFixedHeight(self.chart.height())
        self.interactive.left.connect(lambda: self.explore(chart))
        self.interactive.set_chart(chart)
        self.chart.hide()
        self._picture.addWidget(self.interactive)
        self.interactive.setFocus()
        self.said.emit(tr("Drag or arrows move · wheel or + − zooms · Home shows all · Esc goes back"))
