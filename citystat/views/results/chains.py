"""All results chains: a row for every goal, drawn or not, and for every program."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from citystat.city import City, Touched
from citystat.goals import chain as act
from citystat.goals.chain import Chain, chains, counted, missing
from citystat.goals.tree import tree
from citystat.people.roster import departments
from citystat.texts import plural, tr
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList

LOOKS_AT = ("results_chain", "chain_step", "chain_link", "goal", "priority", "measure", "department")


class ChainsPage(Page):
    """Enter opens the chain, or the place where it is begun."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.title = " › ".join((tr("Results"), tr("Results chains")))
        self.list = RowList(tr("Results chains"))
        self.list.opened.connect(lambda address: self.go.emit(address))
        self._first = EmptyPlace(
            tr("No goals yet"),
            tr("A results chain shows how the work of the city leads to a goal. Goals come first."),
            (tr("Go to the goals"), lambda: self.go.emit("goals")),
        )
        self._hint = label(tr("Enter opens the chain, or begins it"), "faint")
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._first, 1)
        self.body.addWidget(self._hint)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        kind = "primary" if self.list.isVisibleTo(self) else ""  # the empty place has the one to begin with
        return [(tr("New chain for a program"), self.add_program, kind)]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; the chosen row stays."""
        if touched is not None and not touched.any(*LOOKS_AT):
            return
        with self._city.read() as read:
            found, priorities = chains(read), tree(read)
        of_goal = {c.goal_id: c for c in found if c.goal_id is not None}
        goals = [goal for priority in priorities for goal in priority.goals]
        rows = []
        for priority in priorities:
            if priority.goals:
                rows.append(Row(None, priority.name))
            rows += [_row(f"chain:goal-{goal.id}", goal.name, of_goal.get(goal.id)) for goal in priority.goals]
        programs = [c for c in found if c.goal_id is None]
        if programs:
            rows.append(Row(None, tr("Programs")))
        rows += [_row(f"chain:{c.id}", c.name, c) for c in programs]
        first = next((row.key for row in rows if row.key), None)
        self.list.show_rows(rows, self.list.current() or first)
        for widget, shown in ((self.list, bool(rows)), (self._hint, bool(rows)), (self._first, not rows)):
            widget.setVisible(shown)
        self.setFocusProxy(self.list if rows else self._first)
        self._head(len(of_goal), len(goals), len(programs))

    def _head(self, drawn: int, goals: int, programs: int) -> None:
        if not goals and not programs:
            self.head(tr("No results chains yet"), tr("From what is put in to what comes of it"))
            return
        sentence = plural(
            drawn, "{n} of {all} goals has a results chain", "{n} of {all} goals have a results chain", all=goals
        )
        more = plural(programs, "{n} program has one, too", "{n} programs have one, too")
        self.head(sentence, more if programs else tr("From what is put in to what comes of it"))

    def add_program(self) -> None:
        """A chain with a name and a department of its own."""
        dialog = ProgramDialog(self._city, None, self)
        dialog.made.connect(lambda key: self.go.emit(f"chain:{key}"))
        dialog.open()


class ProgramDialog(FieldsDialog):
    """Name and department of a program's chain. Signals: made(id) for a new one."""

    made = Signal(int)

    def __init__(self, city: City, row: Chain | None, parent: QWidget) -> None:
        super().__init__(row.name if row else tr("New chain for a program"), parent)
        self._city, self._row = city, row
        with city.read() as read:
            units = departments(read)
        self.name = line(row.name if row else "", hint=tr("Youth summer jobs"))
        self.department = choice(
            tr("Department"), [(tr("none"), None), *((d.name, d.id) for d in units)], row.department_id if row else None
        )
        self.fields.field(tr("Program"), self.name)
        self.fields.field(tr("Department"), self.department)

    def save(self) -> None:
        """Write it."""
        name, department = self.name.text(), self.department.currentData()
        if self._row is None:
            self.made.emit(act.begin_program(self._city, name, department))
        else:
            act.save_program(self._city, self._row.id, name=name, department_id=department)


def _row(address: str, name: str, c: Chain | None) -> Row:
    if c is None:
        return Row(address, name, tr("not drawn yet"), right="○", tone="faint")
    lacks = missing(c)
    about = " · ".join(filter(None, (c.department, counted(c), lacks[0].words if lacks else "")))
    return Row(address, name, about, right=f"◆ {len(lacks)}" if lacks else "✓", tone="concern" if lacks else "soft")
