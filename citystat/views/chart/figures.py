"""A chart's figures as a table, in the place of the picture."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat.charts.chart import Chart
from citystat.charts.table import table_of
from citystat.views.widgets.page import clear
from citystat.views.widgets.table import Column, Table

WIDE = 112  # pixels of a column at 100 %


class Figures(QWidget):
    """As high as its rows: the page scrolls as one."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Table | None = None
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)

    def show_chart(self, chart: Chart) -> None:
        """What `chart` draws; newest first."""
        found = table_of(chart)
        columns = [_column(i, title) for i, title in enumerate(found.header)]
        clear(self._place)
        self.table = Table(columns, chart.headline, sortable=False)
        self._place.addWidget(self.table)
        self.table.set_rows(found.rows)
        self.table.fit_figures()
        self.table.fit_rows()


def _column(place: int, title: str) -> Column:
    return Column(title, lambda row: row[place], right=place > 0, width=WIDE, bold=place == 1, spare=max(0, place - 3))
