"""Parts that the pages of contracts share: a standard with its small chart, names with values, a working."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.charts.chart import Chart
from citystat.contracts.pay import Working, share_words
from citystat.contracts.register import money
from citystat.contracts.scorecard import Line
from citystat.texts import tr
from citystat.views.chart.layout import arrange
from citystat.views.chart.view import ChartView
from citystat.views.contracts.strip import Strip
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.marks import Chip, Rule, button, label, mark

WORDS, HIGH = 296, 148  # pixels at 100 %: the words beside a small chart; its height
FACTS = 304  # pixels at 100 % of the column of facts
QUARTERLY = (1, 4, 7, 10)  # the months that a small chart of one year names
CHIPS = {"met": ("● ", "plain"), "missed": ("", "concern"), "none": ("– ", "plain"), "": ("", "plain")}


def outcome_chip(outcome: str, words: str) -> Chip:
    """Met, missed or no figure, with its shape."""
    shape, kind = CHIPS[outcome]
    return Chip(f"{shape}{words}", kind=kind)


@dataclass(frozen=True)
class Small:
    """A chart for a small place, and how far its plot stands from the left and the right edge."""

    chart: Chart
    left: float
    right: float


def small(chart: Chart, last: date) -> Small:
    """The chart without flags and fiscal years, which have no room; of a single year every third month is named."""
    months = [periods.add_months(last, i + 1 - len(chart.periods)) for i in range(len(chart.periods))]
    ticks = chart.x_ticks
    if len(ticks) == len(months) > 8:  # months; quarters are fewer and all named
        ticks = tuple(t for t, month in zip(ticks, months, strict=True) if month.month in QUARTERLY)
    chart = replace(chart, years=(), flags=(), x_ticks=ticks)
    wide = theme().px(400)
    plot = arrange(QRectF(0, 0, wide, theme().px(HIGH)), chart, theme().px(12)).plot
    return Small(chart, plot.left(), wide - plot.right())


def small_charts(charts: Sequence[Chart], last: date, *, high: int = HIGH) -> list[QWidget]:
    """Charts that stand above each other: their plots begin and end at the same place."""
    found = [small(chart, last) for chart in charts]
    left, right = (max((getattr(s, side) for s in found), default=0.0) for side in ("left", "right"))
    return [_framed(s.chart, left - s.left, right - s.right, high) for s in found]


def _framed(chart: Chart, left: float, right: float, high: int) -> QWidget:
    held, view = QWidget(), ChartView()
    view.setMinimumHeight(0)
    view.setFixedHeight(round(theme().px(high)))
    view.setMinimumWidth(round(theme().px(220)))
    view.set_chart(chart)
    row = QHBoxLayout(held)
    row.setContentsMargins(round(left), 0, round(right), 0)
    row.addWidget(view)
    return held


def standard_row(
    line: Line, last: date, chart: QWidget, change: Callable[[], object], open_measure: Callable[[], object]
) -> QWidget:
    """One standard of a scorecard: name, value and outcome, what is asked, the year as marks; the chart beside it."""
    t = line.tracked
    value = QHBoxLayout()
    value.setSpacing(10)
    value.addWidget(label(line.value, "section"))
    value.addWidget(outcome_chip(line.shown.outcome if line.shown else "", line.words))
    value.addStretch(1)
    strip = Strip()
    strip.show_months(last, line.months)
    share = t.standard.pay_share
    asked = t.standard_words + (" · " + tr("holds {share} of the payment", share=share_words(share)) if share else "")
    under = QHBoxLayout()
    under.addWidget(label(line.over_the_year, "soft"))
    under.addStretch(1)
    edit = button(tr("Change…"), change, kind="link")
    edit.setAccessibleName(f"{tr('Change…')} {line.name}")
    under.addWidget(edit)
    return beside_chart(
        [name_link(line.name, open_measure), value, label(asked, "soft", wrap=True), strip, under], chart
    )


def name_link(name: str, act: Callable[[], object]) -> QWidget:
    """A measure's name that leads to it."""
    made = button(name, act, kind="link")
    made.setAccessibleName(f"{tr('See the chart')}: {name}")
    return made


