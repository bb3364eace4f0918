"""The definition of a measure, as a person thinks of it: what it is · how it is computed · who answers for it, and when."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from citystat import periods
from citystat.city import City, derived
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.definition import OVER_PARTS, OVER_TIME
from citystat.measures.series import Definition, definitions
from citystat.numbers import UNITS, unit_phrase
from citystat.people.roster import departments, everyone
from citystat.texts import tr
from citystat.views.measures.codes import CodeCompleter
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import Fields, FieldsDialog, choice, line, paragraph
from citystat.views.widgets.marks import Upright, label

CHOICES = {
    "frequency": periods.FREQUENCIES,
    "direction": ("higher", "lower", "range", "none"),
    "kind": ("outcome", "intermediate outcome", "output", "efficiency", "quality", "input"),
}
USUAL = {"frequency": "month"}  # of a new measure; otherwise the first
EXAMPLE = "share(EC-02, EC-01) · EC-01 per 1,000 residents · rolling(12, EC-01) · EC-01 - prior year(EC-01)"
WIDE, HIGH, NARROW = 940, 640, 620  # pixels at 100 %; under NARROW the columns stand one above the other


class MeasureDialog(FieldsDialog):
    """The definition of a measure, new (None) or known."""

    def __init__(self, city: City, measure: Definition | None, parent: QWidget) -> None:
        super().__init__(
            tr("Definition") if measure else tr("New measure"), parent, about=measure.called if measure else ""
        )
        self._city, self._id, self._m = city, measure.id if measure else None, measure
        self.choices = {
            name: choice("", [(tr(v), v) for v in values], getattr(measure, name) if measure else USUAL.get(name))
            for name, values in CHOICES.items()
        }
        self._computed, self._people = Fields(), Fields()
        for fields in (self._computed, self._people):
            fields.layout().setColumnMinimumWidth(0, round(theme().px(112)))
        self._what_it_is()
        self._how_it_is_computed()
        self._who_and_when()
        self._lay_out()
        self._offer_code()
        self._told()
        self.name.textChanged.connect(lambda _: self._offer_code())
        self.department.currentIndexChanged.connect(lambda _: self._offer_code())
        for signal in (self.formula.textChanged, self.choices["frequency"].currentIndexChanged):
            signal.connect(lambda _: self._told())

    def _what_it_is(self) -> None:
        m = self._m
        self.name, self.code = line(m.name if m else ""), line(m.code if m else "")
        self.name.setCursorPosition(0)
        self.definition = paragraph(m.definition if m else "", lines=5, hint=tr("In plain words, for a resident"))
        self.not_measured = paragraph(
            m.not_measured if m else "", lines=3, hint=tr("What is left out, or often mistaken for it")
        )
        self.limits = paragraph(
            m.limits if m else "", lines=3, hint=tr("Late returns, a change of system, small numbers")
        )
        for name, widget in (
            (tr("Name"), self.name), (tr("Code"), self.code), (tr("What it is"), self.definition),
            (tr("What it is not"), self.not_measured), (tr("Known limits"), self.limits),
            (tr("Kind"), self.choices["kind"]), (tr("Better is"), self.choices["direction"]),
        ):  # fmt: skip
            self.fields.field(name, widget)

    def _how_it_is_computed(self) -> None:
        m, fields = self._m, self._computed
        self.formula = line(m.formula if m else "", hint=tr("Empty: its values are brought in"))
        self.formula.setToolTip(EXAMPLE)
        with self._city.read() as read:
            others = [d for d in definitions(read) if d.id != self._id]
        self.completer = CodeCompleter(others, self.formula, self)
        self._gives = label("", "faint", wrap=True)
        self.unit = QComboBox()
        self.unit.setEditable(True)
        self.unit.addItems(["count", *UNITS, "days"])
        self.unit.setCurrentText(m.unit if m else "count")
        self.unit.lineEdit().setAccessibleName(tr("Unit"))
        self.decimals = _whole(6, m.decimals if m else 0)
        self.fiscal = choice("", [(tr("fiscal years"), True), (tr("calendar years"), False)], m.fiscal if m else True)
        offers = [(tr("as over breakdowns"), ""), *((words(), way) for way, words in OVER_TIME.items())]
        self.over_time = choice("", offers, m.over_time if m else "")
        self.aggregation = choice(
            "", [(words(), way) for way, words in OVER_PARTS.items()], m.aggregation if m else None
        )
        self.source = line(m.source if m and not m.formula else "")
        fields.field(tr("Formula"), self.formula)
        fields.wide(self._gives)
        for name, widget in (
            (tr("Unit"), self.unit), (tr("Decimals"), self.decimals), (tr("Frequency"), self.choices["frequency"]),
            (tr("Its years"), self.fiscal), (tr("A year is"), self.over_time),
            (tr("Over breakdowns"), self.aggregation), (tr("Source"), self.source),
        ):  # fmt: skip
            fields.field(name, widget)

    def _who_and_when(self) -> None:
        m, fields = self._m, self._people
        with self._city.read() as read:
            places = [(d.name, d.id) for d in departments(read)]
            staff = [(p.name, p.id) for p in everyone(read) if p.active or (m and p.id == m.owner_id)]
        self.department = choice("", [(tr("none"), None), *places], m.department_id if m else None)
        self.owner = choice("", [(tr("nobody"), None), *staff], m.owner_id if m else None)
        self.lag = _whole(730, m.reporting_lag if m else 15)
        self.lag.setToolTip(tr("Days after a period's end until its figures are due"))
        self.public = QCheckBox(tr("May be shown to the public"))
        self.public.setChecked(m.public if m else True)
        for name, widget in (
            (tr("Department"), self.department), (tr("Owner"), self.owner), (tr("Days until due"), self.lag),
            (tr("Public"), self.public),
        ):  # fmt: skip
            fields.field(name, widget)

    def _lay_out(self) -> None:
        """Two columns that scroll together where letters are large; the buttons stay."""
        left, right, held = QVBoxLayout(), QVBoxLayout(), QWidget()
        self._both = both = QBoxLayout(QBoxLayout.Direction.LeftToRight, held)
        both.setContentsMargins(0, 0, 12, 0)
        both.setSpacing(24)
        for column, parts in (
            (left, ((tr("What it is"), self.fields),)),
            (right, ((tr("How it is computed"), self._computed), (tr("Who and when"), self._people))),
        ):
            column.setSpacing(10)
            for title, fields in parts:
                column.addWidget(label(title, "heading"))
                column.addWidget(fields)
                column.addSpacing(10)
            column.addStretch(1)
        for box in (
            *self.choices.values(),
            self.unit,
            self.fiscal,
            self.over_time,
            self.aggregation,
            self.department,
            self.owner,
        ):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        both.addLayout(left, 1)
        self._upright = Upright()
        both.addWidget(self._upright)
        both.addLayout(right, 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(held)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.insertWidget(1, area, 1)
        screen = QApplication.primaryScreen().availableGeometry()
        self.resize(
            min(round(theme().px(WIDE)), screen.width() - 40), min(round(theme().px(HIGH)), screen.height() - 60)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for two columns, one stands above the other."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._both.setDirection(way)
        self._upright.setVisible(not narrow)

    def _offer_code(self) -> None:
        """In grey what a new measure's code will be unless somebody writes another."""
        if self._id is None:
            with self._city.read() as read:
                offered = edit.suggested_code(read, self.name.text(), self.department.currentData())
            self.code.setPlaceholderText(offered)

    def _told(self) -> None:
        """What the formula gives, or what of it cannot be; a measure without one has a source and breakdowns."""
        formula = self.formula.text().strip()
        for widget in (self.aggregation, self.source):
            widget.setEnabled(not formula)
        if not formula:
            self._gives.setText(
                tr("For a measure computed from others, such as {example}", example="share(EC-02, EC-01)")
            )
            return
        try:
            with self._city.read() as read:
                found = derived.understood(
                    read, formula, code=self._code(), frequency=self.choices["frequency"].currentData()
                )
                names, why = derived.broken_by(read, found.tree)
        except CityStatError as error:
            self._gives.setText(f"◆ {error}")
            return
        if found.unit.literal is None:
            self.unit.setCurrentText(str(found.unit))
        said = tr("Gives {unit}, from {codes}", unit=unit_phrase(str(found.unit)), codes=", ".join(found.codes))
        also = tr("by {names}", names=", ".join(names)) if names else tr("no breakdown: {why}", why=why) if why else ""
        self._gives.setText(" · ".join(filter(None, [said, also])))

    def _code(self) -> str:
        return self.code.text().strip() or self.code.placeholderText()

    def save(self) -> None:
        """Write the definition."""
        edit.save_measure(
            self._city, self._id, code=self._code(), name=self.name.text(),
            source="" if self.formula.text().strip() else self.source.text().strip(),
            definition=self.definition.toPlainText().strip(), not_measured=self.not_measured.toPlainText().strip(),
            limits=self.limits.toPlainText().strip(), formula=self.formula.text().strip(),
            unit=self.unit.currentText().strip(), decimals=self.decimals.value(), fiscal=self.fiscal.currentData(),
            over_time=self.over_time.currentData(), aggregation=self.aggregation.currentData(),
            department_id=self.department.currentData(), owner_id=self.owner.currentData(),
            reporting_lag=self.lag.value(), public=self.public.isChecked(),
            **{n: box.currentData() for n, box in self.choices.items()},
        )  # fmt: skip


def _whole(most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setMaximum(most)
    box.setValue(value)
    return box
