"""Small dialogs that change what stands on a measure: words on the chart, a value."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from citystat import periods
from citystat.city import City
from citystat.collect.close import Scope, Told, closed, told
from citystat.collect.typed import NotBelieved, correct_value
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.series import Definition, Series
from citystat.numbers import UNITS, quantity
from citystat.texts import dotted, tr
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label

HISTORY = 6  # values of a figure's past that are listed
KINDS = {
    "note": "note",
    "rebase": "limits restart here",
    "exclude": "leave out of the limits",
    "definition": "definition changes here",
}


class NoteDialog(FieldsDialog):
    """Words on the chart, a restart of the limits, or a point left out of them; `known` is corrected.

    kind, period: what a new one begins with.
    """

    def __init__(
        self, city: City, series: Series, parent: QWidget, known: edit.Words | None = None, *, kind: str = "note",
        period: date | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tr("Words on the chart"), parent, about=series.measure.called)
        self._city, self._measure, self._known = city, series.measure.id, known
        self.period = period_choice(series, known.period if known else period)
        offers = [(tr(words), each) for each, words in KINDS.items()]
        self.kind = choice("", offers, known.kind if known else kind)
        self.text = line(known.text if known else "")
        self.fields.field(tr("Words, or the reason"), self.text)
        self.fields.field(tr("What"), self.kind)
        self.fields.field(tr("Period"), self.period)

    def save(self) -> None:
        """Put it on the chart."""
        edit.annotate(
            self._city, self._measure, self.period.currentData(), self.kind.currentData(), self.text.text(),
            words_id=self._known.id if self._known else None,
        )  # fmt: skip


class ValueDialog(FieldsDialog):
    """A corrected value, with its reason; begins with the present value of the chosen period."""

    def __init__(self, city: City, series: Series, parent: QWidget, period: date | None = None) -> None:
        super().__init__(tr("Correct a value"), parent, about=series.measure.called)
        self._city, self._series = city, series
        m = series.measure
        self.period, self.value, self.reason = period_choice(series, period), number_field(m.decimals, m.unit), line()
        self._now, self._history = label("", "faint", wrap=True), label("", "faint", wrap=True)
        for words in (self._now, self._history):
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.believed = line()
        self.fields.field(tr("Period"), self.period)
        self.fields.field(tr("Corrected value"), self.value)
        self.fields.wide(self._now)
        self.fields.field(tr("Reason"), self.reason)
        self.fields.field(tr("Right because"), self.believed)
        self.fields.show_row(self.believed, False)
        self.fields.field(tr("So far"), self._history)
        self.body.setStretch(
            self.body.indexOf(self.fields), 1
        )  # what is too much stands between the lines, not under the title
        self.period.currentIndexChanged.connect(lambda _: self._fill())
        self._fill()

    def save(self) -> None:
        """Keep it as a revision; what a check calls an error needs a second reason."""
        try:
            correct_value(
                self._city, self._series.measure.id, self.period.currentData(), self.value.value(), self.reason.text(),
                datetime.now(), believed=self.believed.text(),
            )  # fmt: skip
        except NotBelieved:
            self.fields.show_row(self.believed, True)
            self.believed.setFocus()
            raise

    def refuse(self, error: CityStatError) -> None:
        """Say what is wrong; the dialog grows with what is asked besides."""
        super().refuse(error)
        self.adjustSize()

    def showEvent(self, event: QShowEvent) -> None:
        """As tall as its lines, whose width is known only now."""
        super().showEvent(event)
        self.adjustSize()

    def _fill(self) -> None:
        s, m = self._series, self._series.measure
        value = dict(zip(s.periods, s.values, strict=True)).get(self.period.currentData(), np.nan)
        known = not np.isnan(value)
        self.value.setValue(float(value) if known else 0)
        self._now.setText(
            tr("Now {value}; it is kept as a revision.", value=quantity(float(value), m.unit, m.decimals))
            if known
            else tr("No value so far.")
        )
        with self._city.read() as read:
            closed_ = next(iter(closed(read, Scope(code=m.code))), None) if not m.formula else None
            history = told(read, m.id, self.period.currentData())
        if closed_ is not None and self.period.currentData() <= closed_.through:
            self._now.setText(
                f"{self._now.text()} {tr('Its period is closed: this is a correction, and is marked as one.')}"
            )
        self._history.setText("\n".join(_line(one, m) for one in history[:HISTORY]))
        self.fields.show_row(self._history, bool(history))
        self.adjustSize()


def _line(one: Told, m: Definition) -> str:
    """ "110 · 3 Jul 2026 · Ana, june.xlsx · a late receipt"; of one that does not hold any more, that it does not."""
    state = {"now": "", "replaced": tr("replaced"), "taken back": tr("taken back")}[one.state]
    when = periods.day_label(one.at.date())
    return dotted((quantity(one.value, m.unit, m.decimals), state, when, ", ".join((one.who, one.source)), one.why))


def period_choice(series: Series, chosen: date | None, *, ahead: int = 0) -> QComboBox:
    """The periods newest first, `ahead` of them in the future; the newest known one is chosen unless another is asked."""
    m, known = series.measure, list(series.periods)
    last = known[-1] if known else periods.start_of(date.today(), m.frequency, m.year_start)
    starts = [*known, *(() if known else (last,)), *(periods.move(last, m.frequency, i + 1) for i in range(ahead))]
    if chosen is not None and chosen not in starts:
        starts.append(chosen)
    offers = [(periods.label(p, m.frequency, m.year_start), p) for p in sorted(starts, reverse=True)]
    return choice(tr("Period"), offers, chosen or last)


def number_field(decimals: int, unit: str = "count") -> QDoubleSpinBox:
    """A figure with its unit: "92.00 %", "$1,200.00"."""
    box = QDoubleSpinBox()
    before, after = UNITS.get(unit, ("", "" if unit == "count" else f" {unit}"))
    box.setPrefix(before)
    box.setSuffix(after)
    box.setRange(-1e15, 1e15)
    box.setDecimals(max(decimals, 2))
    box.setGroupSeparatorShown(True)
    return box