def beside_chart(parts: Sequence[QWidget | QLayout], chart: QWidget, *, gap: int = 6) -> QWidget:
    """Words at the left in a column of one width, the chart beside them."""
    held, words = QWidget(), QVBoxLayout()
    held.setFixedWidth(round(theme().px(WORDS)))
    held.setLayout(words)
    words.setContentsMargins(0, 0, 0, 0)
    words.setSpacing(gap)
    for part in parts:
        if isinstance(part, QWidget):
            words.addWidget(part)
        else:
            words.addLayout(part)
    words.addStretch(1)
    left, right = QVBoxLayout(), QVBoxLayout()
    left.addWidget(held)
    right.addWidget(chart)
    right.addStretch(1)
    return Beside(left, right, shares=(0, 1), gap=28, narrow=560)


def with_facts(left: QVBoxLayout, facts: QVBoxLayout) -> Beside:
    """A page's body with a column of facts at its right."""
    column, right = QWidget(), QVBoxLayout()
    column.setFixedWidth(round(theme().px(FACTS)))
    column.setLayout(facts)
    facts.setContentsMargins(0, 0, 0, 0)
    facts.setSpacing(8)
    left.addStretch(1)
    right.addWidget(column)
    right.addStretch(1)
    return Beside(left, right, shares=(1, 0), gap=40, narrow=860)


def pairs(
    rows: Sequence[tuple[str, QWidget | str]], *, narrow: int = 92, right: bool = False, gap: int = 6
) -> QGridLayout:
    """Names in a soft column and what they stand for; right: figures, aligned on their digits."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(gap)
    grid.setColumnMinimumWidth(0, round(theme().px(narrow)))
    grid.setColumnStretch(0 if right else 1, 1)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag(0)
    for at, (name, value) in enumerate(rows):
        shown = value if isinstance(value, QWidget) else label(value or "–", wrap=not right)
        grid.addWidget(label(name, "soft", wrap=not right), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, at, 1, side | Qt.AlignmentFlag.AlignTop)
    return grid


def working_sheet(w: Working, month: str) -> QWidget:
    """A payment as a bill: what is due, what each standard holds and why, what remains."""
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    at = _bill_row(grid, 0, tr("Due for {month}", month=month), "", money(w.payment.due))
    for hold in w.holds:
        at = _bill_row(grid, at, hold.tracked.measure.name, hold.why, _less(hold.amount), hold.amount > 0)
    if w.differs or (w.state == "paid" and w.waits):
        at = _bill_row(grid, at, tr("Held, as written down"), w.remark, _less(w.payment.held), w.payment.held > 0)
    grid.addWidget(Rule(), at, 0, 1, 3)
    said, amount = _end(w)
    for column, words in enumerate((said, "", amount)):
        grid.addWidget(
            label(words, "strong"), at + 1, column, Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag(0)
        )
    if w.payment.note and not w.differs:
        grid.addWidget(label(w.payment.note, "soft", wrap=True), at + 2, 0, 1, 3)
    return sheet


def _bill_row(grid: QGridLayout, at: int, name: str, why: str, amount: str, missed: bool = False) -> int:
    grid.addWidget(label(name), at, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(label(f"◆ {why}" if missed else why, "soft", wrap=True), at, 1, Qt.AlignmentFlag.AlignTop)
    figure = label(amount)
    if missed:
        mark(figure, "tone", "concern")
    grid.addWidget(figure, at, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return at + 1


def _less(amount: float) -> str:
    return f"−{money(amount)}" if amount else money(0)


def _end(w: Working) -> tuple[str, str]:
    """The last line of the bill."""
    if w.state == "paid":
        return tr("Paid"), money(w.payment.due - w.payment.held)
    if w.state == "waits":
        return tr("To pay: waits for the final figure"), "–"
    return tr("To pay"), money(w.payment.due - w.by_rule)
