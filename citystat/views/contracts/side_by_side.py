"""Contractors who do the same work, side by side: a column each, the same months, charts on one scale."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.contracts.compare import Compared, Cost, Side, SideBySide, side_by_side
from citystat.contracts.pay import share_words
from citystat.contracts.register import money
from citystat.contracts.results import Tally, tally_words
from citystat.errors import CityStatError
from citystat.numbers import unit_phrase
from citystat.texts import tr
from citystat.views.contracts.list import TOUCHES
from citystat.views.contracts.parts import name_link, pairs, small_charts
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import Chip, Rule, label
from citystat.views.widgets.page import Page, clear

NAMES, LEAST, HIGH = 216, 264, 116  # pixels at 100 % of the measures' column, a contractor's, and a chart's height


class SideBySidePage(Page):
    """The contractors of one service."""

    def __init__(self, city: City, service: str | int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._service, self._today = city, str(service), today or date.today()
        self._inside = QVBoxLayout()
        self._inside.setSpacing(12)
        self.body.addLayout(self._inside)
        self.body.addStretch(1)
        self.refresh()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(*TOUCHES):
            return
        try:
            with self._city.read() as read:
                found = side_by_side(read, self._service, today=self._today)
        except CityStatError:
            if touched is None:
                raise
            self.go.emit("contracts")
            return
        self.title = " › ".join((tr("Contracts"), found.service))
        self.head(_sentence(found), _under(found))
        self._show(found)

    def _show(self, found: SideBySide) -> None:
        clear(self._inside)
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, round(theme().px(NAMES)))
        for at, c in enumerate(found.contracts, 1):
            grid.setColumnStretch(at, 1)
            grid.setColumnMinimumWidth(at, round(theme().px(LEAST)))
            head = QVBoxLayout()
            head.setSpacing(0)
            link = name_link(c.vendor, lambda key=c.id: self.go.emit(f"contract:{key}"))
            link.setAccessibleName(f"{c.vendor}, {c.number}")
            head.addWidget(link)
            head.addWidget(label(f"{c.title} · {c.number}", "soft", wrap=True))
            grid.addLayout(head, 0, at, Qt.AlignmentFlag.AlignTop)
        sides = [(compared, side) for compared in found.compared for side in compared.sides]
        charts = small_charts([s.chart for _, s in sides], found.last or self._today, high=HIGH)
        self._charts = {(c.name, s.contract.id): chart for (c, s), chart in zip(sides, charts, strict=True)}
        row = 1
        for compared in found.compared:
            row = self._measure(grid, row, compared, found)
        self._costs(grid, row, found)
        self._inside.addLayout(grid)
        self._alone(found)

    def _measure(self, grid: QGridLayout, row: int, compared: Compared, found: SideBySide) -> int:
        """A row of the grid: the measure and how it was brought together, then a cell a contractor."""
        grid.addWidget(Rule(), row, 0, 1, len(found.contracts) + 1)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(compared.name, "strong", wrap=True))
        words.addWidget(label(unit_phrase(compared.unit), "soft", wrap=True))
        if not compared.fair:
            words.addWidget(Chip(tr("a sum, not a rate")), 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(label(compared.how[:1].upper() + compared.how[1:] + ".", "soft", wrap=True))
        words.addStretch(1)
        grid.addLayout(words, row + 1, 0)
        places = {c.id: at for at, c in enumerate(found.contracts, 1)}
        for side in compared.sides:
            grid.addLayout(self._cell(compared, side), row + 1, places.pop(side.contract.id))
        for at in places.values():
            grid.addWidget(label(tr("not measured"), "soft"), row + 1, at, Qt.AlignmentFlag.AlignTop)
        return row + 2

    def _cell(self, compared: Compared, side: Side) -> QVBoxLayout:
        cell = QVBoxLayout()
        cell.setSpacing(4)
        value = QHBoxLayout()
        value.setSpacing(12)
        value.addWidget(
            label(side.words if compared.fair else tr("{sum} in all", sum=side.words), "section"),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        value.addWidget(label(_met(side), "soft", wrap=True), 1)
        cell.addLayout(value)
        cell.addWidget(self._charts[compared.name, side.contract.id])
        return cell

    def _costs(self, grid: QGridLayout, row: int, found: SideBySide) -> None:
        """What was due, and the share of it that was held: a rate, and so comparable."""
        grid.addWidget(Rule(), row, 0, 1, len(found.contracts) + 1)
        words = QVBoxLayout()
        words.addWidget(label(tr("Money in the same months"), "strong", wrap=True))
        words.addWidget(
            label(tr("The share that was held compares; the sums grow with the size of the work."), "soft", wrap=True)
        )
        words.addStretch(1)
        grid.addLayout(words, row + 1, 0)
        for at, cost in enumerate(found.costs, 1):
            grid.addLayout(pairs(_cost(cost)), row + 1, at, Qt.AlignmentFlag.AlignTop)

    def _alone(self, found: SideBySide) -> None:
        if not found.not_compared:
            return
        self._inside.addSpacing(16)
        self._inside.addWidget(label(tr("What cannot be compared"), "heading"))
        self._inside.addLayout(
            pairs(
                [(one.name, one.reason[:1].upper() + one.reason[1:] + ".") for one in found.not_compared],
                narrow=NAMES + 16,
            )
        )


def _sentence(found: SideBySide) -> str:
    """Who met how many of the results that all share, the most first."""
    met = {
        c.id: sum((s.tally for one in found.compared for s in one.sides if s.contract.id == c.id), Tally())
        for c in found.contracts
    }
    order = sorted(found.contracts, key=lambda c: -(met[c.id].met / met[c.id].judged if met[c.id].judged else 0))
    tallies = [(c.vendor, met[c.id]) for c in order if met[c.id].judged]
    if not tallies:
        return tr("Nothing can be compared yet")
    (best, first), *others = tallies
    said = [tr("{vendor} met {met} of {n}", vendor=best, met=first.met, n=first.judged)]
    said += [tr("{vendor} {met} of {n}", vendor=name, met=t.met, n=t.judged) for name, t in others]
    return ", ".join(said)


def _under(found: SideBySide) -> str:
    if found.first is None or found.last is None:
        return tr("{service}: no month in which all of them have figures", service=found.service)
    first, last = periods.label(found.first, "month"), periods.label(found.last, "month")
    return tr(
        "{service}: results that they share, {first} to {last}, the same months for all",
        service=found.service, first=first, last=last,
    )  # fmt: skip


def _met(side: Side) -> str:
    t = side.tracked
    return f"{t.standard_words} · {'◆ ' if side.tally.missed else ''}{tally_words(side.tally, t.measure.frequency)}"


def _cost(cost: Cost) -> list[tuple[str, str]]:
    share = share_words(round(cost.held_share, 4)) if cost.held_share == cost.held_share else ""
    return [(tr("Due"), money(cost.sums.due)), (tr("Held"), " · ".join(filter(None, (money(cost.sums.held), share))))]
