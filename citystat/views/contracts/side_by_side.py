"""Contractors who do the same work, side by side: a column each, the same months, charts on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.contracts.compare import Compared, Cost, Side, SideBySide, side_by_side
from citystat.contracts.pay import share_words
from citystat.contracts.register import ContractRow, money
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
        sides = [(compared, side) for compared in found.compared for side in compared.sides]
        charts = small_charts([s.chart for _, s in sides], found.last or self._today, high=HIGH)
        self._charts = {(one.name, s.contract.id): chart for (one, s), chart in zip(sides, charts, strict=True)}
        self._inside.addWidget(Columns(QWidget(), [self._head(c) for c in found.contracts], names=True))
        for compared in found.compared:
            self._inside.addWidget(Rule())
            self._inside.addWidget(self._measure(compared, found))
        self._inside.addWidget(Rule())
        self._inside.addWidget(self._costs(found))
        self._alone(found)

    def _head(self, c: ContractRow) -> QWidget:
        link = name_link(c.vendor, lambda: self.go.emit(f"contract:{c.id}"))
        link.setAccessibleName(f"{c.vendor}, {c.number}")
        return column(link, label(f"{c.title} · {c.number}", "soft", wrap=True), spacing=0)

    def _measure(self, compared: Compared, found: SideBySide) -> Columns:
        """The measure and how its months were brought together, then a cell a contractor."""
        parts: list[QWidget] = [
            label(compared.name, "strong", wrap=True),
            label(unit_phrase(compared.unit), "soft", wrap=True),
        ]
        if not compared.fair:
            parts.append(Chip(tr("a sum, not a rate")))
        words = column(*parts, label(compared.how[:1].upper() + compared.how[1:] + ".", "soft", wrap=True))
        by_contract = {s.contract.id: s for s in compared.sides}
        return Columns(words, [self._cell(compared, by_contract.get(c.id), c) for c in found.contracts])

    def _cell(self, compared: Compared, side: Side | None, c: ContractRow) -> QWidget:
        if side is None:
            return column(whose(c), label(tr("not measured"), "soft"))
        held, value = QWidget(), QHBoxLayout()
        value.setContentsMargins(0, 0, 0, 0)
        value.setSpacing(12)
        said = side.words if compared.fair else tr("{sum} in all", sum=side.words)
        value.addWidget(label(said, "section"), 0, Qt.AlignmentFlag.AlignTop)
        value.addWidget(label(_met(side), "soft", wrap=True), 1)
        held.setLayout(value)
        return column(whose(c), held, self._charts[compared.name, c.id])

    def _costs(self, found: SideBySide) -> Columns:
        """What was due, and the share of it that was held: a rate, and so comparable."""
        why = tr("The share that was held compares; the sums grow with the size of the work.")
        words = column(label(tr("Money in the same months"), "strong", wrap=True), label(why, "soft", wrap=True))
        cells = []
        for cost in found.costs:
            held = QWidget()
            sums = pairs(_cost(cost))
            sums.setContentsMargins(0, 0, 0, 0)
            held.setLayout(sums)
            cells.append(column(whose(cost.contract), held))
        return Columns(words, cells)

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


class Columns(QWidget):
    """Words at the left and a column a contractor, all of one width; one under the other where there is no room.

    names: shows only whose columns they are: stacked, every cell says that itself.
    """

    def __init__(self, words: QWidget, cells: Sequence[QWidget], *, names: bool = False) -> None:
        super().__init__()
        self._words, self._cells, self._names = words, list(cells), names
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(round(theme().px(32)))
        self._box.addWidget(words)
        for cell in cells:
            cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._box.addWidget(cell, 1)
        self._arrange(True)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest cell: the page may become narrow enough to stack them."""
        parts = [part.minimumSizeHint().width() for part in (self._words, *self._cells)]
        return QSize(max(parts), self._box.totalMinimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side or stacked."""
        super().resizeEvent(event)
        wide = self.width() >= theme().px(NAMES + (LEAST + 32) * len(self._cells))
        if wide != (self._box.direction() == QBoxLayout.Direction.LeftToRight):
            self._arrange(wide)
            self.updateGeometry()

    def _arrange(self, wide: bool) -> None:
        way = QBoxLayout.Direction
        self._box.setDirection(way.LeftToRight if wide else way.TopToBottom)
        self._words.setFixedWidth(round(theme().px(NAMES))) if wide else self._words.setMaximumWidth(16777215)
        for part in (self._words, *self._cells):
            part.setVisible(wide or not self._names)
        for whom in (w for w in self.findChildren(QLabel) if w.property("whose")):
            whom.setVisible(not wide)


def column(*parts: QWidget, spacing: int = 4) -> QWidget:
    """Parts from the top down."""
    made, inside = QWidget(), QVBoxLayout()
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(spacing)
    for part in parts:
        flag = Qt.AlignmentFlag.AlignLeft if isinstance(part, Chip) else Qt.AlignmentFlag(0)
        inside.addWidget(part, 0, flag)
    inside.addStretch(1)
    made.setLayout(inside)
    return made


def whose(c: ContractRow) -> QLabel:
    """The contractor's name above a cell, shown where the cells are stacked."""
    made = label(c.vendor, "strong")
    made.setProperty("whose", True)
    return made


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
