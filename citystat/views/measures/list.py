"""All measures: search, sparkline, last value, target, status."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit

from citystat.charts.chart import Chart
from citystat.city import City, Touched
from citystat.measures.inventory import write_inventory
from citystat.measures.latest import Latest
from citystat.measures.picture import chart_of_series
from citystat.measures.series import definitions
from citystat.measures.standing import Standing, tally
from citystat.numbers import begin_in_words, in_words, quantity, short, span
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.painter import paint_small
from citystat.views.judging import Judging
from citystat.views.measures.define import MeasureDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import MEETS, SHAPES
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

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
        self._judging = Judging(
            self, city, part=self._judged, done=self._sum_up, beside=lambda found: [_small(s) for s in found]
        )
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
        with self._city.read() as read:
            rows = self._judging.ask(read, definitions(read))
        if not self._judging.going_on:
            self._sparks.clear()
            self._put(rows)
            self._sum_up()
            return
        self._put(rows)
        if not any(isinstance(row, Standing) for row in rows):
            self.head(tr("Measures"), tr("Looking at {n} measures…", n=len(rows)))

    def _judged(self, found: list[Standing], charts: list[Chart]) -> None:
        """Some more are judged: they take their places, nothing else moves."""
        now = {s.measure.id: s for s in found}
        self._sparks |= dict(zip(now, charts, strict=True))
        self._rows = [now.get(r.measure.id, r) for r in self._rows]
        self.table.model_.change_rows({i: r for i, r in enumerate(self._rows) if r.measure.id in now})

    def _put(self, rows: list[Standing | Latest]) -> None:
        """These rows, before or after they are judged."""
        self._rows = rows
        self.table.set_rows(rows)
        self._fill_departments(rows)
        self._narrow()

    def _sum_up(self) -> None:
        """How many moved, and how many did as they always do."""
        n, count = len(self._rows), tally(self._rows)
        if n:
            told = count.neither if count.better or count.worse else 0
            self.head(_moved(count.better, count.worse, count.neither), _others(count.same, told, n))
        else:
            self.head(tr("No measures yet"), tr("Bring in a file, and its measures stand here."))

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
                tr("Code"),
                lambda s: s.measure.code,
                width=84,
                spare=3,
                tip=lambda s: s.measure.code,
                colour=lambda _: "faint",
            ),
            Column(tr("Measure"), lambda s: s.measure.name, bold=True, tip=lambda s: s.headline),
            Column(tr("Owner"), lambda s: s.measure.owner, width=112, spare=8, colour=lambda _: "soft"),
            Column("", lambda s: "", width=104, spare=6, draw=self._spark),
            Column(
                tr("Last value"),
                lambda s: short(s.last, s.measure.unit, s.measure.decimals),
                right=True,
                key=lambda s: s.last,
                tip=lambda s: quantity(s.last, s.measure.unit, s.measure.decimals),
                width=96,
            ),
            Column(
                tr("Period"),
                lambda s: s.last_period,
                width=84,
                spare=7,
                key=lambda s: s.period,
                colour=lambda _: "soft",
            ),
            Column(
                tr("Target"),
                lambda s: span(s.target, s.upper, short, s.measure.unit, s.measure.decimals),
                right=True,
                key=lambda s: s.target,
                spare=5,
                tip=lambda s: span(s.target, s.upper, quantity, s.measure.unit, s.measure.decimals),
                width=92,
                colour=lambda _: "soft",
            ),
            Column(tr("Status"), status, tip=status_tip, width=152, spare=4, colour=lambda _: "soft"),
            Column(
                tr("Signal"),
                _signal,
                width=184,
                spare=1,
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


def status(s: Standing | Latest) -> str:
    """Where the newest final value lies beside its target, and whether that is as wanted: "✕ Above target".

    While the last value is preliminary, the status says which period it speaks of: "✕ Above target, Sep".
    """
    if not s.place:
        return ""
    when, _, year = s.judged_period.rpartition(" ")
    when = when if when and s.last_period.endswith(year) else s.judged_period
    return MEETS.get(s.meets, "") + s.place + (f", {when}" if s.judged_period != s.last_period else "")


def status_tip(s: Standing | Latest) -> str:
    """Which period the status speaks of, and why nothing is said of good or bad."""
    if not s.place:
        return ""
    words = f"{MEETS.get(s.meets, '')}{s.place}, {s.judged_period}"
    return f"{words}. {on_the_edge()}" if s.meets == "on the edge" else words


def on_the_edge() -> str:
    """What is said where neither "meets" nor "misses" can be."""
    return tr("The target lies within the process limits: chance decides on which side a value falls")


def _signal(s: Standing | Latest) -> str:
    return f"{SHAPES[s.signal]} {s.words}" if s.signal in SHAPES else s.words


def _small(s: Standing) -> Chart:
    """The chart in a row, of the newest periods."""
    periods = s.series.periods
    return chart_of_series(s.series, s.judgement, as_of=None, since=periods[-SHOWN] if len(periods) > SHOWN else None)


def _moved(better: int, worse: int, neither: int = 0) -> str:
    """ "Five got better, none got worse". neither: moved, and nobody said which direction is better."""
    if not better and not worse and neither:
        return plural(
            neither, "{count} moved, and nobody said which direction is better for it",
            "{count} moved, and nobody said which direction is better", count=begin_in_words(neither),
        )  # fmt: skip
    if not better and not worse:
        return tr("None got better, none got worse")
    up, down = (in_words(n) if n else tr("none") for n in (better, worse))
    said = tr("{better} got better, {worse} got worse", better=up, worse=down)
    return said[:1].upper() + said[1:]


def _others(same: int, neither: int, every: int) -> str:
    """What became of those that got neither better nor worse."""
    words = [
        tr("{same} of {all} moved as they always do", same=f"{same:,}", all=f"{every:,}") if same
        else plural(every, "{some} measure", "{some} measures", some=f"{every:,}")
    ]  # fmt: skip
    if neither:
        words.append(tr("{n} changed without being better or worse", n=f"{neither:,}"))
    return ", ".join(words)
