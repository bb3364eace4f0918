"""What a person does at a point of a measure's chart: write there, change and remove what is written, split at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal

from citystat.city import City
from citystat.measures import edit
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.chart.view import ChartView
from citystat.views.measures.note_in_place import NoteInPlace
from citystat.views.widgets.menu import menu_at

Act = tuple[str, Callable[[], object]]
SHORT = 28  # letters of what is written, in a menu
KEYS = (
    ("N", "write at the point of the chart"),
    ("E", "change what is written there"),
    ("Delete", "remove what is written there"),
)


class OnTheChart(QObject):
    """Signals: said(words) a passing message.

    others: what else can be done with a period, asked when its menu opens.
    """

    said = Signal(str)

    def __init__(self, city: City, chart: ChartView, others: Callable[[int], Sequence[Act]]) -> None:
        super().__init__(chart)
        self._city, self._chart, self._others = city, chart, others
        self._measure: Definition | None = None
        self._words: list[edit.Words] = []
        self.note = NoteInPlace(city, chart)
        self.note.ended.connect(self._ended)
        chart.asked.connect(self.offer)

    def use(self, measure: Definition, words: list[edit.Words]) -> None:
        """The measure whose chart it is, and what is written on it."""
        self._measure, self._words = measure, words

    def write(self) -> None:
        """Type at the period that is chosen, else at the newest one with a value."""
        period = self._period()
        if period is not None and self._measure is not None:
            self.note.write(self._measure, period, self._chart.place_of(self._chart.chosen or 0))

    def change(self) -> None:
        """Other words for what is written at the period; where there are several, a menu asks."""
        self._one_of(tr("Nothing is written at {period}"), self._change)

    def remove(self) -> None:
        """Take off what is written at the period; Undo brings it back."""
        self._one_of(tr("Nothing is written at {period}"), self._remove)

    def offer(self, index: int, place: QPoint) -> None:
        """The menu of a period."""
        here = self._here()
        acts: list[Act] = [(tr("Write here…"), self.write)] if self._chart.chart and self._chart.chart.starts else []
        acts += [(tr("Change “{words}”…", words=_short(w)), lambda w=w: self._change(w)) for w in here]
        acts += [(tr("Remove “{words}”", words=_short(w)), lambda w=w: self._remove(w)) for w in here]
        menu_at(self._chart, place, [*acts, *self._others(index)])

    def _one_of(self, nothing: str, act: Callable[[edit.Words], object]) -> None:
        period, here = self._period(), self._here()
        if len(here) == 1:
            act(here[0])
        elif here:
            at = self._chart.mapToGlobal(self._chart.place_of(self._chart.chosen or 0).toPoint())
            menu_at(self._chart, at, [(_short(w), lambda w=w: act(w)) for w in here])
        elif period is not None and self._measure is not None:
            self.said.emit(nothing.format(period=self._measure.label(period)))

    def _change(self, words: edit.Words) -> None:
        if self._measure is not None:
            self.note.write(self._measure, words.period, self._chart.place_of(self._chart.chosen or 0), words)

    def _remove(self, words: edit.Words) -> None:
        edit.remove_annotation(self._city, words.id)
        self.said.emit(tr("Taken off the chart: “{words}”", words=_short(words)))

    def _period(self) -> date | None:
        """The period that is chosen; the newest one with a value is, where none was. None where no x is a period."""
        chart = self._chart.chart
        if chart is None or not chart.starts:
            self.said.emit(tr("Words stand at a period: look at signals, parts, or before and after"))
            return None
        if self._chart.chosen is None:
            lines = [line for panel in chart.drawn for line in panel.lines]
            known = [
                int(np.flatnonzero(np.isfinite(line.values))[-1]) for line in lines if np.isfinite(line.values).any()
            ]
            self._chart.choose(max(known, default=len(chart.starts) - 1))
        return chart.starts[self._chart.chosen or 0]

    def _here(self) -> list[edit.Words]:
        chart, at = self._chart.chart, self._chart.chosen
        start = chart.starts[at] if chart is not None and at is not None and at < len(chart.starts) else None
        return [w for w in self._words if w.period == start]

    def _ended(self, kept: bool) -> None:
        self._chart.setFocus()
        if kept:
            self.said.emit(tr("It is on the chart"))
        elif self.note.text.text().strip():
            self.said.emit(tr("What you typed is kept for the next time"))


def _short(words: edit.Words) -> str:
    return words.text if len(words.text) <= SHORT else words.text[: SHORT - 1].rstrip() + "…"
