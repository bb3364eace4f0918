"""Small dialogs that change a measure: its definition, a target, words on the chart, a value."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from sqlalchemy import select

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.series import Definition, Series
from citystat.models import Department
from citystat.numbers import UNITS
from citystat.texts import tr
from citystat.views.widgets.marks import label

CHOICES = {
    "frequency": periods.FREQUENCIES,
    "aggregation": ("sum", "mean", "ratio", "last", "median", "count"),
    "direction": ("higher", "lower", "range", "none"),
    "kind": ("outcome", "intermediate outcome", "output", "efficiency", "quality", "input"),
}


class FormDialog(QDialog):
    """A form with a sentence for what is wrong; what was typed stays until it is right."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self.form = QFormLayout(self)
        self._wrong = label("", "soft", wrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self._try)
        self._buttons.rejected.connect(self.reject)

    def field(self, name: str, widget: QWidget) -> None:
        """A labelled field, named for screen readers."""
        widget.setAccessibleName(name)
        self.form.addRow(name, widget)

    def finish(self) -> None:
        """Buttons under the fields."""
        self.form.addRow(self._wrong)
        self.form.addRow(self._buttons)

    def save(self) -> None:
        """Write what was typed; CityStatError keeps the dialog open."""
        raise NotImplementedError

    def _try(self) -> None:
        try:
            self.save()
        except CityStatError as error:
            self._wrong.setText(f"◆ {error}")
        else:
            self.accept()


class MeasureDialog(FormDialog):
    """The definition of a measure, new or known."""

    def __init__(self, city: City, measure: Definition | None, parent: QWidget) -> None:
        super().__init__(tr("Definition") if measure else tr("New measure"), parent)
        self._city, self._id = city, measure.id if measure else None
        self._code, self._name, self._source = QLineEdit(), QLineEdit(), QLineEdit()
        self._definition = QPlainTextEdit()
        self._definition.setFixedHeight(96)
        self._unit = QComboBox()
        self._unit.setEditable(True)
        self._unit.addItems(["count", *UNITS, "days"])
        self._decimals = QSpinBox()
        self._decimals.setMaximum(6)
        self._choices = {name: QComboBox() for name in CHOICES}
        for name, values in CHOICES.items():
            for value in values:
                self._choices[name].addItem(tr(value), value)
        self._department = QComboBox()
        self._department.addItem(tr("none"), None)
        with city.read() as read:
            for department in read.scalars(select(Department).order_by(Department.name)):
                self._department.addItem(department.name, department.id)
        for name, widget in (
            (tr("Code"), self._code), (tr("Name"), self._name), (tr("What it is"), self._definition), (tr("Unit"), self._unit),
            (tr("Decimals"), self._decimals), (tr("Frequency"), self._choices["frequency"]),
            (tr("Over breakdowns"), self._choices["aggregation"]), (tr("Better is"), self._choices["direction"]),
            (tr("Kind"), self._choices["kind"]), (tr("Department"), self._department), (tr("Source"), self._source),
        ):  # fmt: skip
            self.field(name, widget)
        self.finish()
        if measure:
            self._fill(measure)

    def save(self) -> None:
        """Write the definition."""
        edit.save_measure(
            self._city, self._id, code=self._code.text(), name=self._name.text(), source=self._source.text(),
            definition=self._definition.toPlainText(), unit=self._unit.currentText(), decimals=self._decimals.value(),
            department_id=self._department.currentData(), **{n: box.currentData() for n, box in self._choices.items()},
        )  # fmt: skip

    def _fill(self, measure: Definition) -> None:
        self._code.setText(measure.code)
        self._name.setText(measure.name)
        self._source.setText(measure.source)
        self._definition.setPlainText(measure.definition)
        self._unit.setCurrentText(measure.unit)
        self._decimals.setValue(measure.decimals)
        self._department.setCurrentIndex(self._department.findData(measure.department_id))
        for name, box in self._choices.items():
            box.setCurrentIndex(box.findData(getattr(measure, name)))


class PeriodDialog(FormDialog):
    """Something about one period; `periods` are offered newest first."""

    def __init__(self, title: str, series: Series, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._period = QComboBox()
        for i in reversed(range(len(series.periods))):
            self._period.addItem(series.label(i), series.periods[i])
        self.field(tr("Period"), self._period)

    def period(self) -> date:
        """The chosen period's first day."""
        day: date = self._period.currentData()
        return day


class NoteDialog(PeriodDialog):
    """Words on the chart, a restart of the limits, or a point left out of them."""

    def __init__(self, city: City, series: Series, parent: QWidget) -> None:
        super().__init__(tr("Write on the chart"), series, parent)
        self._city, self._measure = city, series.measure.id
        self._kind, self._text = QComboBox(), QLineEdit()
        for words, kind in (
            (tr("note"), "note"),
            (tr("limits restart here"), "rebase"),
            (tr("leave out of the limits"), "exclude"),
        ):
            self._kind.addItem(words, kind)
        self.field(tr("What"), self._kind)
        self.field(tr("Words, or the reason"), self._text)
        self.finish()

    def save(self) -> None:
        """Put it on the chart."""
        edit.annotate(self._city, self._measure, self.period(), self._kind.currentData(), self._text.text())


class ValueDialog(PeriodDialog):
    """A corrected value, with its reason."""

    def __init__(self, city: City, series: Series, parent: QWidget) -> None:
        super().__init__(tr("Correct a value"), series, parent)
        self._city, self._measure = city, series.measure.id
        self._value, self._reason = _number(series.measure.decimals), QLineEdit()
        self.field(tr("Right value"), self._value)
        self.field(tr("Reason"), self._reason)
        self.finish()

    def save(self) -> None:
        """Keep it as a revision."""
        edit.correct_value(
            self._city, self._measure, self.period(), self._value.value(), self._reason.text(), datetime.now()
        )


class TargetDialog(PeriodDialog):
    """A target from a period on."""

    def __init__(self, city: City, series: Series, parent: QWidget) -> None:
        super().__init__(tr("Set a target"), series, parent)
        self._city, self._measure = city, series.measure.id
        self._value = _number(series.measure.decimals)
        self.field(tr("From this period on"), self._value)
        self.finish()

    def save(self) -> None:
        """Keep it."""
        edit.set_target(self._city, self._measure, self.period(), self._value.value())


def _number(decimals: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e12, 1e12)
    box.setDecimals(max(decimals, 2))
    box.setGroupSeparatorShown(True)
    return box
