"""What drives a measure: the change, the part behind it, and the parts through time."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from citystat.charts.chart import Chart
from citystat.charts.headline import PERIOD_WORDS
from citystat.charts.waterfall import cut_words, waterfall
from citystat.city import City, Touched
from citystat.city.observations import cell_label
from citystat.errors import CityStatError
from citystat.measures.drivers import (
    Compare,
    Driver,
    Drivers,
    comparisons,
    drivers,
    headline,
    percent,
    remarks,
)
from citystat.measures.judge import judged
from citystat.measures.picture import chart_of_series, default_since
from citystat.measures.series import dimensions
from citystat.measures.standing import standing
from citystat.numbers import difference, quantity
from citystat.records.which import has_records
from citystat.texts import plural, tr
from citystat.views.chart.painter import paint_small
from citystat.views.chart.waterfall import WaterfallView
from citystat.views.shell.places import records_behind
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import choice
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table


class DriversPage(Page):
    """Opens with the measure's first breakdown, its newest period against the one a year before."""

    def __init__(self, city: City, measure: int | str, today: date | None = None) -> None:
        super().__init__()
        self._city, self._key, self._today = city, measure, today or date.today()
        self._found: Drivers | None = None
        self._small: dict[str, Chart] = {}
        with city.read() as read:
            m = standing(read, measure).measure
            known = dimensions(read, m)
        self._frequency = m.frequency
        self.by = choice(tr("By"), [(d, d) for d in known])
        self.compare = choice(tr("Compared"), [(self._said(c), c) for c in comparisons(m.frequency)])
        self.picture = WaterfallView()
        self.words = label("", "soft", wrap=True)
        self.table = Table(self._columns(), tr("Parts, by what they add to the change"))
        self.table.opened.connect(self.open_part)
        self._lay_out()
        for box in (self.by, self.compare):
            box.currentIndexChanged.connect(lambda _: self.refresh())
        self.refresh()

    def _lay_out(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(8)
        for words, box in ((tr("By"), self.by), (tr("Compared"), self.compare)):
            asked.addWidget(label(words, "soft"))
            box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            asked.addWidget(box)
            asked.addSpacing(16)
        asked.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(12)
        inside.addLayout(asked)
        inside.addWidget(self.picture)
        inside.addWidget(self.words)
        inside.addSpacing(8)
        inside.addWidget(self.table)
        self.body.addLayout(inside)
        self.body.addStretch(1)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("The measure"), lambda: self.go.emit(f"measure:{self._key}"), "")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(f"measure:{self._key}", "city_settings"):
            return
        by, compare = self.by.currentData(), self.compare.currentData()
        with self._city.read() as read:
            now = standing(read, self._key)
            m = now.measure
            self._key, self._has_records = m.id, has_records(read, m.code)
            self.title = " › ".join((tr("Measures"), m.code, tr("What drives it")))
            try:
                self._found = drivers(read, m, by, compare) if by else None
                refused = "" if by else tr("This measure has no breakdown")
            except CityStatError as error:
                self._found, refused = None, f"{error}."
        self._small = {}
        self._show(now.signal, refused, m.called)

    def _show(self, signal: str, refused: str, called: str) -> None:
        found = self._found
        for part in (self.picture, self.table):
            part.setVisible(found is not None)
        self.words.setText(refused)
        if found is None:
            self.head(tr("What drives it cannot be said"), called)
            return
        self.head(headline(found), f"{called} · {found.before_label} → {found.after_label}")
        m = found.measure
        beyond = sum(d.contribution for d in found.drivers[10:])
        shown = waterfall(
            headline(found),
            (found.before_label, found.before, quantity(found.before, m.unit, m.decimals)),
            (found.after_label, found.after, quantity(found.after, m.unit, m.decimals)),
            [(d.name, d.contribution, difference(d.contribution, m.unit, m.decimals)) for d in found.drivers],
            direction=m.direction, rest=difference(beyond, m.unit, m.decimals),
        )  # fmt: skip
        self.picture.show_waterfall(shown)
        self.words.setText(" ".join([*remarks(found, signal), *([f"{cut_words(shown)}."] if cut_words(shown) else [])]))
        for column in (5, 6):
            self.table.setColumnHidden(column, found.rate is None)
        self.table.set_rows(list(found.drivers))
        self.table.fit_figures()
        self.table.fit_rows()

    def open_part(self, part: Driver) -> None:
        """The records behind the part where they are kept; the measure otherwise."""
        if self._found is None:
            return
        cell = cell_label(((self._found.by, part.name),))
        where = records_behind(self._key, self._found.newest, cell) if self._has_records else f"measure:{self._key}"
        self.go.emit(where)

    def _said(self, c: Compare) -> str:
        """ "the newest month with the one a year before"."""
        one, many = (tr(w) for w in PERIOD_WORDS[self._frequency])
        if c.n == 1:
            return tr("newest {period}, and the one before", period=one) if c.back == 1 else tr("newest {period}, and a year before", period=one)  # fmt: skip
        return plural(
            c.n, "newest {n} {periods}, and a year before", "newest {n} {periods}, and a year before", periods=many
        )

    def _columns(self) -> list[Column]:
        return [
            Column(tr("Part"), lambda d: d.name, width=180, tip=lambda d: d.name),
            Column(tr("Before"), lambda d: self._value(d.before), right=True, key=lambda d: d.before or 0, width=100),
            Column(tr("After"), lambda d: self._value(d.after), right=True, key=lambda d: d.after or 0, width=100),
            Column(tr("Adds"), lambda d: self._change(d.contribution), right=True, key=lambda d: d.contribution, width=112, bold=True),
            Column(tr("Of the change"), lambda d: "–" if d.share is None else percent(d.share), right=True, key=lambda d: d.share or 0, width=112),
            Column(tr("By rate"), lambda d: self._change(d.rate), right=True, key=lambda d: d.rate or 0, width=96),
            Column(tr("By mix"), lambda d: self._change(d.mix), right=True, key=lambda d: d.mix or 0, width=96),
            Column(tr("Moved"), lambda d: tr("against the whole") if d.against else "", width=124, spare=3, colour=lambda _: "soft"),
            Column(tr("Through time"), lambda d: "", draw=self._spark, spare=1),
        ]  # fmt: skip

    def _value(self, value: float | None) -> str:
        m = self._found.measure if self._found else None
        return quantity(value, m.unit, m.decimals) if m else ""

    def _change(self, value: float | None) -> str:
        m = self._found.measure if self._found else None
        return "" if value is None or m is None else difference(value, m.unit, m.decimals)

    def _spark(self, painter: QPainter, rect: Any, part: Driver) -> None:
        """Described once a row."""
        if part.name not in self._small:
            s = part.series
            self._small[part.name] = chart_of_series(s, judged(s), as_of=None, since=default_since(s))
        paint_small(painter, QRectF(rect).adjusted(8, 4, -8, -4), self._small[part.name], theme().palette)
