"""All measures: search, sparkline, last value, target, status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit

from citystat.charts.chart import Chart
from citystat.city import City, Touched
from citystat.errors import Cancelled, CityStatError
from citystat.measures.inventory import write_inventory
from citystat.measures.latest import Latest, latest
from citystat.measures.picture import chart_of_series
from citystat.measures.series import Definition, definitions
from citystat.measures.standing import MANY, Standing, standings_by_portions, standings_of
from citystat.numbers import in_words, quantity
from citystat.texts import tr
from citystat.views import jobs
from citystat.views.chart.painter import paint_small
from citystat.views.measures.define import MeasureDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import SHAPES
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

NARROW = ((1000, (2,)), (860, (3, 5, 6)))  # under so many pixels these columns give way to the names
SHOWN = 36  # periods of the chart in a row
ORDER = {"concern": 0, "improvement": 1, "neither": 2, "too few": 3, "common": 4, "": 5}


class MeasuresPage(Page):
    """The list of measures."""

    def __init__(self, city: City, department: str | int = "") -> None:
        super().__init__()
        self._city = city
        self._asked_for = str(department)  # the list begins with this department's
        self.title = tr("Measures")
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search by code, name, department or owner"))
        self._search.setAccessibleName(tr("Search measures"))
        self._search.textChanged.connect(lambda _: self._narrow())
        self._department = QComboBox()
        self._department.setAccessibleName(tr("Department"))
        self._department.currentIndexChanged.connect(lambda _: self._narrow())
        filters = QHBoxLayout()
        filters.addWidget(self._search, 1)
        filters.addWidget(self._department)
        self._sparks: dict[int, Chart] = {}
        self._rows: list[Standing | Latest] = []
        self._work: jobs.Progress | None = None
        self.table = Table(self._columns(), tr("Measures"), row_height=40)
        self.table.opened.connect(lambda s: self.go.emit(f"measure:{s.measure.code}"))
        self.table.clicked.connect(
            lambda i: i.column() == 1 and self.go.emit(f"measure:{self.table.current().measure.code}")
        )
        self._nothing = EmptyPlace(tr("No measure fits"), tr("Search for other words, or choose another department."))
        self._first = EmptyPlace(
            tr("No measures yet"),
            tr("Bring in a spreadsheet, and its measures stand here with their charts."),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )
        self.body.addLayout(filters)
        for part in (self.table, self._nothing, self._first):
            self.body.addWidget(part, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Inventory"), self._inventory, ""),
            (tr("Catalogue"), lambda: self.go.emit("catalogue"), ""),
            (tr("Bring in a file"), lambda: self.go.emit("import"), ""),
            (tr("New measure"), self._new, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any("measure", "observation", "target", "annotation"):
            return
        if self._work is not None:
            self._work.cancel()
            self._work = None
        with self._city.read() as read:
            measures = definitions(read)
            rows = standings_of(read, measures) if len(measures) < MANY else latest(read, measures)
        if len(measures) < MANY:
            self._show(rows)
            return
        judged = {s.measure.id: s for s in self._rows if isinstance(s, Standing)}
        self._put([_still(judged[r.measure.id], r) if r.measure.id in judged else r for r in rows])
        if not judged:
            self.head(tr("Measures"), tr("Looking at {n} measures…", n=len(measures)))
        self._work = jobs.run(
            self, partial(self._look, measures), lambda _: self._show(self._rows), part=self._judged, quiet=True,
            failed=self._not_judged,
        )  # fmt: skip

    def _look(self, measures: list[Definition], progress: jobs.Progress) -> None:
        with self._city.read() as read:
            standings_by_portions(read, measures, lambda found: progress.part([(s, _small(s)) for s in found]))

    def _judged(self, found: list[tuple[Standing, Chart]]) -> None:
        """Some more are judged: they take their places, nothing else moves."""
        now = {s.measure.id: s for s, _ in found}
        self._sparks |= {s.measure.id: chart for s, chart in found}
        self._rows = [now.get(r.measure.id, r) for r in self._rows]
        self.table.model_.change_rows({i: r for i, r in enumerate(self._rows) if r.measure.id in now})

    def _not_judged(self, error: CityStatError) -> None:
        if not isinstance(error, Cancelled):  # cancelled: a newer look is on its way
            self.said.emit(str(error))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the names have it."""
        super().resizeEvent(event)
        for width, columns in NARROW:
            for column in columns:
                self.table.setColumnHidden(column, self.width() < theme().px(width))

    def _put(self, rows: list[Standing | Latest]) -> None:
        """These rows, before or after they are judged."""
        self._rows = rows
        self.table.set_rows(rows)
        self._fill_departments(rows)
        self._narrow()

    def _show(self, rows: list[Standing | Latest]) -> None:
        if self._work is None:
            self._sparks.clear()
            self._put(rows)
        self._work = None
        better = sum(1 for s in rows if s.signal == "improvement")
        worse = sum(1 for s in rows if s.signal == "concern")
        same = sum(1 for s in rows if s.signal == "common")
        self.head(
            _moved(better, worse)
            if rows else tr("No measures yet"),
            tr("{same} of {all} moved as they always do", same=f"{same:,}", all=f"{len(rows):,}") if rows else tr("Bring in a file, and its measures stand here."),
        )  # fmt: skip

    def _fill_departments(self, rows: list[Standing | Latest]) -> None:
        chosen, self._asked_for = self._asked_for or self._department.currentText(), ""
        self._department.blockSignals(True)
        self._department.clear()
        self._department.addItems(
            [tr("All departments"), *sorted({s.measure.department for s in rows if s.measure.department})]
        )
        self._department.setCurrentText(chosen)
        self._department.blockSignals(False)

    def _narrow(self) -> None:
        words = self._search.text().lower().split()
        wanted = self._department.currentText() if self._department.currentIndex() > 0 else ""

        def fits(s: Standing | Latest) -> bool:
            m = s.measure
            text = f"{m.code} {m.name} {m.department} {m.owner}".lower()
            return all(w in text for w in words) and (not wanted or m.department == wanted)

        shown = self.table.keep(fits)
        self.table.setVisible(shown > 0)
        self._nothing.setVisible(shown == 0 and bool(self._rows))
        self._first.setVisible(not self._rows)

    def focus_search(self) -> None:
        """Ctrl+F."""
        self._search.setFocus()
        self._search.selectAll()

    def _inventory(self) -> None:
        """Every measure with its definition, to a file of the kind that its ending says."""
        kinds = tr("Word (*.docx);;Excel (*.xlsx);;JSON (*.json)")
        path = file_to_write(self, tr("Save the data inventory"), tr("Data inventory") + ".docx", kinds)
        if path is not None:
            self.write_inventory(path)

    def write_inventory(self, path: Path) -> None:
        """In the background; says where it is."""
        jobs.run(
            self,
            lambda _: write_inventory(self._city, path, today=date.today(), now=datetime.now()),
            lambda _: self.said.emit(tr("Saved {file}", file=path.name)),
            title=tr("Writing {file}", file=path.name),
        )

    def _new(self) -> None:
        MeasureDialog(self._city, None, self).open()

    def _columns(self) -> list[Column]:
        return [
            Column(
                tr("Code"), lambda s: s.measure.code, width=88, tip=lambda s: s.measure.code, colour=lambda _: "faint"
            ),
            Column(tr("Measure"), lambda s: s.measure.name, bold=True, tip=lambda s: s.headline),
            Column(tr("Owner"), lambda s: s.measure.owner, width=116, colour=lambda _: "soft"),
            Column("", lambda s: "", width=112, draw=self._spark),
            Column(
                tr("Last value"),
                lambda s: quantity(s.last, s.measure.unit, s.measure.decimals),
                right=True,
                key=lambda s: s.last,
                width=96,
            ),
            Column(
                tr("Period"),
                lambda s: s.last_period,
                width=84,
                key=lambda s: s.period,
                colour=lambda _: "soft",
            ),
            Column(
                tr("Target"),
                lambda s: quantity(s.target, s.measure.unit, s.measure.decimals) if s.target is not None else "",
                right=True,
                key=lambda s: s.target,
                width=84,
                colour=lambda _: "soft",
            ),
            Column(tr("Status"), lambda s: s.place, tip=lambda s: s.place, width=140, colour=lambda _: "soft"),
            Column(
                tr("Signal"),
                _signal,
                width=184,
                key=lambda s: ORDER[s.signal],
                colour=lambda s: s.signal if s.signal in SHAPES else "soft",
            ),
        ]

    def _spark(self, painter: QPainter, rect: Any, row: Standing | Latest) -> None:
        """Charts are described once a row and kept until the data changes."""
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme().palette.rule))
        if isinstance(row, Latest):
            return
        chart = self._sparks.get(row.measure.id) or self._sparks.setdefault(row.measure.id, _small(row))
        paint_small(painter, QRectF(rect).adjusted(8, 4, -8, -4), chart, theme().palette)


def _signal(s: Standing | Latest) -> str:
    return f"{SHAPES[s.signal]} {s.words}" if s.signal in SHAPES else s.words


def _still(before: Standing, now: Latest) -> Standing:
    """What was found before stands until it is judged anew; values and names are those of now."""
    return replace(
        before, measure=now.measure, last=now.last, period=now.period, last_period=now.last_period, target=now.target,
        place=now.place,
    )  # fmt: skip


def _small(s: Standing) -> Chart:
    """The chart in a row, of the newest periods."""
    periods = s.series.periods
    return chart_of_series(s.series, s.judgement, as_of=None, since=periods[-SHOWN] if len(periods) > SHOWN else None)


def _moved(better: int, worse: int) -> str:
    """ "Five got better, none got worse"."""
    if not better and not worse:
        return tr("None got better, none got worse")
    up, down = (in_words(n) if n else tr("none") for n in (better, worse))
    said = tr("{better} got better, {worse} got worse", better=up, worse=down)
    return said[:1].upper() + said[1:]
