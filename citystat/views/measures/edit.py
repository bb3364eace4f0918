"""Small dialogs that change a measure: its definition, a target, words on the chart, a value."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from citystat import periods
from citystat.city import City
from citystat.measures import edit
from citystat.measures.series import Definition, Series
from citystat.numbers import UNITS, quantity
from citystat.people.roster import departments, everyone
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog, choice, line, paragraph
from citystat.views.widgets.marks import label

CHOICES = {
    "frequency": periods.FREQUENCIES,
    "aggregation": ("sum", "mean", "ratio", "last", "median", "count"),
    "direction": ("higher", "lower", "range", "none"),
    "kind": ("outcome", "intermediate outcome", "output", "efficiency", "quality", "input"),
}
KINDS = {
    "note": "note",
    "rebase": "limits restart here",
    "exclude": "leave out of the limits",
    "definition": "definition changes here",
}


class MeasureDialog(FieldsDialog):
    """The definition of a measure, new or known."""

    def __init__(self, city: City, measure: Definition | None, parent: QWidget) -> None:
        super().__init__(tr("Definition") if measure else tr("New measure"), parent)
        self._city, self._id, m = city, measure.id if measure else None, measure
        self.code, self.name = line(m.code if m else ""), line(m.name if m else "")
        self.definition, self.source = paragraph(m.definition if m else "", lines=4), line(m.source if m else "")
        self.unit = QComboBox()
        self.unit.setEditable(True)
        self.unit.addItems(["count", *UNITS, "days"])
        self.unit.setCurrentText(m.unit if m else "count")
        self.decimals, self.lag = _whole(6, m.decimals if m else 0), _whole(730, m.reporting_lag if m else 15)
        self.choices = {
            name: choice("", [(tr(v), v) for v in values], getattr(m, name) if m else None)
            for name, values in CHOICES.items()
        }
        with city.read() as read:
            places = [(d.name, d.id) for d in departments(read)]
            staff = [(p.name, p.id) for p in everyone(read) if p.active or (m and p.id == m.owner_id)]
        self.department = choice("", [(tr("none"), None), *places], m.department_id if m else None)
        self.owner = choice("", [(tr("nobody"), None), *staff], m.owner_id if m else None)
        for name, widget in (
            (tr("Code"), self.code), (tr("Name"), self.name), (tr("What it is"), self.definition),
            (tr("Owner"), self.owner), (tr("Department"), self.department), (tr("Unit"), self.unit),
            (tr("Decimals"), self.decimals), (tr("Frequency"), self.choices["frequency"]),
            (tr("Over breakdowns"), self.choices["aggregation"]), (tr("Better is"), self.choices["direction"]),
            (tr("Kind"), self.choices["kind"]), (tr("Days until due"), self.lag), (tr("Source"), self.source),
        ):  # fmt: skip
            self.fields.field(name, widget)
        self._offer_code()
        self.name.textChanged.connect(lambda _: self._offer_code())
        self.department.currentIndexChanged.connect(lambda _: self._offer_code())
        self.lag.setToolTip(tr("Days after a period's end until its figures are due"))

    def _offer_code(self) -> None:
        """In grey what a new measure's code will be unless somebody writes another."""
        if self._id is None:
            with self._city.read() as read:
                offered = edit.suggested_code(read, self.name.text(), self.department.currentData())
            self.code.setPlaceholderText(offered)

    def save(self) -> None:
        """Write the definition."""
        edit.save_measure(
            self._city, self._id, code=self.code.text().strip() or self.code.placeholderText(), name=self.name.text(), source=self.source.text(),
            definition=self.definition.toPlainText(), unit=self.unit.currentText(), decimals=self.decimals.value(),
            department_id=self.department.currentData(), owner_id=self.owner.currentData(),
            reporting_lag=self.lag.value(), **{n: box.currentData() for n, box in self.choices.items()},
        )  # fmt: skip


class NoteDialog(FieldsDialog):
    """Words on the chart, a restart of the limits, or a point left out of them; `known` is corrected."""

    def __init__(self, city: City, series: Series, parent: QWidget, known: edit.Words | None = None) -> None:
        super().__init__(tr("Words on the chart"), parent)
        self._city, self._measure, self._known = city, series.measure.id, known
        self.period = _period_choice(series, known.period if known else None)
        self.kind = choice("", [(tr(words), kind) for kind, words in KINDS.items()], known.kind if known else "note")
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
        super().__init__(tr("Correct a value"), parent)
        self._city, self._series = city, series
        self.period, self.value, self.reason = _period_choice(series, period), _number(series.measure.decimals), line()
        self._now = label("", "faint", wrap=True)
        self.fields.field(tr("Period"), self.period)
        self.fields.field(tr("Right value"), self.value)
        self.fields.wide(self._now)
        self.fields.field(tr("Reason"), self.reason)
        self.period.currentIndexChanged.connect(lambda _: self._fill())
        self._fill()

    def save(self) -> None:
        """Keep it as a revision."""
        edit.correct_value(
            self._city, self._series.measure.id, self.period.currentData(), self.value.value(), self.reason.text(),
            datetime.now(),
        )  # fmt: skip

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


class TargetDialog(FieldsDialog):
    """A target from a period on; a range where that is what is wanted. `known` is corrected."""

    def __init__(self, city: City, series: Series, parent: QWidget, known: edit.TargetRow | None = None) -> None:
        super().__init__(tr("Target"), parent)
        m = series.measure
        self._city, self._measure, self._known = city, m.id, known
        self.value, self.upper = _number(m.decimals), _number(m.decimals)
        self._range = m.direction == "range" or (known is not None and known.upper is not None)
        self.period = _period_choice(series, known.since if known else None, ahead=24)
        now = known or series.target_at(series.periods[-1] if series.periods else date.today())
        if now is not None:
            self.value.setValue(now.value)
            self.upper.setValue(now.upper if now.upper is not None else now.value)
        self.fields.field(tr("From") if self._range else tr("Target"), self.value)
        if self._range:
            self.fields.field(tr("To"), self.upper)
        self.fields.field(tr("Holds from"), self.period)

    def save(self) -> None:
        """Keep it."""
        edit.set_target(
            self._city, self._measure, self.period.currentData(), self.value.value(),
            self.upper.value() if self._range else None, target_id=self._known.id if self._known else None,
        )  # fmt: skip


def _period_choice(series: Series, chosen: date | None, *, ahead: int = 0) -> QComboBox:
    """The periods newest first, `ahead` of them in the future; the newest known one is chosen unless another is asked."""
    m, known = series.measure, list(series.periods)
    last = known[-1] if known else periods.start_of(date.today(), m.frequency, m.year_start)
    starts = [*known, *(() if known else (last,)), *(periods.move(last, m.frequency, i + 1) for i in range(ahead))]
    if chosen is not None and chosen not in starts:
        starts.append(chosen)
    offers = [(periods.label(p, m.frequency, m.year_start), p) for p in sorted(starts, reverse=True)]
    return choice(tr("Period"), offers, chosen or last)


def _number(decimals: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e12, 1e12)
    box.setDecimals(max(decimals, 2))
    box.setGroupSeparatorShown(True)
    return box


def _whole(most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setMaximum(most)
    box.setValue(value)
    return box
