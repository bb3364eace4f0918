"""A goal: its name, who owns it, and what it means."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from citystat.city import City
from citystat.goals.tree import GoalRow, save_goal
from citystat.people.roster import everyone
from citystat.texts import tr
from citystat.views.widgets.fields import FieldsDialog, choice, line, paragraph


class GoalDialog(FieldsDialog):
    """Changes one goal."""

    def __init__(self, city: City, goal: GoalRow, parent: QWidget) -> None:
        super().__init__(tr("Goal"), parent)
        self._city, self._id = city, goal.id
        with city.read() as read:
            staff = [(p.name, p.id) for p in everyone(read) if p.active or p.id == goal.owner_id]
        self.name, self.description = line(goal.name), paragraph(goal.description, lines=5)
        self.owner = choice("", [(tr("nobody"), None), *staff], goal.owner_id)
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Owner"), self.owner)
        self.fields.field(tr("What it means"), self.description)

    def save(self) -> None:
        """Write it."""
        save_goal(
            self._city, self._id, name=self.name.text(), owner_id=self.owner.currentData(),
            description=self.description.toPlainText(),
        )  # fmt: skip
