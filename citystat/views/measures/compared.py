"""Compared with whom: own districts, other cities and standards, with how sure each figure is."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.measures import peers
from citystat.measures.compared import Compared, Unit, compared, interval_words, notes, sentence
from citystat.measures.compared_picture import dots, funnel_plot
from citystat.measures.peers import PeerFigure
from citystat.measures.series import Definition, definition, dimensions
from citystat.numbers import number, quantity
from citystat.texts import tr
from citystat.views.chart.compared import DotsView, FunnelView
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

KIND_WORDS = {"city": "another city", "standard": "a standard"}


class ComparedPage(Page):
    """Opens on other cities where there are any, else on the first breakdown."""

    def __init__(self, city: City, measure: int | str, today: date | None = None) -> None:
        super().__init__()
        self._city, self._key, self._today = city, measure, today or date.today()
        self._found: Compared | None = None
        with city.read() as read:
            self._measure = definition(read, measure)
            known = dimensions(read, self._measure)
            self._peers = peers.figures(read, self._measure.id)
        offers = [(tr("Other cities and standards"), ""), *((tr("By {breakdown}", breakdown=d), d) for d in known)]
        self.against = choice(tr("Compared with"), offers, "" if self._peers or not known else known[0])
        self.against.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.against.currentIndexChanged.connect(lambda _: self.refresh())
        self.dots, self.funnel = DotsView(), FunnelView()
        self.words = label("", "soft", wrap=True)
        self.table = Table(_columns(self._measure), tr("Those that are compared"))
        self.table.opened.connect(self._opened)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        asked, inside = QHBoxLayout(), QVBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(label(tr("Compared with"), "soft"))
        asked.addWidget(self.against)
        asked.addStretch(1)
        inside.setSpacing(12)
        inside.addLayout(asked)
        for part in (self.dots, self.funnel, self.words, self.table):
            inside.addWidget(part)
        self.body.addLayout(inside)
        self.body.addStretch(1)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("The measure"), lambda: self.go.emit(f"measure:{self._key}"), ""),
            (tr("Figures of others…"), self._figures_menu, "menu"),
            (tr("Add a figure…"), self.add, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(f"measure:{self._measure.id}", "benchmark", "peer", "city_settings"):
            return
        with self._city.read() as read:
            self._measure = m = definition(read, self._measure.id)
            self._key, self._peers = m.id, peers.figures(read, m.id)
            self.title = " › ".join((tr("Measures"), m.code, tr("Compared")))
            try:
                self._found, refused = compared(read, m, self.against.currentData()), ""
            except CityStatError as error:
                self._found, refused = None, f"{error}."
        self._show(refused)

    def _show(self, refused: str) -> None:
        found, m = self._found, self._measure
        for part in (self.dots, self.table):
            part.setVisible(found is not None)
        self.funnel.setVisible(found is not None and found.limits is not None)
        if found is None:
            self.head(tr("Nobody to compare with yet"), m.called)
            self.words.setText(refused)
            return
        self.head(sentence(found), m.called)
        self.dots.show_dots(dots(found))
        if found.limits is not None:
            self.funnel.show_funnel(funnel_plot(found, found.limits))
        self.words.setText(" ".join(notes(found)))
        self.table.set_rows([*found.units, *found.standards])
        self.table.fit_figures()
        self.table.fit_rows()

    def add(self) -> None:
        """A figure of another city, or a standard."""
        PeerDialog(self._city, self._measure, self).open()

    def _figures_menu(self) -> None:
        """Each figure that is kept: changed, or taken away."""
        acts = [(f"{f.peer}, {f.period.year}", partial(self._change, f)) for f in self._peers]
        menu_under(self, acts or [(tr("None is kept yet: add one"), self.add)])

    def _opened(self, unit: Unit) -> None:
        figure = next((f for f in self._peers if f.peer == unit.name), None)
        if figure is not None:
            self._change(figure)

    def _change(self, figure: PeerFigure) -> None:
        PeerDialog(self._city, self._measure, self, figure).open()


class PeerDialog(FieldsDialog):
    """A figure of another city or a standard, with its source; numerator and denominator where they are known."""

    def __init__(self, city: City, measure: Definition, parent: QWidget, known: PeerFigure | None = None) -> None:
        super().__init__(tr("A figure to compare with"), parent, about=measure.called)
        self._city, self._measure, self._known = city, measure, known
        k = known or PeerFigure(0, "", "city", date(date.today().year - 1, 1, 1), None)
        self.peer, self.kind = line(k.peer), choice("", [(tr(KIND_WORDS[kind]), kind) for kind in peers.KINDS], k.kind)
        self.year, self.population = line(str(k.period.year)), line(_text(k.population))
        self.value, self.top, self.bottom = line(_text(k.value)), line(_text(k.numerator)), line(_text(k.denominator))
        self.source, self.note = line(k.source), line(k.note)
        for name, field in (
            (tr("Of"), self.peer), (tr("It is"), self.kind), (tr("Year"), self.year), (tr("Figure"), self.value),
            (tr("Numerator"), self.top), (tr("Denominator"), self.bottom), (tr("Population"), self.population),
            (tr("Source"), self.source), (tr("Not alike"), self.note),
        ):  # fmt: skip
            self.fields.field(name, field)
        self.note.setPlaceholderText(tr("what is counted otherwise there"))
        self.fields.first = self.peer

    def save(self) -> None:
        """Keep it."""
        year = self.year.text().strip()
        if not (year.isdecimal() and 1800 <= int(year) <= 2199):
            raise CityStatError(tr("“{text}” is no year", text=year), do=tr("Write it with four digits"))
        figure = PeerFigure(
            self._known.id if self._known else 0, self.peer.text(), self.kind.currentData(),
            periods.start_of(date(int(year), 12, 31), "year", self._measure.year_start), _number(self.value), _number(self.top),
            _number(self.bottom), _number(self.population), self.source.text(), self.note.text(),
        )  # fmt: skip
        peers.save(self._city, self._measure.id, figure, multiplier=self._measure.multiplier)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _number(field: Any) -> float | None:
    text = field.text().strip().replace(",", "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise CityStatError(
            tr("“{text}” is not a number", text=text), do=tr("Correct it, or empty the field")
        ) from error


def _columns(m: Definition) -> list[Column]:
    return [
        Column(tr("Name"), lambda u: u.name, width=180, bold=True, tip=lambda u: u.name),
        Column(tr("Figure"), lambda u: quantity(u.value, m.unit, m.decimals), right=True, key=lambda u: u.value, width=100),
        Column(tr("95 % interval"), lambda u: interval_words(m, u), right=True, key=lambda u: u.low or 0, width=140),
        Column(tr("Stands out"), lambda u: {"above": tr("▲ above the others"), "below": tr("▼ below the others")}.get(u.stands_out, ""), width=150),
        Column(tr("Period"), lambda u: u.when, width=170, spare=2),
        Column(tr("Population"), lambda u: number(u.population) if u.population else "", right=True, key=lambda u: u.population or 0, width=100, spare=3),
        Column(tr("Source"), lambda u: u.source, colour=lambda _: "soft", tip=lambda u: u.source, spare=1),
    ]  # fmt: skip
