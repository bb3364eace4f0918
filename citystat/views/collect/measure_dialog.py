"""What a column or a row becomes: name, code, where its figures stand, unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from citystat.collect import reading
from citystat.collect.guess import code_for
from citystat.collect.readers import Sheet
from citystat.collect.recipe import MeasureMap, Recipe, fit
from citystat.errors import CityStatError
from citystat.measures.series import Definition
from citystat.numbers import UNITS
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import FieldsDialog, choice
from citystat.views.widgets.marks import Button, label

COMBINED = (
    ("sum", "adding them up"), ("mean", "their average"), ("median", "their median"), ("last", "taking the latest"),
    ("count", "counting rows"),
)  # fmt: skip
BETTER = (("none", "not said"), ("higher", "higher"), ("lower", "lower"), ("range", "in a range"))
WHERE = {"long": "Value", "wide": "Row", "crossed": "Words beside the month"}  # what a measure's value names, by layout
Changed = Callable[[MeasureMap], None]


class MeasureMapDialog(FieldsDialog):
    """Calls `changed` with the corrected map, or `leave_out`. known: the city's measures by code."""

    def __init__(
        self, measure: MeasureMap, sheet: Sheet, recipe: Recipe, known: Mapping[str, Definition],
        changed: Changed, leave_out: Callable[[], object] | None, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(tr("Change the measure") if measure.code else tr("Add a measure"), parent)
        self._measure, self._sheet, self._recipe, self._known, self._changed = measure, sheet, recipe, known, changed
        self._titles = reading.padded_titles(sheet, recipe)
        self._name_and_code()
        self._figures()
        self._kind()
        self._tell(measure.code)
        self._check()
        if leave_out is not None:
            out = Button(tr("Leave it out"))
            self._buttons.addButton(out, QDialogButtonBox.ButtonRole.ResetRole)
            out.setAutoDefault(False)
            out.clicked.connect(lambda: (leave_out(), self.reject()))
        for box in (self.code, self.unit, *self.columns.values()):
            box.lineEdit().setAccessibleName(box.accessibleName())
        self._scroll()

    def _name_and_code(self) -> None:
        self.name = QLineEdit(self._measure.name)
        self.name.setPlaceholderText(tr("What it is called on charts"))
        self.code = box_of([self._measure.code, *self._known], self._measure.code, tr("A short one, such as EC-01"))
        self._told = label("", "faint", wrap=True)
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Code"), self.code)
        self.fields.wide(self._told)
        if not self._measure.code:
            self.name.textEdited.connect(lambda words: self.code.setCurrentText(code_for(words) if words else ""))
        self.code.currentTextChanged.connect(self._tell)

    def _figures(self) -> None:
        """Where its figures stand: columns, or a ratio of two; in other layouts the words of a row, or beside the month."""
        long = self._recipe.layout == "long"
        parts = ("value", "numerator", "denominator") if long else ("value",)
        words = [tr(WHERE[self._recipe.layout]), tr("Numerator"), tr("Denominator")]
        hint = tr("a column, or column - column") if long else tr("words as they stand in the file")
        self.columns = {part: box_of(["", *self._offered()], getattr(self._measure, part), hint) for part in parts}
        self._wrong_column = label("", "soft", wrap=True)
        for part, said in zip(parts, words, strict=False):
            self.columns[part].setToolTip(self._hint() if long else "")
            self.columns[part].currentTextChanged.connect(self._check)
            self.fields.field(said, self.columns[part])
        if long:
            self.fields.wide(label(self._hint(), "faint", wrap=True))
        self.fields.wide(self._wrong_column)
        self.only = choice(tr("Only rows"), self._filters(), next(iter(self._measure.where.items()), None))
        if long and self.only.count() > 1:
            self.fields.field(tr("Only rows"), self.only)

    def _kind(self) -> None:
        self.unit = box_of(["count", *UNITS, "days"], self._measure.unit)
        self._over = choice("", [(tr(words), key) for key, words in COMBINED], self._measure.aggregation)
        self._better = choice("", [(tr(words), key) for key, words in BETTER], self._measure.direction)
        self.fields.field(tr("Unit"), self.unit)
        self.fields.field(tr("Combine rows by"), self._over)
        self.fields.field(tr("Better is"), self._better)

    def _scroll(self) -> None:
        """Large letters on a small screen: the fields scroll, the buttons stay."""
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.replaceWidget(self.fields, area)
        rows = cast(QGridLayout, self.fields.layout())
        rows.setRowStretch(rows.rowCount(), 1)  # room that is left over stands below the fields, not between them
        area.setWidget(self.fields)
        screen = QApplication.primaryScreen().availableGeometry()
        around = round(theme().px(190))
        wide = min(round(theme().px(580)), screen.width() - 40)
        room = round(theme().px(52)) if self._recipe.layout == "long" else 8  # for what may be wrong
        needed = rows.totalHeightForWidth(wide - 64) + room
        area.setMinimumHeight(min(needed, screen.height() - around))
        self.setMinimumWidth(wide)

    ## What can be chosen

    def _offered(self) -> list[str]:
        if self._recipe.layout == "wide" and self._recipe.measure in self._titles:
            at = self._titles.index(self._recipe.measure)
            return reading.words_in(self._sheet, self._recipe, at, with_numbers=True)
        if self._recipe.layout == "long":
            return [t for t in self._titles if t]
        return [m.value for m in self._recipe.measures if m.value]

    def _filters(self) -> list[tuple[str, tuple[str, object] | None]]:
        """All rows, or those in which a breakdown or filter says a word."""
        found: list[tuple[str, tuple[str, object] | None]] = [(tr("all"), None)]
        for at, played in enumerate(reading.plays(self._sheet, self._recipe, None)):
            if reading.BREAKDOWN in played or reading.FILTER in played:
                title = self._titles[at]
                found += [(f"{title}: {w}", (title, w)) for w in reading.words_in(self._sheet, self._recipe, at)[:12]]
        found += [
            (f"{title}: {w}", (title, w)) for title, w in self._measure.where.items() if (title, w) not in [f[1] for f in found]
        ]  # fmt: skip
        return found

    def _hint(self) -> str:
        """How columns are written, with two of the file's own where it has them."""
        figures = [m.value for m in self._recipe.measures if m.value in self._titles] or [t for t in self._titles if t]
        a, b = (*figures, "", "")[:2]
        return tr(
            "A value, or a numerator and a denominator. Each is a column, or one column less another with spaces around the minus: {a} - {b}",
            a=a or tr("all"), b=b or tr("late"),
        )  # fmt: skip

    ## While it is typed

    def _tell(self, code: str) -> None:
        """Whether the code is a measure of the city already, whose unit then holds."""
        measure = self._known.get(code.strip())
        self._told.setText(tr("In the city: {name}", name=measure.name) if measure else tr("A new measure"))
        self.unit.setEnabled(measure is None)
        if measure is not None:
            self.unit.setCurrentText(measure.unit)

    def _check(self) -> None:
        """Say at once which column the file lacks."""
        try:
            self._check_columns()
            wrong = ""
        except CityStatError as error:
            wrong = f"◆ {error}"
        self._wrong_column.setText(wrong)
        self._wrong_column.setVisible(bool(wrong))

    def _check_columns(self) -> None:
        if self._recipe.layout == "long":
            for box in self.columns.values():
                reading.check_columns(box.currentText().strip(), self._titles)

    def save(self) -> None:
        """Hand the corrected map on; CityStatError where it cannot be so."""
        self._check_columns()
        made = self._made()
        fit(made, self._recipe.layout, [m for m in self._recipe.measures if m is not self._measure])
        self._changed(made)

    def _made(self) -> MeasureMap:
        """The map as it stands in the fields."""
        code, unit = self.code.currentText().strip(), self.unit.currentText().strip()
        only = self.only.currentData()
        columns = {part: box.currentText().strip() for part, box in self.columns.items()}
        return replace(
            self._measure, code=code, name=self.name.text().strip() or code, unit=unit, **columns,
            aggregation=self._over.currentData(), direction=self._better.currentData(), where=dict([only]) if only else {},
            decimals=self._measure.decimals or (1 if unit == "percent" else 0),
        )  # fmt: skip


def box_of(words: Sequence[str], now: str, hint: str = "") -> QComboBox:
    """Words to choose from, or to write."""
    made = QComboBox()
    made.setEditable(True)
    made.addItems(list(dict.fromkeys(words)))
    made.setCurrentText(now)
    made.lineEdit().setPlaceholderText(hint)
    made.setMinimumContentsLength(12)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made
