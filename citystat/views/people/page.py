"""People: who works in which department, who heads it; added and changed in small forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.numbers import begin_in_words, in_words
from citystat.people.roster import (
    DepartmentRow,
    PersonRow,
    departments,
    everyone,
    save_department,
    save_person,
    set_active,
)
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList


class PeoplePage(Page):
    """People at the left by department, departments at the right."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city = city
        self.title = tr("People")
        self._people: list[PersonRow] = []
        self._departments: list[DepartmentRow] = []
        self.list, self.units = RowList(tr("People"), lead=56), RowList(tr("Departments"), lead=56)
        self.list.opened.connect(self.edit_person)
        self.units.opened.connect(self.edit_department)
        self._empty = EmptyPlace(
            tr("Nobody is here yet"),
            tr(
                "Add the people who sit in your meetings and owe answers. A promise needs an owner, and an owner a name."
            ),
            (tr("Add a person"), lambda: self.edit_person(None)),
        )
        right = QVBoxLayout()
        right.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(tr("Departments"), "heading"))
        head.addStretch(1)
        self.sheet = button(tr("Return sheet…"), self.return_sheet, kind="link", tip=tr("A blank sheet for the department to fill"))  # fmt: skip
        head.addWidget(self.sheet)
        head.addWidget(button(tr("Add"), lambda: self.edit_department(None), tip=tr("Add a department")))
        right.addLayout(head)
        right.addWidget(self.units, 1)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self._empty, 1)
        for shown in (self.list, self.units):
            shown.setMinimumHeight(round(theme().px(160)))
        self.body.addWidget(Beside(left, right, shares=(3, 2)), 1)
        self.refresh()

    def return_sheet(self) -> None:
        """What the chosen department is asked, as a workbook."""
        from citystat.views.collect.return_dialog import (
            ReturnDialog,  # what it reads and writes is not needed here otherwise
        )

        chosen = next((d.name for d in self._departments if d.id == self.units.current()), "")
        ReturnDialog(self._city, self, department=chosen).open()

    def acts(self) -> list[tuple[str, Callable[[], Any], str]]:
        """At the top right."""
        return [(tr("Add a person"), lambda: self.edit_person(None), "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any("person", "department"):
            return
        with self._city.read() as read:
            self._people, self._departments = everyone(read), departments(read)
        here = [p for p in self._people if p.active]
        self.list.show_rows(_people_rows(self._people), self.list.current())
        self.units.show_rows([_unit_row(d) for d in self._departments], self.units.current())
        self.list.setVisible(bool(self._people))
        self.sheet.setVisible(bool(self._departments))
        self._empty.setVisible(not self._people)
        self._say(here)

    def edit_person(self, person_id: int | None) -> None:
        """Add somebody, or change who is known."""
        row = next((p for p in self._people if p.id == person_id), None)
        PersonDialog(self._city, row, self._departments, self).open()

    def edit_department(self, department_id: int | None) -> None:
        """Add a department, or change one."""
        row = next((d for d in self._departments if d.id == department_id), None)
        DepartmentDialog(self._city, row, self).open()

    def _say(self, here: list[PersonRow]) -> None:
        if not here:
            self.head(tr("Nobody can be named as an owner yet"), "")
            return
        n, count = len({p.department_id for p in here if p.department_id}), begin_in_words(len(here))
        units = plural(n, "{count} department", "{count} departments", count=in_words(n))
        headless = [d.name for d in self._departments if not d.head]
        self.head(
            plural(len(here), "{count} person in {units}", "{count} people in {units}", count=count, units=units) if n
            else plural(len(here), "{count} person, in no department yet", "{count} people, in no department yet", count=count),
            tr("Without a head: {names}", names=", ".join(headless)) if headless
            else tr("Initials call a person in the capture line: @dw"),
        )  # fmt: skip


class PersonDialog(FieldsDialog):
    """Name, initials, title, department, e-mail; head of department; left."""

    def __init__(self, city: City, row: PersonRow | None, units: list[DepartmentRow], parent: QWidget) -> None:
        super().__init__(row.name if row else tr("Add a person"), parent)
        self._city, self._row = city, row
        self.name = line(row.name if row else "", hint="Dana Whitfield")
        self.initials = line(row.initials if row else "", hint=tr("made from the name"))
        self.post = line(row.title if row else "", hint=tr("Director of emergency communications"))
        self.email = line(row.email if row else "", hint="name@city.gov")
        known = row.department_id if row else None
        self.department = choice(tr("Department"), [(tr("none"), None), *((d.name, d.id) for d in units)], known)
        self.heads = QCheckBox(tr("Heads the department"))
        self.heads.setChecked(bool(row and row.heads))
        for words, widget in (
            (tr("Name"), self.name), (tr("Initials"), self.initials), (tr("Title"), self.post),
            (tr("E-mail"), self.email), (tr("Department"), self.department),
        ):  # fmt: skip
            self.fields.field(words, widget)
        self.fields.wide(self.heads)
        if row is not None:
            words = tr("Left the city") if row.active else tr("Is back")
            self.fields.wide(button(words, self._leave_or_return, kind="link"))

    def save(self) -> None:
        """Write it."""
        save_person(
            self._city, self._row.id if self._row else None, name=self.name.text(), initials=self.initials.text(),
            title=self.post.text(), email=self.email.text(), department_id=self.department.currentData(),
            heads=self.heads.isChecked(),
        )  # fmt: skip

    def _leave_or_return(self) -> None:
        if self._row is not None:
            set_active(self._city, self._row.id, not self._row.active)
        self.accept()


class DepartmentDialog(FieldsDialog):
    """A department: name and short code."""

    def __init__(self, city: City, row: DepartmentRow | None, parent: QWidget) -> None:
        super().__init__(row.name if row else tr("Add a department"), parent)
        self._city, self._id = city, row.id if row else None
        self.name = line(row.name if row else "", hint=tr("Emergency communications"))
        self.code = line(row.code if row else "", hint="EC")
        self.fields.field(tr("Name"), self.name)
        self.fields.field(tr("Code"), self.code)

    def save(self) -> None:
        """Write it."""
        save_department(self._city, self._id, code=self.code.text(), name=self.name.text())


def _people_rows(people: list[PersonRow]) -> list[Row]:
    """Department by department; those who left last."""
    rows: list[Row] = []
    group = None
    for p in people:
        title = (p.department or tr("No department")) if p.active else tr("No longer here")
        if title != group:
            rows.append(Row(None, title))
            group = title
        right = tr("head of department") if p.heads else ""
        rows.append(Row(p.id, p.name, p.title or p.email, p.initials, right=right, tone="soft"))
    return rows


def _unit_row(d: DepartmentRow) -> Row:
    return Row(
        d.id,
        d.name,
        d.head or tr("nobody heads it yet"),
        d.code,
        right=plural(d.people, "{n} person", "{n} people"),
        tone="soft",
    )
