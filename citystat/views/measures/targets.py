"""What is wanted of a measure, listed and changed: its targets, the way to them, and the baseline it sets out from."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.definition import agreed_words, target_words
from citystat.measures.series import Series
from citystat.measures.target import HOLD, HOW, REACH, TargetStep
from citystat.measures.targets import remove_target, set_baseline, set_target, targets, ways, year_mean
from citystat.texts import tr
from citystat.views.measures.edit import number_field, period_choice
from citystat.views.measures.lists import Listed
from citystat.views.widgets.fields import DayField, FieldsDialog, choice, line
from citystat.views.widgets.marks import button
from citystat.views.widgets.rows import Row

AHEAD = {"day": 370, "week": 104, "month": 60, "quarter": 24, "half-year": 12, "year": 8}  # periods that may be chosen


def targets_listed(city: City, series: Series, parent: QWidget) -> Listed:
    """The measure's targets."""
    m = series.measure

    def load() -> list[tuple[Any, Row]]:
        with city.read() as read:
            found = targets(read, m.id)
        return [(t, Row(t.id, target_words(m, t), agreed_words(t))) for t in found]

    return Listed(
        tr("Targets"), m.called, tr("This measure has no target yet."), city, load,
        lambda known, over: TargetDialog(city, series, over, known),
        lambda known: remove_target(city, known.id), parent,
    )  # fmt: skip


class TargetDialog(FieldsDialog):
    """A target that holds from a period on, or is reached by one; a range where that is what is wanted. `known` is corrected."""

    def __init__(self, city: City, series: Series, parent: QWidget, known: TargetStep | None = None) -> None:
        super().__init__(tr("Target"), parent, about=series.measure.called)
        m = series.measure
        self._city, self._measure, self._known = city, m.id, known
        self._range = m.direction == "range" or (known is not None and known.upper is not None)
        now = known or series.target_at(series.periods[-1] if series.periods else date.today())
        self._values(m.decimals, m.unit, now)
        self._times(series, known)
        self.tolerance = number_field(m.decimals, m.unit)
        self.tolerance.setMinimum(0.0)
        self.tolerance.setSpecialValueText(tr("no tolerance"))
        self.tolerance.setValue(now.tolerance or 0.0 if now is not None else 0.0)
        self.fields.field(tr("Tolerance"), self.tolerance)
        self.agreed_by = line(known.agreed_by if known else "", hint=tr("who promised it"))
        self.agreed_on = DayField(tr("Agreed on"), date.today())
        self.agreed_on.set(known.agreed_on if known else None)
        self.fields.field(tr("Agreed by"), self.agreed_by)
        self.fields.field(tr("Agreed on"), self.agreed_on)
        self.better = None  # asked where nobody said it: without it a target is neither met nor missed
        if m.direction == "none" and not self._range:
            offers = [(tr("choose"), ""), (tr("higher"), "higher"), (tr("lower"), "lower"), (tr("neither"), "none")]
            self.better = choice("", offers)
            self.fields.field(tr("Better is"), self.better)

    def _values(self, decimals: int, unit: str, now: TargetStep | None) -> None:
        self.value, self.upper = number_field(decimals, unit), number_field(decimals, unit)
        if now is not None:
            self.value.setValue(now.value)
            self.upper.setValue(now.upper if now.upper is not None else now.value)
        self.fields.field(tr("From") if self._range else tr("Target"), self.value)
        if self._range:
            self.fields.field(tr("To"), self.upper)

    def _times(self, series: Series, known: TargetStep | None) -> None:
        ahead = AHEAD[series.measure.frequency]
        self.kind = choice(tr("How"), [(tr(words), kind) for kind, words in HOW.items()], known.kind if known else HOLD)
        self.period = period_choice(series, known.since if known else None, ahead=ahead)
        self.fields.field(tr("Period"), self.period)
        self.fields.field(tr("How"), self.kind)
        self.begins = choice(tr("Trajectory begins"), ways(series))
        self.begins.setCurrentIndex(0)
        self.fields.field(tr("Trajectory begins"), self.begins)
        self.kind.currentIndexChanged.connect(self._of_kind)
        self._of_kind()

    def _of_kind(self) -> None:
        self.fields.show_row(self.begins, self.kind.currentData() == REACH)
        self.adjustSize()

    def save(self) -> None:
        """Keep it, and which direction is better where that was asked."""
        if self.better is not None and not self.better.currentData():
            raise CityStatError(
                tr("Whether a target is met depends on which direction is better"),
                do=tr("Choose higher, lower or neither"),
            )
        known = self._known
        step = TargetStep(
            self.period.currentData(), _typed(self.value, known and known.value),
            _typed(self.upper, known and known.upper) if self._range else None, self.kind.currentData(),
            _typed(self.tolerance, known and known.tolerance) or None, self.agreed_by.text().strip(), self.agreed_on.day(),
            known.id if known else 0,
        )  # fmt: skip
        set_target(
            self._city, self._measure, step, start=self.begins.currentData() if step.kind == REACH else None,
            direction=self.better.currentData() if self.better is not None else None,
        )  # fmt: skip


def _typed(box: QDoubleSpinBox, known: float | None) -> float:
    """What stands in the field; the known figure to its last digit where nobody changed what the field shows of it."""
    return known if known is not None and round(known, box.decimals()) == box.value() else box.value()


class BaselineDialog(FieldsDialog):
    """What the measure started from: the value of a period, or any other figure for it."""

    def __init__(self, city: City, series: Series, parent: QWidget) -> None:
        about = tr(
            "What progress is counted from. A value of a single period may be chance: a year's mean is steadier."
        )
        super().__init__(tr("Baseline"), parent, about=f"{series.measure.called}\n{about}")
        m, known = series.measure, series.measure.baseline
        self._city, self._series = city, series
        self.period = period_choice(series, known.period if known else series.periods[0] if series.periods else None)
        self.value = number_field(m.decimals, m.unit)
        self.fields.field(tr("Period"), self.period)
        self.fields.field(tr("Value"), self.value)
        if known is not None:
            self.value.setValue(known.value)
        else:
            self._follow()
        self.period.currentIndexChanged.connect(self._follow)
        self.fields.wide(button(tr("Take the mean of its year"), self._mean, kind="link"))
        if known is not None:
            self.fields.wide(button(tr("No baseline"), self._none, kind="link"))

    def _follow(self) -> None:
        """The value of the chosen period."""
        at = dict(zip(self._series.periods, self._series.values, strict=True)).get(self.period.currentData())
        if at is not None and at == at:
            self.value.setValue(float(at))

    def _mean(self) -> None:
        """What a period of the chosen one's year brought on average."""
        found = year_mean(self._series, self.period.currentData())
        if found is not None:
            self.value.setValue(found)

    def _none(self) -> None:
        """Take it away."""
        set_baseline(self._city, self._series.measure.id, None, None)
        self.accept()

    def save(self) -> None:
        """Keep it."""
        set_baseline(self._city, self._series.measure.id, self.value.value(), self.period.currentData())
