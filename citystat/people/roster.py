"""Who works where: departments and people, added and changed; whoever left stays on record."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.models import Department, Person
from citystat.printable import one_line
from citystat.texts import tr


@dataclass(frozen=True)
class DepartmentRow:
    """A department. head: by name; people: how many work there now."""

    id: int
    code: str
    name: str
    head: str
    people: int


@dataclass(frozen=True)
class PersonRow:
    """Somebody who can owe an answer; active False: left, kept for the record."""

    id: int
    name: str
    initials: str
    title: str
    email: str
    department: str
    department_id: int | None
    heads: bool
    active: bool


def departments(read: Session) -> list[DepartmentRow]:
    """Every department by name."""
    working = select(Person.department_id, func.count().label("n")).where(Person.active.is_(True))
    counted = working.group_by(Person.department_id).subquery()
    heads = select(Person.department_id, func.min(Person.name).label("name")).where(
        Person.heads_department.is_(True), Person.active.is_(True)
    )
    head = heads.group_by(Person.department_id).subquery()
    query = (
        select(Department, head.c.name, counted.c.n)
        .outerjoin(head, head.c.department_id == Department.id)
        .outerjoin(counted, counted.c.department_id == Department.id)
        .order_by(Department.name)
    )
    return [DepartmentRow(d.id, d.code, d.name, name or "", n or 0) for d, name, n in read.execute(query)]


def everyone(read: Session) -> list[PersonRow]:
    """All people: those who work here by department and name, those who left last."""
    query = select(Person, Department.name).outerjoin(Department, Department.id == Person.department_id)
    order = (Person.active.desc(), Department.name.is_(None).desc(), Department.name, Person.name)
    return [
        PersonRow(p.id, p.name, p.initials, p.title, p.email, d or "", p.department_id, p.heads_department, p.active)
        for p, d in read.execute(query.order_by(*order))
    ]


def save_department(city: City, department_id: int | None, *, code: str, name: str) -> int:
    """Add or change a department; returns its id. CityStatError where code or name is missing or taken."""
    code, name = one_line(code).upper(), one_line(name)
    if not code or not name:
        raise CityStatError(tr("A department needs a name and a short code"), do=tr("Type both, such as Fire and FD"))
    with city.change(tr("Save department {name}", name=name)) as change:
        same = select(Department).where((Department.code == code) | (func.lower(Department.name) == name.lower()))
        taken = change.scalars(same.where(Department.id != (department_id or 0)).limit(1)).first()
        if taken is not None:
            raise CityStatError(
                tr("There is a department {name} ({code}) already", name=taken.name, code=taken.code),
                do=tr("Choose another name and code"),
            )
        row = change.get(Department, department_id) if department_id else None
        if row is None:
            row = Department(code=code, name=name)
            change.add(row)
        row.code, row.name = code, name
        change.flush()
        return row.id


def save_person(
    city: City,
    person_id: int | None,
    *,
    name: str,
    initials: str = "",
    title: str = "",
    email: str = "",
    department_id: int | None = None,
    heads: bool = False,
) -> int:
    """Add or change a person; returns the id. A department has one head: the one before stops being it.

    initials: made from the name where empty. CityStatError for a missing name, initials in use, or no e-mail address.
    """
    name, email = one_line(name), one_line(email)
    if not name:
        raise CityStatError(tr("A person needs a name"), do=tr("Type it, first name first"))
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise CityStatError(tr("“{email}” is no e-mail address", email=email), do=tr("Correct it, or leave it empty"))
    if heads and department_id is None:
        raise CityStatError(tr("Who heads a department works in one"), do=tr("Choose the department"))
    with city.change(tr("Save {name}", name=name)) as change:
        short = one_line(initials).lower() or free_initials(change, name, person_id)
        _not_taken(change, short, person_id)
        row = change.get(Person, person_id) if person_id else None
        if row is None:
            row = Person(name=name, initials=short)
            change.add(row)
        row.name, row.initials, row.title, row.email = name, short, one_line(title), email
        row.department_id, row.heads_department = department_id, heads
        change.flush()
        if heads:
            _only_head(change, row)
        return row.id


def set_active(city: City, person_id: int, active: bool) -> None:
    """Somebody left, or came back; promises, attendance and minutes keep the name."""
    with city.change(tr("Person is back") if active else tr("Person left")) as change:
        row = change.get(Person, person_id)
        if row is None:
            raise CityStatError(tr("This person is gone"), do=tr("Look at the list again"))
        row.active = active
        if not active:
            row.heads_department = False


def free_initials(read: Session, name: str, person_id: int | None = None) -> str:
    """Initials for `name` that nobody else has: "dw", then "dwh", "dwhi" …, then "dw2"."""
    used = set(read.scalars(select(func.lower(Person.initials)).where(Person.id != (person_id or 0))))
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", plain) or ["x"]
    first, last = words[0][:1], words[-1] if len(words) > 1 else words[0][1:]
    tries = [first + last[:n] for n in range(1, len(last) + 1)] or [first]
    found: str = next((t for t in (*tries, *(f"{tries[0]}{n}" for n in range(2, 1000))) if t not in used), tries[0])
    return found


def _not_taken(change: Change, initials: str, person_id: int | None) -> None:
    other = select(Person.name).where(func.lower(Person.initials) == initials, Person.id != (person_id or 0))
    name = change.scalar(other.where(Person.active.is_(True)).limit(1))
    if name is not None:
        raise CityStatError(
            tr("The initials {initials} call {name} already", initials=initials, name=name),
            do=tr("Choose others; the capture line knows people by them"),
        )


def _only_head(change: Change, row: Person) -> None:
    others = select(Person).where(
        Person.department_id == row.department_id, Person.heads_department.is_(True), Person.id != row.id
    )
    for other in change.scalars(others):
        other.heads_department = False
