"""A goal: its name, who owns it and who helps, what it means; and how much each of its measures counts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QScrollArea, QWidget

from citystat.city import City
from citystat.goals.tree import GoalRow, save_goal, set_weights
from citystat.measures.series import definitions
from citystat.people.roster import departments, everyone
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import FieldsDialog, choice, line, paragraph
from citystat.views.widgets.marks import Button, label
from citystat.views.widgets.menu import TickMenu


class GoalDialog(FieldsDialog):
    """Changes one goal."""

    def __init__(self, city: City, goal: GoalRow, parent: QWidget) -> None:
        super().__init__(tr("Goal"), parent)
        self._city, self._id = city, goal.id
        with city.read() as read:
            staff = [(p.name, p.id) for p in everyone(read) if p.active or p.id == goal.owner_id]
            units = [(d.name, d.id) for d in departments(read)]
        self.name, self.description = line(goal.name), paragraph(goal.description, lines=4)
        self.owner = choice("", [(tr("nobody"), None), *staff], goal.owner_id)
        self.department = choice("", [(tr("none"), None), *units], goal.department_id)
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Owner"), self.owner)
        self.fields.field(tr("Department"), self.department)
        self._helpers(goal, units)
        self.fields.field(tr("What it means"), self.description)

    def _helpers(self, goal: GoalRow, units: list[tuple[str, int]]) -> None:
        """Departments ticked in a menu, and programs in words."""
        self.others = Button("")
        self.others.setStyleSheet("text-align: left;")
        menu = TickMenu(self.others)
        helping = {department for department, _, program in goal.contributors if department and not program}
        self._ticks: dict[int, QAction] = {}
        for name, unit in units:
            tick = menu.addAction(name)
            tick.setCheckable(True)
            tick.setChecked(unit in helping)
            tick.toggled.connect(self._say_helpers)
            self._ticks[unit] = tick
        self.others.setMenu(menu)
        self._kept = [(d, p) for d, _, p in goal.contributors if d and p]  # a department by its program stays as it is
        self.programs = line("; ".join(p for d, _, p in goal.contributors if p and not d), hint=tr("one; another"))
        self.fields.field(tr("Contributing departments"), self.others, spoken=tr("Contributing departments"))
        self.fields.field(tr("Contributing programs"), self.programs)
        self._say_helpers()

    def _say_helpers(self) -> None:
        chosen = [tick.text() for tick in self._ticks.values() if tick.isChecked()]
        self.others.setText(", ".join(chosen) or tr("none"))

    def save(self) -> None:
        """Write it."""
        programs = [(None, p.strip()) for p in self.programs.text().split(";") if p.strip()]
        helping: list[tuple[int | None, str]] = [(unit, "") for unit, tick in self._ticks.items() if tick.isChecked()]
        save_goal(
            self._city, self._id, name=self.name.text(), owner_id=self.owner.currentData(),
            description=self.description.toPlainText(), department_id=self.department.currentData(),
            contributors=[*helping, *self._kept, *programs],
        )  # fmt: skip


class WeightsDialog(FieldsDialog):
    """How much each measure of a goal counts in its progress."""

    def __init__(self, city: City, goal: GoalRow, parent: QWidget) -> None:
        said = tr("How much each measure counts in the goal's progress; 0 shows it without counting it.")
        super().__init__(tr("Weights"), parent, about=f"{goal.name}\n{said}")
        self._city, self._id = city, goal.id
        with city.read() as read:
            names = {m.id: m.called for m in definitions(read) if m.id in goal.measure_ids}
        self.weights = {m: _weight(w) for m, w in zip(goal.measure_ids, goal.weights, strict=True) if m in names}
        held, rows = QWidget(), QGridLayout()
        held.setLayout(rows)
        rows.setContentsMargins(0, 0, 12, 0)
        rows.setColumnStretch(0, 1)
        for at, (measure_id, box) in enumerate(self.weights.items()):
            name = label(names[measure_id], "soft", wrap=True)
            name.setBuddy(box)
            box.setAccessibleName(tr("Weight of {measure}", measure=names[measure_id]))
            rows.addWidget(name, at, 0)
            rows.addWidget(box, at, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(held)
        area.setMinimumHeight(round(theme().px(160)))
        self.body.insertWidget(1, area, 1)
        self.fields.hide()
        room = parent.window().height() if parent.window() else 900
        self.resize(self.sizeHint().width(), min(round(theme().px(44 * len(self.weights) + 200)), round(room * 0.9)))
        self.fields.first = next(iter(self.weights.values()), None)

    def save(self) -> None:
        """Keep them."""
        set_weights(self._city, self._id, {m: box.value() for m, box in self.weights.items()})


def _weight(value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, 100.0)
    box.setDecimals(1)
    box.setValue(value)
    box.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    box.setMinimumWidth(round(theme().px(96)))
    return box
