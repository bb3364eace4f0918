"""Two to six measures below each other on one time axis; a cursor runs through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from citystat.charts.chart import Chart
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.measures.series import Definition, definition
from citystat.measures.together import MOST, next_zoom, together
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart.figures import Figures
from citystat.views.chart.view import ChartView
from citystat.views.measures import as_picture
from citystat.views.shell.places import measures_together
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.flow import Flow
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.page import Page

EACH, AXIS = 168, 64  # pixels at 100 %: of a measure's panel, of the axis under all of them
KEYS = (
    ("M", "another measure below the others"),
    ("T", "a table in place of the chart, or the chart again"),
    ("Z", "the last twelve periods, all, the usual"),
)


class TogetherPage(Page):
    """Shows measures by their ids ("12+15"), in this order; with one alone it asks for a second."""

    def __init__(self, city: City, ids: str | int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self._ids = [int(each) for each in str(ids).split("+") if each.isdecimal()]
        self._view: dict[str, str] = {}
        self._in_figures = False
        self._measures: list[Definition] = []
        self._work = jobs.Newest(self)
        self.shown: Chart | None = None
        self.chart, self.figures = ChartView(), Figures()
        self.named = Flow(self, gap=20)
        self._said = {name: label("", name, wrap=True) for name in ("soft", "faint")}
        for part in (self.named, self.chart, self.figures, *self._said.values()):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.title = " › ".join((tr("Measures"), tr("Below each other")))
        self.chart.hide()
        self.figures.hide()
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Zoom"), self.zoom, ""),
            (tr("Table"), self.turn_figures, ""),
            (tr("Picture"), self._picture_menu, "menu"),
            (tr("Add a measure…"), self.ask, "primary"),
        ]

    def keys(self) -> list[tuple[str, str]]:
        """What keys do here, for the list of all keys."""
        return [(tr(words), key) for key, words in KEYS]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; the chart comes from the background, in place of the one on view."""
        mine = (f"measure:{each}" for each in self._ids)
        if touched is not None and not touched.any(*mine, "city_settings"):
            return
        with self._city.read() as read:
            self._measures = [definition(read, each) for each in self._ids]
        if self.shown is None:
            self.head(tr("Which measures belong together?"), tr("Two to six, below each other on one time axis"))
        city, measures, today, view = self._city, self._measures, self._today, dict(self._view)

        def work(_progress: jobs.Progress) -> Chart:
            with city.read() as read:
                return together(read, measures, as_of=today, view=view)

        self._work.run(work, self._came, self._refused, tr("Drawing…"))

    def _came(self, chart: Chart) -> None:
        zoomed = self.shown is not None and len(self.shown.periods) != len(chart.periods)
        self.shown = chart
        self._show("")
        if zoomed:
            self.said.emit(plural(len(chart.periods), "{n} period on view", "{n} periods on view"))

    def _refused(self, error: CityStatError) -> None:
        self.shown = None
        self._show(f"{error}.")

    def begin(self) -> None:
        """One measure alone waits for another."""
        if len(self._ids) == 1:
            self.ask()

    def _show(self, refused: str) -> None:
        chart = self.shown
        self.named.put([self._name(m, alone=chart is None) for m in self._measures])
        self.chart.setVisible(chart is not None and not self._in_figures)
        self.figures.setVisible(chart is not None and self._in_figures)
        if chart is None:
            self.head(tr("Which measures belong together?"), tr("Two to six, below each other on one time axis"))
            self._say(refused, "")
            return
        self.head(chart.headline, chart.subject)
        self.chart.setFixedHeight(round(theme().px(EACH * len(chart.panels) + AXIS)))
        self.chart.set_chart(chart)
        if self._in_figures:
            self.figures.show_chart(chart)
        self._say(" ".join(filter(None, (chart.marked and f"{chart.marked}.", chart.caveat))), chart.source)

    def _say(self, soft: str, faint: str) -> None:
        for name, words in (("soft", soft), ("faint", faint)):
            self._said[name].setText(words)
            self._said[name].setVisible(bool(words))

    def _name(self, m: Definition, *, alone: bool) -> QWidget:
        """ "EC-01 ✕": the code leads to its page, the cross takes it away. alone: no panel says its name."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(button(m.code, lambda: self.go.emit(f"measure:{m.id}"), kind="link", tip=m.called))
        if alone:
            row.addWidget(label(m.name, "soft"))
        cross = button("✕", partial(self.drop, m.id), kind="link", tip=tr("Take away"))
        cross.setAccessibleName(f"{tr('Take away')}: {m.name}")
        row.addWidget(cross)
        return made

    ## Acts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key each."""
        acts = {Qt.Key.Key_M: self.ask, Qt.Key.Key_T: self.turn_figures, Qt.Key.Key_Z: self.zoom}
        act = acts.get(Qt.Key(event.key()))
        if act is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            act()

    def ask(self) -> None:
        """Any measure in a few letters."""
        from citystat.views.meetings.jump import JumpDialog  # the finder is the same everywhere

        if len(self._ids) >= MOST:
            self.said.emit(f"{tr('Six measures are as many as a picture holds')}. {tr('Take one away first')}.")
            return
        with self._city.read() as read:
            dialog = JumpDialog(read, self, title=tr("Add a measure"))
        dialog.chosen.connect(self.add)
        dialog.open()

    def add(self, code: str) -> None:
        """Below the others; what is there already stays where it is."""
        with self._city.read() as read:
            added = definition(read, code).id
        self._lead_to([*self._ids, *([added] if added not in self._ids else [])])

    def drop(self, measure_id: int) -> None:
        """Take a measure away."""
        self._lead_to([each for each in self._ids if each != measure_id])

    def _lead_to(self, ids: Sequence[int]) -> None:
        self.instead.emit(measures_together(ids) if ids else "measures")

    def zoom(self) -> None:
        """The usual periods → the last twelve → all."""
        self._view = next_zoom(self._view)
        self.refresh()

    def turn_figures(self) -> None:
        """Figures in place of the chart, or the chart again."""
        self._in_figures = not self._in_figures
        self._show("")

    def _picture_menu(self) -> None:
        if self.shown is None:
            self.said.emit(tr("There is no picture yet"))
        else:
            menu_under(self, as_picture.acts(self.shown, self, self.said.emit))
